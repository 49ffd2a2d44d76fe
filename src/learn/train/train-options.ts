/** How to train: the network's size, the optimiser, the loss, when to stop. */

import { requireOptions } from '../../diff/argument-checks.ts';
import type { Precision } from '../../diff/compile.ts';
import { InputError } from '../../input-error.ts';
import type { Standardization } from '../model/classifier.ts';
import type { Activation, Network } from '../model/network.ts';
import { checkClassWeights, checkDataset, type Dataset } from './dataset.ts';
import type { RowLoss } from './losses.ts';
import { type OptimizerConstants, type OptimizerName, usualConstants } from './optimizers.ts';
import type { Schedule } from './schedules.ts';

export interface TrainOptions {
  /** Sizes of the hidden layers; none for softmax regression. Not looked at when `network` is given. */
  readonly hidden: readonly number[];
  readonly activation: Activation;
  /** `lbfgs` takes all rows at each of its iterations, which then count as epochs; batch size and rate are not used. */
  readonly optimizer: OptimizerName | 'lbfgs';
  readonly learningRate: number;
  readonly epochs: number;
  readonly batchSize: number;
  /** Weight of ½·Σw² over the weights (not the biases) in the loss. */
  readonly l2: number;
  /** Weight of each class in the loss. */
  readonly classWeights: readonly number[];
  readonly seed: number;
  /** Where to start from, in place of a fresh network of `hidden` layers: a convolutional one, a stencil bank. */
  readonly network?: Network;
  /** Standardise all columns alike, as samples of one signal, not each by itself. */
  readonly standardizeTogether?: boolean;
  /** Take the features as they are, in their own units: what standardising saves can then be seen. */
  readonly rawFeatures?: boolean;
  /** Scaling to keep, in place of the rows' own: with a `network` that was trained with it. */
  readonly standardization?: Standardization;
  /** Lets the learning rate fall from epoch to epoch along half a cosine, from its value to 0. */
  readonly cosineDecay?: boolean;
  /** How the learning rate changes, step by step. Not with `cosineDecay`. */
  readonly schedule?: Schedule;
  /** Largest norm of the gradient of a step. */
  readonly clipNorm?: number;
  /** Momentum, betas, ε and weight decay of the optimiser, in place of the usual ones. */
  readonly optimizerConstants?: Partial<OptimizerConstants>;
  /**
   * A loss of one's own in place of the cross-entropy, made by differentiable operations: of scores and targets
   * `[rows, classes]` (a row's weight at its class, else 0) one loss a row, weighted, `[rows, 1]`.
   */
  readonly loss?: RowLoss;
  /** Focusing exponent of the focal loss in place of the cross-entropy. */
  readonly focalGamma?: number;
  /**
   * Standard deviation of normal noise added to the standardised features of every batch, drawn anew each time: a
   * smoother model (Bishop 1995, Neural Computation 7:108). Not with L-BFGS.
   */
  readonly inputNoise?: number;
  /** What the steps compute in. Default `float64`. */
  readonly precision?: Precision;
  /** Rows whose loss is followed but never learned from. */
  readonly validation?: Dataset;
  /**
   * Stop after so many epochs without a lower validation loss, and keep the parameters of the lowest. Needs
   * validation rows of other groups than the training rows.
   */
  readonly patience?: number;
  readonly onEpoch?: (epoch: number, loss: number, validationLoss: number | undefined) => void;
}

/**
 * Throws `RangeError` when an option is out of range or does not go with the data or another option. `present` are the
 * classes that are known to have rows.
 */
export function checkOptions(
  options: TrainOptions,
  { classes, groups }: Pick<Dataset, 'classes' | 'groups'>,
  present: ReadonlySet<number>,
): void {
  requireOptions('train', options, Object.keys(known));
  if (options.validation) checkDataset(options.validation, 'validation');
  const { epochs, batchSize, learningRate, classWeights, l2, patience, validation, clipNorm } = options;
  for (const [name, value] of Object.entries({ epochs, batchSize, patience: patience ?? 1 })) {
    if (!Number.isInteger(value) || value < 1) {
      throw new InputError(`train: ${name} is a whole number of at least 1, not ${value}`);
    }
  }
  if (!(learningRate > 0) || !Number.isFinite(learningRate)) {
    throw new InputError(`train: the learning rate is a positive number, not ${learningRate}`);
  }
  if (!(l2 >= 0)) throw new InputError(`train: l2 is at least 0, not ${l2}`);
  const { inputNoise } = options;
  if (inputNoise !== undefined && (!(inputNoise >= 0) || options.optimizer === 'lbfgs')) {
    throw new InputError(`train: inputNoise is at least 0 and not with L-BFGS, not ${inputNoise}`);
  }
  if (clipNorm !== undefined && !(clipNorm > 0)) {
    throw new InputError(`train: clipNorm is a positive number, not ${clipNorm}`);
  }
  if (options.cosineDecay && options.schedule) {
    throw new InputError('train: cosineDecay and schedule both set the learning rate; give one');
  }
  checkClassWeights(classWeights, classes.length, present);
  if (options.loss !== undefined && options.focalGamma !== undefined) {
    throw new InputError('train: loss and focalGamma both set the loss; give one');
  }
  if (options.standardizeTogether && options.rawFeatures) {
    throw new InputError('train: standardizeTogether and rawFeatures exclude each other; give one');
  }
  checkConstants(options.optimizerConstants ?? {});
  checkPatience(patience, groups, validation?.groups);
}

/** Throws `RangeError` when early stopping has no validation rows, or rows of groups that are learned from. */
export function checkPatience(
  patience: number | undefined,
  groups: readonly string[],
  validationGroups: readonly string[] | undefined,
): void {
  if (patience === undefined) return;
  if (validationGroups === undefined) throw new InputError('train: patience needs validation rows');
  const trained = new Set(groups);
  const shared = validationGroups.find(group => trained.has(group));
  if (shared !== undefined) {
    throw new InputError(`train: group ${shared} is both learned from and validated on`);
  }
}

/** Throws `RangeError` on a constant out of range, `TypeError` on one that no optimiser has. */
function checkConstants(constants: Partial<OptimizerConstants>): void {
  requireOptions('train: optimizerConstants', constants, Object.keys(usualConstants));
  for (const [name, value] of Object.entries(constants)) {
    const most = name === 'epsilon' || name === 'weightDecay' ? Number.POSITIVE_INFINITY : 1;
    const least = name === 'epsilon' ? Number.MIN_VALUE : 0;
    if (!(value >= least && value < most)) {
      throw new InputError(`train: ${name} is at least ${least} and below ${most}, not ${value}`);
    }
  }
}

/** Every option there is. */
const known: { readonly [name in keyof Required<TrainOptions>]: true } = {
  ...{ hidden: true, activation: true, optimizer: true, learningRate: true, epochs: true, batchSize: true },
  ...{ l2: true, classWeights: true, seed: true, network: true, standardizeTogether: true },
  ...{
    rawFeatures: true,
    standardization: true,
    cosineDecay: true,
    schedule: true,
    clipNorm: true,
    optimizerConstants: true,
  },
  ...{ loss: true, focalGamma: true, inputNoise: true, precision: true, validation: true },
  ...{ patience: true, onEpoch: true },
};
