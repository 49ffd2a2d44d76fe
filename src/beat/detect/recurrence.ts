/**
 * Recurrence of a candidate: how many others of the seconds around it have the same height in every band and lead. The
 * complexes of one focus, and the P waves of a heart block, are alike; artefacts are not.
 *
 * Candidates after the present one are known only while the detector starts, because it waits for the usual levels
 * then.
 */
import { meanCleanness, ramp } from './candidate-shape.ts';
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
/** A candidate so shortly before one that is larger by this (natural logarithm, lower band) may be its P wave. */
const pWave = { seconds: 0.3, lowerBy: 0.7 };

/**
 * How surely, from 0 to 1, the candidate is one of a class of complexes that recur with one height, with few others
 * between that height and the noise: in bigeminy or alternans the lower beats are as like one another as the larger.
 */
export function recurrence(state: SequenceState, { height, time }: Candidate): number {
  const leads = state.channels >> 1;
  let recurring = 0;
  let rivals = 0;
  let next = Number.POSITIVE_INFINITY;
  let nextSize = 0;
  forNear(state, time, (heights, at, other) => {
    let same = true;
    let rival = true;
    let size = 0;
    for (let lead = 0; lead < leads; lead++) {
      const lower = heights[at + lead]! - height[lead]!;
      const upper = heights[at + leads + lead]! - height[leads + lead]!;
      if (Math.abs(lower) > sameHeight || Math.abs(upper) > sameHeight) same = false;
      if (lower < -rivalBelow.lower || upper < -rivalBelow.upper || lower > largerBy) rival = false;
      size += heights[at + lead]! / leads;
    }
    if (same && next - other < pWave.seconds && nextSize - size > pWave.lowerBy) same = rival = false;
    next = other;
    nextSize = size;
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

/**
 * A wave that follows a complex at once is no T wave when it is clear, at most so much lower than the complex (natural
 * logarithm, lower band), and at most this share of at least `fewestComplexes` like that one are followed by a candidate of
 * nearly its height, within this time of its own, s.
 */
const complexLike = 0.35;
const belowComplex = { from: 0.4, to: 0.7 };
const belowWave = 0.7;
const followedShare = { from: 0.35, to: 0.55 };
const fewestComplexes = 4;
const sameSeconds = 0.08;

/**
 * How surely, from 0 to 1, the candidate, which follows the one in `slot`, is no T wave of it, because the other complexes
 * like that one have none as high: a premature beat, or one conducted aberrantly.
 */
export function suddenness(state: SequenceState, candidate: Candidate, slot: number): number {
  const { height, time } = candidate;
  const { heights, channels } = state;
  const leads = channels >> 1;
  const at = slot * channels;
  let drop = 0;
  for (let lead = 0; lead < leads; lead++) drop += (heights[at + lead]! - height[lead]!) / leads;
  const high = (1 - ramp(drop, belowComplex)) * meanCleanness(candidate);
  if (high === 0) return 0;
  const coupling = time - state.times[slot]!;
  const complexes: number[] = [];
  const waves: number[] = [];
  forNear(state, time, (others, from, other) => {
    let fromComplex = 0;
    let fromWave = 0;
    let below = 0;
    for (let channel = 0; channel < channels; channel++) {
      const value = others[from + channel]!;
      fromComplex = Math.max(fromComplex, Math.abs(value - heights[at + channel]!));
      fromWave = Math.max(fromWave, Math.abs(value - height[channel]!));
      if (channel < leads) below += (height[channel]! - value) / leads;
    }
    if (fromComplex < Math.min(complexLike, fromWave)) complexes.push(other);
    else if (below < belowWave) waves.push(other);
  });
  if (complexes.length < fewestComplexes) return 0;
  const followed = complexes.filter(complex =>
    waves.some(wave => Math.abs(wave - complex - coupling) < sameSeconds),
  ).length;
  return high * (1 - ramp(followed / (complexes.length - 1), followedShare));
}

/** Calls `see` with the heights, from index `at` on, and the time of each known candidate near `time`, from the latest on. */
function forNear(
  state: SequenceState,
  time: number,
  see: (heights: Float64Array, at: number, time: number) => void,
): void {
  const { foreseen } = state;
  for (let k = foreseen.length - 1; k >= 0 && foreseen[k]!.time > time; k--)
    see(foreseen[k]!.height, 0, foreseen[k]!.time);
  for (let id = state.next - 1; id >= 0 && id > state.next - ringLength; id--) {
    const slot = slotOf(state, id);
    if (time - state.times[slot]! > nearSeconds) break;
    see(state.heights, slot * state.channels, state.times[slot]!);
  }
}
