/**
 * How steeply the loss curves, and with it the largest learning rate at which gradient descent can settle: on a
 * quadratic with largest curvature λ the iterates shrink when the rate is below 2/λ and grow above it.
 */
import { hessianVectorProduct } from '../diff/grad.ts';
import { type Tensor, tensor } from '../diff/tensor.ts';
import type { Random } from '../random.ts';

export interface Curvature {
  /** The Hessian eigenvalue of largest size. */
  readonly eigenvalue: number;
  /** |Hv − λv| / |λ| of the unit vector it was found with: small when it has converged. */
  readonly residual: number;
  readonly iterations: number;
  /** 2/λ; undefined when λ is not positive, so that it bounds nothing. */
  readonly largestStableRate: number | undefined;
}

/**
 * The Hessian eigenvalue of largest size of a scalar function `f` of one tensor at `w`, by power iteration on
 * Hessian–vector products (Pearlmutter 1994; LeCun, Simard & Pearlmutter 1993 for its use as a learning rate). Ends
 * when the residual is below `tolerance` or after `maxIterations`.
 */
export function largestCurvature(
  f: (w: Tensor) => Tensor,
  w: Tensor,
  random: Random,
  options: { readonly maxIterations?: number; readonly tolerance?: number } = {},
): Curvature {
  const { maxIterations = 100, tolerance = 1e-3 } = options;
  let v = unit(Float64Array.from(w.data, () => random.normal()));
  let eigenvalue = 0;
  let residual = Number.POSITIVE_INFINITY;
  let iterations = 0;
  while (iterations < maxIterations && residual > tolerance) {
    const h = hessianVectorProduct(f, w, tensor(v, w.shape)).data;
    iterations++;
    eigenvalue = h.reduce((sum, x, k) => sum + x * v[k]!, 0);
    const error = Math.sqrt(h.reduce((sum, x, k) => sum + (x - eigenvalue * v[k]!) ** 2, 0));
    const size = Math.sqrt(h.reduce((sum, x) => sum + x * x, 0));
    if (size === 0) return { eigenvalue: 0, residual: 0, iterations, largestStableRate: undefined };
    residual = error / Math.abs(eigenvalue);
    v = unit(h);
  }
  const largestStableRate = eigenvalue > 0 ? 2 / eigenvalue : undefined;
  return { eigenvalue, residual, iterations, largestStableRate };
}

function unit(v: Float64Array): Float64Array {
  const size = Math.sqrt(v.reduce((sum, x) => sum + x * x, 0));
  return v.map(x => x / size);
}
