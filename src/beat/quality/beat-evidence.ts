/**
 * Whether detected beats are QRS complexes. In a signal without complexes the detector marks the largest deflections of
 * the noise, or P waves: the former hardly stand out and are unlike one another, the latter are smooth, of one sign,
 * alike, and alone. Both are much lower than the complexes of the lead, if it has any; but noise or hum of a lost
 * electrode may be as high as they are, and is known by several beats in a row that neither stand out, nor recur
 * (`recurrence.ts`), nor are like the complexes elsewhere.
 */
import { medianInPlace, moveIntoPlace } from '../../statistics.ts';
import type { SampleSpan } from '../sample-span.ts';
import { likeness } from './beat-likeness.ts';
import type { LeadBins } from './bins.ts';
import { highNoise } from './high-noise.ts';

/** The complex, on either side of the R peak, and the part of a beat that is compared with other beats, s. */
const complexSeconds = 0.06;
const comparedSeconds = 0.12;
/** The height of a complex is compared with all intervals of this length that begin within two seconds of it, s. */
const blockSeconds = 0.1;
const aroundSeconds = 2;
/** Number of beats on either side with which a beat is compared. */
const neighbours = 4;
/**
 * A beat is noise when its height is less than this multiple of the median height of such intervals, and its median
 * correlation with its neighbours is less. Of maxima of white, muscle and low-pass noise 99 % are below both; complexes
 * at 300 a minute stand out as little, but are alike.
 */
const leastContrast = 2.2;
const leastCorrelation = 0.7;
/**
 * Largest height of noise and of P waves relative to the upper quartile of the heights of the complexes, which are known
 * where they are at least this share of the beats.
 */
const mostHeight = { noise: 0.2, pWave: 0.35 };
/**
 * Consecutive beats are P waves when the steepest slope of their mean, relative to its height, is at most `slope`, 1/s (a
 * Gaussian of standard deviation 22 ms: 27; a raised cosine of 90 ms: 35), its height is less than `height`, mV, the mean
 * changes by less than `beside` of its height before and after it, as no complex with a T wave does, and each wave
 * correlates with it by more than `likeness`. As steep a wave as a narrow P wave is one only when it is as low as most P
 * waves, and when more of them show that nothing follows it. Where the complexes of the lead are known and much higher,
 * waves in noise need not be so like their mean, nor each of them change by less than `besideOne` of its height there.
 */
const limitsOfP = [
  { beats: 5, slope: 28.5, height: 0.35, beside: 0.16, likeness: 0.9, besideOne: 0.6 },
  { beats: 9, slope: 36, height: 0.28, beside: 0.16, likeness: 0.8, besideOne: 0.6 },
] as const;
const limitsBesideComplexes = {
  beats: 9,
  slope: 36,
  height: 0.28,
  beside: 0.25,
  likeness: 0.6,
  besideOne: 1,
} as const;
type LimitsOfP = (typeof limitsOfP)[number] | typeof limitsBesideComplexes;
const slopeSeconds = 0.02;
const waveSeconds = 0.08;
/** Before and after a P wave is between these times; each wave of them changes there by less than this part of its height. */
const aloneSeconds = { from: 0.16, to: 0.42 };
/** Largest deflection of the other sign, relative to the height. */
const mostOpposite = 0.12;
const upperQuartile = 0.75;
/** Least height of a complex that was not detected, relative to the upper quartile. */
const leastOfMissed = 0.5;
const leastShare = 0.1;

type Bins = Pick<LeadBins, 'values' | 'perSecond'>;

/** What is known of the QRS complexes of a lead. */
export interface QrsEvidence {
  /** By R peak: 1 for a QRS complex, 0 for noise or a P wave. Invalid signal is not judged. */
  readonly isComplex: Uint8Array;
  /** By R peak: 1 in noise or hum that may be as high as the complexes. */
  readonly isHighNoise: Uint8Array;
  /** Upper quartile of the peak-to-peak heights of the complexes; infinite where they are too small a share. */
  readonly height: number;
  /** Spans of samples as long as a complex that are at least half as high: complexes, detected or not. */
  readonly highSpans: () => SampleSpan[];
}

/** Tells QRS complexes from other detections; `rPeaks` are sample indices, and `recurs` is `recurrenceOf` of them. */
export function qrsEvidence(
  bins: LeadBins,
  rPeaks: ArrayLike<number>,
  recurs: (beat: number) => boolean,
): QrsEvidence {
  const reach = Math.round(complexSeconds * bins.perSecond);
  const centres = new Int32Array(rPeaks.length);
  const heights = new Float64Array(rPeaks.length);
  for (let k = 0; k < centres.length; k++) {
    const centre = bins.binOf(rPeaks[k]!);
    centres[k] = centre;
    heights[k] = heightOf(bins.values, centre - reach, centre + reach + 1);
  }
  const blocks = blockHeights(bins);
  /** The largest height, relative to that of complexes, at which a beat of this shape is none; 0 for a complex. */
  const limits = new Float64Array(centres.length);
  const isLow = new Uint8Array(centres.length);
  for (let k = 0; k < limits.length; k++) {
    if (standsOut(bins, centres[k]!, heights[k]!, blocks)) continue;
    isLow[k] = 1;
    if (isUnlikeNeighbours(bins, centres, k) && !recurs(k)) limits[k] = mostHeight.noise;
  }
  const arePWaves = pWaveTest(bins, centres);
  /** Raises the limits of the waves that pass these tests. */
  const raise = (tests: LimitsOfP, limit: number): void => {
    for (let k = 0, alone = 0; k < limits.length; k++) {
      alone = isAlone(bins, centres[k]!, tests.besideOne * heights[k]!) ? alone + 1 : 0;
      const first = k + 1 - tests.beats;
      if (alone < tests.beats || !arePWaves(first, k + 1, tests)) continue;
      for (let j = first; j <= k; j++) limits[j] = Math.max(limits[j]!, limit);
    }
  };
  for (const tests of limitsOfP) raise(tests, mostHeight.pWave);
  const usual = usualHeight(heights, limits);
  if (usual < Number.POSITIVE_INFINITY) raise(limitsBesideComplexes, mostHeight.noise);
  const isComplex = new Uint8Array(heights.length);
  for (let k = 0; k < heights.length; k++) {
    if (limits[k] === 0 || heights[k]! > limits[k]! * usual) isComplex[k] = 1;
  }
  const mayBeNoise = (k: number): boolean => isComplex[k] === 1 && isLow[k] === 1;
  const isHighNoise = highNoise(bins, centres, { mayBeNoise, recurs });
  for (let k = 0; k < isComplex.length; k++) if (isHighNoise[k] === 1) isComplex[k] = 0;
  const highSpans = (): SampleSpan[] => {
    const { step, length } = blockBins(bins);
    return Array.from(blocks.keys())
      .filter(k => blocks[k]! > leastOfMissed * usual)
      .map(k => ({ start: bins.startOf(k * step), end: bins.startOf(k * step + length) }));
  };
  return { isComplex, isHighNoise, height: usual, highSpans };
}

/** Upper quartile of the heights of the complexes; infinite where they are too small a share of beats that are not P waves. */
function usualHeight(heights: Float64Array, limits: Float64Array): number {
  const known = new Float64Array(heights.length);
  let count = 0;
  const least = heightOfPWaves(heights, limits, known);
  for (let k = 0; k < heights.length; k++) {
    if (limits[k] === 0 && heights[k]! > least && heights[k]! < Number.POSITIVE_INFINITY)
      known[count++] = heights[k]!;
  }
  if (count === 0 || (least === 0 && count < leastShare * heights.length)) return Number.POSITIVE_INFINITY;
  const place = Math.floor(upperQuartile * (count - 1));
  moveIntoPlace(known, place, count);
  return known[place]!;
}

const blockBins = ({ perSecond }: LeadBins) => ({
  step: Math.max(1, Math.round(blockSeconds * perSecond)),
  length: 2 * Math.round(complexSeconds * perSecond),
});

/** Twice the median height of P waves, if of the beats no higher two thirds are P waves: then the others are, too; else 0. */
function heightOfPWaves(heights: Float64Array, limits: Float64Array, memory: Float64Array): number {
  let waves = 0;
  for (let k = 0; k < heights.length; k++) {
    if (limits[k] === mostHeight.pWave && Number.isFinite(heights[k]!)) memory[waves++] = heights[k]!;
  }
  if (waves === 0) return 0;
  const most = 2 * medianInPlace(memory, waves);
  let others = 0;
  for (const [k, height] of heights.entries()) if (limits[k] === 0 && height <= most) others++;
  return 2 * others < waves ? most : 0;
}

/** Peak-to-peak heights of intervals as long as a complex, one every tenth of a second. */
function blockHeights(bins: LeadBins): Float64Array {
  const { values } = bins;
  const { step, length } = blockBins(bins);
  const heights = new Float64Array(Math.floor(values.length / step));
  for (let k = 0; k < heights.length; k++) heights[k] = heightOf(values, k * step, k * step + length);
  return heights;
}

/** Peak-to-peak height over `[from, to)`; NaN next to the ends and to invalid values. */
function heightOf(values: Float64Array, from: number, to: number): number {
  if (from < 0 || to > values.length) return Number.NaN;
  let lowest = Number.POSITIVE_INFINITY;
  let highest = Number.NEGATIVE_INFINITY;
  for (let i = from; i < to; i++) {
    const value = values[i]!;
    if (value < lowest) lowest = value;
    if (value > highest) highest = value;
    if (Number.isNaN(value)) return value;
  }
  return highest - lowest;
}

/** Whether the height over `[from, to)` is less than `most`; false next to the ends and to invalid values. */
function isLower(values: Float64Array, from: number, to: number, most: number): boolean {
  if (from < 0 || to > values.length) return false;
  let lowest = Number.POSITIVE_INFINITY;
  let highest = Number.NEGATIVE_INFINITY;
  for (let i = from; i < to; i++) {
    const value = values[i]!;
    if (value < lowest) lowest = value;
    if (value > highest) highest = value;
    if (!(highest - lowest < most) || Number.isNaN(value)) return false;
  }
  return true;
}

/** Whether a beat is higher than most of the signal within two seconds of it. */
function standsOut({ perSecond }: LeadBins, centre: number, height: number, blocks: Float64Array): boolean {
  const block = Math.max(1, Math.round(blockSeconds * perSecond));
  const first = Math.max(0, Math.floor((centre - aroundSeconds * perSecond) / block));
  const last = Math.min(blocks.length, Math.ceil((centre + aroundSeconds * perSecond) / block));
  return !isNearMedian(height, blocks, first, last);
}

/** Whether the median correlation of a beat with those around it is low. */
function isUnlikeNeighbours({ values, perSecond }: LeadBins, centres: Int32Array, k: number): boolean {
  const compared = Math.round(comparedSeconds * perSecond);
  const correlations = new Float64Array(2 * neighbours);
  let count = 0;
  for (let j = Math.max(0, k - neighbours); j <= Math.min(centres.length - 1, k + neighbours); j++) {
    if (j !== k) correlations[count++] = likeness(values, centres[k]!, values, centres[j]!, compared);
  }
  return count === 0 || medianInPlace(correlations, count) < leastCorrelation;
}

/** Whether `height` is less than `leastContrast` times the median of the valid heights in `[first, last)`. */
function isNearMedian(height: number, blocks: Float64Array, first: number, last: number): boolean {
  // As for nearly every complex; the median itself is needed only when it may be the first that is not exceeded.
  let exceeded = 0;
  for (let i = first; i < last; i++) {
    if (leastContrast * blocks[i]! <= height && 2 * ++exceeded > last - first) return false;
  }
  const around = new Float64Array(last - first);
  let count = 0;
  for (let i = first; i < last; i++) if (Number.isFinite(blocks[i]!)) around[count++] = blocks[i]!;
  return height < leastContrast * medianInPlace(around, count);
}

/** Whether the signal changes by less than `most` before and after a deflection. */
function isAlone({ values, perSecond }: Bins, centre: number, most: number): boolean {
  const from = Math.round(aloneSeconds.from * perSecond);
  const to = Math.round(aloneSeconds.to * perSecond);
  return (
    isLower(values, centre + from, centre + to + 1, most) &&
    isLower(values, centre - to, centre - from + 1, most)
  );
}

/** A function that tells whether the beats `[first, last)` have the shape of P waves with nothing around them. */
function pWaveTest(
  { values, perSecond }: LeadBins,
  centres: Int32Array,
): (first: number, last: number, limits: LimitsOfP) => boolean {
  const bins = (seconds: number): number => Math.round(seconds * perSecond);
  const wave = bins(waveSeconds);
  const lag = Math.max(1, bins(slopeSeconds));
  const to = bins(aloneSeconds.to);
  const afterwards = to + bins(aloneSeconds.from);
  const meanWave = new Float64Array(2 * wave + 1);
  const mean = new Float64Array(2 * to + 1);
  /** Writes the mean of beats `[first, last)` around their centres; NaN where one is beyond the ends or not valid. */
  const writeMean = (first: number, last: number, out: Float64Array): void => {
    out.fill(0);
    for (let k = first; k < last; k++) {
      const from = centres[k]! - (out.length >> 1);
      for (let i = 0; i < out.length; i++) out[i]! += values[from + i]!;
    }
    for (let i = 0; i < out.length; i++) out[i]! /= last - first;
  };
  /** Value of the mean of beats `[first, last)` at `place` bins from their centres. */
  const meanAt = (first: number, last: number, place: number): number => {
    let sum = 0;
    for (let k = first; k < last; k++) sum += values[centres[k]! + place]!;
    return sum / (last - first);
  };
  return (first, last, limits) => {
    // Most complexes are too high, which two places show, or too steep, which the mean wave alone shows.
    const drop = meanAt(first, last, 0) - meanAt(first, last, -wave);
    if (Math.abs(drop) >= limits.height) return false;
    writeMean(first, last, meanWave);
    const height = heightOf(meanWave, 0, meanWave.length);
    if (!(height < limits.height)) return false;
    let steepest = 0;
    for (let i = lag; i < meanWave.length; i++) {
      steepest = Math.max(steepest, Math.abs(meanWave[i]! - meanWave[i - lag]!));
    }
    if ((steepest * perSecond) / lag > limits.slope * height) return false;
    writeMean(first, last, mean);
    if (!isAlone({ values: mean, perSecond }, to, limits.beside * height)) return false;
    let level = 0;
    for (let i = afterwards; i < mean.length; i++) level += mean[i]! / (mean.length - afterwards);
    let lowest = 0;
    let highest = 0;
    for (const value of meanWave) {
      lowest = Math.min(lowest, value - level);
      highest = Math.max(highest, value - level);
    }
    if (Math.min(-lowest, highest) > mostOpposite * height) return false;
    for (let k = first; k < last; k++) {
      if (!(likeness(mean, to, values, centres[k]!, wave) > limits.likeness)) return false;
    }
    return true;
  };
}
