import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fornbergWeights } from '../../src/diff/fornberg.ts';

const range = (from: number, to: number): number[] =>
  Array.from({ length: to - from + 1 }, (_, k) => from + k);

describe('fornbergWeights', () => {
  // The tables of Fornberg 1988, centred and one-sided.
  test.each([
    [1, range(-1, 1), [-1 / 2, 0, 1 / 2]],
    [1, range(-2, 2), [1 / 12, -2 / 3, 0, 2 / 3, -1 / 12]],
    [1, range(-3, 3), [-1 / 60, 3 / 20, -3 / 4, 0, 3 / 4, -3 / 20, 1 / 60]],
    [1, range(-4, 4), [1 / 280, -4 / 105, 1 / 5, -4 / 5, 0, 4 / 5, -1 / 5, 4 / 105, -1 / 280]],
    [2, range(-2, 2), [-1 / 12, 4 / 3, -5 / 2, 4 / 3, -1 / 12]],
    [3, range(-2, 2), [-1 / 2, 1, 0, -1, 1 / 2]],
    [4, range(-2, 2), [1, -4, 6, -4, 1]],
    [1, range(0, 2), [-3 / 2, 2, -1 / 2]],
    [1, range(0, 4), [-25 / 12, 4, -3, 4 / 3, -1 / 4]],
    [2, range(0, 3), [2, -5, 4, -1]],
    [0, [0, 1], [1, 0]],
  ])('derivative %i on nodes %j', (order, nodes, expected) => {
    const weights = fornbergWeights(order, nodes, 0);
    for (const [k, w] of expected.entries()) expect(weights[k]).toBeCloseTo(w, 13);
  });

  test('differentiates every polynomial of degree below the number of nodes, on uneven nodes', () => {
    const nodeSets = fc
      .uniqueArray(fc.integer({ min: -20, max: 20 }), { minLength: 2, maxLength: 6 })
      .map(nodes => nodes.map(v => v / 8));
    fc.assert(
      fc.property(
        nodeSets,
        fc.integer({ min: 0, max: 3 }),
        fc.integer({ min: -8, max: 8 }),
        (nodes, order, a) => {
          fc.pre(order < nodes.length);
          const at = a / 8;
          const weights = fornbergWeights(order, nodes, at);
          for (let degree = 0; degree < nodes.length; degree++) {
            let factor = 1;
            for (let m = 0; m < order; m++) factor *= degree - m;
            const truth = factor === 0 ? 0 : factor * at ** (degree - order);
            const terms = nodes.map((x, k) => weights[k]! * x ** degree);
            const sum = terms.reduce((s, v) => s + v, 0);
            const size = terms.reduce((s, v) => s + Math.abs(v), Math.abs(truth) + 1);
            expect(Math.abs(sum - truth)).toBeLessThan(1e-9 * size);
          }
        },
      ),
      { seed: 1, numRuns: 200 },
    );
  });

  test('refuses what has no answer, with the numbers', () => {
    expect(() => fornbergWeights(2, [0, 1], 0)).toThrow('derivative 2 needs at least 3 nodes, there are 2');
    expect(() => fornbergWeights(1, [0, 1, 0], 0)).toThrow('nodes 0 and 2 are both 0');
    expect(() => fornbergWeights(1, [0, Number.NaN], 0)).toThrow('node 1 is NaN');
    expect(() => fornbergWeights(-1, [0, 1], 0)).toThrow(RangeError);
    expect(() => fornbergWeights(1.5, [0, 1, 2], 0)).toThrow(RangeError);
  });
});
