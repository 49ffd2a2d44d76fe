/**
 * Training on datasets larger than memory: rows arrive in batches, from a disk or a network, in the order of the
 * source. Everything else is as in train.ts.
 */

import type { Floats } from '../../diff/tensor.ts';
import { InputError } from '../../input-error.ts';
import { createRandom } from '../../random.ts';
import type { FeatureName, Standardization } from '../model/classifier.ts';
import { checkFrontEnd } from '../model/convolutional-layers.ts';
import { createNetwork } from '../model/network.ts';
import { type Checkpoint, createFingerprint } from './checkpoint.ts';
import { checkNames } from './dataset.ts';
import { type EpochRunner, epochSteps, stateOf } from './epoch.ts';
import { createLearner, type Learner } from './learner.ts';
import { classificationLoss } from './losses.ts';
import type { OptimizerName } from './optimizers.ts';
import { classifierOf } from './train.ts';
import { checkOptions, completeOptions, type TrainOptions } from './train-options.ts';
import { meanLoss, reservoir, rowsOf } from './training-rows.ts';
import { startTrainingRun, type Training, type TrainingResult } from './training-run.ts';

/** Consecutive raw rows and their classes. The arrays may be buffers that are reused for the next batch. */
export interface Batch {
  readonly x: Floats;
  readonly labels: Int32Array;
}

/** A dataset that is read again for each epoch. */
export interface StreamedDataset {
  readonly classes: readonly string[];
  readonly features: readonly FeatureName[];
  /** The groups of the rows: records, patients. */
  readonly groups: readonly string[];
  /** Estimated on the training rows beforehand, e.g. by `streamedStandardization`. */
  readonly standardization: Standardization;
  /**
   * The rows of an epoch (counted from 1), in batches of any size, shuffled by the source if possible. For the same
   * epoch the source must give the same rows in the same order, so that a training can be resumed.
   */
  batches(epoch: number): AsyncIterable<Batch>;
}

/**
 * Mean and standard deviation of each column over batches, in one pass (Welford 1962). A constant column gets scale 1.
 * Throws `RangeError` without rows, or when the squared deviations of a column overflow.
 *
 * @example
 * async function* batches() { yield { x: Float64Array.of(1, 3), labels: Int32Array.of(0, 1) }; }
 * await streamedStandardization(batches(), 1) // => { mean: [2], scale: [1] }
 */
export async function streamedStandardization(
  batches: AsyncIterable<Batch>,
  columns: number,
): Promise<Standardization> {
  const mean = new Float64Array(columns);
  const squares = new Float64Array(columns);
  const varies = new Uint8Array(columns);
  let rows = 0;
  for await (const { x, labels } of batches) {
    requireRows(x, labels, columns);
    for (let from = 0; from < x.length; from += columns) {
      rows++;
      for (let k = 0; k < columns; k++) {
        const delta = x[from + k]! - mean[k]!;
        if (rows > 1 && delta !== 0) varies[k] = 1;
        mean[k]! += delta / rows;
        squares[k]! += delta * (x[from + k]! - mean[k]!);
      }
    }
  }
  if (rows === 0) throw new InputError('streamedStandardization: no rows to take a mean of');
  const scale = squares.map((s, k) => {
    if (!Number.isFinite(s) || (varies[k] === 1 && s < 1e-280)) {
      throw new InputError(
        `streamedStandardization: the squared deviations of column ${k} add up to ${s}, beyond what a number holds; scale it`,
      );
    }
    const deviation = Math.sqrt(s / rows);
    return deviation > 1e-12 * Math.abs(mean[k]!) ? deviation : 1;
  });
  return { mean, scale };
}

function requireRows(x: Floats, labels: Int32Array, columns: number): void {
  if (x.length !== labels.length * columns) {
    throw new InputError(
      `train: a batch of ${x.length} numbers and ${labels.length} labels of ${columns} columns`,
    );
  }
}

interface FeedEvents {
  /** Called when the learner's batch is full, with the number of rows in it. */
  readonly onBatch: (present: number) => void;
  /** Called with the raw rows as they arrive. */
  readonly onRows?: (batch: Batch) => void;
}

/**
 * Writes the rows of an epoch to the learner's batch, standardised and weighted, and calls `onBatch` whenever it is
 * full, and once more for the remainder, whose missing rows have weight 0. Resolves to the number of rows.
 */
async function feed(
  learner: Learner,
  data: StreamedDataset,
  classWeights: readonly number[],
  epoch: number,
  { onBatch, onRows }: FeedEvents,
): Promise<number> {
  const { classes, features, standardization } = data;
  const { mean, scale } = standardization;
  const [columns, count] = [features.length, classes.length];
  let filled = 0;
  let rows = 0;
  for await (const batch of data.batches(epoch)) {
    const { x, labels } = batch;
    requireRows(x, labels, columns);
    onRows?.(batch);
    for (let row = 0; row < labels.length; row++) {
      const label = labels[row]!;
      if (!(classWeights[label]! > 0)) {
        throw new InputError(
          `train: streamed row ${rows + row} has class ${label} of ${count}, of weight ${classWeights[label] ?? 'none'}`,
        );
      }
      for (let k = 0, from = row * columns, to = filled * columns; k < columns; k++) {
        const value = x[from + k]!;
        if (!Number.isFinite(value)) {
          throw new InputError(`train: streamed row ${rows + row} has ${features[k]!.name} = ${value}`);
        }
        learner.x[to + k] = (value - mean[k]!) / scale[k]!;
      }
      for (let k = filled * count; k < (filled + 1) * count; k++) learner.targets[k] = 0;
      learner.targets[filled * count + label] = classWeights[label]!;
      if (++filled === learner.batchSize) {
        onBatch(filled);
        filled = 0;
      }
    }
    rows += labels.length;
  }
  if (filled > 0) {
    learner.targets.fill(0, filled * count);
    onBatch(filled);
  }
  return rows;
}

/**
 * Throws `RangeError` for missing or repeated names, or when a column's mean is not finite or its scale not positive.
 */
function checkStreamed({ classes, features, standardization: { mean, scale } }: StreamedDataset): void {
  checkNames('class', classes);
  checkNames(
    'feature',
    features.map(({ name }) => name),
  );
  const { length } = features;
  const wrong = features.findIndex(
    (_, k) => !Number.isFinite(mean[k]) || !(scale[k]! > 0 && scale[k]! < Infinity),
  );
  if (mean.length !== length || scale.length !== length || wrong >= 0) {
    throw new InputError(
      `train: ${length} features take as many means and positive scales, not ${mean.length} and ${scale.length}` +
        (wrong < 0 ? '' : ` with ${mean[wrong]} and ${scale[wrong]} for ${features[wrong]!.name}`),
    );
  }
}

/** Options of training on streamed rows: no L-BFGS, which needs all rows at once, and no standardisation of its own. */
export type StreamOptions = Omit<TrainOptions, 'standardizeTogether' | 'rawFeatures' | 'optimizer'> & {
  readonly optimizer?: OptimizerName;
};

/** As `Training`, with asynchronous epochs. */
export interface StreamedTraining extends Omit<Training, 'runEpoch'> {
  runEpoch(): Promise<void>;
}

/**
 * Starts training a classifier on streamed rows, or resumes it from a checkpoint, as `startTraining` does. The rows of
 * epoch 1 are read once beforehand, to validate and count them and to compute the loss before training. Throws
 * `RangeError` for values that are not finite, a label without a weight, an epoch with another number of rows, or
 * options out of range; `ModelError` for a checkpoint of other data or options.
 *
 * @example
 * const streamed = {
 *   ...{ classes: ['low', 'high'], features: [{ name: 'x', unit: 'mV' }], groups: ['made'] },
 *   standardization: { mean: Float64Array.of(2), scale: Float64Array.of(1) },
 *   async *batches() { yield { x: Float64Array.of(1, 3), labels: Int32Array.of(0, 1) }; },
 * };
 * const options = { hidden: [], optimizer: 'sgd', learningRate: 0.5, epochs: 20, batchSize: 2 };
 * const training = await startStreamedTraining(streamed, options);
 * await training.runEpoch();
 * training.epochs // => 1
 */
export async function startStreamedTraining(
  data: StreamedDataset,
  given: StreamOptions = {},
  from?: Checkpoint,
): Promise<StreamedTraining> {
  const options = completeOptions(given, data.classes.length);
  checkOptions(options, data, new Set());
  checkStreamed(data);
  const { classes, features, standardization } = data;
  const sizes = [features.length, ...options.hidden, classes.length];
  const network = options.network ?? createNetwork(sizes, options.activation, createRandom(options.seed));
  if (network.frontEnd !== undefined) checkFrontEnd(network.frontEnd, features.length);
  const trainingLoss = classificationLoss(classes.length, options.focalGamma, options.loss);
  const learner = createLearner(network, {
    ...{ ...options, inputs: features.length, classes: classes.length, trainingLoss },
  });

  const fingerprint = createFingerprint();
  fingerprint.add(standardization.mean, standardization.scale);
  const some = reservoir(learner, options.seed);
  const loss = meanLoss(learner);
  const look = (present: number): void => {
    loss.add();
    some.add(present);
  };
  const rows = await feed(learner, data, options.classWeights, 1, {
    onBatch: look,
    onRows: ({ x, labels }) => fingerprint.add(new Float64Array(x), labels),
  });
  if (rows === 0) throw new InputError('train: there are no rows');

  const batches = Math.ceil(rows / learner.batchSize);
  const method: EpochRunner<Promise<number>> = {
    ...stateOf(learner),
    async epoch(epoch) {
      const steps = epochSteps(learner, options, epoch);
      let taken = 0;
      const came = await feed(learner, data, options.classWeights, epoch, {
        onBatch: () => steps.step(Math.min(1, taken++ / batches)),
      });
      if (came !== rows) throw new InputError(`train: epoch ${epoch} has ${came} rows, epoch 1 had ${rows}`);
      return steps.loss();
    },
  };
  const run = startTrainingRun(
    {
      ...{ data, rows, options, network, learner, method, trainingLoss },
      model: classifierOf(data, standardization),
      validationRows: options.validation && rowsOf(options.validation, options, standardization),
      inspected: some.rows(),
      loss: () => loss.whole(),
      rowsFingerprint: fingerprint.text,
    },
    from,
  );
  return Object.assign(run, {
    runEpoch: async () => run.record(await method.epoch(run.epochs + 1)),
  });
}

/**
 * Trains on streamed rows until training ends, and returns the model, the losses and the verdict. Arguments and errors are
 * those of `startStreamedTraining`.
 *
 * @example
 * const streamed = {
 *   ...{ classes: ['low', 'high'], features: [{ name: 'x', unit: 'mV' }], groups: ['made'] },
 *   standardization: { mean: Float64Array.of(2), scale: Float64Array.of(1) },
 *   async *batches() { yield { x: Float64Array.of(1, 3), labels: Int32Array.of(0, 1) }; },
 * };
 * const options = { hidden: [], optimizer: 'sgd', learningRate: 0.5, epochs: 20, batchSize: 2 };
 * const { model } = await trainStreamed(streamed, options);
 * predictedClasses(classProbabilities(model, tensor([[1], [3]]))) // => [0, 1]
 */
export async function trainStreamed(
  data: StreamedDataset,
  options: StreamOptions = {},
  from?: Checkpoint,
): Promise<TrainingResult> {
  const training = await startStreamedTraining(data, options, from);
  while (!training.finished) await training.runEpoch();
  return training.result();
}
