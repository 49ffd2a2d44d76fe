/** Standard errors of the values that are read off the trace, by the noise of the lead: √(gᵀΣg) for weights g. */
import { type NoiseModel, noiseVariance } from '../../beat/uncertainty/noise-model.ts';
import { differentiator, parseScheme } from '../../diff/scheme.ts';

/** Length of the signal that the weights of a derivative are taken from, s: more than any scheme's window. */
const weightSeconds = 0.2;

/** Of the voltage of one sample, mV. */
export const voltageError = (noise: NoiseModel): number => Math.sqrt(noiseVariance(noise, [1]));

const weights = new Map<string, Float64Array>();

/** Of dV/dt at one sample, mV/s. */
export function slopeError(noise: NoiseModel, scheme: string, samplingFrequency: number): number {
  const key = `${scheme} ${samplingFrequency}`;
  let own = weights.get(key);
  if (own === undefined) {
    const half = Math.ceil((weightSeconds * samplingFrequency) / 2) + 8;
    const one = new Float64Array(2 * half + 1);
    one[half] = 1;
    own = differentiator(parseScheme(scheme), one.length, samplingFrequency).adjoint(one);
    weights.set(key, own);
  }
  return Math.sqrt(noiseVariance(noise, own));
}

/** Of the difference in voltage between two samples, mV. */
export function differenceError({ autocovariance }: NoiseModel, samplesApart: number): number {
  const shared = autocovariance[Math.abs(Math.round(samplesApart))] ?? 0;
  return Math.sqrt(Math.max(0, 2 * (autocovariance[0]! - shared)));
}
