/**
 * The conditional logit model of choice among candidates (McFadden, in Zarembka, Frontiers in Econometrics, 1974,
 * 105–142): the score of a candidate is a weighted sum of its features, and a softmax over all candidates gives
 * probabilities. The weights are fitted to choices that people made, by Newton's method on the likelihood, which is
 * concave.
 */
import { InputError } from '../../input-error.ts';

/** The score of each candidate: the weighted sum of its features, one row of `features` per candidate. */
export function choiceScores(weights: ArrayLike<number>, features: Float64Array): Float64Array {
  const size = weights.length;
  const scores = new Float64Array(features.length / size);
  for (let c = 0; c < scores.length; c++) {
    let score = 0;
    for (let j = 0; j < size; j++) score += weights[j]! * features[c * size + j]!;
    scores[c] = score;
  }
  return scores;
}

/** The index of the highest score. */
export function mostProbable(scores: ArrayLike<number>): number {
  let best = 0;
  for (let i = 1; i < scores.length; i++) if (scores[i]! > scores[best]!) best = i;
  return best;
}

/** Replaces the scores by the probabilities of the candidates, in place. */
export function probabilities(scores: Float64Array): Float64Array {
  let highest = Number.NEGATIVE_INFINITY;
  for (const score of scores) highest = Math.max(highest, score);
  let sum = 0;
  for (let c = 0; c < scores.length; c++) {
    scores[c] = Math.exp(scores[c]! - highest);
    sum += scores[c]!;
  }
  for (let c = 0; c < scores.length; c++) scores[c]! /= sum;
  return scores;
}

/** A choice that was made: the features and times of the candidates, and the marked time. */
export interface ChoiceExample {
  /** Features, one row per candidate. */
  readonly features: Float64Array;
  /** Times of the candidates, ms. */
  readonly times: Float64Array;
  /** The marked time, ms. */
  readonly time: number;
}

/**
 * A mark is treated as a normal distribution with this standard deviation, ms: the disagreement of two annotators about
 * an onset.
 */
const markDeviation = 8;
/** Strength of the ridge penalty. */
const ridge = 1e-4;

/**
 * The weights, one per feature, that maximise the likelihood of the marks, and the mean cross-entropy before each step.
 * Throws `RangeError` without examples.
 */
export function fitChoice(
  examples: readonly ChoiceExample[],
  mostSteps = 12,
): { weights: number[]; losses: number[] } {
  const [any] = examples;
  if (any === undefined) throw new InputError('no examples to fit a choice to');
  const size = any.features.length / any.times.length;
  const { mean, deviation } = moments(examples, size);
  // Weights of the standardised features, so that Newton's method needs no tuning.
  const weights = new Float64Array(size);
  const losses: number[] = [];
  const row = new Float64Array(size);
  const expected = new Float64Array(size);
  const targets = examples.map(({ times, time }) =>
    probabilities(times.map(t => -(((t - time) / markDeviation) ** 2) / 2)),
  );
  for (let step = 0; step < mostSteps; step++) {
    let loss = 0;
    const gradient = new Float64Array(size);
    const hessian = Array.from({ length: size }, () => new Float64Array(size));
    const scaled = weights.map((w, j) => w / deviation[j]!);
    for (const [e, { features, times }] of examples.entries()) {
      const target = targets[e]!;
      const probability = probabilities(choiceScores(scaled, features));
      expected.fill(0);
      for (let c = 0; c < times.length; c++) {
        const p = probability[c]!;
        loss -= target[c]! * Math.log(p + 1e-300);
        for (let j = 0; j < size; j++) {
          row[j] = (features[c * size + j]! - mean[j]!) / deviation[j]!;
          gradient[j]! += (p - target[c]!) * row[j]!;
          expected[j]! += p * row[j]!;
        }
        for (let j = 0; j < size; j++) {
          const line = hessian[j]!;
          const weighted = p * row[j]!;
          for (let k = 0; k <= j; k++) line[k]! += weighted * row[k]!;
        }
      }
      for (let j = 0; j < size; j++) {
        for (let k = 0; k <= j; k++) hessian[j]![k]! -= expected[j]! * expected[k]!;
      }
    }
    const n = examples.length;
    losses.push(loss / n);
    for (let j = 0; j < size; j++) {
      gradient[j] = gradient[j]! / n + 2 * ridge * weights[j]!;
      for (let k = 0; k <= j; k++) {
        const value = hessian[j]![k]! / n + (j === k ? 2 * ridge : 0);
        hessian[j]![k] = value;
        hessian[k]![j] = value;
      }
    }
    const change = solve(hessian, gradient);
    for (let j = 0; j < size; j++) weights[j]! -= change[j]!;
    // Newton's method converges quadratically: the next change would be below rounding.
    if (change.every(c => Math.abs(c) < 1e-9)) break;
  }
  return { weights: Array.from(weights, (w, j) => w / deviation[j]!), losses };
}

function moments(
  examples: readonly ChoiceExample[],
  size: number,
): { mean: Float64Array; deviation: Float64Array } {
  const mean = new Float64Array(size);
  const square = new Float64Array(size);
  let count = 0;
  for (const { features } of examples) {
    count += features.length / size;
    for (let i = 0; i < features.length; i++) {
      mean[i % size]! += features[i]!;
      square[i % size]! += features[i]! ** 2;
    }
  }
  for (let j = 0; j < size; j++) mean[j]! /= count;
  return { mean, deviation: square.map((sum, j) => Math.sqrt(sum / count - mean[j]! ** 2) || 1) };
}

/** Solves A·x = b for a symmetric positive definite A by Cholesky decomposition. */
function solve(a: readonly Float64Array[], b: Float64Array): Float64Array {
  const n = b.length;
  const lower = a.map(row => row.slice());
  for (let j = 0; j < n; j++) {
    for (let k = 0; k < j; k++) lower[j]![j]! -= lower[j]![k]! ** 2;
    const pivot = Math.sqrt(lower[j]![j]!);
    lower[j]![j] = pivot;
    for (let i = j + 1; i < n; i++) {
      for (let k = 0; k < j; k++) lower[i]![j]! -= lower[i]![k]! * lower[j]![k]!;
      lower[i]![j]! /= pivot;
    }
  }
  const x = b.slice();
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < i; k++) x[i]! -= lower[i]![k]! * x[k]!;
    x[i]! /= lower[i]![i]!;
  }
  for (let i = n - 1; i >= 0; i--) {
    for (let k = i + 1; k < n; k++) x[i]! -= lower[k]![i]! * x[k]!;
    x[i]! /= lower[i]![i]!;
  }
  return x;
}
