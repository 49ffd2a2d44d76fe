/** Contributions of samples: exact for linear scores, complete for others, and right where a maximum changes place. */
import { describe, expect, test } from 'vitest';
import { add, mul, sub } from '../../src/diff/arithmetic.ts';
import { exp } from '../../src/diff/elementwise.ts';
import { max, sum } from '../../src/diff/reduction.ts';
import { type Tensor, tensor } from '../../src/diff/tensor.ts';
import { integratedGradients } from '../../src/learn/integrated-gradients.ts';

const at = tensor([1, -2, 3]);
const baseline = tensor([0.5, 0, 1]);

describe('integrated gradients', () => {
  test('of a linear score are weight times difference', () => {
    const weights = tensor([2, 3, -1]);
    const { contributions, completenessError } = integratedGradients(x => sum(mul(x, weights)), at, baseline);
    [1, -6, -2].forEach((value, k) => {
      expect(contributions[k]).toBeCloseTo(value, 12);
    });
    expect(completenessError).toBeLessThan(1e-12);
  });
  test('of a smooth score sum to its difference', () => {
    const { contributions, score, baselineScore, completenessError } = integratedGradients(
      x => sum(exp(x)),
      at,
      baseline,
    );
    const total = contributions.reduce((a, b) => a + b, 0);
    expect(completenessError).toBeLessThan(0.005);
    expect(Math.abs(total - (score - baselineScore))).toBeLessThan(0.005 * Math.abs(score - baselineScore));
    // Each coordinate alone: e^a − e^b.
    expect(contributions[2]).toBeCloseTo(Math.exp(3) - Math.exp(1), 1);
  });
  test('of a maximum that changes place give each its part of the way', () => {
    // From (0.5, 0, 1) to (3, −2, 2): the largest is the third until t = 1/3, then the first.
    const { contributions } = integratedGradients(x => max(x), tensor([3, -2, 2]), baseline);
    expect(contributions[2]).toBeCloseTo(1 / 3, 1);
    expect(contributions[0]).toBeCloseTo(2.5 * (2 / 3), 1);
    expect(contributions[1]).toBe(0);
  });
  test('of steep maxima that change places often are complete where the ends have nearly the same score', () => {
    // The largest of five lines of slopes ±40 and ±37, less what leaves a score of 0.01 at the end.
    const slopes = tensor([40, -40, 37, -37, 3], [5]);
    const offsets = tensor([-21.3, 21.1, -3, 9.7, 0], [5]);
    const largest = (x: Tensor): Tensor => max(add(mul(x, slopes), offsets));
    const [one, zero] = [tensor([1, 1, 1, 1, 1]), tensor([0, 0, 0, 0, 0])];
    const rest = largest(one).data[0]! - largest(zero).data[0]! - 0.01;
    const { completenessError, contributions } = integratedGradients(
      x => sub(largest(x), mul(sum(x), rest / 5)),
      one,
      zero,
    );
    expect(completenessError).toBeLessThan(0.005);
    expect(contributions.reduce((a, b) => a + b, 0)).toBeCloseTo(0.01, 4);
  });
  test('of other shapes are refused', () => {
    expect(() => integratedGradients(x => sum(x), at, tensor([1]))).toThrow(RangeError);
  });
});
