import { expect, test } from 'vitest';
import type { DelineatedBeat } from '../../../src/beat/delineate/delineate.ts';
import { emptyBands, tallyBands } from '../../../src/beat/score/delineation-bands.ts';
import type { MarkedWave } from '../../../src/beat/score/marked-waves.ts';

const fs = 500;
/** A beat at sample `at` with a QT of `qt` ms, as marked. */
const marks = (at: number, qt: number): MarkedWave[] => [
  { kind: 'QRS', onset: at - 20, peak: at, offset: at + 25 },
  { kind: 'T', onset: at + 80, peak: at + 130, offset: at - 20 + qt / 2 },
];
/** The same beat, its T wave ending `lateMs` late. */
const found = (at: number, qt: number, lateMs: number): DelineatedBeat => ({
  rPeak: at,
  qrs: { onset: at - 20, offset: at + 25 },
  qrsWaves: undefined,
  p: undefined,
  t: { onset: at + 80, peak: at + 130, offset: at - 20 + (qt + lateMs) / 2 },
});

test('a record belongs to the band of its median interval, with all of its marks', () => {
  const qts = [390, 396, 410, 388, 482];
  const bands = emptyBands();
  const lead = {
    marked: qts.flatMap((qt, k) => marks(500 + 500 * k, qt)),
    beats: qts.map((qt, k) => found(500 + 500 * k, qt, 396 - qt)),
  };
  tallyBands(bands, [lead], fs);
  const filled = bands.byQt.filter(({ marked }) => marked > 0);
  expect(filled).toHaveLength(1);
  expect(filled[0]).toMatchObject({ fromMs: 360, toMs: 400, marked: 5, found: 5 });
  expect(filled[0]!.errorsMs.tOffset).toEqual(qts.map(qt => 396 - qt));
  // QRS of 90 ms, and no P waves.
  expect(bands.byQrs.find(({ fromMs }) => fromMs === 90)!.marked).toBe(5);
  expect(bands.byPr.every(({ marked }) => marked === 0)).toBe(true);
});

test('a wave farther than 150 ms from its mark is not found', () => {
  const bands = emptyBands();
  const far = found(500, 400, 0);
  const moved = { ...far, t: { ...far.t!, peak: far.t!.peak + 76 } };
  tallyBands(bands, [{ marked: marks(500, 400), beats: [moved] }], fs);
  const [band] = bands.byQt.filter(({ marked }) => marked > 0);
  expect(band).toMatchObject({ marked: 1, found: 0 });
});
