/** Figures over records and seeds, on tables worked by hand. */
import { describe, expect, test } from 'vitest';
import {
  macroMetrics,
  pairedDifferences,
  pooledMetrics,
  type SeedCounts,
  withoutRecords,
} from '../../src/learn/metric-intervals.ts';

const classes = ['N', 'S'];
const good = [
  [90, 10],
  [2, 8],
];
const bad = [
  [50, 50],
  [5, 5],
];
const onlyN = [
  [40, 0],
  [0, 0],
];
const data: SeedCounts = {
  classes,
  records: ['a', 'b', 'c'],
  counts: [
    [good, bad, onlyN],
    [good, good, onlyN],
    [good, good, onlyN],
  ],
};

describe('figures', () => {
  test('pooled: all beats together, the median of three seeds', () => {
    const { accuracy, 'S F1': f1 } = pooledMetrics(data, 1);
    expect(accuracy!.value).toBeCloseTo((98 + 98 + 40) / 260, 12);
    expect(f1!.value).toBeCloseTo((2 * 16) / (20 + 36), 12);
    expect(accuracy!.low).toBeLessThan(accuracy!.value!);
    expect(accuracy!.high).toBeGreaterThan(accuracy!.value!);
  });
  test('macro: the mean over the records that have the class', () => {
    const { 'S sensitivity': sensitivity, accuracy } = macroMetrics(data, 1);
    expect(sensitivity).toMatchObject({ value: 0.8, records: 2 });
    expect(accuracy!.value).toBeCloseTo((98 / 110 + 98 / 110 + 1) / 3, 12);
  });
  test('without a record', () => {
    const { accuracy } = pooledMetrics(withoutRecords(data, ['c']), 1);
    expect(accuracy!.value).toBeCloseTo(196 / 220, 12);
  });
});

describe('a paired difference', () => {
  test('of a model with itself is exactly 0, however the records are drawn', () => {
    expect(pairedDifferences(data, data, 3).accuracy).toEqual({ value: 0, low: 0, high: 0 });
  });
  test('that every record shows has an interval on one side of 0', () => {
    const better: SeedCounts = { classes, records: ['a', 'b'], counts: [[good, good]] };
    const worse: SeedCounts = { classes, records: ['a', 'b'], counts: [[bad, bad]] };
    const { accuracy } = pairedDifferences(better, worse, 3);
    expect(accuracy!.low).toBeGreaterThan(0.3);
    expect(() => pairedDifferences(better, data, 3)).toThrow(/different records/);
  });
});
