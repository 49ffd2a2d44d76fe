/** A part of a lead that knows what lies around it, so that a lead can be measured in parts as it would be at once. */
import { lowerBound } from '../lower-bound.ts';

/** A part of a lead with what lies around it: `[from, to)` of the voltage is the part itself. */
export interface LeadPart {
  /** mV, NaN where invalid. */
  readonly voltage: Float64Array;
  readonly from: number;
  readonly to: number;
}

/** A part with its place in the lead. */
export interface PlacedPart extends LeadPart {
  /** Index in the lead of the first sample of `voltage`. */
  readonly start: number;
}

/** A lead in one part. */
export const wholeLead = (voltage: Float64Array): PlacedPart => ({
  voltage,
  from: 0,
  to: voltage.length,
  start: 0,
});

/** The beats whose R peaks are in the part itself, from the first to before the last; R peaks ascend. */
export function beatsOfPart(
  { start, from, to }: PlacedPart,
  rPeaks: ArrayLike<number>,
): { readonly first: number; readonly last: number } {
  return { first: lowerBound(rPeaks, start + from), last: lowerBound(rPeaks, start + to) };
}
