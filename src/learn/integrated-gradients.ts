/**
 * How much of a score each sample accounts for: integrated gradients (Sundararajan, Taly & Yan 2017, ICML), the mean
 * gradient on the straight way from a baseline to the beat, times what sets the two apart. The contributions sum to the
 * score's difference between beat and baseline: `completeness` says how nearly.
 *
 * Features with a maximum or minimum have kinks, where the gradient jumps: the way is cut into more and more pieces until
 * the sum is right or the pieces are as many as allowed.
 */

import { grad } from '../diff/grad.ts';
import { full, type Tensor } from '../diff/tensor.ts';
import { InputError } from '../input-error.ts';

export interface IntegratedGradients {
  /** Contribution of each sample; the unit is the score's. */
  readonly contributions: Float64Array;
  /** Score of the beat and of the baseline. */
  readonly score: number;
  readonly baselineScore: number;
  /** |Σ contributions − (score − baseline score)| over |score − baseline score|. */
  readonly completenessError: number;
  /** Pieces the way was cut into. */
  readonly steps: number;
}

/** Completeness that is asked for. */
const wanted = 0.005;
const [fewest, most] = [32, 512];

/**
 * Integrated gradients of a differentiable scalar `score` from `baseline` to `at`, of the same shape, by the midpoint
 * rule. Throws `RangeError` when the shapes differ.
 */
export function integratedGradients(
  score: (x: Tensor) => Tensor,
  at: Tensor,
  baseline: Tensor,
): IntegratedGradients {
  const length = at.data.length;
  if (baseline.data.length !== length) {
    throw new InputError(`integratedGradients: ${baseline.data.length} samples of baseline for ${length}`);
  }
  const gradientAt = grad(score);
  const scoreOf = (x: Tensor): number => score(x).data[0]!;
  const [end, start] = [scoreOf(at), scoreOf(baseline)];
  const difference = Float64Array.from(at.data, (value, k) => value - baseline.data[k]!);
  const point = full(at.shape, 0);
  for (let steps = fewest; ; steps *= 2) {
    const contributions = new Float64Array(length);
    for (let step = 0; step < steps; step++) {
      const t = (step + 0.5) / steps;
      for (let k = 0; k < length; k++) point.data[k] = baseline.data[k]! + t * difference[k]!;
      const { data } = gradientAt(point);
      for (let k = 0; k < length; k++) contributions[k]! += (data[k]! * difference[k]!) / steps;
    }
    const total = contributions.reduce((sum, value) => sum + value, 0);
    const error = Math.abs(total - (end - start)) / Math.max(Math.abs(end - start), 1e-9);
    if (error <= wanted || steps >= most) {
      return { contributions, score: end, baselineScore: start, completenessError: error, steps };
    }
  }
}
