/** Tensors: a shape and its elements in row-major order (the last axis varies fastest). */
import { InputError } from '../input-error.ts';

/** Lengths of the axes; `[]` is a single number. */
export type Shape = readonly number[];

/** A dense Float64 array with a shape. `data.length` is the product of `shape`. Both are to be treated as read-only. */
export interface Tensor {
  readonly shape: Shape;
  readonly data: Float64Array;
}

/** Elements of either precision. The loops accept both; everything except compiled programs computes in Float64. */
export type Floats = Float64Array | Float32Array;

/** A tensor of either precision, as used by compiled programs. Every `Tensor` is one. */
export interface FloatTensor {
  readonly shape: Shape;
  readonly data: Floats;
}

/** What a tensor can be created from: a number, a typed array, or nested lists of equal shape. */
export type TensorLike = number | Float64Array | Float32Array | Int32Array | readonly TensorLike[];

/** The number of elements of a tensor of this shape. */
export function sizeOf(shape: Shape): number {
  let size = 1;
  for (const length of shape) size *= length;
  return size;
}

/** A shape as text, e.g. `[2, 3]`. */
export function formatShape(shape: Shape): string {
  return `[${shape.join(', ')}]`;
}

/** Whether these are valid lengths of axes: non-negative integers. */
export const isShape = (shape: Shape): boolean =>
  shape.every(length => Number.isSafeInteger(length) && length >= 0);

export function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((length, axis) => length === b[axis]);
}

/**
 * Creates a tensor. Without `shape`, a number gives `[]`, a flat array `[n]`, and nested lists one axis per level. A
 * `Float64Array` is used as it is, not copied. Throws `RangeError` when lists are ragged or `shape` does not have as
 * many elements as given, `TypeError` for values that are not numbers.
 *
 * @example tensor([[1, 2], [3, 4]]).shape // => [2, 2]
 */
export function tensor(values: TensorLike, shape?: Shape): Tensor {
  const natural = shapeOf(values);
  const data = values instanceof Float64Array ? values : new Float64Array(sizeOf(natural));
  if (data !== values) fillFrom(values, natural, data, 0);
  if (shape === undefined) return { shape: natural, data };
  if (!isShape(shape) || sizeOf(shape) !== data.length) {
    throw new InputError(`tensor: ${data.length} numbers do not match the shape ${formatShape(shape)}`);
  }
  return { shape, data };
}

const isNumbers = (values: TensorLike): values is Exclude<TensorLike, number | readonly TensorLike[]> =>
  values instanceof Float64Array || values instanceof Float32Array || values instanceof Int32Array;

/** The shape of nested lists, from their first elements. */
function shapeOf(values: TensorLike): Shape {
  if (typeof values === 'number') return [];
  if (isNumbers(values)) return [values.length];
  if (!Array.isArray(values)) {
    throw new TypeError(
      `tensor: expected numbers, lists of them, a Float64Array, Float32Array or Int32Array, found ${String(values)}`,
    );
  }
  return values.length === 0 ? [0] : [values.length, ...shapeOf(values[0]!)];
}

/**
 * Writes the elements from index `at` on and returns the index after the last; throws where a list does not have the
 * shape of the first one.
 */
function fillFrom(values: TensorLike, shape: Shape, out: Float64Array, at: number): number {
  if (typeof values === 'number' && shape.length === 0) {
    out[at] = values;
    return at + 1;
  }
  const length = isNumbers(values) || Array.isArray(values) ? values.length : undefined;
  if (length === undefined || shape.length === 0) {
    throw new TypeError(
      `tensor: expected ${shape.length === 0 ? 'a number' : 'a list'}, found ${String(values)}`,
    );
  }
  const inner = shape.slice(1);
  let to = at;
  for (let k = 0; k < length; k++) {
    const part = (values as ArrayLike<TensorLike>)[k]!;
    const partLength = typeof part === 'number' ? undefined : (part as ArrayLike<TensorLike> | null)?.length;
    if (inner.length > 0 && partLength !== undefined && partLength !== inner[0]) {
      throw new InputError(`tensor: row ${k} has ${partLength} numbers, row 0 has ${inner[0]}`);
    }
    to = fillFrom(part, inner, out, to);
  }
  return to;
}

/**
 * A tensor of this shape with all elements equal to `value`. Throws `RangeError` for an invalid shape.
 *
 * @example full([2, 2], 7).data // => [7, 7, 7, 7]
 */
export function full(shape: Shape, value: number): Tensor {
  if (!isShape(shape)) throw new InputError(`full: ${formatShape(shape)} is not a shape`);
  return { shape, data: new Float64Array(sizeOf(shape)).fill(value) };
}

/**
 * The element of a tensor with exactly one element. Throws `RangeError` for any other number of elements.
 *
 * @example item(sum(tensor([1, 2]))) // => 3
 */
export function item(x: Tensor): number {
  if (x.data.length !== 1)
    throw new InputError(`item: the shape ${formatShape(x.shape)} holds ${x.data.length} numbers, not 1`);
  return x.data[0]!;
}
