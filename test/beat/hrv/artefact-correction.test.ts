import { describe, expect, test } from 'vitest';
import { correctIntervals } from '../../../src/beat/hrv/artefact-correction.ts';
import { heartRateVariability } from '../../../src/beat/hrv/heart-rate-variability.ts';
import { createRandom } from '../../../src/random.ts';

/** Beats in ms at 1000 Hz with a breathing sinus rhythm around 800 ms. */
function sinusBeats(count: number): number[] {
  const random = createRandom(5);
  const beats = [0];
  for (let k = 0; k < count; k++) {
    const wave = 35 * Math.sin(beats.at(-1)! / 1000 / 0.6);
    beats.push(beats.at(-1)! + Math.round(800 + wave + 8 * random.normal()));
  }
  return beats;
}

const places = (beats: readonly number[], kind: string): number[] =>
  correctIntervals(beats, 1000)
    .artefacts.filter(a => a.kind === kind)
    .map(a => a.interval);

describe('correctIntervals', () => {
  test('a clean rhythm stays as it is', () => {
    const beats = sinusBeats(300);
    const { intervals, artefacts, correctedShare } = correctIntervals(beats, 1000);
    expect(artefacts).toEqual([]);
    expect(correctedShare).toBe(0);
    expect(intervals.map(({ duration }) => Math.round(1000 * duration))).toEqual(
      beats.slice(1).map((beat, k) => beat - beats[k]!),
    );
  });

  test.each([10, 150, 290])(
    'an ectopic beat, a missed one and an extra one at beat %i are told apart',
    at => {
      const clean = sinusBeats(300);
      const premature = clean.map((beat, k) => (k === at ? beat - 280 : beat));
      expect(places(premature, 'ectopic')).toEqual([at]);
      const late = clean.map((beat, k) => (k === at ? beat + 250 : beat));
      expect(places(late, 'ectopic')).toEqual([at]);
      const missed = clean.filter((_, k) => k !== at);
      expect(places(missed, 'missed')).toEqual([at - 1]);
      const extra = [...clean.slice(0, at), clean[at - 1]! + 300, ...clean.slice(at)];
      expect(places(extra, 'extra')).toEqual([at - 1]);
    },
  );

  test('what is corrected is near what was there, and the count of beats is right again', () => {
    const clean = sinusBeats(400);
    const spoiled = clean
      .map((beat, k) => (k % 40 === 20 ? beat - 250 : beat))
      .filter((_, k) => k % 97 !== 96);
    const { intervals, correctedShare } = correctIntervals(spoiled, 1000);
    expect(intervals).toHaveLength(400);
    // Ten premature beats with two intervals each; four missed ones, each an interval that becomes two.
    expect(correctedShare).toBeCloseTo(28 / 400, 12);
    const truth = clean.slice(1).map((beat, k) => beat - clean[k]!);
    for (const [k, { duration }] of intervals.entries()) {
      expect(Math.abs(1000 * duration - truth[k]!)).toBeLessThan(60);
    }
    const before = heartRateVariability(correctIntervals(clean, 1000).intervals);
    const after = heartRateVariability(intervals);
    expect(after.sdnn! / before.sdnn!).toBeCloseTo(1, 1);
    expect(after.rmssd! / before.rmssd!).toBeCloseTo(1, 1);
  });

  test('in quadrigeminy labels identify beats that thresholds cannot', () => {
    const beats = sinusBeats(200).map((beat, k) => (k % 4 === 1 ? beat - 250 : beat));
    const symbols = beats.map((_, k) => (k % 4 === 1 ? 'V' : 'N'));
    expect(correctIntervals(beats, 1000).artefacts.length).toBeLessThan(30);
    const { artefacts, intervals } = correctIntervals(beats, 1000, [], symbols);
    expect(artefacts.filter(({ kind }) => kind === 'ectopic').length).toBeGreaterThanOrEqual(100);
    const truth = heartRateVariability(correctIntervals(sinusBeats(200), 1000).intervals);
    expect(heartRateVariability(intervals).sdnn! / truth.sdnn!).toBeCloseTo(1, 0);
    expect(heartRateVariability(intervals).rmssd!).toBeLessThan(truth.rmssd!);
    expect(() => correctIntervals(beats, 1000, [], ['N'])).toThrow('1 symbols for 201 beats');
  });

  test('an interval in signal that cannot be read is neither normal nor corrected', () => {
    const beats = sinusBeats(60);
    const { intervals } = correctIntervals(beats, 1000, [{ start: beats[30]! + 10, end: beats[30]! + 20 }]);
    expect(intervals.filter(({ isNormal }) => !isNormal)).toEqual([
      {
        time: beats[31]! / 1000,
        duration: (beats[31]! - beats[30]!) / 1000,
        isNormal: false,
        excluded: 'unreadable',
      },
    ]);
  });

  test('nothing is interpolated from an unreadable interval', () => {
    // Flutter of 12 s between two sinus beats, then an ectopic beat at every other interval.
    const durations = [...Array.from({ length: 20 }, () => 800), 12_000, 500, 1100, 500, 1100, 800, 800];
    const beats = [0];
    for (const ms of durations) beats.push(beats.at(-1)! + ms);
    const symbols = beats.map((_, k) => (k === 22 || k === 24 ? 'V' : 'N'));
    const flutter = [{ start: beats[20]! + 200, end: beats[21]! - 200 }];
    const { intervals, artefacts } = correctIntervals(beats, 1000, flutter, symbols);
    expect(intervals.filter(({ isNormal }) => !isNormal).map(({ excluded }) => excluded)).toEqual([
      'unreadable',
    ]);
    for (const { duration, isNormal } of intervals) if (isNormal) expect(duration).toBeCloseTo(0.8, 9);
    expect(artefacts.map(({ interval }) => interval)).toEqual([21, 22, 23, 24]);
  });

  test('equal intervals, few or none', () => {
    const even = Array.from({ length: 50 }, (_, k) => 800 * k);
    expect(correctIntervals(even, 1000).artefacts).toEqual([]);
    expect(correctIntervals([0, 800], 1000).intervals).toHaveLength(1);
    expect(correctIntervals([], 1000)).toEqual({ intervals: [], artefacts: [], correctedShare: 0 });
    expect(() => correctIntervals([5, 5], 1000)).toThrow('does not follow');
  });
});
