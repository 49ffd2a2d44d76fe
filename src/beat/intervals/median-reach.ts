/** How far a median beat reaches: the complete beat, with neither P nor T cut, and no part of the next complex. */
import { median } from '../../statistics.ts';
import type { WaveBorders } from './beat-intervals.ts';

/** Extent of a median beat before and after its R peak, and the usual RR interval; s. */
export interface MedianReach {
  readonly before: number;
  readonly after: number;
  readonly rr: number;
}

/** Start of a median beat before its R peak: this fraction of the RR interval, but at most this many seconds. */
const shareBefore = 0.45;
const mostBefore = 0.5;
/** Least extent before the R peak, and least distance between the end of the median beat and the next R peak, s. */
const leastBefore = 0.2;
const beforeNext = 0.1;
/** Least distance between the ends of the median beat and the waves of its neighbours, s. */
const clearance = 0.04;

/** The usual extent of a median beat, together one RR interval; undefined when no interval is known. */
export function medianReach(rr: readonly (number | undefined)[]): MedianReach | undefined {
  const usual = median(rr.map(interval => interval ?? Number.NaN));
  if (!(usual > 0)) return undefined;
  const before = Math.min(shareBefore * usual, mostBefore);
  return { before, after: usual - before, rr: usual };
}

/** The largest extent of a median beat, whichever its waves. */
export const widestReach = ({ before, rr }: MedianReach): MedianReach => ({
  before,
  after: rr - Math.min(before, leastBefore),
  rr,
});

/** Where the waves of beats begin and end in relation to their R peaks, s; `next` is the RR interval after the beat. */
export interface BeatExtents {
  readonly starts: number[];
  readonly ends: number[];
  readonly next: number[];
}

export const noExtents = (): BeatExtents => ({ starts: [], ends: [], next: [] });

/** Adds the extent of a beat. */
export function extendExtents(
  { starts, ends, next }: BeatExtents,
  { rPeak, borders }: { readonly rPeak: number; readonly borders: WaveBorders },
  samplingFrequency: number,
  rrAfter: number | undefined,
): void {
  const { pOnset, qrsOnset, tOffset } = borders;
  const start = pOnset ?? qrsOnset;
  if (start !== undefined) starts.push((rPeak - start) / samplingFrequency);
  if (tOffset !== undefined) ends.push((tOffset - rPeak) / samplingFrequency);
  if (rrAfter !== undefined) next.push(rrAfter);
}

/**
 * The extent of the median beat by the waves of its beats: where the usual one would cut P or T, as with a long QT
 * interval, it ends midway between the T offset and the P onset of the next beat; and it ends before the next QRS
 * complex where that comes early, as in bigeminy.
 */
export function reachAround(usual: MedianReach, { starts, ends, next }: BeatExtents): MedianReach {
  const { rr } = usual;
  const [start, end] = [median(starts), median(ends)];
  const isClear = usual.before >= start + clearance && usual.after >= end + clearance;
  const between = isClear || Number.isNaN(start + end) ? usual.after : (end + rr - start) / 2;
  const widest = widestReach(usual);
  const latest = next.length === 0 ? widest.after : Math.min(widest.after, median(next) - beforeNext);
  const after = Math.min(Math.max(between, rr - usual.before), Math.max(latest, beforeNext));
  return { before: isClear ? usual.before : Math.min(usual.before, rr - after), after, rr };
}
