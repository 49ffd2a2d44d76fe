/** Class probabilities of rows that have none. */
import { expect, test } from 'vitest';
import { tensor } from '../../../src/diff/tensor.ts';
import { classProbabilities, predictedClasses } from '../../../src/learn/model/classifier.ts';
import { train } from '../../../src/learn/train/train.ts';
import { clouds, options } from '../train/two-clouds.ts';

test('a row with a feature that is not finite has no class, as the ONNX file says too', () => {
  const { model } = train(clouds(100, 14, 'ring'), {
    ...options,
    hidden: [4],
    activation: 'relu',
    epochs: 2,
  });
  for (const odd of [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN]) {
    const probabilities = classProbabilities(
      model,
      tensor([
        [0.5, odd],
        [0.5, 1],
      ]),
    );
    expect([...probabilities.data].map(Number.isNaN)).toEqual([true, true, false, false]);
    expect([...predictedClasses(probabilities)].map(k => k < 0)).toEqual([true, false]);
  }
});
