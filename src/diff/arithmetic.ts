/**
 * Arithmetic: elementwise operations, broadcasting and reductions. Each operation is a row of a table, its forward
 * and its vector–Jacobian product side by side, and a function that people call.
 *
 * Elementwise operations broadcast as NumPy does: shapes are aligned at the last axis, and an axis of length 1 is
 * repeated. Where a function has a kink, the derivative used is said at its row. NaN in gives NaN out.
 */
import { normaliseAxis, reshape } from './arrangement.ts';
import { broadcastBinary, broadcastStrides, stridesOf, walk } from './kernels.ts';
import { formatShape, full, type Shape, sameShape, sizeOf, type Tensor } from './tensor.ts';
import { apply, type Primitive } from './trace.ts';

/** What elementwise operations take: a number counts as a tensor of shape `[]`. */
export type Operand = Tensor | number;

const lift = (x: Operand): Tensor => (typeof x === 'number' ? full([], x) : x);

// ---- Elementwise, one input -----------------------------------------------------------------------------------

/** A row for y = f(x), with ct·f′ given by the row's own words in `pullback`. */
function elementwise(
  name: string,
  f: (x: number) => number,
  pullback: (ct: Tensor, x: Tensor, y: Tensor) => Tensor,
): Primitive<undefined> {
  return {
    name,
    shape: ([x]) => x!,
    run(out, _, [x]) {
      const { data } = x!;
      for (let i = 0; i < out.length; i++) out[i] = f(data[i]!);
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
    x => -x,
    ct => neg(ct),
  ),
  exp: elementwise('exp', Math.exp, (ct, _, y) => mul(ct, y)),
  log: elementwise('log', Math.log, (ct, x) => div(ct, x)),
  sqrt: elementwise('sqrt', Math.sqrt, (ct, _, y) => div(ct, mul(y, 2))),
  tanh: elementwise('tanh', Math.tanh, (ct, _, y) => mul(ct, sub(1, mul(y, y)))),
  sigmoid: elementwise('sigmoid', stableSigmoid, (ct, _, y) => mul(ct, mul(y, sub(1, y)))),
  softplus: elementwise('softplus', stableSoftplus, (ct, x) => mul(ct, sigmoid(x))),
  /** Derivative 0 at the kink. */
  relu: elementwise(
    'relu',
    x => Math.max(x, 0),
    (ct, x) => mul(ct, step(x)),
  ),
  /** Derivative 0 at the kink. */
  abs: elementwise('abs', Math.abs, (ct, x) => mul(ct, sign(x))),
  /** 1 where x > 0, else 0; flat, so its derivative is 0. */
  step: elementwise('step', x => (x > 0 ? 1 : x <= 0 ? 0 : Number.NaN), nowhere),
  sign: elementwise('sign', Math.sign, nowhere),
  /** Passes the value and lets no gradient through. */
  stopGradient: elementwise('stopGradient', x => x, nowhere),
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

function broadcasting(
  name: string,
  f: (a: number, b: number) => number,
  pullback: (ct: Tensor, argument: number, a: Tensor, b: Tensor, y: Tensor) => Tensor,
): Primitive<undefined> {
  return {
    name,
    shape: ([a, b]) => broadcastShape(name, a!, b!),
    run: (out, shape, [a, b]) => broadcastBinary(out, shape, a!, b!, f),
    vjp: (ct, argument, inputs, y) =>
      sumTo(pullback(ct, argument, inputs[0]!, inputs[1]!, y), inputs[argument]!.shape),
  };
}

// x^(y−1)·y with 0⁰·0 in place of 0⁻¹·0 where y = 0, so that a constant term has derivative 0 everywhere.
function powByBase(ct: Tensor, a: Tensor, b: Tensor): Tensor {
  const nonZero = abs(sign(b));
  const exponent = sub(add(b, sub(1, nonZero)), 1);
  return mul(ct, mul(b, pow(a, exponent)));
}
// x^y·log x, and 0 where x ≤ 0: there the power is not differentiable in its exponent.
function powByExponent(ct: Tensor, a: Tensor, y: Tensor): Tensor {
  const positive = step(a);
  return mul(ct, mul(mul(y, positive), log(where(positive, a, 1))));
}

const pairs = {
  add: broadcasting(
    'add',
    (a, b) => a + b,
    ct => ct,
  ),
  sub: broadcasting(
    'sub',
    (a, b) => a - b,
    (ct, argument) => (argument === 0 ? ct : neg(ct)),
  ),
  mul: broadcasting(
    'mul',
    (a, b) => a * b,
    (ct, argument, a, b) => mul(ct, argument === 0 ? b : a),
  ),
  div: broadcasting(
    'div',
    (a, b) => a / b,
    (ct, argument, _, b, y) => (argument === 0 ? div(ct, b) : neg(div(mul(ct, y), b))),
  ),
  pow: broadcasting(
    'pow',
    (a, b) => a ** b,
    (ct, argument, a, b, y) => (argument === 0 ? powByBase(ct, a, b) : powByExponent(ct, a, y)),
  ),
} satisfies Record<string, Primitive<undefined>>;

export const add = (a: Operand, b: Operand): Tensor => apply(pairs.add, [lift(a), lift(b)], undefined);
export const sub = (a: Operand, b: Operand): Tensor => apply(pairs.sub, [lift(a), lift(b)], undefined);
export const mul = (a: Operand, b: Operand): Tensor => apply(pairs.mul, [lift(a), lift(b)], undefined);
export const div = (a: Operand, b: Operand): Tensor => apply(pairs.div, [lift(a), lift(b)], undefined);
/** a^b. The derivative by b is taken as 0 where a ≤ 0. */
export const pow = (a: Operand, b: Operand): Tensor => apply(pairs.pow, [lift(a), lift(b)], undefined);

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
  run(out, _, [mask, a, b]) {
    for (let i = 0; i < out.length; i++) out[i] = mask!.data[i] !== 0 ? a!.data[i]! : b!.data[i]!;
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

// ---- Broadcasting and reductions ------------------------------------------------------------------------------

/** What reductions take: the axes to reduce (default all; negative counts from the end) and whether to keep them. */
export interface ReduceOptions {
  readonly axis?: number | readonly number[];
  /** Keep each reduced axis with length 1. Default false. */
  readonly keepDims?: boolean;
}

/** The shape with every reduced axis at length 1, and the shape without them. */
function reducedShapes(name: string, shape: Shape, options: ReduceOptions): { kept: Shape; dropped: Shape } {
  const asked = options.axis ?? shape.map((_, axis) => axis);
  const axes = new Set([asked].flat().map(axis => normaliseAxis(name, axis, shape)));
  return {
    kept: shape.map((length, axis) => (axes.has(axis) ? 1 : length)),
    dropped: shape.filter((_, axis) => !axes.has(axis)),
  };
}

/** A row that reduces to the broadcastable shape it is told. */
type Reduction = Primitive<Shape>;

function largestTo(out: Float64Array, target: Shape, { shape, data }: Tensor): void {
  out.fill(Number.NEGATIVE_INFINITY);
  walk(shape, broadcastStrides(target, shape), stridesOf(shape), (_, o, i) => {
    const value = data[i]!;
    if (value > out[o]! || Number.isNaN(value)) out[o] = value;
  });
}

const reductions = {
  /** The transpose of repeating: sums what broadcasting would have repeated. */
  sumTo: {
    name: 'sumTo',
    shape: (_, target) => target,
    run(out, target, [x]) {
      const { shape, data } = x!;
      walk(shape, broadcastStrides(target, shape), stridesOf(shape), (_, o, i) => {
        out[o]! += data[i]!;
      });
    },
    vjp: (ct, _, [x]) => broadcastTo(ct, x!.shape),
  },
  /** The gradient at a tie is split evenly among the equal largest. */
  max: {
    name: 'max',
    shape: (_, target) => target,
    run: (out, target, [x]) => largestTo(out, target, x!),
    vjp: (ct, _, [x], y) => mul(ct, maxShare(x!, y.shape)),
  },
  logSumExp: {
    name: 'logSumExp',
    shape: (_, target) => target,
    run(out, target, [x]) {
      const { shape, data } = x!;
      const strides = broadcastStrides(target, shape);
      const own = stridesOf(shape);
      const largest = new Float64Array(out.length);
      largestTo(largest, target, x!);
      walk(shape, strides, own, (_, o, i) => {
        out[o]! += data[i] === largest[o] ? 1 : Math.exp(data[i]! - largest[o]!);
      });
      for (let o = 0; o < out.length; o++) out[o] = largest[o]! + Math.log(out[o]!);
    },
    vjp: (ct, _, [x], y) => mul(ct, softmaxTo(x!, y.shape)),
  },
} satisfies Record<string, Reduction>;

const repeating: Primitive<Shape> = {
  name: 'broadcastTo',
  shape([x], target) {
    if (!sameShape(broadcastShape('broadcastTo', x!, target), target)) {
      throw new RangeError(
        `broadcastTo: the shape ${formatShape(x!)} does not repeat to ${formatShape(target)}`,
      );
    }
    return target;
  },
  run(out, target, [x]) {
    const { shape, data } = x!;
    const strides = broadcastStrides(shape, target);
    walk(target, strides, strides, (i, a) => {
      out[i] = data[a]!;
    });
  },
  vjp: (ct, _, [x]) => sumTo(ct, x!.shape),
};

/** Which share of the largest value each element holds: 1/(number of ties) where it is the largest, else 0. Flat. */
const sharing: Reduction = {
  name: 'maxShare',
  shape: ([x]) => x!,
  run(out, shape, [x], target) {
    const { data } = x!;
    const strides = broadcastStrides(target, shape);
    const own = stridesOf(shape);
    const largest = new Float64Array(sizeOf(target));
    largestTo(largest, target, x!);
    const ties = new Float64Array(largest.length);
    walk(shape, strides, own, (_, o, i) => {
      if (data[i] === largest[o]) ties[o]!++;
    });
    walk(shape, strides, own, (_, o, i) => {
      out[i] = data[i] === largest[o] ? 1 / ties[o]! : 0;
    });
  },
  vjp: nowhere,
};

/** e^x over its sum along the axes where `target` has length 1. */
const normalising: Reduction = {
  name: 'softmax',
  shape: ([x]) => x!,
  run(out, shape, [x], target) {
    const { data } = x!;
    const strides = broadcastStrides(target, shape);
    const own = stridesOf(shape);
    const largest = new Float64Array(sizeOf(target));
    largestTo(largest, target, x!);
    const sums = new Float64Array(largest.length);
    walk(shape, strides, own, (_, o, i) => {
      // An element equal to the largest counts 1 also when both are infinite.
      out[i] = data[i] === largest[o] ? 1 : Math.exp(data[i]! - largest[o]!);
      sums[o]! += out[i]!;
    });
    walk(shape, strides, own, (_, o, i) => {
      out[i]! /= sums[o]!;
    });
  },
  vjp: (ct, _, _inputs, y, target) => {
    const weighted = mul(ct, y);
    return sub(weighted, mul(y, sumTo(weighted, target)));
  },
};

/** Repeats `x` along axes of length 1 and new leading axes until it has `shape`. */
export function broadcastTo(x: Tensor, shape: Shape): Tensor {
  return sameShape(x.shape, shape) ? x : apply(repeating, [x], shape);
}
/** Sums `x` down to `shape`, which must broadcast to the shape of `x`: the adjoint of `broadcastTo`. */
export function sumTo(x: Tensor, shape: Shape): Tensor {
  if (sameShape(x.shape, shape)) return x;
  repeating.shape([shape], x.shape);
  return apply(reductions.sumTo, [x], shape);
}
function maxShare(x: Tensor, target: Shape): Tensor {
  return apply(sharing, [x], target);
}
function softmaxTo(x: Tensor, target: Shape): Tensor {
  return apply(normalising, [x], target);
}

function reduce(row: Reduction, x: Tensor, options: ReduceOptions): Tensor {
  const { kept, dropped } = reducedShapes(row.name, x.shape, options);
  const reduced = apply(row, [x], kept);
  return options.keepDims ? reduced : reshape(reduced, dropped);
}

function refuseEmpty(name: string, x: Tensor): void {
  if (x.data.length === 0)
    throw new RangeError(`${name}: the shape ${formatShape(x.shape)} holds no numbers`);
}

/** Sum over axes. */
export const sum = (x: Tensor, options: ReduceOptions = {}): Tensor => reduce(reductions.sumTo, x, options);
/** Mean over axes. Throws `RangeError` when there is nothing to average. */
export function mean(x: Tensor, options: ReduceOptions = {}): Tensor {
  refuseEmpty('mean', x);
  const total = sum(x, options);
  return mul(total, total.data.length / x.data.length);
}
/** Largest over axes; NaN if any is NaN. The gradient at a tie is split evenly. Throws `RangeError` on nothing. */
export function max(x: Tensor, options: ReduceOptions = {}): Tensor {
  refuseEmpty('max', x);
  return reduce(reductions.max, x, options);
}
/** Smallest over axes, as `max`. */
export const min = (x: Tensor, options: ReduceOptions = {}): Tensor => neg(max(neg(x), options));
/** log Σ e^x over axes, without overflow. */
export function logSumExp(x: Tensor, options: ReduceOptions = {}): Tensor {
  refuseEmpty('logSumExp', x);
  return reduce(reductions.logSumExp, x, options);
}
/** e^x / Σ e^x along one axis (default the last). */
export function softmax(x: Tensor, axis = -1): Tensor {
  refuseEmpty('softmax', x);
  return softmaxTo(x, reducedShapes('softmax', x.shape, { axis }).kept);
}
/** x − log Σ e^x along one axis (default the last): the logarithm of `softmax`, without its underflow. */
export function logSoftmax(x: Tensor, axis = -1): Tensor {
  return sub(x, logSumExp(x, { axis, keepDims: true }));
}

/** The rows of this file, by name. */
export const arithmeticRows = {
  ...rows,
  ...pairs,
  ...reductions,
  where: choice,
  broadcastTo: repeating,
  maxShare: sharing,
  softmax: normalising,
} as const;
