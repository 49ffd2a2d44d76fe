/** Two classes of points in the plane, and options that train quickly on them. */
import { tensor } from '../../../src/diff/tensor.ts';
import type { Dataset, TrainOptions } from '../../../src/learn/train/train.ts';
import { createRandom } from '../../../src/random.ts';

/** Two clouds of normal points around (±1, ±1), or with `ring` a disc inside a ring. */
export function clouds(rows: number, seed: number, kind: 'separable' | 'ring'): Dataset {
  const random = createRandom(seed);
  const x = new Float64Array(rows * 2);
  const labels = new Int32Array(rows);
  for (let i = 0; i < rows; i++) {
    const label = i % 2;
    labels[i] = label;
    if (kind === 'ring') {
      const angle = 2 * Math.PI * random.uniform();
      const radius = (label === 0 ? 0.5 : 2) + 0.2 * random.normal();
      x[2 * i] = radius * Math.cos(angle);
      x[2 * i + 1] = radius * Math.sin(angle);
    } else {
      x[2 * i] = (label === 0 ? -1 : 1) + 0.8 * random.normal();
      x[2 * i + 1] = 100 * ((label === 0 ? -1 : 1) + 0.8 * random.normal());
    }
  }
  return {
    classes: ['left', 'right'],
    features: [
      { name: 'a', unit: 'mV' },
      { name: 'b', unit: '' },
    ],
    x: tensor(x, [rows, 2]),
    labels,
    groups: Array.from(labels, (_, i) => `g${i % 5}`),
  };
}

export const options: TrainOptions = {
  hidden: [],
  activation: 'tanh',
  optimizer: 'adam',
  learningRate: 0.02,
  epochs: 60,
  batchSize: 64,
  l2: 0,
  classWeights: [1, 1],
  seed: 1,
};
