/** Complexes like a sine wave, of raised cosines whose ends are known exactly. */
import { expect, test } from 'vitest';
import { delineate } from '../../../src/beat/delineate/delineate.ts';
import { createRandom } from '../../../src/random.ts';
import { median } from '../../../src/statistics.ts';

/** A raised cosine of an amplitude (mV) from one time to another, s from the R peak. */
type Lobe = readonly [amplitude: number, from: number, to: number];

/** Median errors of onset and offset, ms, where each is 5 % of the lobe from its end. */
function errors(fs: number, [first, last, t]: readonly [Lobe, Lobe, Lobe], rr = 0.9) {
  const random = createRandom(3);
  const at = Array.from({ length: 20 }, (_, k) => 1 + rr * k + 0.004 * random.normal());
  const voltage = Float64Array.from({ length: Math.ceil((at.at(-1)! + 1.2) * fs) }, (_, i) => {
    let sum = 0.008 * random.normal();
    for (const time of at) {
      for (const [amplitude, from, to] of [first, last, t]) {
        const u = (i / fs - time - from) / (to - from);
        if (u > 0 && u < 1) sum += (amplitude / 2) * (1 - Math.cos(2 * Math.PI * u));
      }
    }
    return sum;
  });
  const found = delineate(
    voltage,
    fs,
    at.map(time => Math.round(time * fs)),
  ).slice(1, -1);
  const onset = first[1] + 0.05 * (first[2] - first[1]);
  const offset = last[2] - 0.05 * (last[2] - last[1]);
  const of = (place: (beat: (typeof found)[number]) => number | undefined, truth: number): number =>
    Math.abs(median(found.map((beat, k) => 1000 * ((place(beat) ?? Number.NaN) / fs - at[k + 1]! - truth))));
  return { onset: of(({ qrs }) => qrs.onset, onset), offset: of(({ qrs }) => qrs.offset, offset) };
}

test.each([250, 500, 1000])('a complex of two broad lobes before T has both, at %i Hz', fs => {
  for (const t of [0.5, 0.8, 1.2]) {
    for (const width of [0.16, 0.2, 0.25]) {
      const { onset, offset } = errors(fs, [
        [1, -width / 2, width / 2],
        [-0.7, 0.2 * width, 1.2 * width],
        [t, 1.1 * width, 2.7 * width],
      ]);
      expect(onset).toBeLessThan(25);
      expect(offset).toBeLessThan(25);
    }
  }
});

test('the R peak may be the second lobe', () => {
  const { onset, offset } = errors(500, [
    [0.8, -0.19, 0.01],
    [-0.8, -0.08, 0.08],
    [0.7, 0.12, 0.44],
  ]);
  expect(onset).toBeLessThan(25);
  expect(offset).toBeLessThan(25);
});
