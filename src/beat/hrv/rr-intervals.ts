/** RR intervals, and which of them are NN: between two beats that the sinus node drives. */

import { InputError } from '../../input-error.ts';
import { requireSamplingFrequency } from '../../sampling-frequency.ts';
import { median } from '../../statistics.ts';

/**
 * Why an interval is not NN: a beat at one of its ends is labelled otherwise; it is shorter or longer than the limits;
 * it differs too much from the intervals around it; the signal within it cannot be read.
 */
export type Exclusion = 'label' | 'short' | 'long' | 'outlier' | 'unreadable';

/** From one beat to the next. */
export interface RrInterval {
  /** When it ends, s from the start of the signal. */
  readonly time: number;
  /** s. */
  readonly duration: number;
  /** Between two normal (sinus) beats. */
  readonly isNormal: boolean;
  /** Why it is not; absent when it is. */
  readonly excluded?: Exclusion;
  /** Its duration was put right by `correctIntervals`. */
  readonly corrected?: true;
}

/** A segment in which beats cannot be told, e.g. of flutter, noise or missing signal: sample indices, both within it. */
export interface Unreadable {
  readonly from: number;
  readonly to: number;
}

/** What an interval must be to count as NN where beats have no labels. */
export interface NnLimits {
  /** s. */
  readonly shortest: number;
  readonly longest: number;
  /** How far it may be from the median of the five intervals on either side, as a fraction of that median. */
  readonly tolerance: number;
}

/**
 * Limits by whose heart it is. A newborn's goes to 300 a minute; in bradycardia four seconds pass between beats; under
 * deep breathing (6 a minute) intervals next to each other differ by more than a fifth.
 *
 * @example nnLimits.neonate.shortest // => 0.2
 */
export const nnLimits = {
  adult: { shortest: 0.3, longest: 2, tolerance: 0.2 },
  neonate: { shortest: 0.2, longest: 1.5, tolerance: 0.2 },
  bradycardia: { shortest: 0.3, longest: 4, tolerance: 0.2 },
  'deep-breathing': { shortest: 0.3, longest: 2, tolerance: 0.5 },
} as const satisfies Record<string, NnLimits>;

/** Beats that the sinus node drives, also through a blocked bundle branch. */
const sinusSymbols = new Set(['N', 'L', 'R']);
export const isSinus = (symbol: string): boolean => sinusSymbols.has(symbol);
/** Intervals on either side that an interval is held against. */
const neighbours = 5;

/**
 * The intervals between successive beats. With `symbols`, one per beat, an interval is normal when both its beats are
 * N, L or R. Without, when it is within the `limits`, those of an adult unless others are given: a substitute for
 * labels, not for looking. Limits that are given hold beside symbols too. Either way an interval that reaches into one
 * of the `unreadable` segments is not normal: beats may be missing there.
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
  unreadable: readonly Unreadable[] = [],
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

/** From each beat to the next, s. */
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

/** Whether an interval between two samples reaches into one of the segments. */
export const reachesInto = (unreadable: readonly Unreadable[], begin: number, end: number): boolean =>
  unreadable.some(({ from, to }) => from <= end && to >= begin);

/** How an interval is beyond the limits. */
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
