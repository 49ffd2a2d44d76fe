/**
 * High-frequency noise of a lead: the residual of a sliding least-squares parabola of 80 ms, which follows P and T
 * waves and leaves frequencies above some 13 Hz.
 */
import { oddWindowSamples, savitzkyGolayWeights } from '../diff/savitzky-golay.ts';
import { lowerBound } from '../lower-bound.ts';
import { createRangeMedians, type RangeMedians, rangeMedian, setValues } from './range-medians.ts';

/** Window of the parabola, ms. */
const parabolaMs = 80;
/** Fewest valid samples from which the noise is estimated. */
const fewestNoiseSamples = 8;
/** Ratio of the standard deviation of a normal distribution to its median absolute deviation. */
const normalDeviation = 1.4826;

/** The noise of one lead, computed for one range of samples after another (`prepareNoise`, then `noiseDeviation`). */
export interface NoiseEstimator {
  readonly residual: Residual;
  readonly qrs: QrsSpans;
  /** The prepared samples begin here. */
  start: number;
  /** Absolute residuals of the prepared samples that count, and for each prepared sample the number of those before it. */
  sizes: Float64Array;
  counts: Int32Array;
  readonly medians: RangeMedians;
}

/** QRS complexes: ascending R peaks, and how many samples before and after each belong to its complex. */
export interface QrsSpans {
  readonly rPeaks: ArrayLike<number>;
  readonly before: number;
  readonly after: number;
}

/** Working memory of the estimator in use; a batch creates many. */
let memory: Pick<NoiseEstimator, 'sizes' | 'counts' | 'medians'> = {
  sizes: new Float64Array(0),
  counts: new Int32Array(1),
  medians: createRangeMedians(),
};

/**
 * Creates an estimator for the noise of `voltage` (`samplingFrequency` in Hz) outside the QRS complexes, valid until the
 * next one is created. Samples whose parabola would include an invalid sample are left out.
 */
export const createNoiseEstimator = (
  voltage: Float64Array,
  samplingFrequency: number,
  qrs: QrsSpans,
): NoiseEstimator => ({
  residual: { voltage, parabola: parabolaOf(Math.max(5, oddWindowSamples(parabolaMs, samplingFrequency))) },
  qrs,
  start: 0,
  ...memory,
});

/** Computes the residual of samples `[from, to)`, which the next calls of `noiseDeviation` are limited to. */
export function prepareNoise(noise: NoiseEstimator, from: number, to: number): void {
  const { rPeaks, before, after } = noise.qrs;
  if (to - from > noise.sizes.length) {
    noise.sizes = new Float64Array(to - from);
    noise.counts = new Int32Array(to - from + 1);
    memory = { sizes: noise.sizes, counts: noise.counts, medians: noise.medians };
  }
  const { sizes, counts } = noise;
  noise.start = from;
  let count = 0;
  let beat = lowerBound(rPeaks, from - after);
  for (let at = from; at < to; beat++) {
    const isLast = beat >= rPeaks.length;
    const qrsBegin = isLast ? to : Math.min(to, Math.max(at, rPeaks[beat]! - before));
    const qrsEnd = isLast ? to : Math.min(to, Math.max(at, rPeaks[beat]! + after + 1));
    writeResiduals(noise.residual, at, qrsBegin, sizes, count);
    count = keepValid(sizes, counts, at - from, qrsBegin - from, count);
    counts.fill(count, qrsBegin - from, qrsEnd - from + 1);
    at = qrsEnd;
  }
  setValues(noise.medians, sizes, count);
}

/**
 * Standard deviation about zero of the residual of samples `[from, to)`, in the unit of the lead, estimated from the
 * median absolute value, so that outliers have little influence; NaN for too few samples.
 */
export function noiseDeviation({ counts, start, medians }: NoiseEstimator, from: number, to: number): number {
  const first = counts[from - start]!;
  const last = counts[to - start]!;
  return last - first >= fewestNoiseSamples
    ? normalDeviation * rangeMedian(medians, first, last)
    : Number.NaN;
}

/**
 * Replaces the residuals of samples `[from, to)`, which begin at index `kept`, by the absolute values of the valid ones,
 * and writes to `counts` how many of them lie before each sample. Returns the number now kept.
 */
function keepValid(
  residuals: Float64Array,
  counts: Int32Array,
  from: number,
  to: number,
  kept: number,
): number {
  let count = kept;
  for (let i = from, k = kept; i < to; i++, k++) {
    counts[i] = count;
    const size = Math.abs(residuals[k]!);
    residuals[count] = size;
    if (size < Number.POSITIVE_INFINITY) count++;
  }
  counts[to] = count;
  return count;
}

/** The sums are recomputed after this many samples, before rounding errors accumulate. */
const samplesPerSum = 128;

/** A lead and the parabola that is subtracted from it. */
interface Residual {
  readonly voltage: Float64Array;
  readonly parabola: Parabola;
}

/** The weights of the samples of a window in the value of their parabola at each place, from the first to the last sample. */
type Parabola = readonly Float64Array[];

/** The last one is kept, because a batch measures many leads of the same sampling frequency. */
let latestParabola: Parabola = [];

function parabolaOf(windowSamples: number): Parabola {
  if (latestParabola.length !== windowSamples) {
    const half = windowSamples >> 1;
    latestParabola = Array.from({ length: windowSamples }, (_, k) =>
      savitzkyGolayWeights(windowSamples, 2, 0, k - half),
    );
  }
  return latestParabola;
}

/** Writes the residuals of samples `[from, to)` to `out`, from index `at` on; NaN or infinite next to an invalid sample. */
function writeResiduals(residual: Residual, from: number, to: number, out: Float64Array, at: number): void {
  const windowSamples = residual.parabola.length;
  const { length } = residual.voltage;
  if (length < windowSamples) {
    out.fill(Number.NaN, at, at + to - from);
    return;
  }
  const half = windowSamples >> 1;
  const begin = Math.min(to, Math.max(from, half));
  const end = Math.max(begin, Math.min(to, length - half));
  writeOneByOne(residual, from, begin, out, at);
  for (let i = begin; i < end; i += samplesPerSum) {
    const next = Math.min(end, i + samplesPerSum);
    const isValid = writeFromSums(residual, i, next, out, at + i - from);
    if (!isValid) writeOneByOne(residual, i, next, out, at + i - from);
  }
  writeOneByOne(residual, end, to, out, at + end - from);
}

/**
 * As `writeResiduals`, each from a parabola of its own: near the ends, where no window is centred, that of the first or
 * last window.
 */
function writeOneByOne(
  { voltage, parabola }: Residual,
  from: number,
  to: number,
  out: Float64Array,
  at: number,
): void {
  const half = parabola.length >> 1;
  for (let i = from; i < to; i++) {
    const first = Math.max(0, Math.min(voltage.length - parabola.length, i - half));
    const weights = parabola[i - first]!;
    const level = voltage[i]!;
    let sum = 0;
    // Of an invalid sample there is no need to look at others.
    if (level - level !== 0) sum = level;
    else for (let k = 0; k < weights.length; k++) sum += weights[k]! * (voltage[first + k]! - level);
    out[at + i - from] = -sum;
  }
}

/**
 * As `writeResiduals`, where all windows are centred. The parabola at the centre of a window is a weighted sum of Σv and
 * Σj²v over the window, with j counted from its centre, because its weights are quadratic in j; both sums, and Σjv, are
 * updated from sample to sample. Returns whether they are valid, which they remain only if every sample is.
 */
function writeFromSums(
  { voltage, parabola }: Residual,
  from: number,
  to: number,
  out: Float64Array,
  at: number,
): boolean {
  const half = parabola.length >> 1;
  const weights = parabola[half]!;
  const constant = weights[half]!;
  const quadratic = (weights[0]! - constant) / (half * half);
  /** Voltages are summed relative to a level near them, because an offset would cost precision. */
  const level = voltage[from]!;
  let sum = 0;
  let first = 0;
  let second = 0;
  for (let j = -half; j <= half; j++) {
    const v = voltage[from + j]! - level;
    sum += v;
    first += j * v;
    second += j * j * v;
  }
  out[at] = -constant * sum - quadratic * second;
  for (let i = from + 1; i < to; i++) {
    // Moving the centre by one sample turns j into j − 1.
    const leaving = voltage[i - half - 1]! - level;
    const entering = voltage[i + half]! - level;
    second += sum - 2 * first + half * half * entering - (half + 1) * (half + 1) * leaving;
    first += half * entering + (half + 1) * leaving - sum;
    sum += entering - leaving;
    out[at + i - from] = voltage[i]! - level - constant * sum - quadratic * second;
  }
  return sum - sum === 0 && second - second === 0;
}
