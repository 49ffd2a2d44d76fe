/**
 * Learning-rate sweeps: the same network with the same initial weights trained with every optimiser and rate, and the
 * bound on the rate from the curvature of the loss.
 */

import { tensor } from '../../diff/tensor.ts';
import { InputError } from '../../input-error.ts';
import { createRandom, type Random } from '../../random.ts';
import { standardize } from '../model/classifier.ts';
import { createNetwork, type Network } from '../model/network.ts';
import { type Dataset, weightedTargets } from '../train/dataset.ts';
import { createLearner } from '../train/learner.ts';
import type { OptimizerName } from '../train/optimizers.ts';
import { type TrainOptions, train } from '../train/train.ts';
import { completeOptions } from '../train/train-options.ts';
import { inspectedRows, rowsOf, scalingOf } from '../train/training-rows.ts';
import { type Curvature, largestCurvature } from './curvature.ts';
import { lossOfParameterVector } from './parameter-loss.ts';
import { learningRateRange, type RangeTest } from './range-test.ts';
import type { Verdict } from './verdict.ts';

/** One training run. */
export interface RateRun {
  readonly optimizer: OptimizerName;
  readonly learningRate: number;
  readonly losses: readonly number[];
  readonly verdict: Verdict;
}

/**
 * `count` learning rates from `from` to `to` inclusive, evenly spaced in logarithm. Throws `RangeError` unless 0 < from
 * < to and there are at least two.
 *
 * @example logRates(0.001, 10, 5) // => [0.001, 0.01, 0.1, 1, 10]
 */
export function logRates(from: number, to: number, count: number): number[] {
  if (!(from > 0) || !(to > from) || !Number.isInteger(count) || count < 2) {
    throw new InputError(`logRates: ${count} rates from ${from} to ${to} are not a valid sweep`);
  }
  return Array.from({ length: count }, (_, k) =>
    Number((from * (to / from) ** (k / (count - 1))).toPrecision(3)),
  );
}

/**
 * Trains once with every optimiser and rate; all other settings are those of `options`. Throws as `train` does.
 *
 * @example sweepLearningRates(data, { hidden: [], epochs: 2 }, ['sgd'], [0.01, 0.1]).length // => 2
 */
export function sweepLearningRates(
  data: Dataset,
  options: TrainOptions,
  optimizers: readonly OptimizerName[],
  rates: readonly number[],
  onRun?: (done: number, run: RateRun) => void,
): RateRun[] {
  const runs: RateRun[] = [];
  for (const optimizer of optimizers) {
    for (const learningRate of rates) {
      const { losses, verdict } = train(data, { ...options, optimizer, learningRate });
      const run = { optimizer, learningRate, losses, verdict };
      runs.push(run);
      onRun?.(runs.length, run);
    }
  }
  return runs;
}

/**
 * The learning-rate range test of `options.optimizer` on a new network, over batches in the order of the rows, with
 * rates from 1e-6 to 100. Throws `RangeError` when there are fewer rows than in a batch.
 */
export function rangeTestOf(
  data: Dataset,
  options: TrainOptions & { readonly optimizer: OptimizerName },
): RangeTest {
  const { batchSize, l2, activation, classWeights, optimizer, hidden, seed } = completeOptions(
    options,
    data.classes.length,
  );
  const [inputs, classes] = [data.features.length, data.classes.length];
  const batches = Math.floor(data.labels.length / batchSize);
  if (batches === 0) {
    throw new InputError(`rangeTestOf: ${data.labels.length} rows do not fill a batch of ${batchSize}`);
  }
  const network = createNetwork([inputs, ...hidden, classes], activation, createRandom(seed));
  const learner = createLearner(network, { optimizer, batchSize, l2, inputs, classes });
  const x = standardize(data.x, scalingOf(data, options)).data;
  const targets = weightedTargets(data, classWeights).data;
  let next = 0;
  const step = (rate: number): number => {
    const from = (next++ % batches) * batchSize;
    learner.x.set(x.subarray(from * inputs, (from + batchSize) * inputs));
    learner.targets.set(targets.subarray(from * classes, (from + batchSize) * classes));
    return learner.step(rate);
  };
  return learningRateRange(step, { from: 1e-6, to: 100, steps: 200 });
}

/**
 * The largest curvature of the penalised training loss with respect to all parameters of a network, over at most
 * `count` evenly drawn rows: gradient descent converges to a minimum only at rates below 2/λ.
 */
export function trainingCurvature(
  data: Dataset,
  given: TrainOptions,
  network: Network,
  random: Random,
  count = 512,
): Curvature {
  const options = completeOptions(given, data.classes.length);
  const rows = inspectedRows(rowsOf(data, options, scalingOf(data, options)), count);
  const { loss, start } = lossOfParameterVector(network, rows, options);
  return largestCurvature(loss, start, random);
}

/** A random sample of `count` rows of a dataset (all, if it has fewer), regardless of class and group. */
export function someRows(data: Dataset, count: number, seed: number): Dataset {
  const random = createRandom(seed);
  const order = Array.from(data.labels, (_, row) => ({ row, key: random.uniform() }));
  const rows = order
    .sort((a, b) => a.key - b.key)
    .slice(0, count)
    .map(({ row }) => row);
  const width = data.features.length;
  const x = new Float64Array(rows.length * width);
  rows.forEach((row, k) => {
    x.set(data.x.data.subarray(row * width, (row + 1) * width), k * width);
  });
  return {
    classes: data.classes,
    features: data.features,
    x: tensor(x, [rows.length, width]),
    labels: Int32Array.from(rows, row => data.labels[row]!),
    groups: rows.map(row => data.groups[row]!),
  };
}
