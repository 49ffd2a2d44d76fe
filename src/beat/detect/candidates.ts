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
} from '../../signal/envelope-bands.ts';
import { addGroups, forgetStart, learn, nothing, updateLevels } from './candidate-levels.ts';
import {
  type Candidate,
  changedValues,
  createFinderState,
  type FinderState,
  forgetValues,
  type GainChange,
  rewind,
} from './candidate-state.ts';
import { followGain } from './gain-change.ts';
import { startSeconds } from './last-seconds.ts';

// Smallest distance between candidates. Leads peak at different times: the height in a lead is its maximum within the
// alignment distance.
const separation = Math.round(0.09 * envelopeFrequency);
const alignment = Math.round(0.05 * envelopeFrequency);
/** The contribution of a lead to the sum is limited to this many usual heights. */
const saturation = 4;
/** Delay after which a candidate is known, s. */
export const candidateDelay = (envelopeDelay + separation + envelopeGroup) / envelopeFrequency;
/** Time until the first candidate is known, s: the usual levels must be estimated first. */
export const learningDelay = startSeconds;

/** Receives what the search finds; see `createCandidateFinder`. */
export interface FinderCallbacks {
  readonly onCandidate: (candidate: Candidate) => void;
  readonly onSecond: (time: number) => void;
  readonly onForeseen: (candidate: Candidate) => void;
  readonly onGainChange: (change: GainChange, since: number) => void;
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
 * candidate can precede; before all that `onForeseen` for each candidate of the first seconds. After a change of gain
 * `onGainChange` precedes the candidates since that time, which are found again. The candidate object is reused for the
 * next one. `values` are by lead from `createFinderValues(mostValues)`, with space for `mostValues`
 * after each `advance`.
 */
export function createCandidateFinder(
  values: readonly EnvelopeValues[],
  mostValues: number,
  callbacks: FinderCallbacks,
): CandidateFinder {
  const state = createFinderState(values, callbacks);
  return {
    advance: () => {
      const { filled, lower } = values[0]!;
      while (state.next + envelopeFrequency <= filled) {
        if (state.isLearning) wait(state, envelopeFrequency);
        else advance(state, envelopeFrequency);
        if (state.isLearning && state.position === startSeconds * envelopeFrequency) endLearning(state);
      }
      if (!state.isLearning && filled + mostValues > lower.values.length) forgetValues(state);
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

/** Processes the next `count` values: a second, or the rest of one at the end. */
function advance(state: FinderState, count: number): void {
  combine(state, count);
  state.position += count;
  state.next += count;
  search(state, count);
  addGroups(state, count);
  if (count < envelopeFrequency) return;
  learn(state, count);
  if (state.passOn !== state.onCandidate) return;
  const change = followGain(state);
  if (change !== undefined) findAgain(state, change);
  state.onSecond(timeOf(state, state.next - separation));
}

/** Finds the candidates of the last seconds again, now that the gain has changed. */
function findAgain(state: FinderState, change: GainChange): void {
  updateLevels(state);
  state.onGainChange(change, timeOf(state, state.next - separation - changedValues));
  state.next -= changedValues;
  combine(state, changedValues);
  state.next += changedValues;
  search(state, changedValues);
}

/** The time of the envelope value at this index, s. */
const timeOf = (state: FinderState, index: number): number =>
  (index + state.position - state.next - envelopeDelay + 0.5) / envelopeFrequency;

/** Adds the next values to the compressed sum of the lower bands. */
function combine({ combined, next, leads, recent, weights }: FinderState, count: number): void {
  const end = next + count;
  // The values of a single lead are searched themselves.
  if (leads === 1) return;
  combined.fill(0, next, end);
  for (let lead = 0; lead < leads; lead++) {
    const { values } = recent[lead]!;
    const weight = weights[lead]!;
    for (let i = next; i < end; i++) {
      const share = values[i]! * weight;
      combined[i]! += share / (1 + share / saturation);
    }
  }
}

/**
 * Reports the candidates whose surroundings are complete with the latest `count` values. From each value, those that are
 * lower and within the separation are passed over: they are no maxima.
 */
function search(state: FinderState, count: number): void {
  const { combined, next, leads, weights } = state;
  // As long as a lead is constant, it has no usual height.
  if (leads === 1 && weights[0] === 0) return;
  const end = next - separation;
  let i = Math.max(next - state.position, end - count);
  while (i < end) {
    const value = combined[i]!;
    const reach = i + separation;
    let after = i + 1;
    while (after <= reach && combined[after]! < value) after++;
    if ((after > reach || combined[after] === value) && isHighest(combined, i)) report(state, i);
    i = after;
  }
}

/** Whether `centre` is the maximum within the separation: of equal values the first, unless lower ones are between. */
function isHighest(values: Float64Array, centre: number): boolean {
  const peak = values[centre]!;
  if (!(peak > values[centre - 1]!)) return false;
  for (let i = 1; i <= separation; i++) {
    if (values[centre - i]! > peak || values[centre + i]! > peak) return false;
  }
  return true;
}

function report(state: FinderState, centre: number): void {
  const { candidate, channels, recent } = state;
  candidate.time = timeOf(state, centre);
  for (let channel = 0; channel < channels; channel++)
    candidate.height[channel] = heightAt(recent[channel]!.values, centre);
  state.passOn(candidate);
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
