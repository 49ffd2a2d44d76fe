/**
 * The largest curvature of the loss, which bounds the learning rate of gradient descent: on a quadratic whose largest
 * curvature is λ it converges for rates below 2/λ and diverges above.
 */
import { hessianVectorProduct } from '../../diff/grad.ts';
import { type Tensor, tensor } from '../../diff/tensor.ts';
import type { Random } from '../../random.ts';
import { short } from './format-number.ts';

export interface Curvature {
  /** The largest eigenvalue of the Hessian; a lower bound of it when not converged. */
  readonly eigenvalue: number;
  /** |Hv − λv| / |λ| for the unit vector found. Some eigenvalue lies within this relative distance of λ. */
  readonly residual: number;
  readonly iterations: number;
  /** Whether the residual fell below the tolerance. */
  readonly converged: boolean;
  /** 2/λ; undefined when λ has not converged or is not positive. */
  readonly largestStableRate: number | undefined;
}

export interface CurvatureOptions {
  /** Limit of each of the two power iterations. Default 100. */
  readonly maxIterations?: number;
  /** Residual below which the iteration has converged. Default 1e-3. */
  readonly tolerance?: number;
}

/**
 * The largest Hessian eigenvalue of a scalar function `f` of one tensor at `w`, by power iteration on Hessian–vector
 * products (Pearlmutter 1994; used for learning rates by LeCun, Simard & Pearlmutter 1993). Power iteration finds the
 * eigenvalue of largest magnitude; where that is negative, or not unique, a second iteration continues with H + σI,
 * whose largest eigenvalue is that of H plus σ.
 *
 * @example
 * largestCurvature(w => sum(mul(w, w)), tensor([1, 2]), createRandom(1)).eigenvalue.toFixed(6) // => '2.000000'
 */
export function largestCurvature(
  f: (w: Tensor) => Tensor,
  w: Tensor,
  random: Random,
  { maxIterations = 100, tolerance = 1e-3 }: CurvatureOptions = {},
): Curvature {
  const product = (v: Float64Array): Float64Array => hessianVectorProduct(f, w, tensor(v, w.shape)).data;
  const start = unit(Float64Array.from(w.data, () => random.normal()));
  const plain = iterate(product, start, 0, maxIterations, tolerance);
  let found = plain;
  let { iterations } = plain;
  if (!(plain.residual <= tolerance && plain.eigenvalue >= 0)) {
    const shifted = iterate(product, start, plain.size, maxIterations, tolerance);
    iterations += shifted.iterations;
    // Neither exceeds λmax, so the larger one is the better estimate.
    if (shifted.residual <= tolerance || shifted.eigenvalue > plain.eigenvalue) found = shifted;
  }
  const { eigenvalue, residual } = found;
  const converged = residual <= tolerance;
  return {
    ...{ eigenvalue, residual, iterations, converged },
    largestStableRate: converged && eigenvalue > 0 ? 2 / eigenvalue : undefined,
  };
}

/** Power iteration on H + shift·I from `v`; `size` is |Hv| at the end. */
function iterate(
  product: (v: Float64Array) => Float64Array,
  v: Float64Array,
  shift: number,
  maxIterations: number,
  tolerance: number,
) {
  let [eigenvalue, residual, size, iterations] = [0, Number.POSITIVE_INFINITY, 0, 0];
  while (iterations < maxIterations) {
    const h = product(v);
    iterations++;
    size = norm(h);
    eigenvalue = h.reduce((sum, x, k) => sum + x * v[k]!, 0);
    const error = norm(h.map((x, k) => x - eigenvalue * v[k]!));
    residual = error === 0 ? 0 : error / Math.abs(eigenvalue);
    if (residual <= tolerance) break;
    v = unit(h.map((x, k) => x + shift * v[k]!));
  }
  return { eigenvalue, residual, size, iterations };
}

/** √Σ x², without underflow. */
function norm(v: Float64Array): number {
  const most = v.reduce((largest, x) => Math.max(largest, Math.abs(x)), 0);
  return most === 0 ? 0 : most * Math.sqrt(v.reduce((sum, x) => sum + (x / most) ** 2, 0));
}

function unit(v: Float64Array): Float64Array {
  const size = norm(v);
  return v.map(x => x / size);
}

/**
 * A curvature, and the bound on the learning rate that follows from it, as a sentence.
 *
 * @example
 * describeCurvature(largestCurvature(w => sum(mul(w, w)), tensor([1, 2]), createRandom(1))) // => 'λmax = 2; gradient descent converges below 2/λmax = 1'
 */
export function describeCurvature({
  eigenvalue,
  residual,
  iterations,
  converged,
  largestStableRate,
}: Curvature): string {
  if (largestStableRate !== undefined) {
    return `λmax = ${short(eigenvalue)}; gradient descent converges below 2/λmax = ${short(largestStableRate)}`;
  }
  if (converged)
    return `λmax = ${short(eigenvalue)}: the loss has no positive curvature, so the rate is not bounded`;
  const known =
    eigenvalue > 0
      ? `λmax is at least ${short(eigenvalue)}, so gradient descent converges below a rate of at most ${short(2 / eigenvalue)}`
      : 'no bound on the rate is known';
  return `not converged in ${iterations} iterations (residual ${short(residual)}): ${known}`;
}
