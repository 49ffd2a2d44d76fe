/**
 * Candidate beats: the local maxima of the QRS envelope, and how high the envelope of each lead is there, against how
 * high it usually gets and how low it usually lies.
 *
 * With several leads the maxima are those of the sum of the envelopes, each in units of its own usual height.
 */
import { envelopeDelay, envelopeFrequency } from '../signal/detector-envelope.ts';

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
/** The logarithm of nothing. */
const floor = 1e-300;
const ringLength = 64;
const ringMask = ringLength - 1;

/** Seconds by which a candidate is known later than it happens. */
export const candidateDelay = (envelopeDelay + separation + 1) / envelopeFrequency;
/** Seconds at the start before the first candidate is known: what is usual must be learned first. */
export const learningDelay = learnedSeconds;

export interface CandidateFinder {
  /** Takes `count` envelope values of each lead. */
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
  const learning = perLead(learnedSeconds * envelopeFrequency);
  let learned = 0;
  let isLearning = true;
  let position = 0;

  /** Notes the second that ends at `position`, `count` values long. */
  const noteSecond = (count: number): void => {
    const second = Math.ceil(position / envelopeFrequency) - 1;
    for (let lead = 0; lead < leads; lead++) {
      heights[lead]![second % learnedSeconds] = highest[lead]!;
      // The mean square root, squared, gives the many small values more say than the few large ones.
      rests[lead]![second % learnedSeconds] = (rootSums[lead]! / count) ** 2;
      const seconds = isLearning ? second + 1 : learnedSeconds;
      const height = Math.max(floor, upperMedian(heights[lead]!, seconds));
      candidate.usualHeight[lead] = Math.log(height);
      candidate.usualRest[lead] = Math.log(Math.max(floor, upperMedian(rests[lead]!, seconds)));
      weights[lead] = height > floor ? 1 / height : 0;
    }
    highest.fill(0);
    rootSums.fill(0);
  };

  const measure = (envelopes: readonly Float64Array[], i: number): void => {
    for (let lead = 0; lead < leads; lead++) {
      const value = envelopes[lead]![i]!;
      if (value > highest[lead]!) highest[lead] = value;
      rootSums[lead]! += Math.sqrt(Math.max(0, value));
    }
    position++;
    if (position % envelopeFrequency === 0) noteSecond(envelopeFrequency);
  };

  const search = (envelopes: readonly Float64Array[], i: number): void => {
    const slot = position & ringMask;
    let sum = 0;
    for (let lead = 0; lead < leads; lead++) {
      const value = envelopes[lead]![i]!;
      recent[lead]![slot] = value;
      sum += value * weights[lead]!;
    }
    combined[slot] = sum;
    const centre = position - separation;
    if (centre >= 0 && isPeak(combined, centre)) {
      candidate.time = (centre - envelopeDelay + 0.5) / envelopeFrequency;
      for (let lead = 0; lead < leads; lead++) candidate.height[lead] = heightAt(recent[lead]!, centre);
      onCandidate(candidate);
    }
    measure(envelopes, i);
    if (position % envelopeFrequency === 0) {
      onSecond((position - separation - envelopeDelay - 0.5) / envelopeFrequency);
    }
  };

  const endLearning = (): void => {
    const rest = position % envelopeFrequency;
    if (rest > 0) noteSecond(rest);
    isLearning = false;
    position = 0;
    for (let i = 0; i < learned; i++) search(learning, i);
  };

  return {
    push(envelopes, count) {
      let i = 0;
      for (; i < count && isLearning; i++) {
        for (let lead = 0; lead < leads; lead++) learning[lead]![learned] = envelopes[lead]![i]!;
        learned++;
        measure(envelopes, i);
        if (learned === learning[0]!.length) endLearning();
      }
      for (; i < count; i++) search(envelopes, i);
    },
    finish() {
      if (isLearning) endLearning();
    },
  };
}

/** The median of the first `count` values, the upper one of two. */
function upperMedian(values: Float64Array, count: number): number {
  return values.slice(0, Math.min(count, values.length)).sort()[Math.min(count, values.length) >> 1]!;
}

/** Whether the ring's value at `centre` is its largest within the separation; of equal ones, the first. */
function isPeak(ring: Float64Array, centre: number): boolean {
  const peak = ring[centre & ringMask]!;
  // The neighbours rule out most.
  if (!(peak > ring[(centre - 1) & ringMask]! && peak >= ring[(centre + 1) & ringMask]!)) return false;
  for (let i = 2; i <= separation; i++) {
    if (ring[(centre - i) & ringMask]! > peak || ring[(centre + i) & ringMask]! > peak) return false;
  }
  return true;
}

function heightAt(ring: Float64Array, centre: number): number {
  let height = floor;
  // Values after the centre are known as far as the separation, which is longer than the alignment.
  for (let i = -alignment; i <= alignment; i++) height = Math.max(height, ring[(centre + i) & ringMask]!);
  return Math.log(height);
}
