/** T waves of every width and time, whose tangent at the steepest descent meets the baseline at 2 SD after the peak. */
import { describe, expect, test } from 'vitest';
import { delineate } from '../../../src/beat/delineate/delineate.ts';
import { stretchOf } from '../../../src/beat/delineate/wave-width.ts';
import { createRandom } from '../../../src/random.ts';
import { median } from '../../../src/statistics.ts';
import { sampled } from '../gaussian-waves.ts';

const fs = 500;

describe('stretchOf', () => {
  const stretch = { halfWidth: 56, farthest: 220, reach: 120 };
  const span = { start: 0, end: 1000 };
  const factor = (width: number, height = 1, direction: -1 | 1 = 1): number =>
    stretchOf(
      stretch,
      { smooth: sampled([{ amplitude: height, centre: 1, width }], 1000, fs), peak: 500, span },
      direction,
      fs / 1000,
    );

  test('is the half-width of the wave, 1.177 SD, relative to the usual one, of either polarity and side', () => {
    for (const width of [0.035, 0.05, 0.07]) {
      const expected = (1177 * width) / 56;
      for (const height of [1, -0.2]) {
        for (const direction of [-1, 1] as const) {
          // To a sample and a power of 1.05.
          expect(Math.abs(factor(width, height, direction) / expected - 1)).toBeLessThan(0.06);
        }
      }
    }
  });

  test('is limited', () => {
    expect(factor(0.005)).toBeCloseTo(0.6, 1);
    expect(factor(0.5)).toBeLessThanOrEqual(2.4 * 1.03);
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

  test('of T waves with an SD of 30 to 75 ms it is within 20 ms, of 90 ms within 40', () => {
    for (const width of [0.03, 0.045, 0.06, 0.075]) {
      expect(Math.abs(errorMs(0.36, width, 0.3))).toBeLessThan(20);
    }
    expect(Math.abs(errorMs(0.36, 0.09, 0.3))).toBeLessThan(40);
  });
});
