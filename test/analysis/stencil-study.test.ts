/** The properties of stencils in closed form, and the study on made-up rows. */
import { describe, expect, test } from 'vitest';
import { overSeeds, stencilProperties, studiedHz } from '../../src/analysis/stencil-study.ts';

describe('stencilProperties', () => {
  test('the central difference of order 2 has the gain sin ω / ω and the noise gain f / √2', () => {
    const { gain, noiseGain } = stencilProperties([-0.5, 0, 0.5]);
    gain.forEach((value, k) => {
      const omega = (2 * Math.PI * studiedHz[k]!) / 180;
      expect(value).toBeCloseTo(Math.abs(Math.sin(omega)) / omega, 12);
    });
    expect(noiseGain).toBeCloseTo(180 / Math.SQRT2, 9);
  });

  test('of nine taps with unit slope, the Savitzky–Golay derivative of degree 2 has the least noise gain: f / √60', () => {
    const line = Array.from({ length: 9 }, (_, k) => (k - 4) / 60);
    expect(stencilProperties(line).noiseGain).toBeCloseTo(180 / Math.sqrt(60), 9);
  });
});

test('overSeeds is Student’s interval', () => {
  // Mean 3, standard deviation √2.5, t(4) = 2.776.
  const { value, low, high } = overSeeds([1, 2, 3, 4, 5]);
  expect(value).toBe(3);
  expect(high - value).toBeCloseTo(2.776 * Math.sqrt(2.5 / 5), 9);
  expect(value - low).toBeCloseTo(high - value, 12);
  expect(() => overSeeds([1])).toThrow(RangeError);
});
