import { expect, test } from 'vitest';
import { sampleEntropy, scalingExponent } from '../../../src/beat/hrv/nonlinear.ts';
import { rrIntervals } from '../../../src/beat/hrv/rr-intervals.ts';
import { createRandom } from '../../../src/random.ts';

const random = createRandom(2);
const noise = Array.from({ length: 20_000 }, () => random.normal());

test('the scaling exponent is 0.5 of noise and 1.5 of its sum', () => {
  let sum = 0;
  const walk = noise.map(value => (sum += value));
  // Boxes of few values hold the exponent somewhat high (Peng et al. 1995).
  expect(scalingExponent(noise)).toBeGreaterThan(0.5);
  expect(scalingExponent(noise)).toBeLessThan(0.62);
  expect(scalingExponent(walk)).toBeGreaterThan(1.4);
  expect(scalingExponent(walk)).toBeLessThan(1.6);
});

test('it does not depend on level or scale, and needs 32 values that differ', () => {
  const some = noise.slice(0, 500);
  expect(scalingExponent(some.map(v => 0.8 + 0.03 * v))).toBeCloseTo(scalingExponent(some)!, 9);
  expect(scalingExponent(some.slice(0, 31))).toBeUndefined();
  expect(scalingExponent(new Float64Array(100))).toBeUndefined();
});

/** By its definition, template by template. */
function entropyByHand(x: readonly number[]): number {
  const mean = x.reduce((s, v) => s + v, 0) / x.length;
  const r = 0.2 * Math.sqrt(x.reduce((s, v) => s + (v - mean) ** 2, 0) / (x.length - 1));
  const count = (m: number): number => {
    let pairs = 0;
    for (let i = 0; i + 2 < x.length; i++) {
      for (let j = i + 1; j + 2 < x.length; j++) {
        let far = 0;
        for (let k = 0; k < m; k++) far = Math.max(far, Math.abs(x[i + k]! - x[j + k]!));
        if (far <= r) pairs++;
      }
    }
    return pairs;
  };
  return Math.log(count(2) / count(3));
}

test('sample entropy is that of its definition', () => {
  const beats = [0];
  for (let k = 0; k < 300; k++)
    beats.push(beats.at(-1)! + Math.round(800 + 30 * noise[k]! + 40 * Math.sin(k)));
  const intervals = rrIntervals(beats, 1000);
  const durations = intervals.map(({ duration }) => duration);
  expect(sampleEntropy(intervals)).toBeCloseTo(entropyByHand(durations), 12);
});

test('patterns do not reach across what is left out', () => {
  const beats = Array.from({ length: 40 }, (_, k) => 800 * k + 30 * (k % 3));
  const symbols = beats.map((_, k) => (k % 3 === 0 ? 'V' : 'N'));
  // Between two V there is one NN: no pattern of three.
  expect(sampleEntropy(rrIntervals(beats, 1000, symbols))).toBeUndefined();
});
