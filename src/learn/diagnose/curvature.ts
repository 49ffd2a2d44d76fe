/**
 * How steeply the loss curves, and with it the largest learning rate at which gradient descent can settle: on a
 * quadratic with largest curvature λ the iterates shrink when the rate is below 2/λ and grow above it.
 */
import { hessianVectorProduct } from '../../diff/grad.ts';
import { type Tensor, tensor } from '../../diff/tensor.ts';
import type { Random } from '../../random.ts';
import { short } from './format-number.ts';

export interface Curvature {
  /** The largest eigenvalue of the Hessian; when not converged, a number that it is not below. */
  readonly eigenvalue: number;
  /** |Hv − λv| / |λ| of the unit vector it was found with. Some eigenvalue is within this share of it. */
  readonly residual: number;
  readonly iterations: number;
  /** Whether the residual fell below the tolerance. */
  readonly converged: boolean;
  /** 2/λ; undefined when λ has not converged, or is not positive, so that it bounds nothing. */
  readonly largestStableRate: number | undefined;
}

export interface CurvatureOptions {
  /** Of each of the two iterations. Default 100. */
  readonly maxIterations?: number;
  /** Converged when the residual is below this. Default 1e-3. */
  readonly tolerance?: number;
}

/**
 * The largest Hessian eigenvalue of a scalar function `f` of one tensor at `w`, by power iteration on Hessian–vector
 * products (Pearlmutter 1994; LeCun, Simard & Pearlmutter 1993 for its use as a learning rate). Plain iteration finds
 * the eigenvalue of largest size; where that is negative, or not alone, a second one goes on with H + σ, whose largest
 * is that of H plus σ.
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
    // Neither is above λmax, so the larger says more.
    if (shifted.residual <= tolerance || shifted.eigenvalue > plain.eigenvalue) found = shifted;
  }
  const { eigenvalue, residual } = found;
  const converged = residual <= tolerance;
  return {
    ...{ eigenvalue, residual, iterations, converged },
    largestStableRate: converged && eigenvalue > 0 ? 2 / eigenvalue : undefined,
  };
}

/** Power iteration on H + shift from `v`; `size` is |Hv| at the end. */
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
 * A curvature and what it says of the learning rate, for a person.
 *
 * @example
 * describeCurvature(largestCurvature(w => sum(mul(w, w)), tensor([1, 2]), createRandom(1))) // => 'λmax = 2; gradient descent settles below 2/λmax = 1'
 */
export function describeCurvature({
  eigenvalue,
  residual,
  iterations,
  converged,
  largestStableRate,
}: Curvature): string {
  if (largestStableRate !== undefined) {
    return `λmax = ${short(eigenvalue)}; gradient descent settles below 2/λmax = ${short(largestStableRate)}`;
  }
  if (converged) return `λmax = ${short(eigenvalue)}: the loss curves up nowhere, which bounds no rate`;
  const known =
    eigenvalue > 0
      ? `λmax is at least ${short(eigenvalue)}, so gradient descent settles below a rate of at most ${short(2 / eigenvalue)}`
      : 'nothing is known of the rate';
  return `not converged in ${iterations} iterations (residual ${short(residual)}): ${known}`;
}
