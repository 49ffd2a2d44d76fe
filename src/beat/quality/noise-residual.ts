/**
 * High-frequency noise of a lead: the residual of a sliding least-squares parabola of 80 ms, which follows P and T
 * waves and leaves frequencies above some 13 Hz.
 */
import { oddWindowSamples, savitzkyGolayWeights } from '../../diff/savitzky-golay.ts';
import { lowerBound } from '../../lower-bound.ts';
import { createRangeMedians, type RangeMedians, rangeMedian, setValues } from '../range-medians.ts';

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
  /** Absolute residuals of the prepared samples that are outside of QRS complexes and valid, and their number. */
  sizes: Float64Array;
  count: number;
  /** Their runs of consecutive samples: the first sample of each, and the number of residuals before it. */
  readonly runs: { readonly starts: number[]; readonly before: number[] };
  readonly medians: RangeMedians;
}

/** QRS complexes: ascending R peaks, and how many samples before and after each belong to its complex. */
export interface QrsSpans {
  readonly rPeaks: ArrayLike<number>;
  readonly before: number;
  readonly after: number;
}

/** Working memory of the estimator in use; a batch creates many. */
let memory: Pick<NoiseEstimator, 'sizes' | 'medians'> = {
  sizes: new Float64Array(0),
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
  ...memory,
  count: 0,
  runs: { starts: [], before: [] },
});

/** Computes the residual of samples `[from, to)`, which the next calls of `noiseDeviation` are limited to. */
export function prepareNoise(noise: NoiseEstimator, from: number, to: number): void {
  const { rPeaks, before, after } = noise.qrs;
  if (to - from > noise.sizes.length) {
    noise.sizes = new Float64Array(to - from);
    memory = { sizes: noise.sizes, medians: noise.medians };
  }
  noise.count = 0;
  noise.runs.starts.length = 0;
  noise.runs.before.length = 0;
  let beat = lowerBound(rPeaks, from - after);
  for (let at = from; at < to; beat++) {
    const isLast = beat >= rPeaks.length;
    const qrsBegin = isLast ? to : Math.min(to, Math.max(at, rPeaks[beat]! - before));
    const qrsEnd = isLast ? to : Math.min(to, Math.max(at, rPeaks[beat]! + after + 1));
    addResiduals(noise, at, qrsBegin);
    at = qrsEnd;
  }
  setValues(noise.medians, noise.sizes, noise.count);
}

/**
 * Standard deviation about zero of the residual of samples `[from, to)`, in the unit of the lead, estimated from the
 * median absolute value, so that outliers have little influence; NaN for too few samples.
 */
export function noiseDeviation(noise: NoiseEstimator, from: number, to: number): number {
  const first = residualsBefore(noise, from);
  const last = residualsBefore(noise, to);
  return last - first >= fewestNoiseSamples
    ? normalDeviation * rangeMedian(noise.medians, first, last)
    : Number.NaN;
}

/** The number of residuals of samples before this one. */
function residualsBefore({ runs: { starts, before }, count }: NoiseEstimator, sample: number): number {
  const run = lowerBound(starts, sample + 1) - 1;
  return run < 0 ? 0 : Math.min(before[run]! + sample - starts[run]!, before[run + 1] ?? count);
}

/** Notes that the next `added` residuals are those of the samples from `start` on. */
function addRun(noise: NoiseEstimator, start: number, added: number): void {
  const { starts, before } = noise.runs;
  const last = starts.length - 1;
  if (last < 0 || starts[last]! + noise.count - before[last]! !== start) {
    starts.push(start);
    before.push(noise.count);
  }
  noise.count += added;
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

/** Adds the absolute residuals of the samples `[from, to)` that are valid. */
function addResiduals(noise: NoiseEstimator, from: number, to: number): void {
  const { voltage, parabola } = noise.residual;
  if (voltage.length < parabola.length) return;
  const half = parabola.length >> 1;
  const begin = Math.min(to, Math.max(from, half));
  const end = Math.max(begin, Math.min(to, voltage.length - half));
  addOneByOne(noise, from, begin);
  for (let i = begin; i < end; i += samplesPerSum) {
    const next = Math.min(end, i + samplesPerSum);
    if (writeFromSums(noise.residual, i, next, noise.sizes, noise.count)) addRun(noise, i, next - i);
    else addOneByOne(noise, i, next);
  }
  addOneByOne(noise, end, to);
}

/**
 * As `addResiduals`, each from a parabola of its own: near the ends, where no window is centred, that of the first or
 * last window.
 */
function addOneByOne(noise: NoiseEstimator, from: number, to: number): void {
  const { voltage, parabola } = noise.residual;
  const half = parabola.length >> 1;
  for (let i = from; i < to; i++) {
    const level = voltage[i]!;
    if (level - level !== 0) continue;
    const first = Math.max(0, Math.min(voltage.length - parabola.length, i - half));
    const weights = parabola[i - first]!;
    let sum = 0;
    for (let k = 0; k < weights.length; k++) sum += weights[k]! * (voltage[first + k]! - level);
    if (sum - sum !== 0) continue;
    noise.sizes[noise.count] = Math.abs(sum);
    addRun(noise, i, 1);
  }
}

/**
 * Writes the absolute residuals of samples `[from, to)`, whose windows are all centred, to `out` from index `at` on. The
 * parabola at the centre of a window is a weighted sum of Σv and Σj²v over the window, with j counted from its centre,
 * because its weights are quadratic in j; both sums, and Σjv, are updated from sample to sample. Returns whether all are
 * valid: an invalid sample makes the sums invalid from there on.
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
  out[at] = Math.abs(constant * sum + quadratic * second);
  for (let i = from + 1; i < to; i++) {
    // Moving the centre by one sample turns j into j − 1.
    const leaving = voltage[i - half - 1]! - level;
    const entering = voltage[i + half]! - level;
    second += sum - 2 * first + half * half * entering - (half + 1) * (half + 1) * leaving;
    first += half * entering + (half + 1) * leaving - sum;
    sum += entering - leaving;
    out[at + i - from] = Math.abs(voltage[i]! - level - constant * sum - quadratic * second);
  }
  return sum - sum === 0 && second - second === 0;
}
