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

test('a member with a front end, which has some of its side inputs from the features of the others', () => {
  const random = createRandom(9);
  const bank = createStencilBank({ orders: [2, 4], activation: 'tanh', constrained: true });
  const plain = [member([4, 6, 3], 1), member([4, 5, 3], 2)];
  const samples = Array.from({ length: 8 }, (_, k) => ({ name: `v${k}`, unit: 'mV' }));
  const named = (...names: string[]) => names.map(name => ({ name, unit: '' }));
  const convolutional: Classifier = {
    ...plain[0]!,
    features: [...samples, ...named('h', 'x', 'f')],
    standardization: { mean: new Float64Array(11), scale: new Float64Array(11).fill(1) },
    network: createConvolutionalNetwork({ ...bank, inputs: 8 }, 11, [7, 3], 'tanh', random),
  };
  const merged = mergeClassifiers([plain[0]!, convolutional, plain[1]!]);
  expect(merged.features).toEqual([...samples, ...named('h', 'x', 'f', 'g', 'i')]);
  const rows = tensor(
    Array.from({ length: 65 }, (_, k) => Math.sin(3 * k)),
    [5, 13],
  );
  const ofPlain = [10, 11, 8, 12]; // f, g, h, i
  const side = tensor(
    Array.from({ length: 20 }, (_, k) => rows.data[13 * Math.floor(k / 4) + ofPlain[k % 4]!]!),
    [5, 4],
  );
  const each = [
    logits(convolutional.network, slice(rows, [0, 0], [5, 11])).data,
    ...plain.map(({ network }) => logits(network, side).data),
  ];
  logits(merged.network, rows).data.forEach((value, i) => {
    expect(value).toBeCloseTo((each[0]![i]! + each[1]![i]! + each[2]![i]!) / 3, 12);
  });
  expect(() => mergeClassifiers([convolutional, convolutional])).toThrow(/several members have a front end/);
  const other = { mean: Float64Array.of(0, 1, 0, 0), scale: new Float64Array(4).fill(1) };
  expect(() => mergeClassifiers([plain[0]!, { ...plain[1]!, standardization: other }])).toThrow(
    /standardisation of g/,
  );
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
