/**
 * QRS onset and offset in one lead, by boundary models fitted to cardiologists' marks. On the 100 records of the LUDB
 * that they were not fitted to, the error per lead, with the leads delineated together, is −0.6 ± 9.1 ms for the onset
 * and −0.3 ± 10.1 ms for the offset (`evaluate delineation`).
 */

import { InputError } from '../../input-error.ts';
import { requireSamplingFrequency } from '../../sampling-frequency.ts';
import { withoutPacing } from '../pacing/pacing.ts';
import { slidingLineSlopes } from '../slopes/line-slope.ts';
import { estimateBoundary, mostProbableTime } from './boundary-estimate.ts';
import { type BoundaryModel, boundaryScores } from './boundary-model.ts';
import { withDeltaWaves } from './delta-wave.ts';
import {
  averageRules,
  isLateDeflection,
  type LateDeflectionRules,
  lateDeflection,
  singleBeatRules,
} from './late-deflection.ts';
import { levelIntegral, slopeUnit, type TimeRange } from './level-integral.ts';
import { withOuterLobes } from './outer-lobe.ts';
import { type BoundsSearch, boundsSearch, offsetPlace } from './qrs-bounds-search.ts';
import { flankEnd, type QrsBounds, settledBefore, settledFrom } from './qrs-end.ts';
import { type ComparedLead, recurringBounds, type SingleBeatBounds } from './qrs-recurrence.ts';
import { qrsOffsetModel, qrsOnsetModel } from './wave-models.ts';

export type { QrsBounds } from './qrs-end.ts';

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

/** As `unpacedQrsBounds`, in fractional samples. */
export function unpacedQrsPlaces(
  voltage: Float64Array,
  samplingFrequency: number,
  rPeaks: ArrayLike<number>,
): readonly QrsBounds[] {
  requireSamplingFrequency(samplingFrequency);
  requireRPeaks(rPeaks, voltage.length);
  const perMs = samplingFrequency / 1000;
  const search = boundsSearch(samplingFrequency);
  if (voltage.length < search.windowSamples) {
    return Array.from(rPeaks, () => ({ onset: undefined, offset: undefined }));
  }
  const bounds: SingleBeatBounds[] = [];
  const lead = { voltage, rPeaks, perMs };
  for (let beat = 0; beat < rPeaks.length; beat++) {
    const range = timesBetween(lead, beat);
    bounds.push(boundsOfBeat(search, { voltage, rPeak: rPeaks[beat]!, range, rules: singleBeatRules }));
  }
  const recurring = recurringBounds(lead, bounds, (average, rPeak, beat) =>
    boundsOfBeat(search, { voltage: average, rPeak, range: timesBetween(lead, beat), rules: averageRules }),
  );
  return withDeltaWaves(lead, withOuterLobes(lead, recurring));
}

/** The times halfway to the neighbouring beats, ms from the R peak. */
const timesBetween = ({ rPeaks, perMs }: ComparedLead, beat: number): TimeRange => ({
  earliest: (halfway(rPeaks, beat, -1) - rPeaks[beat]!) / perMs,
  latest: (halfway(rPeaks, beat, 1) - rPeaks[beat]!) / perMs,
});

/** A beat in a lead, the range of times that its bounds are searched in, and the rules for late deflections. */
interface SearchedBeat {
  readonly voltage: Float64Array;
  readonly rPeak: number;
  readonly range: TimeRange;
  readonly rules: LateDeflectionRules;
}

function boundsOfBeat(search: BoundsSearch, beat: SearchedBeat): SingleBeatBounds {
  const { voltage, rPeak, range } = beat;
  const { samplingFrequency, windowSamples, before, integral, onsetIntegral, offsetIntegral } = search;
  const perMs = samplingFrequency / 1000;
  const slope = voltage.length < search.slope.length ? new Float64Array(voltage.length) : search.slope;
  const start = Math.max(0, Math.min(rPeak - before, voltage.length - slope.length));
  const anchor = rPeak - start;
  slidingLineSlopes(voltage, { half: (windowSamples - 1) / 2, samplingFrequency }, start, slope);
  const unit = slopeUnit(qrsOnsetModel, slope, anchor, perMs);
  // One integral is used for both boundaries; they are computed separately when an end of the signal or an invalid
  // sample affects only one.
  const whole = levelIntegral(search.grid, slope, anchor, unit, integral);
  const onsetTime =
    whole || levelIntegral(search.onsetGrid, slope, anchor, unit, onsetIntegral)
      ? onsetOf(voltage, rPeak, range.earliest, boundaryScores(search.onsetScorer, integral, 0), perMs)
      : undefined;
  const limits = limitsOf(rPeak, range, perMs);
  const onset =
    onsetTime === undefined
      ? undefined
      : beyondFlank(slope, start, rPeak + onsetTime * perMs, rPeak, limits.first);
  const found =
    whole || levelIntegral(search.offsetGrid, slope, anchor, unit, offsetIntegral)
      ? offsetOf(
          beat,
          onset === undefined ? undefined : Math.round(onset),
          boundaryScores(search.offsetScorer, integral, offsetPlace),
          perMs,
        )
      : undefined;
  if (found === undefined) return { onset, offset: undefined, isDoubtful: false };
  const begin = Math.round(onset ?? rPeak);
  const moved = beyondFlank(slope, start, found.offset, begin, limits.last);
  // The flank may be that of a T wave.
  if (moved === found.offset || settledFrom(voltage, begin, moved, moved, perMs) === undefined) {
    return { onset, ...found };
  }
  const presumed = { onset: begin, sample: moved, limit: lastOfBeat(rPeak, range.latest, perMs) };
  const isDoubtful = lateDeflection(voltage, presumed, perMs, beat.rules.possible) !== undefined;
  return { onset, offset: moved, isDoubtful };
}

/** The last sample of a beat: some time before the next R peak. */
const lastOfBeat = (rPeak: number, latest: number, perMs: number): number =>
  Math.floor(rPeak + Math.min(2 * latest - clearanceMs, 1000) * perMs);

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

/**
 * The offset, in samples: the earliest estimate after which the voltage does not change further; and whether a late
 * deflection may follow.
 */
function offsetOf(
  { voltage, rPeak, range: { latest }, rules }: SearchedBeat,
  onset: number | undefined,
  scores: Float64Array,
  perMs: number,
): { readonly offset: number; readonly isDoubtful: boolean } | undefined {
  const begin = onset ?? rPeak - Math.round(usualOnsetMs * perMs);
  const last = Math.min(
    voltage.length - 1,
    Math.floor(rPeak + Math.min(latest, qrsOffsetModel.last) * perMs),
  );
  const limit = lastOfBeat(rPeak, latest, perMs);
  for (let earliest = 0; ; ) {
    const time = certainTime(qrsOffsetModel, scores, earliest, latest);
    if (time === undefined) return undefined;
    const offset = rPeak + time * perMs;
    const sample = Math.round(offset);
    let late = settledFrom(voltage, begin, sample, last, perMs);
    if (late === undefined) return undefined;
    let isDoubtful = false;
    if (late === sample) {
      const flank = lateDeflection(voltage, { onset: begin, sample, limit }, perMs, rules.possible);
      isDoubtful = flank !== undefined;
      if (flank === undefined || !isLateDeflection(flank, rules.certain)) return { offset, isDoubtful };
      late = flank.sample;
    }
    if (late > last) return { offset, isDoubtful };
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
