/** Training options: the size of the network, the optimiser, the loss, and when to stop. */

import { requireOptions } from '../../diff/argument-checks.ts';
import type { Precision } from '../../diff/compile.ts';
import { InputError } from '../../input-error.ts';
import type { Standardization } from '../model/classifier.ts';
import type { Activation, Network } from '../model/network.ts';
import { checkClassWeights, checkDataset, type Dataset } from './dataset.ts';
import type { RowLoss } from './losses.ts';
import { type OptimizerConstants, type OptimizerName, usualConstants } from './optimizers.ts';
import type { Schedule } from './schedules.ts';
import type { GradientWorkers } from './sharded-gradient.ts';

/** Options of training; none is mandatory. */
export interface TrainOptions {
  /** Sizes of the hidden layers; empty for softmax regression. Ignored when `network` is given. Default `[32]`. */
  readonly hidden?: readonly number[];
  /** Activation function of the hidden layers. Default `tanh`. */
  readonly activation?: Activation;
  /**
   * With `lbfgs` each epoch is one iteration over all rows; batch size and learning rate are not used. Default `adam`.
   */
  readonly optimizer?: OptimizerName | 'lbfgs';
  /** Learning rate at the start. Default 0.01. */
  readonly learningRate?: number;
  /** Number of passes over the rows. Default 10. */
  readonly epochs?: number;
  /** Rows per minibatch. Default 64. */
  readonly batchSize?: number;
  /** Weight of ½·Σw² over the weights (not the biases) in the loss. Default 0. */
  readonly l2?: number;
  /** Weight of each class in the loss. Default 1 for each. */
  readonly classWeights?: readonly number[];
  /** Seed of the initial weights and the order of the rows. Default 1. */
  readonly seed?: number;
  /** The initial network, instead of a new one with `hidden` layers: a convolutional one, a stencil bank. */
  readonly network?: Network;
  /** Standardise all columns with a common mean and scale, as samples of one signal. */
  readonly standardizeTogether?: boolean;
  /** Do not standardise the features, to show what standardisation achieves. */
  readonly rawFeatures?: boolean;
  /** The standardisation to use instead of estimating it: that of a pretrained `network`. */
  readonly standardization?: Standardization;
  /** Reduces the learning rate from epoch to epoch along half a cosine to 0. */
  readonly cosineDecay?: boolean;
  /** The learning-rate schedule. Not together with `cosineDecay`. */
  readonly schedule?: Schedule;
  /** Largest global norm of a step's gradient; larger ones are scaled down. */
  readonly clipNorm?: number;
  /** Momentum, betas, ε and weight decay of the optimiser, where they differ from the defaults. */
  readonly optimizerConstants?: Partial<OptimizerConstants>;
  /**
   * A user-defined loss instead of the cross-entropy, built from differentiable operations: a function of scores and
   * targets `[rows, classes]` (the row's weight at its class, else 0) that returns one weighted loss per row, `[rows,
   * 1]`.
   */
  readonly loss?: RowLoss;
  /** Focusing exponent γ of the focal loss, used instead of the cross-entropy. */
  readonly focalGamma?: number;
  /**
   * Standard deviation of normal noise added to the standardised features of every batch, drawn anew each time, as
   * regularisation (Bishop 1995, Neural Computation 7:108). Not with L-BFGS.
   */
  readonly inputNoise?: number;
  /** Precision of the computation. Default `float64`. */
  readonly precision?: Precision;
  /** Validation rows: their loss is computed after each epoch, but never trained on. */
  readonly validation?: Dataset;
  /**
   * Early stopping: stop after this many epochs without a lower validation loss, and keep the parameters with the
   * lowest one. Needs validation rows of other groups than the training rows.
   */
  readonly patience?: number;
  /**
   * Threads that compute the gradient of each minibatch, each of its share of the rows (`startGradientWorkers` of
   * `upstroke/node`). The same seed and number of workers give the same bits; one worker gives those of none, several
   * differ from them by rounding. Not with a user-defined loss or layers, which cannot be sent to a thread.
   */
  readonly workers?: GradientWorkers;
  readonly onEpoch?: (epoch: number, loss: number, validationLoss: number | undefined) => void;
}

/** Values of the options that are not given; the weight of every class is 1. */
const trainDefaults = {
  hidden: [32],
  activation: 'tanh',
  optimizer: 'adam',
  learningRate: 0.01,
  epochs: 10,
  batchSize: 64,
  l2: 0,
  seed: 1,
} as const satisfies TrainOptions;

type Defaulted = keyof typeof trainDefaults | 'classWeights';

/** Training options in which those with a default are present. */
export type CompleteTrainOptions = TrainOptions & Required<Pick<TrainOptions, Defaulted>>;

/** Adds the defaults of the options that are not given. Throws `TypeError` for an unknown option. */
export function completeOptions<O extends TrainOptions>(
  options: O,
  classes: number,
): O & Required<Pick<O, Defaulted & keyof O>> & Required<Pick<TrainOptions, Exclude<Defaulted, keyof O>>> {
  requireOptions('train', options, Object.keys(known));
  const defaults: TrainOptions = { ...trainDefaults, classWeights: new Array<number>(classes).fill(1) };
  const missing = Object.entries(defaults).filter(([name]) => options[name as Defaulted] === undefined);
  return { ...options, ...Object.fromEntries(missing) } as never;
}

/**
 * Throws `RangeError` for an option that is out of range or conflicts with the data or another option. `present` are
 * the classes that are known to have rows.
 */
export function checkOptions(
  options: CompleteTrainOptions,
  { classes, groups }: Pick<Dataset, 'classes' | 'groups'>,
  present: ReadonlySet<number>,
): void {
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
  if (options.loss !== undefined && typeof options.loss !== 'function') {
    throw new TypeError(
      `train: loss must be a function of scores and targets, found ${typeof options.loss}; the focal loss is focalGamma`,
    );
  }
  if (options.loss !== undefined && options.focalGamma !== undefined) {
    throw new InputError('train: loss and focalGamma both set the loss; give one');
  }
  if (options.workers !== undefined && typeof options.workers.prepare !== 'function') {
    throw new TypeError(`train: workers are those of startGradientWorkers, found ${typeof options.workers}`);
  }
  if (options.standardizeTogether && options.rawFeatures) {
    throw new InputError('train: standardizeTogether and rawFeatures exclude each other; give one');
  }
  checkConstants(options.optimizerConstants ?? {});
  checkPatience(patience, groups, validation?.groups);
}

/** Throws `RangeError` for early stopping without validation rows, or with validation rows of training groups. */
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
    throw new InputError(`train: group ${shared} is in both the training and the validation rows`);
  }
}

/** Throws `RangeError` for a constant out of range, `TypeError` for an unknown one. */
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

/** All options. */
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
  ...{ patience: true, workers: true, onEpoch: true },
};
