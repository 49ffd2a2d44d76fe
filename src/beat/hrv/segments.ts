/** NN intervals in consecutive segments of time, and how long a recording must be for a measure. */
import { mean } from '../../statistics.ts';
import type { RrInterval } from './rr-intervals.ts';

/** The NN intervals of a segment. */
export interface RrSegment {
  readonly nn: readonly RrInterval[];
  /** s. */
  readonly duration: number;
}

/** Five minutes, s: what the Task Force calls a short-term recording. */
export const shortTerm = 300;
/** A segment is used when its NN intervals fill this much of it. */
const fewestShare = 0.8;

/** From the begin of the first to the end of the last interval, s. */
export const spanOf = (intervals: readonly RrInterval[]): number =>
  intervals.length === 0 ? 0 : intervals.at(-1)!.time - intervals[0]!.time + intervals[0]!.duration;

/**
 * Whether beats that span so long come from a recording of `wanted` seconds. A recording reaches over its first and its
 * last beat by up to an interval on either side, and so much is granted, wherever a length is asked for.
 */
export const isAsLongAs = (span: number, wanted: number, meanInterval: number): boolean =>
  span + 2 * meanInterval >= wanted;

/**
 * The intervals in segments of five minutes, what is over at the end left out; a shorter recording is one segment.
 * Segments that NN intervals fill to less than 80 % are left out.
 */
export function fiveMinuteSegments(intervals: readonly RrInterval[]): RrSegment[] {
  if (intervals.length === 0) return [];
  const begin = intervals[0]!.time - intervals[0]!.duration;
  const span = spanOf(intervals);
  const grace = 2 * mean(intervals.map(({ duration }) => duration));
  const count = Math.max(1, Math.floor((span + grace) / shortTerm));
  const duration = Math.min(span, shortTerm);
  return Array.from({ length: count }, (_, k) => {
    const from = begin + k * shortTerm;
    const nn = intervals.filter(
      ({ isNormal, time }) => isNormal && time > from && time <= from + duration + 1e-9,
    );
    return { nn, duration };
  }).filter(
    ({ nn }) => nn.reduce((sum, { duration: nnDuration }) => sum + nnDuration, 0) >= fewestShare * duration,
  );
}
