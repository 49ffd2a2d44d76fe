/**
 * How the offsets of QRS complexes look where no borders are marked: whether there are bounds, and whether the signal
 * runs on after the offset, by more than a quarter of the complex's peak-to-peak amplitude within 40 ms. There the
 * complex cannot be over.
 */
import type { QrsBounds } from '../delineate/qrs-bounds.ts';

export interface ComplexEnds {
  beats: number;
  /** With onset and offset. */
  bounded: number;
  /** … after whose offset the signal runs on. */
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
