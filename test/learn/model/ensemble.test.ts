/** Networks merged give the mean of their logits. */
import { describe, expect, test } from 'vitest';
import { slice } from '../../../src/diff/slice.ts';
import { tensor } from '../../../src/diff/tensor.ts';
import type { Classifier } from '../../../src/learn/model/classifier.ts';
import { mergeClassifiers } from '../../../src/learn/model/ensemble.ts';
import { createConvolutionalNetwork, createNetwork, logits } from '../../../src/learn/model/network.ts';
import { createStencilBank } from '../../../src/learn/model/stencil-bank.ts';
import { createRandom } from '../../../src/random.ts';

const member = (sizes: readonly number[], seed: number): Classifier => {
  const network = createNetwork(sizes, 'tanh', createRandom(seed));
  const random = createRandom(seed, 1);
  for (const { bias } of network.layers) bias.data.set(Array.from(bias.data, () => random.normal()));
  return {
    classes: ['a', 'b', 'c'],
    features: ['f', 'g', 'h', 'i'].map(name => ({ name, unit: '' })),
    standardization: { mean: new Float64Array(4), scale: new Float64Array(4).fill(1) },
    network,
    training: { trainedOn: ['1'], rows: 1, optimizer: 'adam', learningRate: 1, epochs: 1, seed },
  };
};
const x = tensor(
  Array.from({ length: 20 }, (_, k) => Math.sin(k)),
  [5, 4],
);

describe.each([
  ['softmax regression', [4, 3]],
  ['one hidden layer', [4, 6, 3]],
])('%s', (_, sizes) => {
  test('three members: the mean of their logits at every row', () => {
    const members = [1, 2, 3].map(seed => member(sizes, seed));
    const each = members.map(({ network }) => logits(network, x).data);
    logits(mergeClassifiers(members).network, x).data.forEach((value, i) => {
      expect(value).toBeCloseTo((each[0]![i]! + each[1]![i]! + each[2]![i]!) / 3, 12);
    });
  });
});

test('a member with a front end, whose side inputs the others take', () => {
  const random = createRandom(9);
  const bank = createStencilBank({ orders: [2, 4], activation: 'tanh', constrained: true });
  const plain = [member([4, 6, 3], 1), member([4, 5, 3], 2)];
  const features = [
    ...Array.from({ length: 8 }, (_, k) => ({ name: `v${k}`, unit: 'mV' })),
    ...plain[0]!.features,
  ];
  const convolutional: Classifier = {
    ...plain[0]!,
    features,
    standardization: { mean: new Float64Array(12), scale: new Float64Array(12).fill(1) },
    network: createConvolutionalNetwork({ ...bank, inputs: 8 }, 12, [7, 3], 'tanh', random),
  };
  const rows = tensor(
    Array.from({ length: 60 }, (_, k) => Math.sin(3 * k)),
    [5, 12],
  );
  const side = slice(rows, [0, 8], [5, 12]);
  const each = [
    logits(convolutional.network, rows).data,
    ...plain.map(({ network }) => logits(network, side).data),
  ];
  const merged = mergeClassifiers([plain[0]!, convolutional, plain[1]!]);
  expect(merged.features).toEqual(features);
  logits(merged.network, rows).data.forEach((value, i) => {
    expect(value).toBeCloseTo((each[0]![i]! + each[1]![i]! + each[2]![i]!) / 3, 12);
  });
  expect(() => mergeClassifiers([convolutional, convolutional])).toThrow(/several members have a front end/);
  expect(() => mergeClassifiers([convolutional, member([4, 3], 3)])).toThrow(/members differ/);
});

test('members that do not fit together are refused', () => {
  expect(() => mergeClassifiers([])).toThrow(RangeError);
  expect(() => mergeClassifiers([member([4, 3], 1), member([4, 6, 3], 1)])).toThrow(
    /members differ in shape/,
  );
  expect(() => mergeClassifiers([member([4, 5, 5, 3], 1), member([4, 5, 5, 3], 2)])).toThrow(
    /members differ in shape/,
  );
});
