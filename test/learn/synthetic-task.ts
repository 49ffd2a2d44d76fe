/** A small task of made-up signals that trainings are tried on. */
import { full } from '../../src/diff/tensor.ts';
import { classProbabilities, predictedClasses } from '../../src/learn/model/classifier.ts';
import { type Network, parametersOf } from '../../src/learn/model/network.ts';
import type { Dataset, TrainOptions } from '../../src/learn/train/train.ts';
import { createRandom } from '../../src/random.ts';

/** Short signals with a bump: narrow ones are class 0, wide ones class 1. */
export function bumps(rows: number, seed: number, width = 24): Dataset {
  const random = createRandom(seed);
  const x = full([rows, width], 0);
  const labels = new Int32Array(rows);
  for (let row = 0; row < rows; row++) {
    labels[row] = row % 2;
    const spread = labels[row] === 0 ? 1 : 3;
    const centre = width / 2 + 2 * (random.uniform() - 0.5);
    for (let i = 0; i < width; i++) {
      x.data[row * width + i] = Math.exp(-0.5 * ((i - centre) / spread) ** 2) + 0.05 * random.normal();
    }
  }
  return {
    classes: ['narrow', 'wide'],
    features: Array.from({ length: width }, (_, i) => ({ name: `v${i}`, unit: 'mV' })),
    x,
    labels,
    groups: Array.from(labels, (_, row) => `patient ${seed}.${row % 6}`),
  };
}

export const options: TrainOptions = {
  hidden: [6],
  activation: 'tanh',
  optimizer: 'adam',
  learningRate: 0.01,
  epochs: 6,
  batchSize: 32,
  l2: 1e-3,
  classWeights: [1, 1],
  seed: 4,
};
export const data = bumps(150, 1);
export const bitsOf = (network: Network): number[] => parametersOf(network).flatMap(p => [...p.data]);
export const shareRight = (rows: Dataset, model: Parameters<typeof classProbabilities>[0]): number =>
  predictedClasses(classProbabilities(model, rows.x)).reduce(
    (right, answer, i) => right + (answer === rows.labels[i] ? 1 : 0),
    0,
  ) / rows.labels.length;
