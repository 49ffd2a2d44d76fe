/** ONNX files run in an independent runtime: same probabilities to 1e-5, for every kind of model. */
import { PbfReader } from 'pbf';
import { describe, expect, test } from 'vitest';
import { likelyRows, onnxProbabilities } from '../../../src/cli/commands/export-onnx/run-onnx.ts';
import { full } from '../../../src/diff/tensor.ts';
import { type Classifier, classProbabilities } from '../../../src/learn/model/classifier.ts';
import {
  type ConvolutionalFrontEnd,
  createConvolutions,
} from '../../../src/learn/model/convolutional-layers.ts';
import { createConvolutionalNetwork, createNetwork, type Network } from '../../../src/learn/model/network.ts';
import { formatOnnx } from '../../../src/learn/model/onnx.ts';
import { createStencilBank } from '../../../src/learn/model/stencil-bank.ts';
import { train } from '../../../src/learn/train/train.ts';
import { createRandom } from '../../../src/random.ts';

const random = createRandom(31);
const width = 24;
const modelOf = (network: Network): Classifier => ({
  classes: ['N', 'V', 'é'],
  features: Array.from({ length: width }, (_, k) => ({ name: `v${k}`, unit: 'mV' })),
  standardization: {
    mean: Float64Array.from({ length: width }, () => random.normal()),
    scale: Float64Array.from({ length: width }, () => 0.5 + random.uniform()),
  },
  network,
  training: {
    ...{ trainedOn: ['101'], rows: 5, optimizer: 'adam', learningRate: 0.01, epochs: 2, seed: 1 },
  },
});
const fronted = (frontEnd: ConvolutionalFrontEnd): Network =>
  createConvolutionalNetwork(frontEnd, width, [5, 3], 'relu', random);
const convolutions = (summary: ConvolutionalFrontEnd['summary'], channels: number): ConvolutionalFrontEnd =>
  createConvolutions(
    channels,
    [
      { outputs: 4, taps: 5, stride: 2, activation: 'relu' },
      { outputs: 3, taps: 3, dilation: 2, activation: 'tanh', pool: { kind: 'average', size: 2 } },
    ],
    summary,
    random,
  );

const models: Record<string, Network> = {
  'softmax regression': createNetwork([width, 3], 'tanh', random),
  'perceptron, tanh': createNetwork([width, 8, 6, 3], 'tanh', random),
  'perceptron, relu': createNetwork([width, 8, 3], 'relu', random),
  'convolutional, all numbers, two channels': fronted(convolutions('all', 2)),
  'convolutional, means': fronted(convolutions('mean', 1)),
  'convolutional, largest': fronted(convolutions('max', 1)),
  'convolutional with side inputs': fronted({ ...convolutions('all', 2), inputs: 18 }),
  'convolutional means with side inputs': fronted({ ...convolutions('mean', 1), inputs: 17 }),
  'stencil bank': fronted(
    createStencilBank({
      ...{ orders: [2, 6], activation: 'abs', constrained: true },
      pool: { kind: 'max', size: 4 },
    }),
  ),
};

test.each(Object.entries(models))('%s', async (_, network) => {
  const model = modelOf(network);
  for (const { weights, bias } of network.layers) {
    for (let i = 0; i < bias.data.length; i++) bias.data[i] = random.normal();
    for (let i = 0; i < weights.data.length; i++) weights.data[i]! *= 0.7;
  }
  const x = likelyRows(model, 50, random);
  const theirs = await onnxProbabilities(formatOnnx(model), x);
  const ours = classProbabilities(model, x);
  expect(theirs.shape).toEqual([50, 3]);
  // Not all alike: the comparison means something.
  expect(Math.max(...ours.data) - Math.min(...ours.data)).toBeGreaterThan(0.1);
  theirs.data.forEach((p, i) => {
    expect(Math.abs(p - ours.data[i]!)).toBeLessThan(1e-5);
  });
});

test.each([
  [1000, 0.1],
  [1e6, 0.5],
])('features of mean %d that spread by %d', async (mean, spread) => {
  const plain = modelOf(models['perceptron, tanh']!);
  const model: Classifier = {
    ...plain,
    standardization: {
      mean: Float64Array.from({ length: width }, () => mean * (1 + random.uniform())),
      scale: Float64Array.from({ length: width }, () => spread * (1 + random.uniform())),
    },
  };
  const x = likelyRows(model, 200, random);
  const theirs = await onnxProbabilities(formatOnnx(model), x);
  const ours = classProbabilities(model, x);
  expect(Math.max(...ours.data) - Math.min(...ours.data)).toBeGreaterThan(0.1);
  theirs.data.forEach((p, i) => {
    expect(Math.abs(p - ours.data[i]!)).toBeLessThan(1e-5);
  });
});

describe.each([
  { activation: 'abs', constrained: true, standardizeTogether: true },
  { activation: 'none', constrained: false, standardizeTogether: false },
  { activation: 'tanh', constrained: true, standardizeTogether: false },
] as const)('a trained stencil bank, %j', ({ activation, constrained, standardizeTogether }) => {
  test('agrees on its training rows and on rows like them', async () => {
    const rows = 120;
    const x = full([rows, width], 0);
    for (let i = 0; i < x.data.length; i++) {
      const spread = Math.floor(i / width) % 2 === 0 ? 1 : 3;
      const shape = Math.exp(-0.5 * (((i % width) - width / 2) / spread) ** 2);
      x.data[i] = Math.fround(shape + 0.05 * random.normal());
    }
    const frontEnd = createStencilBank({ orders: [2, 4, 6], activation, constrained });
    const { model } = train(
      {
        ...{ classes: ['narrow', 'wide'], x, labels: Int32Array.from({ length: rows }, (_, k) => k % 2) },
        features: modelOf(models['softmax regression']!).features,
        groups: Array.from({ length: rows }, () => 'g'),
      },
      {
        ...{ hidden: [], activation: 'tanh', optimizer: 'adam', learningRate: 0.01, epochs: 30 },
        ...{ batchSize: 20, l2: 1e-3, classWeights: [1, 1], seed: 1, standardizeTogether },
        network: createConvolutionalNetwork(frontEnd, width, [8, 2], 'relu', random),
      },
    );
    for (const inputs of [x, likelyRows(model, 1000, random)]) {
      const theirs = await onnxProbabilities(formatOnnx(model), inputs);
      const ours = classProbabilities(model, inputs).data;
      const worst = ours.reduce((most, p, i) => Math.max(most, Math.abs(p - theirs.data[i]!)), 0);
      expect(worst).toBeLessThan(1e-5);
    }
  });
});

describe('the file', () => {
  test('says what the classes and features are', () => {
    const model = modelOf(models['softmax regression']!);
    const metadata: Record<string, string> = {};
    new PbfReader(formatOnnx(model)).readFields((tag, found, pbf) => {
      if (tag !== 14) return;
      const entry = pbf.readMessage<{ key: string; value: string }>(
        (field, e, inner) => {
          if (field === 1) e.key = inner.readString();
          else if (field === 2) e.value = inner.readString();
        },
        { key: '', value: '' },
      );
      found[entry.key] = entry.value;
    }, metadata);
    expect(JSON.parse(metadata.classes!)).toEqual(model.classes);
    expect(JSON.parse(metadata.features!)).toEqual(model.features);
    expect(JSON.parse(metadata.training!)).toEqual(model.training);
    expect(metadata.use).toMatch(/Research use only/);
  });
});
