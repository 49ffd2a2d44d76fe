/**
 * A first layer of difference stencils: it starts as derivatives and learns what slope to look at. Held to unit slope
 * response, each stencil stays a derivative estimator. Slopes are in input units per sample (times the sampling frequency
 * they are per second): weights and what they give are then of size 1, as the layers behind them and the optimisers are
 * made for, and Float32 keeps its digits.
 */

import { fornbergWeights } from '../../diff/fornberg.ts';
import { type Floats, full } from '../../diff/tensor.ts';
import { InputError } from '../../input-error.ts';
import type { ConvolutionalFrontEnd, Pool, Stage, StageActivation } from './convolutional-layers.ts';

export interface StencilBankOptions {
  /** Order of accuracy of each centred difference to start from: 2, 4, 6, …; one stencil each. */
  readonly orders: readonly number[];
  readonly activation: StageActivation;
  readonly pool?: Pool;
  /** Holds every stencil to unit slope response while it learns. */
  readonly constrained: boolean;
}

/**
 * A bank of centred first-difference stencils (Fornberg 1988) over one channel. All have as many taps as the longest
 * needs. Outputs only where a stencil lies inside the signal. Throws `RangeError` on an order that is not a positive
 * even number.
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
    throw new InputError(`createStencilBank: orders are positive even numbers, not ${wrong ?? 'none'}`);
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
 * Moves each stencil of `taps` weights to the nearest one that answers 0 to a constant and `slope` to a slope of one unit
 * per sample: with places t_k = k − centre, the orthogonal projection on Σw = 0, Σ w·t = slope. With slope 1 it holds
 * weights, with slope 0 it leaves of a gradient what such weights can follow. Works in place.
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
