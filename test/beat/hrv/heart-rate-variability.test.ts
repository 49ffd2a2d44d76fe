import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ultraLowPower } from '../../../src/beat/hrv/frequency-domain.ts';
import { heartRateVariability, slidingVariability } from '../../../src/beat/hrv/heart-rate-variability.ts';
import { nnLimits, rrIntervals } from '../../../src/beat/hrv/rr-intervals.ts';

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
    const across = [{ start: 3000, end: 61_000 }];
    for (const symbols of [normal(6), undefined]) {
      const flags = rrIntervals(beats, 1000, symbols, across).map(({ isNormal }) => isNormal);
      expect(flags).toEqual([true, true, false, true, true]);
    }
    // Reaching into an interval is enough; lying between two beats elsewhere does nothing.
    const into = rrIntervals(beats, 1000, normal(6), [{ start: 500, end: 600 }]);
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

describe('limits', () => {
  const excluded = (intervals: readonly number[], heart: keyof typeof nnLimits) =>
    rrIntervals(beatsOf(intervals), 1000, undefined, [], nnLimits[heart]).map(interval => interval.excluded);

  test('a newborn at 300 a minute, a bradycardia of 15, and deep breathing are normal by their own limits', () => {
    const newborn = Array.from({ length: 12 }, () => 0.2);
    expect(excluded(newborn, 'adult')).toEqual(newborn.map(() => 'short'));
    expect(excluded(newborn, 'neonate')).toEqual(newborn.map(() => undefined));
    const slow = Array.from({ length: 12 }, () => 3.9);
    expect(excluded(slow, 'adult')).toEqual(slow.map(() => 'long'));
    expect(excluded(slow, 'bradycardia')).toEqual(slow.map(() => undefined));
    const deep = Array.from({ length: 40 }, (_, k) => 0.95 + 0.3 * Math.sin((2 * Math.PI * k) / 10));
    expect(excluded(deep, 'adult')).toContain('outlier');
    expect(excluded(deep, 'deep-breathing')).toEqual(deep.map(() => undefined));
  });

  test('beside labels they hold when they are given', () => {
    const beats = beatsOf([0.8, 0.8, 5, 0.8, 0.8]);
    const symbols = normal(6);
    expect(rrIntervals(beats, 1000, symbols).every(({ isNormal }) => isNormal)).toBe(true);
    const kept = rrIntervals(beats, 1000, symbols, [], nnLimits.bradycardia);
    expect(kept.map(interval => interval.excluded)).toEqual([
      undefined,
      undefined,
      'long',
      undefined,
      undefined,
    ]);
  });
});

describe('time domain', () => {
  test('equals values calculated by hand', () => {
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

  test.each([128, 250, 257, 360, 500, 1000])(
    'at %i Hz a difference of exactly 50 ms is not greater',
    rate => {
      // Whole samples around 50 ms, at many positions, where subtracting times leaves rounding errors.
      const step = Math.floor(0.05 * rate);
      const at = (change: number): number => {
        const beats = [1234];
        for (let k = 0; k < 400; k++) beats.push(beats.at(-1)! + rate - (k % 2 === 0 ? 0 : change));
        return heartRateVariability(rrIntervals(beats, rate, normal(401))).nn50!;
      };
      expect(at(step)).toBe(0);
      expect(at(step + 1)).toBe(399);
    },
  );

  test('segments of five minutes: SDANN, SDNN index', () => {
    // 800, 900 and 1000 ms for five minutes each, alternating by ± 10 ms.
    const intervals = [0.8, 0.9, 1].flatMap(level =>
      Array.from({ length: Math.round(300 / level) }, (_, k) => level + (k % 2 === 0 ? 0.01 : -0.01)),
    );
    const hrv = heartRateVariability(rrIntervals(beatsOf(intervals), 1000, normal(intervals.length + 1)));
    expect(hrv.sdann).toBeCloseTo(0.1, 3);
    expect(hrv.sdnnIndex).toBeCloseTo(0.01, 3);
  });

  test('the triangular index counts the fullest bin of 1/128 s', () => {
    // 103 bins of 7.8125 ms make 804.6875 ms: 800 and 804 ms share the bin below, 810 ms lies in the one above.
    const hrv = heartRateVariability(rrIntervals(beatsOf([0.8, 0.804, 0.81, 0.8]), 1000, normal(5)));
    expect(hrv.triangularIndex).toBeCloseTo(4 / 3, 12);
  });

  test('no intervals give no measures', () => {
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
    expect(frequency!.segments).toBe(3);
    expect(frequency!.lf! / (0.03 ** 2 / 2)).toBeGreaterThan(0.9);
    expect(frequency!.lf! / (0.03 ** 2 / 2)).toBeLessThan(1.1);
    expect(frequency!.hf / (0.02 ** 2 / 2)).toBeGreaterThan(0.85);
    expect(frequency!.hf / (0.02 ** 2 / 2)).toBeLessThan(1.15);
    expect(frequency!.vlf!).toBeLessThan(0.05 * frequency!.lf!);
    expect(frequency!.lfOverHf).toBeCloseTo(frequency!.lf! / frequency!.hf, 12);
  });

  test('a recording of exactly one, two or five minutes has HF, LF or VLF, at any rate', () => {
    const bandsAt = (seconds: number, interval: number): (string | undefined)[] => {
      // The first beat comes within an interval of the start, and the last within one of the end.
      const beats: number[] = [];
      for (let t = 0.9 * interval; t < seconds; t += interval) beats.push(Math.round(1000 * t));
      const { frequency } = heartRateVariability(rrIntervals(beats, 1000, normal(beats.length)));
      return (['vlf', 'lf', 'hf'] as const).filter(band => frequency?.[band] !== undefined);
    };
    for (const interval of [0.25, 0.8, 2]) {
      expect(bandsAt(60, interval)).toEqual(['hf']);
      expect(bandsAt(120, interval)).toEqual(['lf', 'hf']);
      expect(bandsAt(300, interval)).toEqual(['vlf', 'lf', 'hf']);
      expect(bandsAt(54, interval)).toEqual([]);
    }
  });

  test('Welch’s bands hold the same sines, and normalised units add to 1', () => {
    const beats = beatsOf(
      modulated(900, [
        [0.03, 0.1],
        [0.02, 0.25],
      ]),
    );
    const { welch, frequency } = heartRateVariability(rrIntervals(beats, 1000, normal(beats.length)));
    expect(welch!.lf! / (0.03 ** 2 / 2)).toBeCloseTo(1, 0);
    // Interpolating along lines takes some of the fast breathing away.
    expect(welch!.hf / (0.02 ** 2 / 2)).toBeGreaterThan(0.6);
    for (const { lfNu, hfNu, lf, hf } of [welch!, frequency!]) {
      expect(lfNu! + hfNu!).toBeCloseTo(1, 12);
      expect(lfNu).toBeCloseTo(lf! / (lf! + hf), 12);
    }
  });

  test('ULF is given for a day, and is the power of a slow wave', () => {
    const intervalsOf = (seconds: number) => {
      const beats = beatsOf(modulated(seconds, [[0.05, 1 / 3600]]));
      return rrIntervals(beats, 1000, normal(beats.length));
    };
    expect(ultraLowPower(intervalsOf(19 * 3600))! / (0.05 ** 2 / 2)).toBeCloseTo(1, 1);
    expect(ultraLowPower(intervalsOf(17 * 3600))).toBeUndefined();
    // A circadian rhythm: one wave a day, of which a line would explain 6/π² = 61 %.
    const day = beatsOf(modulated(24 * 3600, [[0.1, 1 / 86_400]]));
    const circadian = ultraLowPower(rrIntervals(day, 1000, normal(day.length)))!;
    expect(circadian / (0.1 ** 2 / 2)).toBeCloseTo(1, 1);
  });

  test('a sliding window has the measures of its part alone', () => {
    const beats = beatsOf(modulated(400, [[0.03, 0.1]]));
    const intervals = rrIntervals(beats, 1000, normal(beats.length));
    const windows = slidingVariability(intervals, 120, 60);
    expect(windows.map(({ startSeconds: from, endSeconds: to }) => [from, to])).toEqual([
      [0, 120],
      [60, 180],
      [120, 240],
      [180, 300],
      [240, 360],
    ]);
    const { startSeconds: from, endSeconds: to, ...third } = windows[2]!;
    expect(third).toEqual(heartRateVariability(intervals.filter(({ time }) => time > from && time <= to)));
    expect(() => slidingVariability(intervals, 0, 1)).toThrow(RangeError);
    expect(slidingVariability([], 60, 30)).toEqual([]);
  });

  test('a band is given only when the segment is long enough', () => {
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
