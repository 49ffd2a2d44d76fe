/** Calibration and discrimination of predicted probabilities. */

import type { Tensor } from '../diff/tensor.ts';
import { InputError } from '../input-error.ts';

/** Predictions whose confidence lies in one tenth of [0, 1]. */
export interface ReliabilityBin {
  readonly from: number;
  readonly to: number;
  readonly count: number;
  /** Mean confidence, and fraction of correct predictions; undefined in an empty bin. */
  readonly confidence: number | undefined;
  readonly accuracy: number | undefined;
}

export interface Calibration {
  /**
   * Expected calibration error (Naeini, Cooper & Hauskrecht 2015): |confidence − accuracy| in ten bins of the
   * probability of the predicted class, weighted by their counts.
   */
  readonly ece: number | undefined;
  /** Brier score (1950): mean over rows of Σ (p − truth)² over the classes, 0 to 2. */
  readonly brier: number | undefined;
  readonly bins: readonly ReliabilityBin[];
}

const binCount = 10;

/**
 * Calibration of probabilities `[rows, classes]` against true class indices. Throws `RangeError` when the numbers of
 * rows differ.
 */
export function calibration(probabilities: Tensor, truth: ArrayLike<number>): Calibration {
  const [rows, classes] = probabilities.shape as [number, number];
  if (rows !== truth.length) throw new InputError(`calibration: ${rows} rows, ${truth.length} true classes`);
  const bins = Array.from({ length: binCount }, () => ({ count: 0, confidence: 0, right: 0 }));
  let squares = 0;
  for (let row = 0; row < rows; row++) {
    const p = probabilities.data.subarray(row * classes, (row + 1) * classes);
    let top = 0;
    for (let k = 0; k < classes; k++) {
      squares += (p[k]! - (truth[row] === k ? 1 : 0)) ** 2;
      if (p[k]! > p[top]!) top = k;
    }
    const bin = bins[Math.min(binCount - 1, Math.floor(p[top]! * binCount))]!;
    bin.count++;
    bin.confidence += p[top]!;
    bin.right += truth[row] === top ? 1 : 0;
  }
  const gaps = bins.reduce((sum, { confidence, right }) => sum + Math.abs(confidence - right), 0);
  return {
    ece: rows === 0 ? undefined : gaps / rows,
    brier: rows === 0 ? undefined : squares / rows,
    bins: bins.map(({ count, confidence, right }, k) => ({
      from: k / binCount,
      to: (k + 1) / binCount,
      count,
      confidence: count === 0 ? undefined : confidence / count,
      accuracy: count === 0 ? undefined : right / count,
    })),
  };
}

/**
 * The rows whose probability of class `index` is at least the given one: their number, and the fraction of them that
 * truly belong to the class.
 */
export function atOrAboveProbability(
  probabilities: Tensor,
  truth: ArrayLike<number>,
  index: number,
  least: number,
): { readonly count: number; readonly share: number | undefined } {
  const [rows, classes] = probabilities.shape as [number, number];
  let count = 0;
  let right = 0;
  for (let row = 0; row < rows; row++) {
    if (!(probabilities.data[row * classes + index]! >= least)) continue;
    count++;
    if (truth[row] === index) right++;
  }
  return { count, share: count === 0 ? undefined : right / count };
}

/**
 * Area under the receiver operating characteristic: the probability that a random positive scores above a random
 * negative, ties counting one half (Hanley & McNeil 1982, Radiology 143:29). Undefined without positives or without
 * negatives.
 */
export function auroc(scores: ArrayLike<number>, positive: (row: number) => boolean): number | undefined {
  const order = Array.from({ length: scores.length }, (_, k) => k).sort((a, b) => scores[a]! - scores[b]!);
  let positives = 0;
  let rankSum = 0;
  for (let first = 0; first < order.length; ) {
    let end = first;
    while (end < order.length && scores[order[end]!] === scores[order[first]!]) end++;
    for (let k = first; k < end; k++) {
      if (!positive(order[k]!)) continue;
      positives++;
      rankSum += (first + end + 1) / 2;
    }
    first = end;
  }
  const negatives = order.length - positives;
  if (positives === 0 || negatives === 0) return undefined;
  return (rankSum - (positives * (positives + 1)) / 2) / (positives * negatives);
}
