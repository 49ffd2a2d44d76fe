/**
 * Adjustment of a network's probabilities by the rhythm and by the whole record, without any labels of that record.
 *
 * Similar beats: the log-odds of V move towards their mean over the beats of the record that look alike.
 *
 * Rhythm gate: in atrial fibrillation there are no supraventricular premature beats to find, so p(S) is moved to N by
 * the factor (1 − p(fibrillation))^exponent. Operating point: the prevalence of S in the record is estimated from its
 * own probabilities by expectation–maximisation (Saerens, Latinne & Decaestecker 2002, Neural Comput 14:21) with a
 * prior of `strength` beats, and the odds of S are multiplied by the ratio of the estimated to the expected odds.
 */

import { add, div, mul } from '../diff/arithmetic.ts';
import { matmul } from '../diff/product.ts';
import { sum } from '../diff/reduction.ts';
import { full, type Tensor } from '../diff/tensor.ts';
import { InputError } from '../input-error.ts';
import { type FeatureRows, type SimilarBeats, similarBeatShifts } from './similar-beats.ts';

/** The settings of the adjustment, stored with a model. */
export interface Decision {
  readonly rhythmGate: { readonly from: string; readonly to: string; readonly exponent: number };
  readonly operatingPoint: { readonly class: string; readonly share: number; readonly strength: number };
  /** Absent in models that were made without it. */
  readonly similarBeats?: SimilarBeats;
}

/** The adjustment for one beat, from its rhythm and its record. */
export interface BeatContext {
  /** Fraction of p(from) that the rhythm gate retains, 0 to 1. */
  readonly kept: number;
  /** Factor on the odds of the operating point's class. */
  readonly odds: number;
  /** Factor on the odds of the class that is smoothed over similar beats. */
  readonly similar: number;
}

/** The context that leaves the probabilities unchanged. */
export const noContext: BeatContext = { kept: 1, odds: 1, similar: 1 };

const iterations = 100;

/**
 * The contexts of a record's beats, whose features are `rows`. `probabilities` `[beats, classes]` are those of the
 * network; `fibrillation` is the probability of atrial fibrillation at each beat, NaN where unknown. Throws `RangeError`
 * when the settings name a class or feature that does not exist.
 */
export function recordContexts(
  probabilities: Tensor,
  classes: readonly string[],
  decision: Decision,
  fibrillation: ArrayLike<number>,
  rows: FeatureRows,
): BeatContext[] {
  const { rhythmGate, operatingPoint, similarBeats } = decision;
  const width = classes.length;
  const from = indexOf(classes, rhythmGate.from);
  const scored = indexOf(classes, operatingPoint.class);
  const kept = Array.from(fibrillation, p => (Number.isNaN(p) ? 1 : (1 - p) ** rhythmGate.exponent));
  const similar = new Array<number>(kept.length).fill(1);
  let smoothed = probabilities.data;
  if (similarBeats !== undefined) {
    const index = indexOf(classes, similarBeats.class);
    const own = Float64Array.from(kept, (_, beat) => probabilities.data[beat * width + index]!);
    similarBeatShifts(own, rows, similarBeats).forEach((shift, beat) => {
      similar[beat] = Math.exp(shift);
    });
    smoothed = probabilities.data.map((p, i) => {
      const beat = Math.floor(i / width);
      const factor = similar[beat]!;
      return (i % width === index ? p * factor : p) / (1 + (factor - 1) * own[beat]!);
    });
  }
  const scores = kept.flatMap((share, beat) => {
    const p = smoothed[beat * width + scored]! * (scored === from ? share : 1);
    return Number.isNaN(p) ? [] : [p];
  });
  const odds = operatingOdds(scores, operatingPoint.share, operatingPoint.strength);
  return kept.map((share, beat) => ({ kept: share, odds, similar: similar[beat]! }));
}

/**
 * The odds of a class's prevalence in a record, estimated by expectation–maximisation, over the odds of the expected
 * prevalence.
 */
function operatingOdds(scores: readonly number[], expected: number, strength: number): number {
  const expectedOdds = expected / (1 - expected);
  let share = expected;
  for (let k = 0; k < iterations; k++) {
    const factor = share / (1 - share) / expectedOdds;
    const found = scores.reduce((total, p) => total + (p * factor) / (p * factor + 1 - p), 0);
    share = (found + strength * expected) / (scores.length + strength);
  }
  return share / (1 - share) / expectedOdds;
}

/** Probabilities `[beats, classes]` adjusted by one context per beat, or by a single one for all. Differentiable. */
export function decide(
  probabilities: Tensor,
  classes: readonly string[],
  { rhythmGate, operatingPoint, similarBeats }: Decision,
  contexts: readonly BeatContext[],
): Tensor {
  const width = classes.length;
  const from = indexOf(classes, rhythmGate.from);
  const scored = indexOf(classes, operatingPoint.class);
  const smoothed = similarBeats && indexOf(classes, similarBeats.class);
  const rows = probabilities.shape[0]!;
  // p + p(from)·(kept − 1) at `from`, the difference added to `to`; then the odds.
  const moved = full([rows, width], 1);
  const taken = full([rows, width], 0);
  const odds = full([rows, width], 1);
  for (let row = 0; row < rows; row++) {
    const context = contexts[Math.min(row, contexts.length - 1)]!;
    moved.data[row * width + from] = context.kept;
    taken.data[row * width + from] = 1 - context.kept;
    odds.data[row * width + scored] = context.odds;
    if (smoothed !== undefined) odds.data[row * width + smoothed]! *= context.similar;
  }
  const route = full([width, width], 0);
  route.data[from * width + indexOf(classes, rhythmGate.to)] = 1;
  const gated = add(mul(probabilities, moved), matmul(mul(probabilities, taken), route));
  const weighed = mul(gated, odds);
  return div(weighed, sum(weighed, { axis: 1, keepDims: true }));
}

function indexOf(classes: readonly string[], name: string): number {
  const index = classes.indexOf(name);
  if (index < 0)
    throw new InputError(`the decision refers to class ${name}, but the classes are ${classes.join(', ')}`);
  return index;
}
