/** Noise for the grids of synthetic ECGs. */
import { levelsForSnr, withNoise } from '../../synth/noise.ts';
import type { SyntheticEcg } from '../../synth/synthesize.ts';

/**
 * The voltage (mV) with mostly white and muscle noise and some baseline wander, at a signal-to-noise ratio of `snrDb`
 * as defined by the MIT-BIH Noise Stress Test Database.
 */
export function noisyVoltage(ecg: SyntheticEcg, snrDb: number, seed: number): Float64Array {
  const levels = levelsForSnr(ecg, { baselineWander: 0.5, muscle: 1, white: 1 }, snrDb, seed);
  return withNoise(ecg, levels, seed).leads[0]!.voltage;
}
