import fc from 'fast-check';
import { expect, test } from 'vitest';
import { columnExtremes, rangeOf } from '../../src/figure/curve-line.ts';

const samples = fc.array(fc.option(fc.double({ min: -5, max: 5, noNaN: true }), { nil: Number.NaN }), {
  minLength: 1,
  maxLength: 200,
});

test('each column has the smallest and largest of its samples, NaN without one', () => {
  fc.assert(
    fc.property(
      samples,
      fc.integer({ min: 0, max: 50 }),
      fc.integer({ min: 1, max: 9 }),
      (values, from, per) => {
        const curve = { from: 10, values: Float64Array.from(values) };
        const [low, high] = [new Float32Array(12), new Float32Array(12)];
        columnExtremes(curve, from, per, low, high);
        for (let column = 0; column < low.length; column++) {
          const first = from + column * per - curve.from;
          const inside = values.slice(Math.max(0, first), Math.max(0, first + per)).filter(Number.isFinite);
          expect(low[column]! + 0).toBe(
            inside.length === 0 ? Number.NaN : Math.fround(Math.min(...inside)) + 0,
          );
          expect(high[column]! + 0).toBe(
            inside.length === 0 ? Number.NaN : Math.fround(Math.max(...inside)) + 0,
          );
        }
      },
    ),
  );
});

test('the range of a part is that of its finite samples', () => {
  const curve = { from: 100, values: Float64Array.of(1, Number.NaN, -2, 7) };
  expect(rangeOf(curve, 100, 103)).toEqual([-2, 1]);
  expect(rangeOf(curve, 0, 1000)).toEqual([-2, 7]);
  expect(rangeOf(curve, 101, 102)).toBeUndefined();
});
