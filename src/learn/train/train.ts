/** Training on rows in memory: seeded minibatches, or all rows at once for L-BFGS. */
import { createRandom } from '../../random.ts';
import { checkFront } from '../model/convolutional-layers.ts';
import { createNetwork } from '../model/network.ts';
import { type Checkpoint, fingerprintOf } from './checkpoint.ts';
import { checkDataset, type Dataset } from './dataset.ts';
import { allAtOnce, minibatches } from './epoch.ts';
import { createLearner } from './learner.ts';
import { checkOptions, type TrainOptions } from './train-options.ts';
import { inspectedRows, lossOver, rowsOf, scalingOf } from './training-rows.ts';
import { startTrainingRun, type Training, type TrainingResult } from './training-run.ts';

export { type Dataset, groupBalancedWeights, inverseFrequencyWeights } from './dataset.ts';
export type { TrainOptions } from './train-options.ts';
export type { Training, TrainingResult } from './training-run.ts';

/**
 * Starts training a classifier by gradient descent on the weighted loss, or goes on from a checkpoint. Features are
 * standardised on these rows only. The same data, options and seed give the same weights to the bit on one machine,
 * with or without a stop in between. Throws `RangeError` on rows that are not finite, labels outside the classes or
 * options out of range, `ModelError` on a checkpoint of other data or options.
 */
export function startTraining(data: Dataset, options: TrainOptions, from?: Checkpoint): Training {
  checkDataset(data, 'training');
  checkOptions(options, data, new Set(data.labels));
  const random = createRandom(options.seed);
  const standardization = scalingOf(data, options);
  const sizes = [data.features.length, ...options.hidden, data.classes.length];
  const network = options.network ?? createNetwork(sizes, options.activation, random);
  if (network.front !== undefined) checkFront(network.front, data.features.length);
  const rows = rowsOf(data, options, standardization);
  const atOnce = options.optimizer === 'lbfgs';
  const learner = createLearner(network, {
    ...options,
    optimizer: options.optimizer === 'lbfgs' ? 'sgd' : options.optimizer,
    batchSize: atOnce ? rows.count : Math.min(options.batchSize, rows.count),
    inputs: rows.columns,
    classes: rows.classes,
  });
  const method = atOnce ? allAtOnce(learner, rows) : minibatches(learner, rows, options, random);
  const run = startTrainingRun(
    {
      ...{ data, rows: rows.count, standardization, options, network, learner, method },
      validationRows: options.validation && rowsOf(options.validation, options, standardization),
      some: inspectedRows(rows),
      loss: () => lossOver(learner, rows).whole,
      rowsFingerprint: () => fingerprintOf(data.x.data, data.labels, data.weights ?? ''),
    },
    from,
  );
  return Object.assign(run, {
    runEpoch: () => run.record(method.epoch(run.epochs + 1)),
  });
}

/** Trains to the end: see `startTraining`. */
export function train(data: Dataset, options: TrainOptions, from?: Checkpoint): TrainingResult {
  const training = startTraining(data, options, from);
  while (!training.finished) training.runEpoch();
  return training.result();
}
