/** Deletion curves of scores whose every replacement has a known effect; ranks with ties. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  areaUnder,
  deletedShares,
  deletionCurve,
  rankedSamples,
} from '../../../src/analysis/explanations/deletion.ts';
import { rankCorrelation } from '../../../src/analysis/explanations/rank-correlation.ts';

/** Each of 20 samples adds its own value to the score. */
const values = Float64Array.from({ length: 20 }, (_, k) => ((7 * k) % 20) + 1);
const sum = (x: Float64Array): number => x.reduce((total, value) => total + value, 0);
const zeros = new Float64Array(20);
const total = (20 * 21) / 2;

describe('deletion of samples that add up', () => {
  test('in descending order leaves what the rest sum to', () => {
    const curve = deletionCurve(sum, values, zeros, rankedSamples(values));
    deletedShares.forEach((share, k) => {
      const left = 20 - Math.round(20 * share);
      expect(curve[k]).toBeCloseTo((left * (left + 1)) / 2 / total, 12);
    });
    // Trapezoids of the curve: Σ left·(left + 1)/2 for left = 0 … 19, plus half of the first.
    expect(areaUnder(curve)).toBeCloseTo((1330 + 105) / total / 20, 12);
  });

  test('in any other order leaves a larger area', () => {
    const best = areaUnder(deletionCurve(sum, values, zeros, rankedSamples(values)));
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 20, maxLength: 20 }),
        by => {
          expect(areaUnder(deletionCurve(sum, values, zeros, rankedSamples(by)))).toBeGreaterThanOrEqual(
            best - 1e-12,
          );
        },
      ),
    );
  });

  test('changes neither the beat nor the baseline, and needs a score that can fall', () => {
    const x = values.slice();
    deletionCurve(sum, x, zeros, rankedSamples(x));
    expect(x).toEqual(values);
    expect(zeros.every(value => value === 0)).toBe(true);
    expect(() => deletionCurve(sum, zeros, values, rankedSamples(values))).toThrow('not below');
  });

  test('ranks equal importance by time', () => {
    expect([...rankedSamples([1, 3, 3, 2])]).toEqual([1, 2, 3, 0]);
  });
});

describe("Spearman's rank correlation", () => {
  test('is 1 of an increasing function, −1 of a decreasing one, and shares the ranks of ties', () => {
    expect(rankCorrelation([1, 2, 3, 10], [0, 1, 8, 1e6])).toBeCloseTo(1, 12);
    expect(rankCorrelation([1, 2, 3, 10], [4, 3, 2, 1])).toBeCloseTo(-1, 12);
    // Ranks 1, 2.5, 2.5, 4 against 1, 2, 3, 4: the correlation is 4.5/√(4.5·5).
    expect(rankCorrelation([1, 2, 2, 3], [1, 2, 3, 4])).toBeCloseTo(4.5 / Math.sqrt(22.5), 12);
  });
  test('is undefined of a constant, and of different lengths', () => {
    expect(rankCorrelation([1, 1], [1, 2])).toBeNaN();
    expect(() => rankCorrelation([1], [1, 2])).toThrow('1 values and 2');
  });
});
