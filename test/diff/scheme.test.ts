import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fftDerivative } from '../../src/diff/fft-derivative.ts';
import type { LinearOperator } from '../../src/diff/operator.ts';
import { oddWindowSamples, savitzkyGolay, savitzkyGolayWeights } from '../../src/diff/savitzky-golay.ts';
import { describeScheme, differentiator, parseScheme, type Scheme } from '../../src/diff/scheme.ts';
import { finiteDifference, stencilOperator } from '../../src/diff/stencils.ts';

const dot = (a: Float64Array, b: Float64Array): number => a.reduce((sum, v, i) => sum + v * b[i]!, 0);
const absDot = (a: Float64Array, b: Float64Array): number =>
  a.reduce((sum, v, i) => sum + Math.abs(v * b[i]!), 0);

const vector = (length: number): fc.Arbitrary<Float64Array> =>
  fc
    .array(fc.double({ min: -10, max: 10, noNaN: true }), { minLength: length, maxLength: length })
    .map(values => Float64Array.from(values));

// Each with the shortest signal it takes and the highest degree it is exact on, edges included (at 1000 Hz).
const operators: [string, number, number, (length: number) => LinearOperator][] = [
  ['forward', 2, 1, n => differentiator({ kind: 'forward' }, n, 1000)],
  ['backward', 2, 1, n => differentiator({ kind: 'backward' }, n, 1000)],
  ['central2', 3, 2, n => differentiator({ kind: 'central', order: 2 }, n, 1000)],
  ['central4', 5, 4, n => differentiator({ kind: 'central', order: 4 }, n, 1000)],
  ['central6', 7, 6, n => differentiator({ kind: 'central', order: 6 }, n, 1000)],
  ['central8', 9, 8, n => differentiator({ kind: 'central', order: 8 }, n, 1000)],
  ['pan-tompkins', 5, 2, n => differentiator({ kind: 'pan-tompkins' }, n, 1000)],
  ['sg:8ms:1', 9, 1, n => differentiator({ kind: 'savitzky-golay', windowMs: 8, degree: 1 }, n, 1000)],
  ['sg:8ms:2', 9, 2, n => differentiator({ kind: 'savitzky-golay', windowMs: 8, degree: 2 }, n, 1000)],
  ['sg:12ms:4', 13, 4, n => differentiator({ kind: 'savitzky-golay', windowMs: 12, degree: 4 }, n, 1000)],
  ['fft', 2, 1, n => differentiator({ kind: 'fft' }, n, 1000)],
];

describe.each(operators)('%s', (_name, shortest, degree, make) => {
  test(`is exact on polynomials up to degree ${degree}, to the last sample`, () => {
    for (const length of [shortest, shortest + 1, 64, 257]) {
      const operator = make(length);
      for (let d = 0; d <= degree; d++) {
        // t in seconds from the middle, so that powers stay of one size.
        const t = Float64Array.from({ length }, (_, i) => (i - (length - 1) / 2) / 1000);
        const scale = Math.max(...t) ** d;
        const y = operator.apply(t.map(v => v ** d / scale));
        for (let i = 0; i < length; i++) {
          const truth = d === 0 ? 0 : (d * t[i]! ** (d - 1)) / scale;
          expect(Math.abs(y[i]! - truth)).toBeLessThan(1e-8 * 1000);
        }
      }
    }
  });

  test('obeys ⟨Dx, y⟩ = ⟨x, Dᵀy⟩ at any length', () => {
    fc.assert(
      fc.property(
        fc
          .integer({ min: shortest, max: shortest + 70 })
          .chain(length => fc.tuple(vector(length), vector(length))),
        ([x, y]) => {
          const operator = make(x.length);
          const size = absDot(operator.apply(x), y) + absDot(x, operator.adjoint(y)) + 1e-12;
          expect(Math.abs(dot(operator.apply(x), y) - dot(x, operator.adjoint(y)))).toBeLessThan(
            1e-12 * size,
          );
        },
      ),
      { seed: 2, numRuns: 100 },
    );
  });

  test(`refuses a signal of ${shortest - 1} samples`, () => {
    expect(() => make(shortest - 1)).toThrow(RangeError);
    expect(() => make(shortest - 1)).toThrow(`at least ${shortest} samples, there are ${shortest - 1}`);
  });

  test('writes where it is told and refuses other lengths', () => {
    const operator = make(shortest + 3);
    const x = Float64Array.from({ length: shortest + 3 }, (_, i) => Math.sin(i));
    const out = new Float64Array(shortest + 3).fill(Number.NaN);
    expect(operator.apply(x, out)).toBe(out);
    expect(out).toEqual(operator.apply(x));
    const back = new Float64Array(shortest + 3).fill(Number.NaN);
    expect(operator.adjoint(x, back)).toBe(back);
    expect(back).toEqual(operator.adjoint(x));
    expect(() => operator.apply(new Float64Array(shortest))).toThrow(`created for ${shortest + 3}`);
    expect(() => operator.adjoint(x, new Float64Array(1))).toThrow(RangeError);
  });
});

describe('noise', () => {
  // σ_out·h/σ_in of white noise in the interior: the root of the sum of squared weights.
  test.each([
    ['forward', Math.SQRT2],
    ['central2', Math.SQRT1_2],
    ['central4', 0.95],
    ['central6', 1.082],
    ['central8', 1.167],
    ['pan-tompkins', 0.395],
    ['sg:4ms:1', 0.316],
    ['sg:6ms:2', 0.189],
    ['sg:8ms:1', 0.129],
    ['sg:6ms:3', 0.512],
    ['sg:10ms:4', 0.246],
    ['fft', Math.PI / Math.sqrt(3)],
  ])('gain of %s is %f', (text, gain) => {
    const length = 4001;
    const impulse = new Float64Array(length);
    impulse[2000] = 1;
    const weights = differentiator(parseScheme(text), length, 1000).adjoint(impulse);
    expect(Math.abs(Math.sqrt(dot(weights, weights)) / 1000 - gain)).toBeLessThan(0.0006);
  });
});

describe('NaN', () => {
  test('travels as far as the stencil reaches, and no further', () => {
    const x = Float64Array.from({ length: 40 }, (_, i) => i);
    x[20] = Number.NaN;
    const y = differentiator({ kind: 'central', order: 4 }, 40, 1).apply(x);
    const invalid = [...y.keys()].filter(i => Number.isNaN(y[i]!));
    expect(invalid).toEqual([18, 19, 20, 21, 22]);
  });
});

describe('finiteDifference', () => {
  test.each([
    [1, 1],
    [1, 3],
    [2, 2],
    [2, 4],
    [3, 2],
    [4, 4],
  ])(
    'derivative %i at accuracy %i is exact below degree d + p, edges included, at its shortest length too',
    (d, p) => {
      const even = p + (p % 2);
      for (const length of [d + even, 30]) {
        const operator = finiteDifference(d, p, length, 1);
        for (let degree = 0; degree < d + p; degree++) {
          const middle = (length - 1) / 2;
          const x = Float64Array.from({ length }, (_, i) => ((i - middle) / 10) ** degree);
          const y = operator.apply(x);
          let factor = 1;
          for (let m = 0; m < d; m++) factor *= degree - m;
          for (let i = 0; i < length; i++) {
            const truth = factor === 0 ? 0 : (factor * ((i - middle) / 10) ** (degree - d)) / 10 ** d;
            expect(Math.abs(y[i]! - truth)).toBeLessThan(1e-10);
          }
        }
      }
    },
  );

  test('its error on a sine falls with the order of accuracy, also at the ends', () => {
    for (const order of [2, 4, 6, 8] as const) {
      const worst = (samplingFrequency: number): number => {
        const length = samplingFrequency / 2 + 1;
        const x = Float64Array.from({ length }, (_, i) => Math.sin((20 * i) / samplingFrequency));
        const y = differentiator({ kind: 'central', order }, length, samplingFrequency).apply(x);
        return Math.max(...y.map((v, i) => Math.abs(v - 20 * Math.cos((20 * i) / samplingFrequency))));
      };
      const measured = Math.log2(worst(200) / worst(400));
      expect(Math.abs(measured - order)).toBeLessThan(0.25);
    }
  });

  test('scales with the sampling frequency to the power of the derivative', () => {
    const x = Float64Array.from({ length: 12 }, (_, i) => Math.cos(i));
    const slow = finiteDifference(2, 2, 12, 1).apply(x);
    const fast = finiteDifference(2, 2, 12, 250).apply(x);
    for (let i = 0; i < 12; i++) expect(fast[i]).toBeCloseTo(slow[i]! * 62500, 6);
  });

  test('refuses orders that are not whole and frequencies that are not positive', () => {
    expect(() => finiteDifference(0, 2, 10, 1)).toThrow('derivative order must be a positive integer, not 0');
    expect(() => finiteDifference(1, 1.5, 10, 1)).toThrow(
      'accuracy order must be a positive integer, not 1.5',
    );
    for (const bad of [0, -360, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(() => differentiator({ kind: 'fft' }, 10, bad)).toThrow(`not ${bad}`);
      expect(() => finiteDifference(1, 2, 10, bad)).toThrow(RangeError);
    }
    expect(() => differentiator({ kind: 'forward' }, 2.5, 1)).toThrow(RangeError);
  });
});

describe('stencilOperator', () => {
  test('refuses a stencil that reaches outside the signal', () => {
    const stencil = { first: -1, weights: Float64Array.of(1, 1) };
    expect(() => stencilOperator(stencil, [], [], 5)).toThrow(
      'a stencil reaches samples -1 to 0 of a signal of 5 samples',
    );
  });
});

describe('savitzkyGolay', () => {
  test('its weights are the published ones', () => {
    // Savitzky & Golay 1964: quadratic smoothing over 5, cubic first derivative over 7.
    const smoothing = savitzkyGolayWeights(5, 2, 0, 0);
    for (const [k, w] of [-3, 12, 17, 12, -3].entries()) expect(smoothing[k]).toBeCloseTo(w / 35, 14);
    const cubic = savitzkyGolayWeights(7, 3, 1, 0);
    for (const [k, w] of [22, -67, -58, 0, 58, 67, -22].entries()) expect(cubic[k]).toBeCloseTo(w / 252, 14);
  });

  test('takes any derivative of the end window’s own polynomial', () => {
    for (const derivativeOrder of [0, 1, 2, 3]) {
      const operator = savitzkyGolay({ windowSamples: 9, degree: 4, derivativeOrder }, 20, 1);
      for (let degree = 0; degree <= 4; degree++) {
        const y = operator.apply(Float64Array.from({ length: 20 }, (_, i) => (i - 10) ** degree));
        let factor = 1;
        for (let m = 0; m < derivativeOrder; m++) factor *= degree - m;
        for (let i = 0; i < 20; i++) {
          const truth = factor === 0 ? 0 : factor * (i - 10) ** (degree - derivativeOrder);
          expect(Math.abs(y[i]! - truth)).toBeLessThan(1e-8);
        }
      }
    }
  });

  test('a window in ms becomes the odd number of samples nearest to it', () => {
    expect(oddWindowSamples(8, 1000)).toBe(9);
    expect(oddWindowSamples(8, 500)).toBe(5);
    expect(oddWindowSamples(8, 360)).toBe(3);
    expect(oddWindowSamples(12, 360)).toBe(5);
    expect(oddWindowSamples(8, 100)).toBe(1);
    expect(() => oddWindowSamples(0, 360)).toThrow(RangeError);
  });

  test('refuses windows that are even, or no longer than the degree', () => {
    expect(() => savitzkyGolayWeights(4, 1, 1, 0)).toThrow('odd number of samples, not 4');
    expect(() => savitzkyGolayWeights(3, 3, 1, 0)).toThrow('more than 3 samples, not 3');
    expect(() => savitzkyGolayWeights(5, 2, 3, 0)).toThrow('derivative 3 of a polynomial of degree 2');
    expect(() => differentiator({ kind: 'savitzky-golay', windowMs: 8, degree: 1 }, 100, 100)).toThrow(
      'a polynomial of degree 1 needs a window of more than 1 samples, not 1',
    );
  });
});

describe('fftDerivative', () => {
  test('is exact on sines that vanish at both ends, on top of a line', () => {
    for (const length of [513, 1000, 4096]) {
      for (const halfWaves of [1, 7, length / 20, length / 4].map(Math.round)) {
        const omega = (Math.PI * halfWaves) / (length - 1);
        const x = Float64Array.from({ length }, (_, i) => 3 - 0.02 * i + Math.sin(omega * i));
        const y = fftDerivative(length, 1).apply(x);
        for (let i = 0; i < length; i++) {
          expect(Math.abs(y[i]! - (omega * Math.cos(omega * i) - 0.02))).toBeLessThan(1e-7);
        }
      }
    }
  });

  test('is exact on a Gaussian wave inside the signal', () => {
    const y = fftDerivative(300, 1).apply(
      Float64Array.from({ length: 300 }, (_, i) => Math.exp(-((i - 140.3) ** 2) / (2 * 4 ** 2))),
    );
    for (let i = 0; i < 300; i++) {
      const t = i - 140.3;
      expect(Math.abs(y[i]! + (t / 16) * Math.exp((-t * t) / 32))).toBeLessThan(1e-8);
    }
  });

  test('does not ring: on a parabola the error stays below h·|f″|/2 and falls with the square of the distance', () => {
    const length = 600;
    const y = fftDerivative(length, 1).apply(Float64Array.from({ length }, (_, i) => i * i));
    for (let i = 0; i < length; i++) {
      const fromEnd = Math.min(i, length - 1 - i);
      expect(Math.abs(y[i]! - 2 * i)).toBeLessThan((2 * 0.5) / (1 + fromEnd) ** 2 + 1e-3);
    }
  });
});

describe('scheme text', () => {
  test('reads back as the same scheme', () => {
    const texts = [
      'forward',
      'backward',
      'central2',
      'central4',
      'central6',
      'central8',
      'pan-tompkins',
      'fft',
    ];
    for (const text of [...texts, 'sg:8ms:1', 'sg:12.5ms:3'])
      expect(describeScheme(parseScheme(text))).toBe(text);
    const fit: Scheme = { kind: 'savitzky-golay', windowMs: 12, degree: 2 };
    expect(parseScheme('sg:12ms:2')).toEqual(fit);
  });

  test.each(['', 'central3', 'sg', 'sg:8:1', 'sg:0ms:1', 'sg:8ms:0', 'sg:-8ms:1', 'FFT', 'central22'])(
    'refuses %j and lists the forms',
    text => {
      expect(() => parseScheme(text)).toThrow(RangeError);
      expect(() => parseScheme(text)).toThrow('central4');
    },
  );
});
