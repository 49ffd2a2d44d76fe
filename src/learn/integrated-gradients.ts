/**
 * The contribution of each sample to a score by integrated gradients (Sundararajan, Taly & Yan 2017, ICML): the mean
 * gradient along the straight line from a baseline to the beat, times the difference between them. The contributions
 * sum to the difference in score between beat and baseline; `completenessError` measures the deviation.
 *
 * The gradient is discontinuous where a feature's maximum or minimum changes. The score is known at the ends of every part
 * of the line, so the parts that deviate most from it are halved until the sum is accurate or the limit is reached.
 */

import { grad } from '../diff/grad.ts';
import type { Tensor } from '../diff/tensor.ts';
import { InputError } from '../input-error.ts';

export interface IntegratedGradients {
  /** The contribution of each sample, in units of the score. */
  readonly contributions: Float64Array;
  /** The score of the beat and that of the baseline. */
  readonly score: number;
  readonly baselineScore: number;
  /** |Σ contributions − (score − baseline score)| over |score − baseline score|. */
  readonly completenessError: number;
  /** Parts of the line, each by the midpoint rule. */
  readonly steps: number;
}

/** The completeness error that is accepted. */
const wanted = 0.005;
/** Number of parts at first, and largest number of gradients. */
const [fewest, most] = [32, 512];
/** Halved are the parts whose deviation is at least this fraction of the largest one. */
const halvedShare = 0.25;

/** A part of the line, `[from, to]` of 0 to 1, with the scores at its ends. */
interface LinePart {
  readonly from: number;
  readonly to: number;
  readonly scores: readonly [number, number];
  readonly contributions: Float64Array;
  /** Sum of the contributions minus the difference in score. */
  readonly deviation: number;
}

/**
 * The integrated gradients of a differentiable scalar `score` from `baseline` to `at`, which have the same shape, by
 * the midpoint rule in adaptive parts. Throws `RangeError` when the shapes differ.
 */
export const integratedGradients = (
  score: (x: Tensor) => Tensor,
  at: Tensor,
  baseline: Tensor,
): IntegratedGradients =>
  integratedGradientsOf({ scoreOf: x => score(x).data[0]!, gradientAt: grad(score) }, at, baseline);

/** A scalar function and its gradient, whose data may be overwritten by the next call. */
export interface ScoreAndGradient {
  readonly scoreOf: (x: Tensor) => number;
  readonly gradientAt: (x: Tensor) => Tensor;
}

/** As `integratedGradients`, of a score whose gradient is given. */
export function integratedGradientsOf(
  { scoreOf, gradientAt }: ScoreAndGradient,
  at: Tensor,
  baseline: Tensor,
): IntegratedGradients {
  const length = at.data.length;
  if (baseline.data.length !== length) {
    throw new InputError(`integratedGradients: ${baseline.data.length} samples of baseline for ${length}`);
  }
  const [end, start] = [scoreOf(at), scoreOf(baseline)];
  const difference = Float64Array.from(at.data, (value, k) => value - baseline.data[k]!);
  const pointAt = (t: number): Tensor => ({
    shape: at.shape,
    data: baseline.data.map((value, k) => value + t * difference[k]!),
  });
  const partOf = (from: number, to: number, scores: readonly [number, number]): LinePart => {
    const { data } = gradientAt(pointAt((from + to) / 2));
    const contributions = difference.map((value, k) => value * data[k]! * (to - from));
    const sum = contributions.reduce((total, value) => total + value, 0);
    return { from, to, scores, contributions, deviation: sum - (scores[1] - scores[0]) };
  };
  const halves = ({ from, to, scores }: LinePart): LinePart[] => {
    const middle = (from + to) / 2;
    const between = scoreOf(pointAt(middle));
    return [partOf(from, middle, [scores[0], between]), partOf(middle, to, [between, scores[1]])];
  };

  const scores = Array.from({ length: fewest + 1 }, (_, k) =>
    k === 0 ? start : k === fewest ? end : scoreOf(pointAt(k / fewest)),
  );
  let parts = Array.from({ length: fewest }, (_, k) =>
    partOf(k / fewest, (k + 1) / fewest, [scores[k]!, scores[k + 1]!]),
  );
  const errorOf = (): number =>
    Math.abs(parts.reduce((sum, { deviation }) => sum + deviation, 0)) /
    Math.max(Math.abs(end - start), 1e-9);
  for (let gradients = fewest; errorOf() > wanted && gradients < most; ) {
    const largest = Math.max(...parts.map(({ deviation }) => Math.abs(deviation)));
    const before = parts.length;
    parts = parts.flatMap(part =>
      Math.abs(part.deviation) >= halvedShare * largest ? halves(part) : [part],
    );
    gradients += 2 * (parts.length - before);
  }
  const contributions = new Float64Array(length);
  for (const part of parts)
    part.contributions.forEach((value, k) => {
      contributions[k]! += value;
    });
  return {
    ...{ contributions, score: end, baselineScore: start },
    ...{ completenessError: errorOf(), steps: parts.length },
  };
}
