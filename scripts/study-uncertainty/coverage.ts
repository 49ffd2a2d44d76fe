/** Coverage of the stated 95 % intervals on synthetic ECG, over many realisations of the noise. */

import { measureWaves, rrBefore } from '../../src/beat/intervals/measure-intervals.ts';
import { measureSlopes } from '../../src/beat/slopes/measure-slopes.ts';
import { type IntervalQuantity, intervalQuantities } from '../../src/beat/uncertainty/interval-quantities.ts';
import { measureIntervalUncertainty } from '../../src/beat/uncertainty/interval-uncertainty.ts';
import type { Uncertainty } from '../../src/beat/uncertainty/noisy-copies.ts';
import { preciseWaves } from '../../src/beat/uncertainty/precise-waves.ts';
import { measureUncertainty, preciseBeats } from '../../src/beat/uncertainty/slope-uncertainty.ts';
import {
  type PreciseBeat,
  statedBeat,
  type UncertainQuantity,
  uncertainQuantities,
} from '../../src/beat/uncertainty/uncertain-quantities.ts';
import { standardLead } from '../../src/synth/leads.ts';
import { levelsForSnr, withNoise } from '../../src/synth/noise.ts';
import { synthesize } from '../../src/synth/synthesize.ts';

export interface Condition {
  /** Hz. */
  readonly samplingFrequency: number;
  readonly snrDb: number;
  /** White noise, or muscle noise, which is band-limited. */
  readonly noise: 'white' | 'muscle';
}

export type Quantity = UncertainQuantity | 'rrBefore';
export const quantities: readonly Quantity[] = [
  ...(Object.keys(uncertainQuantities) as UncertainQuantity[]),
  'rrBefore',
];

/** For one quantity: the number of beats whose interval contains the true value, and of all beats. */
export interface Coverage {
  readonly held: number;
  readonly beats: number;
}

/** Quantities of `intervals` in one lead. */
export const waveQuantities = [
  'pOnset',
  'pPeak',
  'pOffset',
  'tOnset',
  'tPeak',
  'tOffset',
  'p',
  'pr',
  'qrs',
  'qt',
  'jt',
  'tPeakTEnd',
  'rr',
  'qtcFridericia',
  'pAmplitude',
  'rAmplitude',
  'sAmplitude',
  'tAmplitude',
  'stJ',
  'stJ40',
  'stJ60',
  'stJ80',
  'stSlope',
] as const satisfies readonly IntervalQuantity[];
export type WaveQuantity = (typeof waveQuantities)[number];

/** As `coverageOf`, for the boundaries, intervals, amplitudes and ST segment that `intervals` measures. */
export function waveCoverageOf(
  condition: Condition,
  seconds: number,
  seed: number,
): Readonly<Record<WaveQuantity, Coverage>> {
  const { samplingFrequency } = condition;
  const { voltage, clean, rPeaks, marked } = noisyEcg(condition, seconds, seed);
  const leads = [{ name: 'II', voltage }];
  const rr = rrBefore(marked, samplingFrequency);
  const beats = measureWaves(leads, samplingFrequency, marked, rr).beats;
  const uncertainty = measureIntervalUncertainty(leads, samplingFrequency, beats);
  if (uncertainty === undefined) throw new Error(`no uncertainty at ${JSON.stringify(condition)}`);
  const truths = preciseWaves([{ name: 'II', voltage: clean }], samplingFrequency, rPeaks);
  const tally = emptyTally(waveQuantities);
  for (const [k, beat] of beats.entries()) {
    for (const name of waveQuantities) {
      const of = intervalQuantities[name];
      const value = of(beat.leads[0]!, samplingFrequency);
      const truth = of(truths[k]!.leads[0]!, samplingFrequency);
      count(tally[name], value, truth, uncertainty.beats[k]!.leads[0]![name]);
    }
  }
  return tally;
}

const emptyTally = <Name extends string>(names: readonly Name[]) =>
  Object.fromEntries(names.map(name => [name, { held: 0, beats: 0 }])) as Record<Name, Tally>;

interface Tally {
  held: number;
  beats: number;
}

/** Counts a beat whose value, true value and uncertainty are known. */
function count(
  tally: Tally,
  value: number | undefined,
  truth: number | undefined,
  told: Uncertainty | undefined,
): void {
  if (value === undefined || truth === undefined || told === undefined) return;
  tally.beats++;
  if (Math.abs(value - told.bias - truth) <= 1.96 * told.se) tally.held++;
}

/** A synthetic lead with and without noise, its R peaks, and the R peaks as a detector marks them in noise. */
function noisyEcg({ samplingFrequency, snrDb, noise }: Condition, seconds: number, seed: number) {
  const exact = synthesize({
    samplingFrequency,
    seconds,
    seed,
    leads: [standardLead('II')],
    beatVariation: 0.03,
  });
  const ecg = withNoise(exact, levelsForSnr(exact, { [noise]: 1 }, snrDb, seed), seed);
  const rPeaks = exact.beats
    .map(({ rPeak }) => rPeak.sample)
    .filter(sample => sample > 0.5 * samplingFrequency && sample < (seconds - 0.6) * samplingFrequency);
  const { voltage, clean } = ecg.leads[0]!;
  const marked = measureSlopes(voltage, samplingFrequency, rPeaks).beats.map(
    ({ peakSample, rPeak }) => peakSample ?? rPeak,
  );
  return { voltage, clean, rPeaks, marked };
}

/**
 * The true value is that of the same measurement without noise. A beat in which it belongs to another deflection of
 * similar size, or to a boundary elsewhere, counts as not covered.
 */
export function coverageOf(
  condition: Condition,
  seconds: number,
  seed: number,
): Readonly<Record<Quantity, Coverage>> {
  const { samplingFrequency } = condition;
  const { voltage, clean, rPeaks, marked } = noisyEcg(condition, seconds, seed);
  const exact = measureSlopes(clean, samplingFrequency, rPeaks);
  const measurement = measureSlopes(voltage, samplingFrequency, marked);
  const uncertainty = measureUncertainty(voltage, samplingFrequency, measurement);
  if (uncertainty === undefined) throw new Error(`no uncertainty at ${JSON.stringify(condition)}`);
  const tally = emptyTally(quantities);
  const truths = preciseBeats(clean, exact);
  const found = measurement.beats.map(statedBeat);
  for (const k of found.keys()) {
    for (const name of quantities) {
      const of = (beats: readonly PreciseBeat[]): number | undefined => {
        if (name !== 'rrBefore') return uncertainQuantities[name](beats[k]!, samplingFrequency);
        const [a, b] = [beats[k - 1]?.peak, beats[k]!.peak];
        return a === undefined || b === undefined ? undefined : (b - a) / samplingFrequency;
      };
      count(tally[name], of(found), of(truths), uncertainty.beats[k]![name]);
    }
  }
  return tally;
}
