import { describe, expect, test } from 'vitest';
import {
  type ChoiceExample,
  choiceScores,
  fitChoice,
  mostProbable,
  probabilities,
} from '../../../src/beat/delineate/conditional-logit.ts';
import { createRandom } from '../../../src/random.ts';

test('scores are weighted sums of rows, the mostProbable is the highest, probabilities are their softmax', () => {
  const scores = choiceScores([2, -1], Float64Array.of(1, 0, 0, 1, 3, 1));
  expect([...scores]).toEqual([2, -1, 5]);
  expect(mostProbable(scores)).toBe(2);
  const total = Math.exp(2) + Math.exp(-1) + Math.exp(5);
  for (const [c, p] of probabilities(scores.slice()).entries()) {
    expect(p).toBeCloseTo(Math.exp(scores[c]!) / total, 14);
  }
  expect([...probabilities(Float64Array.of(-2000, -2000))]).toEqual([0.5, 0.5]);
});

describe('fitChoice', () => {
  test('finds the weights that choices were made by, and its loss only falls', () => {
    const random = createRandom(3);
    const truth = [1.5, -0.8];
    const examples = Array.from({ length: 4000 }, (): ChoiceExample => {
      const features = Float64Array.from({ length: 3 * truth.length }, () => random.normal());
      const chances = probabilities(choiceScores(truth, features));
      const draw = random.uniform();
      const choice = draw < chances[0]! ? 0 : draw < chances[0]! + chances[1]! ? 1 : 2;
      const times = Float64Array.of(0, 1e4, 2e4);
      return { features, times, time: times[choice]! };
    });
    const { weights, losses } = fitChoice(examples);
    // Standard errors are about 0.03.
    for (const [j, weight] of weights.entries()) expect(Math.abs(weight - truth[j]!)).toBeLessThan(0.1);
    for (let k = 1; k < losses.length; k++) expect(losses[k]).toBeLessThanOrEqual(losses[k - 1]! + 1e-9);
    expect(losses[0]).toBeCloseTo(Math.log(3), 12);
  });

  test('refuses to fit to nothing', () => {
    expect(() => fitChoice([])).toThrow('no examples');
  });
});
