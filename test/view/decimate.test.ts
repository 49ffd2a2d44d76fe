import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decimate, nearestSample, type SampledSeries, valueAt } from '../../src/view/decimate.ts';

const series = (values: readonly number[], start = 0): SampledSeries => ({
  values: Float64Array.from(values),
  samplingFrequency: 100,
  start,
});

describe('decimation', () => {
  test('few samples are given as they are, one beyond either edge, with null for NaN', () => {
    const trace = decimate(series([0, 1, Number.NaN, 3, 4, 5], 10), 10.015, 10.032, 10);
    expect(trace.times.map(time => Number(time.toFixed(9)))).toEqual([10.01, 10.02, 10.03, 10.04]);
    expect(trace.values).toEqual([1, null, 3, 4]);
  });

  test('keeps the extremes of what is on show, at their own times and in order', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: -5, max: 5, noNaN: true }), { minLength: 200, maxLength: 900 }),
        fc.integer({ min: 1, max: 40 }),
        (raw, buckets) => {
          const whole = series(raw);
          const trace = decimate(whole, 0, raw.length / 100, buckets);
          expect(trace.values.length).toBeLessThanOrEqual(Math.max(4 * buckets, 2 * buckets + 2));
          expect(Math.max(...(trace.values as number[]))).toBe(Math.max(...whole.values));
          expect(Math.min(...(trace.values as number[]))).toBe(Math.min(...whole.values));
          trace.times.forEach((time, i) => {
            expect(trace.values[i]).toBe(whole.values[Math.round(time * 100)]);
            if (i > 0) expect(time).toBeGreaterThan(trace.times[i - 1]!);
          });
        },
      ),
      { seed: 2, numRuns: 100 },
    );
  });

  test('draws the same points for the same samples wherever the window begins', () => {
    const whole = series(Array.from({ length: 5000 }, (_value, i) => Math.sin(i * i)));
    const at = (from: number) => {
      const { times, values } = decimate(whole, from, from + 20, 50);
      return times
        .map((time, i) => `${time} ${values[i]}`)
        .filter((_text, i) => times[i]! > 12 && times[i]! < 28);
    };
    expect(at(10)).toEqual(at(10.01));
  });

  test('an interval without samples is a gap, and a gap within does not hide the samples around it', () => {
    const values = new Array<number>(1000).fill(1).fill(Number.NaN, 400, 600);
    values[605] = 7;
    const trace = decimate(series(values), 0, 10, 20);
    expect(trace.values).toContain(null);
    expect(trace.values).toContain(7);
    expect(trace.values.every(value => value === null || Number.isFinite(value))).toBe(true);
  });

  test('a window beside the record is empty, not an error', () => {
    expect(decimate(series([1, 2, 3]), 50, 60, 10).values).toEqual([]);
  });
});

test('nearestSample stays inside; valueAt is the line between samples', () => {
  const short = series([0, 2, 4], 5);
  expect([4, 5.004, 5.006, 9].map(time => nearestSample(short, time))).toEqual([0, 0, 1, 2]);
  expect(valueAt(short, 5.005)).toBeCloseTo(1, 9);
  expect(valueAt(short, 99)).toBe(4);
  expect(valueAt(series([0, Number.NaN]), 0.005)).toBeNaN();
});
