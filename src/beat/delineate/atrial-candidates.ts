/**
 * Deflections between QRS complexes that may be P waves, and their shapes. The height of a sample is its voltage
 * relative to the mean of both sides; heights are combined over the leads in units of each lead's usual height.
 */
import { median } from '../../statistics.ts';
import type { SampleSpan } from '../sample-span.ts';
import { heightAt } from './wave-peak.ts';

/** Distance at which heights are measured, ms: half of a P wave. */
const reachMs = 60;
/** Smallest combined height of a candidate, and the distance within which it is the highest, ms. */
const leastHeight = 2.5;
const apartMs = 80;
/** A shape extends this far to both sides, in steps of this size, ms. */
const shapeMs = 64;
const stepMs = 8;
/** About this many heights are sampled to determine the usual one. */
const sampled = 4000;
/** Standard deviation of a normal distribution in units of its median absolute value. */
const medianToDeviation = 1.4826;

/** A deflection: its sample, the index of the interval between QRS complexes it lies in, and its shape in all leads. */
export interface AtrialCandidate {
  readonly sample: number;
  readonly interval: number;
  readonly shape: Float64Array;
}

/** Simultaneous leads in which P waves are searched. */
export interface SearchedLeads {
  /** The smoothed voltage of each lead, mV. */
  readonly smooth: readonly Float64Array[];
  /** The usual height in each lead, mV. */
  readonly units: readonly number[];
  readonly samplingFrequency: number;
  /** The intervals between QRS complexes, ascending. */
  readonly intervals: readonly SampleSpan[];
}

/** The usual height of a lead between QRS complexes, mV. */
export function usualHeight(
  smooth: Float64Array,
  samplingFrequency: number,
  intervals: readonly SampleSpan[],
): number {
  const reach = Math.round((reachMs * samplingFrequency) / 1000);
  const total = intervals.reduce((sum, { start, end }) => sum + Math.max(0, end - start), 0);
  const step = Math.max(1, Math.floor(total / sampled));
  const heights: number[] = [];
  for (const span of intervals) {
    for (let i = span.start; i < span.end; i += step)
      heights.push(Math.abs(heightAt(smooth, i, reach, span)));
  }
  return medianToDeviation * median(heights);
}

/** The highest deflections between QRS complexes, in order of time. */
export function atrialCandidates(leads: SearchedLeads): AtrialCandidate[] {
  const { smooth, units, samplingFrequency, intervals } = leads;
  const reach = Math.round((reachMs * samplingFrequency) / 1000);
  const apart = Math.round((apartMs * samplingFrequency) / 1000);
  const least = smooth.length * leastHeight ** 2;
  const found: AtrialCandidate[] = [];
  for (const [interval, span] of intervals.entries()) {
    const squares = new Float64Array(Math.max(0, span.end - span.start));
    for (const [lead, voltage] of smooth.entries()) {
      const unit = units[lead]!;
      if (!(unit > 0)) continue;
      for (let i = 0; i < squares.length; i++) {
        const height = heightAt(voltage, span.start + i, reach, span) / unit;
        squares[i]! += height * height;
      }
    }
    for (const i of localMaxima(squares, apart)) {
      const sample = span.start + i;
      if (squares[i]! >= least) found.push({ sample, interval, shape: shapeAt(leads, sample, interval) });
    }
  }
  return found;
}

/** Indices of values that are larger than all others within `apart`. */
function localMaxima(values: Float64Array, apart: number): number[] {
  const maxima: number[] = [];
  for (let i = 0; i < values.length; i++) {
    const to = Math.min(values.length - 1, i + apart);
    let best = i;
    for (let j = i + 1; j <= to; j++) if (values[j]! > values[best]!) best = j;
    if (best !== i) {
      i = best - 1;
      continue;
    }
    let isHighest = values[i]! > 0;
    for (let j = Math.max(0, i - apart); j < i && isHighest; j++) isHighest = values[j]! < values[i]!;
    if (isHighest) maxima.push(i);
  }
  return maxima;
}

/**
 * The voltages around a sample in units of each lead's usual height, less their regression line, lead after lead. The
 * interval's first and last samples continue beyond it.
 */
export function shapeAt(
  { smooth, units, samplingFrequency, intervals }: SearchedLeads,
  sample: number,
  interval: number,
): Float64Array {
  const { start, end } = intervals[interval]!;
  const half = shapeMs / stepMs;
  const points = 2 * half + 1;
  const shape = new Float64Array(points * smooth.length);
  for (const [lead, voltage] of smooth.entries()) {
    const unit = units[lead]!;
    if (!(unit > 0)) continue;
    const part = shape.subarray(lead * points, (lead + 1) * points);
    for (let j = -half; j <= half; j++) {
      const place = sample + Math.round((j * stepMs * samplingFrequency) / 1000);
      part[j + half] = voltage[Math.min(end - 1, Math.max(start, place))]! / unit;
    }
    subtractLine(part);
  }
  return shape;
}

/** Subtracts the regression line, in place; the number of values is odd. */
function subtractLine(values: Float64Array): void {
  const half = (values.length - 1) / 2;
  let sum = 0;
  let moment = 0;
  let squares = 0;
  for (let j = -half; j <= half; j++) {
    sum += values[j + half]!;
    moment += j * values[j + half]!;
    squares += j * j;
  }
  for (let j = -half; j <= half; j++) values[j + half]! -= sum / values.length + (j * moment) / squares;
}
