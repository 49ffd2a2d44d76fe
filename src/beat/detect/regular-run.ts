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
const clearness = { from: 1.3, to: 1.7 };
/** A pair that nothing of the kind precedes may be the beginning of a run where the noise level is much lower. */
const pairClearness = { from: 2.3, to: 2.6 };
const pairCertainty = 0.8;
/** Two intervals are the same when their ratio is in this range. */
const sameInterval = { from: 0.89, to: 1.12 };

/**
 * How surely, from 0 to 1, the heights are those of a candidate that continues a run: candidate `id` precedes it by
 * `interval` s, and another one precedes that by the same interval; all are alike, as high as the usual beats of the
 * sequence that ends at `id`, and clear of noise. Two such complexes alone are less sure.
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
  const certainty = clear * (1 - ramp(below, belowUsual)) * likeness(state, height, at);
  if (certainty === 0) return 0;
  if (repeats(state, height, id, interval)) return certainty;
  return pairCertainty * ramp(separation, pairClearness) * certainty;
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

/** Whether a candidate of these heights precedes candidate `id` by `interval` s. */
function repeats(state: SequenceState, height: Float64Array, id: number, interval: number): boolean {
  const { times, channels } = state;
  const time = times[slotOf(state, id)]!;
  for (let other = oneBefore(state, id); other !== none; other = oneBefore(state, other)) {
    const slot = slotOf(state, other);
    const ratio = (time - times[slot]!) / interval;
    if (ratio > sameInterval.to) return false;
    if (ratio > sameInterval.from && likeness(state, height, slot * channels) > 0.5) return true;
  }
  return false;
}
