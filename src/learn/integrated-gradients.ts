/**
 * The contribution of each sample to a score by integrated gradients (Sundararajan, Taly & Yan 2017, ICML): the mean
 * gradient along the straight line from a baseline to the beat, times the difference between them. The contributions
 * sum to the difference in score between beat and baseline; `completenessError` measures the deviation.
 *
 * The gradient is discontinuous where a feature's maximum or minimum changes, so the line is subdivided until the sum
 * is accurate or the limit of steps is reached.
 */

import { grad } from '../diff/grad.ts';
import { full, type Tensor } from '../diff/tensor.ts';
import { InputError } from '../input-error.ts';

export interface IntegratedGradients {
  /** The contribution of each sample, in units of the score. */
  readonly contributions: Float64Array;
  /** The score of the beat and that of the baseline. */
  readonly score: number;
  readonly baselineScore: number;
  /** |Σ contributions − (score − baseline score)| over |score − baseline score|. */
  readonly completenessError: number;
  /** Steps of the midpoint rule. */
  readonly steps: number;
}

/** The completeness error that is accepted. */
const wanted = 0.005;
const [fewest, most] = [32, 512];

/**
 * The integrated gradients of a differentiable scalar `score` from `baseline` to `at`, which have the same shape, by
 * the midpoint rule. Throws `RangeError` when the shapes differ.
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
