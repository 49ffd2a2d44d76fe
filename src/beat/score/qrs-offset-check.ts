/**
 * Plausibility of QRS offsets in records without marked boundaries: whether offsets were found, and whether the voltage
 * still changes after an offset by more than a quarter of the complex's peak-to-peak amplitude within 40 ms, in which
 * case the complex has not ended.
 */
import type { QrsBounds } from '../delineate/qrs-bounds.ts';

/** Counts of beats by the plausibility of their QRS offsets. */
export interface ComplexEnds {
  beats: number;
  /** Number of beats with onset and offset. */
  bounded: number;
  /** Number of those beats in which the voltage still changes after the offset. */
  runningOn: number;
  readonly durationsMs: number[];
}

const withinSeconds = 0.04;
const mostPart = 0.25;

/** Counts before the first beat. */
export const emptyEnds = (): ComplexEnds => ({ beats: 0, bounded: 0, runningOn: 0, durationsMs: [] });

/** Adds one beat. `voltage` is in mV. */
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
