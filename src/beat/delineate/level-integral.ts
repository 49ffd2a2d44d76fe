/**
 * The integral of the level of slope, log((slope/unit)²), over time: the quantity from which the boundary models compute
 * the means of their bins.
 */
import { moveIntoPlace } from '../../statistics.ts';
import { addLogarithms, type LogarithmTable, logarithmTable } from './logarithm.ts';

/** Slopes are limited to at least this fraction of the unit. */
export const slopeFloor = 0.02;

/** The part of a boundary model that determines the unit of slope; times are in ms from the anchor. */
export interface SlopeUnitRange {
  readonly unitFrom: number;
  readonly unitTo: number;
  readonly unitQuantile: number;
}

/** A range of times, ms from the anchor. */
export interface TimeRange {
  readonly earliest: number;
  readonly latest: number;
}

/** All times. */
export const unlimited: TimeRange = {
  earliest: Number.NEGATIVE_INFINITY,
  latest: Number.POSITIVE_INFINITY,
};

/** Writes the absolute slopes of at least a size to `sizes`, 0 for NaN, and returns their number. */
function largeSizes(slope: Float64Array, from: number, to: number, least: number): number {
  let count = 0;
  for (let i = from; i <= to; i++) {
    const size = Math.abs(slope[i]!) || 0;
    if (size >= least) sizes[count++] = size;
  }
  return count;
}

/** Part of the largest slope that most others are below, and the quantile mostly is not. */
const largePart = 0.3;

/** Working memory of `slopeUnit`. */
let sizes = new Float64Array(512);

/** The unit of slope, mV/s: a quantile of the absolute slopes in the model's range. NaN is skipped. */
export function slopeUnit(
  { unitFrom, unitTo, unitQuantile }: SlopeUnitRange,
  slope: Float64Array,
  anchor: number,
  perMs: number,
  { earliest, latest }: TimeRange = unlimited,
): number {
  const from = Math.max(0, Math.round(anchor + Math.max(unitFrom, earliest) * perMs));
  const to = Math.min(slope.length - 1, Math.round(anchor + Math.min(unitTo, latest) * perMs));
  let largest = 0;
  for (let i = from; i <= to; i++) {
    const size = Math.abs(slope[i]!);
    if (size > largest) largest = size;
  }
  const count = to + 1 - from;
  if (unitQuantile === 1 || count <= 0) return largest;
  if (count > sizes.length) sizes = new Float64Array(count);
  // The quantile is mostly among the large slopes, which are few: those of the complex.
  const above = count - Math.round(unitQuantile * (count - 1));
  let large = largeSizes(slope, from, to, largePart * largest);
  if (large < above) large = largeSizes(slope, from, to, 0);
  moveIntoPlace(sizes, large - above, large);
  return sizes[large - above]!;
}

/** The grid on which an integral of levels is computed, in samples from the anchor. Created once for many beats. */
export interface LevelGrid {
  /** The first sample used, relative to the anchor, and the number of samples. */
  readonly first: number;
  readonly samples: number;
  /** For each grid point the sample it lies in, relative to the first, and the fraction of that sample before it. */
  readonly cells: Int32Array;
  readonly parts: Float64Array;
  /** Buffers for the arguments of the logarithms and for their running sum. */
  readonly logarithms: LogarithmTable;
  readonly sums: Float64Array;
}

/** A grid of `points` points, `step` ms apart, from `begin` ms after the anchor. */
export function levelGrid(begin: number, step: number, points: number, samplingFrequency: number): LevelGrid {
  // Sample i represents the time from i − ½ to i + ½.
  const placeOf = (point: number): number => ((begin + point * step) * samplingFrequency) / 1000 + 0.5;
  const first = Math.floor(placeOf(0));
  const samples = Math.floor(placeOf(points - 1)) + 1 - first;
  const cells = new Int32Array(points);
  const parts = new Float64Array(points);
  for (let k = 0; k < points; k++) {
    const place = placeOf(k);
    cells[k] = Math.floor(place) - first;
    parts[k] = place - Math.floor(place);
  }
  return {
    first,
    samples,
    cells,
    parts,
    logarithms: logarithmTable(samples),
    sums: new Float64Array(samples + 1),
  };
}

/**
 * ∫ log((slope/unit)²) over samples, from the first grid point to each. Returns false where the grid reaches outside
 * `slope`, or a slope or the unit is invalid or zero.
 */
export function levelIntegral(
  { first, samples, cells, parts, logarithms, sums }: LevelGrid,
  slope: Float64Array,
  anchor: number,
  unit: number,
  integral: Float64Array,
): boolean {
  const from = anchor + first;
  if (from < 0 || from + samples > slope.length || !(unit > 0 && unit < Number.POSITIVE_INFINITY)) {
    return false;
  }
  const { numbers } = logarithms;
  const scale = 1 / unit;
  let sizes = 0;
  for (let i = 0; i < samples; i++) {
    const size = Math.abs(slope[from + i]!) * scale;
    sizes += size;
    const relative = size < 1 ? size : 1;
    numbers[i] = relative * relative + slopeFloor * slopeFloor;
  }
  if (Number.isNaN(sizes)) return false;
  addLogarithms(logarithms, sums);
  const start = parts[0]! * sums[1]!;
  for (let k = 0; k < integral.length; k++) {
    const low = sums[cells[k]!]!;
    integral[k] = low + parts[k]! * (sums[cells[k]! + 1]! - low) - start;
  }
  return true;
}
