/** Joining tensors: `concat` along an existing axis, `stack` along a new one. */
import { InputError } from '../input-error.ts';
import { requireTensors } from './argument-checks.ts';
import { aroundAxis } from './loops.ts';
import { normaliseAxis, reshape } from './reshape.ts';
import { slice } from './slice.ts';
import { apply, type Primitive } from './tape.ts';
import { formatShape, sameShape, type Tensor } from './tensor.ts';

const joining: Primitive<number> = {
  name: 'concat',
  shape(inputs, axis) {
    const first = inputs[0]!;
    for (const other of inputs) {
      if (other.length !== first.length || other.some((length, k) => k !== axis && length !== first[k])) {
        throw new InputError(
          `concat: the shapes ${formatShape(first)} and ${formatShape(other)} differ off axis ${axis}`,
        );
      }
    }
    return first.map((length, k) => (k === axis ? inputs.reduce((n, s) => n + s[axis]!, 0) : length));
  },
  prepare(shape, parts, axis) {
    const { outer, length, inner } = aroundAxis(shape, axis);
    return (out, inputs) => {
      let start = 0;
      inputs.forEach((x, part) => {
        const run = parts[part]![axis]! * inner;
        for (let block = 0; block < outer; block++) {
          const to = block * length * inner + start;
          for (let k = 0; k < run; k++) out[to + k] = x[block * run + k]!;
        }
        start += run;
      });
    };
  },
  vjp(ct, argument, inputs, _, axis) {
    let from = 0;
    for (let k = 0; k < argument; k++) from += inputs[k]!.shape[axis]!;
    const begin = ct.shape.map((_, k) => (k === axis ? from : 0));
    const end = ct.shape.map((length, k) => (k === axis ? from + inputs[argument]!.shape[axis]! : length));
    return slice(ct, begin, end);
  },
};

/**
 * Concatenates tensors along an axis (default 0). Throws `RangeError` for an empty list or when other axes differ.
 *
 * @example concat([tensor([1, 2]), tensor([3])]).data // => [1, 2, 3]
 */
export function concat(parts: readonly Tensor[], axis = 0): Tensor {
  if (parts.length === 0) throw new InputError('concat: nothing to join');
  requireTensors('concat', ...parts);
  return apply(joining, parts, normaliseAxis('concat', axis, parts[0]!.shape));
}

/**
 * Stacks tensors of equal shape along a new axis (default the first). Throws `RangeError` for an empty list or when
 * shapes differ.
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

/** The primitives of this file, by name. */
export const concatRows = { concat: joining } as const;
