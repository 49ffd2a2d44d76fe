/**
 * The learning-rate range test (Smith 2017): the rate grows by a constant factor from step to step while the loss is
 * recorded. The rate at which the loss falls fastest is a good choice; where the loss rises the rate is too large.
 */
import { InputError } from '../../input-error.ts';

/** Takes one training step at a learning rate and returns the loss before it. */
export type Step = (learningRate: number) => number;

export interface RangeTest {
  readonly rates: readonly number[];
  /** The smoothed loss at each rate, up to where it diverges. */
  readonly losses: readonly number[];
  /** Where the smoothed loss falls fastest against log rate; undefined when it never falls. */
  readonly suggestion: number | undefined;
}

export interface RangeTestOptions {
  readonly from: number;
  readonly to: number;
  readonly steps: number;
}

/** Weight of a new loss in the running mean. */
const smoothing = 0.1;
/** A smoothed loss that falls by less than this fraction is constant up to rounding. */
const leastFall = 1e-9;
/** The test ends when the smoothed loss is this many times its minimum. */
const runsAway = 4;

/**
 * Runs a learning-rate range test with rates from `from` to `to`, evenly spaced in logarithm. Throws `RangeError`
 * unless 0 < from < to and there are at least 10 steps.
 *
 * @example
 * let w = 1; // gradient descent on w²: it diverges from a rate of 1 on
 * const step = rate => { const loss = w * w; w -= rate * 2 * w; return loss; };
 * learningRateRange(step, { from: 0.001, to: 10, steps: 100 }).suggestion // => 0.0413…
 */
export function learningRateRange(step: Step, { from, to, steps }: RangeTestOptions): RangeTest {
  if (!(from > 0) || !(to > from) || !Number.isInteger(steps) || steps < 10) {
    throw new InputError(
      `learningRateRange: rates from ${from} to ${to} in ${steps} steps are not a valid range test`,
    );
  }
  const rates: number[] = [];
  const losses: number[] = [];
  let running = 0;
  let lowest = Number.POSITIVE_INFINITY;
  for (let k = 0; k < steps; k++) {
    const rate = from * (to / from) ** (k / (steps - 1));
    const loss = step(rate);
    running += smoothing * (loss - running);
    // The running mean starts at 0; divided by the total weight so far it is unbiased from the first step on.
    const smooth = running / (1 - (1 - smoothing) ** (k + 1));
    if (!Number.isFinite(smooth) || smooth > runsAway * lowest) break;
    lowest = Math.min(lowest, smooth);
    rates.push(rate);
    losses.push(smooth);
  }
  return { rates, losses, suggestion: steepest(rates, losses) };
}

function steepest(rates: readonly number[], losses: readonly number[]): number | undefined {
  const half = Math.max(1, Math.round(losses.length / 40));
  let best: { rate: number; slope: number } | undefined;
  for (let k = half; k + half < losses.length; k++) {
    const slope = losses[k + half]! - losses[k - half]!;
    if (slope < (best?.slope ?? -leastFall * Math.abs(losses[0]!))) best = { rate: rates[k]!, slope };
  }
  return best?.rate;
}
