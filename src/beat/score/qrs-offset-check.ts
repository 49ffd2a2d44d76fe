/**
 * Plausibility of QRS offsets where no boundaries are marked: whether they were found, and whether the voltage still
 * changes after the offset, by more than a quarter of the complex's peak-to-peak amplitude within 40 ms. Then the
 * complex cannot have ended.
 */
import type { QrsBounds } from '../delineate/qrs-bounds.ts';

export interface ComplexEnds {
  beats: number;
  /** Beats with onset and offset. */
  bounded: number;
  /** … after whose offset the voltage still changes. */
  runningOn: number;
  readonly durationsMs: number[];
}

const withinSeconds = 0.04;
const mostPart = 0.25;

export const emptyEnds = (): ComplexEnds => ({ beats: 0, bounded: 0, runningOn: 0, durationsMs: [] });

/** Adds one beat. `voltage` in mV. */
export function tallyEnds(
  ends: ComplexEnds,
  voltage: Float64Array,
  samplingFrequency: number,
  { onset, offset }: QrsBounds,
): void {
  ends.beats++;
  if (onset === undefined || offset === undefined) return;
  ends.bounded++;
  ends.durationsMs.push(((offset - onset) / samplingFrequency) * 1000);
  const complex = voltage.subarray(onset, offset + 1);
  const height = Math.max(...complex) - Math.min(...complex);
  const after = voltage.subarray(offset, offset + Math.round(withinSeconds * samplingFrequency) + 1);
  if (after.some(value => Math.abs(value - after[0]!) > mostPart * height)) ends.runningOn++;
}
