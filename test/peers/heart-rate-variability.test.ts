/**
 * Heart-rate variability against NeuroKit2 and SciPy. Where the two differ by definition, the test says so:
 * - SDANN and SDNN index: NeuroKit2 counts five-minute segments from the first beat and keeps those filled to any share; ours
 *   must be filled to 80 %. On unbroken intervals they differ by which segment an interval at the seam belongs to.
 * - Artefacts: NeuroKit2 goes through the beats once, so the short interval of an ectopic beat is called long or short
 *   before its long one shows the pattern; ours looks for ectopic beats first. What is ectopic to it is to us as well, or
 *   lies within the pair.
 */
import { tmpdir } from 'node:os';
import { beforeAll, describe, expect, test } from 'vitest';
import { correctIntervals } from '../../src/beat/hrv/artefact-correction.ts';
import { heartRateVariability } from '../../src/beat/hrv/heart-rate-variability.ts';
import { rrIntervals } from '../../src/beat/hrv/rr-intervals.ts';
import { createRandom } from '../../src/random.ts';
import { lombScargle } from '../../src/signal/lomb-scargle.ts';
import { type Answer, callPeers, hasPeers } from './python.ts';

/** Beats at 1000 Hz: intervals of whole ms around 800 ms, with breathing, a slow wave and chance. */
function beatsAt1000(count: number): number[] {
  const random = createRandom(11);
  const beats = [0];
  for (let k = 0; k < count; k++) {
    const time = beats.at(-1)! / 1000;
    const breath = 40 * Math.sin(2 * Math.PI * 0.25 * time) + 30 * Math.sin(2 * Math.PI * 0.09 * time);
    beats.push(beats.at(-1)! + Math.round(800 + breath + 25 * random.normal()));
  }
  return beats;
}

interface Variability {
  readonly [name: `HRV_${string}`]: number;
  readonly alpha: number;
  readonly entropy: number;
}

const intervals = rrIntervals(beatsAt1000(1500), 1000);

const shorter = rrIntervals(beatsAt1000(700), 1000);
const withGaps = shorter.filter((_, k) => k % 50 < 40);
const gapTimes = withGaps.map(interval => interval.time);
const gapDurations = withGaps.map(({ duration }) => duration);
const lomb = lombScargle(Float64Array.from(gapTimes), Float64Array.from(gapDurations), 0.4);

const irregular = beatsAt1000(600);
irregular[100] = irregular[100]! - 300; // premature, with a full pause
irregular[400] = irregular[400]! - 280;
irregular.splice(200, 1); // missed
irregular.splice(300, 0, irregular[299]! + 250); // extra

describe.runIf(hasPeers)('heart-rate variability', () => {
  let answers: readonly Answer<unknown>[];
  beforeAll(() => {
    // In one Python: to import NeuroKit2 takes seconds.
    answers = callPeers(tmpdir(), [
      ['variability', { nn: intervals.map(({ duration }) => duration) }],
      ['lomb', { time: gapTimes, value: gapDurations, frequency: [...lomb.frequency] }],
      [
        'welch',
        {
          time: shorter.map(interval => interval.time),
          value: shorter.map(({ duration }) => duration),
          ...{ rate: 4, segment: 1024 },
        },
      ],
      ['artefacts', { peaks: irregular, fs: 1000 }],
    ]);
  }, 120_000);

  test('time domain, Poincaré, α₁ and sample entropy are those of NeuroKit2', () => {
    expect(intervals.every(({ isNormal }) => isNormal)).toBe(true);
    const ours = heartRateVariability(intervals);
    const { value: theirs, error } = answers[0] as Answer<Variability>;
    expect(error).toBeUndefined();
    expect(1000 * ours.meanNn!).toBeCloseTo(theirs!.HRV_MeanNN!, 9);
    expect(1000 * ours.sdnn!).toBeCloseTo(theirs!.HRV_SDNN!, 9);
    expect(1000 * ours.rmssd!).toBeCloseTo(theirs!.HRV_RMSSD!, 9);
    expect(1000 * ours.sd1!).toBeCloseTo(theirs!.HRV_SD1!, 9);
    expect(1000 * ours.sd2!).toBeCloseTo(theirs!.HRV_SD2!, 9);
    expect(ours.triangularIndex).toBeCloseTo(theirs!.HRV_HTI!, 9);
    expect(ours.dfaAlpha1).toBeCloseTo(theirs!.alpha, 9);
    expect(ours.sampleEntropy).toBeCloseTo(theirs!.entropy, 9);
    // NeuroKit2 divides by the number of intervals as well, and compares whole milliseconds.
    expect(100 * ours.pnn50!).toBeCloseTo(theirs!.HRV_pNN50!, 9);
    expect(1000 * ours.sdann!).toBeCloseTo(theirs!.HRV_SDANN5!, 0);
    expect(1000 * ours.sdnnIndex!).toBeCloseTo(theirs!.HRV_SDNNI5!, 0);
  });

  test('Lomb’s spectrum is SciPy’s times one factor, Welch’s is SciPy’s', () => {
    const welch = heartRateVariability(shorter).welch!;
    const theirs = answers[1]!.value as number[];
    const factor = lomb.density[0]! / theirs[0]!;
    const largest = Math.max(...lomb.density);
    for (const [k, density] of lomb.density.entries()) {
      expect(Math.abs(density - factor * theirs[k]!)).toBeLessThan(1e-8 * largest);
    }
    const scipy = (answers[2]!.value as { density: number[] }).density;
    expect(welch.spectrum.density.length).toBe(103);
    for (const [k, density] of welch.spectrum.density.entries()) {
      expect(density / scipy[k]!).toBeCloseTo(1, 6);
    }
  });

  test('artefacts are where NeuroKit2 finds them', () => {
    const ours = correctIntervals(irregular, 1000).artefacts;
    const { value, error } = answers[3] as Answer<Record<string, number[]>>;
    expect(error).toBeUndefined();
    // Theirs are beats, the end of the interval in question.
    const of = (kind: string): number[] => ours.filter(a => a.kind === kind).map(a => a.interval + 1);
    expect(of('ectopic')).toEqual(expect.arrayContaining([101, 401]));
    expect(of('missed')).toEqual([200]);
    expect(of('extra')).toEqual([300]);
    expect(value!.missed).toEqual([200]);
    expect(value!.extra).toEqual([300]);
    for (const beat of of('ectopic')) expect(value!.ectopic).toContain(beat);
  });
});
