import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { heartRateVariability } from '../../../src/beat/hrv/heart-rate-variability.ts';
import { rrIntervals } from '../../../src/beat/hrv/rr-intervals.ts';

/** R peaks at 1000 Hz whose intervals, in s, are given. */
const beatsOf = (intervals: readonly number[]): number[] => {
  const beats = [0];
  for (const interval of intervals) beats.push(beats.at(-1)! + Math.round(interval * 1000));
  return beats;
};
const normal = (count: number): string[] => Array.from({ length: count }, () => 'N');

describe('rrIntervals', () => {
  test('an interval is normal between two sinus beats', () => {
    const beats = beatsOf([0.8, 0.5, 1.1, 0.8, 0.8]);
    const intervals = rrIntervals(beats, 1000, ['N', 'N', 'V', 'N', 'L', 'R']);
    expect(intervals.map(({ duration }) => duration)).toEqual([0.8, 0.5, 1.1, 0.8, 0.8]);
    expect(intervals.map(({ isNormal }) => isNormal)).toEqual([true, false, false, true, true]);
    expect(intervals[1]!.time).toBe(1.3);
  });

  test('without labels, an interval far from its neighbourhood is not', () => {
    const regular = Array.from({ length: 20 }, () => 0.8);
    regular[9] = 0.5;
    regular[10] = 1.1;
    const flags = rrIntervals(beatsOf(regular), 1000).map(({ isNormal }) => isNormal);
    expect(flags.flatMap((ok, k) => (ok ? [] : [k]))).toEqual([9, 10]);
    expect(rrIntervals(beatsOf([2.5, 2.5, 2.5]), 1000).some(({ isNormal }) => isNormal)).toBe(false);
  });

  test('an interval across flutter, noise or missing signal is not normal, whatever its beats are called', () => {
    const beats = beatsOf([1, 1, 60, 1, 1]);
    const across = [{ from: 3000, to: 61_000 }];
    for (const symbols of [normal(6), undefined]) {
      const flags = rrIntervals(beats, 1000, symbols, across).map(({ isNormal }) => isNormal);
      expect(flags).toEqual([true, true, false, true, true]);
    }
    // Reaching into an interval is enough; lying between two beats elsewhere does nothing.
    const into = rrIntervals(beats, 1000, normal(6), [{ from: 500, to: 600 }]);
    expect(into.map(({ isNormal }) => isNormal)).toEqual([false, true, true, true, true]);
    expect(heartRateVariability(rrIntervals(beats, 1000, normal(6), across)).sdnn).toBe(0);
  });

  test('none or one beat has no interval, and what does not ascend is refused', () => {
    expect(rrIntervals([], 360)).toEqual([]);
    expect(rrIntervals([7], 360)).toEqual([]);
    expect(() => rrIntervals([10, 10], 360)).toThrow('R peak 1 at 10');
    expect(() => rrIntervals([1, 2], 360, ['N'])).toThrow('1 symbols for 2 beats');
    expect(() => rrIntervals([1, 2], 0)).toThrow(RangeError);
  });
});

describe('time domain', () => {
  test('by hand', () => {
    const hrv = heartRateVariability(rrIntervals(beatsOf([0.8, 0.86, 0.84, 0.9]), 1000, normal(5)));
    expect(hrv.nnCount).toBe(4);
    expect(hrv.meanNn).toBeCloseTo(0.85, 12);
    expect(hrv.meanHeartRate).toBeCloseTo(60 / 0.85, 12);
    // deviations −50, 10, −10, 50 ms; differences 60, −20, 60 ms
    expect(hrv.sdnn).toBeCloseTo(Math.sqrt(0.0052 / 3), 12);
    expect(hrv.rmssd).toBeCloseTo(Math.sqrt(0.0076 / 3), 12);
    // Two of the differences are beyond 50 ms, of four intervals.
    expect(hrv.pnn50).toBeCloseTo(2 / 4, 12);
  });

  test('differences do not reach across an ectopic beat', () => {
    const beats = beatsOf([0.8, 0.8, 0.5, 1.1, 0.9, 0.9]);
    const hrv = heartRateVariability(rrIntervals(beats, 1000, ['N', 'N', 'N', 'V', 'N', 'N', 'N']));
    expect(hrv.nnCount).toBe(4);
    expect(hrv.rmssd).toBeCloseTo(0, 12);
    expect(hrv.sdnn).toBeGreaterThan(0.05);
  });

  test('2·SD1² is the variance of the differences, and SD1² + SD2² twice the variance of the pairs', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 500, max: 1200 }), { minLength: 3, maxLength: 60 }), ms => {
        const hrv = heartRateVariability(
          rrIntervals(beatsOf(ms.map(v => v / 1000)), 1000, normal(ms.length + 1)),
        );
        const variance = (values: number[]): number => {
          const mean = values.reduce((s, v) => s + v, 0) / values.length;
          return values.reduce((s, v) => s + (v - mean) ** 2, 0) / (values.length - 1);
        };
        const first = ms.slice(0, -1).map(v => v / 1000);
        const second = ms.slice(1).map(v => v / 1000);
        expect(2 * hrv.sd1! ** 2).toBeCloseTo(variance(second.map((v, i) => v - first[i]!)), 10);
        expect(hrv.sd1! ** 2 + hrv.sd2! ** 2).toBeCloseTo(variance(first) + variance(second), 10);
      }),
      { seed: 7, numRuns: 50 },
    );
  });

  test('nothing in, nothing out', () => {
    const hrv = heartRateVariability([]);
    expect(hrv).toMatchObject({ nnCount: 0, rrCount: 0, frequency: undefined });
    for (const value of [hrv.meanNn, hrv.sdnn, hrv.rmssd, hrv.pnn50, hrv.sd1, hrv.sd2]) {
      expect(value).toBeUndefined();
    }
  });
});

describe('frequency domain', () => {
  /** RR = 0.8 s with sines in it, for `seconds`. */
  const modulated = (seconds: number, sines: readonly [number, number][]): number[] => {
    const intervals: number[] = [];
    let time = 0;
    while (time < seconds) {
      const at = time;
      const rr = sines.reduce((sum, [size, hertz]) => sum + size * Math.sin(2 * Math.PI * hertz * at), 0.8);
      intervals.push(rr);
      time += rr;
    }
    return intervals;
  };

  test('a sine’s power, a²/2, is found in its band', () => {
    const sines: [number, number][] = [
      [0.03, 0.1],
      [0.02, 0.25],
    ];
    const beats = beatsOf(modulated(900, sines));
    const { frequency } = heartRateVariability(rrIntervals(beats, 1000, normal(beats.length)));
    expect(frequency!.stretches).toBe(3);
    expect(frequency!.lf! / (0.03 ** 2 / 2)).toBeGreaterThan(0.9);
    expect(frequency!.lf! / (0.03 ** 2 / 2)).toBeLessThan(1.1);
    expect(frequency!.hf / (0.02 ** 2 / 2)).toBeGreaterThan(0.85);
    expect(frequency!.hf / (0.02 ** 2 / 2)).toBeLessThan(1.15);
    expect(frequency!.vlf!).toBeLessThan(0.05 * frequency!.lf!);
    expect(frequency!.lfOverHf).toBeCloseTo(frequency!.lf! / frequency!.hf, 12);
  });

  test('a band is told only when the stretch is long enough', () => {
    const bandsAt = (seconds: number): (string | undefined)[] => {
      const beats = beatsOf(modulated(seconds, [[0.03, 0.1]]));
      const { frequency } = heartRateVariability(rrIntervals(beats, 1000, normal(beats.length)));
      return (['vlf', 'lf', 'hf'] as const).filter(band => frequency?.[band] !== undefined);
    };
    expect(bandsAt(50)).toEqual([]);
    expect(bandsAt(90)).toEqual(['hf']);
    expect(bandsAt(200)).toEqual(['lf', 'hf']);
    expect(bandsAt(301)).toEqual(['vlf', 'lf', 'hf']);
  });
});
