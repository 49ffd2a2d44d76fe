/** Layer normalisation. */
import { add, div, mul, sub } from './arithmetic.ts';
import { requireReducible } from './broadcast.ts';
import { sqrt } from './elementwise.ts';
import { checkReduction, mean } from './reduction.ts';
import type { Tensor } from './tensor.ts';

/**
 * Layer normalisation gain·(x − mean)/√(variance + ε) + bias, with mean and variance over the last axis of each row
 * (Ba, Kiros & Hinton 2016). Throws `RangeError` when `gain` or `bias` does not broadcast to x.
 *
 * @example layerNorm(tensor([[1, 3]]), tensor([1]), tensor([0]), 0).data // => [-1, 1]
 */
export function layerNorm(x: Tensor, gain: Tensor, bias: Tensor, epsilon = 1e-5): Tensor {
  const row = { axis: -1, keepDims: true } as const;
  checkReduction('layerNorm', x, row);
  requireReducible('layerNorm', x.shape, gain.shape);
  requireReducible('layerNorm', x.shape, bias.shape);
  const centred = sub(x, mean(x, row));
  const variance = mean(mul(centred, centred), row);
  return add(mul(div(centred, sqrt(add(variance, epsilon))), gain), bias);
}
