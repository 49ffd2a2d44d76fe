import { expect, test } from 'vitest';
import { withStressNoise } from '../../../src/beat/score/noise-stress.ts';

const samplingFrequency = 100;
const length = 600 * samplingFrequency;
// One-sample complexes 2 mV high once a second, and noise that is a sine wave of amplitude 3 and odd periods.
const reference = Array.from({ length: 600 }, (_, k) => ({ sample: 100 * k + 50, symbol: 'N' }));
const clean = new Float64Array(length);
for (const { sample } of reference) clean[sample] = 2;
const noise = Float64Array.from({ length: 7000 }, (_, i) => 3 * Math.sin((2 * Math.PI * 7 * i) / 100) + 5);

test('the added noise has the power asked for: S = height²/8, N = mean square', () => {
  for (const snrDb of [12, 6, 0]) {
    const noisy = withStressNoise(clean, noise, reference, samplingFrequency, snrDb);
    const added = noisy.map((value, i) => value - clean[i]!).subarray(30_000, 42_000);
    const mean = added.reduce((sum, value) => sum + value, 0) / added.length;
    const power = added.reduce((sum, value) => sum + (value - mean) ** 2, 0) / added.length;
    expect(10 * Math.log10(2 ** 2 / 8 / power)).toBeCloseTo(snrDb, 1);
  }
});

test('five minutes are clean, then two minutes of noise and two without take turns, without a step', () => {
  const noisy = withStressNoise(clean, noise, reference, samplingFrequency, 6);
  const added = noisy.map((value, i) => value - clean[i]!);
  const spread = (from: number, to: number): number => {
    const part = added.subarray(from * samplingFrequency, to * samplingFrequency);
    return Math.max(...part) - Math.min(...part);
  };
  expect(spread(0, 300)).toBe(0);
  expect(spread(301, 419)).toBeGreaterThan(0.5);
  expect(spread(420, 540)).toBeLessThan(1e-12);
  expect(spread(541, 599)).toBeGreaterThan(0.5);
  let step = 0;
  for (let i = 1; i < length; i++) step = Math.max(step, Math.abs(added[i]! - added[i - 1]!));
  expect(step).toBeLessThan(0.25);
});

test('without a normal beat or without noise there is nothing to calibrate by', () => {
  const ventricular = [{ sample: 500, symbol: 'V' }];
  expect(() => withStressNoise(clean, noise, ventricular, samplingFrequency, 6)).toThrow(RangeError);
  expect(() => withStressNoise(clean, new Float64Array(900), reference, samplingFrequency, 6)).toThrow(
    RangeError,
  );
});
