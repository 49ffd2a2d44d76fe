/** RR intervals, and which of them are NN intervals: those between two beats of sinus origin. */

import { InputError } from '../../input-error.ts';
import { requireSamplingFrequency } from '../../sampling-frequency.ts';
import { median } from '../../statistics.ts';
import type { SampleSpan } from '../sample-span.ts';

/**
 * Why an interval is not NN: `label`, a beat at one of its ends is not of sinus origin; `short` or `long`, it is
 * outside the limits; `outlier`, it deviates too much from the neighbouring intervals; `unreadable`, it overlaps an
 * unreadable span.
 */
export type Exclusion = 'label' | 'short' | 'long' | 'outlier' | 'unreadable';

/** The interval from one beat to the next. */
export interface RrInterval {
  /** Time of its end, s from the start of the signal. */
  readonly time: number;
  /** Duration, s. */
  readonly duration: number;
  /** Whether it is an NN interval: between two normal (sinus) beats. */
  readonly isNormal: boolean;
  /** Why it is not an NN interval; absent when it is. */
  readonly excluded?: Exclusion;
  /** Set when `correctIntervals` changed its duration. */
  readonly corrected?: true;
}

/** Limits within which an interval between unlabelled beats counts as NN. */
export interface NnLimits {
  /** Shortest and longest NN interval, s. */
  readonly shortest: number;
  readonly longest: number;
  /**
   * Largest deviation from the median of the eleven intervals centred on the interval, as a fraction of that median.
   */
  readonly tolerance: number;
}

/**
 * NN limits for groups of patients and conditions. A newborn's heart rate reaches 300 beats/min; in bradycardia
 * intervals last up to 4 s; in deep breathing (6 breaths/min) successive intervals differ by more than a fifth.
 *
 * @example nnLimits.neonate.shortest // => 0.2
 */
export const nnLimits = {
  adult: { shortest: 0.3, longest: 2, tolerance: 0.2 },
  neonate: { shortest: 0.2, longest: 1.5, tolerance: 0.2 },
  bradycardia: { shortest: 0.3, longest: 4, tolerance: 0.2 },
  'deep-breathing': { shortest: 0.3, longest: 2, tolerance: 0.5 },
} as const satisfies Record<string, NnLimits>;

/** Beats of sinus origin, with and without bundle branch block. */
const sinusSymbols = new Set(['N', 'L', 'R']);
/** Whether an annotation symbol is that of a beat of sinus origin (N, L or R). */
export const isSinus = (symbol: string): boolean => sinusSymbols.has(symbol);
/** Number of intervals on either side that an interval is compared with. */
const neighbours = 5;

/**
 * The intervals between successive beats at `rPeaks` (sample indices; `samplingFrequency` in Hz). With `symbols`, one
 * per beat, an interval is normal when both its beats are N, L or R. Without symbols it is normal within the `limits`,
 * by default those of an adult; this does not replace a review of the beats. Limits that are passed explicitly apply
 * with symbols too. In both cases an interval that overlaps one of the `unreadable` spans (e.g. ventricular flutter,
 * noise or missing signal) is not normal, because beats may be missing there.
 *
 * Throws `RangeError` for beats that do not ascend, a number of symbols other than that of the beats, or a sampling
 * frequency that is not positive.
 *
 * @example
 * rrIntervals([0, 360, 756], 360).map(interval => interval.duration) // => [1, 1.1]
 */
export function rrIntervals(
  rPeaks: ArrayLike<number>,
  samplingFrequency: number,
  symbols?: readonly string[],
  unreadable: readonly SampleSpan[] = [],
  limits: NnLimits | undefined = symbols === undefined ? nnLimits.adult : undefined,
): RrInterval[] {
  if (symbols !== undefined && symbols.length !== rPeaks.length) {
    throw new InputError(`${symbols.length} symbols for ${rPeaks.length} beats`);
  }
  const durations = beatDurations(rPeaks, samplingFrequency);
  const exclusionOf = (k: number): Exclusion | undefined => {
    if (reachesInto(unreadable, rPeaks[k]!, rPeaks[k + 1]!)) return 'unreadable';
    if (symbols !== undefined && !(isSinus(symbols[k]!) && isSinus(symbols[k + 1]!))) {
      return 'label';
    }
    return limits && beyond(limits, durations, k);
  };
  return durations.map((duration, k) => {
    const excluded = exclusionOf(k);
    const time = rPeaks[k + 1]! / samplingFrequency;
    return { time, duration, isNormal: excluded === undefined, ...(excluded && { excluded }) };
  });
}

/** Intervals between successive beats, s. */
export function beatDurations(rPeaks: ArrayLike<number>, samplingFrequency: number): number[] {
  requireSamplingFrequency(samplingFrequency);
  return Array.from({ length: Math.max(0, rPeaks.length - 1) }, (_, k) => {
    const duration = (rPeaks[k + 1]! - rPeaks[k]!) / samplingFrequency;
    if (!(duration > 0)) {
      throw new InputError(`R peak ${k + 1} at ${rPeaks[k + 1]} does not follow R peak ${k} at ${rPeaks[k]}`);
    }
    return duration;
  });
}

/** Whether an interval between two sample indices overlaps one of the spans. */
export const reachesInto = (unreadable: readonly SampleSpan[], first: number, last: number): boolean =>
  unreadable.some(({ start, end }) => start <= last && end > first);

/** The limit that an interval violates; undefined when it violates none. */
function beyond(
  { shortest, longest, tolerance }: NnLimits,
  durations: readonly number[],
  k: number,
): Exclusion | undefined {
  const duration = durations[k]!;
  if (duration < shortest) return 'short';
  if (duration > longest) return 'long';
  const middle = median(durations.slice(Math.max(0, k - neighbours), k + neighbours + 1));
  return Math.abs(duration - middle) <= tolerance * middle ? undefined : 'outlier';
}
