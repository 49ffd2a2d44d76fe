/**
 * The course of a training from epoch to epoch, wherever its rows come from: losses, early stopping on held-out groups,
 * checkpoints, and a verdict in words.
 */

import { inspectNetwork, type NetworkHealth } from '../diagnose/network-health.ts';
import { diagnose, hasDiverged, type Verdict } from '../diagnose/verdict.ts';
import type { Classifier } from '../model/classifier.ts';
import { ModelError } from '../model/json-validation.ts';
import { type Network, parametersOf } from '../model/network.ts';
import { type Checkpoint, fingerprintOf } from './checkpoint.ts';
import type { Dataset } from './dataset.ts';
import { copyAll, type Method } from './epoch.ts';
import { createLearner, type Learner } from './learner.ts';
import type { TrainOptions } from './train-options.ts';
import { lossOver, type Rows, type RowsToLookAt } from './training-rows.ts';

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

/** What a training has before its first epoch. */
export interface Start {
  readonly data: Pick<Dataset, 'classes' | 'features' | 'groups'>;
  readonly rows: number;
  readonly standardization: Classifier['standardization'];
  readonly options: TrainOptions;
  readonly network: Network;
  readonly learner: Learner;
  readonly method: Method<unknown>;
  /** Rows to judge by after each epoch. */
  readonly held: Rows | undefined;
  /** Some of the rows that are learned from. */
  readonly some: RowsToLookAt;
  /** The loss over all rows. Asked for before the first epoch. */
  readonly loss: () => number;
  /** Tells these rows from others. Asked for when a checkpoint is written or read, for it may take a while. */
  readonly rowsFingerprint: () => string;
}

/** A training that is told the loss of each epoch once its steps are done. */
export interface Course extends Omit<Training, 'runEpoch'> {
  record(loss: number): void;
}

/** Rows, options and the network at the start, as one short text. */
function fingerprintFor({ data, options, network, rowsFingerprint }: Start): string {
  const { onEpoch: _, validation, network: __, ...plain } = options;
  const structure = JSON.stringify(network, (_, value) => (value instanceof Float64Array ? 0 : value));
  const { classes, features, groups } = data;
  return fingerprintOf(
    JSON.stringify([plain, classes, features, groups, validation?.groups ?? [], structure]),
    rowsFingerprint(),
    ...(validation === undefined ? [] : [validation.x.data, validation.labels]),
    ...(validation?.weights === undefined ? [] : [validation.weights]),
    ...parametersOf(network).map(p => p.data),
  );
}

/** The course before its first epoch, or at a checkpoint. Throws `ModelError` when that is of another training. */
export function startCourse(start: Start, from?: Checkpoint): Course {
  const { data, options, network, learner, method, held, some } = start;
  const { optimizer, learningRate } = options;
  // L-BFGS keeps the training rows in its batch, so validation has a learner of its own.
  const judge =
    held &&
    createLearner(network, { ...options, optimizer: 'sgd', inputs: held.columns, classes: held.classes });
  let known: string | undefined;
  const fingerprint = (): string => (known ??= fingerprintFor(start));
  const lookAt = (at: Network): NetworkHealth => inspectNetwork(at, some, options);
  const gradientBefore = lookAt(network).gradientNorm;
  const losses: number[] = [];
  const validationLosses: number[] = [];
  const copy = (): Float64Array[] => learner.parameters.map(p => Float64Array.from(p));
  let best: Checkpoint['best'];
  if (from === undefined) {
    losses.push(start.loss());
  } else {
    if (from.fingerprint !== fingerprint()) {
      throw new ModelError('checkpoint: it is of other data or options');
    }
    copyAll('parameters', learner.parameters, from.parameters);
    losses.push(...from.losses);
    validationLosses.push(...from.validationLosses);
    best = from.best;
    method.restore(from.steps, from.slots);
  }

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
    record(loss) {
      const epoch = losses.length;
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
      const health = lookAt(trained);
      const { classes, features, groups } = data;
      return {
        model: {
          ...{ classes, features, standardization: start.standardization, network: trained },
          training: {
            ...{ trainedOn: [...new Set(groups)], rows: start.rows, optimizer, learningRate },
            ...{ epochs: best?.epoch ?? epochs(), seed: options.seed },
          },
        },
        ...{ losses, validationLosses, health },
        // What is learned from blurred rows has its optimum elsewhere than these rows as they are.
        verdict: diagnose(
          losses,
          optimizer,
          optimizer === 'lbfgs' ? undefined : learningRate,
          options.inputNoise
            ? undefined
            : { before: gradientBefore, after: health.gradientNorm, parameters: health.norm },
        ),
      };
    },
  };
}
