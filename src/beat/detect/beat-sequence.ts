/**
 * Which candidates are beats: the most likely sequence of them (the algorithm of Viterbi 1967, over candidates instead
 * of samples).
 *
 * Every candidate may be preceded by every earlier one, or start anew; the sequence with the highest score wins. Beats
 * score by their heights, and intervals cost what they differ from the rate (`detect-score.ts`). So a beat missed by a
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

/** Cost of starting anew. A sequence that is further than this behind the best is given up. */
const freshPenalty = 10;
// The first interval may be anything between these, on logarithms of s.
const shortestFirst = Math.log(0.4);
const longestFirst = Math.log(1.2);
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

/** Predecessors older than this are represented by the best of them, s. */
const reachSeconds = 3;
/** A beat is decided after this time at the latest, s; most are as soon as all sequences agree on it. */
export const decisionDelay = 5;

// Ring of candidates. The finder's separation (0.088 s) allows 57 in the decision delay. One more slot holds the old one.
const ringLength = 128;
const ringMask = ringLength - 1;

export interface BeatPath {
  /** Takes the next candidate; times must grow by at least 0.08 s, and `decide` must be called once a second. */
  push(candidate: Candidate): void;
  /** Decides what can be, knowing that no candidate before `time` comes any more. */
  decide(time: number): void;
  /** Decides all that is left; `time` is the end of the signal, s. */
  finish(time: number): void;
}

/** Calls `onBeat` for each beat, in order, with its time in s as the candidate had it. */
export function createBeatPath(leads: number, onBeat: (time: number) => void): BeatPath {
  const slots = ringLength + 1;
  const times = new Float64Array(slots);
  const scores = new Float64Array(slots).fill(Number.NEGATIVE_INFINITY);
  const intervals = new Float64Array(slots);
  /** How many intervals the usual one is the mean of. */
  const intervalCounts = new Float64Array(slots);
  const previous = new Float64Array(slots);
  const heights = new Float64Array(slots * leads);
  const usualHeights = new Float64Array(slots * leads);
  const usualRests = new Float64Array(slots * leads);
  /** Mean squared deviation of the heights from the usual one. */
  const spreads = new Float64Array(slots * leads);
  const freshSpread = new Float64Array(leads).fill(firstSpread);
  const chain = new Float64Array(ringLength);
  // Candidates are numbered from 0; `none` precedes the first.
  const none = -1;
  let next = 0;
  let oldestInReach = 0;
  let old = none;
  let decided = none;

  const slotOf = (id: number): number => (id === old ? ringLength : id & ringMask);

  /** Moves the usual height and rest of a candidate by its own height and by what lies between it and its predecessor. */
  const follow = (slot: number, predecessor: number, isFresh: boolean): void => {
    for (let lead = 0; lead < leads; lead++) {
      const at = slot * leads + lead;
      if (heights[at]! < silence) continue;
      const deviation = heights[at]! - usualHeights[at]!;
      spreads[at]! += heightWeight * (Math.min(largestSpread, deviation ** 2) - spreads[at]!);
      const pull = clamp(deviation, heightPull.down, heightPull.up);
      usualHeights[at]! += heightWeight * pull;
      if (isFresh) continue;
      const after = times[slotOf(predecessor)]! + refractorySeconds;
      const before = times[slot]! - refractorySeconds;
      let between = Number.NEGATIVE_INFINITY;
      for (let id = Math.max(predecessor + 1, next - ringLength + 1); id < next; id++) {
        const other = id & ringMask;
        const height = heights[other * leads + lead]!;
        if (height > between && times[other]! > after && times[other]! < before) between = height;
      }
      if (between > Number.NEGATIVE_INFINITY) {
        const rest = clamp(between, usualHeights[at]! - restBelow.most, usualHeights[at]! - restBelow.least);
        usualRests[at]! += restWeight * (rest - usualRests[at]!);
      }
    }
  };

  /** The usual interval after the candidate in `slot`; where none is known yet, `interval` itself if it may be one. */
  const usualInterval = (slot: number, interval: number): number =>
    intervalCounts[slot]! > 0 ? intervals[slot]! : clamp(Math.log(interval), shortestFirst, longestFirst);

  const usualIntervalAfter = (slot: number, interval: number): number => {
    const usual = usualInterval(slot, interval);
    const weight = Math.max(intervalWeight, 1 / (intervalCounts[slot]! + 1));
    return usual + weight * clamp(Math.log(interval) - usual, -intervalPull, intervalPull);
  };

  /** Keeps the best of the candidates that go out of reach of `time`. */
  const retire = (time: number): void => {
    while (oldestInReach < next && time - times[oldestInReach & ringMask]! > reachSeconds) {
      const slot = oldestInReach & ringMask;
      if (
        scores[slot]! > Number.NEGATIVE_INFINITY &&
        (old === none || scores[slot]! >= scores[ringLength]!)
      ) {
        old = oldestInReach;
        times[ringLength] = times[slot]!;
        scores[ringLength] = scores[slot]!;
        intervals[ringLength] = intervals[slot]!;
        intervalCounts[ringLength] = intervalCounts[slot]!;
        previous[ringLength] = previous[slot]!;
        for (const rows of [heights, usualHeights, usualRests, spreads]) {
          rows.copyWithin(ringLength * leads, slot * leads, (slot + 1) * leads);
        }
      }
      oldestInReach++;
    }
  };

  /** The last of the sequence that is best when the signal is known up to `time`. */
  const bestEnd = (time: number): number => {
    let best = none;
    let bestScore = Number.NEGATIVE_INFINITY;
    const consider = (id: number): void => {
      const slot = slotOf(id);
      // A gap that may still end in an interval of the usual length costs nothing.
      const gap = time - times[slot]!;
      const usual = usualInterval(slot, gap);
      const score = scores[slot]! - intervalPenalty(Math.max(gap, Math.exp(usual)), usual);
      if (score > bestScore) {
        bestScore = score;
        best = id;
      }
    };
    if (old !== none) consider(old);
    for (let id = oldestInReach; id < next; id++) consider(id);
    return best;
  };

  /** Ends the sequences that starting anew from the best one would overtake. */
  const prune = (): void => {
    let top = old === none ? Number.NEGATIVE_INFINITY : scores[ringLength]!;
    for (let id = oldestInReach; id < next; id++) top = Math.max(top, scores[id & ringMask]!);
    for (let id = oldestInReach; id < next; id++) {
      if (scores[id & ringMask]! < top - freshPenalty) scores[id & ringMask] = Number.NEGATIVE_INFINITY;
    }
    if (old !== none && scores[ringLength]! < top - freshPenalty) old = none;
  };

  const commonAncestor = (a: number, b: number): number => {
    while (a !== b) {
      if (a > b) a = previous[slotOf(a)]!;
      else b = previous[slotOf(b)]!;
    }
    return a;
  };

  const emit = (upTo: number): void => {
    let count = 0;
    for (let id = upTo; id !== decided; id = previous[slotOf(id)]!) chain[count++] = id;
    while (count > 0) onBeat(times[slotOf(chain[--count]!)]!);
    decided = upTo;
  };

  const decide = (time: number): void => {
    prune();
    const best = bestEnd(time);
    if (best === none) return;
    let agreed = old === none ? best : commonAncestor(best, old);
    for (let id = next - 1; id >= oldestInReach && agreed !== decided; id--) {
      if (scores[id & ringMask]! > Number.NEGATIVE_INFINITY) agreed = commonAncestor(agreed, id);
    }
    // What waited too long is decided as the best sequence has it. Sequences without it end, and so do those whose
    // own last beat is as old.
    const due = time - decisionDelay;
    let overdue = best;
    while (overdue !== agreed && times[slotOf(overdue)]! > due) overdue = previous[slotOf(overdue)]!;
    if (overdue !== agreed) {
      const endWithout = (id: number): void => {
        if (scores[slotOf(id)] === Number.NEGATIVE_INFINITY) return;
        let ancestor = id;
        while (ancestor > overdue) ancestor = previous[slotOf(ancestor)]!;
        if (ancestor === overdue && (id === overdue || times[slotOf(id)]! > due)) return;
        scores[slotOf(id)] = Number.NEGATIVE_INFINITY;
      };
      for (let id = oldestInReach; id < next; id++) endWithout(id);
      if (old !== none) {
        endWithout(old);
        if (scores[ringLength] === Number.NEGATIVE_INFINITY) old = none;
      }
    }
    emit(overdue);
  };

  return {
    push(candidate) {
      const { time, height, usualHeight, usualRest } = candidate;
      retire(time);
      const id = next;
      const slot = id & ringMask;
      let best = Number.NEGATIVE_INFINITY;
      let predecessor = none;
      let top = Number.NEGATIVE_INFINITY;
      let freshPredecessor = decided;
      const consider = (from: number, fromSlot: number): void => {
        const interval = time - times[fromSlot]!;
        if (interval < refractorySeconds) return;
        if (scores[fromSlot]! > top) {
          top = scores[fromSlot]!;
          freshPredecessor = from;
        }
        const score =
          scores[fromSlot]! +
          beatScore(height, usualHeights, usualRests, spreads, fromSlot * leads) -
          intervalPenalty(interval, usualInterval(fromSlot, interval));
        if (score > best) {
          best = score;
          predecessor = from;
        }
      };
      for (let from = id - 1; from >= oldestInReach; from--) consider(from, from & ringMask);
      if (old !== none) consider(old, ringLength);
      // Starting anew where no beat is decided yet: nothing says that there was an earlier one.
      const opening = decided === none ? -openingPenalty(time) : 0;
      const isFirst = top === Number.NEGATIVE_INFINITY || (decided === none && opening >= top - freshPenalty);
      if (isFirst) freshPredecessor = decided;
      const base = isFirst ? opening : top - freshPenalty;
      const fresh = base + beatScore(height, usualHeight, usualRest, freshSpread, 0);

      times[slot] = time;
      heights.set(height, slot * leads);
      if (fresh > best) {
        scores[slot] = fresh;
        previous[slot] = freshPredecessor;
        // The rate is not forgotten with the heights.
        intervals[slot] = isFirst ? 0 : intervals[slotOf(freshPredecessor)]!;
        intervalCounts[slot] = isFirst ? 0 : intervalCounts[slotOf(freshPredecessor)]!;
        usualHeights.set(usualHeight, slot * leads);
        usualRests.set(usualRest, slot * leads);
        spreads.set(freshSpread, slot * leads);
      } else {
        const fromSlot = slotOf(predecessor);
        const interval = time - times[fromSlot]!;
        scores[slot] = best;
        previous[slot] = predecessor;
        intervals[slot] = usualIntervalAfter(fromSlot, interval);
        intervalCounts[slot] = intervalCounts[fromSlot]! + 1;
        usualHeights.copyWithin(slot * leads, fromSlot * leads, (fromSlot + 1) * leads);
        usualRests.copyWithin(slot * leads, fromSlot * leads, (fromSlot + 1) * leads);
        spreads.copyWithin(slot * leads, fromSlot * leads, (fromSlot + 1) * leads);
      }
      follow(slot, predecessor, fresh > best);
      next++;
    },
    decide,
    finish(time) {
      const best = bestEnd(time);
      if (best !== none) emit(best);
    },
  };
}

/** What it costs that no beat comes before `time`: as much as a first interval of that length. */
const openingPenalty = (time: number): number => {
  const seconds = Math.max(time, Math.exp(shortestFirst));
  return intervalPenalty(seconds, clamp(Math.log(seconds), shortestFirst, longestFirst));
};

const clamp = (value: number, low: number, high: number): number => Math.max(low, Math.min(high, value));
