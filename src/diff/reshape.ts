/** Operations that give a tensor another shape or another order of axes: `reshape` and `transpose`. */
import { InputError } from '../input-error.ts';
import { isTensor, requireTensors } from './argument-checks.ts';
import { forRuns, gridOf, stridesOf } from './loops.ts';
import { apply, type Primitive } from './tape.ts';
import { formatShape, isShape, type Shape, sameShape, sizeOf, type Tensor } from './tensor.ts';

/** The non-negative index of an axis that may be counted from the end. */
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

/**
 * The same elements in another shape. Throws `RangeError` when the number of elements differs.
 *
 * @example reshape(tensor([1, 2, 3, 4]), [2, 2]).shape // => [2, 2]
 */
export const reshape = (x: Tensor, shape: Shape): Tensor =>
  isTensor(x) && sameShape(x.shape, shape) ? x : apply(reshaping, [x], shape);
/**
 * Permutes the axes: axis k of the result is axis `permutation[k]` of `x`. By default the order is reversed. Throws
 * `RangeError` for what is not a permutation.
 *
 * @example transpose(tensor([[1, 2, 3]])).shape // => [3, 1]
 */
export function transpose(x: Tensor, permutation?: readonly number[]): Tensor {
  requireTensors('transpose', x);
  return apply(permuting, [x], permutation ?? x.shape.map((_, axis) => x.shape.length - 1 - axis));
}

/** The primitives of this file, by name. */
export const reshapeRows = { reshape: reshaping, transpose: permuting } as const;
