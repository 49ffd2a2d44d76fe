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

/** Variability of the NN intervals. What too few of them cannot tell is undefined. */
export interface HeartRateVariability extends TimeDomain {
  /** NN intervals, and all intervals they were chosen from. */
  readonly nnCount: number;
  readonly rrCount: number;
  /** Power of the bands by Lomb's spectrum: averaged over whole segments of five minutes, or of one shorter one. */
  readonly frequency: FrequencyDomain | undefined;
  /** The same by Welch's spectrum. */
  readonly welch: FrequencyDomain | undefined;
  /** Power up to 0.003 Hz, s², of a recording with 18 hours of NN intervals. */
  readonly ulf: number | undefined;
  /** Short-term scaling exponent of detrended fluctuation analysis (`scalingExponent`). */
  readonly dfaAlpha1: number | undefined;
  /** `sampleEntropy`, of two intervals and 0.2 standard deviations. */
  readonly sampleEntropy: number | undefined;
}

/**
 * Variability in time and frequency. Differences are taken only between NN intervals that follow each other directly.
 * Spectra need segments of which NN intervals fill 80 %.
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

/** Variability within a window of time. */
export interface WindowVariability extends HeartRateVariability {
  /** s from the start of the signal. */
  readonly from: number;
  readonly to: number;
}

/**
 * The same over windows of `windowSeconds`, one every `stepSeconds`, from the first interval's begin as long as a whole
 * window is there; an interval belongs to a window that it ends in. Throws `RangeError` for a window or a step that is
 * not positive.
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
    windows.push({ from, to, ...heartRateVariability(intervals.slice(first, last)) });
  }
  return windows;
}
