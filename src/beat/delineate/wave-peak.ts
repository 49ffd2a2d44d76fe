/**
 * The peak of a P or T wave, which is one of the turning points of the voltage. The score of a turning point is the
 * log-probability, up to a constant, that a cardiologist would mark it. It depends on its time relative to the QRS
 * complex, and on its height relative to the voltage on both sides at several distances, so that the larger deflection
 * of a biphasic wave is preferred. The scores are then modified by the support of neighbouring beats: a wave recurs
 * with the same time and polarity, whereas a turning point that does not recur is probably noise. Scores do not depend
 * on gain, offset or polarity of the lead.
 */

import { medianInPlace } from '../../statistics.ts';
import type { SampleSpan } from '../sample-span.ts';
import { choiceScores, mostProbable } from './conditional-logit.ts';
import type { FittedLine } from './fitted-line.ts';
import type { SearchInterval } from './search-intervals.ts';
import { fewestNeighbours, neighbours, peaksAround, supportOf, withSupport } from './wave-support.ts';

/** A fitted model. Times are in ms. */
export interface PeakModel {
  /** Turning points are sign changes of the slope of a least-squares line over this window. */
  readonly lineMs: number;
  /** Turning points are searched from `first` to `last` after the anchor. */
  readonly first: number;
  readonly last: number;
  /** The usual time, and the distance from it at which the score by time has half its range. */
  readonly usual: number;
  readonly spread: number;
  /** Distances on either side at which heights are measured. */
  readonly reaches: readonly number[];
  /**
   * The voltage without the wave: the median of the searched samples, or the voltage so long after the anchor (before
   * it, where negative).
   */
  readonly level: 'median' | number;
  /** Turning points before the most prominent one and less prominent than this part of it are left out; absent: none. */
  readonly leastProminence?: number;
  /** The larger of two lobes of opposite polarity that are no further apart is the peak; absent where not compared. */
  readonly lobesMs?: number;
  /**
   * Weights of times before and after the usual one, of the height at each reach, of the distance from the voltage
   * without the wave, and of the prominence.
   */
  readonly weights: readonly number[];
}

type Shape = Omit<PeakModel, 'weights'>;

/** A turning point of the voltage within a search interval. */
export interface TurningPoint {
  readonly sample: number;
  /** Time, ms from the anchor. */
  readonly time: number;
  /** For each reach, the voltage relative to the mean of both sides, mV. */
  readonly heights: readonly number[];
  /** The voltage relative to that without the wave, mV; 0 for a trough above the voltage at a given time. */
  readonly elevation: number;
  /**
   * The largest height, over all reaches, above the higher side or, negative, below the lower side, mV: 0 on a flank.
   */
  readonly prominence: number;
}

/** Heights are limited to at least this fraction of the largest. */
const heightFloor = 0.03;

/**
 * The turning points within an interval, in order. `voltage` (mV) and `slope` (mV/s) are those of the same
 * least-squares line. Turning points near an invalid sample are omitted.
 */
export function turningPoints(
  { first, last, reaches, level, leastProminence = 0 }: Shape,
  voltage: Float64Array,
  slope: Float64Array,
  samplingFrequency: number,
  interval: SearchInterval,
): TurningPoint[] {
  const perMs = samplingFrequency / 1000;
  const points: TurningPoint[] = [];
  const { anchor } = interval;
  const begin = Math.max(Math.ceil(anchor + first * perMs), interval.start, 1);
  const final = Math.min(Math.floor(anchor + last * perMs), interval.end - 1);
  const atAnchor = level === 'median' ? 0 : Math.round(anchor + level * perMs);
  const base =
    level !== 'median'
      ? voltage[Math.min(interval.end - 1, Math.max(interval.start, atAnchor))]!
      : begin <= final
        ? usualVoltage(voltage, begin, final)
        : 0;
  const samples = reaches.map(ms => Math.round(ms * perMs));
  for (let i = begin; i <= final; i++) {
    if (!(slope[i - 1]! * slope[i]! <= 0)) continue;
    const sample = Math.abs(slope[i - 1]!) < Math.abs(slope[i]!) ? Math.max(interval.start, i - 1) : i;
    const heights = heightsAt(voltage, sample, samples, interval);
    const apart = voltage[sample]! - base;
    if (heights === undefined || Number.isNaN(apart)) continue;
    const prominence = prominenceAt(voltage, sample, samples, interval);
    // A trough above the voltage without the wave, such as that between T and P, is none.
    const elevation = level === 'median' || apart * prominence > 0 ? apart : 0;
    points.push({ sample, time: (sample - anchor) / perMs, heights, elevation, prominence });
  }
  if (leastProminence === 0) return points;
  // Before a late T wave a turn of the noise on the flat ST segment has its side towards T.
  let top = 0;
  for (let i = 1; i < points.length; i++) {
    if (Math.abs(points[i]!.prominence) > Math.abs(points[top]!.prominence)) top = i;
  }
  const least = leastProminence * Math.abs(points[top]?.prominence ?? 0);
  return points.filter(({ prominence }, i) => i >= top || Math.abs(prominence) >= least);
}

/** The median of about fifty samples, evenly spaced from `begin` to `final`; invalid ones are left out. */
function usualVoltage(voltage: Float64Array, begin: number, final: number): number {
  const apart = Math.max(1, Math.floor((final - begin) / 50));
  const values = new Float64Array(Math.floor((final - begin) / apart) + 1);
  let count = 0;
  for (let i = begin; i <= final; i += apart) if (!Number.isNaN(voltage[i]!)) values[count++] = voltage[i]!;
  return medianInPlace(values, count);
}

/**
 * The voltage of a sample relative to the mean of those `reach` samples before and after it, both limited to the span;
 * in the unit of `voltage`.
 */
export const heightAt = (
  voltage: Float64Array,
  sample: number,
  reach: number,
  { start, end }: SampleSpan,
): number =>
  voltage[sample]! -
  (voltage[Math.max(start, sample - reach)]! + voltage[Math.min(end - 1, sample + reach)]!) / 2;

/** The heights at all reaches; undefined near an invalid sample. */
function heightsAt(
  voltage: Float64Array,
  sample: number,
  reaches: readonly number[],
  span: SampleSpan,
): number[] | undefined {
  const heights: number[] = [];
  for (let j = 0; j < reaches.length; j++) {
    const height = heightAt(voltage, sample, reaches[j]!, span);
    if (Number.isNaN(height)) return undefined;
    heights.push(height);
  }
  return heights;
}

function prominenceAt(
  voltage: Float64Array,
  sample: number,
  reaches: readonly number[],
  { start, end }: SampleSpan,
): number {
  let most = 0;
  for (let j = 0; j < reaches.length; j++) {
    const reach = reaches[j]!;
    const before = voltage[sample]! - voltage[Math.max(start, sample - reach)]!;
    const after = voltage[sample]! - voltage[Math.min(end - 1, sample + reach)]!;
    if (before * after <= 0) continue;
    const lesser = Math.abs(before) < Math.abs(after) ? before : after;
    if (Math.abs(lesser) > Math.abs(most)) most = lesser;
  }
  return most;
}

/**
 * The features: for each turning point its distance before and after the usual time, as d²/(1 + d²), and for each reach
 * the logarithm of its squared height relative to the largest of all; likewise for its elevation and prominence.
 */
export function peakFeatures(
  { usual, spread, reaches }: Shape,
  points: readonly TurningPoint[],
): Float64Array {
  const width = reaches.length + 4;
  const features = new Float64Array(points.length * width);
  for (let i = 0; i < points.length; i++) {
    const { time, heights, elevation, prominence } = points[i]!;
    const row = i * width;
    features[row + (time < usual ? 0 : 1)] = distanceOf({ usual, spread }, points[i]!);
    for (let j = 0; j < heights.length; j++) features[row + 2 + j] = heights[j]!;
    features[row + width - 2] = elevation;
    features[row + width - 1] = prominence;
  }
  for (let j = 2; j < width; j++) {
    let greatest = 0;
    for (let k = j; k < features.length; k += width) greatest = Math.max(greatest, Math.abs(features[k]!));
    for (let k = j; k < features.length; k += width) {
      const relative = greatest > 0 ? features[k]! / greatest : 0;
      features[k] = Math.log(relative * relative + heightFloor * heightFloor);
    }
  }
  return features;
}

/** The distance of a turning point from its usual time, 0 to 1: d²/(1 + d²), with d in units of `spread`. */
const distanceOf = ({ usual, spread }: Pick<Shape, 'usual' | 'spread'>, { time }: TurningPoint): number => {
  const square = ((time - usual) / spread) ** 2;
  return square / (1 + square);
};

/**
 * A chosen turning point, its support by neighbouring beats (0 to 1; undefined when there are too few), and its
 * distance from the usual time as d²/(1 + d²).
 */
export interface ChosenPeak {
  readonly point: TurningPoint;
  readonly support: number | undefined;
  readonly distance: number;
}

/** Iterations of the support; further ones seldom change the result. */
const rounds = 2;

/**
 * The most probable turning point in each beat's interval, given those of the neighbouring beats; undefined where there
 * is none. The line is that of the model; `typical` are the peaks that the neighbouring beats together
 * show, which the choice begins with.
 */
export function findPeaks(
  model: PeakModel,
  { smooth, slope }: FittedLine,
  samplingFrequency: number,
  intervals: readonly (SearchInterval | undefined)[],
  typical: readonly (TurningPoint | undefined)[] = [],
): (ChosenPeak | undefined)[] {
  const beats = intervals.map(interval =>
    interval === undefined ? [] : turningPoints(model, smooth, slope, samplingFrequency, interval),
  );
  const scores = beats.map(points => choiceScores(model.weights, peakFeatures(model, points)));
  let chosen: (TurningPoint | undefined)[] = beats.map((points, k) => points[mostProbable(scores[k]!)]);
  for (let round = 0; round < rounds; round++) {
    const before = chosen;
    chosen = beats.map((points, k) => {
      const shown = round === 0 ? typical[k] : undefined;
      const others =
        shown === undefined
          ? peaksAround(before, k, intervals)
          : new Array<TurningPoint>(fewestNeighbours).fill(shown);
      if (others.length < fewestNeighbours) return before[k];
      return points[mostProbable(withSupport(scores[k]!, points, others))];
    });
  }
  chosen = withLargestLobes(model, beats, chosen);
  return chosen.map((point, k) => {
    const others = peaksAround(chosen, k, intervals);
    const support = point && others.length >= fewestNeighbours ? supportOf(point, others) : undefined;
    return point && { point, support, distance: distanceOf(model, point) };
  });
}

/** A lobe is larger when its elevation is this many times that of the other. */
const largerLobe = 1.2;

/** The chosen points; where most neighbouring beats have a larger lobe of opposite polarity, that lobe. */
function withLargestLobes(
  { lobesMs }: PeakModel,
  beats: readonly (readonly TurningPoint[])[],
  chosen: readonly (TurningPoint | undefined)[],
): (TurningPoint | undefined)[] {
  if (lobesMs === undefined) return [...chosen];
  const opposite = chosen.map((point, k) => {
    if (point === undefined) return undefined;
    const lobes = beats[k]!.filter(
      ({ time, elevation, prominence }) =>
        Math.abs(time - point.time) <= lobesMs &&
        elevation * point.elevation < 0 &&
        elevation * prominence > 0,
    );
    return lobes.reduce<TurningPoint | undefined>(
      (best, lobe) => (Math.abs(lobe.elevation) > Math.abs(best?.elevation ?? 0) ? lobe : best),
      undefined,
    );
  });
  const isLarger = opposite.map(
    (lobe, k) => lobe && Math.abs(lobe.elevation) >= largerLobe * Math.abs(chosen[k]!.elevation),
  );
  return chosen.map((point, k) => {
    const [from, to] = [Math.max(0, k - neighbours), k + 1 + neighbours];
    const near = chosen.slice(from, to).filter(other => other !== undefined).length;
    const larger = isLarger.slice(from, to).filter(Boolean).length;
    return larger > near / 2 ? (opposite[k] ?? point) : point;
  });
}
