/**
 * The probability of atrial fibrillation or flutter at each beat, from the 20 beats on each side of it, later ones
 * included; NaN where a beat's surroundings are invalid. `voltage` is in mV; `features` are those of `beatFeatures` for
 * the same beats. For research use only: fitted on single leads of half a minute.
 */
import type { BeatFeatures } from '../features/beat-features.ts';
import { rhythmFeatureNames, rhythmFeatures } from './rhythm-features.ts';
import { rhythmModel } from './rhythm-model.ts';

/**
 * The probability of atrial fibrillation or flutter at each beat, from the 20 beats on each side of it (whole record:
 * what comes after a beat counts too); NaN where a beat's surroundings are invalid. `voltage` in mV; `features` as
 * `beatFeatures` gives them for the same beats. Research use only: it was fitted on single leads of half a minute.
 */
export function fibrillationProbability(
  voltage: Float64Array,
  rPeaks: ArrayLike<number>,
  features: BeatFeatures,
): Float64Array {
  return fibrillationOf(rhythmFeatures(voltage, rPeaks, features));
}

/** The same from the rows of `rhythmFeatures`. */
export function fibrillationOf(rows: Float64Array): Float64Array {
  const width = rhythmFeatureNames.length;
  const { mean, scale, weights, bias } = rhythmModel;
  return Float64Array.from({ length: rows.length / width }, (_, beat) => {
    let score: number = bias;
    for (let k = 0; k < width; k++) {
      score += (weights[k]! * (rows[beat * width + k]! - mean[k]!)) / scale[k]!;
    }
    return 1 / (1 + Math.exp(-score));
  });
}
