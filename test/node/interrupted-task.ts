/** A training task that takes a while; as a program it trains until done or interrupted: `interrupted-task.ts PATH`. */
import { full } from '../../src/diff/tensor.ts';
import type { Dataset, TrainOptions } from '../../src/learn/train.ts';
import { trainInterruptibly } from '../../src/node/interruptible-training.ts';
import { createRandom } from '../../src/random.ts';

export const taskOptions: TrainOptions = {
  ...{ hidden: [8], activation: 'tanh', optimizer: 'adam', learningRate: 1e-3, epochs: 400, batchSize: 16 },
  ...{ l2: 0, classWeights: [1, 1], seed: 2 },
};

export function taskData(): Dataset {
  const random = createRandom(6);
  const x = full([600, 5], 0);
  for (let i = 0; i < x.data.length; i++) x.data[i] = random.normal();
  const labels = Int32Array.from({ length: 600 }, (_, row) =>
    x.data[5 * row]! * x.data[5 * row + 1]! > 0 ? 1 : 0,
  );
  return {
    ...{ classes: ['a', 'b'], x, labels, groups: Array.from(labels, () => 'g') },
    features: ['p', 'q', 'r', 's', 't'].map(name => ({ name, unit: '' })),
  };
}

if (process.argv[1] === import.meta.filename) {
  const { interrupted, losses } = await trainInterruptibly(
    taskData(),
    { ...taskOptions, onEpoch: epoch => (epoch === 3 ? console.log('ready') : undefined) },
    { checkpoint: process.argv[2]! },
  );
  console.log(JSON.stringify({ interrupted, epochs: losses.length - 1 }));
}
