/** Pre-excited complexes that begin with a linear delta wave, at exact times. */
import { describe, expect, test } from 'vitest';
import { type DelineatedBeat, delineate } from '../../../src/beat/delineate/delineate.ts';
import { createRandom } from '../../../src/random.ts';
import { median } from '../../../src/statistics.ts';
import { sampled } from '../gaussian-waves.ts';

const amplitude = 1.1;
/** Where the delta wave ends and the steep part of R begins, s from the R peak. */
const steep = -0.022;

/** The median time from the R peak, ms, of a place in beats with a delta wave of this duration (s) and share of R. */
function timeOf(
  fs: number,
  beat: {
    readonly duration: number;
    readonly share: number;
    readonly polarity: number;
    readonly pr: number;
    readonly p: number;
  },
  place: (found: DelineatedBeat) => number | undefined,
): number {
  const { duration, share, polarity, pr, p } = beat;
  const random = createRandom(11);
  const at = Array.from({ length: 24 }, (_, k) => 0.8 + 0.85 * k + 0.004 * random.normal());
  const onset = steep - duration;
  const voltage = sampled(
    at.flatMap(time => [
      { amplitude: p, centre: time + onset - pr + 0.045, width: 0.018 },
      { amplitude: -0.2 * polarity, centre: time + 0.29, width: 0.05 },
    ]),
    Math.ceil((at.at(-1)! + 1) * fs),
    fs,
  );
  const corners = [
    [onset, 0],
    [steep, share * amplitude],
    [0, amplitude],
    [0.024, -0.15],
    [0.04, 0],
  ] as const;
  for (const time of at) {
    for (let i = Math.ceil((time + onset) * fs); i < (time + 0.04) * fs; i++) {
      const t = i / fs - time;
      const k = corners.findIndex(([end]) => end > t);
      const [[from, low], [to, high]] = [corners[k - 1]!, corners[k]!];
      voltage[i]! += polarity * (low + ((high - low) * (t - from)) / (to - from));
    }
  }
  const rPeaks = at.map(time => Math.round(time * fs));
  const noisy = voltage.map(v => v + 0.008 * random.normal());
  const found = delineate(noisy, fs, rPeaks).slice(1, -1);
  return median(found.map((one, k) => 1000 * ((place(one) ?? Number.NaN) / fs - at[k + 1]!)));
}

describe.each([250, 500, 1000])('at %i Hz', fs => {
  test.each([
    [0.04, 0.25, 1],
    [0.05, 0.15, 1],
    [0.05, 0.15, -1],
    [0.06, 0.25, 1],
    [0.06, 0.25, -1],
  ])(
    'a delta wave of %s s up to %s of R belongs to the complex, polarity %i',
    (duration, share, polarity) => {
      const beat = { duration, share, polarity, pr: 0.11, p: 0.12 };
      const onset = 1000 * (steep - duration);
      expect(Math.abs(timeOf(fs, beat, ({ qrs }) => qrs.onset) - onset)).toBeLessThan(15);
      expect(Math.abs(timeOf(fs, beat, ({ p }) => p?.peak) - (onset - 65))).toBeLessThan(12);
    },
  );
});

test('a P wave that falls up to the complex does not', () => {
  const beat = { duration: 0.001, share: 0.01, polarity: -1, pr: 0.12, p: 0.12 };
  expect(Math.abs(timeOf(500, beat, ({ qrs }) => qrs.onset) + 23)).toBeLessThan(15);
});
