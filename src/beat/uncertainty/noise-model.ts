/**
 * The noise of a lead as its quiet parts show it: variance and autocorrelation to a lag of 20 ms, and more noise of the
 * same kind.
 */
import { InputError } from '../../input-error.ts';
import type { Random } from '../../random.ts';
import { requireSamplingFrequency } from '../../sampling-frequency.ts';
import { median } from '../../statistics.ts';

export interface NoiseModel {
  /** Autocovariance at lags of 0, 1, … samples, mV²; beyond the last it counts as 0. One value where the noise is white. */
  readonly autocovariance: Float64Array;
  readonly isWhite: boolean;
  /** Quiet parts that it was estimated from. */
  readonly parts: number;
}

/** A quiet part lasts so long, centred at this share of the way from one R peak to the next: after T and before P. */
const partMs = 100;
const partPlace = 0.62;
const lagMs = 20;
/** Parts with more than this many times the median power are not quiet. */
const mostPower = 4;
const fewestParts = 3;
/** Correlations within so many standard errors of 0 are none. */
const whiteErrors = 3;

/**
 * Estimates the noise of a lead, mV, from the parts between T and P: what a parabola leaves of each, with the share that
 * the parabola took given back. Slow noise, such as baseline wander, is not seen, nor does a slope feel it. Undefined where
 * there are fewer than three such parts, or nothing varies. Throws `RangeError` for a sampling frequency that is not
 * positive.
 *
 * @example estimateNoise(voltage, samplingFrequency, rPeaks).isWhite // => false
 */
export function estimateNoise(
  voltage: Float64Array,
  samplingFrequency: number,
  rPeaks: ArrayLike<number>,
): NoiseModel | undefined {
  requireSamplingFrequency(samplingFrequency);
  const length = Math.max(8, Math.round((partMs * samplingFrequency) / 1000));
  const lags = Math.min(Math.round((lagMs * samplingFrequency) / 1000), Math.floor(length / 4));
  const projection = parabolaResidual(length);
  const products: Float64Array[] = [];
  for (let k = 0; k + 1 < rPeaks.length; k++) {
    const centre = rPeaks[k]! + partPlace * (rPeaks[k + 1]! - rPeaks[k]!);
    const from = Math.round(centre - length / 2);
    if (from < 0 || from + length > voltage.length) continue;
    const residual = times(projection, voltage.subarray(from, from + length));
    const sums = lagSums(residual, lags);
    if (Number.isFinite(sums[0]!)) products.push(sums);
  }
  const usual = median(products.map(sums => sums[0]!));
  const quiet = products.filter(sums => sums[0]! <= mostPower * usual);
  if (quiet.length < fewestParts || !(usual > 0)) return undefined;
  const means = Float64Array.from(
    { length: lags + 1 },
    (_, lag) => quiet.reduce((sum, sums) => sum + sums[lag]!, 0) / quiet.length,
  );
  const autocovariance = solve(lagResponse(projection, lags), means);
  const error = whiteErrors / Math.sqrt(quiet.length * length);
  const isWhite = autocovariance.subarray(1).every(c => Math.abs(c) < error * autocovariance[0]!);
  // All by the parabola's white share where there is no correlation.
  return {
    autocovariance: isWhite ? Float64Array.of(means[0]! / (length - 3)) : autocovariance,
    isWhite,
    parts: quiet.length,
  };
}

/** gᵀΣg of consecutive weights: the variance that the noise gives to Σ gᵢ·Vᵢ. */
export function noiseVariance({ autocovariance }: NoiseModel, weights: ArrayLike<number>): number {
  let sum = 0;
  for (let lag = 0; lag < Math.min(autocovariance.length, weights.length); lag++) {
    let product = 0;
    for (let i = 0; i + lag < weights.length; i++) product += weights[i]! * weights[i + lag]!;
    sum += (lag === 0 ? 1 : 2) * autocovariance[lag]! * product;
  }
  return Math.max(0, sum);
}

/** So many samples of Gaussian noise with the model's autocovariance, mV: an autoregression after Levinson and Durbin. */
export function sampleNoise({ autocovariance }: NoiseModel, length: number, random: Random): Float64Array {
  const order = autocovariance.length - 1;
  let weights: number[] = [];
  let power = autocovariance[0]!;
  for (let k = 1; k <= order; k++) {
    const predicted = weights.reduce((sum, weight, j) => sum + weight * autocovariance[k - 1 - j]!, 0);
    // An estimated autocovariance need not be one of any process: kept within what is.
    const reflection = Math.max(-0.98, Math.min(0.98, (autocovariance[k]! - predicted) / power));
    weights = [
      ...weights.map((weight, j) => weight - reflection * weights[weights.length - 1 - j]!),
      reflection,
    ];
    power *= 1 - reflection * reflection;
  }
  const settling = 20 * (order + 1);
  const out = new Float64Array(length + settling);
  const deviation = Math.sqrt(power);
  for (let i = 0; i < out.length; i++) {
    let value = deviation * random.normal();
    for (let j = 0; j < Math.min(order, i); j++) value += weights[j]! * out[i - 1 - j]!;
    out[i] = value;
  }
  return out.subarray(settling);
}

/** I − H of a least-squares parabola, row by row. */
function parabolaResidual(n: number): Float64Array[] {
  const basis = [0, 1, 2].map(power =>
    Float64Array.from({ length: n }, (_, i) => ((2 * i - n + 1) / n) ** power),
  );
  const orthonormal: Float64Array[] = [];
  for (const vector of basis) {
    const rest = vector.slice();
    for (const other of orthonormal) {
      const share = dot(rest, other);
      for (let i = 0; i < n; i++) rest[i]! -= share * other[i]!;
    }
    const norm = Math.sqrt(dot(rest, rest));
    orthonormal.push(rest.map(v => v / norm));
  }
  return Array.from({ length: n }, (_, i) =>
    Float64Array.from(
      { length: n },
      (_, j) => (i === j ? 1 : 0) - orthonormal.reduce((sum, q) => sum + q[i]! * q[j]!, 0),
    ),
  );
}

const dot = (a: Float64Array, b: Float64Array): number => a.reduce((sum, v, i) => sum + v * b[i]!, 0);
const times = (rows: readonly Float64Array[], x: Float64Array): Float64Array =>
  Float64Array.from(rows, row => dot(row, x));

const lagSums = (x: Float64Array, lags: number): Float64Array =>
  Float64Array.from({ length: lags + 1 }, (_, lag) => {
    let sum = 0;
    for (let i = 0; i + lag < x.length; i++) sum += x[i]! * x[i + lag]!;
    return sum;
  });

/** What an autocovariance of 1 at each lag adds to the lag sums of the residual: one row a lag sum. */
function lagResponse(projection: readonly Float64Array[], lags: number): Float64Array[] {
  const n = projection.length;
  const response = Array.from({ length: lags + 1 }, () => new Float64Array(lags + 1));
  for (let lag = 0; lag <= lags; lag++) {
    // M·T: the columns of the projection moved by the lag, to both sides.
    const moved = projection.map(row =>
      row.map((_, j) => (j - lag >= 0 ? row[j - lag]! : 0) + (lag > 0 && j + lag < n ? row[j + lag]! : 0)),
    );
    for (let of = 0; of <= lags; of++) {
      let sum = 0;
      for (let i = 0; i + of < n; i++) sum += dot(moved[i]!, projection[i + of]!);
      response[of]![lag] = sum;
    }
  }
  return response;
}

/** Solves rows · x = right by elimination with the largest pivot. */
function solve(rows: readonly Float64Array[], right: Float64Array): Float64Array {
  const n = right.length;
  const a = rows.map((row, i) => Float64Array.of(...row, right[i]!));
  for (let k = 0; k < n; k++) {
    let pivot = k;
    for (let i = k + 1; i < n; i++) if (Math.abs(a[i]![k]!) > Math.abs(a[pivot]![k]!)) pivot = i;
    [a[k], a[pivot]] = [a[pivot]!, a[k]!];
    if (a[k]![k] === 0) throw new InputError('the quiet parts are too short for their noise');
    for (let i = k + 1; i < n; i++) {
      const factor = a[i]![k]! / a[k]![k]!;
      for (let j = k; j <= n; j++) a[i]![j]! -= factor * a[k]![j]!;
    }
  }
  const x = new Float64Array(n);
  for (let k = n - 1; k >= 0; k--) {
    let sum = a[k]![n]!;
    for (let j = k + 1; j < n; j++) sum -= a[k]![j]! * x[j]!;
    x[k] = sum / a[k]![k]!;
  }
  return x;
}
