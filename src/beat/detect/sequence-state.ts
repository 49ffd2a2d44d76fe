/**
 * The state of the current sequences of beats: a ring buffer of the latest candidates, each the end of the best
 * sequence that ends there, with the levels that sequence has learned.
 */
import { intervalPenalty, mostBeatScore } from './beat-score.ts';
import type { GainChange } from './candidate-state.ts';

// Range of the first interval, logarithms of s.
const shortestFirst = Math.log(0.4);
const longestFirst = Math.log(1.2);
/** Predecessors older than this are represented by the best of them, s. */
const reachSeconds = 3;

// Size of the ring buffer. The separation of candidates (0.088 s) allows 57 in the decision delay. One more slot holds
// the old predecessor.
export const ringLength = 128;
/** The slot of a candidate within reach is its identifier masked by this. */
export const ringMask = ringLength - 1;
/** The identifier before the first candidate, which is number 0. */
export const none = -1;
/** The score of a candidate at which no current sequence ends. */
export const dead = Number.NEGATIVE_INFINITY;

/** The state of the current sequences; see the head of this file. */
export interface SequenceState {
  readonly channels: number;
  /** Upper bound of the score of a beat. */
  readonly mostScore: number;
  /**
   * By slot: the time of the candidate, s; the score of the sequence that ends at it; its usual interval (natural
   * logarithm of s) and the number of intervals averaged in it; and the previous candidate of the sequence.
   */
  readonly times: Float64Array;
  readonly scores: Float64Array;
  readonly intervals: Float64Array;
  readonly intervalCounts: Float64Array;
  readonly previous: Float64Array;
  /** How surely the candidate is a narrow complex, 0 to 1. */
  readonly narrowness: Float64Array;
  /** The size of the candidate in voltage, where it was needed, NaN elsewhere. */
  readonly sizes: Float64Array;
  /** The mean logarithm over the leads of the voltage range around a time, s. */
  readonly sizeAt: (time: number) => number;
  /** By slot and channel, logarithms; spread is the mean squared deviation of the heights from the usual one. */
  readonly heights: Float64Array;
  readonly usualHeights: Float64Array;
  readonly usualRests: Float64Array;
  readonly spreads: Float64Array;
  /** The spreads of a new sequence, by channel. */
  readonly freshSpreads: Float64Array;
  /** The candidates of the first seconds, in order of time. */
  readonly foreseen: { readonly time: number; readonly height: Float64Array; size: number }[];
  /** Scratch memory: of identifiers, and the narrowness of a pair of candidates. */
  readonly chain: Float64Array;
  readonly narrow: { before: number; after: number };
  /**
   * Identifiers of candidates: the next one, the oldest within reach, the best of those out of reach, the last decided.
   */
  next: number;
  oldestInReach: number;
  old: number;
  decided: number;
  /**
   * The size of the largest complexes and of P waves without one, each with the time until which it is known, s; see
   * `broad-complexes.ts`.
   */
  complexes: { readonly size: number; readonly until: number };
  pWaves: { readonly size: number; readonly until: number };
  /** The time of the last change of gain, before which sizes are not comparable, s. */
  gainSince: number;
}

/** The state before the first candidate; `channels` is twice the number of leads. */
export function createSequenceState(channels: number, sizeAt: SequenceState['sizeAt']): SequenceState {
  const slots = ringLength + 1;
  return {
    channels,
    mostScore: mostBeatScore(channels >> 1),
    times: new Float64Array(slots),
    scores: new Float64Array(slots).fill(dead),
    intervals: new Float64Array(slots),
    intervalCounts: new Float64Array(slots),
    previous: new Float64Array(slots),
    narrowness: new Float64Array(slots),
    sizes: new Float64Array(slots),
    sizeAt,
    heights: new Float64Array(slots * channels),
    usualHeights: new Float64Array(slots * channels),
    usualRests: new Float64Array(slots * channels),
    spreads: new Float64Array(slots * channels),
    freshSpreads: new Float64Array(channels),
    foreseen: [],
    chain: new Float64Array(ringLength),
    narrow: { before: 0, after: 0 },
    next: 0,
    oldestInReach: 0,
    old: none,
    decided: none,
    complexes: { size: 0, until: Number.NEGATIVE_INFINITY },
    pWaves: { size: 0, until: Number.NEGATIVE_INFINITY },
    gainSince: Number.NEGATIVE_INFINITY,
  };
}

/** Slot of the candidate `id`. */
export const slotOf = (state: SequenceState, id: number): number =>
  id === state.old ? ringLength : id & ringMask;

/** The voltage of the candidate in `slot`, mean logarithm of its range over the leads, determined when it is first needed. */
export function sizeOf({ sizes, times, sizeAt }: SequenceState, slot: number): number {
  if (Number.isNaN(sizes[slot]!)) sizes[slot] = sizeAt(times[slot]!);
  return sizes[slot]!;
}

/** The candidate before `id` at which a sequence may have ended, or `none`. */
export const oneBefore = (state: SequenceState, id: number): number =>
  id > state.oldestInReach ? id - 1 : id === state.old ? none : state.old;

/** The usual interval after the candidate in `slot`; when none is known yet, `interval` itself if it is plausible. */
export const usualInterval = (state: SequenceState, slot: number, interval: number): number =>
  state.intervalCounts[slot]! > 0
    ? state.intervals[slot]!
    : clamp(Math.log(interval), shortestFirst, longestFirst);

/** The penalty when no beat precedes `time`: that of a first interval of this length. */
export function openingPenalty(time: number): number {
  const seconds = Math.max(time, Math.exp(shortestFirst));
  return intervalPenalty(seconds, clamp(Math.log(seconds), shortestFirst, longestFirst));
}

/** The score of the sequence that ends in `slot`, minus the penalty of an interval up to `time`. */
function standing(state: SequenceState, slot: number, time: number): number {
  const interval = time - state.times[slot]!;
  return state.scores[slot]! - intervalPenalty(interval, usualInterval(state, slot, interval));
}

/** Keeps the best of the candidates that become too old to be predecessors at `time`. */
export function retire(state: SequenceState, time: number): void {
  const { times, scores } = state;
  while (state.oldestInReach < state.next && time - times[state.oldestInReach & ringMask]! > reachSeconds) {
    const slot = state.oldestInReach & ringMask;
    if (
      scores[slot]! > dead &&
      (state.old === none || standing(state, slot, time) >= standing(state, ringLength, time))
    ) {
      state.old = state.oldestInReach;
      for (const row of [
        times,
        scores,
        state.intervals,
        state.intervalCounts,
        state.previous,
        state.narrowness,
        state.sizes,
      ]) {
        row[ringLength] = row[slot]!;
      }
      state.heights.copyWithin(
        ringLength * state.channels,
        slot * state.channels,
        (slot + 1) * state.channels,
      );
      copyLevels(state, slot, ringLength);
    }
    state.oldestInReach++;
  }
}

/** Copies the levels of a sequence to its next beat. */
export function copyLevels(state: SequenceState, from: number, to: number): void {
  const { channels, usualHeights, usualRests, spreads } = state;
  for (let channel = 0; channel < channels; channel++) {
    usualHeights[to * channels + channel] = usualHeights[from * channels + channel]!;
    usualRests[to * channels + channel] = usualRests[from * channels + channel]!;
    spreads[to * channels + channel] = spreads[from * channels + channel]!;
  }
}

export const clamp = (value: number, low: number, high: number): number =>
  Math.max(low, Math.min(high, value));

/** Forgets the candidates since that time, s, and scales the levels of the others to the new gain. */
export function rescale(state: SequenceState, { shift, middle }: GainChange, since: number): void {
  const { times, scores, heights, usualHeights, usualRests, channels } = state;
  while (
    state.next > Math.max(state.oldestInReach, state.decided + 1) &&
    times[(state.next - 1) & ringMask]! > since
  )
    scores[--state.next & ringMask] = dead;
  for (let at = 0; at < heights.length; at++) {
    const channel = at % channels;
    heights[at]! += shift[channel]!;
    // Some sequences may have learned the new level already.
    if ((usualHeights[at]! - middle[channel]!) * shift[channel]! >= 0) continue;
    usualHeights[at]! += shift[channel]!;
    usualRests[at]! += shift[channel]!;
  }
  state.gainSince = since;
  state.complexes = { size: 0, until: Number.NEGATIVE_INFINITY };
}
