/**
 * Heart-rate variability of RR intervals, with the definitions of the Task Force of the European Society of Cardiology
 * and the North American Society of Pacing and Electrophysiology, Circulation 93:1043–1065, 1996.
 */
import { InputError } from '../../input-error.ts';
import { type FrequencyDomain, lombDomain, ultraLowPower, welchDomain } from './frequency-domain.ts';
import { sampleEntropy, scalingExponent } from './nonlinear.ts';
import type { RrInterval } from './rr-intervals.ts';
import { fiveMinuteSegments } from './segments.ts';
import { type TimeDomain, timeDomain } from './time-domain.ts';

/** Heart-rate variability of the NN intervals. A measure for which there are too few intervals is undefined. */
export interface HeartRateVariability extends TimeDomain {
  /** Number of NN intervals, and of all RR intervals. */
  readonly nnCount: number;
  readonly rrCount: number;
  /**
   * Band powers from Lomb–Scargle periodograms, averaged over complete five-minute segments; of a shorter recording,
   * from one segment.
   */
  readonly frequency: FrequencyDomain | undefined;
  /** Band powers from Welch's method. */
  readonly welch: FrequencyDomain | undefined;
  /** Ultra-low-frequency power (up to 0.003 Hz), s²; undefined for less than 18 hours of NN intervals. */
  readonly ulf: number | undefined;
  /** Short-term scaling exponent α₁ of detrended fluctuation analysis (`scalingExponent`), dimensionless. */
  readonly dfaAlpha1: number | undefined;
  /** Sample entropy with m = 2 and a tolerance of 0.2 standard deviations (`sampleEntropy`), dimensionless. */
  readonly sampleEntropy: number | undefined;
}

/**
 * Time-domain, frequency-domain and nonlinear measures of the RR intervals. Successive differences are taken only
 * between adjacent NN intervals. The frequency domain uses only segments of which NN intervals cover at least 80 %.
 *
 * @example heartRateVariability(rrIntervals(rPeaks, samplingFrequency)).meanNn // => 0.5690…
 */
export function heartRateVariability(intervals: readonly RrInterval[]): HeartRateVariability {
  const nn = intervals.filter(({ isNormal }) => isNormal);
  const segments = fiveMinuteSegments(intervals);
  return {
    nnCount: nn.length,
    rrCount: intervals.length,
    ...timeDomain(intervals, segments),
    frequency: lombDomain(segments),
    welch: welchDomain(intervals),
    ulf: ultraLowPower(intervals),
    dfaAlpha1: scalingExponent(nn.map(({ duration }) => duration)),
    sampleEntropy: sampleEntropy(intervals),
  };
}

/** Heart-rate variability within a time window. */
export interface WindowVariability extends HeartRateVariability {
  /** Start and end of the window, s from the start of the signal. */
  readonly startSeconds: number;
  readonly endSeconds: number;
}

/**
 * Heart-rate variability in sliding windows of `windowSeconds`, one every `stepSeconds`, starting with the first
 * interval; only complete windows are computed. An interval belongs to the windows in which it ends. Throws
 * `RangeError` unless window and step are positive.
 *
 * @example slidingVariability(rrIntervals(rPeaks, samplingFrequency), 120, 60).length // => 3
 */
export function slidingVariability(
  intervals: readonly RrInterval[],
  windowSeconds: number,
  stepSeconds: number,
): WindowVariability[] {
  if (!(windowSeconds > 0 && stepSeconds > 0)) {
    throw new InputError(`windows of ${windowSeconds} s every ${stepSeconds} s: both must be positive`);
  }
  const windows: WindowVariability[] = [];
  if (intervals.length === 0) return windows;
  const begin = intervals[0]!.time - intervals[0]!.duration;
  const end = intervals.at(-1)!.time;
  let first = 0;
  for (let k = 0; begin + k * stepSeconds + windowSeconds <= end; k++) {
    const from = begin + k * stepSeconds;
    const to = from + windowSeconds;
    while (first < intervals.length && intervals[first]!.time <= from) first++;
    let last = first;
    while (last < intervals.length && intervals[last]!.time <= to) last++;
    windows.push({
      startSeconds: from,
      endSeconds: to,
      ...heartRateVariability(intervals.slice(first, last)),
    });
  }
  return windows;
}
