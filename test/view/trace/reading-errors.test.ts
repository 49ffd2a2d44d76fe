/** The stated errors of readings against the scatter of readings in noise that was made. */
import { describe, expect, test } from 'vitest';
import type { NoiseModel } from '../../../src/beat/uncertainty/noise-model.ts';
import { sampleNoise } from '../../../src/beat/uncertainty/noise-model.ts';
import { differentiator, parseScheme } from '../../../src/diff/scheme.ts';
import { createRandom } from '../../../src/random.ts';
import { differenceError, slopeError, voltageError } from '../../../src/view/trace/reading-errors.ts';

const samplingFrequency = 500;
/** Coloured noise of 0.02 mV. */
const noise: NoiseModel = {
  autocovariance: Float64Array.from({ length: 11 }, (_, lag) => 4e-4 * 0.6 ** lag),
  isWhite: false,
  parts: 10,
};
const made = sampleNoise(noise, 200_000, createRandom(3));

const deviation = (values: Float64Array): number =>
  Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / values.length);

describe('errors of readings', () => {
  test('of a voltage', () => {
    expect(voltageError(noise)).toBeCloseTo(0.02, 12);
    expect(deviation(made)).toBeCloseTo(voltageError(noise), 3);
  });

  test.each(['sg:16ms:4', 'sg:40ms:2', 'central2', 'central8', 'forward', 'pan-tompkins'])(
    'of dV/dt by %s',
    scheme => {
      const slope = differentiator(parseScheme(scheme), made.length, samplingFrequency).apply(made);
      const seen = deviation(slope.subarray(100, -100));
      expect(slopeError(noise, scheme, samplingFrequency) / seen).toBeCloseTo(1, 1.5);
    },
  );

  test.each([1, 3, 100])('of the difference of two samples %i apart', apart => {
    const difference = made.subarray(apart).map((value, k) => value - made[k]!);
    expect(differenceError(noise, -apart) / deviation(difference)).toBeCloseTo(1, 1.5);
  });
});
