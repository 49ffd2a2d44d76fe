/** The min–max pyramid against the extremes of the samples themselves. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  bucketsOf,
  createPyramid,
  envelope,
  fillPyramid,
  finestBucket,
} from '../../../src/view/trace/pyramid.ts';

const filled = (samples: Float64Array, chunk: number) => {
  const pyramid = createPyramid(samples.length);
  for (let from = 0; from < samples.length; from += chunk) {
    fillPyramid(pyramid, bucketsOf(samples.subarray(from, from + chunk), from));
  }
  return pyramid;
};

describe('pyramid', () => {
  test('no column of an envelope hides a sample, whatever the window and the order of filling', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 9000 }),
        fc.integer({ min: 1, max: 40 }),
        fc.nat(),
        fc.nat(),
        (length, columns, a, b) => {
          const samples = Float64Array.from({ length }, (_, k) => Math.sin(k * k) * (k % 97));
          const pyramid = filled(samples, 3 * finestBucket);
          const from = a % length;
          const to = from + 1 + (b % (length - from));
          const low = new Float32Array(columns);
          const high = new Float32Array(columns);
          envelope(pyramid, from, to, low, high);
          const hidden: number[] = [];
          for (let k = from; k < to; k++) {
            const column = Math.min(columns - 1, Math.floor(((k - from) / (to - from)) * columns));
            const value = Math.fround(samples[k]!);
            if (!(low[column]! <= value && high[column]! >= value)) hidden.push(k);
          }
          expect(hidden).toEqual([]);
        },
      ),
      { numRuns: 60 },
    );
  });

  test('over the whole record the extremes are the extremes', () => {
    const samples = Float64Array.from({ length: 100_000 }, (_, k) => Math.sin(k / 50));
    samples[54_321] = 9;
    const pyramid = filled(samples, 64 * finestBucket);
    const [low, high] = [new Float32Array(1), new Float32Array(1)];
    envelope(pyramid, 0, samples.length, low, high);
    expect(high[0]).toBe(9);
    expect(low[0]).toBe(Math.fround(samples.reduce((a, b) => Math.min(a, b))));
  });

  test('invalid samples count for nothing, and a bucket of them is a gap', () => {
    const samples = new Float64Array(10 * finestBucket).fill(1);
    samples.fill(Number.NaN, 3 * finestBucket, 5 * finestBucket);
    samples[0] = Number.POSITIVE_INFINITY;
    samples[1] = Number.NEGATIVE_INFINITY;
    const pyramid = filled(samples, 10 * finestBucket);
    const [low, high] = [new Float32Array(10), new Float32Array(10)];
    envelope(pyramid, 0, samples.length, low, high);
    expect([...low]).toEqual([1, 1, 1, Number.NaN, Number.NaN, 1, 1, 1, 1, 1]);
    expect([...high]).toEqual([...low]);
  });

  test('a run that starts inside a bucket is refused', () => {
    expect(() => bucketsOf(new Float64Array(10), 5)).toThrow(RangeError);
  });
});
