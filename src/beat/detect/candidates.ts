/**
 * Candidate beats: the local maxima of the QRS envelope, and how high the envelope of each lead is there, against how
 * high it usually gets and how low it usually lies.
 *
 * With several leads the maxima are those of the sum of the envelopes, each in units of its own usual height and
 * compressed where it gets far above that, so that an artefact on one lead does not hide the beats on the others.
 */
import { envelopeDelay, envelopeFrequency, envelopeGroup } from '../../signal/detector-envelope.ts';

/** One candidate. Heights are natural logarithms of envelope values, by lead; −690 stands for nothing at all. */
export interface Candidate {
  /** Seconds since the first sample. */
  time: number;
  /** The highest envelope value near the candidate. */
  readonly height: Float64Array;
  /** What the envelope usually reaches once a second. */
  readonly usualHeight: Float64Array;
  /** What it usually is. */
  readonly usualRest: Float64Array;
}

// No two candidates are nearer than the separation. Leads peak at different moments: a lead's height is its maximum
// within the alignment.
const separation = Math.round(0.09 * envelopeFrequency);
const alignment = Math.round(0.05 * envelopeFrequency);
/** What is usual is a median over this many seconds: up to half of them may hold an artefact, or no beat. */
const learnedSeconds = 8;
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
  /** Takes `count` envelope values of each lead, whole groups. */
  push(envelopes: readonly Float64Array[], count: number): void;
  /** No more values come: what is usual is learned from what there is. */
  finish(): void;
}

interface FinderState {
  readonly leads: number;
  readonly onCandidate: (candidate: Candidate) => void;
  readonly onSecond: (time: number) => void;
  /** The latest envelope values, by lead, and their sum in units of the usual heights. */
  readonly recent: readonly Float64Array[];
  readonly combined: Float64Array;
  /** Handed over, and reused for the next. */
  readonly candidate: Candidate;
  /** One over the usual height. */
  readonly weights: Float64Array;
  /** Of the second under way: the highest value and the sum of square roots. */
  readonly highest: Float64Array;
  readonly rootSums: Float64Array;
  /** Of the last seconds. */
  readonly heights: readonly Float64Array[];
  readonly rests: readonly Float64Array[];
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
  const perLead = (length: number): Float64Array[] =>
    Array.from({ length: leads }, () => new Float64Array(length));
  const state: FinderState = {
    leads,
    onCandidate,
    onSecond,
    recent: perLead(ringLength),
    combined: new Float64Array(ringLength),
    candidate: {
      time: 0,
      height: new Float64Array(leads),
      usualHeight: new Float64Array(leads),
      usualRest: new Float64Array(leads),
    },
    weights: new Float64Array(leads),
    highest: new Float64Array(leads),
    rootSums: new Float64Array(leads),
    heights: perLead(learnedSeconds),
    rests: perLead(learnedSeconds),
    sorted: new Float64Array(learnedSeconds),
    learning: perLead(learnedSeconds * envelopeFrequency),
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
  for (let lead = 0; lead < state.leads; lead++) {
    learning[lead]!.set(envelopes[lead]!.subarray(from, from + envelopeGroup), state.position);
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

/** Takes down how high each lead gets in a group, and how high it is on the whole. */
function measure(state: FinderState, envelopes: readonly Float64Array[], from: number): void {
  for (let lead = 0; lead < state.leads; lead++) {
    const values = envelopes[lead]!;
    let high = state.highest[lead]!;
    let roots = state.rootSums[lead]!;
    for (let i = from; i < from + envelopeGroup; i++) {
      const value = values[i]!;
      if (value > high) high = value;
      // The mean square root, squared, gives the many small values more say than the few large ones.
      if (value > 0) roots += Math.sqrt(value);
    }
    state.highest[lead] = high;
    state.rootSums[lead] = roots;
  }
}

/** What is usual, with the last `count` values before the position, a second or the rest of one. */
function learn(state: FinderState, count: number): void {
  const { candidate, sorted } = state;
  const second = Math.ceil(state.position / envelopeFrequency) - 1;
  state.seconds = Math.max(state.seconds, Math.min(learnedSeconds, second + 1));
  for (let lead = 0; lead < state.leads; lead++) {
    const heights = state.heights[lead]!;
    const rests = state.rests[lead]!;
    heights[second % learnedSeconds] = state.highest[lead]!;
    rests[second % learnedSeconds] = (state.rootSums[lead]! / count) ** 2;
    const height = Math.max(nothing, upperMedian(heights, state.seconds, sorted));
    candidate.usualHeight[lead] = Math.log(height);
    candidate.usualRest[lead] = Math.log(Math.max(nothing, upperMedian(rests, state.seconds, sorted)));
    state.weights[lead] = height > nothing ? 1 / height : 0;
  }
  state.highest.fill(0);
  state.rootSums.fill(0);
}

/** Takes a group into the rings: each lead's values, and their compressed sum. */
function combine(state: FinderState, envelopes: readonly Float64Array[], from: number): void {
  const { combined, position } = state;
  for (let i = 0; i < envelopeGroup; i++) combined[(position + i) & ringMask] = 0;
  for (let lead = 0; lead < state.leads; lead++) {
    const values = envelopes[lead]!;
    const ring = state.recent[lead]!;
    const weight = state.weights[lead]!;
    for (let i = 0; i < envelopeGroup; i++) {
      const slot = (position + i) & ringMask;
      const value = values[from + i]!;
      ring[slot] = value;
      const share = value * weight;
      combined[slot]! += share / (1 + share / saturation);
    }
  }
}

/** Hands over the candidates whose surroundings are known with the group just taken. */
function search(state: FinderState): void {
  const { combined, candidate, recent } = state;
  const first = Math.max(0, state.position - separation);
  const end = state.position + envelopeGroup - separation;
  for (let centre = first; centre < end; centre++) {
    const peak = combined[centre & ringMask]!;
    // The neighbours rule out most.
    if (!(peak > combined[(centre - 1) & ringMask]! && peak >= combined[(centre + 1) & ringMask]!)) continue;
    if (!isHighest(combined, centre)) continue;
    candidate.time = (centre - envelopeDelay + 0.5) / envelopeFrequency;
    for (let lead = 0; lead < state.leads; lead++) candidate.height[lead] = heightAt(recent[lead]!, centre);
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
