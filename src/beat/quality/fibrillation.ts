/**
 * Ventricular fibrillation and flutter: an oscillation of 2 to 8 Hz without QRS complexes. Half a period later it is
 * nearly its own negative, so a filter tuned to its mean period lets little through (Kuo & Dillman 1978, *Comput
 * Cardiol*:347); and it has no part that is much steeper or more curved than the rest, so the fourth moments of its slope
 * and of the change of it are low.
 *
 * Monomorphic ventricular tachycardia can look alike, but its complexes recur with one shape and a steady interval of 240 ms
 * or more, so the signal repeats itself after several of them. Regular waves that follow faster are flutter (Zipes et al.
 * 2006, *Circulation* 114:e385). Nor is it fibrillation where the beats in it recur with one shape that is not found
 * between them (`recurrence.ts`), as very wide complexes do; or where the signal is level for a good part of the
 * time, as between small beats beside high and wide ones.
 */
import { lowerBound } from '../../lower-bound.ts';
import { moveIntoPlace } from '../../statistics.ts';
import type { LeadBins } from './bins.ts';
import { recurrenceOf } from './recurrence.ts';

/** Length of the interval that is examined, in steps of a second, s. */
const examinedSeconds = 4;
/** Range of the mean frequency, Hz. */
const frequency = { from: 2, to: 8 };
/** Largest ratio of the sum with the signal half a period earlier to the sum of the sizes: 0 for a sine, near 1 for QRS complexes. */
const mostLeakage = 0.6;
/**
 * Largest kurtosis of the slope over 20 ms: 1.5 for a sine, 3 for Gaussian noise, above 10 for narrow complexes; and of its
 * change within this time, which is above 6 for narrow complexes in tremor or motion of their height as well, and 4 in
 * the median of the flutter of mitdb/207.
 */
const mostKurtosis = 6;
const slopeSeconds = 0.02;
/**
 * Blocks of this length, s, that begin at every step, s, are level when their peak-to-peak height is less than `level` of
 * this quantile of all. In nine of ten intervals of fibrillation at most 0.11 of them are level (mitdb/207, narrow-band
 * noise, drifting sinusoids), and about half between small beats beside couplets and runs of ventricular beats.
 */
const blockSeconds = { length: 0.25, step: 0.1 };
const highQuantile = 0.9;
const level = 0.2;
const mostLevel = 0.2;
/** Intervals between waves that are looked for, s, and the shortest of a tachycardia. */
const intervalSeconds = { from: 0.12, to: 0.6 };
const shortestTachycardia = 0.24;
/** Several complexes later the signal is compared with itself, s. */
const recurrenceSeconds = { from: 1.6, to: 2 };
/**
 * Least correlation of a tachycardia with itself then. In the flutter of mitdb/207 it is 0.5 in the median and at most
 * 0.88 in either lead.
 */
const leastRecurrence = 0.9;
/** Fewest beats in an interval, and least share of them that recur, where they are QRS complexes. */
const fewestRecurring = 3;
const leastRecurring = 0.75;
/** After a single complex, whose interval is a whole number of bins here, it may be lower by so much. */
const periodTolerance = 0.1;

/**
 * Seconds of oscillation, 1 where it is present: fibrillation or flutter, and what resembles them: regular tachycardia,
 * and beats that recur.
 */
export interface OscillatingSeconds {
  readonly fibrillation: Uint8Array;
  readonly tachycardia: Uint8Array;
}

/**
 * The seconds of a lead that belong to an interval of four seconds that oscillates: fibrillation in runs of at least four
 * seconds that belong to no regular interval, and otherwise tachycardia. `rPeaks` are ascending sample indices.
 */
export function oscillatingSeconds(
  bins: LeadBins,
  rPeaks: ArrayLike<number>,
  recurs = recurrenceOf(bins, rPeaks),
): OscillatingSeconds {
  const { values, perSecond, startOf } = bins;
  const oscillation = new Uint8Array(Math.ceil(values.length / perSecond));
  const regular = oscillation.slice();
  const isSmooth = smoothnessTest(values, perSecond, 0);
  const isEven = smoothnessTest(values, perSecond, 2);
  for (let second = 0; (second + examinedSeconds) * perSecond <= values.length; second++) {
    if (!isSmooth(second) || !isEven(second)) continue;
    const from = second * perSecond;
    const examined = values.subarray(from, from + examinedSeconds * perSecond);
    if (!isOscillation(examined, perSecond) || hasLevelParts(examined, perSecond)) continue;
    oscillation.fill(1, second, second + examinedSeconds);
    const to = from + examined.length;
    if (
      isRegularTachycardia(examined, perSecond) ||
      doRecur(recurs, lowerBound(rPeaks, startOf(from)), lowerBound(rPeaks, startOf(to)))
    ) {
      regular.fill(1, second, second + examinedSeconds);
    }
  }
  const fibrillation = withoutShortRuns(without(oscillation, regular));
  return { fibrillation, tachycardia: without(oscillation, fibrillation) };
}

/** Whether the beats `[first, last)` are QRS complexes that recur. */
function doRecur(recurs: (beat: number) => boolean, first: number, last: number): boolean {
  let count = 0;
  for (let k = first; k < last; k++) if (recurs(k)) count++;
  return count >= fewestRecurring && count >= leastRecurring * (last - first);
}

/** The seconds of `all` that are not in `others`. */
function without(all: Uint8Array, others: Uint8Array): Uint8Array {
  const rest = all.slice();
  for (let second = 0; second < rest.length; second++) if (others[second] === 1) rest[second] = 0;
  return rest;
}

/** Sets runs of ones shorter than the examined interval to zero. */
function withoutShortRuns(seconds: Uint8Array): Uint8Array {
  for (let from = 0; from < seconds.length; ) {
    let to = from + 1;
    while (to < seconds.length && seconds[to] === seconds[from]) to++;
    if (to - from < examinedSeconds) seconds.fill(0, from, to);
    from = to;
  }
  return seconds;
}

/** Whether an oscillating interval repeats itself after one complex of a tachycardia and after several. */
function isRegularTachycardia(values: Float64Array, perSecond: number): boolean {
  const lagOf = (seconds: number): number => Math.round(seconds * perSecond);
  const near = recurrences(values, lagOf(intervalSeconds.from), lagOf(intervalSeconds.to));
  const period = near.findIndex(
    (value, k) =>
      value > leastRecurrence - periodTolerance &&
      value >= (near[k - 1] ?? Number.POSITIVE_INFINITY) &&
      value >= (near[k + 1] ?? Number.POSITIVE_INFINITY),
  );
  if (period < 0 || lagOf(intervalSeconds.from) + period < lagOf(shortestTachycardia)) return false;
  const later = recurrences(values, lagOf(recurrenceSeconds.from), lagOf(recurrenceSeconds.to));
  return later.some(value => value >= leastRecurrence);
}

/** Correlation of the values with themselves at each lag `[from, to]`: 1 where they repeat, 0 where nothing is alike. */
function recurrences(values: Float64Array, from: number, to: number): Float64Array {
  const alike = new Float64Array(to - from + 1);
  for (let k = 0; k < alike.length; k++) {
    let differences = 0;
    let squares = 0;
    for (let i = from + k; i < values.length; i++) {
      const value = values[i]!;
      const earlier = values[i - from - k]!;
      differences += (value - earlier) * (value - earlier);
      squares += value * value + earlier * earlier;
    }
    alike[k] = 1 - differences / squares;
  }
  return alike;
}

/**
 * A function that tells whether in the interval from a second on no difference is much larger than the rest: of the values
 * at both ends of the time of the slope, or, with a `weight` of 2, of these from the one in the middle. False if a value is
 * not valid. The moments are computed once for each second, without the differences across its start.
 */
function smoothnessTest(values: Float64Array, perSecond: number, weight: 0 | 2): (second: number) => boolean {
  const lag = slopeLag(perSecond);
  const half = lag >> 1;
  const sign = weight === 0 ? -1 : 1;
  const squares = new Float64Array(Math.floor(values.length / perSecond));
  const fourths = squares.slice();
  const squareAt = (i: number): number =>
    (values[i]! - weight * values[i - half]! + sign * values[i - lag]!) ** 2;
  for (let second = 0; second < squares.length; second++) {
    for (let i = second * perSecond + lag; i < (second + 1) * perSecond; i++) {
      const square = squareAt(i);
      squares[second]! += square;
      fourths[second]! += square * square;
    }
  }
  return first => {
    let second = squares[first]!;
    let fourth = fourths[first]!;
    for (let k = first + 1; k < first + examinedSeconds; k++) {
      second += squares[k]!;
      fourth += fourths[k]!;
      for (let i = k * perSecond; i < k * perSecond + lag; i++) {
        const square = squareAt(i);
        second += square;
        fourth += square * square;
      }
    }
    return fourth * (examinedSeconds * perSecond - lag) < mostKurtosis * second * second;
  };
}

/** An even number of bins. */
const slopeLag = (perSecond: number): number => 2 * Math.max(1, Math.round((slopeSeconds / 2) * perSecond));

/** Whether an interval without its baseline, and without steep parts, oscillates as in fibrillation. */
function isOscillation(values: Float64Array, perSecond: number): boolean {
  let size = 0;
  let change = 0;
  for (let i = slopeLag(perSecond); i < values.length; i++) {
    const value = values[i]!;
    size += Math.abs(value);
    change += Math.abs(value - values[i - 1]!);
  }
  // The mean period of a sine, from its mean size and mean change.
  const period = (2 * Math.PI * size) / change;
  if (!(period * frequency.to > perSecond && period * frequency.from < perSecond)) return false;
  const half = Math.max(1, Math.round(period / 2));
  let passed = 0;
  let sizes = 0;
  for (let i = half; i < values.length; i++) {
    passed += Math.abs(values[i]! + values[i - half]!);
    sizes += Math.abs(values[i]!) + Math.abs(values[i - half]!);
  }
  return passed < mostLeakage * sizes;
}

/** Whether a good part of an interval is level beside its higher deflections. */
function hasLevelParts(values: Float64Array, perSecond: number): boolean {
  const length = Math.max(2, Math.round(blockSeconds.length * perSecond));
  const step = Math.max(1, Math.round(blockSeconds.step * perSecond));
  const heights = new Float64Array(Math.floor((values.length - length) / step) + 1);
  for (let k = 0; k < heights.length; k++) {
    let lowest = Number.POSITIVE_INFINITY;
    let highest = Number.NEGATIVE_INFINITY;
    for (let i = k * step; i < k * step + length; i++) {
      lowest = Math.min(lowest, values[i]!);
      highest = Math.max(highest, values[i]!);
    }
    heights[k] = highest - lowest;
  }
  const place = Math.floor(highQuantile * (heights.length - 1));
  moveIntoPlace(heights, place, heights.length);
  const most = level * heights[place]!;
  let count = 0;
  for (const height of heights) if (height < most) count++;
  return count > mostLevel * heights.length;
}
