/**
 * A training task that takes a while; as a program it trains until done or interrupted: `interrupted-task.ts PATH KIND`,
 * the rows in `memory` or `streamed`.
 */
import { full } from '../../src/diff/tensor.ts';
import {
  type StreamedDataset,
  type StreamOptions,
  startStreamedTraining,
} from '../../src/learn/train/streamed-training.ts';
import { type Dataset, startTraining } from '../../src/learn/train/train.ts';
import { type StartTraining, trainInterruptibly } from '../../src/node/interruptible-training.ts';
import { createRandom } from '../../src/random.ts';

export const taskOptions: StreamOptions = {
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

/** The same rows, in batches of 50 that go round by the epoch. */
export function streamedTask(): StreamedDataset {
  const { classes, features, x, labels } = taskData();
  return {
    ...{ classes, features, groups: ['g'] },
    standardization: { mean: new Float64Array(5), scale: new Float64Array(5).fill(1) },
    async *batches(epoch) {
      for (let k = 0; k < 12; k++) {
        const first = 50 * ((k + epoch) % 12);
        yield {
          x: x.data.subarray(5 * first, 5 * (first + 50)),
          labels: labels.subarray(first, first + 50),
        };
      }
    },
  };
}

export type Kind = 'memory' | 'streamed';

export const starting =
  (kind: Kind, options: StreamOptions = taskOptions): StartTraining =>
  from =>
    kind === 'memory'
      ? startTraining(taskData(), options, from)
      : startStreamedTraining(streamedTask(), options, from);

if (process.argv[1] === import.meta.filename) {
  const { interrupted, losses } = await trainInterruptibly(
    starting(process.argv[3] as Kind, {
      ...taskOptions,
      onEpoch: epoch => (epoch === 3 ? console.log('ready') : undefined),
    }),
    { checkpoint: process.argv[2]! },
  );
  console.log(JSON.stringify({ interrupted, epochs: losses.length - 1 }));
}
