/** Decision on beats: those on which all current sequences agree, and those whose decision is due. */
import { intervalPenalty } from './beat-score.ts';
import {
  dead,
  none,
  oneBefore,
  openingPenalty,
  ringLength,
  ringMask,
  type SequenceState,
  slotOf,
  usualInterval,
} from './sequence-state.ts';

/** A sequence whose score is further than this below the best is discarded; also the penalty of a new sequence. */
export const freshPenalty = 10;
/** Longest time until a beat is decided, s; most are decided earlier, as soon as all sequences agree on them. */
export const decisionDelay = 5;

type OnBeat = (time: number) => void;

/** Decides as many beats as possible, given that no further candidate precedes `time`. */
export function decide(state: SequenceState, time: number, onBeat: OnBeat): void {
  prune(state);
  const best = bestEnd(state, time);
  if (best === none) return;
  let agreed = state.old === none ? best : commonAncestor(state, best, state.old);
  for (let id = state.next - 1; id >= state.oldestInReach && agreed !== state.decided; id--) {
    if (state.scores[slotOf(state, id)]! > dead) agreed = commonAncestor(state, agreed, id);
  }
  const score = endScore(state, best, time);
  // While no beat is decided, the first one may be of a sequence that has not begun.
  if (state.decided === none && -openingPenalty(time) >= score - freshPenalty) agreed = none;
  // Beats that are due are decided according to the best sequence.
  const due = time - decisionDelay;
  let overdue = best;
  while (overdue !== agreed && state.times[slotOf(state, overdue)]! > due) {
    overdue = state.previous[slotOf(state, overdue)]!;
  }
  if (overdue !== agreed) {
    if (state.decided === none && score < -openingPenalty(time)) {
      // A beat that is worse than none.
      endBegun(state, due);
      return;
    }
    endOthers(state, overdue, due);
  }
  emit(state, overdue, onBeat);
}

/** Decides all remaining beats; `time` is the end of the signal, s. */
export function decideAll(state: SequenceState, time: number, onBeat: OnBeat): void {
  const best = bestEnd(state, time);
  if (best === none) return;
  if (state.decided === none && endScore(state, best, time) < -openingPenalty(time)) return;
  emit(state, best, onBeat);
}

/** Discards the sequences that score worse than a new one started from the best. */
function prune(state: SequenceState): void {
  const { scores } = state;
  let top = state.old === none ? dead : scores[ringLength]!;
  for (let id = state.oldestInReach; id < state.next; id++) top = Math.max(top, scores[id & ringMask]!);
  for (let id = state.oldestInReach; id < state.next; id++) {
    if (scores[id & ringMask]! < top - freshPenalty) scores[id & ringMask] = dead;
  }
  if (state.old !== none && scores[ringLength]! < top - freshPenalty) state.old = none;
}

/** The last beat of the best sequence when the signal is known up to `time`. */
function bestEnd(state: SequenceState, time: number): number {
  let best = none;
  let bestScore = dead;
  for (let id = oneBefore(state, state.next); id !== none; id = oneBefore(state, id)) {
    const mostScore = state.scores[slotOf(state, id)]!;
    if (mostScore === dead || mostScore < bestScore) continue;
    const score = endScore(state, id, time);
    // Among equal scores, the earliest.
    if (score >= bestScore) {
      bestScore = score;
      best = id;
    }
  }
  return best;
}

/** The score of the sequence that ends at `id` when the signal is known up to `time`. */
function endScore(state: SequenceState, id: number, time: number): number {
  const slot = slotOf(state, id);
  // A gap that may still end in an interval of the usual length is not penalised.
  const gap = time - state.times[slot]!;
  const usual = usualInterval(state, slot, gap);
  return state.scores[slot]! - intervalPenalty(Math.max(gap, Math.exp(usual)), usual);
}

/** Discards the sequences whose first beat is not later than `due`, while no beat is decided. */
function endBegun(state: SequenceState, due: number): void {
  const firstOf = (id: number): number => {
    let first = id;
    while (state.previous[slotOf(state, first)] !== none) first = state.previous[slotOf(state, first)]!;
    return first;
  };
  for (let id = oneBefore(state, state.next); id !== none; id = oneBefore(state, id)) {
    const slot = slotOf(state, id);
    if (state.scores[slot] !== dead && state.times[slotOf(state, firstOf(id))]! <= due)
      state.scores[slot] = dead;
  }
  if (state.old !== none && state.scores[ringLength] === dead) state.old = none;
}

function commonAncestor(state: SequenceState, a: number, b: number): number {
  while (a !== b) {
    if (a > b) a = state.previous[slotOf(state, a)]!;
    else b = state.previous[slotOf(state, b)]!;
  }
  return a;
}

/** Discards the sequences without the candidate `overdue`, and those whose own last beat precedes `due`. */
function endOthers(state: SequenceState, overdue: number, due: number): void {
  for (let id = state.oldestInReach; id < state.next; id++) {
    if (!mayGoOn(state, id, overdue, due)) state.scores[slotOf(state, id)] = dead;
  }
  if (state.old !== none && !mayGoOn(state, state.old, overdue, due)) {
    state.scores[ringLength] = dead;
    state.old = none;
  }
}

function mayGoOn(state: SequenceState, id: number, overdue: number, due: number): boolean {
  if (state.scores[slotOf(state, id)] === dead) return true;
  let ancestor = id;
  while (ancestor > overdue) ancestor = state.previous[slotOf(state, ancestor)]!;
  return ancestor === overdue && (id === overdue || state.times[slotOf(state, id)]! > due);
}

function emit(state: SequenceState, upTo: number, onBeat: OnBeat): void {
  let count = 0;
  for (let id = upTo; id !== state.decided; id = state.previous[slotOf(state, id)]!)
    state.chain[count++] = id;
  while (count > 0) onBeat(state.times[slotOf(state, state.chain[--count]!)]!);
  state.decided = upTo;
}
