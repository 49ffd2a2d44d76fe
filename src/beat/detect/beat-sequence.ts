/**
 * Which candidates are beats: the most likely sequence of them (the algorithm of Viterbi 1967, over candidates instead
 * of samples).
 *
 * Every candidate may be preceded by every earlier one, or start anew; the sequence with the highest score wins. Beats
 * score by their heights, and intervals cost what they differ from the rate (`beat-score.ts`). So a beat missed by a
 * threshold is found again when the interval asks for it, a T wave is dropped, and a P wave loses to the QRS complex
 * after it: search-back, refractory period and T-wave discrimination of Pan & Tompkins 1985 (IEEE Trans Biomed Eng
 * 32:230) without rules of their own, and with the future taken into account.
 *
 * Usual height, its spread, rest and interval follow each sequence as exponential means, on logarithms. A sequence that starts anew
 * pays for it and takes height and rest from the last seconds instead. As these depend on the sequence and only the
 * best one is kept for each candidate, the answer is a good one and not provably the best.
 */
import { beatScore, intervalPenalty, refractorySeconds, silence } from './beat-score.ts';
import type { Candidate } from './candidates.ts';
import { decide, decideAll, freshPenalty } from './sequence-decision.ts';
import {
  clamp,
  copyLevels,
  createSequenceState,
  dead,
  none,
  oneBefore,
  openingPenalty,
  retire,
  ringLength,
  type SequenceState,
  slotOf,
  usualInterval,
} from './sequence-state.ts';

export { decisionDelay } from './sequence-decision.ts';

// Weight of a new beat in the exponential means, and how far one beat may pull.
const heightWeight = 0.2;
const heightPull = { down: -1, up: 0.7 };
const firstSpread = 0.1;
const largestSpread = 16;
const restWeight = 0.12;
const intervalWeight = 0.06;
const intervalPull = 0.5;
// Rest is learned within these distances below the usual height: no nearer, or skipped beats would become rest.
const restBelow = { most: 6, least: 1 };

export interface BeatSequence {
  /** Takes the next candidate; times must grow by at least 0.08 s, and `decide` must be called once a second. */
  push(candidate: Candidate): void;
  /** Decides what can be, knowing that no candidate before `time` comes any more. */
  decide(time: number): void;
  /** Decides all that is left; `time` is the end of the signal, s. */
  finish(time: number): void;
}

/** Calls `onBeat` for each beat, in order, with its time in s as the candidate had it. */
export function createBeatSequence(leads: number, onBeat: (time: number) => void): BeatSequence {
  const state = createSequenceState(leads);
  state.freshSpreads.fill(firstSpread);
  return {
    push: candidate => push(state, candidate),
    decide: time => decide(state, time, onBeat),
    finish: time => decideAll(state, time, onBeat),
  };
}

/** Finds the best sequence that ends at the candidate: one that goes on, or one that starts anew. */
function push(state: SequenceState, candidate: Candidate): void {
  const { time, height } = candidate;
  const { scores, times } = state;
  retire(state, time);
  const slot = slotOf(state, state.next);
  let best = dead;
  let predecessor = none;
  let top = dead;
  let topId = state.decided;
  for (let from = oneBefore(state, state.next); from !== none; from = oneBefore(state, from)) {
    const fromSlot = slotOf(state, from);
    const fromScore = scores[fromSlot]!;
    const interval = time - times[fromSlot]!;
    if (fromScore === dead || interval < refractorySeconds) continue;
    if (fromScore > top) {
      top = fromScore;
      topId = from;
    }
    const score =
      fromScore +
      beatScore(height, state.usualHeights, state.usualRests, state.spreads, fromSlot * state.leads) -
      intervalPenalty(interval, usualInterval(state, fromSlot, interval));
    if (score > best) {
      best = score;
      predecessor = from;
    }
  }
  // Starting anew where no beat is decided yet: nothing says that there was an earlier one.
  const opening = state.decided === none ? -openingPenalty(time) : 0;
  const isFirst = top === dead || (state.decided === none && opening >= top - freshPenalty);
  const fresh =
    (isFirst ? opening : top - freshPenalty) +
    beatScore(height, candidate.usualHeight, candidate.usualRest, state.freshSpreads, 0);

  times[slot] = time;
  state.heights.set(height, slot * state.leads);
  if (fresh > best) {
    scores[slot] = fresh;
    startAnew(state, slot, candidate, isFirst ? none : topId);
    learnHeight(state, slot);
  } else {
    scores[slot] = best;
    goOn(state, slot, predecessor);
    learnHeight(state, slot);
    learnRest(state, slot, predecessor);
  }
  state.next++;
}

/** The candidate in `slot` begins a sequence; of that which ended at `before`, if there is one, the rate is kept. */
function startAnew(state: SequenceState, slot: number, candidate: Candidate, before: number): void {
  const { intervals, intervalCounts, leads } = state;
  const known = before !== none;
  state.previous[slot] = known ? before : state.decided;
  intervals[slot] = known ? intervals[slotOf(state, before)]! : 0;
  intervalCounts[slot] = known ? intervalCounts[slotOf(state, before)]! : 0;
  state.usualHeights.set(candidate.usualHeight, slot * leads);
  state.usualRests.set(candidate.usualRest, slot * leads);
  state.spreads.set(state.freshSpreads, slot * leads);
}

/** The candidate in `slot` continues the sequence that ended at `predecessor`. */
function goOn(state: SequenceState, slot: number, predecessor: number): void {
  const { times, intervals, intervalCounts } = state;
  const from = slotOf(state, predecessor);
  const interval = times[slot]! - times[from]!;
  const count = intervalCounts[from]! + 1;
  const usual = usualInterval(state, from, interval);
  const weight = Math.max(intervalWeight, 1 / count);
  state.previous[slot] = predecessor;
  intervals[slot] = usual + weight * clamp(Math.log(interval) - usual, -intervalPull, intervalPull);
  intervalCounts[slot] = count;
  copyLevels(state, from, slot);
}

/** Moves the usual height and its spread by the candidate's own height. */
function learnHeight(state: SequenceState, slot: number): void {
  const { leads, heights, usualHeights, spreads } = state;
  for (let at = slot * leads; at < (slot + 1) * leads; at++) {
    if (heights[at]! < silence) continue;
    const deviation = heights[at]! - usualHeights[at]!;
    spreads[at]! += heightWeight * (Math.min(largestSpread, deviation ** 2) - spreads[at]!);
    usualHeights[at]! += heightWeight * clamp(deviation, heightPull.down, heightPull.up);
  }
}

/** Moves the usual rest by the highest of what lies between a candidate and its predecessor. */
function learnRest(state: SequenceState, slot: number, predecessor: number): void {
  const { leads, times, heights, usualHeights, usualRests } = state;
  const after = times[slotOf(state, predecessor)]! + refractorySeconds;
  const before = times[slot]! - refractorySeconds;
  for (let lead = 0; lead < leads; lead++) {
    const at = slot * leads + lead;
    if (heights[at]! < silence) continue;
    let between = Number.NEGATIVE_INFINITY;
    for (let id = Math.max(predecessor + 1, state.next - ringLength + 1); id < state.next; id++) {
      const other = slotOf(state, id);
      const height = heights[other * leads + lead]!;
      if (height > between && times[other]! > after && times[other]! < before) between = height;
    }
    if (between === Number.NEGATIVE_INFINITY) continue;
    const top = usualHeights[at]!;
    const rest = clamp(between, top - restBelow.most, top - restBelow.least);
    usualRests[at]! += restWeight * (rest - usualRests[at]!);
  }
}
