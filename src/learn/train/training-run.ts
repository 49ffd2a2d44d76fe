/**
 * A training run over its epochs, independent of the source of its rows: losses, early stopping, checkpoints, and the
 * verdict.
 */

import { examineNetwork, type NetworkHealth } from '../diagnose/network-health.ts';
import type { TargetEvidence } from '../diagnose/target-evidence.ts';
import { isDiverging, type Verdict } from '../diagnose/verdict.ts';
import type { Classifier, TrainingProvenance } from '../model/classifier.ts';
import { ModelError } from '../model/json-validation.ts';
import { type Network, parametersOf } from '../model/network.ts';
import { type Checkpoint, fingerprintOf } from './checkpoint.ts';
import type { Dataset } from './dataset.ts';
import { copyAll, type EpochRunner } from './epoch.ts';
import { createLearner, type Learner } from './learner.ts';
import type { TrainingLoss } from './losses.ts';
import type { CompleteTrainOptions } from './train-options.ts';
import { type InspectedRows, lossOver, type Rows } from './training-rows.ts';
import { agreeing, verdictOf } from './training-verdict.ts';

export interface TrainingResult<Model = Classifier> {
  readonly model: Model;
  /** The loss before training, then for each epoch the mean over its minibatches, weighted by their rows. */
  readonly losses: readonly number[];
  /** The validation loss after each epoch; empty without validation rows. */
  readonly validationLosses: readonly number[];
  readonly verdict: Verdict;
  /** The diagnosis of the network's layers after training, on an even sample of at most 4096 training rows. */
  readonly health: NetworkHealth;
}

/** A training in progress: it runs an epoch at a time, so that a caller can display, save or stop it in between. */
export interface Training<Model = Classifier> {
  /** Number of completed epochs. */
  readonly epochs: number;
  /** Whether training has ended: all epochs done, diverged, converged (L-BFGS), or stopped early. */
  readonly finished: boolean;
  readonly losses: readonly number[];
  readonly validationLosses: readonly number[];
  runEpoch(): void;
  /** Everything that is needed to resume exactly from here. */
  checkpoint(): Checkpoint;
  /** The current model (with `patience`, the best one) and the results so far. Needs at least one epoch. */
  result(): TrainingResult<Model>;
}

/** What a training run starts from. */
export interface Start<Model> {
  readonly data: Pick<Dataset, 'classes' | 'features' | 'groups'>;
  readonly rows: number;
  readonly options: CompleteTrainOptions;
  readonly network: Network;
  readonly learner: Learner;
  readonly method: EpochRunner<unknown>;
  /** Rows of the validation loss. */
  readonly validationRows: Rows | undefined;
  /** A sample of the training rows. */
  readonly inspected: InspectedRows;
  readonly trainingLoss: TrainingLoss;
  /** Of a regression: the problems that its targets alone show. */
  readonly targets?: TargetEvidence;
  /** Makes a model of a trained network. */
  readonly model: (network: Network, training: TrainingProvenance) => Model;
  /** Computes the loss over all rows; called before the first epoch. */
  readonly loss: () => number;
  /** A fingerprint of the rows; computed only when a checkpoint is written or read, as it may take long. */
  readonly rowsFingerprint: () => string;
}

/** A training run that is given the loss of each epoch after its steps. */
export interface TrainingRun<Model> extends Omit<Training<Model>, 'runEpoch'> {
  record(loss: number): void;
}

/** A fingerprint of rows, options and initial network. */
function fingerprintFor({ data, options, network, rowsFingerprint }: Start<unknown>): string {
  const { onEpoch: _, validation, network: __, workers, ...plain } = options;
  // The gradient of one worker has the same bits as without; that of several is rounded elsewhere.
  const rounding = workers === undefined || workers.count === 1 ? {} : { workers: workers.count };
  const structure = JSON.stringify(network, (_, value) => (value instanceof Float64Array ? 0 : value));
  const { classes, features, groups } = data;
  return fingerprintOf(
    JSON.stringify([
      { ...plain, ...rounding },
      classes,
      features,
      groups,
      validation?.groups ?? [],
      structure,
    ]),
    rowsFingerprint(),
    ...(validation === undefined ? [] : [validation.x.data, validation.labels]),
    ...(validation?.weights === undefined ? [] : [validation.weights]),
    ...parametersOf(network).map(p => p.data),
  );
}

/**
 * A learner for the validation rows: L-BFGS keeps the training rows in the batch of its own, and workers those of their
 * share.
 */
function validatorOf({ data, options, network, validationRows, trainingLoss }: Start<unknown>) {
  if (validationRows === undefined) return undefined;
  const { workers: _, ...inThisThread } = options;
  return createLearner(network, {
    ...{ ...inThisThread, optimizer: 'sgd', trainingLoss },
    ...{ inputs: validationRows.columns, classes: data.classes.length },
  });
}

/**
 * The training run before its first epoch, or at a checkpoint. Throws `ModelError` for a checkpoint of another
 * training.
 */
export function startTrainingRun<Model>(start: Start<Model>, from?: Checkpoint): TrainingRun<Model> {
  const { data, options, network, learner, method, validationRows, inspected, trainingLoss } = start;
  const { optimizer, learningRate } = options;
  const validator = validatorOf(start);
  let known: string | undefined;
  const fingerprint = (): string => (known ??= fingerprintFor(start));
  const lookAt = (at: Network) => examineNetwork(at, inspected, { ...options, trainingLoss });
  const before = lookAt(network);
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
      return epochs() >= options.epochs || isDiverging(losses) || method.done || outOfPatience();
    },
    record(loss) {
      const epoch = losses.length;
      losses.push(loss);
      if (validator && validationRows) {
        copyAll('parameters', validator.parameters, copy());
        validationLosses.push(lossOver(validator, validationRows).data);
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
      const { findings, ...health } = lookAt(trained);
      const ended = { losses, validationLosses, before, health, network: trained, best: best?.epoch };
      const verdict = verdictOf(start, ended);
      const training = {
        ...{ trainedOn: [...new Set(data.groups)], rows: start.rows, optimizer, learningRate },
        ...{ epochs: best?.epoch ?? epochs(), seed: options.seed },
      };
      return {
        model: start.model(trained, training),
        ...{ losses, validationLosses, verdict },
        health: { ...health, findings: agreeing(findings, verdict) },
      };
    },
  };
}
