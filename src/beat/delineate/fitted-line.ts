/** Least-squares lines over a sliding window: the value at the centre is the smoothed signal, the slope is dV/dt. */
import { oddWindowSamples, savitzkyGolay } from '../../diff/savitzky-golay.ts';

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
