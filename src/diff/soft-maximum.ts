/**
 * Smooth approximations of the maximum and its index. The sharpness β has the inverse unit of x: for large β they
 * approach the exact maximum and its index; ln(n)/β bounds the error of the maximum.
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
 * The smooth maximum (1/β)·log Σ e^(βx) over axes: between the maximum and ln(n)/β above it. Throws `RangeError` unless
 * β > 0.
 *
 * @example softMaximum(tensor([0, 1]), 10).data // => [1.0000…]
 */
export function softMaximum(x: Tensor, sharpness: number, options: ReduceOptions = {}): Tensor {
  checkSharpness('softMaximum', sharpness);
  checkReduction('softMaximum', x, options);
  return div(logSumExp(mul(x, sharpness), options), sharpness);
}

/**
 * The soft argmax Σ_i i·softmax(βx)_i along one axis (default the last), which is dropped: the index of the maximum as
 * a number that varies smoothly between samples. Throws `RangeError` unless β > 0.
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
