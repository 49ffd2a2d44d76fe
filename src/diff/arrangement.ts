/** Arrangement: operations that move numbers and change none. Each comes with its adjoint, which is another of them. */
import { InputError } from '../input-error.ts';
import { isTensor, requireTensors } from './argument-checks.ts';
import { aroundAxis, forRuns, gridOf, stridesOf } from './loops.ts';
import { apply, type Primitive } from './tape.ts';
import { formatShape, isShape, type Shape, sameShape, sizeOf, type Tensor } from './tensor.ts';

/** The axis counted from 0, for one that may count from the end. */
export function normaliseAxis(name: string, axis: number, shape: Shape): number {
  const normal = axis < 0 ? axis + shape.length : axis;
  if (!Number.isInteger(axis) || normal < 0 || normal >= shape.length) {
    throw new InputError(`${name}: the shape ${formatShape(shape)} has no axis ${axis}`);
  }
  return normal;
}

const reshaping: Primitive<Shape> = {
  name: 'reshape',
  form: 'linear',
  shape([x], shape) {
    if (!isShape(shape) || sizeOf(x!) !== sizeOf(shape)) {
      throw new InputError(
        `reshape: ${formatShape(x!)} holds ${sizeOf(x!)} numbers, ${formatShape(shape)} ${sizeOf(shape)}`,
      );
    }
    return shape;
  },
  prepare:
    () =>
    (out, [x]) =>
      out.set(x!),
  alias: true,
  vjp: (ct, _, [x]) => reshape(ct, x!.shape),
};

const permuting: Primitive<readonly number[]> = {
  name: 'transpose',
  form: 'linear',
  shape([x], permutation) {
    const seen = new Set(permutation);
    if (
      seen.size !== x!.length ||
      permutation.length !== x!.length ||
      !x!.every((_, axis) => seen.has(axis))
    ) {
      throw new InputError(
        `transpose: [${permutation.join(', ')}] does not permute the axes of ${formatShape(x!)}`,
      );
    }
    return permutation.map(axis => x![axis]!);
  },
  prepare(shape, [from], permutation) {
    const own = stridesOf(from!);
    const grid = gridOf(
      shape,
      permutation.map(axis => own[axis]!),
      stridesOf(shape),
    );
    const { n, stepA } = grid;
    return (out, [x]) =>
      forRuns(grid, (_, a, o) => {
        for (let k = 0; k < n; k++) out[o + k] = x![a + k * stepA]!;
      });
  },
  vjp(ct, _, _inputs, _output, permutation) {
    const inverse = permutation.map((_, axis) => permutation.indexOf(axis));
    return transpose(ct, inverse);
  },
};

export interface Block {
  readonly begin: readonly number[];
  /** The shape of the whole that the block lies in. */
  readonly whole: Shape;
  readonly block: Shape;
}

function requireShape(name: string, x: Shape, expected: Shape): void {
  if (!sameShape(x, expected)) {
    throw new InputError(`${name}: the shape ${formatShape(x)} is not ${formatShape(expected)}`);
  }
}

function requireLength(name: string, x: Shape, axis: number, length: number): void {
  if (x[axis] !== length) {
    throw new InputError(`${name}: axis ${axis} of the shape ${formatShape(x)} is not ${length} long`);
  }
}

const offsetOf = ({ begin, whole }: Block): number => {
  const strides = stridesOf(whole);
  return begin.reduce((offset, b, axis) => offset + b * strides[axis]!, 0);
};

const cutting: Primitive<Block> = {
  name: 'slice',
  form: 'linear',
  shape([x], { whole, block }) {
    requireShape('slice', x!, whole);
    return block;
  },
  prepare(shape, _, params) {
    const offset = offsetOf(params);
    const grid = gridOf(shape, stridesOf(params.whole), stridesOf(shape));
    const { n, stepA } = grid;
    return (out, [x]) =>
      forRuns(grid, (_, a, o) => {
        for (let k = 0; k < n; k++) out[o + k] = x![offset + a + k * stepA]!;
      });
  },
  vjp: (ct, _, _inputs, _output, params) => apply(padding, [ct], params),
};

export const padding: Primitive<Block> = {
  name: 'pad',
  form: 'linear',
  shape([x], { whole, block }) {
    requireShape('pad', x!, block);
    return whole;
  },
  prepare(_, [block], params) {
    const offset = offsetOf(params);
    const grid = gridOf(block!, stridesOf(params.whole), stridesOf(block!));
    const { n, stepA } = grid;
    return (out, [x]) => {
      out.fill(0);
      forRuns(grid, (_, a, i) => {
        for (let k = 0; k < n; k++) out[offset + a + k * stepA] = x![i + k]!;
      });
    };
  },
  vjp: (ct, _, _inputs, _output, params) => apply(cutting, [ct], params),
};

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
 * The same numbers in another shape. Throws `RangeError` when it holds another count.
 *
 * @example reshape(tensor([1, 2, 3, 4]), [2, 2]).shape // => [2, 2]
 */
export const reshape = (x: Tensor, shape: Shape): Tensor =>
  isTensor(x) && sameShape(x.shape, shape) ? x : apply(reshaping, [x], shape);
/**
 * Axes reordered: axis k of the result is axis `permutation[k]` of `x`. By default reversed.
 *
 * @example transpose(tensor([[1, 2, 3]])).shape // => [3, 1]
 */
export function transpose(x: Tensor, permutation?: readonly number[]): Tensor {
  requireTensors('transpose', x);
  return apply(permuting, [x], permutation ?? x.shape.map((_, axis) => x.shape.length - 1 - axis));
}

/**
 * The block from `begin` up to, not including, `end` along each axis. Throws `RangeError` when it sticks out.
 *
 * @example slice(tensor([1, 2, 3, 4]), [1], [3]).data // => [2, 3]
 */
export function slice(x: Tensor, begin: readonly number[], end: readonly number[]): Tensor {
  requireTensors('slice', x);
  const { shape } = x;
  const fits = shape.every((length, k) => begin[k]! <= end[k]! && end[k]! <= length);
  if (
    !isShape(begin) ||
    !isShape(end) ||
    begin.length !== shape.length ||
    end.length !== shape.length ||
    !fits
  ) {
    throw new InputError(
      `slice: [${begin.join(', ')}] to [${end.join(', ')}] does not lie in ${formatShape(shape)}`,
    );
  }
  return apply(cutting, [x], { begin, whole: shape, block: end.map((e, k) => e - begin[k]!) });
}

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
 * The slices `indices` along an axis (default 0), in that order; an index may repeat.
 *
 * @example gather(tensor([5, 6, 7]), [2, 0, 0]).data // => [7, 5, 5]
 */
export function gather(x: Tensor, indices: readonly number[], axis = 0): Tensor {
  requireTensors('gather', x);
  const normal = normaliseAxis('gather', axis, x.shape);
  return apply(selecting, [x], selection('gather', x.shape, indices, normal, x.shape[normal]!));
}

/**
 * Adds the slices of `x` along an axis (default 0) into zeros of `length` at `indices`: the adjoint of `gather`.
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

/**
 * Tensors joined along an axis (default 0). Throws `RangeError` when there are none or other axes differ.
 *
 * @example concat([tensor([1, 2]), tensor([3])]).data // => [1, 2, 3]
 */
export function concat(parts: readonly Tensor[], axis = 0): Tensor {
  if (parts.length === 0) throw new InputError('concat: nothing to join');
  requireTensors('concat', ...parts);
  return apply(joining, parts, normaliseAxis('concat', axis, parts[0]!.shape));
}

/** The rows of this file, by name. */
export const arrangementRows = {
  reshape: reshaping,
  transpose: permuting,
  slice: cutting,
  pad: padding,
  gather: selecting,
  scatterAdd: scattering,
  concat: joining,
} as const;
