/**
 * Noise model of a lead, estimated between its T and P waves: the variance and the autocovariance up to a lag of 25 to
 * 40 ms, and generation of noise with that autocovariance.
 */
import { InputError } from '../../input-error.ts';
import type { Random } from '../../random.ts';
import { requireSamplingFrequency } from '../../sampling-frequency.ts';
import { median } from '../../statistics.ts';

/** A stationary Gaussian noise model of one lead. */
export interface NoiseModel {
  /**
   * Autocovariance at lags of 0, 1, … samples, mV²; 0 at greater lags. A single value (the variance) for white noise.
   */
  readonly autocovariance: Float64Array;
  readonly isWhite: boolean;
  /** Number of segments it was estimated from. */
  readonly parts: number;
}

/** Duration of a segment as a fraction of the median RR interval and its limits, ms. */
const partShare = 0.2;
const leastPartMs = 100;
const mostPartMs = 160;
/** Centre of a segment as a fraction of the RR interval: between T and P. */
const partPlace = 0.62;
/** Longest lag as a fraction of the segment. */
const lagShare = 0.25;
/** A segment is rejected when its power exceeds the median by this factor. */
const mostPower = 4;
const fewestParts = 3;
/** The noise is considered white when all autocorrelations are within this many standard errors of 0. */
const whiteErrors = 3;

/**
 * Estimates the noise of a lead from segments between T and P. `voltage` is in mV, `samplingFrequency` in Hz, and
 * `rPeaks` are ascending sample indices. A least-squares parabola is subtracted from each segment, and the
 * autocovariance of the residual is corrected for the noise that the parabola removed. Slow noise such as baseline
 * wander is therefore not included; it hardly affects slopes. Undefined with fewer than three usable segments or for a
 * constant signal. Throws `RangeError` for a sampling frequency that is not positive.
 *
 * @example estimateNoise(voltage, samplingFrequency, rPeaks).isWhite // => false
 */
export function estimateNoise(
  voltage: Float64Array,
  samplingFrequency: number,
  rPeaks: ArrayLike<number>,
): NoiseModel | undefined {
  requireSamplingFrequency(samplingFrequency);
  const rr = median(Array.from(rPeaks, (rPeak, k) => (k === 0 ? Number.NaN : rPeak - rPeaks[k - 1]!)));
  const limited = Math.min(mostPartMs, Math.max(leastPartMs, (partShare * rr * 1000) / samplingFrequency));
  const length = Math.max(8, Math.round((limited * samplingFrequency) / 1000));
  const lags = Math.floor(lagShare * length);
  const basis = parabolas(length);
  const products: Float64Array[] = [];
  for (let k = 0; k + 1 < rPeaks.length; k++) {
    const centre = rPeaks[k]! + partPlace * (rPeaks[k + 1]! - rPeaks[k]!);
    const from = Math.round(centre - length / 2);
    if (from < 0 || from + length > voltage.length) continue;
    const sums = lagSums(withoutParabola(voltage.subarray(from, from + length), basis), lags);
    if (Number.isFinite(sums[0]!)) products.push(sums);
  }
  const usual = median(products.map(sums => sums[0]!));
  const quiet = products.filter(sums => sums[0]! <= mostPower * usual);
  if (quiet.length < fewestParts || !(usual > 0)) return undefined;
  const means = Float64Array.from(
    { length: lags + 1 },
    (_, lag) => quiet.reduce((sum, sums) => sum + sums[lag]!, 0) / quiet.length,
  );
  const autocovariance = solve(lagResponse(basis, lags), means);
  const error = whiteErrors / Math.sqrt(quiet.length * length);
  const isWhite = autocovariance.subarray(1).every(c => Math.abs(c) < error * autocovariance[0]!);
  // White noise: the variance from the residual's sum of squares with its n − 3 degrees of freedom.
  return {
    autocovariance: isWhite ? Float64Array.of(means[0]! / (length - 3)) : autocovariance,
    isWhite,
    parts: quiet.length,
  };
}

/** gᵀΣg, the variance of Σ gᵢ·Vᵢ due to the noise, for weights g of consecutive samples. */
export function noiseVariance({ autocovariance }: NoiseModel, weights: ArrayLike<number>): number {
  let sum = 0;
  for (let lag = 0; lag < Math.min(autocovariance.length, weights.length); lag++) {
    let product = 0;
    for (let i = 0; i + lag < weights.length; i++) product += weights[i]! * weights[i + lag]!;
    sum += (lag === 0 ? 1 : 2) * autocovariance[lag]! * product;
  }
  return Math.max(0, sum);
}

/**
 * `length` samples of Gaussian noise with the model's autocovariance, mV: white noise through the filter whose frequency
 * response is the square root of the power spectrum. An estimated autocovariance need not be positive definite; where
 * its spectrum is negative it is taken as 0.
 */
export function sampleNoise({ autocovariance }: NoiseModel, length: number, random: Random): Float64Array {
  const filter = spectralRoot(autocovariance);
  const half = (filter.length - 1) / 2;
  const white = Float64Array.from({ length: length + 2 * half }, () => random.normal());
  const out = new Float64Array(length);
  for (let j = 0; j < filter.length; j++) {
    const weight = filter[j]!;
    for (let i = 0; i < length; i++) out[i]! += weight * white[i + j]!;
  }
  return out;
}

/** The filter is this many times as long as the autocovariance, and at least this many samples to either side. */
const rootExtent = 4;
const leastRootReach = 32;

/** Symmetric filter whose frequency response is the square root of the power spectrum of an autocovariance. */
function spectralRoot(autocovariance: Float64Array): Float64Array {
  if (autocovariance.length === 1) return Float64Array.of(Math.sqrt(autocovariance[0]!));
  const half = Math.max(leastRootReach, rootExtent * autocovariance.length);
  const count = 2 * half + 1;
  const cosines = Float64Array.from({ length: count }, (_, i) => Math.cos((2 * Math.PI * i) / count));
  const response = Float64Array.from({ length: half + 1 }, (_, f) => {
    let power = autocovariance[0]!;
    for (let lag = 1; lag < autocovariance.length; lag++)
      power += 2 * autocovariance[lag]! * cosines[(f * lag) % count]!;
    return Math.sqrt(Math.max(0, power));
  });
  return Float64Array.from({ length: count }, (_, j) => {
    let sum = response[0]!;
    for (let f = 1; f <= half; f++) sum += 2 * response[f]! * cosines[(f * Math.abs(j - half)) % count]!;
    return sum / count;
  });
}

/** An orthonormal basis of the parabolas over `n` samples. */
function parabolas(n: number): Float64Array[] {
  const orthonormal: Float64Array[] = [];
  for (const power of [0, 1, 2]) {
    const vector = Float64Array.from({ length: n }, (_, i) => ((2 * i - n + 1) / n) ** power);
    const rest = withoutParabola(vector, orthonormal);
    const norm = Math.sqrt(dot(rest, rest));
    orthonormal.push(rest.map(v => v / norm));
  }
  return orthonormal;
}

/** The signal minus its projection on an orthonormal basis: minus its least-squares parabola. */
function withoutParabola(x: Float64Array, basis: readonly Float64Array[]): Float64Array {
  const rest = x.slice();
  for (const vector of basis) {
    const share = dot(rest, vector);
    for (let i = 0; i < rest.length; i++) rest[i]! -= share * vector[i]!;
  }
  return rest;
}

const dot = (a: Float64Array, b: Float64Array): number => a.reduce((sum, v, i) => sum + v * b[i]!, 0);

const lagSums = (x: Float64Array, lags: number): Float64Array =>
  Float64Array.from({ length: lags + 1 }, (_, lag) => {
    let sum = 0;
    for (let i = 0; i + lag < x.length; i++) sum += x[i]! * x[i + lag]!;
    return sum;
  });

/**
 * Matrix that maps the autocovariance of the noise to the expected lag sums of its residual: one row per lag sum, one
 * column per lag. With T the Toeplitz matrix that is 1 at a lag and Q the basis, the residual of noise of covariance T
 * has covariance (I − QQᵀ)T(I − QQᵀ) = T − QAᵀ − AQᵀ + Q(QᵀA)Qᵀ with A = TQ; a lag sum is the sum of one of its
 * diagonals.
 */
function lagResponse(basis: readonly Float64Array[], lags: number): Float64Array[] {
  const n = basis[0]!.length;
  const response = Array.from({ length: lags + 1 }, () => new Float64Array(lags + 1));
  for (let lag = 0; lag <= lags; lag++) {
    const moved = basis.map(q =>
      q.map((_, i) => (i - lag >= 0 ? q[i - lag]! : 0) + (lag > 0 && i + lag < n ? q[i + lag]! : 0)),
    );
    // A − Q(QᵀA)/2, so that the last three terms are −QCᵀ − CQᵀ.
    const halved = moved.map(a => {
      const c = a.slice();
      for (const q of basis) {
        const share = dot(q, a) / 2;
        for (let i = 0; i < n; i++) c[i]! -= share * q[i]!;
      }
      return c;
    });
    for (let of = 0; of <= lags; of++) {
      let sum = of === lag ? n - lag : 0;
      for (const [k, q] of basis.entries()) {
        const c = halved[k]!;
        for (let i = 0; i + of < n; i++) sum -= q[i + of]! * c[i]! + c[i + of]! * q[i]!;
      }
      response[of]![lag] = sum;
    }
  }
  return response;
}

/** Solves rows · x = right by Gaussian elimination with partial pivoting. Throws `RangeError` for a singular matrix. */
function solve(rows: readonly Float64Array[], right: Float64Array): Float64Array {
  const n = right.length;
  const a = rows.map((row, i) => Float64Array.of(...row, right[i]!));
  for (let k = 0; k < n; k++) {
    let pivot = k;
    for (let i = k + 1; i < n; i++) if (Math.abs(a[i]![k]!) > Math.abs(a[pivot]![k]!)) pivot = i;
    [a[k], a[pivot]] = [a[pivot]!, a[k]!];
    if (a[k]![k] === 0)
      throw new InputError('the segments between T and P are too short to estimate the noise');
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
