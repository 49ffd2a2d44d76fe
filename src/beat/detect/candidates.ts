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
  const recent = perLead(ringLength);
  const combined = new Float64Array(ringLength);
  const candidate = {
    time: 0,
    height: new Float64Array(leads),
    usualHeight: new Float64Array(leads),
    usualRest: new Float64Array(leads),
  };
  /** One over the usual height. */
  const weights = new Float64Array(leads);
  const highest = new Float64Array(leads);
  const rootSums = new Float64Array(leads);
  const heights = perLead(learnedSeconds);
  const rests = perLead(learnedSeconds);
  const sorted = new Float64Array(learnedSeconds);
  const learning = perLead(learnedSeconds * envelopeFrequency);
  let isLearning = true;
  let position = 0;
  let seconds = 0;

  /** Takes down how high each lead gets in a group, and how high it is on the whole. */
  const measure = (envelopes: readonly Float64Array[], from: number): void => {
    for (let lead = 0; lead < leads; lead++) {
      const values = envelopes[lead]!;
      let high = highest[lead]!;
      let roots = rootSums[lead]!;
      for (let i = from; i < from + envelopeGroup; i++) {
        const value = values[i]!;
        if (value > high) high = value;
        // The mean square root, squared, gives the many small values more say than the few large ones.
        if (value > 0) roots += Math.sqrt(value);
      }
      highest[lead] = high;
      rootSums[lead] = roots;
    }
  };

  /** What is usual, with the last `count` values before `position`, a second or the rest of one. */
  const learn = (count: number): void => {
    const second = Math.ceil(position / envelopeFrequency) - 1;
    seconds = Math.max(seconds, Math.min(learnedSeconds, second + 1));
    for (let lead = 0; lead < leads; lead++) {
      heights[lead]![second % learnedSeconds] = highest[lead]!;
      rests[lead]![second % learnedSeconds] = (rootSums[lead]! / count) ** 2;
      const height = Math.max(nothing, upperMedian(heights[lead]!, seconds, sorted));
      candidate.usualHeight[lead] = Math.log(height);
      candidate.usualRest[lead] = Math.log(Math.max(nothing, upperMedian(rests[lead]!, seconds, sorted)));
      weights[lead] = height > nothing ? 1 / height : 0;
    }
    highest.fill(0);
    rootSums.fill(0);
  };

  const search = (envelopes: readonly Float64Array[], from: number): void => {
    for (let i = 0; i < envelopeGroup; i++) combined[(position + i) & ringMask] = 0;
    for (let lead = 0; lead < leads; lead++) {
      const values = envelopes[lead]!;
      const ring = recent[lead]!;
      const weight = weights[lead]!;
      for (let i = 0; i < envelopeGroup; i++) {
        const slot = (position + i) & ringMask;
        const value = values[from + i]!;
        ring[slot] = value;
        const share = value * weight;
        combined[slot]! += share / (1 + share / saturation);
      }
    }
    const first = Math.max(0, position - separation);
    const end = position + envelopeGroup - separation;
    for (let centre = first; centre < end; centre++) {
      const peak = combined[centre & ringMask]!;
      // The neighbours rule out most.
      if (!(peak > combined[(centre - 1) & ringMask]! && peak >= combined[(centre + 1) & ringMask]!))
        continue;
      if (!isHighest(combined, centre)) continue;
      candidate.time = (centre - envelopeDelay + 0.5) / envelopeFrequency;
      for (let lead = 0; lead < leads; lead++) candidate.height[lead] = heightAt(recent[lead]!, centre);
      onCandidate(candidate);
    }
  };

  const advance = (envelopes: readonly Float64Array[], from: number): void => {
    search(envelopes, from);
    measure(envelopes, from);
    position += envelopeGroup;
    if (position % envelopeFrequency === 0) {
      learn(envelopeFrequency);
      onSecond((position - separation - envelopeDelay + 0.5) / envelopeFrequency);
    }
  };

  /** Goes through the values waiting, now that it is known what is usual. */
  const endLearning = (): void => {
    const learned = position;
    if (learned % envelopeFrequency > 0) learn(learned % envelopeFrequency);
    isLearning = false;
    position = 0;
    for (let from = 0; from < learned; from += envelopeGroup) advance(learning, from);
  };

  return {
    push(envelopes, count) {
      for (let from = 0; from < count; from += envelopeGroup) {
        if (!isLearning) {
          advance(envelopes, from);
          continue;
        }
        for (let lead = 0; lead < leads; lead++) {
          learning[lead]!.set(envelopes[lead]!.subarray(from, from + envelopeGroup), position);
        }
        measure(envelopes, from);
        position += envelopeGroup;
        if (position % envelopeFrequency === 0) learn(envelopeFrequency);
        if (position === learning[0]!.length) endLearning();
      }
    },
    finish() {
      if (isLearning) endLearning();
    },
  };
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
