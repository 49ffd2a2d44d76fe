/**
 * Arithmetic with broadcasting: sums, products and quotients, and the two products that cotangents are passed on by.
 * Each operation is a row of a table, its forward and its vector–Jacobian product side by side, and a function that
 * people call. NaN in gives NaN out.
 */
import { broadcastShape, sumTo } from './broadcast.ts';
import { broadcastStrides, forRuns, type Grid, gridOf } from './loops.ts';
import { apply, type Primitive } from './tape.ts';
import { type Floats, full, type Shape, sizeOf, type Tensor } from './tensor.ts';
import { pairCodes } from './wasm-kernels.ts';

/** What elementwise operations take: a number counts as a tensor of shape `[]`. */
export type Operand = Tensor | number;

/** An operand as a tensor. */
export const lift = (x: Operand): Tensor => (typeof x === 'number' ? full([], x) : x);

/**
 * A row for y = f(x). It brings its own loop, not f: a loop over a function that changes from row to row would call
 * it once a number. `pullback` says ct·f′ in words of other operations.
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

/** The cotangent of what a flat operation is made from. */
export const zeroGradient = (ct: Tensor): Tensor => full(ct.shape, 0);

/** One run of a pair's loop: out[o + k] = f(a[i + k·da], b[j + k·db]) for k < n. */
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

/** A row for y = f(a, b) with broadcasting; it brings its own loop over one run. */
export function broadcasting(
  name: string,
  run: PairRun,
  pullback: (ct: Tensor, argument: number, a: Tensor, b: Tensor, y: Tensor) => Tensor,
): Primitive<undefined> {
  const gridFor = (shape: Shape, [a, b]: readonly Shape[]): Grid =>
    gridOf(shape, broadcastStrides(a!, shape), broadcastStrides(b!, shape));
  return {
    name,
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
  /** a where b > 0, else 0, whatever a is there: how a gradient passes a rectifier. Flat in b. */
  gate: broadcasting(
    'gate',
    (out, o, a, i, da, b, j, db, n) => {
      for (let k = 0; k < n; k++) out[o + k] = b[j + k * db]! > 0 ? a[i + k * da]! : 0;
    },
    (ct, argument, _, b) => (argument === 0 ? gate(ct, b) : zeroGradient(ct)),
  ),
  /**
   * a·b, and 0 where either is 0, whatever the other is: the product of a cotangent and a derivative. What is not asked
   * for (a branch not taken) and what is flat (a saturated unit) pass nothing on, not even the NaN of 0·∞.
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
 * a + b, elementwise with broadcasting.
 *
 * @example add(tensor([1, 2]), 10).data // => [11, 12]
 */
export const add = (a: Operand, b: Operand): Tensor => apply(pairs.add, [lift(a), lift(b)], undefined);
/**
 * a − b, elementwise with broadcasting.
 *
 * @example sub(tensor([1, 2]), 10).data // => [-9, -8]
 */
export const sub = (a: Operand, b: Operand): Tensor => apply(pairs.sub, [lift(a), lift(b)], undefined);
/**
 * a · b, elementwise with broadcasting.
 *
 * @example mul(tensor([1, 2]), 10).data // => [10, 20]
 */
export const mul = (a: Operand, b: Operand): Tensor => apply(pairs.mul, [lift(a), lift(b)], undefined);
/**
 * a / b, elementwise with broadcasting.
 *
 * @example div(tensor([1, 2]), 10).data // => [0.1, 0.2]
 */
export const div = (a: Operand, b: Operand): Tensor => apply(pairs.div, [lift(a), lift(b)], undefined);
/** a where b > 0, else 0. No gradient goes to b. */
export const gate = (a: Operand, b: Operand): Tensor => apply(pairs.gate, [lift(a), lift(b)], undefined);
/** a·b, but 0 where either is 0 even if the other is infinite or NaN. */
export const maskedMul = (a: Operand, b: Operand): Tensor =>
  apply(pairs.maskedMul, [lift(a), lift(b)], undefined);

/** The rows of this file, by name. */
export const arithmeticRows = { neg: negation, ...pairs } as const;
