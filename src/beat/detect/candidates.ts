/**
 * Candidate beats: the local maxima of the QRS envelope, with the height of each lead's envelope there, its usual
 * height and its usual noise level.
 *
 * With several leads the maxima are those of the sum of the envelopes, each relative to its own usual height and
 * compressed far above that, so that an artefact in one lead does not hide the beats in the others.
 */

import {
  type EnvelopeValues,
  envelopeDelay,
  envelopeFrequency,
  envelopeGroup,
} from '../../signal/detector-envelope.ts';
import {
  type Candidate,
  createFinderState,
  type FinderState,
  forgetValues,
  rewind,
} from './candidate-state.ts';
import { keepLatest, learnedSeconds, median, renew, startSeconds, upper } from './last-seconds.ts';

// Smallest distance between candidates. Leads peak at different times: the height in a lead is its maximum within the
// alignment distance.
const separation = Math.round(0.09 * envelopeFrequency);
const nearby = Math.round(0.04 * envelopeFrequency);
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
/** By this much per second the height of complexes before a pause is forgotten, natural logarithm. */
const forgottenPerSecond = 0.1;
/** Substitute for 0 in logarithms. */
const nothing = 1e-300;
/** Delay after which a candidate is known, s. */
export const candidateDelay = (envelopeDelay + separation + envelopeGroup) / envelopeFrequency;
/** Time until the first candidate is known, s: the usual levels must be estimated first. */
export const learningDelay = startSeconds;

/** Receives what the search finds; see `createCandidateFinder`. */
export interface FinderCallbacks {
  readonly onCandidate: (candidate: Candidate) => void;
  readonly onSecond: (time: number) => void;
  readonly onForeseen: (candidate: Candidate) => void;
}

/** Finds candidates in envelope values as these arrive. */
export interface CandidateFinder {
  /** Processes the envelope values appended since, the same number for each lead, in whole groups. */
  advance(): void;
  /** Ends the input; if the usual levels are not known yet, they are estimated from the values so far. */
  finish(): void;
}

/**
 * Calls `onCandidate` for each candidate, in order of time, and `onSecond` once a second with a time that no further
 * candidate can precede; before all that `onForeseen` for each candidate of the first seconds. The candidate object is
 * reused for the next one. `values` are by lead from `createEnvelopeValues(mostValues)`, with space for `mostValues`
 * after each `advance`.
 */
export function createCandidateFinder(
  values: readonly EnvelopeValues[],
  mostValues: number,
  { onCandidate, onSecond, onForeseen }: FinderCallbacks,
): CandidateFinder {
  const state = createFinderState(values, onCandidate, onSecond, onForeseen);
  return {
    advance: () => {
      const { filled, lower } = values[0]!;
      while (state.next + envelopeFrequency <= filled) {
        if (state.isLearning) wait(state, envelopeFrequency);
        else advance(state, envelopeFrequency);
        if (state.isLearning && state.position === startSeconds * envelopeFrequency) endLearning(state);
      }
      if (!state.isLearning && filled + mostValues > lower.length) forgetValues(state);
    },
    finish: () => {
      const rest = values[0]!.filled - state.next;
      if (!state.isLearning) return advance(state, rest);
      if (rest > 0) wait(state, rest);
      endLearning(state);
    },
  };
}

/** Learns from a second, or the rest of one, without reporting candidates, until the usual levels are known. */
function wait(state: FinderState, count: number): void {
  state.position += count;
  state.next += count;
  addGroups(state, count);
  learn(state, count);
}

/** Processes the values so far, now that the usual levels are known: once to foresee their candidates, and once more. */
function endLearning(state: FinderState): void {
  const learned = state.position;
  state.isLearning = false;
  for (const passOn of [state.onForeseen, state.onCandidate]) {
    rewind(state);
    state.passOn = passOn;
    while (state.position < learned) advance(state, Math.min(envelopeFrequency, learned - state.position));
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

/** Processes the next `count` values: a second, or the rest of one at the end. */
function advance(state: FinderState, count: number): void {
  combine(state, count);
  state.position += count;
  state.next += count;
  search(state, count);
  addGroups(state, count);
  if (count < envelopeFrequency) return;
  learn(state, count);
  if (state.passOn === state.onCandidate)
    state.onSecond((state.position - separation - envelopeDelay + 0.5) / envelopeFrequency);
}

/** Updates the lowest and highest values with the latest `count` ones. */
function addGroups(state: FinderState, count: number): void {
  for (let channel = 0; channel < state.channels; channel++) {
    const values = state.recent[channel]!;
    const lows = state.lows[channel]!;
    const highs = state.highs[channel]!;
    let highest = state.highest[channel]!;
    let before = state.groupHighest[channel]!;
    let earlier = state.earlierHighest[channel]!;
    let i = state.next - count;
    for (let group = 0; i < state.next; group++) {
      let high = values[i]!;
      let low = high;
      for (const end = i++ + envelopeGroup; i < end; i++) {
        const value = values[i]!;
        high = 0.5 * (value + high + Math.abs(value - high));
        low = 0.5 * (value + low - Math.abs(value - low));
      }
      lows[group] = low;
      highs[group] = high;
      // A complex that reaches into the next second is no complex of that one: only the highest of three groups counts.
      if (before >= high && before >= earlier && before > highest) highest = before;
      earlier = before;
      before = high;
    }
    state.highest[channel] = highest;
    state.groupHighest[channel] = before;
    state.earlierHighest[channel] = earlier;
  }
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
    candidate.rememberedHeight[channel] = Math.max(
      candidate.usual.height[channel]!,
      candidate.rememberedHeight[channel]! - forgottenPerSecond,
    );
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

/** Adds the next values to the compressed sum of the lower bands. */
function combine({ combined, next, leads, recent, weights }: FinderState, count: number): void {
  const end = next + count;
  if (leads === 1) {
    // Compression does not change the order of values.
    const values = recent[0]!;
    const weight = weights[0]!;
    for (let i = next; i < end; i++) combined[i] = values[i]! * weight;
    return;
  }
  combined.fill(0, next, end);
  for (let lead = 0; lead < leads; lead++) {
    const values = recent[lead]!;
    const weight = weights[lead]!;
    for (let i = next; i < end; i++) {
      const share = values[i]! * weight;
      combined[i]! += share / (1 + share / saturation);
    }
  }
}

/** Reports the candidates whose surroundings are complete with the latest `count` values. */
function search(state: FinderState, count: number): void {
  const { candidate, combined, next } = state;
  const shift = state.position - next;
  const end = next - separation;
  const first = Math.max(-shift, end - count);
  for (
    let centre = nextCentre(combined, first, end);
    centre < end;
    centre = nextCentre(combined, centre + 1, end)
  ) {
    candidate.time = (centre + shift - envelopeDelay + 0.5) / envelopeFrequency;
    for (let channel = 0; channel < state.channels; channel++)
      candidate.height[channel] = heightAt(state.recent[channel]!, centre);
    state.passOn(candidate);
  }
}

/** The first value from `from` on that is the maximum within the separation; `end` if there is none. */
function nextCentre(values: Float64Array, from: number, end: number): number {
  for (let i = from; i < end; i++) {
    const value = values[i]!;
    // Few values are at least as high as both of these.
    const before = value - values[i - nearby]!;
    const after = value - values[i + nearby]!;
    if (before + after < Math.abs(before - after)) continue;
    if (value > values[i - 1]! && value >= values[i + 1]! && isHighest(values, i)) return i;
  }
  return end;
}

/** Whether `centre` is the maximum within the separation. */
function isHighest(values: Float64Array, centre: number): boolean {
  const peak = values[centre]!;
  let excess = 0;
  for (let i = 2; i <= separation; i++) {
    const before = values[centre - i]! - peak;
    const after = values[centre + i]! - peak;
    excess += before + Math.abs(before) + after + Math.abs(after);
  }
  return excess === 0;
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

/** The logarithm of the maximum within the alignment of `centre`. */
function heightAt(values: Float64Array, centre: number): number {
  let height = nothing;
  for (let i = centre - alignment; i <= centre + alignment; i++) {
    const value = values[i]!;
    if (value > height) height = value;
  }
  return Math.log(height);
}
