import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { rangeAround, roundValues } from '../../src/figure/axes.ts';

describe('round values', () => {
  test.each<[number, number, number, readonly number[]]>([
    [0, 10, 5, [0, 2, 4, 6, 8, 10]],
    [-1, 1, 4, [-1, -0.5, 0, 0.5, 1]],
    [0.3, 0.9, 3, [0.4, 0.6, 0.8]],
  ])('from %f to %f, about %i', (from, to, most, expected) => {
    expect(roundValues({ from, to }, most)).toEqual(expected);
  });

  test('lie within the range, at equal distances of 1, 2 or 5 times a power of ten', () => {
    const width = fc.double({ min: 1e-3, max: 1e5, noNaN: true });
    const start = fc.double({ min: -1e4, max: 1e4, noNaN: true });
    fc.assert(
      fc.property(start, width, fc.integer({ min: 2, max: 20 }), (from, length, most) => {
        const values = roundValues({ from, to: from + length }, most);
        expect(values.length).toBeLessThanOrEqual(most + 1);
        for (const value of values) {
          expect(value).toBeGreaterThanOrEqual(from - 1e-6 * length);
          expect(value).toBeLessThanOrEqual(from + length * (1 + 1e-6));
        }
        if (values.length < 2) return;
        const step = (values.at(-1)! - values[0]!) / (values.length - 1);
        const leading = step / 10 ** Math.floor(Math.log10(step) + 1e-6);
        expect([1, 2, 5].some(digit => Math.abs(leading - digit) < 1e-3)).toBe(true);
      }),
    );
  });
});

describe('the range around values', () => {
  test('has the margin on both sides; values that are not finite do not count', () => {
    expect(rangeAround([0, 10, Number.NaN], 0.1)).toEqual({ from: -1, to: 11 });
  });
  test('is not empty for equal values', () => {
    const { from, to } = rangeAround([3, 3]);
    expect(from).toBeLessThan(3);
    expect(to).toBeGreaterThan(3);
  });
  test('is 0 to 1 without a value', () => expect(rangeAround([Number.NaN])).toEqual({ from: 0, to: 1 }));
});
