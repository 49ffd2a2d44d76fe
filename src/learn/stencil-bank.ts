/**
 * A first layer of difference stencils: it starts as derivatives and learns what slope to look at. Held to unit slope
 * response, each stencil stays a derivative estimator whose output is in input units per second.
 */
import { fornbergWeights } from '../diff/fornberg.ts';
import { type Floats, full } from '../diff/tensor.ts';
import type { Front, Pool, StageActivation } from './front.ts';

export interface StencilBankOptions {
  /** Order of accuracy of each centred difference to start from: 2, 4, 6, …; one stencil each. */
  readonly orders: readonly number[];
  readonly activation: StageActivation;
  readonly pool?: Pool;
  /** Holds every stencil to unit slope response while it learns. */
  readonly constrained: boolean;
}

/**
 * A bank of centred first-difference stencils (Fornberg 1988) over one channel at `samplingFrequency` Hz. All have as
 * many taps as the longest needs. Outputs only where a stencil lies inside the signal. Throws `RangeError` on an
 * order that is not a positive even number.
 */
export function createStencilBank(
  samplingFrequency: number,
  { orders, activation, pool, constrained }: StencilBankOptions,
): Front {
  const wrong = orders.find(order => !Number.isInteger(order) || order < 2 || order % 2 !== 0);
  if (orders.length === 0 || wrong !== undefined) {
    throw new RangeError(`createStencilBank: orders are positive even numbers, not ${wrong ?? 'none'}`);
  }
  const half = Math.max(...orders) / 2;
  const taps = 2 * half + 1;
  const weights = full([orders.length, 1, taps], 0);
  orders.forEach((order, k) => {
    const nodes = Array.from({ length: order + 1 }, (_, i) => i - order / 2);
    fornbergWeights(1, nodes, 0).forEach((w, i) => {
      weights.data[k * taps + half - order / 2 + i] = w * samplingFrequency;
    });
  });
  const stage = { weights, stride: 1, padding: 0, dilation: 1, activation };
  return {
    channels: 1,
    stages: [
      {
        ...stage,
        ...(pool === undefined ? {} : { pool }),
        ...(constrained ? { unitSlopeAt: samplingFrequency } : {}),
      },
    ],
    summary: 'all',
  };
}

/**
 * Moves each stencil of `taps` weights to the nearest one that answers 0 to a constant and 1 to a slope of one unit
 * per second: with times t_k = (k − centre)/fs, the orthogonal projection on Σw = 0, Σ w·t = 1. Works in place.
 */
export function projectToUnitSlope(weights: Floats, taps: number, samplingFrequency: number): void {
  const centre = (taps - 1) / 2;
  let squares = 0;
  for (let k = 0; k < taps; k++) squares += ((k - centre) / samplingFrequency) ** 2;
  for (let from = 0; from < weights.length; from += taps) {
    let total = 0;
    let slope = 0;
    for (let k = 0; k < taps; k++) {
      total += weights[from + k]!;
      slope += (weights[from + k]! * (k - centre)) / samplingFrequency;
    }
    for (let k = 0; k < taps; k++) {
      weights[from + k]! -= total / taps + (((slope - 1) / squares) * (k - centre)) / samplingFrequency;
    }
  }
}
