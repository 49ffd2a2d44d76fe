/**
 * High-frequency noise of a lead: the residual of a sliding least-squares parabola of 80 ms, which follows P and T
 * waves and leaves frequencies above some 13 Hz.
 */
import { oddWindowSamples, savitzkyGolay } from '../diff/savitzky-golay.ts';
import { median } from '../statistics.ts';

/** Window of the parabola, ms. */
const parabolaMs = 80;
/** Fewest valid samples from which the noise is estimated. */
const fewestNoiseSamples = 8;
/** Ratio of the standard deviation of a normal distribution to its median absolute deviation. */
const normalDeviation = 1.4826;

/** The residual is computed in blocks of this duration, which begin this long before the requested samples, s. */
const blockSeconds = 60;
const behindSeconds = 11;

/**
 * Returns a function that computes the residual of samples `[from, to)` as a new array, in the unit of `voltage`; NaN
 * where the window of the parabola contains an invalid sample. The residual is computed block by block, so memory stays
 * bounded when ranges are requested roughly in order.
 */
export function noiseResidual(
  voltage: Float64Array,
  samplingFrequency: number,
): (from: number, to: number) => Float64Array {
  const windowSamples = Math.max(5, oddWindowSamples(parabolaMs, samplingFrequency));
  if (voltage.length < windowSamples) return (from, to) => new Float64Array(to - from).fill(Number.NaN);
  const length = Math.min(voltage.length, Math.ceil(blockSeconds * samplingFrequency) + 2 * windowSamples);
  const behind = Math.ceil(behindSeconds * samplingFrequency);
  const options = { windowSamples, degree: 2, derivativeOrder: 0 };
  const smooth = savitzkyGolay(options, length, samplingFrequency);
  const block = new Float64Array(length);
  let start = Number.NaN;
  /**
   * Computes the block that contains `first`. The first and last half window of a block are valid only at the ends of
   * the signal.
   */
  const takeFrom = (first: number): void => {
    start = Math.max(0, Math.min(first - windowSamples - behind, voltage.length - length));
    const part = voltage.subarray(start, start + length);
    smooth.apply(part, block);
    for (let i = 0; i < length; i++) block[i] = part[i]! - block[i]!;
  };
  const usableTo = (): number =>
    start + length === voltage.length ? voltage.length : start + length - windowSamples;
  return (from, to) => {
    const out = new Float64Array(to - from);
    for (let at = from; at < to; ) {
      const isCovered = at >= (start === 0 ? 0 : start + windowSamples) && at < usableTo();
      if (!isCovered) takeFrom(at);
      const end = Math.min(to, usableTo());
      out.set(block.subarray(at - start, end - start), at - from);
      at = end;
    }
    return out;
  };
}

/**
 * Standard deviation about zero, estimated from the median absolute value, so that outliers have little influence; NaN
 * for too few samples.
 */
export function noiseDeviation(residual: Float64Array): number {
  const sizes = new Float64Array(residual.length);
  let count = 0;
  for (let i = 0; i < residual.length; i++) {
    if (Number.isFinite(residual[i]!)) sizes[count++] = Math.abs(residual[i]!);
  }
  return count < fewestNoiseSamples ? Number.NaN : normalDeviation * median(sizes.subarray(0, count));
}
