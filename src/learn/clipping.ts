/** Gradient clipping by the norm of the whole (Pascanu, Mikolov & Bengio 2013). */
import type { Floats } from '../diff/tensor.ts';

/** √Σ g² over several arrays. */
export function globalNorm(gradients: readonly Floats[]): number {
  let squares = 0;
  for (const g of gradients) for (let i = 0; i < g.length; i++) squares += g[i]! * g[i]!;
  return Math.sqrt(squares);
}

/** Scales the arrays in place so that their norm together is at most `limit`; returns the norm before. */
export function clipGlobalNorm(gradients: readonly Floats[], limit: number): number {
  const norm = globalNorm(gradients);
  if (norm > limit) {
    const scale = limit / norm;
    for (const g of gradients) for (let i = 0; i < g.length; i++) g[i]! *= scale;
  }
  return norm;
}
