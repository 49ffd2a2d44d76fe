/**
 * Selection of beats among the candidates: the most probable sequence of them, by the algorithm of Viterbi 1967 applied
 * to candidates instead of samples.
 *
 * Every candidate may follow any earlier one or start a new sequence; the sequence with the highest score is selected.
 * Beats score by their heights, and intervals are penalised for deviating from the heart rate (`beat-score.ts`). Thus a
 * beat below the threshold is found when the rhythm predicts one, a T wave is rejected, and a P wave scores less than
 * the QRS complex after it. This replaces the separate rules for search-back, refractory period and T-wave
 * discrimination of Pan & Tompkins 1985 (IEEE Trans Biomed Eng 32:230), and uses future samples.
 *
 * Usual height and its spread, noise level and interval are tracked for each sequence by exponential means of
 * logarithms. A new sequence is penalised and takes height and noise level from the last seconds instead: the median
 * height of a second, or the largest height that recurs, whichever explains the candidate better. Because these values
 * depend on the sequence and only the best sequence is kept for each candidate, the result is not guaranteed to be
 * optimal.
 */

import {
  beatScore,
  gapLimit,
  intervalPenalty,
  pairCost,
  recurrenceScore,
  refractorySeconds,
  shortInterval,
  silence,
} from './beat-score.ts';
import { waveCost } from './broad-complexes.ts';
import { lowness, narrowness, smoothCost, smoothness } from './candidate-shape.ts';
import type { Candidate, GainChange, Levels } from './candidate-state.ts';
import { recurrence, suddenness, waveRecurrence } from './recurrence.ts';
import { runCertainty } from './regular-run.ts';
import { decide, decideAll, freshPenalty } from './sequence-decision.ts';
import {
  clamp,
  copyLevels,
  createSequenceState,
  dead,
  none,
  oneBefore,
  openingPenalty,
  rescale,
  retire,
  ringLength,
  ringMask,
  type SequenceState,
  sizeOf,
  slotOf,
  usualInterval,
} from './sequence-state.ts';
import { tallTWaveCost } from './tall-t-waves.ts';
import { ventricularCertainty, ventricularScore } from './ventricular-beats.ts';

export { decisionDelay } from './sequence-decision.ts';

// Weight of a new beat in the exponential means, and the largest change by one beat.
const heightWeight = 0.2;
const heightPull = { down: -1, up: 0.7 };
const firstSpread = 0.1;
const largestSpread = 16;
const restWeight = 0.12;
const intervalWeight = 0.06;
const intervalPull = 0.5;
// Range of distances below the usual height in which the noise level is updated. Higher values are excluded, because
// skipped beats would otherwise be taken for noise.
const restBelow = { most: 6, least: 1 };
/** Least time between candidates, s. */
const leastSeparation = 0.08;

/** Selects beats among candidates as these arrive. */
export interface BeatSequence {
  /** Adds the next candidate; times must increase by at least 0.08 s, and `decide` must be called once a second. */
  push(candidate: Candidate): void;
  /** Announces a candidate that will be added later, while the detector starts; in order of time. */
  foresee(candidate: Candidate): void;
  /** Forgets the candidates since that time, s, which will be added again, and follows a change of gain. */
  followGain(change: GainChange, since: number): void;
  /** Decides as many beats as possible, given that no further candidate precedes `time`. */
  decide(time: number): void;
  /** Decides all remaining beats; `time` is the end of the signal, s. */
  finish(time: number): void;
}

/**
 * Calls `onBeat` for each beat, in order, with the time of its candidate, s. `sizeAt` returns the mean logarithm over the
 * leads of the voltage range around a time, s, of the last seconds.
 */
export function createBeatSequence(
  channels: number,
  sizeAt: (time: number) => number,
  onBeat: (time: number) => void,
): BeatSequence {
  const state = createSequenceState(channels, sizeAt);
  state.freshSpreads.fill(firstSpread);
  return {
    push: candidate => push(state, candidate),
    foresee: ({ time, height }) => state.foreseen.push({ time, height: height.slice(), size: Number.NaN }),
    followGain: (change, since) => rescale(state, change, since),
    decide: time => decide(state, time, onBeat),
    finish: time => decideAll(state, time, onBeat),
  };
}

/** Finds the best sequence that ends at the candidate: one that is continued, or a new one. */
function push(state: SequenceState, candidate: Candidate): void {
  const { time, height } = candidate;
  const { scores, times, usualHeights, usualRests, spreads, mostScore: highest } = state;
  if (isKnown(state, time)) return;
  const slot = slotOfNext(state, time);
  let best = dead;
  let predecessor = none;
  let top = dead;
  let topId = state.decided;
  const { narrow } = state;
  narrow.after = narrowness(candidate);
  state.narrowness[slot] = narrow.after;
  const low = narrow.after > 0 ? narrow.after * lowness(candidate) : 0;
  const recurring = low > 0 ? low * recurrence(state, candidate) : 0;
  const smooth = narrow.after < 1 ? (1 - narrow.after) * smoothCost(candidate) : 0;
  const atrialCost = Math.max(
    smooth > 0 ? smooth * waveRecurrence(state, candidate) : 0,
    smoothWaveCost(state, candidate, slot, narrow.after),
  );
  const ventricular = ventricularCertainty(state, candidate, slot, narrow.after);
  const tWaveCost = tallTWaveCost(state, candidate, narrow.after, ventricular > 0);
  const ownCost = Math.max((1 - ventricular) * atrialCost, tWaveCost);
  for (let from = oneBefore(state, state.next); from !== none; from = oneBefore(state, from)) {
    const fromSlot = slotOf(state, from);
    const fromScore = scores[fromSlot]!;
    const interval = time - times[fromSlot]!;
    if (fromScore === dead || interval < refractorySeconds) continue;
    if (fromScore > top) {
      top = fromScore;
      topId = from;
    }
    // A sequence that would not be the best even with the highest score needs no penalty, and after penalties no score.
    if (fromScore + highest <= best) continue;
    narrow.before = state.narrowness[fromSlot]!;
    const usual = usualInterval(state, fromSlot, interval);
    const penalty = intervalPenalty(interval, usual);
    const isShort = penalty > 0 && interval < shortInterval(usual);
    const isEarlyBeat = isShort ? Math.max(ventricular, runCertainty(state, height, from, interval)) : 0;
    const at = fromSlot * state.channels;
    const costs = ownCost + (1 - isEarlyBeat) * penalty;
    if (fromScore + highest - costs <= best) continue;
    let pair = (1 - ventricular) * pairCost(height, state.heights, at, interval, narrow);
    if (pair > 0) pair *= 1 - suddenness(state, candidate, fromSlot);
    if (fromScore + highest - costs - pair <= best) continue;
    const own = beatScore(candidate, usualHeights, usualRests, spreads, at);
    const score = fromScore + withRecurrence(own, recurring, ventricular) - costs - pair;
    if (score > best) {
      best = score;
      predecessor = from;
    }
  }
  // A new sequence where no beat has been decided: there is no evidence of an earlier beat.
  const opening = state.decided === none ? -openingPenalty(time) : 0;
  const isFirst = top === dead || (state.decided === none && opening >= top - freshPenalty);
  const start = isFirst ? opening : top - freshPenalty;
  let fresh = dead;
  let levels = candidate.usual;
  if (start + highest - ownCost > best) {
    const byUsual = freshScore(state, candidate, candidate.usual);
    const byHighest = freshScore(state, candidate, candidate.highest);
    if (byHighest >= byUsual) levels = candidate.highest;
    const own = Math.max(byUsual, byHighest);
    fresh = start + withRecurrence(own, recurring, ventricular) - ownCost;
  }

  state.heights.set(height, slot * state.channels);
  if (fresh > best) {
    scores[slot] = fresh;
    startAnew(state, slot, levels, isFirst ? none : topId);
    learnHeight(state, slot);
  } else {
    scores[slot] = best;
    goOn(state, slot, predecessor);
    learnHeight(state, slot);
    learnRest(state, slot, predecessor);
  }
  state.next++;
}

/** The slot of the next candidate, at this time. */
function slotOfNext(state: SequenceState, time: number): number {
  retire(state, time);
  const slot = slotOf(state, state.next);
  state.times[slot] = time;
  state.sizes[slot] = Number.NaN;
  return slot;
}

/** Whether a candidate at this time was decided before a change of gain, and is found again. */
const isKnown = ({ next, times }: SequenceState, time: number): boolean =>
  next > 0 && time - times[(next - 1) & ringMask]! < leastSeparation;

/** The score of a beat by its heights, raised where it is one of several small narrow ones, or smooth ventricular ones. */
const withRecurrence = (own: number, narrow: number, ventricular: number): number =>
  own +
  Math.max(narrow * Math.max(0, recurrenceScore - own), ventricular * Math.max(0, ventricularScore - own));

/** The penalty of a candidate in `slot` that is probably a P or T wave beside broad complexes. */
function smoothWaveCost(state: SequenceState, candidate: Candidate, slot: number, narrow: number): number {
  const smooth = narrow < 1 ? (1 - narrow) * smoothness(candidate) : 0;
  return smooth === 0 ? 0 : smooth * waveCost(state, candidate, sizeOf(state, slot));
}

/** The score of a beat with the usual levels of the last seconds. */
const freshScore = (state: SequenceState, candidate: Candidate, { height, rest }: Levels): number =>
  beatScore(candidate, height, rest, state.freshSpreads, 0);

/**
 * Starts a new sequence with the candidate in `slot`. The interval of the sequence that ended at `before`, if any, is
 * retained.
 */
function startAnew(state: SequenceState, slot: number, levels: Levels, before: number): void {
  const { intervals, intervalCounts, channels } = state;
  const from = slotOf(state, before);
  const known = before !== none && keepsRate(state, from, state.times[slot]! - state.times[from]!);
  state.previous[slot] = before === none ? state.decided : before;
  intervals[slot] = known ? intervals[from]! : 0;
  intervalCounts[slot] = known ? intervalCounts[from]! : 0;
  state.usualHeights.set(levels.height, slot * channels);
  state.usualRests.set(levels.rest, slot * channels);
  state.spreads.set(state.freshSpreads, slot * channels);
}

/** Continues the sequence that ended at `predecessor` with the candidate in `slot`. */
function goOn(state: SequenceState, slot: number, predecessor: number): void {
  const { times, intervals, intervalCounts } = state;
  const from = slotOf(state, predecessor);
  const interval = times[slot]! - times[from]!;
  const count = intervalCounts[from]! + 1;
  const usual = usualInterval(state, from, interval);
  const weight = Math.max(intervalWeight, 1 / count);
  state.previous[slot] = predecessor;
  intervals[slot] = usual + weight * clamp(Math.log(interval) - usual, -intervalPull, intervalPull);
  intervalCounts[slot] = keepsRate(state, from, interval) ? count : 0;
  copyLevels(state, from, slot);
}

/**
 * Whether the heart rate is still known after an interval. After a gap with the largest penalty it is not: the previous
 * estimate may have been wrong.
 */
const keepsRate = (state: SequenceState, from: number, interval: number): boolean =>
  intervalPenalty(interval, usualInterval(state, from, interval)) < gapLimit;

/** Updates the usual height and its spread by the height of the candidate. */
function learnHeight(state: SequenceState, slot: number): void {
  const { channels, heights, usualHeights, spreads } = state;
  for (let at = slot * channels; at < (slot + 1) * channels; at++) {
    if (heights[at]! < silence) continue;
    const deviation = heights[at]! - usualHeights[at]!;
    spreads[at]! += heightWeight * (Math.min(largestSpread, deviation ** 2) - spreads[at]!);
    usualHeights[at]! += heightWeight * clamp(deviation, heightPull.down, heightPull.up);
  }
}

/** Updates the noise level with the highest value between a candidate and its predecessor. */
function learnRest(state: SequenceState, slot: number, predecessor: number): void {
  const { channels, times, heights, usualHeights, usualRests } = state;
  const after = times[slotOf(state, predecessor)]! + refractorySeconds;
  const before = times[slot]! - refractorySeconds;
  for (let channel = 0; channel < channels; channel++) {
    const at = slot * channels + channel;
    if (heights[at]! < silence) continue;
    let between = Number.NEGATIVE_INFINITY;
    for (let id = Math.max(predecessor + 1, state.next - ringLength + 1); id < state.next; id++) {
      const other = slotOf(state, id);
      const height = heights[other * channels + channel]!;
      if (height > between && times[other]! > after && times[other]! < before) between = height;
    }
    if (between === Number.NEGATIVE_INFINITY) continue;
    const top = usualHeights[at]!;
    const rest = clamp(between, top - restBelow.most, top - restBelow.least);
    usualRests[at]! += restWeight * (rest - usualRests[at]!);
  }
}
