/**
 * From a network's probabilities to those a beat is called by: what the rhythm and the whole record say beside the beat
 * itself, without any label of that record.
 *
 * Rhythm gate: where the atria fibrillate there is no supraventricular premature beat to find, so p(S) is moved to N by
 * the factor (1 − p(fibrillation))^exponent. Operating point: the share of S in the record is estimated from its own
 * probabilities by expectation–maximisation (Saerens, Latinne & Decaestecker 2002, Neural Comput 14:21) with a prior of
 * `strength` beats, and the odds of S are scaled by what that share is to the one expected.
 */

import { add, div, mul } from '../diff/arithmetic.ts';
import { matmul } from '../diff/product.ts';
import { sum } from '../diff/reduction.ts';
import { full, type Tensor } from '../diff/tensor.ts';
import { InputError } from '../input-error.ts';

/** Settings, stored with a model. */
export interface Decision {
  readonly rhythmGate: { readonly from: string; readonly to: string; readonly exponent: number };
  readonly operatingPoint: { readonly class: string; readonly share: number; readonly strength: number };
}

/** What the record and the rhythm make of one beat: fixed numbers, by which its probabilities are reweighed. */
export interface BeatContext {
  /** Share of p(from) that the gate leaves, 0 to 1. */
  readonly kept: number;
  /** Factor on the odds of the operating point's class. */
  readonly odds: number;
}

/** Nothing known of the rhythm, nothing of the record. */
export const noContext: BeatContext = { kept: 1, odds: 1 };

const iterations = 100;

/**
 * The contexts of a record's beats. `probabilities` `[beats, classes]` as the network gives them; `fibrillation` the
 * probability of atrial fibrillation at each beat, NaN where unknown. Throws `RangeError` when a class is not there.
 */
export function recordContexts(
  probabilities: Tensor,
  classes: readonly string[],
  { rhythmGate, operatingPoint }: Decision,
  fibrillation: ArrayLike<number>,
): BeatContext[] {
  const width = classes.length;
  const from = indexOf(classes, rhythmGate.from);
  const scored = indexOf(classes, operatingPoint.class);
  const kept = Array.from(fibrillation, p => (Number.isNaN(p) ? 1 : (1 - p) ** rhythmGate.exponent));
  const scores = kept.flatMap((share, beat) => {
    const p = probabilities.data[beat * width + scored]! * (scored === from ? share : 1);
    return Number.isNaN(p) ? [] : [p];
  });
  const odds = operatingOdds(scores, operatingPoint.share, operatingPoint.strength);
  return kept.map(share => ({ kept: share, odds }));
}

/** Odds of the share of a class in a record, found by expectation–maximisation, over the odds of `expected`. */
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

/** Probabilities `[beats, classes]` reweighed by a context a beat, or by one for all. Differentiable. */
export function decide(
  probabilities: Tensor,
  classes: readonly string[],
  { rhythmGate, operatingPoint }: Decision,
  contexts: readonly BeatContext[],
): Tensor {
  const width = classes.length;
  const from = indexOf(classes, rhythmGate.from);
  const scored = indexOf(classes, operatingPoint.class);
  const rows = probabilities.shape[0]!;
  // p + p(from)·(kept − 1) at `from`, the same taken to `to`; then the odds.
  const moved = full([rows, width], 1);
  const taken = full([rows, width], 0);
  const odds = full([rows, width], 1);
  for (let row = 0; row < rows; row++) {
    const context = contexts[Math.min(row, contexts.length - 1)]!;
    moved.data[row * width + from] = context.kept;
    taken.data[row * width + from] = 1 - context.kept;
    odds.data[row * width + scored] = context.odds;
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
    throw new InputError(`a decision about class ${name} does not go with ${classes.join(', ')}`);
  return index;
}
