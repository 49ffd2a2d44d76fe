/** P waves of unusual shape and place, at exact times. */
import { describe, expect, test } from 'vitest';
import { delineate } from '../../../src/beat/delineate/delineate.ts';
import { createRandom } from '../../../src/random.ts';
import { median } from '../../../src/statistics.ts';
import { sampled, type Wave } from '../gaussian-waves.ts';

const fs = 500;
const usualT: Wave = { amplitude: 0.3, centre: 0.29, width: 0.045 };

/** The P waves of beats `rr` s apart, with times in ms from the R peak; undefined where reported absent. */
function pOf(p: readonly Wave[], rr: number, t = usualT) {
  const random = createRandom(2);
  const at = Array.from({ length: 20 }, (_, k) => 0.8 + k * rr + 0.004 * random.normal());
  const waves = at.flatMap(time =>
    [...p, { amplitude: 1.1, centre: 0, width: 0.011 }, t].map(wave => ({
      ...wave,
      centre: time + wave.centre,
    })),
  );
  const voltage = sampled(waves, Math.ceil((at.at(-1)! + 1) * fs), fs).map(v => v + 0.005 * random.normal());
  const rPeaks = at.map(time => Math.round(time * fs));
  const ms = (sample: number, k: number): number => 1000 * (sample / fs - at[k]!);
  return delineate(voltage, fs, rPeaks)
    .map(({ p: found }, k) => found && { onset: ms(found.onset, k), peak: ms(found.peak, k) })
    .slice(1, -1);
}

describe('a biphasic P wave', () => {
  test.each([0.16, 0.22, 0.26])(
    '%s s before R has its peak in the larger lobe and its onset before it',
    pr => {
      const found = pOf(
        [
          { amplitude: 0.1, centre: -pr - 0.02, width: 0.015 },
          { amplitude: -0.07, centre: -pr + 0.025, width: 0.016 },
        ],
        1.1,
      ).filter(wave => wave !== undefined);
      expect(found.length).toBeGreaterThanOrEqual(17);
      expect(Math.abs(median(found.map(({ peak }) => peak)) + 1000 * (pr + 0.02))).toBeLessThan(8);
      expect(Math.abs(median(found.map(({ onset }) => onset)) + 1000 * (pr + 0.02 + 0.037))).toBeLessThan(12);
    },
  );
});

describe('between a tall T wave and P', () => {
  test('the trough is not the P wave', () => {
    const tall = { amplitude: 0.6, centre: 0.28, width: 0.045 };
    for (const wave of pOf([{ amplitude: 0.12, centre: -0.16, width: 0.02 }], 0.59, tall)) {
      expect(Math.abs(wave!.peak + 160)).toBeLessThan(12);
    }
  });

  test.fails('none is invented where there is none', () => {
    const tall = { amplitude: 0.6, centre: 0.28, width: 0.045 };
    expect(pOf([], 0.59, tall).filter(wave => wave !== undefined).length).toBeLessThanOrEqual(1);
  });
});
