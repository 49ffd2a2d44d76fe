import { expect, test } from 'vitest';
import { measureIntervals } from '../../../src/beat/intervals/measure-intervals.ts';
import {
  medianReach,
  noExtents,
  reachAround,
  widestReach,
} from '../../../src/beat/intervals/median-reach.ts';
import { median } from '../../../src/statistics.ts';
import { shapes } from '../../../src/synth/activation-rhythms.ts';
import { type Activation, synthesizeActivations } from '../../../src/synth/activation-synthesis.ts';

const samplingFrequency = 500;

/** A steady rhythm with T peaks at `tPeak` s after R, and its R peaks. */
function rhythm(rr: number, tPeak: number) {
  const waves = {
    P: [{ center: -0.16, width: 0.02, amplitude: 0.12 }],
    QRS: shapes.junctional(rr).QRS,
    T: [{ center: tPeak, width: 0.045, amplitude: 0.3 }],
  };
  const events = Array.from({ length: 30 }, (_, k): Activation => ({ time: 1 + k * rr, symbol: 'N', waves }));
  const { leads } = synthesizeActivations(events, 32 * rr, samplingFrequency);
  return {
    lead: { name: 'II', voltage: leads[0]!.voltage },
    rPeaks: events.map(({ time }) => Math.round(time * samplingFrequency)),
  };
}

test.each([
  [0.8, 0.3],
  [0.8, 0.44],
  [0.9, 0.54],
  [1, 0.62],
  [1.2, 0.7],
  [0.5, 0.2],
])('with RR %d s and T at %d s the median beat has the QT interval of its beats', (rr, tPeak) => {
  const { lead, rPeaks } = rhythm(rr, tPeak);
  const measured = measureIntervals([lead], samplingFrequency, rPeaks);
  const ofBeats = median(measured.beats.slice(1, -1).flatMap(({ intervals }) => intervals.qt ?? []));
  expect(Math.abs(measured.median!.intervals.qt! - ofBeats)).toBeLessThan(0.012);
  expect(measured.median!.intervals.pr).toBeCloseTo(
    median(measured.beats.slice(1, -1).flatMap(({ intervals }) => intervals.pr ?? [])),
    1,
  );
});

test('a median beat whose waves are clear of its ends reaches as far as usual', () => {
  const usual = medianReach([0.8, 0.8])!;
  expect(usual.before + usual.after).toBeCloseTo(0.8, 12);
  expect(reachAround(usual, { starts: [0.2], ends: [0.35], next: [0.8] })).toEqual(usual);
  expect(reachAround(usual, noExtents())).toEqual(usual);
});

test('it ends midway between T and the next P, within the widest reach, and before an early next beat', () => {
  const usual = medianReach([1])!;
  const long = reachAround(usual, { starts: [0.2], ends: [0.66], next: [1] });
  expect(long.after).toBeCloseTo(0.73, 12);
  expect(long.before).toBeCloseTo(0.27, 12);
  const widest = widestReach(usual);
  const touching = reachAround(usual, { starts: [0.1], ends: [0.95], next: [1] });
  expect(touching.after).toBeLessThanOrEqual(widest.after);
  expect(touching.before).toBeGreaterThan(0);
  expect(reachAround(usual, { starts: [0.2], ends: [0.35], next: [0.5] }).after).toBeCloseTo(0.4, 12);
});
