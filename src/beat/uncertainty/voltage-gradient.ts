/** Gradients of a measurement with respect to the voltage of each sample, and the errors that noise causes by them. */
import { type NoiseModel, noiseVariance } from './noise-model.ts';

/** The gradient over consecutive samples; it is 0 elsewhere. */
export interface VoltageGradient {
  /** Sample index of the first weight. */
  readonly from: number;
  /** ∂m/∂V in the unit of the measurement per mV. */
  readonly weights: Float64Array;
}

/** The gradient of m − n; undefined unless both are known. */
export function gradientDifference(
  m: VoltageGradient | undefined,
  n: VoltageGradient | undefined,
): VoltageGradient | undefined {
  if (m === undefined || n === undefined) return undefined;
  const from = Math.min(m.from, n.from);
  const end = Math.max(m.from + m.weights.length, n.from + n.weights.length);
  const weights = new Float64Array(end - from);
  for (const [k, weight] of m.weights.entries()) weights[m.from - from + k]! += weight;
  for (const [k, weight] of n.weights.entries()) weights[n.from - from + k]! -= weight;
  return { from, weights };
}

/** The gradient of the mean voltage from one sample to another, both included. */
export const meanGradient = (from: number, to: number): VoltageGradient => ({
  from,
  weights: new Float64Array(to - from + 1).fill(1 / (to - from + 1)),
});

/** The first-order standard error √(gᵀΣg); undefined without a gradient. */
export const standardError = (noise: NoiseModel, g: VoltageGradient | undefined): number | undefined =>
  g === undefined ? undefined : Math.sqrt(noiseVariance(noise, g.weights));
