/** How often the stated 95 % intervals hold the truth, on synthetic ECG in noise of many draws. */
import { measureSlopes } from '../../src/beat/slopes/measure-slopes.ts';
import {
  measureUncertainty,
  type PreciseBeat,
  preciseBeats,
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
  const truths = preciseBeats(ecg.leads[0]!.clean, samplingFrequency, exact);
  const whole = (beat: PreciseBeat): PreciseBeat => ({
    ...beat,
    peak: beat.beat.peakSample,
    onset: beat.beat.qrsOnset,
    offset: beat.beat.qrsOffset,
  });
  const found = measurement.beats.map(beat => whole({ beat, peak: 0, onset: 0, offset: 0 }));
  for (const k of found.keys()) {
    for (const name of quantities) {
      const of = (beats: readonly PreciseBeat[]): number | undefined => {
        if (name !== 'rrBefore') return uncertainQuantities[name](beats[k]!, samplingFrequency);
        const [a, b] = [beats[k - 1]?.peak, beats[k]!.peak];
        return a === undefined || b === undefined ? undefined : (b - a) / samplingFrequency;
      };
      const [value, truth, told] = [of(found), of(truths), uncertainty.beats[k]![name]];
      if (value === undefined || truth === undefined || told === undefined) continue;
      tally[name].beats++;
      if (Math.abs(value - told.bias - truth) <= 1.96 * told.se) tally[name].held++;
    }
  }
  return tally;
}
