/**
 * Regression by the same training as classification. Features and targets are standardised on the training rows only;
 * predictions are in the units of the targets.
 */

import { add, mul } from '../../diff/arithmetic.ts';
import { formatShape, full, type Tensor, tensor } from '../../diff/tensor.ts';
import { InputError } from '../../input-error.ts';
import { createRandom } from '../../random.ts';
import { targetEvidence } from '../diagnose/target-evidence.ts';
import {
  type FeatureName,
  finiteOrNaN,
  type Standardization,
  standardizationOf,
  standardize,
  type TrainingProvenance,
} from '../model/classifier.ts';
import { createNetwork, logits, type Network } from '../model/network.ts';
import { type Checkpoint, fingerprintOf } from './checkpoint.ts';
import { checkFeatures, checkNames, checkRowWeights } from './dataset.ts';
import { fullBatch, minibatches } from './epoch.ts';
import { createLearner } from './learner.ts';
import { type RowLoss, regressionLoss } from './losses.ts';
import {
  type CompleteTrainOptions,
  checkOptions,
  checkPatience,
  completeOptions,
  type TrainOptions,
} from './train-options.ts';
import { inspectedRows, lossOver, type Rows, scalingOf } from './training-rows.ts';
import { startTrainingRun, type Training, type TrainingResult } from './training-run.ts';

/** Rows for training a regression. */
export interface RegressionDataset {
  readonly features: readonly FeatureName[];
  /** The predicted quantities with their units. */
  readonly outputs: readonly FeatureName[];
  /** Raw features `[rows, features]` and raw targets `[rows, outputs]`. */
  readonly x: Tensor;
  readonly targets: Tensor;
  /** Group (record, patient) of each row. */
  readonly groups: readonly string[];
  /** Weight of each row in the loss; all 1 when absent. */
  readonly weights?: Float64Array;
}

/**
 * Options as for a classifier, without those of classes. `loss` is a function of standardised outputs and targets
 * `[rows, outputs]`.
 */
export type RegressionOptions = Omit<TrainOptions, 'classWeights' | 'focalGamma' | 'validation' | 'loss'> & {
  /** Default: the mean squared error. */
  readonly loss?: RowLoss;
  readonly validation?: RegressionDataset;
};

/** A trained regression model. */
export interface Regressor {
  readonly features: readonly FeatureName[];
  readonly outputs: readonly FeatureName[];
  readonly standardization: Standardization;
  readonly targetStandardization: Standardization;
  readonly network: Network;
  readonly training: TrainingProvenance;
}

/**
 * Predictions `[rows, outputs]`, in the units of the targets, from raw features `[rows, features]`. Differentiable.
 * Throws `RangeError` when the number of features is not that of the model.
 *
 * @example Math.round(predict(trainRegression({ features: [{ name: 'a', unit: '' }], outputs: [{ name: 'y', unit: '' }], x: tensor([[0], [1], [2]]), targets: tensor([[1], [3], [5]]), groups: ['a', 'b', 'c'] }, { hidden: [], optimizer: 'lbfgs', epochs: 50 }).model, tensor([[3]])).data[0]) // => 7
 */
export function predict(model: Regressor, x: Tensor): Tensor {
  if (x.shape.length !== 2 || x.shape[1] !== model.features.length) {
    throw new InputError(
      `predict: the model takes ${model.features.length} features a row, the shape is ${formatShape(x.shape)}`,
    );
  }
  const { mean, scale } = model.targetStandardization;
  return add(
    mul(logits(model.network, finiteOrNaN(standardize(x, model.standardization))), tensor(scale)),
    tensor(mean),
  );
}

/**
 * Starts training a regression, or resumes it from a checkpoint, as `startTraining` does. Throws `RangeError` for
 * values that are not finite or options out of range, `ModelError` for a checkpoint of other data or options.
 *
 * @example startRegression({ features: [{ name: 'a', unit: '' }], outputs: [{ name: 'y', unit: '' }], x: tensor([[0], [1], [2]]), targets: tensor([[1], [3], [5]]), groups: ['a', 'b', 'c'] }).epochs // => 0
 */
export function startRegression(
  data: RegressionDataset,
  given: RegressionOptions = {},
  from?: Checkpoint,
): Training<Regressor> {
  const { features, outputs, groups } = data;
  const { validation, loss: own, patience, ...rest } = given;
  checkRegression(data, 'training');
  if (validation) checkRegression(validation, 'validation');
  const names = outputs.map(({ name }) => name);
  const checked: CompleteTrainOptions = completeOptions(rest, names.length);
  const asTrained = patience === undefined ? checked : { ...checked, patience };
  checkOptions(checked, { classes: names, groups }, new Set());
  checkPatience(patience, groups, validation?.groups);

  const random = createRandom(checked.seed);
  const standardization = scalingOf(data, given);
  const targetStandardization = standardizationOf(data.targets);
  const loss = regressionLoss(outputs.length, own);
  const rowsOf = (set: RegressionDataset): Rows =>
    regressionRows(set, given, standardization, targetStandardization);
  const rows = rowsOf(data);
  const network =
    checked.network ??
    createNetwork([features.length, ...checked.hidden, outputs.length], checked.activation, random);
  const atOnce = checked.optimizer === 'lbfgs';
  const learner = createLearner(network, {
    ...asTrained,
    optimizer: checked.optimizer === 'lbfgs' ? 'sgd' : checked.optimizer,
    batchSize: atOnce ? rows.count : Math.min(checked.batchSize, rows.count),
    ...{ inputs: rows.columns, classes: outputs.length, trainingLoss: loss },
  });
  const method = atOnce ? fullBatch(learner, rows) : minibatches(learner, rows, asTrained, random);
  const parts = (set: RegressionDataset) => [set.x.data, set.targets.data, set.weights ?? ''] as const;
  const run = startTrainingRun<Regressor>(
    {
      ...{ data: { classes: names, features, groups }, options: asTrained, network, learner, method },
      ...{
        validationRows: validation && rowsOf(validation),
        inspected: inspectedRows(rows),
        trainingLoss: loss,
        targets: targetEvidence(data.targets, names, data.weights),
      },
      loss: () => lossOver(learner, rows).whole,
      rowsFingerprint: () =>
        fingerprintOf(...parts(data), ...(validation === undefined ? [] : parts(validation))),
      rows: rows.count,
      model: (trained, training) => ({
        ...{ features, outputs, standardization, targetStandardization, network: trained, training },
      }),
    },
    from,
  );
  return Object.assign(run, { runEpoch: () => run.record(method.epoch(run.epochs + 1)) });
}

/**
 * Trains a regression until training ends, and returns the model, the losses and the verdict. Arguments and errors are those
 * of `startRegression`.
 *
 * @example trainRegression({ features: [{ name: 'a', unit: '' }], outputs: [{ name: 'y', unit: '' }], x: tensor([[0], [1], [2]]), targets: tensor([[1], [3], [5]]), groups: ['a', 'b', 'c'] }, { hidden: [], optimizer: 'lbfgs', epochs: 50 }).verdict.kind // => 'converged'
 */
export function trainRegression(
  data: RegressionDataset,
  options: RegressionOptions = {},
  from?: Checkpoint,
): TrainingResult<Regressor> {
  const training = startRegression(data, options, from);
  while (!training.finished) training.runEpoch();
  return training.result();
}

/** Standardised rows, and their standardised targets with the row weights in a last column. */
function regressionRows(
  { x, targets, weights }: RegressionDataset,
  { precision }: RegressionOptions,
  standardization: Standardization,
  targetStandardization: Standardization,
): Rows {
  const [count, outputs] = targets.shape as [number, number];
  const scaled = standardize(targets, targetStandardization).data;
  const weighted = full([count, outputs + 1], 0).data;
  for (let row = 0; row < count; row++) {
    weighted.set(scaled.subarray(row * outputs, (row + 1) * outputs), row * (outputs + 1));
    weighted[row * (outputs + 1) + outputs] = weights?.[row] ?? 1;
  }
  const narrow = (data: Float64Array) => (precision === 'float32' ? Float32Array.from(data) : data);
  return {
    x: narrow(standardize(x, standardization).data),
    targets: narrow(weighted),
    ...{ count, columns: x.shape[1]!, classes: outputs + 1 },
  };
}

/** Throws `RangeError`, with the position, for invalid names, shapes, values or weights. */
function checkRegression(
  { features, outputs, x, targets, groups, weights }: RegressionDataset,
  what: string,
): void {
  for (const [kind, named] of [
    ['feature', features],
    ['output', outputs],
  ] as const) {
    checkNames(
      kind,
      named.map(({ name }) => name),
    );
  }
  checkFeatures(what, x, features);
  const rows = x.shape[0]!;
  if (targets.shape.length !== 2 || targets.shape[0] !== rows || targets.shape[1] !== outputs.length) {
    throw new InputError(
      `train: ${rows} ${what} rows take targets ${formatShape([rows, outputs.length])}, not ${formatShape(targets.shape)}`,
    );
  }
  checkFeatures(what, targets, outputs);
  if (groups.length !== rows) throw new InputError(`train: ${rows} ${what} rows and ${groups.length} groups`);
  checkRowWeights(what, weights, rows);
}
