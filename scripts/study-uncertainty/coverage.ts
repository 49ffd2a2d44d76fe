/** How often the stated 95 % intervals hold the truth, on synthetic ECG in noise of many draws. */
import { measureSlopes } from '../../src/beat/slopes/measure-slopes.ts';
import {
  measureUncertainty,
  type UncertainQuantity,
  uncertainQuantities,
} from '../../src/beat/uncertainty/slope-uncertainty.ts';
import { standardLead } from '../../src/synth/leads.ts';
import { levelsForSnr, withNoise } from '../../src/synth/noise.ts';
import { synthesize } from '../../src/synth/synthesize.ts';

export interface Condition {
  /** Hz. */
  readonly samplingFrequency: number;
  readonly snrDb: number;
  /** White, or that of muscle, which is band-limited. */
  readonly noise: 'white' | 'muscle';
}

export type Quantity = UncertainQuantity | 'rrBefore';
export const quantities: readonly Quantity[] = [
  ...(Object.keys(uncertainQuantities) as UncertainQuantity[]),
  'rrBefore',
];

/** Of one quantity: beats whose interval holds the truth, and all beats. */
export interface Coverage {
  readonly held: number;
  readonly beats: number;
}

/**
 * The truth is what the same measurement gives without noise. Where it gives another deflection of nearly one size, or a
 * border elsewhere, that counts as not held.
 */
export function coverageOf(
  condition: Condition,
  seconds: number,
  seed: number,
): Readonly<Record<Quantity, Coverage>> {
  const { samplingFrequency, snrDb, noise } = condition;
  const clean = synthesize({
    samplingFrequency,
    seconds,
    seed,
    leads: [standardLead('II')],
    beatVariation: 0.03,
  });
  const ecg = withNoise(clean, levelsForSnr(clean, { [noise]: 1 }, snrDb, seed), seed);
  const rPeaks = clean.beats
    .map(({ rPeak }) => rPeak.sample)
    .filter(sample => sample > 0.5 * samplingFrequency && sample < (seconds - 0.6) * samplingFrequency);
  const exact = measureSlopes(ecg.leads[0]!.clean, samplingFrequency, rPeaks).beats;
  const measurement = measureSlopes(ecg.leads[0]!.voltage, samplingFrequency, rPeaks);
  const uncertainty = measureUncertainty(ecg.leads[0]!.voltage, samplingFrequency, measurement);
  if (uncertainty === undefined) throw new Error(`no uncertainty at ${JSON.stringify(condition)}`);
  const tally = Object.fromEntries(quantities.map(name => [name, { held: 0, beats: 0 }])) as Record<
    Quantity,
    { held: number; beats: number }
  >;
  const peakTime = (beats: typeof exact, k: number): number | undefined => {
    const [a, b] = [beats[k - 1]?.peakSample, beats[k]?.peakSample];
    return a === undefined || b === undefined ? undefined : (b - a) / samplingFrequency;
  };
  for (const [k, beat] of measurement.beats.entries()) {
    for (const name of quantities) {
      const of = (beats: typeof exact): number | undefined =>
        name === 'rrBefore' ? peakTime(beats, k) : uncertainQuantities[name](beats[k]!, samplingFrequency);
      const [value, truth, told] = [of(measurement.beats), of(exact), uncertainty.beats[k]![name]];
      if (value === undefined || truth === undefined || told === undefined || beat === undefined) continue;
      tally[name].beats++;
      if (Math.abs(value - told.bias - truth) <= 1.96 * told.se) tally[name].held++;
    }
  }
  return tally;
}
