/** P waves without a QRS complex of their own, against the exact times of synthetic ECG. */
import { describe, expect, test } from 'vitest';
import { delineateWithAtrialEvents } from '../../../src/beat/delineate/atrial-events.ts';
import { delineateLeads } from '../../../src/beat/delineate/delineate-leads.ts';
import { createRandom, type Random } from '../../../src/random.ts';
import { completeBlock, shapes, steadyRhythm } from '../../../src/synth/activation-rhythms.ts';
import { type Activation, synthesizeActivations } from '../../../src/synth/activation-synthesis.ts';
import {
  blockedPrematureP,
  fixedRatioBlock,
  wenckebachBlock,
} from '../../../src/synth/blocked-conduction.ts';

const seconds = 60;
const samplingFrequency = 500;

/** Delineates a rhythm with 8 µV of noise in two leads, the second inverted; times in s. */
function delineated(rhythm: (random: Random) => Activation[]) {
  const random = createRandom(7);
  const events = rhythm(random);
  const heart = synthesizeActivations(events, seconds, samplingFrequency);
  const { voltage } = heart.leads[0]!;
  const leads = [voltage, voltage.map(value => -0.6 * value)].map(lead =>
    lead.map(value => value + 0.008 * random.normal()),
  );
  const rPeaks = heart.beats.map(({ rPeak }) => rPeak.sample);
  const { atrialEvents, leads: beats } = delineateWithAtrialEvents(leads, samplingFrequency, rPeaks);
  // A P wave whose QRS complex may follow after the end is not reported.
  const isInside = (time: number): boolean => time > 0.2 && time < seconds - 0.5;
  const isClear = (time: number): boolean =>
    heart.beats.every(beat => time < beat.qrsOnsetTime - 0.05 || time > beat.qrsOffsetTime + 0.05);
  return {
    truth: events
      .filter(({ symbol, time }) => symbol === undefined && isInside(time))
      .map(({ time }) => time),
    isClear,
    found: atrialEvents.map(({ peak }) => peak / samplingFrequency).filter(isInside),
    atrialEvents,
    beats,
  };
}

const hasNear = (list: readonly number[], time: number): boolean =>
  list.some(other => Math.abs(other - time) <= 0.02);

describe('delineateWithAtrialEvents', () => {
  test.each([
    ['complete block, narrow', (random: Random) => completeBlock(75, 34, shapes.junctional, seconds, random)],
    ['complete block, wide', (random: Random) => completeBlock(90, 29, shapes.ventricular, seconds, random)],
    ['2:1 block', (random: Random) => fixedRatioBlock(75, 2, seconds, random)],
    ['3:1 block', (random: Random) => fixedRatioBlock(90, 3, seconds, random)],
    ['Wenckebach 4:3', (random: Random) => wenckebachBlock(75, 4, seconds, random)],
    ['blocked premature P waves', (random: Random) => blockedPrematureP(70, 4, 0.6, seconds, random)],
  ])('of %s nearly all P waves are found, hardly any others, and none on a beat', (_, rhythm) => {
    const { truth, found, isClear, beats } = delineated(rhythm);
    const visible = truth.filter(isClear);
    expect(visible.length).toBeGreaterThan(12);
    expect(visible.filter(time => hasNear(found, time)).length / visible.length).toBeGreaterThan(0.95);
    expect(found.filter(time => !hasNear(truth, time)).length).toBeLessThanOrEqual(0.01 * found.length);
    const ofBeats = beats[0]!.flatMap(({ p }) => (p === undefined ? [] : [p.peak / samplingFrequency]));
    expect(truth.filter(time => hasNear(ofBeats, time)).length).toBeLessThanOrEqual(0.05 * truth.length);
  });

  test('conducted P waves stay with their beats, also where PR is prolonged from beat to beat', () => {
    const { beats } = delineated(random => wenckebachBlock(80, 5, seconds, random));
    for (const lead of beats) {
      expect(lead.filter(({ p }) => p !== undefined).length).toBeGreaterThan(0.97 * lead.length);
    }
  });

  test('in sinus rhythm there are no events, and every beat is as delineateLeads has it', () => {
    const random = createRandom(3);
    const heart = synthesizeActivations(
      steadyRhythm(70, shapes.sinus, seconds, random),
      seconds,
      samplingFrequency,
    );
    const leads = [heart.leads[0]!.voltage.map(value => value + 0.008 * random.normal())];
    const rPeaks = heart.beats.map(({ rPeak }) => rPeak.sample);
    const { atrialEvents, leads: beats } = delineateWithAtrialEvents(leads, samplingFrequency, rPeaks);
    expect(atrialEvents).toEqual([]);
    // The last complex has no bounds, and its P wave none to be searched from: it is found as an activation.
    const alone = delineateLeads(leads, samplingFrequency, rPeaks);
    expect(alone[0]!.at(-1)!.qrs.onset).toBeUndefined();
    expect(beats[0]!.slice(0, -1)).toEqual(alone[0]!.slice(0, -1));
  });

  test('boundaries lie around the peak: of a Gaussian P wave of SD 20 ms some 45 ms on either side', () => {
    const { atrialEvents } = delineated(random => fixedRatioBlock(75, 2, seconds, random));
    for (const { onset, peak, offset } of atrialEvents) {
      expect(peak - onset).toBeGreaterThan(0.025 * samplingFrequency);
      expect(peak - onset).toBeLessThan(0.07 * samplingFrequency);
      expect(offset - peak).toBeGreaterThan(0.025 * samplingFrequency);
      expect(offset - peak).toBeLessThan(0.07 * samplingFrequency);
    }
  });

  test('scale and polarity of the leads change nothing', () => {
    const heart = synthesizeActivations(
      completeBlock(75, 34, shapes.junctional, 20, createRandom(1)),
      20,
      samplingFrequency,
    );
    const { voltage } = heart.leads[0]!;
    const rPeaks = heart.beats.map(({ rPeak }) => rPeak.sample);
    const events = (factor: number) =>
      delineateWithAtrialEvents([voltage.map(v => factor * v)], samplingFrequency, rPeaks).atrialEvents;
    expect(events(1).length).toBeGreaterThan(10);
    expect(events(-2)).toEqual(events(1));
  });

  test.each([
    ['no beat', new Float64Array(5000), []],
    ['one beat', Float64Array.from({ length: 5000 }, (_, i) => (i === 2000 ? 1 : 0)), [2000]],
    ['a flat line', new Float64Array(5000), [1000, 2000, 3000]],
    ['invalid samples', new Float64Array(5000).fill(Number.NaN), [1000, 2000, 3000]],
    ['a lead shorter than the window', Float64Array.of(0, 1, 0), [0, 1]],
  ])('%s: no events', (_, voltage, rPeaks) => {
    const { atrialEvents, leads } = delineateWithAtrialEvents([voltage], samplingFrequency, rPeaks);
    expect(atrialEvents).toEqual([]);
    expect(leads[0]).toHaveLength(rPeaks.length);
  });
});
