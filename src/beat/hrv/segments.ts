/** Division of NN intervals into consecutive time segments, and the recording lengths that measures need. */
import { mean } from '../../statistics.ts';
import type { RrInterval } from './rr-intervals.ts';

/** A time segment and its NN intervals. */
export interface RrSegment {
  readonly nn: readonly RrInterval[];
  /** Duration of the segment, s. */
  readonly duration: number;
}

/** Duration of a short-term recording by the Task Force's definition (five minutes), s. */
export const shortTerm = 300;
/** A segment is used when its NN intervals cover at least this fraction of it. */
const fewestShare = 0.8;

/** Time from the start of the first interval to the end of the last, s. */
export const spanOf = (intervals: readonly RrInterval[]): number =>
  intervals.length === 0 ? 0 : intervals.at(-1)!.time - intervals[0]!.time + intervals[0]!.duration;

/**
 * Whether beats that span `span` seconds can come from a recording of `wanted` seconds. A recording extends beyond its
 * first and its last beat by up to one interval each, so two mean intervals are allowed for.
 */
export const isAsLongAs = (span: number, wanted: number, meanInterval: number): boolean =>
  span + 2 * meanInterval >= wanted;

/**
 * Divides the intervals into segments of five minutes and leaves out the incomplete one at the end; a shorter recording
 * is one segment. Segments of which NN intervals cover less than 80 % are omitted.
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
