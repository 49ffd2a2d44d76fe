import fc from 'fast-check';
import { expect, it } from 'vitest';
import {
  createNoiseEstimator,
  noiseDeviation,
  prepareNoise,
} from '../../../src/beat/quality/noise-residual.ts';
import { median } from '../../../src/statistics.ts';

/** The value at `place` of the parabola fitted by least squares to values at −half … half, from its normal equations. */
function parabolaAt(values: readonly number[], place: number): number {
  const half = (values.length - 1) / 2;
  const power = (p: number): number => values.reduce((sum, _, k) => sum + (k - half) ** p, 0);
  const moment = (p: number): number => values.reduce((sum, v, k) => sum + (k - half) ** p * v, 0);
  const [s0, s2, s4] = [power(0), power(2), power(4)];
  const determinant = s0 * s4 - s2 * s2;
  const constant = (s4 * moment(0) - s2 * moment(2)) / determinant;
  const quadratic = (s0 * moment(2) - s2 * moment(0)) / determinant;
  return constant + (moment(1) / s2) * place + quadratic * place * place;
}

it('is the median absolute residual of a parabola, outside of complexes and of windows with invalid samples', () => {
  const samplingFrequency = 250;
  // 80 ms, an odd number of samples.
  const windowSamples = 21;
  const half = 10;
  const [before, after] = [20, 30];
  const property = fc.property(
    fc.array(fc.integer({ min: -500, max: 500 }), { minLength: 300, maxLength: 700 }),
    fc.array(fc.nat({ max: 699 }), { maxLength: 3 }),
    fc.array(fc.nat({ max: 699 }), { maxLength: 3 }),
    fc.array(fc.tuple(fc.nat(), fc.nat()), { minLength: 1, maxLength: 4 }),
    fc.constantFrom(0, 1000),
    (signal, invalid, peaks, ranges, offset) => {
      const voltage = Float64Array.from(signal, v => offset + v / 200);
      const { length } = voltage;
      for (const at of invalid)
        if (at < length) voltage[at] = at % 2 === 0 ? Number.NaN : Number.POSITIVE_INFINITY;
      const rPeaks = [...new Set(peaks)].filter(at => at < length).sort((a, b) => a - b);
      const residual = (i: number): number => {
        const first = Math.max(0, Math.min(length - windowSamples, i - half));
        const values = Array.from(voltage.subarray(first, first + windowSamples));
        return values.every(Number.isFinite)
          ? Math.abs(voltage[i]! - parabolaAt(values, i - first - half))
          : Number.NaN;
      };
      const isQrs = (i: number): boolean => rPeaks.some(at => i >= at - before && i <= at + after);
      const noise = createNoiseEstimator(voltage, samplingFrequency, { rPeaks, before, after });
      const start = (ranges[0]![0] % length) >> 2;
      prepareNoise(noise, start, length);
      for (const [a, b] of ranges) {
        const from = start + (a % (length - start));
        const to = from + (b % (length - from)) + 1;
        const sizes: number[] = [];
        for (let i = from; i < to; i++) if (!isQrs(i)) sizes.push(residual(i));
        const valid = sizes.filter(size => !Number.isNaN(size));
        const found = noiseDeviation(noise, from, to);
        if (valid.length < 8) expect(found).toBeNaN();
        else expect(found).toBeCloseTo(1.4826 * median(valid), 7);
      }
    },
  );
  fc.assert(property, { numRuns: 200 });
});
