/**
 * The training loop: seeded minibatches (or all rows at once, for L-BFGS), a learning-rate schedule, early stopping on
 * held-out groups, checkpoints, and a verdict in words.
 */
import type { Floats, Tensor } from '../diff/tensor.ts';
import { createRandom } from '../random.ts';
import { type Checkpoint, fingerprintOf } from './checkpoint.ts';
import type { Classifier } from './classifier.ts';
import { checkDataset, type Dataset } from './dataset.ts';
import { diagnose, hasDiverged, type Verdict } from './diagnosis.ts';
import { inspectNetwork, type NetworkHealth } from './health.ts';
import { createLearner } from './learner.ts';
import { allAtOnce, copyAll, minibatches } from './method.ts';
import { createNetwork, type Network, parametersOf } from './network.ts';
import { lossOver, type Rows, rowsOf, scalingOf } from './rows.ts';
import { checkOptions, type TrainOptions } from './train-options.ts';

export { type Dataset, groupBalancedWeights, inverseFrequencyWeights } from './dataset.ts';
export type { TrainOptions } from './train-options.ts';

export interface TrainingResult {
  readonly model: Classifier;
  /** Loss before training, then the mean over each epoch's minibatches, each counting by the weight of its rows. */
  readonly losses: readonly number[];
  /** The same for the validation rows, at the end of each epoch; empty when there are none. */
  readonly validationLosses: readonly number[];
  readonly verdict: Verdict;
  /** The network's layers at the end, seen on rows from all over the training data (at most 4096). */
  readonly health: NetworkHealth;
}

/** Training under way: an epoch at a time, so that a caller can show it, save it, or leave it between two. */
export interface Training {
  /** Epochs done. */
  readonly epochs: number;
  /** No more to do: all epochs done, diverged, converged (L-BFGS), or stopped early. */
  readonly finished: boolean;
  readonly losses: readonly number[];
  readonly validationLosses: readonly number[];
  runEpoch(): void;
  /** Everything that is needed to go on from here, to the bit. */
  checkpoint(): Checkpoint;
  /** The model as it is now (with `patience`, at its best) and what there is to say. Needs an epoch. */
  result(): TrainingResult;
}

/** Data, options and the network at the start, as one short text. */
function fingerprintFor(data: Dataset, options: TrainOptions, network: Network): string {
  const { onEpoch: _, validation, network: __, ...plain } = options;
  return fingerprintOf(
    JSON.stringify([plain, data.classes, data.features, data.groups, validation?.groups ?? []]),
    ...[data.x.data, data.labels, ...(data.weights ? [data.weights] : [])],
    ...(validation === undefined ? [] : [validation.x.data, validation.labels]),
    ...parametersOf(network).map(p => p.data),
  );
}

/** Looks at a network on rows from all over the data: enough to tell, few enough to be quick. */
function lookAt(network: Network, rows: Rows): NetworkHealth {
  const seen = Math.min(4096, rows.count);
  const order = Int32Array.from({ length: seen }, (_, k) => Math.floor((k * rows.count) / seen));
  const some = (numbers: Floats, columns: number): Tensor => {
    const data = new Float64Array(seen * columns);
    order.forEach((row, k) => {
      data.set(numbers.subarray(row * columns, (row + 1) * columns), k * columns);
    });
    return { shape: [seen, columns], data };
  };
  return inspectNetwork(network, some(rows.x, rows.columns), some(rows.targets, rows.classes));
}

/**
 * Starts training a classifier by gradient descent on the weighted loss, or goes on from a checkpoint. Features are
 * standardised on these rows only. The same data, options and seed give the same weights to the bit on one machine,
 * with or without a stop in between. Throws `RangeError` on rows that are not finite, labels outside the classes,
 * options out of range, or a checkpoint of other data or options.
 */
export function startTraining(data: Dataset, options: TrainOptions, from?: Checkpoint): Training {
  checkDataset(data, 'training');
  if (options.validation) checkDataset(options.validation, 'validation');
  checkOptions(options, data);
  const random = createRandom(options.seed);
  const standardization = scalingOf(data, options);
  const sizes = [data.features.length, ...options.hidden, data.classes.length];
  const network = options.network ?? createNetwork(sizes, options.activation, random);
  const rows = rowsOf(data, options, standardization);
  const held = options.validation && rowsOf(options.validation, options, standardization);
  const { optimizer } = options;
  const learner = createLearner(network, {
    ...options,
    optimizer: optimizer === 'lbfgs' ? 'sgd' : optimizer,
    batchSize: optimizer === 'lbfgs' ? rows.count : Math.min(options.batchSize, rows.count),
    inputs: rows.columns,
    classes: rows.classes,
  });
  // L-BFGS keeps the training rows in its batch, so validation has a learner of its own.
  const judge =
    held &&
    createLearner(network, { ...options, optimizer: 'sgd', inputs: rows.columns, classes: rows.classes });
  // Hashing all rows takes a while: done when a checkpoint is written or read.
  let known: string | undefined;
  const fingerprint = (): string => (known ??= fingerprintFor(data, options, network));
  const gradientBefore = lookAt(network, rows).gradientNorm;
  const losses: number[] = [];
  const validationLosses: number[] = [];
  const copy = (): Float64Array[] => learner.parameters.map(p => Float64Array.from(p));
  let best: Checkpoint['best'];
  if (from === undefined) {
    losses.push(lossOver(learner, rows).whole);
  } else {
    if (from.fingerprint !== fingerprint()) {
      throw new RangeError('train: the checkpoint is of other data or options');
    }
    copyAll('parameters', learner.parameters, from.parameters);
    losses.push(...from.losses);
    validationLosses.push(...from.validationLosses);
    best = from.best;
  }
  const method =
    optimizer === 'lbfgs' ? allAtOnce(learner, rows) : minibatches(learner, rows, options, random);
  if (from !== undefined) method.restore(from.steps, from.slots);

  const epochs = (): number => losses.length - 1;
  const outOfPatience = (): boolean =>
    options.patience !== undefined && best !== undefined && epochs() - best.epoch >= options.patience;
  return {
    losses,
    validationLosses,
    get epochs() {
      return epochs();
    },
    get finished() {
      return epochs() >= options.epochs || hasDiverged(losses) || method.done || outOfPatience();
    },
    runEpoch() {
      const epoch = losses.length;
      const loss = method.epoch(epoch);
      losses.push(loss);
      if (judge && held) {
        copyAll('parameters', judge.parameters, copy());
        validationLosses.push(lossOver(judge, held).data);
        if (options.patience !== undefined && validationLosses.at(-1)! <= Math.min(...validationLosses)) {
          best = { epoch, parameters: copy() };
        }
      }
      options.onEpoch?.(epoch, loss, validationLosses.at(-1));
    },
    checkpoint: () => ({
      ...{ fingerprint: fingerprint(), parameters: copy(), steps: method.steps(), slots: method.slots() },
      ...{ losses: [...losses], validationLosses: [...validationLosses] },
      ...(best === undefined ? {} : { best }),
    }),
    result() {
      const current = copy();
      if (best !== undefined) copyAll('parameters', learner.parameters, best.parameters);
      const trained = learner.network();
      copyAll('parameters', learner.parameters, current);
      const health = lookAt(trained, rows);
      return {
        model: {
          ...{ classes: data.classes, features: data.features, standardization, network: trained },
          training: {
            trainedOn: [...new Set(data.groups)],
            rows: rows.count,
            optimizer,
            learningRate: options.learningRate,
            epochs: best?.epoch ?? epochs(),
            seed: options.seed,
          },
        },
        ...{ losses, validationLosses, health },
        // What is learned from blurred rows has its optimum elsewhere than these rows as they are.
        verdict: diagnose(
          losses,
          optimizer,
          options.learningRate,
          options.inputNoise ? undefined : { before: gradientBefore, after: health.gradientNorm },
        ),
      };
    },
  };
}

/** Trains to the end: see `startTraining`. */
export function train(data: Dataset, options: TrainOptions, from?: Checkpoint): TrainingResult {
  const training = startTraining(data, options, from);
  while (!training.finished) training.runEpoch();
  return training.result();
}
