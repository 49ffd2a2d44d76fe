/**
 * Recurrence of a candidate: how many others of the seconds around it have the same height in every band and lead. The
 * complexes of one focus, and the P waves of a heart block, are alike; artefacts are not.
 *
 * Candidates after the present one are known only while the detector starts, because it waits for the usual levels
 * then.
 */
import type { Candidate } from './candidate-state.ts';
import { clamp, ringLength, type SequenceState, slotOf } from './sequence-state.ts';

/** Candidates further away are not compared, s. */
const nearSeconds = 8;

// Complexes within these log-ratios in both bands recur; one that is lower than them by no more than `rivalBelow` in
// both bands is a rival.
const sameHeight = 0.3;
const rivalBelow = { lower: 0.6, upper: 0.8 };
const largerBy = 1;
const fewestRecurring = 2;
const pure = { from: 0.5, to: 0.75 };

/**
 * How surely, from 0 to 1, the candidate is one of a class of complexes that recur with one height, with few others
 * between that height and the noise: in bigeminy or alternans the lower beats are as like one another as the larger.
 */
export function recurrence(state: SequenceState, { height, time }: Candidate): number {
  const leads = state.channels >> 1;
  let recurring = 0;
  let rivals = 0;
  forNear(state, time, (heights, at) => {
    let same = true;
    let rival = true;
    for (let lead = 0; lead < leads; lead++) {
      const lower = heights[at + lead]! - height[lead]!;
      const upper = heights[at + leads + lead]! - height[leads + lead]!;
      if (Math.abs(lower) > sameHeight || Math.abs(upper) > sameHeight) same = false;
      if (lower < -rivalBelow.lower || upper < -rivalBelow.upper || lower > largerBy) rival = false;
    }
    if (same) recurring++;
    else if (rival) rivals++;
  });
  if (recurring < fewestRecurring) return 0;
  return clamp((recurring / (recurring + rivals) - pure.from) / (pure.to - pure.from), 0, 1);
}

/** Log-ratio within which the heights of P waves are the same, and the number of them that are certain to recur. */
const sameWave = 0.2;
const certainWaves = 2;

/** How surely, from 0 to 1, the candidate is one of several equal waves. */
export function waveRecurrence(state: SequenceState, { height, time }: Candidate): number {
  let recurring = 0;
  forNear(state, time, (heights, at) => {
    let channel = 0;
    while (channel < state.channels && Math.abs(heights[at + channel]! - height[channel]!) < sameWave)
      channel++;
    if (channel === state.channels) recurring++;
  });
  return clamp(recurring + 1 - certainWaves, 0, 1);
}

/** Calls `see` with the heights, from index `at` on, of each known candidate near `time`. */
function forNear(state: SequenceState, time: number, see: (heights: Float64Array, at: number) => void): void {
  for (let id = state.next - 1; id >= 0 && id > state.next - ringLength; id--) {
    const slot = slotOf(state, id);
    if (time - state.times[slot]! > nearSeconds) break;
    see(state.heights, slot * state.channels);
  }
  for (const other of state.foreseen) if (other.time > time) see(other.height, 0);
}
