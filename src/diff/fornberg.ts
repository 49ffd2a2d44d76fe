/**
 * Finite-difference weights for derivatives of any order on arbitrarily spaced nodes, after B. Fornberg, "Generation of
 * finite difference formulas on arbitrarily spaced grids", Math. Comp. 51:699–706, 1988.
 */
import { InputError } from '../input-error.ts';

/**
 * Weights w such that Σ w[k]·f(nodes[k]) ≈ f⁽ᵐ⁾(at), m = `derivativeOrder`; exact for polynomials of degree below
 * `nodes.length`. In units of 1/node-unit^m: for nodes in samples, multiply by samplingFrequency^m.
 *
 * Throws `RangeError` when the order is not a non-negative integer, when there are not more nodes than the order, when
 * two nodes coincide, or when a node is not finite.
 *
 * @example fornbergWeights(1, [-1, 0, 1], 0) // => [-0.5, 0, 0.5]
 */
export function fornbergWeights(
  derivativeOrder: number,
  nodes: ArrayLike<number>,
  at: number,
): Float64Array<ArrayBuffer> {
  const n = nodes.length;
  if (!Number.isInteger(derivativeOrder) || derivativeOrder < 0) {
    throw new InputError(`derivative order must be a non-negative integer, not ${derivativeOrder}`);
  }
  if (n <= derivativeOrder) {
    throw new InputError(
      `derivative ${derivativeOrder} needs at least ${derivativeOrder + 1} nodes, there are ${n}`,
    );
  }
  for (let i = 0; i < n; i++) {
    if (!Number.isFinite(nodes[i]!)) throw new InputError(`node ${i} is ${nodes[i]}`);
    for (let j = 0; j < i; j++) {
      if (nodes[i] === nodes[j]) throw new InputError(`nodes ${j} and ${i} are both ${nodes[i]}`);
    }
  }
  // weights[m][k]: the weight of node k for derivative m, over the nodes 0…i processed so far.
  const weights = Array.from({ length: derivativeOrder + 1 }, () => new Float64Array(n));
  weights[0]![0] = 1;
  let spread = 1; // ∏ (nodes[i−1] − nodes[j]), j < i−1
  for (let i = 1; i < n; i++) {
    const highest = Math.min(i, derivativeOrder);
    const here = nodes[i]! - at;
    const before = nodes[i - 1]! - at;
    let nextSpread = 1;
    for (let j = 0; j < i; j++) {
      const distance = nodes[i]! - nodes[j]!;
      nextSpread *= distance;
      if (j === i - 1) {
        for (let m = highest; m > 0; m--) {
          weights[m]![i] =
            (spread * (m * weights[m - 1]![i - 1]! - before * weights[m]![i - 1]!)) / nextSpread;
        }
        weights[0]![i] = (-spread * before * weights[0]![i - 1]!) / nextSpread;
      }
      for (let m = highest; m > 0; m--) {
        weights[m]![j] = (here * weights[m]![j]! - m * weights[m - 1]![j]!) / distance;
      }
      weights[0]![j] = (here * weights[0]![j]!) / distance;
    }
    spread = nextSpread;
  }
  return weights[derivativeOrder]!;
}
