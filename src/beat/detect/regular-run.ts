/**
 * Runs of like complexes at one short interval: a tachycardia that begins in a slower rhythm. Its intervals are so much
 * shorter than the usual one that each is penalised as if it ended at a T wave, and every second complex would be
 * skipped. But a T wave is not as high as its complex in both bands, and does not follow another one so soon. Noise may
 * recur like this, so a run must be far above the noise level.
 */
import { silence } from './beat-score.ts';
import { ramp } from './candidate-shape.ts';
import { none, oneBefore, type SequenceState, slotOf } from './sequence-state.ts';

// Ranges of log-ratios: of two heights that pass for alike, in every band and lead; of the usual height to a lower one
// of a run; and of the usual height to the noise level, in the lower band of the clearest lead.
const difference = { from: 0.25, to: 0.5 };
const belowUsual = { from: 0.55, to: 0.8 };
/** The same for two sizes that alternate (alternans): of the ratios of the two bands; and of the usual height to the lower. */
const shapeDifference = { from: 0.1, to: 0.3 };
const belowAlternans = { from: 0.75, to: 0.95 };
const clearness = { from: 1.3, to: 1.7 };
/** A pair that nothing of the kind precedes may be the beginning of a run where the noise level is much lower. */
const pairClearness = { from: 2.3, to: 2.6 };
const pairCertainty = 0.8;
/** Two intervals are the same when their ratio is in this range. */
const sameInterval = { from: 0.89, to: 1.12 };

/**
 * How surely, from 0 to 1, the heights are those of a candidate that continues a run: candidate `id` precedes it by
 * `interval` s, and another one precedes that by the same interval; all are alike, as high as the usual beats of the
 * sequence that ends at `id`, and clear of noise. Two such complexes alone are less sure. In alternans, complexes two
 * apart are alike, and successive ones have the same shape.
 */
export function runCertainty(
  state: SequenceState,
  height: Float64Array,
  id: number,
  interval: number,
): number {
  const { channels, usualHeights, usualRests } = state;
  const at = slotOf(state, id) * channels;
  let separation = 0;
  for (let lead = 0; lead < channels >> 1; lead++) {
    separation = Math.max(separation, usualHeights[at + lead]! - usualRests[at + lead]!);
  }
  const clear = ramp(separation, clearness);
  if (clear === 0) return 0;
  let below = 0;
  for (let channel = 0; channel < channels; channel++) {
    if (height[channel]! >= silence) below = Math.max(below, usualHeights[at + channel]! - height[channel]!);
  }
  const alike = (1 - ramp(below, belowUsual)) * likeness(state, height, at);
  const sameShape = (1 - ramp(below, belowAlternans)) * shapeLikeness(state, height, at);
  if (sameShape === 0 && alike === 0) return 0;
  const before = repeated(state, height, id, interval);
  if (before === none) return clear * pairCertainty * ramp(separation, pairClearness) * alike;
  if (alike === 1) return clear;
  const other = state.heights.subarray(at, at + channels);
  const alternates = repeated(state, other, before, interval) !== none;
  return clear * Math.max(alike, alternates ? sameShape : 0);
}

/** How surely, from 0 to 1, the heights are those of the candidate whose own begin at index `at`. */
function likeness({ channels, heights }: SequenceState, height: Float64Array, at: number): number {
  let most = 0;
  for (let channel = 0; channel < channels; channel++) {
    if (height[channel]! >= silence)
      most = Math.max(most, Math.abs(heights[at + channel]! - height[channel]!));
  }
  return 1 - ramp(most, difference);
}

/** As `likeness`, of the ratios of the two bands. */
function shapeLikeness({ channels, heights }: SequenceState, height: Float64Array, at: number): number {
  const leads = channels >> 1;
  let most = 0;
  for (let lead = 0; lead < leads; lead++) {
    const lower = heights[at + lead]! - height[lead]!;
    const upper = heights[at + leads + lead]! - height[leads + lead]!;
    if (height[lead]! >= silence) most = Math.max(most, Math.abs(upper - lower));
  }
  return 1 - ramp(most, shapeDifference);
}

/** The candidate of these heights that precedes candidate `id` by `interval` s, or `none`. */
function repeated(state: SequenceState, height: Float64Array, id: number, interval: number): number {
  const { times, channels } = state;
  const time = times[slotOf(state, id)]!;
  for (let other = oneBefore(state, id); other !== none; other = oneBefore(state, other)) {
    const slot = slotOf(state, other);
    const ratio = (time - times[slot]!) / interval;
    if (ratio > sameInterval.to) return none;
    if (ratio > sameInterval.from && likeness(state, height, slot * channels) > 0.5) return other;
  }
  return none;
}
