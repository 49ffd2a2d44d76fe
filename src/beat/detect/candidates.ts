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
  learnedSeconds,
  ringMask,
  startSeconds,
} from './candidate-state.ts';

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
  }
  measure(state, envelopes, from);
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
    state.passOn = passOn;
    for (let from = 0; from < learned; from += envelopeGroup) advance(state, state.learning, from);
  }
  keepLatest(state);
}

/** Forgets all but the latest of the seconds known at the start. */
function keepLatest(state: FinderState): void {
  for (let channel = 0; channel < state.channels; channel++) {
    const known = state.seconds[channel]!;
    const first = Math.max(0, known - learnedSeconds);
    for (const bySecond of [state.heights, state.rests, state.groupHeights])
      bySecond[channel]!.copyWithin(0, first, known);
    state.seconds[channel] = known - first;
    state.knownSeconds[channel] = known - first;
  }
  state.window = learnedSeconds;
}

function advance(state: FinderState, envelopes: readonly Float64Array[], from: number): void {
  combine(state, envelopes, from);
  search(state);
  measure(state, envelopes, from);
  state.position += envelopeGroup;
  if (state.position % envelopeFrequency === 0) {
    learn(state, envelopeFrequency);
    if (state.passOn === state.onCandidate)
      state.onSecond((state.position - separation - envelopeDelay + 0.5) / envelopeFrequency);
  }
}

/** Records the minimum and maximum of each channel in a group, and its highest maximum in the group before. */
function measure(state: FinderState, envelopes: readonly Float64Array[], from: number): void {
  const group = (state.position / envelopeGroup) % groupsPerSecond;
  for (let channel = 0; channel < state.channels; channel++) {
    const values = envelopes[channel]!;
    let high = values[from]!;
    let low = high;
    for (let i = from + 1; i < from + envelopeGroup; i++) {
      const value = values[i]!;
      if (value > high) high = value;
      if (value < low) low = value;
    }
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
}

/** Updates the usual levels with the last `count` values, a second or the rest of one. */
function learn(state: FinderState, count: number): void {
  const { candidate, sorted, leads } = state;
  const groups = Math.max(1, Math.round(count / envelopeGroup));
  const { rest, full } = state;
  for (let channel = 0; channel < state.channels; channel++) {
    const heights = state.heights[channel]!;
    const rests = state.rests[channel]!;
    const groupHeights = state.groupHeights[channel]!;
    // A constant or invalid signal says nothing of the beats before and after it.
    if (state.highest[channel]! > 0) {
      const second = state.seconds[channel]!++ % state.window;
      state.knownSeconds[channel] = Math.max(state.knownSeconds[channel]!, second + 1);
      heights[second] = state.highest[channel]!;
      rests[second] = restOverLow * upperMedian(state.lows[channel]!, groups, sorted);
      groupHeights[second] = upperMedian(state.highs[channel]!, groups, sorted);
    }
    const seconds = Math.max(1, state.knownSeconds[channel]!);
    const everywhere = Math.max(nothing, upperMedian(groupHeights, seconds, sorted));
    const height = Math.max(nothing, upperMedian(heights, seconds, sorted));
    const top = Math.max(nothing, sorted[Math.max(seconds >> 1, seconds - topRank)]!);
    if (channel < leads) state.weights[channel] = height > nothing ? 1 / height : 0;
    rest[channel] = Math.log(Math.max(nothing, upperMedian(rests, seconds, sorted)));
    candidate.usual.height[channel] = Math.log(height);
    candidate.topHeight[channel] = Math.log(top);
    const reached = Math.log(everywhere);
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
    const lower = candidate.topHeight[lead]! - rest[lead]!;
    const upper = candidate.topHeight[leads + lead]! - rest[leads + lead]!;
    candidate.clearness[lead] = Math.max(0, Math.min(1, upper - clearFrom));
    const share = Math.max(leastSeparation, upper) ** 4;
    candidate.upperShare[lead] = share / (share + Math.max(leastSeparation, lower) ** 4);
  }
  state.highest.fill(0);
}

/** Adds a group to the ring buffers: each channel's values, and the compressed sum of the lower bands. */
function combine(state: FinderState, envelopes: readonly Float64Array[], from: number): void {
  const { combined, position, leads } = state;
  for (let channel = 0; channel < state.channels; channel++) {
    const values = envelopes[channel]!;
    const ring = state.recent[channel]!;
    for (let i = 0; i < envelopeGroup; i++) ring[(position + i) & ringMask] = values[from + i]!;
  }
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
  const { combined, candidate, recent } = state;
  const first = Math.max(0, state.position - separation);
  const end = state.position + envelopeGroup - separation;
  let before = combined[(first - 1) & ringMask]!;
  let peak = combined[first & ringMask]!;
  let after = 0;
  for (let centre = first; centre < end; centre++, before = peak, peak = after) {
    after = combined[(centre + 1) & ringMask]!;
    // Comparison with the neighbours rejects most values.
    if (!(peak > before && peak >= after)) continue;
    if (!isHighest(combined, centre)) continue;
    candidate.time = (centre - envelopeDelay + 0.5) / envelopeFrequency;
    for (let channel = 0; channel < state.channels; channel++)
      candidate.height[channel] = heightAt(recent[channel]!, centre);
    state.passOn(candidate);
  }
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
