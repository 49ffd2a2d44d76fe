/** Training on rows in memory: seeded minibatches, or full-batch L-BFGS. */
import { createRandom } from '../../random.ts';
import type { Classifier, Standardization, TrainingProvenance } from '../model/classifier.ts';
import { checkFrontEnd } from '../model/convolutional-layers.ts';
import { createNetwork, type Network } from '../model/network.ts';
import { type Checkpoint, fingerprintOf } from './checkpoint.ts';
import { checkDataset, type Dataset } from './dataset.ts';
import { fullBatch, minibatches } from './epoch.ts';
import { createLearner } from './learner.ts';
import { classificationLoss } from './losses.ts';
import { checkOptions, completeOptions, type TrainOptions } from './train-options.ts';
import { inspectedRows, lossOver, rowsOf, scalingOf } from './training-rows.ts';
import { startTrainingRun, type Training, type TrainingResult } from './training-run.ts';

export { type Dataset, groupBalancedWeights, inverseFrequencyWeights } from './dataset.ts';
export type { TrainOptions } from './train-options.ts';
export type { Training, TrainingResult } from './training-run.ts';

/**
 * Starts training a classifier by gradient descent on the weighted loss, or resumes it from a checkpoint. Features are
 * standardised on these rows only. The same data, options and seed give bit-identical weights on one machine, with or
 * without interruption. Throws `RangeError` for values that are not finite, labels outside the classes or options out
 * of range, `ModelError` for a checkpoint of other data or options.
 *
 * @example
 * const { rows, options } = beatRecipe('softmax', data, 1);
 * const training = startTraining(rows, options);
 * training.runEpoch();
 * training.epochs // => 1
 */
export function startTraining(data: Dataset, given: TrainOptions = {}, from?: Checkpoint): Training {
  checkDataset(data, 'training');
  const options = completeOptions(given, data.classes.length);
  checkOptions(options, data, new Set(data.labels));
  const random = createRandom(options.seed);
  const standardization = scalingOf(data, options);
  const sizes = [data.features.length, ...options.hidden, data.classes.length];
  const network = options.network ?? createNetwork(sizes, options.activation, random);
  if (network.frontEnd !== undefined) checkFrontEnd(network.frontEnd, data.features.length);
  const rows = rowsOf(data, options, standardization);
  const trainingLoss = classificationLoss(data.classes.length, options.focalGamma, options.loss);
  const atOnce = options.optimizer === 'lbfgs';
  const learner = createLearner(network, {
    ...options,
    optimizer: options.optimizer === 'lbfgs' ? 'sgd' : options.optimizer,
    batchSize: atOnce ? rows.count : Math.min(options.batchSize, rows.count),
    ...{ inputs: rows.columns, classes: rows.classes, trainingLoss },
  });
  const method = atOnce ? fullBatch(learner, rows) : minibatches(learner, rows, options, random);
  const run = startTrainingRun(
    {
      ...{ data, rows: rows.count, options, network, learner, method, trainingLoss },
      model: classifierOf(data, standardization),
      validationRows: options.validation && rowsOf(options.validation, options, standardization),
      inspected: inspectedRows(rows),
      loss: () => lossOver(learner, rows).whole,
      rowsFingerprint: () => fingerprintOf(data.x.data, data.labels, data.weights ?? ''),
    },
    from,
  );
  return Object.assign(run, {
    runEpoch: () => run.record(method.epoch(run.epochs + 1)),
  });
}

/** Makes a classifier of a trained network. */
export const classifierOf =
  (
    { classes, features, definition }: Pick<Dataset, 'classes' | 'features' | 'definition'>,
    standardization: Standardization,
  ) =>
  (network: Network, training: TrainingProvenance): Classifier => ({
    ...{ classes, features, standardization, network },
    ...(definition === undefined ? {} : { definition }),
    training,
  });

/**
 * Trains a classifier until training ends, and returns the model, the losses and the verdict. Arguments and errors are those
 * of `startTraining`.
 *
 * @example train(data, { hidden: [], epochs: 2 }).losses.length // => 3
 */
export function train(data: Dataset, options: TrainOptions = {}, from?: Checkpoint): TrainingResult {
  const training = startTraining(data, options, from);
  while (!training.finished) training.runEpoch();
  return training.result();
}
