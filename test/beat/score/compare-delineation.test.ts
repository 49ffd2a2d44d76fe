import { expect, test } from 'vitest';
import type { DelineatedBeat } from '../../../src/beat/delineate/delineate.ts';
import { emptyTally, scoreFiducial, tallyDelineation } from '../../../src/beat/score/compare-delineation.ts';
import type { MarkedWave } from '../../../src/beat/score/marked-waves.ts';

const wave = (kind: MarkedWave['kind'], onset: number, peak: number, offset: number): MarkedWave => ({
  kind,
  onset,
  peak,
  offset,
});
const marks = [
  wave('P', 100, 110, 120),
  wave('QRS', 150, 170, 190),
  wave('T', 250, 280, 320),
  wave('QRS', 550, 570, 590),
];
const beat = (rPeak: number, shift: number, rest: Partial<DelineatedBeat> = {}): DelineatedBeat => ({
  rPeak,
  qrs: { onset: rPeak - 20 + shift, offset: rPeak + 20 - shift },
  qrsWaves: undefined,
  p: undefined,
  t: undefined,
  ...rest,
});

test('errors are found minus marked, in ms, and a wave that is not found is missed', () => {
  const tally = emptyTally();
  const t = { onset: 251, peak: 281, offset: 325 };
  tallyDelineation(tally, marks, [beat(170, 2, { t }), beat(570, -1)], 500);
  expect(tally.qrsOnset).toEqual({ found: 2, missed: 0, extra: 0, errorsMs: [4, -2] });
  expect(tally.qrsOffset.errorsMs).toEqual([-4, 2]);
  expect(tally.tOffset).toEqual({ found: 1, missed: 0, extra: 0, errorsMs: [10] });
  expect(tally.pPeak).toEqual({ found: 0, missed: 1, extra: 0, errorsMs: [] });
  expect(scoreFiducial(tally.qrsOnset)).toEqual({
    sensitivity: 1,
    positivePredictivity: 1,
    meanMs: 1,
    sdMs: Math.sqrt(18),
    n: 2,
  });
  expect(scoreFiducial(tally.pPeak)).toMatchObject({ sensitivity: 0, positivePredictivity: undefined, n: 0 });
});

test('a wave beyond 150 ms is missed and extra, each mark takes one wave, and the ends do not count', () => {
  const tally = emptyTally();
  // 80 samples are 160 ms; a second beat at the same mark; one before the first mark.
  const beats = [beat(20, 0), beat(170, 0), beat(180, 0), beat(490, 0)];
  tallyDelineation(tally, marks, beats, 500);
  expect(tally.qrsOnset).toMatchObject({ found: 1, missed: 1, extra: 2 });
  expect(scoreFiducial(tally.qrsOnset)).toMatchObject({ sensitivity: 1 / 2, positivePredictivity: 1 / 3 });
});

test('a found complex without a border is no found border', () => {
  const tally = emptyTally();
  tallyDelineation(tally, marks, [beat(170, 0, { qrs: { onset: undefined, offset: 190 } })], 500);
  expect(tally.qrsOnset).toMatchObject({ found: 0, missed: 2 });
  expect(tally.qrsOffset).toMatchObject({ found: 1, missed: 1 });
});

test('a lead without marks is not counted', () => {
  const tally = emptyTally();
  tallyDelineation(tally, [], [beat(170, 0)], 500);
  expect(tally).toEqual(emptyTally());
});
