/** Gradient clipping by the norm of the whole (Pascanu, Mikolov & Bengio 2013). */
import type { Floats } from '../../diff/tensor.ts';

/** √Σ g² over several arrays, also where the squares would overflow. */
export function globalNorm(gradients: readonly Floats[]): number {
  let squares = 0;
  for (const g of gradients) for (let i = 0; i < g.length; i++) squares += g[i]! * g[i]!;
  if (squares !== Number.POSITIVE_INFINITY) return Math.sqrt(squares);
  let most = 0;
  for (const g of gradients) for (let i = 0; i < g.length; i++) most = Math.max(most, Math.abs(g[i]!));
  return most === squares ? most : most * globalNorm(gradients.map(g => Float64Array.from(g, x => x / most)));
}

/**
 * Scales the arrays in place so that their norm together is at most `limit`; returns the norm
 * before. An infinite one is left as it is: there is no scale to bring it back by.
 */
export function clipGlobalNorm(gradients: readonly Floats[], limit: number): number {
  const norm = globalNorm(gradients);
  if (norm > limit && norm !== Number.POSITIVE_INFINITY) {
    const scale = limit / norm;
    for (const g of gradients) for (let i = 0; i < g.length; i++) g[i]! *= scale;
  }
  return norm;
}
