/** Training on worker threads: the bits of one, the rounding of several, and what happens when a thread ends. */
import { readdirSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createNetwork } from '../../../src/learn/model/network.ts';
import { formatCheckpoint, parseCheckpoint } from '../../../src/learn/train/checkpoint.ts';
import { createLearner } from '../../../src/learn/train/learner.ts';
import { type RegressionDataset, trainRegression } from '../../../src/learn/train/regression.ts';
import { type StreamedDataset, trainStreamed } from '../../../src/learn/train/streamed-training.ts';
import { startTraining, type TrainOptions, train } from '../../../src/learn/train/train.ts';
import {
  type GradientThreads,
  startGradientWorkers,
  startThreads,
} from '../../../src/node/gradient-workers/gradient-workers.ts';
import { GradientWorkerError } from '../../../src/node/gradient-workers/worker-error.ts';
import { createRandom } from '../../../src/random.ts';
import { bitsOf, bumps, data, options } from '../../learn/synthetic-task.ts';

const threads = new Map<number, GradientThreads>();
beforeAll(async () => {
  for (const count of [1, 2, 3]) threads.set(count, await startGradientWorkers(count));
});
afterAll(async () => {
  for (const workers of threads.values()) await workers.close();
});
const workersOf = (count: number): GradientThreads => threads.get(count)!;

const largestDifference = (a: readonly number[], b: readonly number[]): number => {
  expect(a).toHaveLength(b.length);
  return a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i]!)), 0);
};

/** 150 rows in batches of 32: the last has 22. */
const variants: Record<string, Partial<TrainOptions>> = {
  plain: {},
  'class weights, noise, clipping, a schedule': {
    ...{ classWeights: [1, 3], inputNoise: 0.2, clipNorm: 0.5, optimizer: 'nesterov' },
    schedule: { kind: 'warm-up', epochs: 2, after: { kind: 'cosine' } },
  },
  'focal loss, early stopping': { focalGamma: 2, validation: bumps(60, 2), patience: 2 },
  'a batch of two': { batchSize: 2, epochs: 2 },
  'all rows in a batch': { batchSize: 500, optimizer: 'rmsprop' },
  'L-BFGS': { optimizer: 'lbfgs', hidden: [], epochs: 12 },
};

describe('rows in memory', () => {
  test.each(Object.entries(variants))('%s', (_, variant) => {
    const settings = { ...options, ...variant };
    const alone = train(data, settings);
    const one = train(data, { ...settings, workers: workersOf(1) });
    expect(bitsOf(one.model.network)).toEqual(bitsOf(alone.model.network));
    expect(one.losses).toEqual(alone.losses);
    expect(one.validationLosses).toEqual(alone.validationLosses);
    for (const count of [2, 3]) {
      const first = train(data, { ...settings, workers: workersOf(count) });
      const again = train(data, { ...settings, workers: workersOf(count) });
      expect(bitsOf(again.model.network)).toEqual(bitsOf(first.model.network));
      expect(largestDifference(bitsOf(first.model.network), bitsOf(alone.model.network))).toBeLessThan(1e-9);
      expect(largestDifference(first.losses, alone.losses)).toBeLessThan(1e-10);
      expect(first.verdict.kind).toBe(alone.verdict.kind);
    }
  });

  test('Float32: one worker has the bits of none', () => {
    const settings = { ...options, precision: 'float32' } as const;
    const bits = bitsOf(train(data, settings).model.network);
    expect(bitsOf(train(data, { ...settings, workers: workersOf(1) }).model.network)).toEqual(bits);
    const two = bitsOf(train(data, { ...settings, workers: workersOf(2) }).model.network);
    expect(largestDifference(two, bits)).toBeLessThan(1e-3);
    expect(two).not.toEqual(bits);
  });

  test('stopped and resumed with as many workers: the same bits; with others it is refused', () => {
    const settings = { ...options, workers: workersOf(2), inputNoise: 0.1 };
    const whole = train(data, settings);
    const first = startTraining(data, settings);
    first.runEpoch();
    first.runEpoch();
    const checkpoint = parseCheckpoint(formatCheckpoint(first.checkpoint()));
    const rest = train(data, settings, checkpoint);
    expect(bitsOf(rest.model.network)).toEqual(bitsOf(whole.model.network));
    expect(rest.losses).toEqual(whole.losses);
    expect(() => train(data, { ...settings, workers: workersOf(3) }, checkpoint)).toThrow(
      /other data or options/,
    );
  });
});

test('streamed rows: as without workers', async () => {
  const streamed: StreamedDataset = {
    ...{ classes: data.classes, features: data.features, groups: ['a'] },
    standardization: { mean: new Float64Array(24).fill(0.3), scale: new Float64Array(24).fill(0.4) },
    async *batches() {
      for (let from = 0; from < 150; from += 37) {
        yield {
          x: data.x.data.subarray(24 * from, 24 * (from + 37)),
          labels: data.labels.subarray(from, from + 37),
        };
      }
    },
  };
  const settings = { ...options, optimizer: 'adam', inputNoise: 0.1 } as const;
  const alone = await trainStreamed(streamed, settings);
  const one = await trainStreamed(streamed, { ...settings, workers: workersOf(1) });
  expect(bitsOf(one.model.network)).toEqual(bitsOf(alone.model.network));
  const two = await trainStreamed(streamed, { ...settings, workers: workersOf(2) });
  expect(largestDifference(bitsOf(two.model.network), bitsOf(alone.model.network))).toBeLessThan(1e-9);
  expect(two.model.network).toEqual(
    (await trainStreamed(streamed, { ...settings, workers: workersOf(2) })).model.network,
  );
});

test('regression with row weights: as without workers', () => {
  const { x, groups, features } = data;
  const targets = {
    shape: [150, 1],
    data: Float64Array.from(groups, (_, row) => x.data[24 * row + 12]! ** 2),
  };
  const rows: RegressionDataset = {
    ...{ features, outputs: [{ name: 'square', unit: '' }], x, targets, groups },
    weights: Float64Array.from(groups, (_, row) => 1 + (row % 3)),
  };
  const { classWeights: _, validation: __, loss: ___, ...settings } = options;
  const alone = trainRegression(rows, settings);
  const two = trainRegression(rows, { ...settings, workers: workersOf(2) });
  expect(largestDifference(bitsOf(two.model.network), bitsOf(alone.model.network))).toBeLessThan(1e-9);
});

describe('invalid uses', () => {
  test('an invalid number of threads', async () => {
    for (const count of [0, 1.5, -1, 1025, Number.NaN]) {
      await expect(startGradientWorkers(count)).rejects.toThrow(/whole number of threads from 1 to 1024/);
    }
    const workers = 2 as unknown as GradientThreads;
    expect(() => train(data, { ...options, workers })).toThrow(/those of startGradientWorkers, found number/);
  });
  test('two trainings at a time', () => {
    const first = startTraining(data, { ...options, workers: workersOf(2) });
    startTraining(data, { ...options, workers: workersOf(2) }).runEpoch();
    expect(() => first.runEpoch()).toThrow(/workers are in another training/);
  });
});

/** Threads of this process, where the system shows them. */
const threadCount = (): number | undefined =>
  process.platform === 'linux' ? readdirSync('/proc/self/task').length : undefined;

describe('a thread that ends unexpectedly', () => {
  const program = new URL('./ending-thread.ts', import.meta.url).href;
  const rounds = (workers: GradientThreads, inputs: number): void => {
    const learner = createLearner(createNetwork([inputs, 2], 'tanh', createRandom(1)), {
      ...{ optimizer: 'sgd', batchSize: 4, inputs, classes: 2, l2: 0, workers },
    });
    for (let k = 0; k < 10; k++) learner.step(0.1);
  };
  test.each([
    [1, /^train: worker 2 of 2 failed: no more$/],
    [2, /^train: worker 2 of 2 ended with exit code 7$/],
  ])('%i: the training throws, and so does the next one', async (inputs, message) => {
    const before = threadCount();
    const workers = await startThreads(2, program);
    expect(() => rounds(workers, inputs)).toThrow(GradientWorkerError);
    expect(() => rounds(workers, inputs)).toThrow(message);
    await workers.close();
    expect(threadCount()).toBe(before);
  });
  test('one that does not start is an error of the start', async () => {
    await expect(startThreads(2, new URL('./no-such-thread.ts', import.meta.url).href)).rejects.toThrow(
      GradientWorkerError,
    );
  });
  test('closed: no thread is left, and a training says so', async () => {
    const before = threadCount();
    const workers = await startGradientWorkers(2);
    await workers.close();
    expect(threadCount()).toBe(before);
    expect(() => train(data, { ...options, workers })).toThrow(/workers are closed/);
  });
});
