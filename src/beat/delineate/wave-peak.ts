/**
 * The peak of a P or T wave: one of the turning points of the voltage. Each has a score, the logarithm of the chance
 * that a cardiologist would mark it, but for one constant: by its time, seen from the QRS complex, and by how far it
 * stands out from the voltage on both sides, at several distances. So of a biphasic wave the taller lobe is likelier.
 * Then beats support each other: a wave recurs at its place and with its polarity, and what recurs nowhere is likely
 * noise. Scores change with no gain, offset or polarity of the lead.
 */

import { median } from '../../statistics.ts';
import type { SampleSpan } from '../sample-span.ts';
import { choiceScores, likeliest } from './conditional-logit.ts';
import type { SearchInterval } from './search-intervals.ts';

/** A fitted model. Times in ms. */
export interface PeakModel {
  /** Turning points are where the slope of a least-squares line over this window changes its sign. */
  readonly lineMs: number;
  /** They are looked for from `first` to `last` after the anchor. */
  readonly first: number;
  readonly last: number;
  /** The usual time, and how far off a wave loses half of what it can lose by its time. */
  readonly usual: number;
  readonly spread: number;
  /** Distances to both sides at which heights are taken. */
  readonly reaches: readonly number[];
  /** For a time before and after the usual one, then one a reach, then for the distance from the usual voltage. */
  readonly weights: readonly number[];
}

type Shape = Omit<PeakModel, 'weights'>;

export interface TurningPoint {
  readonly sample: number;
  /** ms after the anchor. */
  readonly time: number;
  /** How far the voltage there is from the mean of those on both sides, mV, one a reach; then from the usual voltage. */
  readonly heights: readonly number[];
}

/** Heights below this fraction of the greatest are as good as none. */
const heightFloor = 0.03;

/**
 * The turning points of a stretch of the signal, in order. `voltage` (mV) is smoothed and `slope` (mV/s) taken by the
 * same least-squares line, at the same samples. A turning point near an invalid sample is none.
 */
export function turningPoints(
  { first, last, reaches }: Shape,
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
  const level = begin <= final ? usualVoltage(voltage, begin, final) : 0;
  for (let i = begin; i <= final; i++) {
    if (!(slope[i - 1]! * slope[i]! <= 0)) continue;
    const sample = Math.abs(slope[i - 1]!) < Math.abs(slope[i]!) ? i - 1 : i;
    const heights = [
      ...reaches.map(ms => heightAt(voltage, sample, Math.round(ms * perMs), interval)),
      voltage[sample]! - level,
    ];
    if (heights.some(Number.isNaN)) continue;
    points.push({ sample, time: (sample - anchor) / perMs, heights });
  }
  return points;
}

/** The median of some fifty samples, evenly spaced from `begin` to `final`; invalid ones are left out. */
function usualVoltage(voltage: Float64Array, begin: number, final: number): number {
  const apart = Math.max(1, Math.floor((final - begin) / 50));
  const values = new Float64Array(Math.floor((final - begin) / apart) + 1);
  for (let k = 0; k < values.length; k++) values[k] = voltage[begin + k * apart]!;
  return median(values);
}

/** The voltage of a sample over the mean of those `reach` samples before and after it, limited to the span. */
export const heightAt = (
  voltage: Float64Array,
  sample: number,
  reach: number,
  { start, end }: SampleSpan,
): number =>
  voltage[sample]! -
  (voltage[Math.max(start, sample - reach)]! + voltage[Math.min(end - 1, sample + reach)]!) / 2;

/**
 * The numbers that the weights weigh: for each turning point in turn how far it is before and after the usual time, as
 * d²/(1 + d²), and for each reach the logarithm of its squared height relative to the greatest of them all; likewise for its distance from the
 * usual voltage.
 */
export function peakFeatures(
  { usual, spread, reaches }: Shape,
  points: readonly TurningPoint[],
): Float64Array {
  const width = reaches.length + 3;
  const greatest = Array.from({ length: reaches.length + 1 }, (_, j) =>
    Math.max(...points.map(({ heights }) => Math.abs(heights[j]!))),
  );
  const features = new Float64Array(points.length * width);
  for (const [i, { time, heights }] of points.entries()) {
    features[i * width + (time < usual ? 0 : 1)] = distanceOf({ usual, spread }, points[i]!);
    for (const [j, height] of heights.entries()) {
      const relative = greatest[j]! > 0 ? height / greatest[j]! : 0;
      features[i * width + 2 + j] = Math.log(relative * relative + heightFloor * heightFloor);
    }
  }
  return features;
}

/** How far a turning point is from its usual time, 0 to 1: d²/(1 + d²), with d in units of `spread`. */
const distanceOf = ({ usual, spread }: Pick<Shape, 'usual' | 'spread'>, { time }: TurningPoint): number => {
  const square = ((time - usual) / spread) ** 2;
  return square / (1 + square);
};

/**
 * A chosen turning point; the support of the beats around: 0 to 1, undefined where there are too few; and how far it is
 * from its usual time, as d²/(1 + d²).
 */
export interface ChosenPeak {
  readonly point: TurningPoint;
  readonly support: number | undefined;
  readonly distance: number;
}

/** So many beats on either side give support, and no fewer altogether than that. */
const neighbours = 8;
const fewestNeighbours = 2;
/** A wave of another beat is the same when within about this, ms: a standard deviation. */
const wander = 14;
/** A turning point without any support is this likely to be a peak all the same. */
const unsupported = 0.02;
/** After so many rounds of support, choices seldom change. */
const rounds = 2;

/**
 * The likeliest turning point of each beat's stretch, given those of the beats around; undefined where it has none.
 * `voltage` and `slope` as in `turningPoints`.
 */
export function findPeaks(
  model: PeakModel,
  voltage: Float64Array,
  slope: Float64Array,
  samplingFrequency: number,
  intervals: readonly (SearchInterval | undefined)[],
): (ChosenPeak | undefined)[] {
  const beats = intervals.map(interval =>
    interval === undefined ? [] : turningPoints(model, voltage, slope, samplingFrequency, interval),
  );
  const scores = beats.map(points => choiceScores(model.weights, peakFeatures(model, points)));
  let chosen = beats.map((points, k) => points[likeliest(scores[k]!)]);
  for (let round = 0; round < rounds; round++) {
    const before = chosen;
    chosen = beats.map((points, k) => {
      const others = around(before, k);
      if (others.length < fewestNeighbours) return before[k];
      const supported = scores[k]!.map(
        (score, i) => score + Math.log(unsupported + supportOf(points[i]!, others)),
      );
      return points[likeliest(supported)];
    });
  }
  return chosen.map((point, k) => {
    const others = around(chosen, k);
    const support = point && others.length >= fewestNeighbours ? supportOf(point, others) : undefined;
    return point && { point, support, distance: distanceOf(model, point) };
  });
}

function around(chosen: readonly (TurningPoint | undefined)[], k: number): TurningPoint[] {
  const nearby = [
    ...chosen.slice(Math.max(0, k - neighbours), k),
    ...chosen.slice(k + 1, k + 1 + neighbours),
  ];
  return nearby.filter(point => point !== undefined);
}

/** The mean over other beats' waves of how much each is the same: at the same time, and of the same polarity. */
function supportOf(point: TurningPoint, others: readonly TurningPoint[]): number {
  let sum = 0;
  for (const other of others) {
    if (polarity(other) === polarity(point))
      sum += Math.exp(-(((other.time - point.time) / wander) ** 2) / 2);
  }
  return sum / others.length;
}

/** At the middle reach. */
const polarity = ({ heights }: TurningPoint): number => Math.sign(heights[(heights.length - 1) >> 1]!);
