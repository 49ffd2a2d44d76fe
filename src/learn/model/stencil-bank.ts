/**
 * A first layer of finite-difference stencils: it is initialised with derivatives and learns which slopes to measure.
 * Constrained to unit slope response, each stencil remains a derivative estimator. Slopes are in input units per sample
 * (times the sampling frequency they are per second), so that weights and outputs are of order 1, as subsequent layers,
 * optimisers and Float32 require.
 */

import { fornbergWeights } from '../../diff/fornberg.ts';
import { type Floats, full } from '../../diff/tensor.ts';
import { InputError } from '../../input-error.ts';
import type { ConvolutionalFrontEnd, Pool, Stage, StageActivation } from './convolutional-layers.ts';

export interface StencilBankOptions {
  /** The orders of accuracy of the initial central differences: 2, 4, 6, …; one stencil each. */
  readonly orders: readonly number[];
  readonly activation: StageActivation;
  readonly pool?: Pool;
  /** Constrains every stencil to unit slope response during training. */
  readonly constrained: boolean;
}

/**
 * A bank of central first-derivative stencils (Fornberg 1988) over one channel, all with as many taps as the longest
 * needs. There are outputs only where a stencil lies inside the signal. Throws `RangeError` for an order that is not a
 * positive even integer.
 *
 * @example
 * const { stages } = createStencilBank({ orders: [2, 4], activation: 'abs', constrained: true });
 * stages[0].weights.shape // => [2, 1, 5]
 */
export function createStencilBank({
  orders,
  activation,
  pool,
  constrained,
}: StencilBankOptions): ConvolutionalFrontEnd {
  const wrong = orders.find(order => !Number.isInteger(order) || order < 2 || order % 2 !== 0);
  if (orders.length === 0 || wrong !== undefined) {
    throw new InputError(`createStencilBank: orders must be positive even integers, not ${wrong ?? 'none'}`);
  }
  const half = Math.max(...orders) / 2;
  const taps = 2 * half + 1;
  const weights = full([orders.length, 1, taps], 0);
  orders.forEach((order, k) => {
    const nodes = Array.from({ length: order + 1 }, (_, i) => i - order / 2);
    weights.data.set(fornbergWeights(1, nodes, 0), k * taps + half - order / 2);
  });
  const stage: Stage = {
    ...{ weights, stride: 1, padding: 0, dilation: 1, activation },
    ...(pool === undefined ? {} : { pool }),
    ...(constrained ? { unitSlope: true } : {}),
  };
  return { channels: 1, stages: [stage], summary: 'all' };
}

/**
 * Projects each stencil of `taps` weights onto those that respond with 0 to a constant and with `slope` to a slope of
 * one unit per sample: the orthogonal projection onto Σw = 0, Σ w·t = slope with positions t_k = k − centre. With slope
 * 1 it projects weights, with slope 0 gradients. Works in place.
 */
export function projectToSlope(weights: Floats, taps: number, slope: 0 | 1): void {
  const centre = (taps - 1) / 2;
  let squares = 0;
  for (let k = 0; k < taps; k++) squares += (k - centre) ** 2;
  for (let from = 0; from < weights.length; from += taps) {
    let total = 0;
    let own = 0;
    for (let k = 0; k < taps; k++) {
      total += weights[from + k]!;
      own += weights[from + k]! * (k - centre);
    }
    for (let k = 0; k < taps; k++) {
      weights[from + k]! -= total / taps + ((own - slope) / squares) * (k - centre);
    }
  }
}
