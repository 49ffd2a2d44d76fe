import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRangeMedians, rangeMedian, setValues } from '../../src/beat/range-medians.ts';

/** The median by sorting; of an even number of values the mean of the two in the middle. */
function sortedMedian(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const [lower, upper] = [sorted[(sorted.length - 1) >> 1]!, sorted[sorted.length >> 1]!];
  return lower + (upper - lower) / 2;
}

const sizes = fc.oneof(
  fc.double({ min: 0, max: 2, noNaN: true }),
  fc.double({ min: 0, max: 1e300, noNaN: true }),
  fc.constantFrom(0, 1, 5e-324, 0.25),
);

describe('medians of ranges', () => {
  it('are those of the sorted values', () => {
    const medians = createRangeMedians();
    const property = fc.property(
      fc.array(sizes, { minLength: 1, maxLength: 300 }),
      fc.array(fc.tuple(fc.nat(), fc.nat()), { minLength: 1, maxLength: 10 }),
      (values, ranges) => {
        setValues(medians, Float64Array.from(values), values.length);
        for (const [a, b] of ranges) {
          const from = a % values.length;
          const to = from + 1 + (b % (values.length - from));
          expect(rangeMedian(medians, from, to)).toBe(sortedMedian(values.slice(from, to)));
        }
      },
    );
    fc.assert(property, { numRuns: 500 });
  });

  it('are found far above and below the usual values', () => {
    const values = Float64Array.from(
      { length: 2000 },
      (_, i) => (i < 900 ? 1e-6 : i < 1100 ? 1 : 1e6) * (1 + i),
    );
    const medians = createRangeMedians();
    setValues(medians, values, values.length);
    for (const [from, to] of [
      [0, 101],
      [1000, 1051],
      [1500, 2000],
    ] as const) {
      expect(rangeMedian(medians, from, to)).toBe(sortedMedian([...values.subarray(from, to)]));
    }
  });

  it('do not exist for an empty range', () => {
    const medians = createRangeMedians();
    setValues(medians, Float64Array.of(1, 2), 2);
    expect(rangeMedian(medians, 1, 1)).toBeNaN();
  });
});
