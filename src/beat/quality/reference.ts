/**
 * Reference values of a whole record that the quality of its beats and windows is relative to: the limits of the
 * analogue-to-digital converter, the median beat, and the median amplitude of the QRS complexes.
 */

import { lowerBound } from '../../lower-bound.ts';
import { median } from '../../statistics.ts';
import type { LeadPart } from '../lead-part.ts';
import {
  type BeatCuts,
  createCuts,
  cutBeats,
  type MedianBeat,
  medianBeatPlaces,
  medianOfCuts,
} from '../median-beat.ts';
import type { UnpacedLead } from '../pacing/pacing.ts';
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
  /**
   * Computes the median peak-to-peak amplitude of the QRS complexes that the median beat is computed from, in the unit of
   * the lead; NaN without any. It is needed only for signal without beats.
   */
  readonly usualHeight: () => number;
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
  readonly rails: RailCounts;
  /** Indices of the beats that the median beat is computed from, their segments, and the number of beats so far. */
  readonly chosen: readonly number[];
  readonly cuts: BeatCuts;
  beats: number;
}

/**
 * Starts the computation of the reference values of a lead in two passes over its parts: first `extendReference`, then
 * `countForReference`. `beats` is the number of R peaks in the whole lead.
 */
export function createQualityReference(samplingFrequency: number, beats: number): ReferenceInProgress {
  const chosen = medianBeatPlaces(beats);
  const cuts = createCuts(samplingFrequency, chosen.length, qrsSeconds);
  return { rails: createRailCounts(), chosen, cuts, beats: 0 };
}

/** First pass: a part as recorded, its voltage without pacing spikes, and its R peaks as indices into it. */
export function extendReference(
  reference: ReferenceInProgress,
  { voltage, start, end }: LeadPart,
  unpaced: Float64Array,
  rPeaks: ArrayLike<number>,
): void {
  const { rails, chosen, cuts, beats } = reference;
  extendRange(rails, voltage, start, end);
  const wanted: number[] = [];
  reference.beats = beats + rPeaks.length;
  for (let k = lowerBound(chosen, beats); k < lowerBound(chosen, reference.beats); k++) {
    wanted.push(rPeaks[chosen[k]! - beats]!);
  }
  cutBeats(cuts, unpaced, wanted);
}

/** Second pass. */
export const countForReference = ({ rails }: ReferenceInProgress, { voltage, start, end }: LeadPart): void =>
  countNearRails(rails, voltage, start, end);

/** The reference values after both passes. */
export function referenceFrom({ rails, cuts }: ReferenceInProgress): QualityReference {
  let height: number | undefined;
  return {
    rails: railsFrom(rails),
    template: medianOfCuts(cuts),
    usualHeight: () => {
      height ??= medianHeight(cuts);
      return height;
    },
  };
}

/** Median peak-to-peak amplitude of the segments of a median beat, without their margins. */
function medianHeight({ samples, length, shift, count }: BeatCuts): number {
  const heights = new Float64Array(count);
  for (let k = 0; k < count; k++) {
    const from = k * (length + 2 * shift) + shift;
    heights[k] = peakToPeak(samples, from, from + length);
  }
  return median(heights);
}

/** Peak-to-peak amplitude over samples `[from, to)`; NaN when one of them is invalid. */
export function peakToPeak(voltage: Float64Array, from: number, to: number): number {
  let lowest = Number.POSITIVE_INFINITY;
  let highest = Number.NEGATIVE_INFINITY;
  for (let i = from; i < to; i++) {
    const v = voltage[i]!;
    if (v - v !== 0) return Number.NaN;
    if (v < lowest) lowest = v;
    if (v > highest) highest = v;
  }
  return highest - lowest;
}
