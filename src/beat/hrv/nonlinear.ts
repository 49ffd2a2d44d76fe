/** Nonlinear measures of NN intervals: fractal scaling and regularity. */
import { mean, standardDeviation } from '../../statistics.ts';
import type { RrInterval } from './rr-intervals.ts';

/** Box sizes of the short-term scaling exponent, in beats. */
const boxSizes = Array.from({ length: 13 }, (_, k) => k + 4);

/**
 * The short-term scaling exponent α₁ of detrended fluctuation analysis (Peng, Havlin, Stanley & Goldberger, Chaos
 * 5:82–87, 1995): the slope of log F(n) against log n, where F(n) is the root-mean-square deviation of the integrated
 * series from the least-squares lines through its boxes of n = 4 to 16 beats. Boxes do not overlap, and an incomplete
 * box at the end is left out. α₁ is 0.5 for uncorrelated intervals, 1 for 1/f noise and 1.5 for a random walk. The
 * durations may have any unit; excluded intervals are skipped, and those on either side treated as adjacent. Undefined
 * for fewer than 32 values or equal ones.
 *
 * @example scalingExponent(Array.from({ length: 400 }, (_, k) => 0.8 + 0.02 * Math.sin(k * k))) // => 0.5692…
 */
export function scalingExponent(durations: ArrayLike<number>): number | undefined {
  if (durations.length < 2 * boxSizes.at(-1)!) return undefined;
  const level = mean(durations);
  let sum = 0;
  const profile = Float64Array.from(durations, duration => (sum += duration - level));
  const x = boxSizes.map(Math.log);
  const y = boxSizes.map(size => Math.log(fluctuation(profile, size)));
  if (!y.every(Number.isFinite)) return undefined;
  const [meanX, meanY] = [mean(x), mean(y)];
  const product = x.reduce((total, value, k) => total + (value - meanX) * (y[k]! - meanY), 0);
  return product / x.reduce((total, value) => total + (value - meanX) ** 2, 0);
}

/** Root-mean-square deviation from the least-squares lines through boxes of `size` values. */
function fluctuation(profile: Float64Array, size: number): number {
  const boxes = Math.floor(profile.length / size);
  const middle = (size - 1) / 2;
  const spread = (size * (size * size - 1)) / 12;
  let squares = 0;
  for (let box = 0; box < boxes; box++) {
    let total = 0;
    let moment = 0;
    let energy = 0;
    for (let i = 0; i < size; i++) {
      const value = profile[box * size + i]!;
      total += value;
      moment += (i - middle) * value;
      energy += value * value;
    }
    squares += Math.max(0, energy - (total * total) / size - (moment * moment) / spread);
  }
  return Math.sqrt(squares / (boxes * size));
}

/** Pattern length m, and tolerance r as a fraction of the standard deviation. */
const patternLength = 2;
const toleranceShare = 0.2;

/**
 * Sample entropy (Richman & Moorman, Am. J. Physiol. Heart Circ. Physiol. 278:H2039–H2049, 2000): the negative natural
 * logarithm of the conditional probability that two patterns of two NN intervals that match within 0.2 standard
 * deviations still match when the next interval is included. Patterns do not extend across intervals that are not
 * normal. Undefined when no patterns match.
 *
 * @example sampleEntropy(rrIntervals(Int32Array.from({ length: 90 }, (_, k) => 300 * k + 20 * (k % 3)), 360)) // => 0
 */
export function sampleEntropy(intervals: readonly RrInterval[]): number | undefined {
  const nn = intervals.filter(({ isNormal }) => isNormal).map(({ duration }) => duration);
  // The margin makes the result independent of rounding: intervals of whole samples that differ by exactly the
  // tolerance match in any unit.
  const tolerance = toleranceShare * (standardDeviation(nn) ?? 0) + 1e-12;
  const duration = Float64Array.from(intervals, interval =>
    interval.isNormal ? interval.duration : Number.NaN,
  );
  const starts: number[] = [];
  for (let k = 0; k + patternLength < duration.length; k++) {
    if (!Number.isNaN(duration[k]! + duration[k + 1]! + duration[k + 2]!)) starts.push(k);
  }
  // Sorted by the first interval, so that candidate matches are adjacent.
  starts.sort((a, b) => duration[a]! - duration[b]!);
  const [first, second, third] = [0, 1, 2].map(ahead =>
    Float64Array.from(starts, k => duration[k + ahead]!),
  ) as [Float64Array, Float64Array, Float64Array];
  let alike = 0;
  let alikeNext = 0;
  for (let i = 0, end = 0; i < first.length; i++) {
    while (end < first.length && first[end]! - first[i]! <= tolerance) end++;
    for (let j = i + 1; j < end; j++) {
      // Counted without a branch, because its outcome would be unpredictable.
      const isAlike = Math.abs(second[j]! - second[i]!) <= tolerance ? 1 : 0;
      alike += isAlike;
      alikeNext += Math.abs(third[j]! - third[i]!) <= tolerance ? isAlike : 0;
    }
  }
  return alikeNext === 0 ? undefined : Math.log(alike / alikeNext);
}
