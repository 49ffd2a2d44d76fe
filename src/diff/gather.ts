/** `gather` selects slices by index, `scatterAdd` adds slices at indices: each is the other's adjoint. */
import { InputError } from '../input-error.ts';
import { requireTensors } from './argument-checks.ts';
import { aroundAxis } from './loops.ts';
import { normaliseAxis } from './reshape.ts';
import { apply, type Primitive } from './tape.ts';
import { formatShape, isShape, type Shape, type Tensor } from './tensor.ts';

function requireLength(name: string, x: Shape, axis: number, length: number): void {
  if (x[axis] !== length) {
    throw new InputError(`${name}: axis ${axis} of the shape ${formatShape(x)} is not ${length} long`);
  }
}

export interface Selection {
  readonly indices: readonly number[];
  readonly axis: number;
  /** Length of the axis selected from. */
  readonly length: number;
}

const selecting: Primitive<Selection> = {
  name: 'gather',
  form: 'linear',
  shape([x], { indices, axis, length }) {
    requireLength('gather', x!, axis, length);
    return x!.map((own, k) => (k === axis ? indices.length : own));
  },
  prepare(_, [from], { indices, axis }) {
    const { outer, length, inner } = aroundAxis(from!, axis);
    return (out, [x]) => {
      let o = 0;
      for (let block = 0; block < outer; block++) {
        for (const index of indices) {
          const start = (block * length + index) * inner;
          for (let k = 0; k < inner; k++) out[o++] = x![start + k]!;
        }
      }
    };
  },
  vjp: (ct, _, _inputs, _output, params) => apply(scattering, [ct], params),
};

const scattering: Primitive<Selection> = {
  name: 'scatterAdd',
  form: 'linear',
  shape([x], { indices, axis, length }) {
    requireLength('scatterAdd', x!, axis, indices.length);
    return x!.map((own, k) => (k === axis ? length : own));
  },
  prepare(shape, _, { indices, axis }) {
    const { outer, length, inner } = aroundAxis(shape, axis);
    return (out, [x]) => {
      out.fill(0);
      let i = 0;
      for (let block = 0; block < outer; block++) {
        for (const index of indices) {
          const start = (block * length + index) * inner;
          for (let k = 0; k < inner; k++) out[start + k]! += x![i++]!;
        }
      }
    };
  },
  vjp: (ct, _, _inputs, _output, params) => apply(selecting, [ct], params),
};

function selection(
  name: string,
  x: Shape,
  indices: readonly number[],
  axis: number,
  length: number,
): Selection {
  const wrong = indices.find(index => !Number.isInteger(index) || index < 0 || index >= length);
  if (wrong !== undefined || !isShape([length])) {
    throw new InputError(
      `${name}: no index ${wrong ?? ''} on an axis of length ${length}, the shape is ${formatShape(x)}`,
    );
  }
  return { indices, axis, length };
}

/**
 * The slices at `indices` along an axis (default 0), in that order; an index may occur more than once. Throws
 * `RangeError` for an index outside the axis.
 *
 * @example gather(tensor([5, 6, 7]), [2, 0, 0]).data // => [7, 5, 5]
 */
export function gather(x: Tensor, indices: readonly number[], axis = 0): Tensor {
  requireTensors('gather', x);
  const normal = normaliseAxis('gather', axis, x.shape);
  return apply(selecting, [x], selection('gather', x.shape, indices, normal, x.shape[normal]!));
}

/**
 * Adds the slices of `x` along an axis (default 0) at `indices` to zeros of the given length: the adjoint of `gather`.
 * Throws `RangeError` when the number of slices is not that of the indices.
 *
 * @example scatterAdd(tensor([1, 2, 3]), [2, 0, 0], 4).data // => [5, 0, 1, 0]
 */
export function scatterAdd(x: Tensor, indices: readonly number[], length: number, axis = 0): Tensor {
  requireTensors('scatterAdd', x);
  const normal = normaliseAxis('scatterAdd', axis, x.shape);
  if (x.shape[normal] !== indices.length) {
    throw new InputError(
      `scatterAdd: ${indices.length} indices for axis ${normal} of ${formatShape(x.shape)}`,
    );
  }
  return apply(scattering, [x], selection('scatterAdd', x.shape, indices, normal, length));
}

/** The primitives of this file, by name. */
export const gatherRows = { gather: selecting, scatterAdd: scattering } as const;
