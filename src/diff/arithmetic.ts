/**
 * Elementwise arithmetic with broadcasting: sums, products and quotients, and the two products that are used in
 * vector–Jacobian products. Each primitive defines its forward computation and its vector–Jacobian product side by
 * side. NaN propagates from every operand.
 */
import { broadcastShape, sumTo } from './broadcast.ts';
import { broadcastStrides, forRuns, type Grid, gridOf } from './loops.ts';
import { apply, type Primitive } from './tape.ts';
import { type Floats, full, type Shape, sizeOf, type Tensor } from './tensor.ts';
import { pairCodes } from './wasm-kernels.ts';

/** Operand of an elementwise operation; a number is treated as a tensor of shape `[]`. */
export type Operand = Tensor | number;

/** Converts an operand to a tensor. */
export const lift = (x: Operand): Tensor => (typeof x === 'number' ? full([], x) : x);

/**
 * A primitive y = f(x). It is given as a loop over the array rather than as a scalar function, because a call per
 * element through a megamorphic function would not be inlined. `pullback` computes ct·f′(x) by other operations.
 */
export function elementwise(
  name: string,
  loop: (y: Floats, x: Floats) => void,
  pullback: (ct: Tensor, x: Tensor, y: Tensor) => Tensor,
  kernel?: 'relu' | 'exp' | 'tanh' | 'sigmoid',
): Primitive<undefined> {
  return {
    name,
    form: 'diagonal',
    elementwise: true,
    shape: ([x]) => x!,
    prepare:
      () =>
      (y, [x]) =>
        loop(y, x!),
    native({ size, out, inputs }) {
      if (kernel === undefined || (size === 8 && kernel !== 'relu')) return undefined;
      const from = inputs[0]!.address;
      const n = sizeOf(out.shape);
      return kernels => kernels[kernel]!(out.address, from, n);
    },
    vjp: (ct, _, [x], y) => pullback(ct, x!, y),
  };
}

/** The gradient of a piecewise constant operation: zeros in the shape of the cotangent. */
export const zeroGradient = (ct: Tensor): Tensor => full(ct.shape, 0);

/** The inner loop of a binary operation: out[o + k] = f(a[i + k·da], b[j + k·db]) for k < n. */
type PairRun = (
  out: Floats,
  o: number,
  a: Floats,
  i: number,
  da: number,
  b: Floats,
  j: number,
  db: number,
  n: number,
) => void;

/** A primitive y = f(a, b) with broadcasting, given by its inner loop. */
export function broadcasting(
  name: string,
  run: PairRun,
  pullback: (ct: Tensor, argument: number, a: Tensor, b: Tensor, y: Tensor) => Tensor,
): Primitive<undefined> {
  const gridFor = (shape: Shape, [a, b]: readonly Shape[]): Grid =>
    gridOf(shape, broadcastStrides(a!, shape), broadcastStrides(b!, shape));
  return {
    name,
    elementwise: true,
    shape: ([a, b]) => broadcastShape(name, a!, b!),
    prepare(shape, inputs) {
      const grid = gridFor(shape, inputs);
      const { stepA, stepB, n } = grid;
      return (out, [a, b]) => forRuns(grid, (o, i, j) => run(out, o, a!, i, stepA, b!, j, stepB, n));
    },
    native({ size, out, inputs }) {
      const code = Object.hasOwn(pairCodes, name) ? pairCodes[name as keyof typeof pairCodes] : undefined;
      const [a, b] = [inputs[0]!.address, inputs[1]!.address];
      const grid = gridFor(out.shape, [inputs[0]!.shape, inputs[1]!.shape]);
      const { rows, n, stepA, stepB } = grid;
      const rowA = size * grid.rowA;
      const rowB = size * grid.rowB;
      if (code === undefined) return undefined;
      const blocks = grid.blocksA.length;
      const from = Array.from({ length: blocks }, (_, k) => ({
        out: out.address + size * k * rows * n,
        a: a + size * grid.blocksA[k]!,
        b: b + size * grid.blocksB[k]!,
      }));
      if (blocks === 1) {
        const { a: startA, b: startB } = from[0]!;
        return kernels => kernels.pair(code, out.address, startA, rowA, stepA, startB, rowB, stepB, rows, n);
      }
      return kernels => {
        for (let k = 0; k < blocks; k++) {
          const at = from[k]!;
          kernels.pair(code, at.out, at.a, rowA, stepA, at.b, rowB, stepB, rows, n);
        }
      };
    },
    vjp: (ct, argument, inputs, y) =>
      sumTo(pullback(ct, argument, inputs[0]!, inputs[1]!, y), inputs[argument]!.shape),
  };
}

const negation = elementwise(
  'neg',
  (y, x) => {
    for (let i = 0; i < y.length; i++) y[i] = -x[i]!;
  },
  ct => neg(ct),
);

const pairs = {
  add: broadcasting(
    'add',
    (out, o, a, i, da, b, j, db, n) => {
      for (let k = 0; k < n; k++) out[o + k] = a[i + k * da]! + b[j + k * db]!;
    },
    ct => ct,
  ),
  sub: broadcasting(
    'sub',
    (out, o, a, i, da, b, j, db, n) => {
      for (let k = 0; k < n; k++) out[o + k] = a[i + k * da]! - b[j + k * db]!;
    },
    (ct, argument) => (argument === 0 ? ct : neg(ct)),
  ),
  mul: broadcasting(
    'mul',
    (out, o, a, i, da, b, j, db, n) => {
      for (let k = 0; k < n; k++) out[o + k] = a[i + k * da]! * b[j + k * db]!;
    },
    (ct, argument, a, b) => maskedMul(argument === 0 ? b : a, ct),
  ),
  div: broadcasting(
    'div',
    (out, o, a, i, da, b, j, db, n) => {
      for (let k = 0; k < n; k++) out[o + k] = a[i + k * da]! / b[j + k * db]!;
    },
    (ct, argument, _, b, y) => maskedMul(argument === 0 ? div(1, b) : neg(div(y, b)), ct),
  ),
  /** a where b > 0, else 0: the gradient through a rectifier. Its derivative with respect to b is 0. */
  gate: broadcasting(
    'gate',
    (out, o, a, i, da, b, j, db, n) => {
      for (let k = 0; k < n; k++) out[o + k] = b[j + k * db]! > 0 ? a[i + k * da]! : 0;
    },
    (ct, argument, _, b) => (argument === 0 ? gate(ct, b) : zeroGradient(ct)),
  ),
  /**
   * a·b, but 0 where either factor is 0: the product of a cotangent and a derivative. A branch that was not taken and a
   * saturated unit thus contribute nothing, not even the NaN of 0·∞.
   */
  maskedMul: broadcasting(
    'maskedMul',
    (out, o, a, i, da, b, j, db, n) => {
      for (let k = 0; k < n; k++) {
        const x = a[i + k * da]!;
        const y = b[j + k * db]!;
        out[o + k] = x === 0 || y === 0 ? 0 : x * y;
      }
    },
    (ct, argument, a, b) => maskedMul(ct, argument === 0 ? b : a),
  ),
} satisfies Record<string, Primitive<undefined>>;

/**
 * −x, elementwise.
 *
 * @example neg(tensor([1, -2])).data // => [-1, 2]
 */
export const neg = (x: Operand): Tensor => apply(negation, [lift(x)], undefined);
/**
 * a + b, elementwise with broadcasting. Throws `RangeError` when the shapes do not broadcast.
 *
 * @example add(tensor([1, 2]), 10).data // => [11, 12]
 */
export const add = (a: Operand, b: Operand): Tensor => apply(pairs.add, [lift(a), lift(b)], undefined);
/**
 * a − b, elementwise with broadcasting. Throws `RangeError` when the shapes do not broadcast.
 *
 * @example sub(tensor([1, 2]), 10).data // => [-9, -8]
 */
export const sub = (a: Operand, b: Operand): Tensor => apply(pairs.sub, [lift(a), lift(b)], undefined);
/**
 * a · b, elementwise with broadcasting. Throws `RangeError` when the shapes do not broadcast.
 *
 * @example mul(tensor([1, 2]), 10).data // => [10, 20]
 */
export const mul = (a: Operand, b: Operand): Tensor => apply(pairs.mul, [lift(a), lift(b)], undefined);
/**
 * a / b, elementwise with broadcasting. Throws `RangeError` when the shapes do not broadcast.
 *
 * @example div(tensor([1, 2]), 10).data // => [0.1, 0.2]
 */
export const div = (a: Operand, b: Operand): Tensor => apply(pairs.div, [lift(a), lift(b)], undefined);
/** a where b > 0, else 0. No gradient flows to b. */
export const gate = (a: Operand, b: Operand): Tensor => apply(pairs.gate, [lift(a), lift(b)], undefined);
/** a·b, but 0 where either factor is 0, even if the other is infinite or NaN. */
export const maskedMul = (a: Operand, b: Operand): Tensor =>
  apply(pairs.maskedMul, [lift(a), lift(b)], undefined);

/** The primitives of this file, by name. */
export const arithmeticRows = { neg: negation, ...pairs } as const;
