/** Calibration and ranking on answers worked by hand. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { tensor } from '../../src/diff/tensor.ts';
import { atOrAboveProbability, auroc, calibration } from '../../src/learn/calibration.ts';
import { createRandom } from '../../src/random.ts';

const p = tensor([0.9, 0.1, 0.75, 0.25, 0.25, 0.75, 0.45, 0.55], [4, 2]);

test('reliability, ECE and Brier score of four answers', () => {
  const { ece, brier, bins } = calibration(p, [0, 1, 1, 1]);
  // Bins: 0.9–1 holds .9 (right); 0.7–0.8 holds .75 (wrong) and .75 (right); 0.5–0.6 holds .55 (right).
  expect(bins.filter(bin => bin.count > 0)).toEqual([
    { from: 0.5, to: 0.6, count: 1, confidence: 0.55, accuracy: 1 },
    { from: 0.7, to: 0.8, count: 2, confidence: 0.75, accuracy: 0.5 },
    { from: 0.9, to: 1, count: 1, confidence: 0.9, accuracy: 1 },
  ]);
  expect(ece).toBeCloseTo((0.45 + 0.5 + 0.1) / 4, 12);
  expect(brier).toBeCloseTo((2 * 0.01 + 2 * 0.75 ** 2 + 2 * 0.0625 + 2 * 0.45 ** 2) / 4, 12);
});

test('answers drawn with the probabilities they are given are calibrated', () => {
  const random = createRandom(3);
  const rows = 50_000;
  const data = new Float64Array(2 * rows);
  const truth = Float64Array.from({ length: rows }, (_, row) => {
    data[2 * row] = random.uniform();
    data[2 * row + 1] = 1 - data[2 * row]!;
    return random.uniform() < data[2 * row]! ? 0 : 1;
  });
  expect(calibration(tensor(data, [rows, 2]), truth).ece).toBeLessThan(0.01);
});

test('counts the answers at or above a probability, and the share of them that is right', () => {
  expect(atOrAboveProbability(p, [0, 1, 1, 1], 0, 0.7)).toEqual({ count: 2, share: 0.5 });
  expect(atOrAboveProbability(p, [0, 1, 1, 1], 0, 0.95)).toEqual({ count: 0, share: undefined });
});

describe('auroc', () => {
  test('is the share of pairs in order, ties half', () => {
    const scores = fc.array(fc.tuple(fc.integer({ min: 0, max: 5 }), fc.boolean()), { maxLength: 40 });
    fc.assert(
      fc.property(scores, rows => {
        const [ups, downs] = [true, false].map(side => rows.filter(row => row[1] === side));
        const pairs = ups!.flatMap(([a]) => downs!.map(([b]) => (a > b ? 1 : a === b ? 0.5 : 0)));
        const value = auroc(
          rows.map(([score]) => score),
          row => rows[row]![1],
        );
        if (pairs.length === 0) expect(value).toBeUndefined();
        else expect(value).toBeCloseTo(pairs.reduce<number>((a, b) => a + b, 0) / pairs.length, 10);
      }),
    );
  });
});
