/** Trainings that are broken on purpose, each in one way, and trainings that look broken and are not. */
import type { VerdictKind } from '../../../src/learn/diagnose/verdict.ts';
import { createNetwork, type Network } from '../../../src/learn/model/network.ts';
import {
  type Dataset,
  type TrainingResult,
  type TrainOptions,
  train,
} from '../../../src/learn/train/train.ts';
import { createRandom } from '../../../src/random.ts';
import { blobs, columns, imbalanced, noisy, relabelled, separable, xor } from './small-datasets.ts';

const usual: TrainOptions = {
  hidden: [8],
  activation: 'tanh',
  optimizer: 'sgd',
  learningRate: 0.1,
  epochs: 30,
  batchSize: 32,
  l2: 0,
  classWeights: [1, 1],
  seed: 1,
};

function networkOf(
  sizes: readonly number[],
  activation: 'tanh' | 'relu',
  change: (network: Network) => void,
): Network {
  const network = createNetwork(sizes, activation, createRandom(3));
  change(network);
  return network;
}
const scaled = (sizes: readonly number[], factor: number, activation: 'tanh' | 'relu' = 'tanh'): Network =>
  networkOf(sizes, activation, ({ layers }) => {
    for (const { weights } of layers) weights.data.set(weights.data.map(w => factor * w));
  });

export interface BrokenTraining {
  readonly data: Dataset;
  readonly options?: Partial<TrainOptions>;
  readonly kind: VerdictKind;
  /** What the words say is to be done; absent where there is nothing to do. */
  readonly advice?: RegExp;
}

export const trainings: Readonly<Record<string, BrokenTraining>> = {
  'a rate 1000 times too large': {
    data: blobs(),
    options: { learningRate: 300 },
    kind: 'diverged',
    advice: /a tenth of the rate/,
  },
  'a rate a million times too small': {
    data: blobs(),
    options: { learningRate: 1e-7 },
    kind: 'stalled',
    advice: /\d+ times the rate/,
  },
  'a rate of 1e-8': {
    data: blobs(),
    options: { learningRate: 1e-8, epochs: 8 },
    kind: 'stalled',
    advice: /times the rate/,
  },
  'dead ReLU units': {
    data: blobs(),
    options: {
      activation: 'relu',
      network: networkOf([4, 8, 2], 'relu', n => n.layers[0]!.bias.data.fill(-50)),
    },
    kind: 'dead-units',
    advice: /other weights/,
  },
  'saturated tanh units': {
    data: blobs(),
    options: { network: networkOf([4, 8, 2], 'tanh', n => n.layers[0]!.bias.data.fill(60)) },
    kind: 'dead-units',
    advice: /other weights/,
  },
  'features of very different scales': {
    data: columns(blobs(), (v, k) => v * 10 ** (3 * k - 4)),
    kind: 'converged',
  },
  'a constant feature': { data: columns(blobs(), (v, k) => (k === 1 ? 3 : v)), kind: 'converged' },
  'a duplicate feature': {
    data: columns(blobs(), (v, k, row) => (k === 1 ? blobs().x.data[4 * row]! : v)),
    kind: 'converged',
  },
  'features of 1e9': { data: columns(blobs(), v => 1e9 + v), kind: 'converged' },
  'XOR from zero weights': {
    data: xor,
    options: { network: scaled([2, 8, 2], 0), epochs: 1000 },
    kind: 'saddle',
    advice: /random weights/,
  },
  'XOR from weights of 0.01, 30 epochs': {
    data: xor,
    options: { network: scaled([2, 8, 2], 0.01) },
    kind: 'saddle',
    advice: /larger random weights/,
  },
  'XOR from weights of 0.01, 300 epochs': {
    data: xor,
    options: { network: scaled([2, 8, 2], 0.01), epochs: 300 },
    kind: 'saddle',
    advice: /larger random weights/,
  },
  'XOR from equal weights': {
    data: xor,
    options: {
      network: networkOf([2, 8, 2], 'tanh', n => {
        for (const { weights } of n.layers) weights.data.fill(0.3);
      }),
      epochs: 200,
    },
    kind: 'saddle',
    advice: /random weights/,
  },
  'XOR from weights as they should be': {
    data: xor,
    options: { network: scaled([2, 8, 2], 1), epochs: 300 },
    kind: 'converged',
  },
  'twelve tanh layers of small weights': {
    data: blobs(),
    options: { network: scaled([4, ...Array(12).fill(8), 2], 0.2), epochs: 30 },
    kind: 'vanishing-gradient',
    advice: /fewer layers/,
  },
  'one class': {
    data: relabelled(blobs(), () => 0),
    options: { classWeights: [1, 1] },
    kind: 'one-class',
    advice: /rows of the other classes/,
  },
  'classes of 99.5 and 0.5 %': { data: imbalanced, kind: 'imbalanced', advice: /more weight/ },
  'an l2 of 100': {
    data: blobs(),
    options: { l2: 100, learningRate: 1e-3, epochs: 60 },
    kind: 'chance-level',
    advice: /l2 = 100/,
  },
  'a clip norm of 1e-6': { data: blobs(), options: { clipNorm: 1e-6 }, kind: 'stalled', advice: /clipNorm/ },
  'random labels': {
    data: relabelled(blobs(), (_, normal) => (normal() > 0 ? 1 : 0)),
    options: { hidden: [], epochs: 60 },
    kind: 'chance-level',
    advice: /features and labels/,
  },
  'labels of which 30 % are wrong': {
    data: noisy(blobs(), 0.3),
    options: { hidden: [], batchSize: 400, learningRate: 0.5, epochs: 200 },
    kind: 'converged',
  },
  'batches of one row at a large rate': {
    data: blobs(),
    options: { batchSize: 1, learningRate: 0.4, epochs: 20 },
    kind: 'oscillating',
    advice: /larger batch/,
  },
  'a rate at which it oscillates': {
    data: columns(blobs(), (v, k, row) => v + (k > 1 ? 3 * blobs().x.data[4 * row]! : 0)),
    options: { hidden: [], batchSize: 400, l2: 0.05, learningRate: 5, epochs: 100 },
    kind: 'oscillating',
    advice: /a third of the rate/,
  },
  'a schedule that decays early': {
    data: blobs(),
    options: { hidden: [], schedule: { kind: 'exponential', factor: 0.2 } },
    kind: 'plateau',
    advice: /let it decay later/,
  },
  overfitting: {
    data: noisy(blobs(1, 60), 0.2),
    options: {
      hidden: [32],
      optimizer: 'adam',
      learningRate: 0.02,
      epochs: 200,
      validation: noisy(blobs(2, 200), 0.2),
    },
    kind: 'overfitting',
    advice: /after epoch \d+/,
  },
  'random labels for a network': {
    data: relabelled(blobs(), (_, normal) => (normal() > 0 ? 1 : 0)),
    options: { epochs: 10 },
    kind: 'chance-level',
    advice: /features and labels/,
  },
  'XOR on its way out of a saddle': {
    data: xor,
    options: { network: scaled([2, 8, 2], 0.4), epochs: 20 },
    kind: 'improving',
    advice: /More epochs/,
  },
  'XOR, which a saddle held up for 400 epochs': {
    data: xor,
    options: { network: scaled([2, 8, 2], 0.1), epochs: 1280 },
    kind: 'converged',
  },
  'momentum that overshoots and comes back': {
    data: separable,
    options: { hidden: [], optimizer: 'momentum', learningRate: 10, epochs: 30 },
    kind: 'converged',
  },
  'momentum whose loss rises fivefold before it falls': {
    data: separable,
    options: { optimizer: 'momentum', learningRate: 10, epochs: 20 },
    kind: 'improving',
  },
  'a rate at which relu overflows': {
    data: blobs(),
    options: { activation: 'relu', learningRate: 100 },
    kind: 'diverged',
    advice: /a tenth of the rate/,
  },
  'features none of which varies': {
    data: columns(blobs(), () => 3),
    kind: 'chance-level',
    advice: /features and labels/,
  },
  'Adam at a rate of 30 in 64 units': {
    data: blobs(),
    options: { hidden: [64], optimizer: 'adam', learningRate: 30 },
    kind: 'diverged',
    advice: /a tenth of the rate/,
  },
  'six relu layers at a rate of 1e-9': {
    data: blobs(),
    options: { hidden: [16, 16, 16, 16, 16, 16], activation: 'relu', learningRate: 1e-9 },
    kind: 'stalled',
    advice: /times the rate/,
  },
  'ten rows learned by heart by 256 units': {
    data: blobs(1, 10),
    options: { hidden: [256], learningRate: 0.3, epochs: 400, validation: blobs(2) },
    kind: 'overfitting',
    advice: /Stop there/,
  },
  'Adam at a rate of 1e-9': {
    data: blobs(),
    options: { optimizer: 'adam', learningRate: 1e-9 },
    kind: 'stalled',
    advice: /times the rate/,
  },
  'early stopping that keeps the best parameters': {
    data: noisy(blobs(1, 60), 0.2),
    options: {
      ...{ hidden: [32], optimizer: 'adam', learningRate: 0.02, epochs: 200, patience: 20 },
      validation: noisy(blobs(2, 200), 0.2),
    },
    kind: 'converged',
  },
};

export const outcome = ({ data, options }: BrokenTraining): TrainingResult =>
  train(data, { ...usual, ...options });
