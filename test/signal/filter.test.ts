import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { oddMirror } from '../../src/diff/mirror.ts';
import type { LinearOperator } from '../../src/diff/operator.ts';
import { baselineWander, movingMedian } from '../../src/signal/baseline.ts';
import { butterworth, magnitude, notch } from '../../src/signal/butterworth.ts';
import { causal, mainsNotch, zeroPhaseBand } from '../../src/signal/filter.ts';

describe('butterworth', () => {
  test('has the sections of scipy', () => {
    // scipy.signal.butter(4, 40, fs=360), numerator and denominator multiplied out
    const product = (of: (s: ReturnType<typeof notch>) => number[]): number[] =>
      butterworth('low-pass', 4, 40, 360)
        .map(of)
        .reduce((a, b) => {
          const out = new Array<number>(a.length + b.length - 1).fill(0);
          for (const [i, u] of a.entries()) for (const [j, v] of b.entries()) out[i + j]! += u * v;
          return out;
        });
    const b = product(s => [s.b0, s.b1, s.b2]);
    const a = product(s => [1, s.a1, s.a2]);
    for (const [k, v] of [
      0.006890401067, 0.027561604269, 0.041342406403, 0.027561604269, 0.006890401067,
    ].entries())
      expect(b[k]).toBeCloseTo(v, 9);
    for (const [k, v] of [1, -2.19086681526, 2.041941424839, -0.895032246757, 0.154204054254].entries())
      expect(a[k]).toBeCloseTo(v, 9);
  });

  test.each([1, 2, 3, 4, 7])(
    'of order %i is 3 dB down at its cut-off, flat before and falling 6·n dB an octave',
    order => {
      const low = butterworth('low-pass', order, 5, 1000);
      const high = butterworth('high-pass', order, 5, 1000);
      expect(magnitude(low, 0, 1000)).toBeCloseTo(1, 12);
      expect(magnitude(low, 5, 1000)).toBeCloseTo(Math.SQRT1_2, 10);
      expect(magnitude(high, 5, 1000)).toBeCloseTo(Math.SQRT1_2, 10);
      expect(magnitude(high, 0, 1000)).toBeCloseTo(0, 10);
      const octaves = Math.log2(magnitude(low, 20, 1000) / magnitude(low, 40, 1000));
      expect(Math.abs(octaves - order)).toBeLessThan(0.1 * order);
    },
  );

  test('refuses cut-offs beyond Nyquist and orders that are none', () => {
    expect(() => butterworth('low-pass', 2, 180, 360)).toThrow('180 Hz: at 360 Hz take 0 to 180');
    expect(() => butterworth('low-pass', 0, 40, 360)).toThrow('order 1 to 20, not 0');
    expect(() => notch(0, 2, 360)).toThrow(RangeError);
  });
});

const operators: [string, (length: number) => LinearOperator][] = [
  ['zero-phase high-pass', n => zeroPhaseBand({ lowCutHz: 0.5 }, 2, n, 360)],
  ['zero-phase low-pass', n => zeroPhaseBand({ highCutHz: 40 }, 3, n, 360)],
  ['zero-phase band-pass', n => zeroPhaseBand({ lowCutHz: 5, highCutHz: 15 }, 2, n, 360)],
  ['mains notch', n => mainsNotch(50, 2, n, 360)],
  ['causal low-pass', n => causal(butterworth('low-pass', 4, 40, 360), n)],
  ['odd mirror', n => oddMirror(n, Math.floor(n / 2))],
];

describe.each(operators)('%s', (_name, make) => {
  test('obeys ⟨Dx, y⟩ = ⟨x, Dᵀy⟩', () => {
    const values = (length: number) =>
      fc
        .array(fc.integer({ min: -1000, max: 1000 }), { minLength: length, maxLength: length })
        .map(list => Float64Array.from(list, v => v / 100));
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: 120 }).chain(n => fc.tuple(values(n), values(make(n).outputLength))),
        ([x, y]) => {
          const operator = make(x.length);
          const dot = (a: Float64Array, b: Float64Array): number =>
            a.reduce((sum, v, i) => sum + v * b[i]!, 0);
          const size = Math.sqrt(dot(x, x) * dot(y, y));
          expect(Math.abs(dot(operator.apply(x), y) - dot(x, operator.adjoint(y)))).toBeLessThanOrEqual(
            1e-12 * size,
          );
        },
      ),
      { seed: 8, numRuns: 60 },
    );
  });
});

describe('zero phase', () => {
  const fs = 360;
  const length = 20 * fs;
  const sine = (hertz: number): Float64Array =>
    Float64Array.from({ length }, (_, i) => Math.sin((2 * Math.PI * hertz * i) / fs));

  test.each([0.2, 0.5, 2, 10, 40, 60, 100])(
    'a sine of %f Hz keeps its phase and has the squared magnitude',
    hertz => {
      for (const band of [{ lowCutHz: 0.5 }, { highCutHz: 40 }]) {
        const y = zeroPhaseBand(band, 2, length, fs).apply(sine(hertz));
        const sections =
          'lowCutHz' in band
            ? butterworth('high-pass', 2, band.lowCutHz, fs)
            : butterworth('low-pass', 2, band.highCutHz, fs);
        const gain = magnitude(sections, hertz, fs) ** 2;
        // Away from the ends, which know the signal from one side only.
        for (let i = 6 * fs; i < 14 * fs; i++) {
          expect(Math.abs(y[i]! - gain * Math.sin((2 * Math.PI * hertz * i) / fs))).toBeLessThan(0.005);
        }
      }
    },
  );

  test('a low-pass leaves a line as it is, a high-pass nothing of it, to the ends', () => {
    const line = Float64Array.from({ length: 500 }, (_, i) => 3 - 0.01 * i);
    const low = zeroPhaseBand({ highCutHz: 40 }, 2, 500, fs).apply(line);
    const high = zeroPhaseBand({ lowCutHz: 0.5 }, 2, 500, fs).apply(line);
    for (let i = 0; i < 500; i++) {
      expect(low[i]).toBeCloseTo(line[i]!, 10);
      expect(high[i]).toBeCloseTo(0, 10);
    }
  });

  test('the notch takes out the mains and its harmonics, and little else', () => {
    const second = sine(100);
    const mains = sine(50).map((v, i) => v + 0.5 * second[i]!);
    const left = mainsNotch(50, 2, length, fs).apply(mains);
    const wanted = sine(20);
    const kept = mainsNotch(50, 2, length, fs).apply(wanted);
    let mostLeft = 0;
    let mostChanged = 0;
    for (let i = 2 * fs; i < length - 2 * fs; i++) {
      mostLeft = Math.max(mostLeft, Math.abs(left[i]!));
      mostChanged = Math.max(mostChanged, Math.abs(kept[i]! - wanted[i]!));
    }
    expect(mostLeft).toBeLessThan(1e-3);
    expect(mostChanged).toBeLessThan(0.01);
  });

  test('says what a band cannot be', () => {
    expect(() => zeroPhaseBand({}, 2, 100, 360)).toThrow('a low or a high cut-off');
    expect(() => zeroPhaseBand({ lowCutHz: 40, highCutHz: 5 }, 2, 100, 360)).toThrow('40 Hz is not below');
    expect(() => zeroPhaseBand({ lowCutHz: 1 }, 2, 1, 360)).toThrow('at least 2 samples, there are 1');
  });
});

describe('baseline wander', () => {
  test('a moving median equals the median of each window', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: -5, max: 5 }), { maxLength: 40 }),
        fc.constantFrom(1, 3, 7, 15),
        (list, window) => {
          const out = movingMedian(Float64Array.from(list), window);
          const half = (window - 1) / 2;
          for (let i = 0; i < list.length; i++) {
            const around = list.slice(Math.max(0, i - half), i + half + 1).sort((a, b) => a - b);
            const middle = around.length >> 1;
            const truth =
              around.length % 2 === 1 ? around[middle]! : (around[middle - 1]! + around[middle]!) / 2;
            expect(out[i]).toBe(truth);
          }
        },
      ),
      { seed: 9, numRuns: 100 },
    );
  });

  test('an invalid sample is left out, and an invalid stretch stays invalid', () => {
    const x = Float64Array.of(1, Number.NaN, 3, Number.NaN, Number.NaN, Number.NaN, 7);
    expect([...movingMedian(x, 3)]).toEqual([1, 2, 3, 3, Number.NaN, 7, 7]);
  });

  test('follows slow wander under narrow beats', () => {
    const fs = 250;
    const wander = Float64Array.from(
      { length: 10 * fs },
      (_, i) => 0.4 * Math.sin((2 * Math.PI * 0.2 * i) / fs),
    );
    const voltage = wander.map((v, i) => v + (i % 200 < 15 ? 1.2 : 0));
    const found = baselineWander(voltage, fs);
    for (let i = fs; i < 9 * fs; i++) expect(Math.abs(found[i]! - wander[i]!)).toBeLessThan(0.08);
  });
});
