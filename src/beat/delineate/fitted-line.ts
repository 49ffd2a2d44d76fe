/** Least-squares lines over a sliding window: the value at the centre is the smoothed signal, the slope is dV/dt. */
import { oddWindowSamples, savitzkyGolay } from '../../diff/savitzky-golay.ts';
import { slidingLineSlopes } from '../slopes/line-slope.ts';

/** Value and slope of the sliding least-squares line. */
export interface FittedLine {
  /** The smoothed voltage at each sample, mV. */
  readonly smooth: Float64Array;
  /** The slope at each sample, mV/s. */
  readonly slope: Float64Array;
}

/** Number of samples in the window; at least three, the fewest for a line fit. */
export const lineSamples = (lineMs: number, samplingFrequency: number): number =>
  Math.max(3, oddWindowSamples(lineMs, samplingFrequency));

/**
 * Value (mV) and slope (mV/s) of the least-squares line over `lineMs` around each sample. `voltage` is in mV and at
 * least as long as the window, `samplingFrequency` in Hz; a NaN invalidates all windows that contain it.
 */
export function fittedLine(voltage: Float64Array, samplingFrequency: number, lineMs: number): FittedLine {
  const windowSamples = lineSamples(lineMs, samplingFrequency);
  const fitted = (derivativeOrder: 0 | 1): Float64Array => {
    const options = { windowSamples, degree: 1, derivativeOrder };
    return savitzkyGolay(options, voltage.length, samplingFrequency).apply(voltage);
  };
  return { smooth: fitted(0), slope: fitted(1) };
}

/** The slope (mV/s) of consecutive samples of a lead, the first of which is `start`. */
export interface SlopeFrom {
  readonly slope: Float64Array;
  readonly start: number;
}

/**
 * The slope from `start` to `end` for a wave that is `broadening` times as broad as usual. It is less steep, and is
 * therefore measured with a line that is longer by that factor: `smooth` was computed with a line of `lineMs` already,
 * and the squares of the lengths add up.
 */
export function broadSlope(
  smooth: Float64Array,
  {
    lineMs,
    samplingFrequency,
    broadening,
  }: { lineMs: number; samplingFrequency: number; broadening: number },
  start: number,
  end: number,
): SlopeFrom {
  const from = Math.max(0, start);
  const slope = new Float64Array(Math.max(0, Math.min(end, smooth.length) - from));
  const samples = oddWindowSamples(lineMs * Math.sqrt(broadening ** 2 - 1), samplingFrequency);
  const line = { half: Math.max(1, (samples - 1) / 2), samplingFrequency };
  slidingLineSlopes(smooth, line, from, slope);
  return { slope, start: from };
}
