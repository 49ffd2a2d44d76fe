/**
 * T waves taller than the R wave, and those of a long QT interval. In the envelope they may be as high as the complex, so
 * that a decision between the two needs their recurrence: the same wave follows almost every complex of one height at one
 * interval, is less steep, and is either much larger in voltage and early or gentler than a ventricular complex.
 * Ventricular premature beats follow later, or not almost every complex, or are steeper.
 */
import { silence } from './beat-score.ts';
import { ramp } from './candidate-shape.ts';
import type { Candidate } from './candidate-state.ts';
import { clamp, none, oneBefore, ringLength, type SequenceState, sizeOf, slotOf } from './sequence-state.ts';
import { voltageToHeight } from './ventricular-beats.ts';

/** Times from a complex to its T wave, s: up to the first, waves are T waves; from the second on, they are not. */
const sinceComplex = { least: 0.17, sure: 0.35, none: 0.4 };
/** The same limits for waves gentler than ventricular complexes, of any voltage: T waves of a long QT interval. */
const gentleSince = { sure: 0.6, none: 0.65 };
/** Candidates further away are not compared, s. */
const nearSeconds = 8;
/** Two intervals from complex to wave are the same within this, s: the envelope of a T wave has two maxima, one for each flank. */
const sameSeconds = 0.06;
/** Log-ratio within which heights are the same. */
const same = 0.3;
/**
 * Log-ratios of a complex to its wave: in the lower band at most, because a lower wave is told from it by its height; in
 * the upper band at least; and of the two bands' ratios at least.
 */
const steeper = { mostHigher: 0.4, upper: -0.25, ratio: 0.25 };
/** The first of them for late waves, which are nearer to other complexes in height. */
const lateHigher = { ventricular: 2, other: 1.3 };
/** The candidate is no narrow complex: upper limit of its narrowness. */
const mostNarrow = 0.5;
/** A complex with a late T wave is narrow: lower limit of its narrowness. */
const leastNarrow = 0.05;
/** Range of the log-ratio of the voltage of the wave to that of the complex, over which the wave passes for tall. */
const tallBy = { from: 0.35, to: 0.5 };
/**
 * Range of the log-ratio of a wave's voltage to its height in the lower band, mean of the leads, over which it passes for
 * broader than a ventricular complex.
 */
const broad = { from: 2.08, to: 2.16 };
const gentle = { from: 2.3, to: 2.4 };
/** The wave follows at least so many complexes, and this share of them. */
const fewest = 4;
const leastFollowed = 0.8;
const penalty = 8;

/**
 * The penalty of a beat at a candidate that is probably the T wave of a complex before it; `narrow` is its narrowness, and
 * `isVentricular` whether it passes for a ventricular beat otherwise, even if it is much lower than the complex.
 */
export function tallTWaveCost(
  state: SequenceState,
  candidate: Candidate,
  narrow: number,
  isVentricular: boolean,
): number {
  const { time } = candidate;
  const mostHigher = isVentricular ? lateHigher.ventricular : lateHigher.other;
  const complex = narrow < mostNarrow ? complexBefore(state, candidate, mostHigher) : none;
  if (complex === none) return 0;
  const slot = slotOf(state, complex);
  const interval = time - state.times[slot]!;
  const size = sizeOf(state, slotOf(state, state.next));
  const broadness = voltageToHeight(size, candidate.height);
  const excess = size - sizeOf(state, slot);
  const tall = ramp(excess, tallBy) * ramp(broadness, broad) * earliness(interval, sinceComplex);
  const belief = Math.max(tall, ramp(broadness, gentle) * earliness(interval, gentleSince));
  if (belief === 0 || !followsMost(state, candidate, slot * state.channels, interval)) return 0;
  return penalty * belief;
}

const earliness = (
  interval: number,
  { sure, none: late }: { readonly sure: number; readonly none: number },
): number => clamp((late - interval) / (late - sure), 0, 1);

/** The complex shortly before the candidate that is steeper than it in every lead but hardly higher; or `none`. */
function complexBefore(state: SequenceState, { time, height }: Candidate, mostHigherLate: number): number {
  const { times, channels } = state;
  for (let id = oneBefore(state, state.next); id !== none; id = oneBefore(state, id)) {
    const slot = slotOf(state, id);
    const interval = time - times[slot]!;
    if (interval > gentleSince.none) return none;
    const isLate = interval >= sinceComplex.sure;
    const mostHigher = isLate ? mostHigherLate : steeper.mostHigher;
    if (isLate && state.narrowness[slot]! < leastNarrow) continue;
    if (interval >= sinceComplex.least && isSteeper(state, slot * channels, height, mostHigher)) return id;
  }
  return none;
}

/** Whether the candidate whose heights begin at `at` is steeper than one of these heights in every lead. */
function isSteeper(
  { heights, channels }: SequenceState,
  at: number,
  height: Float64Array,
  mostHigher: number,
): boolean {
  const leads = channels >> 1;
  let seen = 0;
  for (let lead = 0; lead < leads; lead++) {
    if (height[lead]! < silence) continue;
    seen++;
    const lower = heights[at + lead]! - height[lead]!;
    const upper = heights[at + leads + lead]! - height[leads + lead]!;
    if (lower > mostHigher || upper < steeper.upper || upper - lower < steeper.ratio) return false;
  }
  return seen > 0;
}

/** Whether waves like the candidate follow almost all complexes like the one whose heights begin at `at`. */
function followsMost(
  state: SequenceState,
  { time, height }: Candidate,
  at: number,
  interval: number,
): boolean {
  const { heights, times, channels } = state;
  const complex = heights.subarray(at, at + channels);
  let complexes = 0;
  let followed = 0;
  let latest = Number.NEGATIVE_INFINITY;
  let isFollowed = true;
  const see = (other: number, values: Float64Array, from: number): void => {
    const toComplex = difference(values, from, complex);
    const toWave = difference(values, from, height);
    if (Math.min(toComplex, toWave) > same) return;
    if (toComplex < toWave) {
      complexes++;
      latest = other;
      isFollowed = false;
    } else if (!isFollowed) {
      isFollowed = Math.abs(other - latest - interval) < sameSeconds;
      if (isFollowed) followed++;
    }
  };
  let first = state.next;
  while (
    first > Math.max(0, state.next - ringLength + 1) &&
    time - times[slotOf(state, first - 1)]! <= nearSeconds
  ) {
    first--;
  }
  for (let id = first; id < state.next; id++)
    see(times[slotOf(state, id)]!, heights, slotOf(state, id) * channels);
  see(time, height, 0);
  for (const other of state.foreseen) if (other.time > time) see(other.time, other.height, 0);
  return followed >= fewest && followed >= leastFollowed * complexes;
}

/** The largest difference in any channel of the heights from index `from` on to `height`. */
function difference(values: Float64Array, from: number, height: Float64Array): number {
  let most = 0;
  for (let channel = 0; channel < height.length; channel++) {
    most = Math.max(most, Math.abs(values[from + channel]! - height[channel]!));
  }
  return most;
}
