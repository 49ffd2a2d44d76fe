/** The noise of the grids. */
import { levelsForSnr, withNoise } from '../../synth/noise.ts';
import type { SyntheticEcg } from '../../synth/synthesize.ts';

/** Mostly white and muscle noise, with some baseline wander, at `snrDb` as the Noise Stress Test counts it. */
export function noisyVoltage(ecg: SyntheticEcg, snrDb: number, seed: number): Float64Array {
  const levels = levelsForSnr(ecg, { baselineWander: 0.5, muscle: 1, white: 1 }, snrDb, seed);
  return withNoise(ecg, levels, seed).leads[0]!.voltage;
}
