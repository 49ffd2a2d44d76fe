/**
 * Arithmetic: elementwise operations, broadcasting and reductions. Each operation is a row of a table, its forward
 * and its vector–Jacobian product side by side, and a function that people call.
 *
 * Elementwise operations broadcast as NumPy does: shapes are aligned at the last axis, and an axis of length 1 is
 * repeated. Where a function has a kink, the derivative used is said at its row. NaN in gives NaN out.
 */
import { broadcastStrides, forRuns, type Grid, gridOf, stridesOf } from './kernels.ts';
import { pairCodes } from './native.ts';
import { type Floats, formatShape, full, type Shape, sameShape, sizeOf, type Tensor } from './tensor.ts';
import { apply, type Primitive } from './trace.ts';

/** What elementwise operations take: a number counts as a tensor of shape `[]`. */
export type Operand = Tensor | number;

const lift = (x: Operand): Tensor => (typeof x === 'number' ? full([], x) : x);

// ---- Elementwise, one input -----------------------------------------------------------------------------------

/**
 * A row for y = f(x). It brings its own loop, not f: a loop over a function that changes from row to row would call
 * it once a number. `pullback` says ct·f′ in words of other operations.
 */
function elementwise(
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

const nowhere = (ct: Tensor): Tensor => full(ct.shape, 0);

const stableSigmoid = (x: number): number => {
  if (x >= 0) return 1 / (1 + Math.exp(-x));
  const e = Math.exp(x);
  return e / (1 + e);
};
// max(x, 0) + log(1 + e^−|x|): neither overflows nor loses the small end.
const stableSoftplus = (x: number): number => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));

const rows = {
  neg: elementwise(
    'neg',
    (y, x) => {
      for (let i = 0; i < y.length; i++) y[i] = -x[i]!;
    },
    ct => neg(ct),
  ),
  exp: elementwise(
    'exp',
    (y, x) => {
      for (let i = 0; i < y.length; i++) y[i] = Math.exp(x[i]!);
    },
    (ct, _, y) => maskedMul(y, ct),
    'exp',
  ),
  log: elementwise(
    'log',
    (y, x) => {
      for (let i = 0; i < y.length; i++) y[i] = Math.log(x[i]!);
    },
    (ct, x) => maskedMul(div(1, x), ct),
  ),
  sqrt: elementwise(
    'sqrt',
    (y, x) => {
      for (let i = 0; i < y.length; i++) y[i] = Math.sqrt(x[i]!);
    },
    (ct, _, y) => maskedMul(div(0.5, y), ct),
  ),
  tanh: elementwise(
    'tanh',
    (y, x) => {
      for (let i = 0; i < y.length; i++) y[i] = Math.tanh(x[i]!);
    },
    (ct, _, y) => mul(ct, sub(1, mul(y, y))),
    'tanh',
  ),
  sigmoid: elementwise(
    'sigmoid',
    (y, x) => {
      for (let i = 0; i < y.length; i++) y[i] = stableSigmoid(x[i]!);
    },
    (ct, _, y) => mul(ct, mul(y, sub(1, y))),
    'sigmoid',
  ),
  softplus: elementwise(
    'softplus',
    (y, x) => {
      for (let i = 0; i < y.length; i++) y[i] = stableSoftplus(x[i]!);
    },
    (ct, x) => mul(ct, sigmoid(x)),
  ),
  /** Derivative 0 at the kink. */
  relu: elementwise(
    'relu',
    (y, x) => {
      for (let i = 0; i < y.length; i++) y[i] = Math.max(x[i]!, 0);
    },
    (ct, x) => gate(ct, x),
    'relu',
  ),
  /** Derivative 0 at the kink. */
  abs: elementwise(
    'abs',
    (y, x) => {
      for (let i = 0; i < y.length; i++) y[i] = Math.abs(x[i]!);
    },
    (ct, x) => maskedMul(ct, sign(x)),
  ),
  /** 1 where x > 0, else 0; flat, so its derivative is 0. */
  step: elementwise(
    'step',
    (y, x) => {
      for (let i = 0; i < y.length; i++) y[i] = x[i]! > 0 ? 1 : x[i]! <= 0 ? 0 : Number.NaN;
    },
    nowhere,
  ),
  sign: elementwise(
    'sign',
    (y, x) => {
      for (let i = 0; i < y.length; i++) y[i] = Math.sign(x[i]!);
    },
    nowhere,
  ),
  /** Passes the value and lets no gradient through. */
  stopGradient: {
    ...elementwise('stopGradient', (y, x) => y.set(x), nowhere),
    alias: true,
  },
} satisfies Record<string, Primitive<undefined>>;

export const neg = (x: Operand): Tensor => apply(rows.neg, [lift(x)], undefined);
export const exp = (x: Operand): Tensor => apply(rows.exp, [lift(x)], undefined);
export const log = (x: Operand): Tensor => apply(rows.log, [lift(x)], undefined);
export const sqrt = (x: Operand): Tensor => apply(rows.sqrt, [lift(x)], undefined);
export const tanh = (x: Operand): Tensor => apply(rows.tanh, [lift(x)], undefined);
/** 1 / (1 + e^−x), without overflow. */
export const sigmoid = (x: Operand): Tensor => apply(rows.sigmoid, [lift(x)], undefined);
/** log(1 + e^x), without overflow. */
export const softplus = (x: Operand): Tensor => apply(rows.softplus, [lift(x)], undefined);
/** max(x, 0); the derivative at 0 is taken as 0. */
export const relu = (x: Operand): Tensor => apply(rows.relu, [lift(x)], undefined);
/** |x|; the derivative at 0 is taken as 0. */
export const abs = (x: Operand): Tensor => apply(rows.abs, [lift(x)], undefined);
/** 1 where x > 0, else 0. No gradient. */
export const step = (x: Operand): Tensor => apply(rows.step, [lift(x)], undefined);
/** −1, 0 or 1. No gradient. */
export const sign = (x: Operand): Tensor => apply(rows.sign, [lift(x)], undefined);
/** x itself, as a constant: no gradient goes through. */
export const stopGradient = (x: Operand): Tensor => apply(rows.stopGradient, [lift(x)], undefined);

// ---- Elementwise, two inputs, broadcasting --------------------------------------------------------------------

function broadcastShape(name: string, a: Shape, b: Shape): Shape {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, axis) => {
    const fromA = a[axis - rank + a.length] ?? 1;
    const fromB = b[axis - rank + b.length] ?? 1;
    if (fromA !== fromB && fromA !== 1 && fromB !== 1) {
      throw new RangeError(`${name}: the shapes ${formatShape(a)} and ${formatShape(b)} do not broadcast`);
    }
    return fromA === 1 ? fromB : fromA;
  });
}

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
function broadcasting(
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

// x^(y−1)·y with 0⁰·0 in place of 0⁻¹·0 where y = 0, so that a constant term has derivative 0 everywhere.
function powByBase(ct: Tensor, a: Tensor, b: Tensor): Tensor {
  const nonZero = abs(sign(b));
  const exponent = sub(add(b, sub(1, nonZero)), 1);
  return maskedMul(mul(b, pow(a, exponent)), ct);
}
// x^y·log x, and 0 where x ≤ 0: there the power is not differentiable in its exponent.
function powByExponent(ct: Tensor, a: Tensor, y: Tensor): Tensor {
  const positive = step(a);
  return maskedMul(mul(mul(y, positive), log(where(positive, a, 1))), ct);
}

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
  pow: broadcasting(
    'pow',
    (out, o, a, i, da, b, j, db, n) => {
      for (let k = 0; k < n; k++) out[o + k] = a[i + k * da]! ** b[j + k * db]!;
    },
    (ct, argument, a, b, y) => (argument === 0 ? powByBase(ct, a, b) : powByExponent(ct, a, y)),
  ),
  /** a where b > 0, else 0, whatever a is there: how a gradient passes a rectifier. Flat in b. */
  gate: broadcasting(
    'gate',
    (out, o, a, i, da, b, j, db, n) => {
      for (let k = 0; k < n; k++) out[o + k] = b[j + k * db]! > 0 ? a[i + k * da]! : 0;
    },
    (ct, argument, _, b) => (argument === 0 ? gate(ct, b) : nowhere(ct)),
  ),
  /** a·b, and 0 where b = 0, whatever a is there: no 0·∞ comes out of a branch not taken. */
  maskedMul: broadcasting(
    'maskedMul',
    (out, o, a, i, da, b, j, db, n) => {
      for (let k = 0; k < n; k++) out[o + k] = b[j + k * db]! === 0 ? 0 : a[i + k * da]! * b[j + k * db]!;
    },
    (ct, argument, a, b) => (argument === 0 ? maskedMul(ct, b) : mul(ct, a)),
  ),
} satisfies Record<string, Primitive<undefined>>;

export const add = (a: Operand, b: Operand): Tensor => apply(pairs.add, [lift(a), lift(b)], undefined);
export const sub = (a: Operand, b: Operand): Tensor => apply(pairs.sub, [lift(a), lift(b)], undefined);
export const mul = (a: Operand, b: Operand): Tensor => apply(pairs.mul, [lift(a), lift(b)], undefined);
export const div = (a: Operand, b: Operand): Tensor => apply(pairs.div, [lift(a), lift(b)], undefined);
/** a^b. The derivative by b is taken as 0 where a ≤ 0. */
export const pow = (a: Operand, b: Operand): Tensor => apply(pairs.pow, [lift(a), lift(b)], undefined);

/** a where b > 0, else 0. No gradient goes to b. */
export const gate = (a: Operand, b: Operand): Tensor => apply(pairs.gate, [lift(a), lift(b)], undefined);
/** a·b, but 0 where b = 0 even if a is infinite or NaN. */
export const maskedMul = (a: Operand, b: Operand): Tensor =>
  apply(pairs.maskedMul, [lift(a), lift(b)], undefined);

export interface Bounds {
  readonly low: number;
  readonly high: number;
}

/** Derivative 1 strictly between the bounds, else 0. */
const clipping: Primitive<Bounds> = {
  name: 'clip',
  form: 'diagonal',
  shape: ([x]) => x!,
  prepare:
    (_, _inputs, { low, high }) =>
    (y, [x]) => {
      for (let i = 0; i < y.length; i++) y[i] = Math.min(Math.max(x![i]!, low), high);
    },
  vjp: (ct, _, [x], _output, { low, high }) => gate(ct, mul(step(sub(x!, low)), step(sub(high, x!)))),
};

/** x held between `low` and `high`; NaN stays NaN. No gradient at or beyond a bound. Throws `RangeError` when low > high. */
export function clip(x: Operand, low: number, high: number): Tensor {
  if (!(low <= high)) throw new RangeError(`clip: the bounds ${low} and ${high} are not in order`);
  return apply(clipping, [lift(x)], { low, high });
}

/** Chooses where `mask` is not 0 from the second input, else from the third; all of one shape. */
const choice: Primitive<undefined> = {
  name: 'where',
  shape: ([mask, a, b]) => {
    if (!sameShape(mask!, a!) || !sameShape(mask!, b!)) {
      throw new RangeError(
        `where: the shapes ${formatShape(mask!)}, ${formatShape(a!)}, ${formatShape(b!)} differ`,
      );
    }
    return mask!;
  },
  prepare:
    () =>
    (out, [mask, a, b]) => {
      for (let i = 0; i < out.length; i++) out[i] = mask![i] !== 0 ? a![i]! : b![i]!;
    },
  // The branch not taken gets exactly 0, whatever its own derivative is.
  vjp(ct, argument, [mask]) {
    if (argument === 0) return nowhere(ct);
    return argument === 1 ? where(mask!, ct, 0) : where(mask!, 0, ct);
  },
};

/** a where `mask` ≠ 0, else b, with broadcasting. No gradient goes to the mask nor into the branch not taken. */
export function where(mask: Operand, a: Operand, b: Operand): Tensor {
  const inputs = [lift(mask), lift(a), lift(b)];
  const shape = inputs.map(x => x.shape).reduce((s, t) => broadcastShape('where', s, t));
  return apply(
    choice,
    inputs.map(x => broadcastTo(x, shape)),
    undefined,
  );
}

// ---- Broadcasting and its adjoint ------------------------------------------------------------------------------

/** Throws `RangeError` unless `target` repeats to `from`. */
export function requireReducible(name: string, from: Shape, target: Shape): void {
  const fits =
    target.length <= from.length &&
    target.every((length, k) => length === 1 || length === from[from.length - target.length + k]);
  if (!fits) {
    throw new RangeError(`${name}: the shape ${formatShape(from)} does not reduce to ${formatShape(target)}`);
  }
}

/** The grid of a shape whose numbers go to (or come from) the broadcastable shape `target`. */
export const gridTo = (shape: Shape, target: Shape): Grid =>
  gridOf(shape, broadcastStrides(target, shape), stridesOf(shape));

/** The transpose of repeating: sums what broadcasting would have repeated. */
const summing: Primitive<Shape> = {
  name: 'sumTo',
  form: 'linear',
  shape([x], target) {
    requireReducible('sumTo', x!, target);
    return target;
  },
  prepare(target, [shape]) {
    const grid = gridTo(shape!, target);
    const { n, stepA } = grid;
    return (out, [x]) => {
      out.fill(0);
      forRuns(grid, (_, o, i) => {
        if (stepA === 0) {
          let total = out[o]!;
          for (let k = 0; k < n; k++) total += x![i + k]!;
          out[o] = total;
        } else {
          for (let k = 0; k < n; k++) out[o + k]! += x![i + k]!;
        }
      });
    };
  },
  native({ size, out, inputs: [x] }, target) {
    const { blocksA, blocksB, rows, rowA, n, stepA } = gridTo(x!.shape, target);
    if (blocksA.length === 1 && rowA === 0 && stepA === 1) {
      return kernels => kernels.sumRows(out.address, x!.address, rows, n);
    }
    if (size === 8 || stepA !== 0) return undefined;
    return kernels => {
      kernels.clear!(out.address, sizeOf(target));
      for (let k = 0; k < blocksA.length; k++) {
        kernels.sumRuns!(out.address + 4 * blocksA[k]!, 4 * rowA, x!.address + 4 * blocksB[k]!, rows, n);
      }
    };
  },
  vjp: (ct, _, [x]) => broadcastTo(ct, x!.shape),
};

const repeating: Primitive<Shape> = {
  name: 'broadcastTo',
  form: 'linear',
  shape([x], target) {
    if (!sameShape(broadcastShape('broadcastTo', x!, target), target)) {
      throw new RangeError(
        `broadcastTo: the shape ${formatShape(x!)} does not repeat to ${formatShape(target)}`,
      );
    }
    return target;
  },
  prepare(target, [shape]) {
    const strides = broadcastStrides(shape!, target);
    const grid = gridOf(target, strides, stridesOf(target));
    const { n, stepA } = grid;
    return (out, [x]) =>
      forRuns(grid, (_, a, o) => {
        for (let k = 0; k < n; k++) out[o + k] = x![a + k * stepA]!;
      });
  },
  vjp: (ct, _, [x]) => sumTo(ct, x!.shape),
};

/** Repeats `x` along axes of length 1 and new leading axes until it has `shape`. */
export function broadcastTo(x: Tensor, shape: Shape): Tensor {
  return sameShape(x.shape, shape) ? x : apply(repeating, [x], shape);
}
/** Sums `x` down to `shape`, which must broadcast to the shape of `x`: the adjoint of `broadcastTo`. */
export function sumTo(x: Tensor, shape: Shape): Tensor {
  return sameShape(x.shape, shape) ? x : apply(summing, [x], shape);
}
/** The rows of this file, by name. */
export const arithmeticRows = {
  ...rows,
  ...pairs,
  clip: clipping,
  where: choice,
  sumTo: summing,
  broadcastTo: repeating,
} as const;
