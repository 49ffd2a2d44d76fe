/**
 * Alignment of a beat with the usual shape of its lead, by the correlation of means over bins of 8 ms: of two similar
 * deflections, such as the peaks of a notched R wave, it tells which is which.
 */
import type { SampleRing } from './sample-ring.ts';

/** Duration of a bin, extent of the compared part around the envelope's maximum, and largest shift, s. */
const binSeconds = 0.008;
const extentSeconds = 0.064;
/** The envelope of a broad complex with a flat top may have its maximum at either flank. */
const shiftSeconds = 0.064;
/** Samples needed on either side of the envelope's maximum, s: one bin more than compared. */
export const alignmentReach = extentSeconds + shiftSeconds + binSeconds;

/** The bins of a beat around the maximum of its envelope, relative to the central one; NaN with an invalid sample. */
export type BeatBins = readonly number[];

/** The usual shape of a lead: the bins of its part that is compared. */
export interface BeatShape {
  readonly mean: Float64Array;
}

/** The time of a beat after the shape, s, Pearson's correlation there, and the size of the beat relative to the shape. */
export interface Alignment {
  readonly delay: number;
  readonly correlation: number;
  readonly size: number;
}

/** A bin need not be a whole number of samples, so that bins have the same duration at any sampling frequency. */
const binSamples = (samplingFrequency: number): number => Math.max(1, binSeconds * samplingFrequency);

/** Number of bins on either side of the central one, and of bins that a beat may be shifted by. */
function extentOf(samplingFrequency: number): { readonly half: number; readonly shift: number } {
  const bin = binSamples(samplingFrequency) / samplingFrequency;
  return { half: Math.round(extentSeconds / bin), shift: Math.round(shiftSeconds / bin) };
}

/** The bins around sample `centre`; a sample at the limit of two bins is divided between them. */
export function binsAround(ring: SampleRing, centre: number, samplingFrequency: number): BeatBins {
  const { values, mask, from, to } = ring;
  const { half, shift } = extentOf(samplingFrequency);
  const width = binSamples(samplingFrequency);
  const count = 2 * (half + shift) + 1;
  // A plain array, because a beat has one and typed arrays are slow to create.
  const bins = new Array<number>(count);
  const start = centre - (count / 2) * width;
  let i = Math.round(start);
  if (i < from || i + count * width + 2 > to) return bins.fill(Number.NaN);
  // The part of sample i that is in no bin yet.
  let left = i + 0.5 - start;
  for (let bin = 0; bin < count; bin++) {
    let sum = left * values[i & mask]!;
    let missing = width - left;
    for (i++; missing >= 1; i++) {
      sum += values[i & mask]!;
      missing--;
    }
    bins[bin] = (sum + missing * values[i & mask]!) / width;
    left = 1 - missing;
  }
  // A large offset would reduce the precision of the correlation.
  const level = bins[count >> 1]!;
  for (let bin = 0; bin < count; bin++) bins[bin]! -= level;
  return bins;
}

/** The shape of one beat. */
export function shapeOf(bins: BeatBins, samplingFrequency: number): BeatShape {
  const { shift } = extentOf(samplingFrequency);
  return { mean: Float64Array.from(bins.slice(shift, bins.length - shift)) };
}

/** Working memory of `align`: by shift, the correlation and the norm of the beat. */
let correlations = new Float64Array(0);
let norms = new Float64Array(0);

/**
 * The alignment of a beat with a shape, between bins by a parabola through the three largest correlations; undefined with
 * an invalid bin, when either is constant, and when the correlation is largest at the largest shift and thus has no maximum.
 */
export function align({ mean }: BeatShape, bins: BeatBins, samplingFrequency: number): Alignment | undefined {
  const { length } = mean;
  const count = bins.length - length + 1;
  const middle = count >> 1;
  let sum = 0;
  let energy = 0;
  let own = 0;
  let squares = 0;
  for (let i = 0; i < length; i++) {
    sum += mean[i]!;
    energy += mean[i]! ** 2;
    own += bins[i]!;
    squares += bins[i]! ** 2;
  }
  const norm = Math.sqrt(energy - sum ** 2 / length);
  if (norms.length !== count) {
    correlations = new Float64Array(count + 2);
    norms = new Float64Array(count);
  }
  // Three shifts side by side, because each sum alone would wait for its last addition.
  for (let at = 0; at < count; at += 3) {
    let one = 0;
    let two = 0;
    let three = 0;
    let first = bins[at]!;
    let second = bins[at + 1]!;
    for (let i = 0; i < length; i++) {
      const usual = mean[i]!;
      const third = at + i + 2 < bins.length ? bins[at + i + 2]! : 0;
      one += first * usual;
      two += second * usual;
      three += third * usual;
      first = second;
      second = third;
    }
    correlations[at] = one;
    correlations[at + 1] = two;
    correlations[at + 2] = three;
  }
  let best = 0;
  for (let at = 0; at < count; at++) {
    norms[at] = Math.sqrt(squares - own ** 2 / length);
    correlations[at] = (correlations[at]! - (own * sum) / length) / (norm * norms[at]!);
    if (correlations[at]! > correlations[best]!) best = at;
    if (at === count - 1) break;
    const leaving = bins[at]!;
    const entering = bins[at + length]!;
    own += entering - leaving;
    squares += entering ** 2 - leaving ** 2;
  }
  const correlation = correlations[best]!;
  if (!(correlation <= 1 + 1e-6)) return undefined;
  if (best === 0 || best === count - 1) return undefined;
  const before = correlations[best - 1]!;
  const after = correlations[best + 1]!;
  const curvature = before + after - 2 * correlation;
  const between = curvature < 0 ? (before - after) / (2 * curvature) : 0;
  const bin = binSamples(samplingFrequency) / samplingFrequency;
  return { delay: (best - middle + between) * bin, correlation, size: norms[best]! / norm };
}

/**
 * The voltage of a beat at a time after its centre, s, relative to the mean of its bins, as a fraction of the largest
 * such voltage; NaN with an invalid bin.
 */
export function relativeVoltage(bins: BeatBins, time: number, samplingFrequency: number): number {
  let [level, largest] = [0, 0];
  for (let bin = 0; bin < bins.length; bin++) level += bins[bin]! / bins.length;
  for (let bin = 0; bin < bins.length; bin++) largest = Math.max(largest, Math.abs(bins[bin]! - level));
  const place = (bins.length >> 1) + Math.round((time * samplingFrequency) / binSamples(samplingFrequency));
  return ((bins[place] ?? Number.NaN) - level) / largest;
}

/** Adds a beat to a shape with a weight from 0 to 1, shifted by the whole bins of its delay. */
export function learnShape(
  { mean }: BeatShape,
  bins: BeatBins,
  { delay }: Alignment,
  { weight, samplingFrequency }: { readonly weight: number; readonly samplingFrequency: number },
): void {
  const bin = binSamples(samplingFrequency) / samplingFrequency;
  const start = ((bins.length - mean.length) >> 1) + Math.round(delay / bin);
  let [level, own] = [0, 0];
  for (let i = 0; i < mean.length; i++) {
    level += mean[i]! / mean.length;
    own += bins[start + i]! / mean.length;
  }
  for (let i = 0; i < mean.length; i++) mean[i]! += weight * (bins[start + i]! - own - (mean[i]! - level));
}
