/** Least-squares lines over a sliding window: the value at the centre smooths the signal, the slope is dV/dt. */
import { oddWindowSamples, savitzkyGolay } from '../../diff/savitzky-golay.ts';

export interface FittedLine {
  /** The smoothed voltage at each sample, mV. */
  readonly smooth: Float64Array;
  /** The slope at each sample, mV/s. */
  readonly slope: Float64Array;
}

/** Samples of the window; at least three, as a line fit needs. */
export const lineSamples = (lineMs: number, samplingFrequency: number): number =>
  Math.max(3, oddWindowSamples(lineMs, samplingFrequency));

/**
 * Value and slope of the least-squares line over `lineMs` around each sample. `voltage` is in mV and at least as long
 * as the window; NaN spreads over the window.
 */
export function fittedLine(voltage: Float64Array, samplingFrequency: number, lineMs: number): FittedLine {
  const windowSamples = lineSamples(lineMs, samplingFrequency);
  const fitted = (derivativeOrder: 0 | 1): Float64Array => {
    const options = { windowSamples, degree: 1, derivativeOrder };
    return savitzkyGolay(options, voltage.length, samplingFrequency).apply(voltage);
  };
  return { smooth: fitted(0), slope: fitted(1) };
}
