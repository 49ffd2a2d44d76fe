/**
 * Differentiable stand-ins for picking the largest, without sorting. `sharpness` β has the inverse unit of x: as it
 * grows they approach the hard maximum and its index; ln(n)/β bounds how far the maximum is overstated.
 */
import { InputError } from '../input-error.ts';
import { div, mul } from './arithmetic.ts';
import { checkReduction, logSumExp, type ReduceOptions, softmax, sum } from './reduction.ts';
import { normaliseAxis, reshape } from './reshape.ts';
import { type Tensor, tensor } from './tensor.ts';

function checkSharpness(name: string, sharpness: number): void {
  if (!(sharpness > 0) || !Number.isFinite(sharpness)) {
    throw new InputError(`${name}: the sharpness is a positive number, not ${sharpness}`);
  }
}

/**
 * (1/β)·log Σ e^(βx) over axes: at least the maximum, at most ln(n)/β above it. Throws `RangeError` on β ≤ 0.
 *
 * @example softMaximum(tensor([0, 1]), 10).data // => [1.0000…]
 */
export function softMaximum(x: Tensor, sharpness: number, options: ReduceOptions = {}): Tensor {
  checkSharpness('softMaximum', sharpness);
  checkReduction('softMaximum', x, options);
  return div(logSumExp(mul(x, sharpness), options), sharpness);
}

/**
 * Σ_i i·softmax(βx)_i along one axis (default the last), which is dropped: the index of the largest, as a number
 * that moves smoothly from one sample to the next. Throws `RangeError` on β ≤ 0.
 *
 * @example softArgmax(tensor([0, 1, 1, 0]), 100).data // => [1.5]
 */
export function softArgmax(x: Tensor, sharpness: number, axis = -1): Tensor {
  checkSharpness('softArgmax', sharpness);
  checkReduction('softArgmax', x, { axis });
  const along = normaliseAxis('softArgmax', axis, x.shape);
  const shape = x.shape.map((length, k) => (k === along ? length : 1));
  const indices = reshape(tensor(Float64Array.from({ length: x.shape[along]! }, (_, i) => i)), shape);
  return sum(mul(softmax(mul(x, sharpness), along), indices), { axis: along });
}
