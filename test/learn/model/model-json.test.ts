/** Whatever trains can be written and read back, bit for bit; what is no number to learn from is refused before. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { tensor } from '../../../src/diff/tensor.ts';
import type { Classifier } from '../../../src/learn/model/classifier.ts';
import { standardizationOf } from '../../../src/learn/model/classifier.ts';
import {
  type ConvolutionalFrontEnd,
  createConvolutions,
  type Stage,
} from '../../../src/learn/model/convolutional-layers.ts';
import { formatModel, parseModel } from '../../../src/learn/model/model-json.ts';
import { createConvolutionalNetwork } from '../../../src/learn/model/network.ts';
import { createStencilBank } from '../../../src/learn/model/stencil-bank.ts';
import {
  startStreamedTraining,
  streamedStandardization,
} from '../../../src/learn/train/streamed-training.ts';
import { type Dataset, type TrainOptions, train } from '../../../src/learn/train/train.ts';
import { createRandom } from '../../../src/random.ts';

const options: TrainOptions = {
  hidden: [3],
  activation: 'tanh',
  optimizer: 'sgd',
  learningRate: 0.1,
  epochs: 1,
  batchSize: 8,
  l2: 0,
  classWeights: [1, 1],
  seed: 1,
};

/** Normal rows whose class is the sign of the first column, times `scale`. */
function rows(columns: number, scale = 1, names?: readonly string[]): Dataset {
  const random = createRandom(1);
  const count = 16;
  const x = Float64Array.from({ length: count * columns }, () => scale * random.normal());
  return {
    classes: ['no', 'yes'],
    features: Array.from({ length: columns }, (_, k) => ({ name: names?.[k] ?? `f${k}`, unit: 'mV' })),
    x: tensor(x, [count, columns]),
    labels: Int32Array.from({ length: count }, (_, row) => (x[row * columns]! > 0 ? 1 : 0)),
    groups: Array.from({ length: count }, (_, row) => `g${row}`),
  };
}

const back = (model: Classifier): void => expect(parseModel(formatModel(model))).toEqual(model);

test('weights that are −0 or not finite, in every layer and in the statistics', () => {
  const { model } = train(rows(2), options);
  const odd = [-0, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 5e-324, -1.7e308];
  const filled = ({ shape, data }: { shape: readonly number[]; data: Float64Array }) =>
    tensor(
      data.map((_, i) => odd[i % odd.length]!),
      shape,
    );
  back({
    ...model,
    standardization: { mean: Float64Array.of(-0, Number.NaN), scale: Float64Array.of(Infinity, 5e-324) },
    network: {
      ...model.network,
      layers: model.network.layers.map(({ weights, bias }) => ({
        weights: filled(weights),
        bias: filled(bias),
      })),
    },
  });
});

test('a training whose weights overflow gives a model that comes back', () => {
  const { model } = train(rows(2), { ...options, hidden: [], l2: 1e3, learningRate: 1e308, epochs: 5 });
  const numbers = model.network.layers.flatMap(({ weights }) => [...weights.data]);
  expect(numbers.every(Number.isFinite)).toBe(false);
  back(model);
});

test('names of any characters', () => {
  const odd = ['\u0000-0', '-0', '"\u0000-0"', 'NaN', '\u2028\ud800', '__proto__', 'µV\n"\\', '', ' '];
  const { model } = train(rows(odd.length, 1, odd), options);
  back(model);
  back({ ...model, classes: ['\u0000-0', 'Infinity'], training: { ...model.training, trainedOn: odd } });
  fc.assert(
    fc.property(fc.uniqueArray(fc.string({ unit: 'binary' }), { minLength: 1, maxLength: 4 }), names => {
      back(train(rows(names.length, 1, names), options).model);
    }),
    { numRuns: 30 },
  );
});

const random = createRandom(2);
const stage: Stage = {
  ...createConvolutions(1, [{ outputs: 2, taps: 3, activation: 'relu' }], 'all', random).stages[0]!,
};
const fronts: Readonly<Record<string, ConvolutionalFrontEnd>> = {
  'stencils held to unit slope': createStencilBank({ orders: [2, 4], activation: 'abs', constrained: true }),
  'no activation, no bias': createStencilBank({ orders: [2], activation: 'none', constrained: false }),
  ...Object.fromEntries(
    (['all', 'mean', 'max'] as const).map(summary => [
      `summary ${summary}, two channels, strides, dilation, both pools`,
      createConvolutions(
        2,
        [
          { outputs: 3, taps: 3, dilation: 2, activation: 'relu', pool: { kind: 'average', size: 2 } },
          { outputs: 2, taps: 1, stride: 2, activation: 'tanh', pool: { kind: 'max', size: 1 } },
        ],
        summary,
        random,
      ),
    ]),
  ),
  'the longest distances that a row allows': {
    channels: 1,
    stages: [{ ...stage, stride: 12, padding: 12, dilation: 12 }],
    summary: 'max',
  },
};

test.each(Object.entries(fronts))('a front end with %s', (_, frontEnd) => {
  for (const activation of ['tanh', 'relu'] as const) {
    const network = createConvolutionalNetwork(frontEnd, 12, [3, 2], activation, random);
    back(train(rows(12), { ...options, network }).model);
  }
});

test('a frontEnd that no file may hold is refused before training', () => {
  for (const far of [{ stride: 13 }, { padding: 13 }, { dilation: 13, padding: 12 }]) {
    const frontEnd: ConvolutionalFrontEnd = { channels: 1, stages: [{ ...stage, ...far }], summary: 'mean' };
    const network = createConvolutionalNetwork(frontEnd, 12, [2], 'tanh', random);
    expect(() => train(rows(12), { ...options, network })).toThrow(
      /frontEnd\.stages\[0\] has \w+ 13 on rows of 12/,
    );
  }
});

describe('statistics of features of any size', () => {
  test.each([1e-300, 1e-160, 1, 1e9, 1e154, 1e200, 1e307])('columns of SD %d are standardised', scale => {
    const plain = standardizationOf(rows(2).x);
    const scaled = standardizationOf(rows(2, scale).x);
    for (const part of ['mean', 'scale'] as const) {
      scaled[part].forEach((value, k) => {
        expect(value / scale).toBeCloseTo(plain[part][k]!, 12);
      });
    }
    back(train(rows(2, scale), options).model);
  });
  test('a column that spans more than a number can hold is refused', () => {
    const data = rows(1);
    data.x.data.fill(1.7e308).set([-1.7e308]);
    expect(() => train(data, options)).toThrow(/column 0 has a range that overflows/);
  });
  test.each([
    [1e200, /column 0 add up to Infinity/],
    [1e-200, /column 0 add up to/],
  ])('streamed columns of SD %d are refused when their squares are lost', async (scale, message) => {
    const { x, labels } = rows(1, scale);
    async function* batches() {
      yield { x: x.data, labels };
    }
    await expect(streamedStandardization(batches(), 1)).rejects.toThrow(message);
  });
});

describe('what no model file could hold is refused before training', () => {
  test('names twice or none', () => {
    expect(() => train(rows(2, 1, ['a', 'a']), options)).toThrow(/each feature .*"a" occurs twice/);
    expect(() => train({ ...rows(2), classes: ['x', 'x'] }, options)).toThrow(
      /each class .*"x" occurs twice/,
    );
  });
  test.each([
    [[Number.NaN], [1]],
    [[0], [0]],
    [[0], [-1]],
    [[0], [Infinity]],
    [
      [0, 0],
      [1, 1],
    ],
  ])('a streamed standardisation by mean %j and scale %j', async (mean, scale) => {
    const { classes, features, groups, x, labels } = rows(1);
    async function* batches() {
      yield { x: x.data, labels };
    }
    const standardization = { mean: Float64Array.from(mean), scale: Float64Array.from(scale) };
    const { optimizer: _, ...rest } = options;
    await expect(
      startStreamedTraining(
        { classes, features, groups, standardization, batches },
        { ...rest, optimizer: 'sgd' },
      ),
    ).rejects.toThrow(/means and positive scales/);
  });
});
