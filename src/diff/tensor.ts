/** A tensor: a shape and its numbers in row-major order (the last axis runs fastest). Nothing more. */

/** Lengths of the axes; `[]` is a single number. */
export type Shape = readonly number[];

/** A dense Float64 array with a shape. `data.length` is the product of `shape`. Treat both as read-only. */
export interface Tensor {
  readonly shape: Shape;
  readonly data: Float64Array;
}

/** Numbers of either precision. Loops take both; everything but a compiled program works in Float64. */
export type Floats = Float64Array | Float32Array;

/** A tensor of either precision: what a compiled program works on. Every `Tensor` is one. */
export interface FloatTensor {
  readonly shape: Shape;
  readonly data: Floats;
}

/** Numbers a tensor can be made from: flat numbers, a typed array, or rows of equal length. */
export type TensorLike = number | readonly number[] | readonly (readonly number[])[] | Float64Array;

/** How many numbers a tensor of this shape holds. */
export function sizeOf(shape: Shape): number {
  let size = 1;
  for (const length of shape) size *= length;
  return size;
}

/** A shape as text, e.g. `[2, 3]`. */
export function formatShape(shape: Shape): string {
  return `[${shape.join(', ')}]`;
}

/** Whether these can be lengths of axes: whole numbers of at least 0. */
export const isShape = (shape: Shape): boolean =>
  shape.every(length => Number.isSafeInteger(length) && length >= 0);

export function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((length, axis) => length === b[axis]);
}

/**
 * A tensor from numbers. Without `shape`: a number gives `[]`, flat numbers `[n]`, rows `[rows, columns]`. A
 * `Float64Array` is taken as it is, not copied. Throws `RangeError` when rows are ragged or `shape` does not hold
 * exactly the numbers given.
 *
 * @example tensor([[1, 2], [3, 4]]).shape // => [2, 2]
 */
export function tensor(values: TensorLike, shape?: Shape): Tensor {
  const { data, natural } = flatten(values);
  if (shape === undefined) return { shape: natural, data };
  if (!isShape(shape) || sizeOf(shape) !== data.length) {
    throw new RangeError(`tensor: ${data.length} numbers do not fill the shape ${formatShape(shape)}`);
  }
  return { shape, data };
}

function flatten(values: TensorLike): { data: Float64Array; natural: Shape } {
  if (typeof values === 'number') return { data: Float64Array.of(values), natural: [] };
  if (values instanceof Float64Array) return { data: values, natural: [values.length] };
  if (!isRows(values)) return { data: Float64Array.from(values), natural: [values.length] };
  const columns = values[0]!.length;
  const ragged = values.findIndex(row => row.length !== columns);
  if (ragged >= 0) {
    throw new RangeError(`tensor: row ${ragged} has ${values[ragged]!.length} numbers, row 0 has ${columns}`);
  }
  return { data: Float64Array.from(values.flat()), natural: [values.length, columns] };
}

function isRows(
  values: readonly number[] | readonly (readonly number[])[],
): values is readonly (readonly number[])[] {
  return values.length > 0 && typeof values[0] !== 'number';
}

/**
 * A tensor of this shape with every number equal to `value`. Throws `RangeError` when it is no shape.
 *
 * @example full([2, 2], 7).data // => [7, 7, 7, 7]
 */
export function full(shape: Shape, value: number): Tensor {
  if (!isShape(shape)) throw new RangeError(`full: ${formatShape(shape)} is no shape`);
  return { shape, data: new Float64Array(sizeOf(shape)).fill(value) };
}

/**
 * The number in a tensor that holds just one. Throws `RangeError` when it holds more or none.
 *
 * @example item(sum(tensor([1, 2]))) // => 3
 */
export function item(x: Tensor): number {
  if (x.data.length !== 1)
    throw new RangeError(`item: the shape ${formatShape(x.shape)} holds ${x.data.length} numbers, not 1`);
  return x.data[0]!;
}
