import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { mean, median, quantile, standardDeviation } from '../src/statistics.ts';

/** By sorting. */
function sortedQuantile(values: readonly number[], q: number): number {
  const sorted = values.filter(value => !Number.isNaN(value)).sort((a, b) => a - b);
  if (sorted.length === 0) return Number.NaN;
  const position = q * (sorted.length - 1);
  const below = Math.floor(position);
  // A value itself needs no interpolation, which with infinite neighbours would be NaN.
  if (position === below) return sorted[below]! + 0;
  const above = below + 1;
  if (sorted[above] === sorted[below]) return sorted[below]! + 0;
  return sorted[below]! + (position - below) * (sorted[above]! - sorted[below]!);
}

/** Values that make the middle element of every range the largest of it: the worst there is for such a pivot. */
function worstForMiddle(length: number): number[] {
  const places = Array.from({ length }, (_, i) => i);
  const values = new Array<number>(length);
  for (let last = length - 1; last >= 0; last--) {
    const middle = last >> 1;
    values[places[middle]!] = last;
    [places[middle], places[last]] = [places[last]!, places[middle]!];
  }
  return values;
}

describe('quantile', () => {
  test('is what sorting gives, to the last bit', () => {
    const value = fc.oneof(
      fc.double(),
      fc.integer({ min: -3, max: 3 }),
      fc.constantFrom(Number.NaN, 0, -0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY),
    );
    const q = fc.oneof(fc.constantFrom(0, 0.5, 1), fc.double({ min: 0, max: 1, noNaN: true }));
    fc.assert(
      fc.property(fc.array(value, { maxLength: 300 }), q, (values, at) => {
        expect(quantile(values, at)).toBe(sortedQuantile(values, at));
        expect(quantile(Float64Array.from(values), at)).toBe(sortedQuantile(values, at));
      }),
      { seed: 31, numRuns: 500 },
    );
  });

  test.each<[string, number[]]>([
    ['ascending', Array.from({ length: 5000 }, (_, i) => i)],
    ['descending', Array.from({ length: 5000 }, (_, i) => -i)],
    ['constant', new Array<number>(5000).fill(7)],
    ['two values', Array.from({ length: 5000 }, (_, i) => i % 2)],
    ['up and down', Array.from({ length: 5000 }, (_, i) => Math.min(i, 5000 - i))],
    ['largest in the middle, again and again', worstForMiddle(5000)],
  ])('of many values, %s', (_name, values) => {
    for (const q of [0, 0.05, 0.5, 0.9997, 1]) expect(quantile(values, q)).toBe(sortedQuantile(values, q));
  });

  test('leaves its input as it is', () => {
    const values = Float64Array.of(3, 1, Number.NaN, 2);
    expect(median(values)).toBe(2);
    expect(values).toEqual(Float64Array.of(3, 1, Number.NaN, 2));
  });

  test.each([-0.1, 1.1, Number.NaN])('refuses q = %f', q => {
    expect(() => quantile([1, 2], q)).toThrow('between 0 and 1');
  });
});

describe('mean and standard deviation', () => {
  test('of a sample worked by hand, NaN left out', () => {
    // python3 -c "import statistics as s; print(s.mean([2, 4, 4, 5, 9]), s.stdev([2, 4, 4, 5, 9]))"
    expect(mean([2, 4, Number.NaN, 4, 5, 9])).toBe(4.8);
    expect(standardDeviation([2, 4, Number.NaN, 4, 5, 9])).toBeCloseTo(2.588435821108957, 14);
  });

  test('of too few values', () => {
    expect(mean([])).toBeNaN();
    expect(mean([Number.NaN])).toBeNaN();
    expect(standardDeviation([3])).toBeUndefined();
  });
});
