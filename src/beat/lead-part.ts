/**
 * A part of a lead with the samples around it, so that measuring a lead part by part gives the same result as measuring
 * it whole.
 */
import { lowerBound } from '../lower-bound.ts';
import type { SampleSpan } from './sample-span.ts';

/** A part of a lead and the samples around it: the span `[start, end)` of `voltage` is the part itself. */
export interface LeadPart extends SampleSpan {
  /** Voltage, mV; NaN where invalid. */
  readonly voltage: Float64Array;
}

/** A part and its position in the lead. */
export interface PlacedPart extends LeadPart {
  /** Index in the lead of the first sample of `voltage`. */
  readonly offset: number;
}

/** A whole lead as a single part. */
export const wholeLead = (voltage: Float64Array): PlacedPart => ({
  voltage,
  start: 0,
  end: voltage.length,
  offset: 0,
});

/**
 * Range of the beats whose R peaks (ascending sample indices) lie in the part itself: the first, and the one after the
 * last.
 */
export function beatsOfPart(
  { offset, start, end }: PlacedPart,
  rPeaks: ArrayLike<number>,
): { readonly first: number; readonly last: number } {
  return { first: lowerBound(rPeaks, offset + start), last: lowerBound(rPeaks, offset + end) };
}
