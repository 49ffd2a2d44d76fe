/**
 * Comparisons with broadcasting (1 for true, 0 for false), and the elementwise maximum and minimum. As in IEEE 754,
 * every comparison with NaN is false. Comparisons are piecewise constant: their gradient is 0.
 */
import { add, broadcasting, lift, maskedMul, mul, type Operand, zeroGradient } from './arithmetic.ts';
import { apply, type Primitive } from './tape.ts';
import type { Tensor } from './tensor.ts';

const rows = {
  equal: broadcasting(
    'equal',
    (out, o, a, i, da, b, j, db, n) => {
      for (let k = 0; k < n; k++) out[o + k] = a[i + k * da]! === b[j + k * db]! ? 1 : 0;
    },
    zeroGradient,
  ),
  less: broadcasting(
    'less',
    (out, o, a, i, da, b, j, db, n) => {
      for (let k = 0; k < n; k++) out[o + k] = a[i + k * da]! < b[j + k * db]! ? 1 : 0;
    },
    zeroGradient,
  ),
  lessEqual: broadcasting(
    'lessEqual',
    (out, o, a, i, da, b, j, db, n) => {
      for (let k = 0; k < n; k++) out[o + k] = a[i + k * da]! <= b[j + k * db]! ? 1 : 0;
    },
    zeroGradient,
  ),
  greater: broadcasting(
    'greater',
    (out, o, a, i, da, b, j, db, n) => {
      for (let k = 0; k < n; k++) out[o + k] = a[i + k * da]! > b[j + k * db]! ? 1 : 0;
    },
    zeroGradient,
  ),
  greaterEqual: broadcasting(
    'greaterEqual',
    (out, o, a, i, da, b, j, db, n) => {
      for (let k = 0; k < n; k++) out[o + k] = a[i + k * da]! >= b[j + k * db]! ? 1 : 0;
    },
    zeroGradient,
  ),
  /** NaN where either is NaN; at a tie each operand receives half of the gradient. */
  maximum: broadcasting(
    'maximum',
    (out, o, a, i, da, b, j, db, n) => {
      for (let k = 0; k < n; k++) out[o + k] = Math.max(a[i + k * da]!, b[j + k * db]!);
    },
    (ct, argument, a, b) => maskedMul(ct, argument === 0 ? shareOfLarger(a, b) : shareOfLarger(b, a)),
  ),
  minimum: broadcasting(
    'minimum',
    (out, o, a, i, da, b, j, db, n) => {
      for (let k = 0; k < n; k++) out[o + k] = Math.min(a[i + k * da]!, b[j + k * db]!);
    },
    (ct, argument, a, b) => maskedMul(ct, argument === 0 ? shareOfLarger(b, a) : shareOfLarger(a, b)),
  ),
} satisfies Record<string, Primitive<undefined>>;

/** 1 where a > b, ½ where they are equal, else 0. */
const shareOfLarger = (a: Tensor, b: Tensor): Tensor => add(greater(a, b), mul(0.5, equal(a, b)));

const pair =
  (row: Primitive<undefined>) =>
  (a: Operand, b: Operand): Tensor =>
    apply(row, [lift(a), lift(b)], undefined);

/**
 * 1 where a = b, else 0, elementwise with broadcasting. The gradient is 0. Throws `RangeError` when the shapes do not
 * broadcast.
 *
 * @example equal(tensor([1, 2]), 2).data // => [0, 1]
 */
export const equal = pair(rows.equal);
/**
 * 1 where a < b, else 0, elementwise with broadcasting. The gradient is 0. Throws `RangeError` when the shapes do not
 * broadcast.
 *
 * @example less(tensor([1, 2]), 2).data // => [1, 0]
 */
export const less = pair(rows.less);
/**
 * 1 where a ≤ b, else 0, elementwise with broadcasting. The gradient is 0. Throws `RangeError` when the shapes do not
 * broadcast.
 *
 * @example lessEqual(tensor([1, 3]), 2).data // => [1, 0]
 */
export const lessEqual = pair(rows.lessEqual);
/**
 * 1 where a > b, else 0, elementwise with broadcasting. The gradient is 0. Throws `RangeError` when the shapes do not
 * broadcast.
 *
 * @example greater(tensor([1, 3]), 2).data // => [0, 1]
 */
export const greater = pair(rows.greater);
/**
 * 1 where a ≥ b, else 0, elementwise with broadcasting. The gradient is 0. Throws `RangeError` when the shapes do not
 * broadcast.
 *
 * @example greaterEqual(tensor([1, 2]), 2).data // => [0, 1]
 */
export const greaterEqual = pair(rows.greaterEqual);
/**
 * The elementwise maximum with broadcasting; NaN where either is NaN. At a tie each operand receives half of the gradient.
 * Throws `RangeError` when the shapes do not broadcast.
 *
 * @example maximum(tensor([1, 3]), 2).data // => [2, 3]
 */
export const maximum = pair(rows.maximum);
/**
 * The elementwise minimum with broadcasting; NaN where either is NaN. At a tie each operand receives half of the gradient.
 * Throws `RangeError` when the shapes do not broadcast.
 *
 * @example minimum(tensor([1, 3]), 2).data // => [1, 2]
 */
export const minimum = pair(rows.minimum);

/** The primitives of this file, by name. */
export const comparisonRows = rows;
