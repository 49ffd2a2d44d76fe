/** Fitting a boundary model's weights to marked examples: maximum likelihood by Newton's method. The loss is convex. */
import { type BoundaryModel, candidateCount } from './boundary-model.ts';

/** A marked boundary: `boundaryFeatures` around one anchor, and where it was marked, ms from the anchor. */
export interface BoundaryExample {
  readonly features: Float64Array;
  readonly time: number;
}

/** A mark is a bell of this deviation, ms: two people's marks of one onset differ by as much. */
const markDeviation = 8;
/** Strength of the pull towards small weights. */
const ridge = 1e-4;

/**
 * The model with the weights under which the marks are most likely. Returns the mean cross-entropy before each step
 * too. Throws `RangeError` without examples.
 */
export function fitBoundary(
  shape: Omit<BoundaryModel, 'weights'>,
  examples: readonly BoundaryExample[],
  steps = 12,
): { model: BoundaryModel; losses: number[] } {
  if (examples.length === 0) throw new RangeError('no examples to fit a boundary to');
  const size = shape.edges.length + 1;
  const candidates = candidateCount(shape);
  const { mean, deviation } = moments(examples, size);
  // Weights of the standardised features while fitting: the steps then need no tuning.
  const weights = new Float64Array(size);
  const losses: number[] = [];
  const probability = new Float64Array(candidates);
  const target = new Float64Array(candidates);
  const row = new Float64Array(size);
  for (let step = 0; step < steps; step++) {
    let loss = 0;
    const gradient = new Float64Array(size);
    const hessian = Array.from({ length: size }, () => new Float64Array(size));
    for (const { features: values, time } of examples) {
      for (let c = 0; c < candidates; c++) {
        let score = 0;
        for (let j = 0; j < size; j++) score += (weights[j]! * values[c * size + j]!) / deviation[j]!;
        probability[c] = score;
        target[c] = -(((shape.first + c * shape.step - time) / markDeviation) ** 2) / 2;
      }
      softmax(probability);
      softmax(target);
      const expected = new Float64Array(size);
      for (let c = 0; c < candidates; c++) {
        const p = probability[c]!;
        loss -= target[c]! * Math.log(p + 1e-300);
        for (let j = 0; j < size; j++) {
          row[j] = (values[c * size + j]! - mean[j]!) / deviation[j]!;
          gradient[j]! += (p - target[c]!) * row[j]!;
          expected[j]! += p * row[j]!;
        }
        for (let j = 0; j < size; j++) {
          for (let k = 0; k <= j; k++) hessian[j]![k]! += p * row[j]! * row[k]!;
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
  }
  return { model: { ...shape, weights: Array.from(weights, (w, j) => w / deviation[j]!) }, losses };
}

/** Scores of an example's candidates, as `boundaryScores` gives them from the signal. */
export function scoresOf({ weights }: BoundaryModel, { features }: BoundaryExample): Float64Array {
  const scores = new Float64Array(features.length / weights.length);
  for (let i = 0; i < features.length; i++) {
    scores[Math.floor(i / weights.length)]! += weights[i % weights.length]! * features[i]!;
  }
  return scores;
}

function moments(
  examples: readonly BoundaryExample[],
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

function softmax(scores: Float64Array): void {
  let highest = Number.NEGATIVE_INFINITY;
  for (const score of scores) highest = Math.max(highest, score);
  let sum = 0;
  for (let c = 0; c < scores.length; c++) {
    scores[c] = Math.exp(scores[c]! - highest);
    sum += scores[c]!;
  }
  for (let c = 0; c < scores.length; c++) scores[c]! /= sum;
}

/** Solves A·x = b for a symmetric positive definite A, by Cholesky's decomposition. */
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
