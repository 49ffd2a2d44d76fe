import fc from 'fast-check';
import { expect, test } from 'vitest';
import { lowerBound, lowerBoundBy } from '../src/lower-bound.ts';

const ascending = fc.array(fc.integer({ min: -20, max: 20 })).map(values => values.sort((a, b) => a - b));

test('is what looking at every value gives', () => {
  fc.assert(
    fc.property(ascending, fc.integer({ min: -25, max: 25 }), (values, value) => {
      const found = values.findIndex(v => v >= value);
      expect(lowerBound(values, value)).toBe(found === -1 ? values.length : found);
    }),
  );
});

test('looks at the first `count` values only', () => {
  expect(lowerBound([1, 2, 9, 0, 0], 5, 3)).toBe(2);
  expect(lowerBound([1, 2, 9, 0, 0], 10, 3)).toBe(3);
});

test('finds where a condition stops holding', () => {
  expect(lowerBoundBy(10, k => k * k < 30)).toBe(6);
  expect(lowerBoundBy(0, () => true)).toBe(0);
});
