import { expect, test } from 'vitest';
import type { DelineatedBeat } from '../../../src/beat/delineate/delineate.ts';
import type { QrsWaves } from '../../../src/beat/delineate/qrs-waves.ts';
import type { MarkedWave } from '../../../src/beat/score/marked-waves.ts';
import { emptyRMarks, tallyRMarks } from '../../../src/beat/score/r-marks.ts';

const samplingFrequency = 500;
const mark = (peak: number): MarkedWave => ({ kind: 'QRS', onset: undefined, peak, offset: undefined });
const none: QrsWaves = {
  ...{ q: undefined, r: undefined, s: undefined, rPrime: undefined, notch: undefined },
  pattern: '',
};
const beat = (rPeak: number, qrsWaves: QrsWaves | undefined): DelineatedBeat => ({
  rPeak,
  qrs: { onset: rPeak - 40, offset: rPeak + 40 },
  qrsWaves,
  p: undefined,
  t: undefined,
});
const tallyOf = (
  marked: readonly MarkedWave[],
  beats: readonly DelineatedBeat[],
  rPeaks: readonly number[] = [],
) => {
  const tally = emptyRMarks();
  tallyRMarks([tally], { marked, beats, rPeaks }, samplingFrequency);
  return tally;
};

test('the mark is compared with the higher of R and R′', () => {
  const waves = {
    ...none,
    r: { sample: 470, amplitude: 0.1 },
    rPrime: { sample: 530, amplitude: 0.4 },
  };
  // 15 samples are 30 ms.
  expect(tallyOf([mark(545)], [beat(500, waves)])).toMatchObject({
    marked: 1,
    rWaves: { near: 1, of: 1 },
    nearPlace: 1,
    nearRPeak: 0,
  });
  expect(tallyOf([mark(546)], [beat(500, waves)])).toMatchObject({
    rWaves: { near: 0, of: 1 },
    nearPlace: 0,
  });
  const higher = { ...waves, r: { sample: 470, amplitude: 0.5 } };
  expect(tallyOf([mark(545)], [beat(500, higher)]).rWaves).toEqual({ near: 0, of: 1 });
});

test('in a QS complex it is compared with the notch, or with 10 ms after the onset', () => {
  const notched = { ...none, notch: { sample: 510, amplitude: -0.2 } };
  expect(tallyOf([mark(520)], [beat(500, notched)])).toMatchObject({ rWaves: { of: 0 }, nearPlace: 1 });
  expect(tallyOf([mark(470)], [beat(500, notched)]).nearPlace).toBe(0);
  expect(tallyOf([mark(480)], [beat(500, none)]).nearPlace).toBe(1);
  expect(tallyOf([mark(481)], [beat(500, none)]).nearPlace).toBe(0);
});

test('a complex more than 150 ms from the mark is another one, and one without bounds has no waves', () => {
  const waves = { ...none, r: { sample: 424, amplitude: 1 } };
  expect(tallyOf([mark(424)], [beat(500, waves)])).toMatchObject({
    marked: 1,
    rWaves: { of: 0 },
    nearPlace: 0,
  });
  expect(tallyOf([mark(500)], [beat(500, undefined)])).toMatchObject({ rWaves: { of: 0 }, nearPlace: 0 });
});

test('R peaks count by themselves, P and T marks do not, and every tally gets the lead', () => {
  const marked: MarkedWave[] = [{ ...mark(300), kind: 'P' }, mark(500), mark(900)];
  const tallies = [emptyRMarks(), emptyRMarks()];
  tallyRMarks(tallies, { marked, beats: [], rPeaks: [514, 916] }, samplingFrequency);
  for (const tally of tallies) expect(tally).toMatchObject({ marked: 2, nearRPeak: 1, nearPlace: 0 });
});
