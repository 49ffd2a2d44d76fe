/**
 * A part of a lead with the samples around it, so that measuring a lead part by part gives the same result as measuring
 * it whole.
 */
import { lowerBound } from '../lower-bound.ts';

/** A part of a lead and the samples around it: indices `[from, to)` of `voltage` are the part itself. */
export interface LeadPart {
  /** Voltage, mV; NaN where invalid. */
  readonly voltage: Float64Array;
  readonly from: number;
  readonly to: number;
}

/** A part and its position in the lead. */
export interface PlacedPart extends LeadPart {
  /** Index in the lead of the first sample of `voltage`. */
  readonly start: number;
}

/** A whole lead as a single part. */
export const wholeLead = (voltage: Float64Array): PlacedPart => ({
  voltage,
  from: 0,
  to: voltage.length,
  start: 0,
});

/**
 * Range of the beats whose R peaks (ascending sample indices) lie in the part itself: the first, and the one after the
 * last.
 */
export function beatsOfPart(
  { start, from, to }: PlacedPart,
  rPeaks: ArrayLike<number>,
): { readonly first: number; readonly last: number } {
  return { first: lowerBound(rPeaks, start + from), last: lowerBound(rPeaks, start + to) };
}
