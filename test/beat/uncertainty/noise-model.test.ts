import { describe, expect, test } from 'vitest';
import {
  estimateNoise,
  type NoiseModel,
  noiseVariance,
  sampleNoise,
} from '../../../src/beat/uncertainty/noise-model.ts';
import { createRandom } from '../../../src/random.ts';

const rate = 500;
const rPeaks = Array.from({ length: 200 }, (_, k) => 200 + 400 * k);
const length = 400 * 201;
/** First-order autoregression: autocovariance variance·factor^lag. */
function correlated(variance: number, factor: number): Float64Array {
  const random = createRandom(4);
  const x = new Float64Array(length);
  for (let i = 1; i < length; i++)
    x[i] = factor * x[i - 1]! + Math.sqrt(variance * (1 - factor ** 2)) * random.normal();
  return x;
}

describe('estimateNoise', () => {
  test('white noise is told from band-limited, and its variance found under a slow wave', () => {
    const random = createRandom(1);
    const wave = (i: number): number => 0.5 * Math.sin((2 * Math.PI * 0.7 * i) / rate);
    const white = Float64Array.from({ length }, (_, i) => 0.02 * random.normal() + wave(i));
    const found = estimateNoise(white, rate, rPeaks)!;
    expect(found.isWhite).toBe(true);
    expect(found.autocovariance).toHaveLength(1);
    expect(found.autocovariance[0]! / 0.02 ** 2).toBeCloseTo(1, 1);
    expect(found.parts).toBe(199);
  });

  test('an autocovariance is found, less what a parabola over the parts cannot tell', () => {
    const { isWhite, autocovariance } = estimateNoise(correlated(4e-4, 0.7), rate, rPeaks)!;
    expect(isWhite).toBe(false);
    // A quarter of 160 ms, a fifth of RR.
    expect(autocovariance).toHaveLength(21);
    for (const lag of [0, 1, 2, 3]) expect(autocovariance[lag]! / (4e-4 * 0.7 ** lag)).toBeCloseTo(1, 0);
    // What slopes feel: the variance of a difference of neighbours.
    const difference = noiseVariance({ isWhite, autocovariance, parts: 1 }, [-1, 1]);
    expect(difference / (2 * 4e-4 * 0.3)).toBeGreaterThan(0.95);
    expect(difference / (2 * 4e-4 * 0.3)).toBeLessThan(1.05);
  });

  test('parts with other deflections are left out; without usable parts the result is undefined', () => {
    const random = createRandom(2);
    const x = Float64Array.from({ length }, () => 0.01 * random.normal());
    for (let i = 0; i < 400 * 20; i++) x[i]! += 0.3 * Math.sin(i / 3);
    expect(Math.sqrt(estimateNoise(x, rate, rPeaks)!.autocovariance[0]!)).toBeCloseTo(0.01, 3);
    expect(estimateNoise(new Float64Array(length), rate, rPeaks)).toBeUndefined();
    expect(estimateNoise(x, rate, [200, 600])).toBeUndefined();
    expect(
      estimateNoise(
        x.map(() => Number.NaN),
        rate,
        rPeaks,
      ),
    ).toBeUndefined();
    expect(() => estimateNoise(x, 0, rPeaks)).toThrow(RangeError);
  });
});

test('drawn noise has the model’s autocovariance', () => {
  const model: NoiseModel = { autocovariance: Float64Array.of(1, 0.6, 0.3, 0.1), isWhite: false, parts: 1 };
  const x = sampleNoise(model, 200_000, createRandom(8));
  for (const [lag, wanted] of model.autocovariance.entries()) {
    let sum = 0;
    for (let i = 0; i + lag < x.length; i++) sum += x[i]! * x[i + lag]!;
    expect(Math.abs(sum / x.length - wanted)).toBeLessThan(0.02);
  }
});

test('drawn noise keeps a spectrum that vanishes at low frequencies', () => {
  // White noise minus half of either neighbour: its power at frequency 0 is 0, and no short autoregression has that.
  const difference: NoiseModel = { autocovariance: Float64Array.of(1.5, -1, 0.25), isWhite: false, parts: 1 };
  const x = sampleNoise(difference, 200_000, createRandom(5));
  const mean = 50;
  let squares = 0;
  for (let i = 0; i + mean <= x.length; i += mean) {
    squares += (x.subarray(i, i + mean).reduce((sum, v) => sum + v, 0) / mean) ** 2;
  }
  const wanted = noiseVariance(difference, new Float64Array(mean).fill(1 / mean));
  expect(wanted).toBeLessThan(1.5 / mean / 20); // a twentieth of what it is for white noise
  expect(squares / (x.length / mean) / wanted).toBeCloseTo(1, 1);
});

test('an invalid autocovariance is drawn as the nearest valid one', () => {
  // Its spectrum 1 + 2·0.8·cos ω is negative from 2.25 on.
  const x = sampleNoise(
    { autocovariance: Float64Array.of(1, 0.8), isWhite: false, parts: 1 },
    100_000,
    createRandom(5),
  );
  expect(x.every(Number.isFinite)).toBe(true);
  const variance = x.reduce((sum, v) => sum + v * v, 0) / x.length;
  // ∫ max(0, 1 + 1.6 cos ω) dω / π
  const edge = Math.acos(-1 / 1.6);
  expect(variance).toBeCloseTo((edge + 1.6 * Math.sin(edge)) / Math.PI, 1);
});

test('gᵀΣg is the variance of a weighted sum, as drawn', () => {
  const model: NoiseModel = { autocovariance: Float64Array.of(2, 1, 0.4), isWhite: false, parts: 1 };
  const g = [0.5, -1, 2, 0.25];
  const x = sampleNoise(model, 400_000, createRandom(9));
  let squares = 0;
  for (let i = 0; i + 4 <= x.length; i += 4) {
    squares += g.reduce((sum, weight, k) => sum + weight * x[i + k]!, 0) ** 2;
  }
  expect(squares / (x.length / 4) / noiseVariance(model, g)).toBeCloseTo(1, 1);
});
