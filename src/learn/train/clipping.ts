/** Gradient clipping by the global norm (Pascanu, Mikolov & Bengio 2013). */
import type { Floats } from '../../diff/tensor.ts';

/** The global norm √Σ g² over several arrays, without overflow of the squares. */
export function globalNorm(gradients: readonly Floats[]): number {
  let squares = 0;
  for (const g of gradients) for (let i = 0; i < g.length; i++) squares += g[i]! * g[i]!;
  if (squares !== Number.POSITIVE_INFINITY) return Math.sqrt(squares);
  let most = 0;
  for (const g of gradients) for (let i = 0; i < g.length; i++) most = Math.max(most, Math.abs(g[i]!));
  return most === squares ? most : most * globalNorm(gradients.map(g => Float64Array.from(g, x => x / most)));
}

/**
 * Scales the arrays in place so that their global norm is at most `limit`; returns the norm before. Gradients with an
 * infinite norm are left unchanged.
 */
export function clipGlobalNorm(gradients: readonly Floats[], limit: number): number {
  const norm = globalNorm(gradients);
  if (norm > limit && norm !== Number.POSITIVE_INFINITY) {
    const scale = limit / norm;
    for (const g of gradients) for (let i = 0; i < g.length; i++) g[i]! *= scale;
  }
  return norm;
}
