/** Probability of atrial fibrillation or flutter at each beat, by logistic regression on the rhythm features. */
import type { BeatFeatures } from '../features/beat-features.ts';
import { rhythmFeatureNames, rhythmFeatures } from './rhythm-features.ts';
import { rhythmModel } from './rhythm-model.ts';

/**
 * The probability of atrial fibrillation or flutter at each beat, from the 20 beats on each side of it, later ones
 * included; NaN where the signal around a beat is invalid. `voltage` is in mV, `rPeaks` are ascending sample indices,
 * and `features` are those of `beatFeatures` for the same beats. For research use only: the model was fitted to
 * single-lead recordings of half a minute.
 */
export function fibrillationProbability(
  voltage: Float64Array,
  rPeaks: ArrayLike<number>,
  features: BeatFeatures,
): Float64Array {
  return fibrillationOf(rhythmFeatures(voltage, rPeaks, features));
}

/** As `fibrillationProbability`, from the rows of `rhythmFeatures`. */
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
