/**
 * Elementwise functions. Each primitive defines its forward computation and its vector–Jacobian product side by side;
 * where a function is not differentiable, the subgradient used is stated. NaN propagates.
 */
import { InputError } from '../input-error.ts';
import {
  add,
  broadcasting,
  div,
  elementwise,
  gate,
  lift,
  maskedMul,
  mul,
  neg,
  type Operand,
  sub,
  zeroGradient,
} from './arithmetic.ts';
import { apply, isTraced, type Primitive, untraced } from './tape.ts';
import type { Tensor } from './tensor.ts';
import { where } from './where.ts';

/** σ(x) without overflow. */
export const stableSigmoid = (x: number): number => {
  if (x >= 0) return 1 / (1 + Math.exp(-x));
  const e = Math.exp(x);
  return e / (1 + e);
};
/** Softplus log(1 + e^x) as max(x, 0) + log(1 + e^−|x|), without overflow or loss of small values. */
export const stableSoftplus = (x: number): number => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));

const rows = {
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
  log1p: elementwise(
    'log1p',
    (y, x) => {
      for (let i = 0; i < y.length; i++) y[i] = Math.log1p(x[i]!);
    },
    (ct, x) => maskedMul(div(1, add(1, x)), ct),
  ),
  sin: elementwise(
    'sin',
    (y, x) => {
      for (let i = 0; i < y.length; i++) y[i] = Math.sin(x[i]!);
    },
    (ct, x) => maskedMul(ct, cos(x)),
  ),
  cos: elementwise(
    'cos',
    (y, x) => {
      for (let i = 0; i < y.length; i++) y[i] = Math.cos(x[i]!);
    },
    (ct, x) => neg(maskedMul(ct, sin(x))),
  ),
  tanh: elementwise(
    'tanh',
    (y, x) => {
      for (let i = 0; i < y.length; i++) y[i] = Math.tanh(x[i]!);
    },
    (ct, _, y) => maskedMul(ct, sub(1, mul(y, y))),
    'tanh',
  ),
  sigmoid: elementwise(
    'sigmoid',
    (y, x) => {
      for (let i = 0; i < y.length; i++) y[i] = stableSigmoid(x[i]!);
    },
    (ct, _, y) => maskedMul(ct, mul(y, sub(1, y))),
    'sigmoid',
  ),
  softplus: elementwise(
    'softplus',
    (y, x) => {
      for (let i = 0; i < y.length; i++) y[i] = stableSoftplus(x[i]!);
    },
    (ct, x) => maskedMul(ct, sigmoid(x)),
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
  /** 1 where x > 0, else 0; its derivative is 0. */
  step: elementwise(
    'step',
    (y, x) => {
      for (let i = 0; i < y.length; i++) y[i] = x[i]! > 0 ? 1 : x[i]! <= 0 ? 0 : Number.NaN;
    },
    zeroGradient,
  ),
  sign: elementwise(
    'sign',
    (y, x) => {
      for (let i = 0; i < y.length; i++) y[i] = Math.sign(x[i]!);
    },
    zeroGradient,
  ),
  /** The identity, with a zero gradient. */
  stopGradient: {
    ...elementwise('stopGradient', (y, x) => y.set(x), zeroGradient),
    alias: true,
  },
} satisfies Record<string, Primitive<undefined>>;

// y·x^(y−1), and 0 where y = 0 whatever x is: x⁰ is constant.
function powByBase(ct: Tensor, a: Tensor, b: Tensor): Tensor {
  return maskedMul(maskedMul(b, pow(a, sub(b, 1))), ct);
}
// x^y·log x, and 0 where x ≤ 0, where the power is not differentiable in its exponent.
function powByExponent(ct: Tensor, a: Tensor, y: Tensor): Tensor {
  const positive = step(a);
  return maskedMul(mul(mul(y, positive), log(where(positive, a, 1))), ct);
}

const power = broadcasting(
  'pow',
  (out, o, a, i, da, b, j, db, n) => {
    for (let k = 0; k < n; k++) out[o + k] = a[i + k * da]! ** b[j + k * db]!;
  },
  (ct, argument, a, b, y) => (argument === 0 ? powByBase(ct, a, b) : powByExponent(ct, a, y)),
);

/**
 * e^x, elementwise.
 *
 * @example exp(tensor([0, 1])).data // => [1, 2.7182…]
 */
export const exp = (x: Operand): Tensor => apply(rows.exp, [lift(x)], undefined);
/**
 * The natural logarithm, elementwise; −∞ at 0, NaN below.
 *
 * @example log(tensor([1, 0])).data // => [0, -Infinity]
 */
export const log = (x: Operand): Tensor => apply(rows.log, [lift(x)], undefined);
/**
 * The square root, elementwise; NaN below 0.
 *
 * @example sqrt(tensor([4, 9])).data // => [2, 3]
 */
export const sqrt = (x: Operand): Tensor => apply(rows.sqrt, [lift(x)], undefined);
/**
 * log(1 + x), accurate for small x.
 *
 * @example log1p(1e-20).data // => [1e-20]
 */
export const log1p = (x: Operand): Tensor => apply(rows.log1p, [lift(x)], undefined);
/**
 * The sine of x in radians.
 *
 * @example sin(0).data // => [0]
 */
export const sin = (x: Operand): Tensor => apply(rows.sin, [lift(x)], undefined);
/**
 * The cosine of x in radians.
 *
 * @example cos(0).data // => [1]
 */
export const cos = (x: Operand): Tensor => apply(rows.cos, [lift(x)], undefined);
/**
 * The hyperbolic tangent.
 *
 * @example tanh(0).data // => [0]
 */
export const tanh = (x: Operand): Tensor => apply(rows.tanh, [lift(x)], undefined);
/**
 * 1 / (1 + e^−x), without overflow.
 *
 * @example sigmoid(tensor([0, 1000])).data // => [0.5, 1]
 */
export const sigmoid = (x: Operand): Tensor => apply(rows.sigmoid, [lift(x)], undefined);
/**
 * log(1 + e^x), without overflow.
 *
 * @example softplus(tensor([0, 1000])).data // => [0.6931…, 1000]
 */
export const softplus = (x: Operand): Tensor => apply(rows.softplus, [lift(x)], undefined);
/**
 * max(x, 0); the subgradient at 0 is 0.
 *
 * @example relu(tensor([-2, 3])).data // => [0, 3]
 */
export const relu = (x: Operand): Tensor => apply(rows.relu, [lift(x)], undefined);
/**
 * |x|; the subgradient at 0 is 0.
 *
 * @example abs(tensor([-2, 3])).data // => [2, 3]
 */
export const abs = (x: Operand): Tensor => apply(rows.abs, [lift(x)], undefined);
/**
 * 1 where x > 0, else 0. The gradient is 0.
 *
 * @example step(tensor([-2, 0, 3])).data // => [0, 0, 1]
 */
export const step = (x: Operand): Tensor => apply(rows.step, [lift(x)], undefined);
/**
 * The sign of x: −1, 0 or 1. The gradient is 0.
 *
 * @example sign(tensor([-2, 0, 3])).data // => [-1, 0, 1]
 */
export const sign = (x: Operand): Tensor => apply(rows.sign, [lift(x)], undefined);
/**
 * x as a constant: no gradient flows through it, and its values may be read. Under `compile` it remains a step of the
 * program.
 *
 * @example grad(x => sum(mul(x, stopGradient(x))))(tensor([3])).data // => [3]
 */
export function stopGradient(x: Operand): Tensor {
  const value = untraced(lift(x));
  return isTraced(value) ? apply(rows.stopGradient, [value], undefined) : value;
}

/**
 * a^b, elementwise with broadcasting. The derivative with respect to b is 0 where a ≤ 0. Throws `RangeError` when the
 * shapes do not broadcast.
 *
 * @example pow(tensor([2, 3]), 2).data // => [4, 9]
 */
export const pow = (a: Operand, b: Operand): Tensor => apply(power, [lift(a), lift(b)], undefined);

export interface Bounds {
  readonly low: number;
  readonly high: number;
}

/** Derivative 1 strictly between the bounds, else 0. */
const clipping: Primitive<Bounds> = {
  name: 'clip',
  form: 'diagonal',
  elementwise: true,
  shape: ([x]) => x!,
  prepare:
    (_, _inputs, { low, high }) =>
    (y, [x]) => {
      for (let i = 0; i < y.length; i++) y[i] = Math.min(Math.max(x![i]!, low), high);
    },
  vjp: (ct, _, [x], _output, { low, high }) => gate(ct, mul(step(sub(x!, low)), step(sub(high, x!)))),
};

/**
 * x limited to [`low`, `high`]; NaN stays NaN. The gradient is 0 at and beyond a bound. Throws `RangeError` when low >
 * high.
 *
 * @example clip(tensor([-2, 0.5, 3]), 0, 1).data // => [0, 0.5, 1]
 */
export function clip(x: Operand, low: number, high: number): Tensor {
  if (!(low <= high)) throw new InputError(`clip: the lower bound ${low} is above the upper bound ${high}`);
  return apply(clipping, [lift(x)], { low, high });
}

/** The primitives of this file, by name. */
export const elementwiseRows = { ...rows, pow: power, clip: clipping } as const;
