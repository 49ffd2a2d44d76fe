/**
 * Candidate beats: the local maxima of the QRS envelope, with the height of each lead's envelope there, its usual
 * height and its usual noise level.
 *
 * With several leads the maxima are those of the sum of the envelopes, each relative to its own usual height and
 * compressed far above that, so that an artefact in one lead does not hide the beats in the others.
 */

import { envelopeDelay, envelopeFrequency, envelopeGroup } from '../../signal/detector-envelope.ts';
import {
  type Candidate,
  createFinderState,
  type FinderState,
  groupsPerSecond,
  ringMask,
} from './candidate-state.ts';
import { keepLatest, learnedSeconds, median, renew, startSeconds, upper } from './last-seconds.ts';

// Smallest distance between candidates. Leads peak at different times: the height in a lead is its maximum within the
// alignment distance.
const separation = Math.round(0.09 * envelopeFrequency);
const alignment = Math.round(0.05 * envelopeFrequency);
/**
 * Rank of the height, among the maxima of the last seconds, that is taken for the height of a beat: at 15 beats a
 * minute only this many seconds contain one.
 */
const topRank = 2;
/**
 * Distance of the noise level above the minima of the envelope (natural logarithm), over groups of values between
 * beats.
 */
const restOverLow = 1.6;
// At fast rates the envelope never falls to the noise level between complexes: all groups have nearly the same maximum,
// with a dip in between. Then a new sequence assumes a noise level at least this far below its height (natural
// logarithms).
const fullWithin = 0.25;
const leastDip = 0.2;
const freshSeparation = 2;
/**
 * The upper band is clear when its separation of beats and noise exceeds this, and fully clear when it exceeds it by 1
 * (natural logarithms).
 */
const clearFrom = 2.2;
const leastSeparation = 0.3;
/** The contribution of a lead to the sum is limited to this many usual heights. */
const saturation = 4;
/** Substitute for 0 in logarithms. */
const nothing = 1e-300;
/** Delay after which a candidate is known, s. */
export const candidateDelay = (envelopeDelay + separation + envelopeGroup) / envelopeFrequency;
/** Time until the first candidate is known, s: the usual levels must be estimated first. */
export const learningDelay = startSeconds;

/** Finds candidates in envelope values as these arrive. */
export interface CandidateFinder {
  /** Adds `count` envelope values of each channel, in whole groups. */
  push(envelopes: readonly Float64Array[], count: number): void;
  /** Ends the input; if the usual levels are not known yet, they are estimated from the values so far. */
  finish(): void;
}

/**
 * Calls `onCandidate` for each candidate, in order of time, and `onSecond` once a second with a time that no further
 * candidate can precede; before all that `onForeseen` for each candidate of the first seconds. The candidate object is
 * reused for the next one.
 */
export function createCandidateFinder(
  leads: number,
  onCandidate: (candidate: Candidate) => void,
  onSecond: (time: number) => void,
  onForeseen: (candidate: Candidate) => void = () => {},
): CandidateFinder {
  const state = createFinderState(leads, onCandidate, onSecond, onForeseen);
  return {
    push: (envelopes, count) => {
      for (let from = 0; from < count; from += envelopeGroup) {
        if (state.isLearning) wait(state, envelopes, from);
        else advance(state, envelopes, from);
      }
    },
    finish: () => {
      if (state.isLearning) endLearning(state);
    },
  };
}

/** Stores a group until the usual levels are known. */
function wait(state: FinderState, envelopes: readonly Float64Array[], from: number): void {
  const { learning } = state;
  for (let channel = 0; channel < state.channels; channel++) {
    learning[channel]!.set(envelopes[channel]!.subarray(from, from + envelopeGroup), state.position);
    add(state, channel, envelopes[channel]!, from);
  }
  state.position += envelopeGroup;
  if (state.position % envelopeFrequency === 0) learn(state, envelopeFrequency);
  if (state.position === learning[0]!.length) endLearning(state);
}

/** Processes the stored values, now that the usual levels are known: once to foresee their candidates, and once more. */
function endLearning(state: FinderState): void {
  const learned = state.position;
  if (learned % envelopeFrequency > 0) learn(state, learned % envelopeFrequency);
  state.isLearning = false;
  for (const passOn of [state.onForeseen, state.onCandidate]) {
    state.position = 0;
    state.seconds.fill(0);
    for (const ring of state.recent) ring.fill(0);
    state.passOn = passOn;
    for (let from = 0; from < learned; from += envelopeGroup) advance(state, state.learning, from);
  }
  forgetStart(state);
}

/** Forgets all but the latest of the seconds known at the start. */
function forgetStart(state: FinderState): void {
  for (let channel = 0; channel < state.channels; channel++) {
    const count = state.seconds[channel]!;
    for (const { [channel]: seconds } of [state.heights, state.rests, state.groupHeights]) {
      state.seconds[channel] = keepLatest(seconds!, count);
    }
  }
  state.window = learnedSeconds;
}

function advance(state: FinderState, envelopes: readonly Float64Array[], from: number): void {
  for (let channel = 0; channel < state.channels; channel++) add(state, channel, envelopes[channel]!, from);
  combine(state, envelopes, from);
  search(state);
  state.position += envelopeGroup;
  if (state.position % envelopeFrequency === 0) {
    learn(state, envelopeFrequency);
    if (state.passOn === state.onCandidate)
      state.onSecond((state.position - separation - envelopeDelay + 0.5) / envelopeFrequency);
  }
}

/** Adds a group to the ring buffer of a channel, and updates the lowest and highest values. */
function add(state: FinderState, channel: number, values: Float64Array, from: number): void {
  const { position } = state;
  const ring = state.recent[channel]!;
  let high = values[from]!;
  let low = high;
  for (let i = 0; i < envelopeGroup; i++) {
    const value = values[from + i]!;
    ring[(position + i) & ringMask] = value;
    if (value > high) high = value;
    if (value < low) low = value;
  }
  const group = (position / envelopeGroup) % groupsPerSecond;
  state.lows[channel]![group] = low;
  state.highs[channel]![group] = high;
  // A complex that reaches into the next second is no complex of that one: only the highest of three groups counts.
  const before = state.groupHighest[channel]!;
  if (before >= high && before >= state.earlierHighest[channel]!) {
    state.highest[channel] = Math.max(state.highest[channel]!, before);
  }
  state.earlierHighest[channel] = before;
  state.groupHighest[channel] = high;
}

/** Updates the usual levels with the last `count` values, a second or the rest of one. */
function learn(state: FinderState, count: number): void {
  const { candidate, leads, rest, full } = state;
  const groups = Math.max(1, Math.round(count / envelopeGroup));
  for (let channel = 0; channel < state.channels; channel++) {
    const heights = state.heights[channel]!;
    const rests = state.rests[channel]!;
    const groupHeights = state.groupHeights[channel]!;
    // A constant or invalid signal says nothing of the beats before and after it.
    if (state.highest[channel]! > 0) {
      const second = state.seconds[channel]!++ % state.window;
      renew(heights, second, state.highest[channel]!);
      renew(rests, second, restOverLow * upperMedian(state.lows[channel]!, groups, state.sorted));
      renew(groupHeights, second, upperMedian(state.highs[channel]!, groups, state.sorted));
    }
    const height = Math.max(nothing, median(heights));
    const top = Math.max(nothing, upper(heights, topRank));
    if (channel < leads) state.weights[channel] = height > nothing ? 1 / height : 0;
    rest[channel] = Math.log(Math.max(nothing, median(rests)));
    candidate.usual.height[channel] = Math.log(height);
    candidate.topHeight[channel] = Math.log(top);
    const reached = Math.log(Math.max(nothing, median(groupHeights)));
    full[channel] =
      candidate.topHeight[channel]! - reached < fullWithin &&
      reached - rest[channel]! > leastDip - Math.log(restOverLow)
        ? 1
        : 0;
  }
  for (let channel = 0; channel < state.channels; channel++) {
    const separation = full[channel % leads]! * full[leads + (channel % leads)]! * freshSeparation;
    const { usual, highest } = candidate;
    usual.rest[channel] = Math.min(rest[channel]!, usual.height[channel]! - separation);
    highest.rest[channel] = Math.min(rest[channel]!, highest.height[channel]! - separation);
  }
  for (let lead = 0; lead < leads; lead++) {
    const lowerSeparation = candidate.topHeight[lead]! - rest[lead]!;
    const upperSeparation = candidate.topHeight[leads + lead]! - rest[leads + lead]!;
    candidate.clearness[lead] = Math.max(0, Math.min(1, upperSeparation - clearFrom));
    const weight = shareWeight(upperSeparation);
    candidate.upperShare[lead] = weight / (weight + shareWeight(lowerSeparation));
  }
  state.highest.fill(0);
}

/** Fourth power of a separation. */
const shareWeight = (separation: number): number => (Math.max(leastSeparation, separation) ** 2) ** 2;

/** Adds a group to the compressed sum of the lower bands. */
function combine(state: FinderState, envelopes: readonly Float64Array[], from: number): void {
  const { combined, position, leads } = state;
  if (leads === 1) {
    // Compression does not change the order of values.
    const values = envelopes[0]!;
    const weight = state.weights[0]!;
    for (let i = 0; i < envelopeGroup; i++) combined[(position + i) & ringMask] = values[from + i]! * weight;
    return;
  }
  for (let i = 0; i < envelopeGroup; i++) combined[(position + i) & ringMask] = 0;
  for (let lead = 0; lead < leads; lead++) {
    const values = envelopes[lead]!;
    const weight = state.weights[lead]!;
    for (let i = 0; i < envelopeGroup; i++) {
      const share = values[from + i]! * weight;
      combined[(position + i) & ringMask]! += share / (1 + share / saturation);
    }
  }
}

/** Reports the candidates whose surroundings are complete with the latest group. */
function search(state: FinderState): void {
  const { candidate, recent, combined } = state;
  const first = Math.max(0, state.position - separation);
  const end = state.position + envelopeGroup - separation;
  for (
    let centre = nextPeak(combined, first, end);
    centre < end;
    centre = nextPeak(combined, centre + 1, end)
  ) {
    if (!isHighest(combined, centre)) continue;
    candidate.time = (centre - envelopeDelay + 0.5) / envelopeFrequency;
    for (let channel = 0; channel < state.channels; channel++)
      candidate.height[channel] = heightAt(recent[channel]!, centre);
    state.passOn(candidate);
  }
}

/** The first value from `from` on that is not lower than its neighbours and higher than the one before; `end` if none. */
function nextPeak(ring: Float64Array, from: number, end: number): number {
  let before = ring[(from - 1) & ringMask]!;
  let peak = ring[from & ringMask]!;
  for (let i = from; i < end; i++) {
    const after = ring[(i + 1) & ringMask]!;
    if (peak > before && peak >= after) return i;
    before = peak;
    peak = after;
  }
  return end;
}

/** The upper median of the first `count` values; `sorted` is scratch memory. */
function upperMedian(values: Float64Array, count: number, sorted: Float64Array): number {
  for (let i = 0; i < count; i++) {
    const value = values[i]!;
    let at = i;
    for (; at > 0 && sorted[at - 1]! > value; at--) sorted[at] = sorted[at - 1]!;
    sorted[at] = value;
  }
  return sorted[count >> 1]!;
}

/** Whether `centre` is the maximum within the separation. */
function isHighest(ring: Float64Array, centre: number): boolean {
  const peak = ring[centre & ringMask]!;
  for (let i = 2; i <= separation; i++) {
    if (ring[(centre - i) & ringMask]! > peak || ring[(centre + i) & ringMask]! > peak) return false;
  }
  return true;
}

/** The logarithm of the maximum within the alignment of `centre`. */
function heightAt(ring: Float64Array, centre: number): number {
  let height = nothing;
  for (let i = centre - alignment; i <= centre + alignment; i++) {
    const value = ring[i & ringMask]!;
    if (value > height) height = value;
  }
  return Math.log(height);
}
