import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { LinearOperator } from '../../src/diff/operator.ts';
import { baselineWander, movingMedian } from '../../src/signal/baseline.ts';
import { butterworth, magnitude, notch } from '../../src/signal/butterworth.ts';
import { causal, mainsNotch, zeroPhase, zeroPhaseBand } from '../../src/signal/filter.ts';

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

  test('has the magnitude of its definition, warped by the bilinear transform, at every frequency', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 20 }),
        fc.double({ min: 1e-4, max: 0.49, noNaN: true }),
        fc.double({ min: 1e-4, max: 0.49, noNaN: true }),
        (order, cut, frequency) => {
          // |H|² = 1/(1 + (Ω/Ωc)^±2n), Ω = tan(πf/fs)
          const ratio = Math.tan(Math.PI * frequency) / Math.tan(Math.PI * cut);
          const low = magnitude(butterworth('low-pass', order, cut, 1), frequency, 1);
          const high = magnitude(butterworth('high-pass', order, cut, 1), frequency, 1);
          expect(low).toBeCloseTo(1 / Math.sqrt(1 + ratio ** (2 * order)), 6);
          expect(high).toBeCloseTo(1 / Math.sqrt(1 + ratio ** (-2 * order)), 6);
        },
      ),
      { seed: 12, numRuns: 300 },
    );
  });

  test('refuses cut-offs beyond Nyquist and orders that are none', () => {
    expect(() => butterworth('low-pass', 2, 180, 360)).toThrow(
      '180 Hz: it must be at least 0.00036 Hz and below 180 Hz',
    );
    expect(() => butterworth('low-pass', 0, 40, 360)).toThrow('order 1 to 20, not 0');
    expect(() => notch(0, 2, 360)).toThrow(RangeError);
  });

  test('is right down to a millionth of the sampling frequency, and refuses to go below', () => {
    for (const order of [1, 2, 4, 8]) {
      for (const fs of [100, 1000]) {
        const cut = 1e-6 * fs;
        expect(Math.abs(magnitude(butterworth('low-pass', order, cut, fs), 0, fs) - 1)).toBeLessThan(1e-4);
        const high = butterworth('high-pass', order, cut, fs);
        expect(magnitude(high, cut, fs)).toBeCloseTo(Math.SQRT1_2, 4);
      }
    }
    expect(() => butterworth('high-pass', 2, 1e-6, 1000)).toThrow(
      'of 0.000001 Hz: it must be at least 0.001 Hz and below 500 Hz',
    );
    expect(() => butterworth('high-pass', 2, 499.9999, 1000)).toThrow(RangeError);
    expect(() => notch(1e-6, 1, 1000)).toThrow(RangeError);
    expect(() => notch(50, 1e-6, 1000)).toThrow(RangeError);
  });
});

describe('notch', () => {
  test.each([
    [50, 2, 360],
    [60, 1, 1000],
    [50, 10, 128],
  ])(
    'at %f Hz, %f Hz wide, of a signal at %f Hz: nothing there, 3 dB down at both edges, 1 at the ends',
    (centre, width, fs) => {
      const section = [notch(centre, width, fs)];
      const gain = (hertz: number): number => magnitude(section, hertz, fs);
      expect(gain(centre)).toBeCloseTo(0, 12);
      expect(gain(0)).toBeCloseTo(1, 12);
      expect(gain(fs / 2)).toBeCloseTo(1, 12);
      const edgeBetween = (through: number): number => {
        let [inside, outside] = [centre, through];
        for (let k = 0; k < 60; k++) {
          const middle = (inside + outside) / 2;
          if (gain(middle) > Math.SQRT1_2) outside = middle;
          else inside = middle;
        }
        return inside;
      };
      expect(edgeBetween(fs / 2) - edgeBetween(0)).toBeCloseTo(width, 9);
    },
  );
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

  test('sections of any gain pass a constant with its square', () => {
    const half = { b0: 0.5, b1: 0, b2: 0, a1: 0, a2: 0 };
    for (const v of zeroPhase([half], 10, fs).apply(new Float64Array(10).fill(4)))
      expect(v).toBeCloseTo(1, 12);
    const double = { ...half, b0: 2 };
    for (const v of zeroPhase([double], 10, fs).apply(new Float64Array(10).fill(1)))
      expect(v).toBeCloseTo(4, 12);
  });

  test('refuses sections that never settle', () => {
    const sections = [{ b0: 1, b1: 0, b2: 0, a1: 0, a2: 1.1 }];
    expect(() => zeroPhase(sections, 100, fs)).toThrow('not stable');
    expect(() => causal(sections, 100)).toThrow('not stable');
    expect(() => causal([{ b0: 1, b1: 0, b2: 0, a1: -1, a2: 0 }], 100)).toThrow('not stable');
  });

  test('invalid bands are refused with the reason', () => {
    expect(() => zeroPhaseBand({}, 2, 100, 360)).toThrow('a low or a high cut-off');
    expect(() => zeroPhaseBand({ lowCutHz: 40, highCutHz: 5 }, 2, 100, 360)).toThrow('40 Hz is not below');
    expect(() => zeroPhaseBand({ lowCutHz: 1 }, 2, 1, 360)).toThrow('at least 2 samples, there are 1');
  });
});

describe('an invalid sample', () => {
  const fs = 360;
  const x = Float64Array.from({ length: 4000 }, (_, i) => 0.5 * Math.sin(i / 40) + Math.sin(i / 7));
  const filters: [string, LinearOperator][] = [
    ['zero-phase low-pass', zeroPhaseBand({ highCutHz: 40 }, 2, x.length, fs)],
    ['zero-phase high-pass', zeroPhaseBand({ lowCutHz: 0.5 }, 2, x.length, fs)],
    ['causal low-pass', causal(butterworth('low-pass', 2, 40, fs), x.length)],
  ];
  describe.each(filters)('of a %s', (name, filter) => {
    const whole = filter.apply(x);

    test.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])(
      '%f: the output is invalid there and nowhere else, and unchanged further away',
      invalid => {
        const gapped = x.slice().fill(invalid, 2000, 2010);
        const before = gapped.slice();
        const y = filter.apply(gapped);
        expect(gapped).toEqual(before);
        for (const [i, v] of y.entries()) expect(Number.isNaN(v)).toBe(i >= 2000 && i < 2010);
        for (let i = 0; i < x.length; i++) {
          const distance = i < 2000 ? 2000 - i : i - 2009;
          if (name.startsWith('causal') && i < 2000) expect(y[i]).toBe(whole[i]);
          if (distance > 1500) expect(Math.abs(y[i]! - whole[i]!)).toBeLessThan(2e-3);
          else if (distance > 0) expect(Math.abs(y[i]! - whole[i]!)).toBeLessThan(2);
        }
      },
    );

    test('bridged by a line costs a line nothing', () => {
      const line = Float64Array.from({ length: x.length }, (_, i) => 3 - 0.001 * i);
      const expected = filter.apply(line);
      const gapped = line.slice();
      for (const i of [1000, 1001, 1500, 3000]) gapped[i] = Number.NaN;
      for (const [i, v] of filter.apply(gapped).entries()) {
        if (!Number.isNaN(gapped[i])) expect(v).toBeCloseTo(expected[i]!, 9);
      }
    });

    test('at the ends stays there, and of nothing else nothing comes', () => {
      const gapped = x.slice().fill(Number.NaN, 0, 5).fill(Number.NaN, 3990);
      for (const [i, v] of filter.apply(gapped).entries()) expect(Number.isNaN(v)).toBe(i < 5 || i >= 3990);
      expect(filter.apply(new Float64Array(x.length).fill(Number.NaN)).every(Number.isNaN)).toBe(true);
    });
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

  test('an infinite sample is as invalid as NaN', () => {
    const x = Float64Array.of(1, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 2, 5, 3);
    const same = x.map(v => (Number.isFinite(v) ? v : Number.NaN));
    expect(movingMedian(x, 3)).toEqual(movingMedian(same, 3));
    expect(baselineWander(x, 20)).toEqual(baselineWander(same, 20));
  });

  test('invalid arguments are refused with the reason', () => {
    expect(() => baselineWander(Float64Array.of(1, 2), Number.NaN)).toThrow('sampling frequency');
    expect(() => movingMedian(Float64Array.of(1, 2), 4)).toThrow('odd number of samples, not 4');
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
