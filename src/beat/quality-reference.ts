/**
 * Reference values of a whole record that the quality of its beats and windows is relative to: the limits of the
 * analogue-to-digital converter, the median beat, and the median amplitude of the QRS complexes.
 */

import { lowerBound } from '../lower-bound.ts';
import { median } from '../statistics.ts';
import type { LeadPart } from './lead-part.ts';
import { cutBeats, type MedianBeat, medianBeatPlaces, medianOfCuts } from './median-beat.ts';
import type { UnpacedLead } from './pacing.ts';
import {
  countNearRails,
  createRailCounts,
  extendRange,
  type RailCounts,
  type Rails,
  railsFrom,
} from './sample-faults.ts';

/** Interval around the R peak that counts as the QRS complex, s. */
export const qrsSeconds = { before: 0.08, after: 0.12 };

/** Reference values of a whole record. */
export interface QualityReference {
  readonly rails: Rails;
  readonly template: MedianBeat | undefined;
  /** Median peak-to-peak amplitude of the QRS complexes, in the unit of the lead. */
  readonly usualHeight: number;
}

/** Reference values of a whole lead. */
export function qualityReference(
  { lead, voltage }: UnpacedLead,
  samplingFrequency: number,
  rPeaks: ArrayLike<number>,
): QualityReference {
  const building = createQualityReference(samplingFrequency, rPeaks.length);
  const whole = { voltage: lead, start: 0, end: lead.length };
  extendReference(building, whole, voltage, rPeaks);
  countForReference(building, whole);
  return referenceFrom(building);
}

/** The state of the computation of reference values. */
export interface ReferenceInProgress {
  readonly samplingFrequency: number;
  readonly rails: RailCounts;
  /** Indices of the beats that the median beat is computed from, their segments, and the heights of all beats. */
  readonly chosen: readonly number[];
  readonly cuts: Float64Array[];
  readonly heights: number[];
}

/**
 * Starts the computation of the reference values of a lead in two passes over its parts: first `extendReference`, then
 * `countForReference`. `beats` is the number of R peaks in the whole lead.
 */
export const createQualityReference = (samplingFrequency: number, beats: number): ReferenceInProgress => ({
  samplingFrequency,
  rails: createRailCounts(),
  chosen: medianBeatPlaces(beats),
  cuts: [],
  heights: [],
});

/** First pass: a part as recorded, its voltage without pacing spikes, and its R peaks as indices into it. */
export function extendReference(
  { samplingFrequency, rails, chosen, cuts, heights }: ReferenceInProgress,
  { voltage, start, end }: LeadPart,
  unpaced: Float64Array,
  rPeaks: ArrayLike<number>,
): void {
  extendRange(rails, voltage, start, end);
  const wanted: number[] = [];
  const first = heights.length;
  for (let k = lowerBound(chosen, first); k < chosen.length && chosen[k]! < first + rPeaks.length; k++) {
    wanted.push(rPeaks[chosen[k]! - first]!);
  }
  for (const cut of cutBeats(unpaced, samplingFrequency, wanted, qrsSeconds)) cuts.push(cut);
  for (let k = 0; k < rPeaks.length; k++) {
    heights.push(peakToPeak(voltage, ...qrsAround(rPeaks[k]!, samplingFrequency, voltage.length)));
  }
}

/** Second pass. */
export const countForReference = ({ rails }: ReferenceInProgress, { voltage, start, end }: LeadPart): void =>
  countNearRails(rails, voltage, start, end);

/** The reference values after both passes. */
export const referenceFrom = ({
  samplingFrequency,
  rails,
  cuts,
  heights,
}: ReferenceInProgress): QualityReference => ({
  rails: railsFrom(rails),
  template: medianOfCuts(cuts, samplingFrequency, qrsSeconds),
  usualHeight: heights.length === 0 ? Number.NaN : median(heights),
});

/** Samples `[from, to)` around an R peak that count as its QRS complex, limited to the signal. */
function qrsAround(rPeak: number, samplingFrequency: number, length: number): [from: number, to: number] {
  return [
    Math.max(0, rPeak - Math.round(qrsSeconds.before * samplingFrequency)),
    Math.min(length, rPeak + Math.round(qrsSeconds.after * samplingFrequency) + 1),
  ];
}

/** Peak-to-peak amplitude over samples `[from, to)`; NaN when one of them is invalid. */
export function peakToPeak(voltage: Float64Array, from: number, to: number): number {
  let lowest = Number.POSITIVE_INFINITY;
  let highest = Number.NEGATIVE_INFINITY;
  for (let i = from; i < to; i++) {
    const v = voltage[i]!;
    if (!Number.isFinite(v)) return Number.NaN;
    if (v < lowest) lowest = v;
    if (v > highest) highest = v;
  }
  return highest - lowest;
}
