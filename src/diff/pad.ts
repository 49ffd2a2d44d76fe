/** Padding: a tensor in the midst of a larger one. */
import { InputError } from '../input-error.ts';
import { requireTensors } from './argument-checks.ts';
import { padding } from './arrangement.ts';
import { where } from './elementwise.ts';
import { apply } from './tape.ts';
import { formatShape, full, isShape, type Tensor } from './tensor.ts';

/**
 * x with so many more numbers of `value` (default 0) before and after along each axis, `widths` being a pair an axis.
 * Throws `RangeError` when they are not.
 *
 * @example pad(tensor([1, 2]), [[1, 0]]).data // => [0, 1, 2]
 */
export function pad(x: Tensor, widths: readonly (readonly [number, number])[], value = 0): Tensor {
  requireTensors('pad', x);
  const { shape } = x;
  if (widths.length !== shape.length || !widths.every(pair => pair.length === 2 && isShape(pair))) {
    throw new InputError(
      `pad: the shape ${formatShape(shape)} takes a pair of whole numbers an axis, not ${JSON.stringify(widths)}`,
    );
  }
  const whole = shape.map((length, k) => widths[k]![0] + length + widths[k]![1]);
  const params = { begin: widths.map(([before]) => before), whole, block: shape };
  const padded = apply(padding, [x], params);
  if (value === 0) return padded;
  const inside = apply(padding, [full(shape, 1)], params);
  return where(inside, padded, value);
}
