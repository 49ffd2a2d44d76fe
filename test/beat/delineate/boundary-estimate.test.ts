/** The mean and deviation of the probabilities of candidates, against their definition. */
import { describe, expect, test } from 'vitest';
import { estimateBoundary, mostProbableTime } from '../../../src/beat/delineate/boundary-estimate.ts';
import { createRandom } from '../../../src/random.ts';

/** 31 candidates from −60 to 60 ms. */
const model = { first: -60, step: 4 };
const times = Float64Array.from({ length: 31 }, (_, c) => model.first + c * model.step);
const alike = new Float64Array(31);

describe('estimateBoundary', () => {
  test('of candidates that are alike: the middle, and the deviation of an even spread', () => {
    const { time, deviation } = estimateBoundary(model, alike, -1000, 1000)!;
    expect(time).toBeCloseTo(0, 10);
    expect(deviation).toBeCloseTo(4 * Math.sqrt((31 ** 2 - 1) / 12), 8);
  });

  test('keeps to the candidates it is given', () => {
    expect(estimateBoundary(model, alike, 20, 40)!.time).toBeCloseTo(30, 10);
    expect(estimateBoundary(model, alike, 21, 23)).toBeUndefined();
  });

  test('is the mean and deviation of the probabilities', () => {
    const random = createRandom(3);
    for (const spread of [0.01, 1, 10, 100]) {
      const scores = times.map(() => spread * random.normal());
      const highest = Math.max(...scores);
      const probable = scores.map(score => Math.exp(score - highest));
      const total = probable.reduce((sum, p) => sum + p, 0);
      const mean = probable.reduce((sum, p, c) => sum + (p / total) * times[c]!, 0);
      const variance = probable.reduce((sum, p, c) => sum + (p / total) * (times[c]! - mean) ** 2, 0);
      const { time, deviation } = estimateBoundary(model, scores, -1000, 1000)!;
      expect(time).toBeCloseTo(mean, 8);
      expect(deviation).toBeCloseTo(Math.sqrt(variance), 3);
    }
  });
});

test('the most probable time is that of the highest score within the range', () => {
  const scores = times.map(time => -Math.abs(time - 12));
  expect(mostProbableTime(model, scores, -1000, 1000)).toBe(12);
  expect(mostProbableTime(model, scores, -40, -5)).toBe(-8);
  expect(mostProbableTime(model, scores, 1, 2)).toBeNaN();
});
