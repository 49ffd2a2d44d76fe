/** Tensors laid along a new axis. */
import { InputError } from '../input-error.ts';
import { requireTensors } from './argument-checks.ts';
import { concat, normaliseAxis, reshape } from './arrangement.ts';
import { formatShape, sameShape, type Tensor } from './tensor.ts';

/**
 * Tensors of one shape laid along a new axis (default the first). Throws `RangeError` when there are none or shapes differ.
 *
 * @example stack([tensor([1, 2]), tensor([3, 4])]).shape // => [2, 2]
 */
export function stack(parts: readonly Tensor[], axis = 0): Tensor {
  if (parts.length === 0) throw new InputError('stack: nothing to stack');
  requireTensors('stack', ...parts);
  const { shape } = parts[0]!;
  const other = parts.find(part => !sameShape(part.shape, shape));
  if (other !== undefined) {
    throw new InputError(`stack: the shapes ${formatShape(shape)} and ${formatShape(other.shape)} differ`);
  }
  const at = normaliseAxis('stack', axis, [...shape, 1]);
  const wide = [...shape.slice(0, at), 1, ...shape.slice(at)];
  return concat(
    parts.map(part => reshape(part, wide)),
    at,
  );
}
