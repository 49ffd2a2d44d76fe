/**
 * QRS onset and offset in one lead, by boundary models fitted to cardiologists' marks. On the 100 records of the LUDB
 * that they were not fitted to, the error per lead, with the leads delineated together, is −0.6 ± 9.1 ms for the onset
 * and −0.3 ± 10.1 ms for the offset (`evaluate delineation`).
 */

import { oddWindowSamples } from '../../diff/savitzky-golay.ts';
import { InputError } from '../../input-error.ts';
import { requireSamplingFrequency } from '../../sampling-frequency.ts';
import { withoutPacing } from '../pacing.ts';
import { slidingLineSlopes } from '../slopes/line-slope.ts';
import {
  type BoundaryModel,
  type BoundaryScorer,
  boundaryScorer,
  boundaryScores,
  estimateBoundary,
  gridPoints,
  mostProbableTime,
} from './boundary-model.ts';
import { type LevelGrid, levelGrid, levelIntegral, slopeUnit, type TimeRange } from './level-integral.ts';
import { flankEnd, lateDeflection, type QrsBounds, settledBefore, settledFrom } from './qrs-end.ts';
import { recurringBounds } from './qrs-recurrence.ts';
import { qrsOffsetModel, qrsOnsetModel } from './wave-models.ts';

export type { QrsBounds } from './qrs-end.ts';

/** Both models have the same grid (ms from the R peak), unit of slope and least-squares line. */
const { step } = qrsOnsetModel;
const begin = qrsOnsetModel.first + qrsOnsetModel.edges[0]!;
const end = qrsOffsetModel.last + qrsOffsetModel.edges.at(-1)!;
const offsetBegin = qrsOffsetModel.first + qrsOffsetModel.edges[0]!;
const offsetPlace = (offsetBegin - begin) / step;

/** Largest standard deviation, ms, at which the mean over all candidates is used. */
const mostDeviation = 50;
/** With a larger one only the candidates within this time of the most probable one are used, ms. */
const modeMs = 40;
/** Samples nearer than this to the next R peak belong to the next beat, ms. */
const clearanceMs = 120;
/** Farthest boundaries from the R peak, ms. */
export const farthestQrsBoundsMs = { onset: -200, offset: 300 };
/** Assumed time from QRS onset to R peak when no onset is found, ms. */
const usualOnsetMs = 80;

/**
 * QRS onset and offset of each beat. `voltage` is in mV, `samplingFrequency` in Hz; `rPeaks` are ascending sample
 * indices within some 12 ms of the peaks. Complexes of either polarity are found. The search extends at most halfway to
 * the neighbouring R peaks. A boundary is undefined within 0.23 s of the start or 0.3 s of the end of the signal, near
 * an invalid sample and on a flat line; an offset also when the voltage keeps changing up to the end of the search.
 * Pacing spikes are removed first.
 *
 * Throws `RangeError` when an R peak lies outside the signal or does not follow the one before it, or for a sampling
 * frequency that is not positive.
 *
 * @example qrsBounds(voltage, samplingFrequency, rPeaks)[1] // => { onset: 327, offset: 353 }
 */
export function qrsBounds(
  voltage: Float64Array,
  samplingFrequency: number,
  rPeaks: ArrayLike<number>,
): QrsBounds[] {
  requireSamplingFrequency(samplingFrequency);
  return unpacedQrsBounds(withoutPacing(voltage, samplingFrequency), samplingFrequency, rPeaks);
}

/** As `qrsBounds`, for a lead without pacing spikes; time is linear in the number of beats. */
export function unpacedQrsBounds(
  voltage: Float64Array,
  samplingFrequency: number,
  rPeaks: ArrayLike<number>,
): QrsBounds[] {
  const bounds: QrsBounds[] = [];
  for (const { onset, offset } of unpacedQrsPlaces(voltage, samplingFrequency, rPeaks)) {
    bounds.push({
      onset: onset === undefined ? undefined : Math.round(onset),
      offset: offset === undefined ? undefined : Math.round(offset),
    });
  }
  return bounds;
}

/** What the search for bounds needs at one sampling frequency, with its working memory. */
interface BoundsSearch {
  readonly samplingFrequency: number;
  /** Number of samples of the least-squares line, and how far before the R peak slopes are computed. */
  readonly windowSamples: number;
  readonly before: number;
  readonly slope: Float64Array;
  readonly integral: Float64Array;
  readonly onsetIntegral: Float64Array;
  readonly offsetIntegral: Float64Array;
  readonly grid: LevelGrid;
  readonly onsetGrid: LevelGrid;
  readonly offsetGrid: LevelGrid;
  readonly onsetScorer: BoundaryScorer;
  readonly offsetScorer: BoundaryScorer;
}

/** The last one is kept, because a batch measures many short leads of one sampling frequency. */
let latestSearch: BoundsSearch | undefined;

function boundsSearch(samplingFrequency: number): BoundsSearch {
  if (latestSearch?.samplingFrequency === samplingFrequency) return latestSearch;
  const windowSamples = Math.max(3, oddWindowSamples(qrsOnsetModel.lineMs, samplingFrequency));
  const perMs = samplingFrequency / 1000;
  const reachOf = (ms: number): number => Math.ceil(Math.abs(ms) * perMs) + windowSamples;
  const before = reachOf(begin);
  const integral = new Float64Array((end - begin) / step + 1);
  const onsetIntegral = integral.subarray(0, gridPoints(qrsOnsetModel));
  const offsetIntegral = integral.subarray(offsetPlace);
  latestSearch = {
    samplingFrequency,
    windowSamples,
    before,
    slope: new Float64Array(before + 1 + reachOf(end)),
    integral,
    onsetIntegral,
    offsetIntegral,
    grid: levelGrid(begin, step, integral.length, samplingFrequency),
    onsetGrid: levelGrid(begin, step, onsetIntegral.length, samplingFrequency),
    offsetGrid: levelGrid(offsetBegin, step, offsetIntegral.length, samplingFrequency),
    onsetScorer: boundaryScorer(qrsOnsetModel, samplingFrequency),
    offsetScorer: boundaryScorer(qrsOffsetModel, samplingFrequency),
  };
  return latestSearch;
}

/** As `unpacedQrsBounds`, in fractional samples. */
export function unpacedQrsPlaces(
  voltage: Float64Array,
  samplingFrequency: number,
  rPeaks: ArrayLike<number>,
): QrsBounds[] {
  requireSamplingFrequency(samplingFrequency);
  requireRPeaks(rPeaks, voltage.length);
  const perMs = samplingFrequency / 1000;
  const search = boundsSearch(samplingFrequency);
  const { windowSamples, before, integral, onsetIntegral, offsetIntegral } = search;
  if (voltage.length < windowSamples) {
    return Array.from(rPeaks, () => ({ onset: undefined, offset: undefined }));
  }
  const slope = voltage.length < search.slope.length ? new Float64Array(voltage.length) : search.slope;

  const bounds: QrsBounds[] = [];
  for (let beat = 0; beat < rPeaks.length; beat++) {
    const rPeak = rPeaks[beat]!;
    const start = Math.max(0, Math.min(rPeak - before, voltage.length - slope.length));
    const anchor = rPeak - start;
    slidingLineSlopes(voltage, (windowSamples - 1) / 2, samplingFrequency, start, slope);
    const unit = slopeUnit(qrsOnsetModel, slope, anchor, perMs);
    const earliest = (halfway(rPeaks, beat, -1) - rPeak) / perMs;
    const latest = (halfway(rPeaks, beat, 1) - rPeak) / perMs;
    // One integral is used for both boundaries; they are computed separately when an end of the signal or an invalid
    // sample affects only one.
    const whole = levelIntegral(search.grid, slope, anchor, unit, integral);
    const onsetTime =
      whole || levelIntegral(search.onsetGrid, slope, anchor, unit, onsetIntegral)
        ? onsetOf(voltage, rPeak, earliest, boundaryScores(search.onsetScorer, integral, 0), perMs)
        : undefined;
    const limits = limitsOf(rPeak, { earliest, latest }, perMs);
    const onset =
      onsetTime === undefined
        ? undefined
        : beyondFlank(slope, start, rPeak + onsetTime * perMs, rPeak, limits.first);
    const offset =
      whole || levelIntegral(search.offsetGrid, slope, anchor, unit, offsetIntegral)
        ? offsetOf(
            voltage,
            { rPeak, onset: onset === undefined ? undefined : Math.round(onset), latest },
            boundaryScores(search.offsetScorer, integral, offsetPlace),
            perMs,
          )
        : undefined;
    let later = offset;
    if (offset !== undefined) {
      const begin = Math.round(onset ?? rPeak);
      const moved = beyondFlank(slope, start, offset, begin, limits.last);
      // The flank may be that of a T wave.
      const isSettled =
        settledFrom(voltage, begin, Math.round(moved), limits.last, perMs) === Math.round(moved);
      if (isSettled) later = moved;
    }
    bounds.push({ onset, offset: later });
  }
  return recurringBounds(voltage, rPeaks, bounds, perMs);
}

/** Peak-to-peak amplitude between onset and offset, mV; 0 when one is missing. */
export function qrsAmplitude(voltage: Float64Array, { onset, offset }: QrsBounds): number {
  if (onset === undefined || offset === undefined) return 0;
  let lowest = Number.POSITIVE_INFINITY;
  let highest = Number.NEGATIVE_INFINITY;
  for (let i = onset; i <= offset; i++) {
    lowest = Math.min(lowest, voltage[i]!);
    highest = Math.max(highest, voltage[i]!);
  }
  return highest - lowest;
}

/** The estimated time of a boundary, ms from the R peak; undefined when there are no candidates. */
function certainTime(
  model: BoundaryModel,
  scores: Float64Array,
  earliest: number,
  latest: number,
): number | undefined {
  const estimate = estimateBoundary(model, scores, earliest, latest);
  if (estimate === undefined || estimate.deviation <= mostDeviation) return estimate?.time;
  // Of two possibilities, such as before and after a notch, the more probable one is used: the mean would lie between
  // them.
  const likely = mostProbableTime(model, scores, earliest, latest);
  const mode = estimateBoundary(
    model,
    scores,
    Math.max(earliest, likely - modeMs),
    Math.min(latest, likely + modeMs),
  );
  return mode?.time;
}

/** The first and last sample that may be a boundary; no nearer to the other beats than halfway. */
function limitsOf(
  rPeak: number,
  { earliest, latest }: TimeRange,
  perMs: number,
): { readonly first: number; readonly last: number } {
  return {
    first: Math.ceil(rPeak + Math.max(earliest, farthestQrsBoundsMs.onset) * perMs),
    last: Math.floor(rPeak + Math.min(latest, farthestQrsBoundsMs.offset) * perMs),
  };
}

/**
 * A boundary moved to the end of the flank it lies on, up to `limit`; sample indices. `slope` begins at sample `start`,
 * and `inside` is a sample of the complex.
 */
function beyondFlank(
  slope: Float64Array,
  start: number,
  boundary: number,
  inside: number,
  limit: number,
): number {
  const at = Math.round(boundary) - start;
  const to = Math.min(slope.length - 1, Math.max(0, limit - start));
  if (boundary < inside ? to >= at : to <= at) return boundary;
  const end = flankEnd(slope, at, Math.min(slope.length - 1, Math.max(0, inside - start)), to);
  return end === at ? boundary : start + end;
}

/** The onset, ms from the R peak: the latest estimate before which the voltage does not change. */
function onsetOf(
  voltage: Float64Array,
  rPeak: number,
  earliest: number,
  scores: Float64Array,
  perMs: number,
): number | undefined {
  const first = Math.max(0, Math.ceil(rPeak + Math.max(earliest, qrsOnsetModel.first) * perMs));
  for (let latest = Number.POSITIVE_INFINITY; ; ) {
    const time = certainTime(qrsOnsetModel, scores, earliest, latest);
    if (time === undefined) return undefined;
    const sample = Math.round(rPeak + time * perMs);
    const settled = settledBefore(voltage, { sample, first, rPeak }, perMs);
    if (settled === undefined || settled >= sample) return time;
    latest = (settled - rPeak) / perMs;
  }
}

/** The offset, in samples: the earliest estimate after which the voltage does not change further. */
function offsetOf(
  voltage: Float64Array,
  { rPeak, onset, latest }: { rPeak: number; onset: number | undefined; latest: number },
  scores: Float64Array,
  perMs: number,
): number | undefined {
  const begin = onset ?? rPeak - Math.round(usualOnsetMs * perMs);
  const last = Math.min(
    voltage.length - 1,
    Math.floor(rPeak + Math.min(latest, qrsOffsetModel.last) * perMs),
  );
  const limit = Math.floor(rPeak + Math.min(2 * latest - clearanceMs, 1000) * perMs);
  for (let earliest = 0; ; ) {
    const time = certainTime(qrsOffsetModel, scores, earliest, latest);
    if (time === undefined) return undefined;
    const sample = Math.round(rPeak + time * perMs);
    const settled = settledFrom(voltage, begin, sample, last, perMs);
    if (settled === undefined) return undefined;
    const late = settled === sample ? lateDeflection(voltage, begin, sample, limit, perMs) : settled;
    if (late === undefined || late > last) return rPeak + time * perMs;
    earliest = (late - rPeak) / perMs;
  }
}

/** The sample halfway to the neighbouring beat; infinite on a side without one. */
function halfway(rPeaks: ArrayLike<number>, beat: number, step: 1 | -1): number {
  const other = rPeaks[beat + step];
  return other === undefined ? step * Number.POSITIVE_INFINITY : (rPeaks[beat]! + other) / 2;
}

/** Throws `RangeError` unless the R peaks are ascending integers below `length`. */
export function requireRPeaks(rPeaks: ArrayLike<number>, length: number): void {
  let previous = -1;
  for (let k = 0; k < rPeaks.length; k++) {
    const rPeak = rPeaks[k]!;
    if (!Number.isInteger(rPeak) || rPeak < 0 || rPeak >= length) {
      throw new InputError(`R peak ${k} is at sample ${rPeak} of a signal of ${length} samples`);
    }
    if (rPeak <= previous) {
      throw new InputError(`R peak ${k} at sample ${rPeak} does not follow R peak ${k - 1} at ${previous}`);
    }
    previous = rPeak;
  }
}
