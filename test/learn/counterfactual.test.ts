/** The smallest change that flips a class, against the distance to a plane. */
import { describe, expect, test } from 'vitest';
import { matmul } from '../../src/diff/product.ts';
import { softmax } from '../../src/diff/reduction.ts';
import { reshape } from '../../src/diff/reshape.ts';
import { type Tensor, tensor } from '../../src/diff/tensor.ts';
import { smallestCounterfactual } from '../../src/learn/counterfactual.ts';

const weights = tensor([1, -1, 0, 2, 0, -2], [3, 2]);
const probabilities = (x: Tensor): Tensor => softmax(matmul(reshape(x, [1, 3]), weights));
// Scores differ by 2·x0 − 2·x1 + 2·x2.
const x = tensor([1, 0.2, 0.5]);
const within = (bound: number) => ({ least: () => -bound, most: () => bound });
const everything = {
  project: (change: Float64Array) => change,
  ...within(Number.POSITIVE_INFINITY),
  scale: () => 1,
};

describe('the smallest flip', () => {
  test('goes straight to the plane between two classes', () => {
    const flip = smallestCounterfactual(probabilities, x, 0, everything)!;
    expect(flip.to).toBe(1);
    const distance = (2 * 1 - 2 * 0.2 + 2 * 0.5) / Math.hypot(2, -2, 2);
    expect(Math.hypot(...flip.change)).toBeGreaterThanOrEqual(distance);
    expect(Math.hypot(...flip.change)).toBeLessThan(1.03 * distance);
  });
  test('stays inside what may change, and in the metric of its scales', () => {
    const onlyFirst = smallestCounterfactual(probabilities, x, 0, {
      ...everything,
      project: change => change.map((value, k) => (k === 0 ? value : 0)),
    })!;
    expect([onlyFirst.change[1], onlyFirst.change[2]]).toEqual([0, 0]);
    expect(onlyFirst.change[0]).toBeCloseTo(-1.3, 1);
    // The third element may move a hundred times as far at the same cost.
    const scaled = smallestCounterfactual(probabilities, x, 0, {
      ...everything,
      scale: k => (k === 2 ? 100 : 1),
    })!;
    expect(Math.abs(scaled.change[2]!)).toBeGreaterThan(100 * Math.abs(scaled.change[0]!));
  });
  test('is undefined when the bound is too narrow', () => {
    expect(smallestCounterfactual(probabilities, x, 0, { ...everything, ...within(0.1) })).toBeUndefined();
    expect(smallestCounterfactual(probabilities, x, 0, { ...everything, ...within(0.7) })).toBeDefined();
  });
  test('never exceeds its bounds, though the projection after clipping would', () => {
    // The changes orthogonal to (3, 1, 1): clipping the largest element leaves them, and projecting back enlarges it.
    const normal = [3, 1, 1].map(value => value / Math.hypot(3, 1, 1));
    const project = (change: Float64Array): Float64Array => {
      const along = change.reduce((sum, value, k) => sum + value * normal[k]!, 0);
      return change.map((value, k) => value - along * normal[k]!);
    };
    const free = smallestCounterfactual(probabilities, x, 0, { ...everything, project })!;
    const largest = Math.max(...free.change.map(Math.abs));
    const bounded = [0.5, 0.9, 0.95, 0.99, 1.01].map(share => {
      const bound = share * largest;
      const flip = smallestCounterfactual(probabilities, x, 0, { ...everything, project, ...within(bound) });
      for (const value of flip?.change ?? [])
        expect(Math.abs(value)).toBeLessThanOrEqual(bound * (1 + 1e-12));
      return flip !== undefined;
    });
    expect(bounded[0]).toBe(false);
    expect(bounded.at(-1)).toBe(true);
  });
  test('takes more of the others where one element reaches its bound', () => {
    const flip = smallestCounterfactual(probabilities, x, 0, {
      ...everything,
      least: k => (k === 0 ? -0.2 : -9),
    })!;
    expect(flip.change[0]).toBeCloseTo(-0.2, 12);
    // What is left to the plane is shared by the other two.
    const rest = (1 - 0.2 - 0.2 + 0.5) / 2;
    expect(flip.change[1]! / rest).toBeCloseTo(1, 1);
    expect(-flip.change[2]! / rest).toBeCloseTo(1, 1);
  });
});
