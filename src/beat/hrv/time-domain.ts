/**
 * Heart-rate variability in the time domain, after the Task Force of the European Society of Cardiology and the North
 * American Society of Pacing and Electrophysiology, Circulation 93:1043–1065, 1996. SD1 and SD2 of the Poincaré plot
 * after Brennan, Palaniswami & Kamen, IEEE Trans. Biomed. Eng. 48:1342–1347, 2001.
 */
import { mean, standardDeviation } from '../../statistics.ts';
import type { RrInterval } from './rr-intervals.ts';
import { type RrSegment, shortTerm } from './segments.ts';

/**
 * Time-domain measures. A measure for which there are too few NN intervals is undefined. Differences are those between
 * adjacent NN intervals.
 */
export interface TimeDomain {
  /** Mean NN interval, s, and the corresponding heart rate, beats/min. */
  readonly meanNn: number | undefined;
  readonly meanHeartRate: number | undefined;
  /** Standard deviation of the NN intervals, s. */
  readonly sdnn: number | undefined;
  /** Root mean square of the successive differences, s. */
  readonly rmssd: number | undefined;
  /**
   * Number of successive differences greater than 50 ms, and that number as a fraction (0 to 1) of all NN intervals.
   */
  readonly nn50: number | undefined;
  readonly pnn50: number | undefined;
  /**
   * Standard deviation of the mean NN intervals, and mean of the standard deviations, of all complete five-minute
   * segments, s.
   */
  readonly sdann: number | undefined;
  readonly sdnnIndex: number | undefined;
  /**
   * HRV triangular index: the number of NN intervals over the height of their histogram with bins of 1/128 s,
   * dimensionless.
   */
  readonly triangularIndex: number | undefined;
  /** Standard deviations of the Poincaré plot perpendicular to the line of identity (SD1) and along it (SD2), s. */
  readonly sd1: number | undefined;
  readonly sd2: number | undefined;
}

/**
 * Threshold of NN50, s. The margin keeps a difference of exactly 50 ms, which may exceed it by rounding, from being
 * counted.
 */
const nn50Limit = 0.05 + 1e-9;
/** Bin width of the histogram, s. */
const histogramBin = 1 / 128;

/** Time-domain measures of the intervals; `segments` are those of `fiveMinuteSegments`. */
export function timeDomain(intervals: readonly RrInterval[], segments: readonly RrSegment[]): TimeDomain {
  const nn = intervals.filter(({ isNormal }) => isNormal).map(({ duration }) => duration);
  const pairs = successivePairs(intervals);
  const differences = pairs.map(([a, b]) => b - a);
  const meanNn = nn.length === 0 ? undefined : mean(nn);
  const nn50 = pairs.length === 0 ? undefined : differences.filter(d => Math.abs(d) > nn50Limit).length;
  const fives = segments
    .filter(({ duration }) => duration === shortTerm)
    .map(segment => segment.nn.map(({ duration }) => duration));
  const deviations = fives.flatMap(values => standardDeviation(values) ?? []);
  return {
    meanNn,
    meanHeartRate: meanNn === undefined ? undefined : 60 / meanNn,
    sdnn: standardDeviation(nn),
    rmssd: pairs.length === 0 ? undefined : Math.sqrt(mean(differences.map(d => d * d))),
    nn50,
    pnn50: nn50 === undefined ? undefined : nn50 / nn.length,
    sdann: standardDeviation(fives.map(mean)),
    sdnnIndex: deviations.length === 0 ? undefined : mean(deviations),
    triangularIndex: nn.length === 0 ? undefined : nn.length / fullestBin(nn),
    sd1: standardDeviation(pairs.map(([a, b]) => (b - a) / Math.SQRT2)),
    sd2: standardDeviation(pairs.map(([a, b]) => (a + b) / Math.SQRT2)),
  };
}

/** Pairs of adjacent NN intervals, s: the points of the Poincaré plot. */
export function successivePairs(intervals: readonly RrInterval[]): [number, number][] {
  const pairs: [number, number][] = [];
  for (let k = 0; k + 1 < intervals.length; k++) {
    const [a, b] = [intervals[k]!, intervals[k + 1]!];
    if (a.isNormal && b.isNormal) pairs.push([a.duration, b.duration]);
  }
  return pairs;
}

function fullestBin(durations: readonly number[]): number {
  const counts = new Map<number, number>();
  for (const duration of durations) {
    const bin = Math.floor(duration / histogramBin + 1e-9);
    counts.set(bin, (counts.get(bin) ?? 0) + 1);
  }
  return Math.max(...counts.values());
}
