/**
 * Finite-difference stencils: weights over neighbouring samples. All interior samples share one stencil, which is
 * applied as a correlation; near the ends, where it would reach outside the signal, each sample has its own.
 *
 * An output is NaN when any sample under its stencil is NaN, even one of weight zero.
 */
import { InputError } from '../input-error.ts';
import { requireSamplingFrequency } from '../sampling-frequency.ts';
import { fornbergWeights } from './fornberg.ts';
import type { LinearOperator } from './operator.ts';

/** y[i] = Σ weights[k]·x[i + first + k]: consecutive samples, starting `first` samples after i. */
export interface Stencil {
  readonly first: number;
  readonly weights: Float64Array;
}

/**
 * The operator that applies `interior` except at the ends: output i < `leading.length` uses `leading[i]`, and the last
 * `trailing.length` outputs use `trailing` in order. The output is as long as the input.
 *
 * Throws `RangeError` when a stencil reaches outside a signal of this length.
 *
 * @example
 * const inside = { first: -1, weights: Float64Array.of(-0.5, 0, 0.5) };
 * const start = { first: 0, weights: Float64Array.of(-1, 1) };
 * const end = { first: -1, weights: Float64Array.of(-1, 1) };
 * stencilOperator(inside, [start], [end], 4).apply(Float64Array.of(0, 1, 4, 9)) // => [1, 2, 4, 5]
 */
export function stencilOperator(
  interior: Stencil,
  leading: readonly Stencil[],
  trailing: readonly Stencil[],
  length: number,
): LinearOperator {
  const begin = leading.length;
  const end = length - trailing.length;
  if (!Number.isInteger(length) || end <= begin) {
    throw new InputError(
      `a signal of ${length} samples is too short: ${begin + trailing.length + 1} are needed`,
    );
  }
  const { first, weights } = interior;
  requireInside(interior, begin, length);
  requireInside(interior, end - 1, length);
  for (const [i, row] of leading.entries()) requireInside(row, i, length);
  for (const [j, row] of trailing.entries()) requireInside(row, end + j, length);

  const apply = (x: Float64Array, out = new Float64Array(length)): Float64Array => {
    requireLength('input', x, length);
    requireLength('output', out, length);
    let i = 0;
    for (; i < begin; i++) out[i] = weighted(leading[i]!, x, i);
    // Four at a time, because each addition to one sum waits for the one before.
    for (; i + 3 < end; i += 4) {
      let a = 0;
      let b = 0;
      let c = 0;
      let d = 0;
      for (let k = 0, at = i + first; k < weights.length; k++, at++) {
        const weight = weights[k]!;
        a += weight * x[at]!;
        b += weight * x[at + 1]!;
        c += weight * x[at + 2]!;
        d += weight * x[at + 3]!;
      }
      out[i] = a;
      out[i + 1] = b;
      out[i + 2] = c;
      out[i + 3] = d;
    }
    for (; i < end; i++) out[i] = weighted(interior, x, i);
    for (i = end; i < length; i++) out[i] = weighted(trailing[i - end]!, x, i);
    return out;
  };

  const adjoint = (y: Float64Array, out = new Float64Array(length)): Float64Array => {
    requireLength('input', y, length);
    requireLength('output', out, length);
    out.fill(0);
    for (let i = 0; i < begin; i++) scatter(leading[i]!, y[i]!, i, out);
    for (let i = begin; i < end; i++) {
      const value = y[i]!;
      for (let k = 0, at = i + first; k < weights.length; k++, at++) out[at]! += weights[k]! * value;
    }
    for (let i = end; i < length; i++) scatter(trailing[i - end]!, y[i]!, i, out);
    return out;
  };

  return { inputLength: length, outputLength: length, apply, adjoint };
}

/**
 * The m-th derivative by finite differences, m = `derivativeOrder`, in input units per second^m: central stencils in
 * the interior, one-sided ones of the same order of accuracy at the ends. The error decreases as h^`accuracyOrder` with
 * the sampling interval h; polynomials of degree below derivativeOrder + accuracyOrder are differentiated exactly.
 * Central stencils have even orders of accuracy: an odd `accuracyOrder` is raised by one.
 *
 * Throws `RangeError` for orders that are not positive integers or a signal shorter than the widest stencil.
 *
 * @example finiteDifference(1, 2, 4, 10).apply(Float64Array.of(0, 1, 4, 9)) // => [0, 20, 40, 60]
 */
export function finiteDifference(
  derivativeOrder: number,
  accuracyOrder: number,
  length: number,
  samplingFrequency: number,
): LinearOperator {
  requireOrder('derivative order', derivativeOrder);
  requireOrder('accuracy order', accuracyOrder);
  requireSamplingFrequency(samplingFrequency);
  const accuracy = accuracyOrder + (accuracyOrder % 2);
  const half = Math.floor((derivativeOrder + 1) / 2) - 1 + accuracy / 2;
  const endNodes = derivativeOrder + accuracy; // never fewer than the 2·half + 1 of the centred stencil
  requireSamples(`derivative ${derivativeOrder} at accuracy order ${accuracy}`, length, endNodes);
  const scale = samplingFrequency ** derivativeOrder;
  // The stencil of an output that uses `count` samples, starting `first` samples after it.
  const row = (first: number, count: number): Stencil => ({
    first,
    weights: fornbergWeights(
      derivativeOrder,
      Float64Array.from({ length: count }, (_, k) => first + k),
      0,
    ).map(weight => weight * scale),
  });
  return stencilOperator(
    row(-half, 2 * half + 1),
    Array.from({ length: half }, (_, i) => row(-i, endNodes)),
    Array.from({ length: half }, (_, j) => row(half - j - endNodes, endNodes)),
    length,
  );
}

/**
 * First derivative by the two-point difference (x[i+1] − x[i])·fs, or with `direction` −1 (x[i] − x[i−1])·fs; the one
 * output that lacks such a neighbour repeats the adjacent difference. Exact on straight lines. The value is the slope
 * half a sample after (before) its index.
 *
 * Throws `RangeError` for fewer than two samples or a sampling frequency that is not positive.
 *
 * @example twoPointDifference(1, 3, 10).apply(Float64Array.of(0, 1, 3)) // => [10, 20, 20]
 */
export function twoPointDifference(
  direction: 1 | -1,
  length: number,
  samplingFrequency: number,
): LinearOperator {
  requireSamplingFrequency(samplingFrequency);
  requireSamples('a two-point difference', length, 2);
  const weights = Float64Array.of(-samplingFrequency, samplingFrequency);
  const ahead: Stencil = { first: 0, weights };
  const behind: Stencil = { first: -1, weights };
  return direction === 1
    ? stencilOperator(ahead, [], [behind], length)
    : stencilOperator(behind, [ahead], [], length);
}

/**
 * First derivative by the five-point filter of Pan & Tompkins, IEEE Trans. Biomed. Eng. 32:230–236, 1985: (−x[i−2] −
 * 2x[i−1] + 2x[i+1] + x[i+2])·fs/8, without the paper's delay of two samples. Exact on parabolas; −3 dB at 0.143·fs.
 * The paper does not define the ends: here the second and the second-to-last sample use the central difference, the
 * first and last the three-point one-sided difference, so that parabolas remain exact.
 *
 * Throws `RangeError` for fewer than five samples or a sampling frequency that is not positive.
 *
 * @example panTompkinsDerivative(5, 10).apply(Float64Array.of(0, 1, 4, 9, 16)) // => [0, 20, 40, 60, 80]
 */
export function panTompkinsDerivative(length: number, samplingFrequency: number): LinearOperator {
  requireSamplingFrequency(samplingFrequency);
  requireSamples('the five-point derivative', length, 5);
  const row = (first: number, ...weights: number[]): Stencil => ({
    first,
    weights: Float64Array.from(weights, weight => weight * samplingFrequency),
  });
  const central = row(-1, -0.5, 0, 0.5);
  return stencilOperator(
    row(-2, -1 / 8, -2 / 8, 0, 2 / 8, 1 / 8),
    [row(0, -1.5, 2, -0.5), central],
    [central, row(-2, 0.5, -2, 1.5)],
    length,
  );
}

/** Throws `RangeError` unless `length` is an integer of at least `shortest` samples. */
export function requireSamples(what: string, length: number, shortest: number): void {
  if (!Number.isInteger(length) || length < shortest) {
    throw new InputError(`${what} needs at least ${shortest} samples, there are ${length}`);
  }
}

/** Throws `RangeError` unless the array has the length that the operator was created for. */
export function requireLength(what: string, array: Float64Array, length: number): void {
  if (array.length !== length) {
    throw new InputError(`${what} has ${array.length} samples, the operator was created for ${length}`);
  }
}

function requireOrder(what: string, order: number): void {
  if (!Number.isInteger(order) || order < 1) {
    throw new InputError(`${what} must be a positive integer, not ${order}`);
  }
}

function requireInside(row: Stencil, at: number, length: number): void {
  const from = at + row.first;
  const last = from + row.weights.length - 1;
  if (from < 0 || last >= length) {
    throw new InputError(`a stencil reaches samples ${from} to ${last} of a signal of ${length} samples`);
  }
}

function weighted(row: Stencil, x: Float64Array, at: number): number {
  const { first, weights } = row;
  let sum = 0;
  for (let k = 0; k < weights.length; k++) sum += weights[k]! * x[at + first + k]!;
  return sum;
}

function scatter(row: Stencil, value: number, at: number, out: Float64Array): void {
  const { first, weights } = row;
  for (let k = 0; k < weights.length; k++) out[at + first + k]! += weights[k]! * value;
}
