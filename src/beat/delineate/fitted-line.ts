/** The least-squares line over a sliding window: its value at the centre smooths, its slope is dV/dt. */
import { oddWindowSamples, savitzkyGolay } from '../../diff/savitzky-golay.ts';

export interface FittedLine {
  /** mV, at the samples of the signal. */
  readonly smooth: Float64Array;
  /** mV/s. */
  readonly slope: Float64Array;
}

/** The samples of the window; at least the three that a line is fitted to. */
export const lineSamples = (lineMs: number, samplingFrequency: number): number =>
  Math.max(3, oddWindowSamples(lineMs, samplingFrequency));

/** The line over `lineMs` around each sample. `voltage` in mV and no shorter than the window; NaN spreads over it. */
export function fittedLine(voltage: Float64Array, samplingFrequency: number, lineMs: number): FittedLine {
  const windowSamples = lineSamples(lineMs, samplingFrequency);
  const fitted = (derivativeOrder: 0 | 1): Float64Array => {
    const options = { windowSamples, degree: 1, derivativeOrder };
    return savitzkyGolay(options, voltage.length, samplingFrequency).apply(voltage);
  };
  return { smooth: fitted(0), slope: fitted(1) };
}
