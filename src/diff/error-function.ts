/**
 * The error function erf x = 2/√π ∫₀ˣ e^(−t²) dt (Abramowitz & Stegun 1964, ch. 7), to a few units in the last place: near
 * 0 by its series of positive terms (7.1.6), beyond by the continued fraction of its complement (7.1.14). NaN in gives
 * NaN out.
 */
import { elementwise, lift, maskedMul, mul, neg, type Operand } from './arithmetic.ts';
import { exp } from './elementwise.ts';
import { apply } from './tape.ts';
import type { Tensor } from './tensor.ts';

const twoOverRootPi = 2 / Math.sqrt(Math.PI);
/** The bounds between the series, the continued fraction, and 1 − erf x being below the precision of 1. */
const seriesEnds = 2.5;
const flatFrom = 6;

/** 2/√π e^(−x²) Σ 2ⁿ x^(2n+1) / (1·3·…·(2n+1)). */
function erfSeries(x: number): number {
  let term = x;
  let sum = x;
  for (let n = 1; Math.abs(term) > 1e-17 * Math.abs(sum); n++) {
    term *= (2 * x * x) / (2 * n + 1);
    sum += term;
  }
  return twoOverRootPi * Math.exp(-x * x) * sum;
}

/**
 * The complement 1 − erf x for x ≥ 2.5: e^(−x²)/√π over x + ½/(x + 1/(x + ³⁄₂/(x + …))), evaluated from a sufficiently
 * deep term upwards.
 */
function erfComplement(x: number): number {
  let fraction = x;
  for (let n = 60; n >= 1; n--) fraction = x + n / 2 / fraction;
  return Math.exp(-x * x) / Math.sqrt(Math.PI) / fraction;
}

/** The error function of a single number. */
export function erfOf(x: number): number {
  const size = Math.abs(x);
  if (size < seriesEnds) return erfSeries(x);
  if (Number.isNaN(x)) return Number.NaN;
  return Math.sign(x) * (size < flatFrom ? 1 - erfComplement(size) : 1);
}

const row = elementwise(
  'erf',
  (y, x) => {
    for (let i = 0; i < y.length; i++) y[i] = erfOf(x[i]!);
  },
  (ct, x) => maskedMul(ct, mul(exp(neg(mul(x, x))), twoOverRootPi)),
);

/**
 * The error function, elementwise. The standard normal distribution function is Φ(z) = ½(1 + erf(z/√2)).
 *
 * @example erf(0).data // => [0]
 */
export const erf = (x: Operand): Tensor => apply(row, [lift(x)], undefined);

/** The primitives of this file, by name. */
export const errorFunctionRows = { erf: row } as const;
