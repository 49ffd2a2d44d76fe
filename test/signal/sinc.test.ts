import { describe, expect, test } from 'vitest';
import { sincReach, sincWeights } from '../../src/signal/sinc.ts';

describe('sincWeights', () => {
  test('at a sample they pick the sample', () => {
    const weights = sincWeights(0);
    expect(weights.reduce((sum, w) => sum + Math.abs(w), 0)).toBe(1);
    expect(weights[sincReach - 1]).toBe(1);
  });

  test('add up to 1, and mirror for the mirrored fraction', () => {
    for (const fraction of [0.1, 1 / 3, 0.5, 0.9]) {
      const weights = sincWeights(fraction);
      expect(weights.reduce((sum, w) => sum + w, 0)).toBeCloseTo(1, 14);
      const mirrored = [...sincWeights(1 - fraction)].reverse();
      for (const [k, w] of mirrored.entries()) expect(weights[k]).toBeCloseTo(w, 14);
    }
  });

  test.each([0.01, 0.1, 0.25, 0.4])(
    'carry a sine of %f cycles per sample to any place within 2·10⁻⁴',
    frequency => {
      for (let phase = 0; phase < 1; phase += 0.1) {
        for (const fraction of [0.05, 0.25, 0.5, 0.8]) {
          const wave = (t: number): number => Math.cos(2 * Math.PI * (frequency * t + phase));
          const value = sincWeights(fraction).reduce((sum, w, k) => sum + w * wave(k - sincReach + 1), 0);
          expect(Math.abs(value - wave(fraction))).toBeLessThan(2e-4);
        }
      }
    },
  );

  test.each([-0.1, 1, Number.NaN])('refuse %f', fraction => {
    expect(() => sincWeights(fraction)).toThrow(RangeError);
  });
});
