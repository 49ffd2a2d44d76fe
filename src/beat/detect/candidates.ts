/**
 * Candidate beats: the local maxima of the QRS envelope, and how high the envelope of each lead is there, against how
 * high it usually gets and how low it usually lies.
 *
 * With several leads the maxima are those of the sum of the envelopes, each in units of its own usual height and
 * compressed where it gets far above that, so that an artefact on one lead does not hide the beats on the others.
 */

import { envelopeDelay, envelopeFrequency, envelopeGroup } from '../../signal/detector-envelope.ts';

/** What a sequence that starts anew takes for usual, by channel. */
export interface Levels {
  readonly height: Float64Array;
  readonly rest: Float64Array;
}

/**
 * One candidate. Heights are natural logarithms of envelope values, by channel: the lower band of every lead, then the
 * upper band of every lead; −690 stands for nothing at all.
 */
export interface Candidate {
  /** Seconds since the first sample. */
  time: number;
  /** The highest envelope value near the candidate. */
  readonly height: Float64Array;
  /** What the envelope reaches in the second highest of the last seconds: a beat's height, however slow the rate. */
  readonly topHeight: Float64Array;
  /** Levels by the median height of a second, and by the top height. */
  readonly usual: Levels;
  readonly highest: Levels;
  /** By lead: from 0, where the upper band is full of noise, to 1. */
  readonly clearness: Float64Array;
  /** By lead: the share of the upper band in what the lead is judged by, from how far it separates beats from rest. */
  readonly upperShare: Float64Array;
}

// No two candidates are nearer than the separation. Leads peak at different moments: a lead's height is its maximum
// within the alignment.
const separation = Math.round(0.09 * envelopeFrequency);
const alignment = Math.round(0.05 * envelopeFrequency);
/** What is usual is learned over this many seconds. */
const learnedSeconds = 8;
/** The height that this many of the seconds reach is a beat's: at 15 a minute no more of them need hold one. */
const topRank = 2;
/** Rest is this much above the low places of the envelope between beats, which are its minima over a group. */
const restOverLow = 1.6;
const groupsPerSecond = envelopeFrequency / envelopeGroup;
// At fast rates complexes follow one another so closely that the envelope never rests. It tells by every group getting
// almost as high as any, with a dip: then a sequence that starts anew takes rest to be at least so far below its height (logarithms).
const fullWithin = 0.25;
const leastDip = 0.2;
const freshSeparation = 2;
/** The upper band is clear when it separates beats from rest by more than this; by 1 more, wholly (logarithms). */
const clearFrom = 2.2;
const leastSeparation = 0.3;
/** A lead's share in the sum stays below this many usual heights. */
const saturation = 4;
/** Stands for nothing where a logarithm is taken. */
const nothing = 1e-300;
const ringLength = 64;
const ringMask = ringLength - 1;

/** Seconds by which a candidate is known later than it happens. */
export const candidateDelay = (envelopeDelay + separation + envelopeGroup) / envelopeFrequency;
/** Seconds at the start before the first candidate is known: what is usual must be learned first. */
export const learningDelay = learnedSeconds;

export interface CandidateFinder {
  /** Takes `count` envelope values of each channel, whole groups. */
  push(envelopes: readonly Float64Array[], count: number): void;
  /** No more values come: what is usual is learned from what there is. */
  finish(): void;
}

interface FinderState {
  readonly leads: number;
  /** Twice the leads. */
  readonly channels: number;
  readonly onCandidate: (candidate: Candidate) => void;
  readonly onSecond: (time: number) => void;
  /** The latest envelope values, by channel, and the sum of the lower bands in units of the usual heights. */
  readonly recent: readonly Float64Array[];
  readonly combined: Float64Array;
  /** Handed over, and reused for the next. */
  readonly candidate: Candidate;
  /** One over the usual height. */
  readonly weights: Float64Array;
  /** Of the second under way: the highest value, and the lowest and highest of each group. */
  readonly highest: Float64Array;
  readonly lows: readonly Float64Array[];
  readonly highs: readonly Float64Array[];
  /** Of the last seconds. */
  readonly heights: readonly Float64Array[];
  readonly rests: readonly Float64Array[];
  readonly groupHeights: readonly Float64Array[];
  readonly sorted: Float64Array;
  /** The first values wait here until it is known what is usual. */
  readonly learning: readonly Float64Array[];
  isLearning: boolean;
  /** Envelope values so far. */
  position: number;
  /** Of how many seconds there are heights. */
  seconds: number;
}

/**
 * Calls `onCandidate` for each candidate, in order of time, and `onSecond` once a second with a time before which no
 * further candidate can lie. The candidate handed over is reused for the next.
 */
export function createCandidateFinder(
  leads: number,
  onCandidate: (candidate: Candidate) => void,
  onSecond: (time: number) => void,
): CandidateFinder {
  const channels = 2 * leads;
  const perChannel = (length: number): Float64Array[] =>
    Array.from({ length: channels }, () => new Float64Array(length));
  const topHeight = new Float64Array(channels);
  const state: FinderState = {
    leads,
    channels,
    onCandidate,
    onSecond,
    recent: perChannel(ringLength),
    combined: new Float64Array(ringLength),
    candidate: {
      time: 0,
      height: new Float64Array(channels),
      topHeight,
      usual: { height: new Float64Array(channels), rest: new Float64Array(channels) },
      highest: { height: topHeight, rest: new Float64Array(channels) },
      clearness: new Float64Array(leads),
      upperShare: new Float64Array(leads),
    },
    weights: new Float64Array(leads),
    highest: new Float64Array(channels),
    lows: perChannel(groupsPerSecond),
    highs: perChannel(groupsPerSecond),
    heights: perChannel(learnedSeconds),
    rests: perChannel(learnedSeconds),
    groupHeights: perChannel(learnedSeconds),
    sorted: new Float64Array(learnedSeconds),
    learning: perChannel(learnedSeconds * envelopeFrequency),
    isLearning: true,
    position: 0,
    seconds: 0,
  };
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

/** Takes a group while it is not yet known what is usual. */
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

/** Goes through the values waiting, now that it is known what is usual. */
function endLearning(state: FinderState): void {
  const learned = state.position;
  if (learned % envelopeFrequency > 0) learn(state, learned % envelopeFrequency);
  state.isLearning = false;
  state.position = 0;
  for (let from = 0; from < learned; from += envelopeGroup) advance(state, state.learning, from);
}

function advance(state: FinderState, envelopes: readonly Float64Array[], from: number): void {
  combine(state, envelopes, from);
  search(state);
  measure(state, envelopes, from);
  state.position += envelopeGroup;
  if (state.position % envelopeFrequency === 0) {
    learn(state, envelopeFrequency);
    state.onSecond((state.position - separation - envelopeDelay + 0.5) / envelopeFrequency);
  }
}

/** Takes down how high and how low each channel gets in a group. */
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
    state.highest[channel] = Math.max(state.highest[channel]!, high);
  }
}

/** What is usual, with the last `count` values before the position, a second or the rest of one. */
function learn(state: FinderState, count: number): void {
  const { candidate, sorted, leads } = state;
  const second = Math.ceil(state.position / envelopeFrequency) - 1;
  state.seconds = Math.max(state.seconds, Math.min(learnedSeconds, second + 1));
  const { seconds } = state;
  const groups = Math.max(1, Math.round(count / envelopeGroup));
  const rest = new Float64Array(state.channels);
  const full = new Uint8Array(state.channels);
  for (let channel = 0; channel < state.channels; channel++) {
    const heights = state.heights[channel]!;
    const rests = state.rests[channel]!;
    heights[second % learnedSeconds] = state.highest[channel]!;
    rests[second % learnedSeconds] = restOverLow * upperMedian(state.lows[channel]!, groups, sorted);
    const groupHeights = state.groupHeights[channel]!;
    groupHeights[second % learnedSeconds] = upperMedian(state.highs[channel]!, groups, sorted);
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

/** Takes a group into the rings: each channel's values, and the compressed sum of the lower bands. */
function combine(state: FinderState, envelopes: readonly Float64Array[], from: number): void {
  const { combined, position, leads } = state;
  for (let channel = 0; channel < state.channels; channel++) {
    const values = envelopes[channel]!;
    const ring = state.recent[channel]!;
    for (let i = 0; i < envelopeGroup; i++) ring[(position + i) & ringMask] = values[from + i]!;
  }
  if (leads === 1) {
    // Compression changes no order.
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

/** Hands over the candidates whose surroundings are known with the group just taken. */
function search(state: FinderState): void {
  const { combined, candidate, recent } = state;
  const first = Math.max(0, state.position - separation);
  const end = state.position + envelopeGroup - separation;
  let before = combined[(first - 1) & ringMask]!;
  let peak = combined[first & ringMask]!;
  let after = 0;
  for (let centre = first; centre < end; centre++, before = peak, peak = after) {
    after = combined[(centre + 1) & ringMask]!;
    // The neighbours rule out most.
    if (!(peak > before && peak >= after)) continue;
    if (!isHighest(combined, centre)) continue;
    candidate.time = (centre - envelopeDelay + 0.5) / envelopeFrequency;
    for (let channel = 0; channel < state.channels; channel++)
      candidate.height[channel] = heightAt(recent[channel]!, centre);
    state.onCandidate(candidate);
  }
}

/** The median of the first `count` values, the upper one of two; `sorted` is scratch. */
function upperMedian(values: Float64Array, count: number, sorted: Float64Array): number {
  for (let i = 0; i < count; i++) {
    const value = values[i]!;
    let at = i;
    for (; at > 0 && sorted[at - 1]! > value; at--) sorted[at] = sorted[at - 1]!;
    sorted[at] = value;
  }
  return sorted[count >> 1]!;
}

/** Whether nothing within the separation of `centre` is higher. */
function isHighest(ring: Float64Array, centre: number): boolean {
  const peak = ring[centre & ringMask]!;
  for (let i = 2; i <= separation; i++) {
    if (ring[(centre - i) & ringMask]! > peak || ring[(centre + i) & ringMask]! > peak) return false;
  }
  return true;
}

/** The logarithm of the highest value within the alignment of `centre`. */
function heightAt(ring: Float64Array, centre: number): number {
  let height = nothing;
  for (let i = centre - alignment; i <= centre + alignment; i++) {
    const value = ring[i & ringMask]!;
    if (value > height) height = value;
  }
  return Math.log(height);
}
