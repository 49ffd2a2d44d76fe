/** Random weights leave nothing of what was trained, in dense layers and in a convolutional front end alike. */
import { expect, test } from 'vitest';
import { withRandomWeights } from '../../../src/analysis/explanations/beat-checks.ts';
import type { Classifier } from '../../../src/learn/model/classifier.ts';
import { createConvolutionalNetwork, createNetwork, parametersOf } from '../../../src/learn/model/network.ts';
import { createStencilBank } from '../../../src/learn/model/stencil-bank.ts';
import { createRandom } from '../../../src/random.ts';

const stencils = createStencilBank({ orders: [2, 4], activation: 'none', constrained: true });
const networks = {
  softmax: createNetwork([4, 3], 'tanh', createRandom(7)),
  perceptron: createNetwork([4, 5, 3], 'relu', createRandom(7)),
  stencil: createConvolutionalNetwork(stencils, 40, [8, 3], 'tanh', createRandom(7)),
};

test.each(Object.entries(networks))('%s', (_, network) => {
  const model: Classifier = {
    classes: ['N', 'S', 'V'],
    features: [],
    standardization: { mean: new Float64Array(), scale: new Float64Array() },
    network,
    training: { trainedOn: [], rows: 0, optimizer: 'adam', learningRate: 1, epochs: 0, seed: 7 },
  };
  const [before, after, again] = [model, withRandomWeights(model, 1), withRandomWeights(model, 1)].map(of =>
    parametersOf(of.network),
  );
  expect(after!.map(({ shape }) => shape)).toEqual(before!.map(({ shape }) => shape));
  expect(again).toEqual(after);
  after!.forEach(({ shape, data }, k) => {
    if (shape.length === 1) expect(data.every(value => value === 0)).toBe(true);
    else for (const [i, value] of data.entries()) expect(value).not.toBe(before![k]!.data[i]);
  });
});
