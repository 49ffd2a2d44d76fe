/** The largest curvature against eigenvalues known in closed form, and what it says of gradient descent. */
import { expect, test } from 'vitest';
import { mul, neg } from '../../src/diff/arithmetic.ts';
import { softmaxCrossEntropy, weightedMean } from '../../src/diff/loss.ts';
import { matmul } from '../../src/diff/product.ts';
import { sum } from '../../src/diff/reduction.ts';
import { full, type Tensor, tensor } from '../../src/diff/tensor.ts';
import { largestCurvature } from '../../src/learn/curvature.ts';
import { createRandom } from '../../src/random.ts';

const tight = { tolerance: 1e-9, maxIterations: 1000 };

test('of ½·Σ λ_k w_k² it is the largest λ', () => {
  const lambda = tensor([0.5, 3, 7, 1]);
  const f = (w: Tensor): Tensor => mul(sum(mul(lambda, mul(w, w))), 0.5);
  const found = largestCurvature(f, tensor([1, -2, 3, 4]), createRandom(1), tight);
  expect(found.eigenvalue).toBeCloseTo(7, 9);
  expect(found.largestStableRate).toBeCloseTo(2 / 7, 9);
  expect(found.residual).toBeLessThan(1e-8);
});

test('of logistic loss at 0 it is ¼ of the largest eigenvalue of XᵀX/n', () => {
  // Rows (1, 1), (1, −1), (2, 0): XᵀX/3 = diag(6, 2)/3; at p = ½ the logits share curvature p(1−p)(e₁−e₂)(e₁−e₂)ᵀ.
  const x = tensor([
    [1, 1],
    [1, -1],
    [2, 0],
  ]);
  const targets = tensor([
    [1, 0],
    [0, 1],
    [1, 0],
  ]);
  const f = (w: Tensor): Tensor => weightedMean(softmaxCrossEntropy(matmul(x, w), targets), targets);
  const { eigenvalue } = largestCurvature(f, full([2, 2], 0), createRandom(2), tight);
  expect(eigenvalue).toBeCloseTo(2 * 0.25 * 2, 9);
});

test('where the loss curves down most, or not at all, no rate is bounded', () => {
  const down = largestCurvature(w => neg(sum(mul(w, w))), tensor([1, 2]), createRandom(3));
  expect(down.eigenvalue).toBeCloseTo(-2, 9);
  expect(down.largestStableRate).toBeUndefined();
  expect(largestCurvature(w => sum(w), tensor([1, 2]), createRandom(3)).eigenvalue).toBe(0);
});
