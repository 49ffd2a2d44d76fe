import { expect, test } from 'vitest';
import { addLogarithms, logarithmTable } from '../../../src/beat/delineate/logarithm.ts';
import { createRandom } from '../../../src/random.ts';

test('each logarithm is within 10⁻⁷ of Math.log, over the range of levels and far beyond', () => {
  const random = createRandom(1);
  const values = [
    1,
    2,
    0.5,
    4e-4,
    1.0004,
    ...Array.from({ length: 5000 }, () => 10 ** (60 * random.uniform() - 30)),
  ];
  const table = logarithmTable(1);
  const sums = new Float64Array(2);
  for (const value of values) {
    table.numbers[0] = value;
    addLogarithms(table, sums);
    expect(Math.abs(sums[1]! - Math.log(value))).toBeLessThan(1e-7);
  }
});

test('sums run', () => {
  const table = logarithmTable(3);
  table.numbers.set([2, 8, 0.25]);
  const sums = new Float64Array(4);
  addLogarithms(table, sums);
  expect([...sums].map(sum => Math.round((sum / Math.LN2) * 1e9) / 1e9)).toEqual([0, 1, 4, 2]);
});
