/** T waves of every width and time, whose tangent at the steepest descent meets the baseline at 2 SD after the peak. */
import { describe, expect, test } from 'vitest';
import { delineate } from '../../../src/beat/delineate/delineate.ts';
import { broadenings, templateStretch, waveWidth } from '../../../src/beat/delineate/wave-width.ts';
import { createRandom } from '../../../src/random.ts';
import { median } from '../../../src/statistics.ts';
import { sampled } from '../gaussian-waves.ts';

const fs = 500;

describe('waveWidth', () => {
  const stretch = { halfWidth: 56, farthest: 220, reach: 120 };
  const span = { start: 0, end: 1000 };
  const widthOf = (width: number, height = 1) =>
    waveWidth(
      stretch,
      { smooth: sampled([{ amplitude: height, centre: 1, width }], 1000, fs), peak: 500, span },
      fs / 1000,
    );

  test('is the half-width of the wave, 1.177 SD, relative to the usual one, of either polarity and side', () => {
    for (const width of [0.035, 0.05, 0.07, 0.11, 0.14]) {
      const expected = (1177 * width) / 56;
      for (const height of [1, -0.2]) {
        const { onset, offset } = widthOf(width, height);
        for (const side of [onset, offset]) expect(Math.abs(side / expected - 1)).toBeLessThan(0.06);
      }
    }
  });

  test('the stretch of a template is limited, and a power of 1.05', () => {
    expect(templateStretch(0.1)).toBeCloseTo(0.6, 1);
    expect(templateStretch(9)).toBeCloseTo(3, 0);
    expect(templateStretch(1.06)).toBe(1.05);
  });
});

describe('broadenings', () => {
  const widths = (...list: (number | [number, number] | undefined)[]) =>
    list.map(width => {
      if (width === undefined) return undefined;
      const [onset, offset] = typeof width === 'number' ? [width, width] : width;
      return { onset, offset };
    });

  test('are above 1 where both sides of most waves are broad', () => {
    for (const broadening of broadenings(widths(1.8, 1.8, undefined, 1.8, 0.9))) {
      expect([1, 2]).toContain(Math.round(broadening));
    }
    expect(broadenings(widths(1.8, 1.8, undefined, 1.8, 0.9)).map(Math.round)).toEqual([2, 2, 1, 2, 1]);
  });

  test('are 1 where one side is narrow, and where neighbouring waves are', () => {
    expect(broadenings(widths([0.8, 2], [2, 0.8]))).toEqual([1, 1]);
    expect(broadenings(widths(0.8, 0.8, 2.4, 0.8, 0.8))).toEqual([1, 1, 1, 1, 1]);
  });
});

describe('T end', () => {
  /** Median error, ms, relative to the intersection of the tangent. */
  const errorMs = (peak: number, width: number, height: number): number => {
    const random = createRandom(5);
    const at = Array.from({ length: 15 }, (_, k) => 0.8 + 1.25 * k);
    const waves = at.flatMap(t => [
      { amplitude: 0.12, centre: t - 0.16, width: 0.02 },
      { amplitude: 1.1, centre: t, width: 0.011 },
      { amplitude: height, centre: t + peak, width },
    ]);
    const voltage = sampled(waves, 20 * fs, fs).map(value => value + 0.008 * random.normal());
    const beats = delineate(
      voltage,
      fs,
      at.map(t => Math.round(t * fs)),
    );
    return median(
      beats.slice(1, -1).map(({ t }, k) => 1000 * (t!.offset / fs - at[k + 1]! - peak - 2 * width)),
    );
  };

  test.each([0.3, -0.3])('does not come earlier with a longer QT (T of %s mV)', height => {
    const errors = [0.25, 0.32, 0.4, 0.48].map(peak => errorMs(peak, 0.05, height));
    expect(Math.max(...errors) - Math.min(...errors)).toBeLessThanOrEqual(4);
  });

  test('of T waves with an SD of 30 to 110 ms it is between the tangent and the 5 % level, or within 12 ms', () => {
    for (const width of [0.03, 0.045, 0.06, 0.075, 0.09, 0.11]) {
      const error = errorMs(0.12 + 2.2 * width, width, 0.3);
      expect(error).toBeGreaterThan(-12);
      expect(error).toBeLessThan(447.7 * width + 12);
    }
  });
});
