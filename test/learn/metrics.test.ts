/** Metrics on small tables worked by hand. */
import { expect, test } from 'vitest';
import { accuracy, classMetrics, cohensKappa, confusionMatrix } from '../../src/learn/metrics.ts';

const table = {
  classes: ['N', 'V', 'Q'],
  counts: [
    [90, 10, 0],
    [5, 15, 0],
    [0, 0, 0],
  ],
};

test('the confusion matrix counts truth by row and answer by column', () => {
  const { counts } = confusionMatrix(['a', 'b'], [0, 0, 1, 1, 1], [0, 1, 1, 1, 0]);
  expect(counts).toEqual([
    [1, 1],
    [1, 2],
  ]);
});

test('sensitivity, positive predictivity, false positive rate and F1 of one class', () => {
  expect(classMetrics(table, 1)).toEqual({
    sensitivity: 15 / 20,
    positivePredictivity: 15 / 25,
    falsePositiveRate: 10 / 100,
    f1: 30 / 45,
    support: 20,
  });
});

test('a class that never occurs and is never answered has no ratio', () => {
  expect(classMetrics(table, 2)).toEqual({
    sensitivity: undefined,
    positivePredictivity: undefined,
    falsePositiveRate: 0,
    f1: undefined,
    support: 0,
  });
});

test('accuracy and kappa', () => {
  expect(accuracy(table)).toBe(105 / 120);
  // Chance agreement: (100·95 + 20·25)/120²
  const chance = (100 * 95 + 20 * 25) / 120 ** 2;
  expect(cohensKappa(table)).toBeCloseTo((105 / 120 - chance) / (1 - chance), 14);
  const perfect = {
    classes: ['a', 'b'],
    counts: [
      [3, 0],
      [0, 4],
    ],
  };
  expect(cohensKappa(perfect)).toBe(1);
  expect(accuracy({ classes: ['a'], counts: [[0]] })).toBeUndefined();
});

test('lists that do not match are refused with the numbers', () => {
  expect(() => confusionMatrix(['a'], [0, 0], [0])).toThrow(/2 true classes for 1/);
  expect(() => confusionMatrix(['a'], [0], [1])).toThrow(/predicted 1/);
});

test('a fusion or unclassifiable beat called V is no false V, nor an unclassifiable one called S a false S', () => {
  const classes = ['N', 'S', 'V', 'F', 'Q'];
  // N called V once, F called V 3 times, Q called V twice and S once; 8 V and 4 S are right.
  const truth = [0, 0, 3, 3, 3, 4, 4, 4, ...new Array<number>(8).fill(2), ...new Array<number>(4).fill(1)];
  const called = [0, 2, 2, 2, 2, 2, 2, 1, ...new Array<number>(8).fill(2), ...new Array<number>(4).fill(1)];
  const confusion = confusionMatrix(classes, truth, called);
  const v = classMetrics(confusion, 2);
  expect(v.positivePredictivity).toBeCloseTo(8 / 9, 12);
  expect(v.falsePositiveRate).toBeCloseTo(1 / 7, 12);
  expect(v.f1).toBeCloseTo(16 / 17, 12);
  expect(classMetrics(confusion, 1).positivePredictivity).toBe(1);
  expect(classMetrics(confusion, 3).sensitivity).toBe(0);
});
