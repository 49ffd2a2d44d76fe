/** The largest curvature against eigenvalues known in closed form, and what it says of gradient descent. */
import { expect, test } from 'vitest';
import { mul, neg } from '../../../src/diff/arithmetic.ts';
import { softmaxCrossEntropy, weightedMean } from '../../../src/diff/loss.ts';
import { matmul } from '../../../src/diff/product.ts';
import { sum } from '../../../src/diff/reduction.ts';
import { full, type Tensor, tensor } from '../../../src/diff/tensor.ts';
import { describeCurvature, largestCurvature } from '../../../src/learn/diagnose/curvature.ts';
import { createRandom } from '../../../src/random.ts';

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

test('where the loss curves down everywhere, or not at all, no rate is bounded', () => {
  const down = largestCurvature(w => neg(sum(mul(w, w))), tensor([1, 2]), createRandom(3));
  expect(down.eigenvalue).toBeCloseTo(-2, 9);
  expect(down.converged).toBe(true);
  expect(down.largestStableRate).toBeUndefined();
  const flat = largestCurvature(w => sum(w), tensor([1, 2]), createRandom(3));
  expect(flat.eigenvalue).toBe(0);
  expect(flat.converged).toBe(true);
  expect(describeCurvature(flat)).toMatch(/no positive curvature/);
});

const diagonal =
  (...lambda: number[]) =>
  (w: Tensor): Tensor =>
    mul(sum(mul(tensor(lambda), mul(w, w))), 0.5);

test.each([
  [[-10, 3, 1], 3],
  [[5, -5, 2], 5],
  [[5, -5.0001], 5],
  [[1e-300, 3e-301], 1e-300],
])('of curvatures %j the largest is that upward, however steep the ones downward', (lambda, largest) => {
  const found = largestCurvature(diagonal(...lambda), tensor(lambda.map(() => 1)), createRandom(4), tight);
  expect(found.converged).toBe(true);
  expect(found.eigenvalue / largest).toBeCloseTo(1, 8);
  expect(found.largestStableRate! / (2 / largest)).toBeCloseTo(1, 8);
});

test('what has not converged says so, gives no rate, and bounds it from above', () => {
  const lambda = Array.from({ length: 40 }, (_, k) => 1 + k / 1000);
  const w = tensor(lambda.map(() => 1));
  const found = largestCurvature(diagonal(...lambda), w, createRandom(5), {
    ...{ tolerance: 1e-9, maxIterations: 20 },
  });
  expect(found.converged).toBe(false);
  expect(found.iterations).toBe(40); // 20 plain, 20 shifted
  expect(found.largestStableRate).toBeUndefined();
  expect(found.residual).toBeGreaterThan(1e-9);
  // A Rayleigh quotient is never above the largest eigenvalue.
  expect(found.eigenvalue).toBeLessThanOrEqual(1.039);
  expect(describeCurvature(found)).toMatch(/not converged in 40 iterations.*at least 1\.0.*at most 1\.9/);
  const enough = largestCurvature(diagonal(...lambda), w, createRandom(5), {
    ...{ tolerance: 1e-6, maxIterations: 100_000 },
  });
  expect(enough.converged).toBe(true);
  expect(describeCurvature(enough)).toBe('λmax = 1.04; gradient descent converges below 2/λmax = 1.92');
});
