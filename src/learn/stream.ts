/**
 * Training on more rows than memory holds: they come in batches, from a disk or a network, in the order the source
 * gives them. Everything else is as in train.ts.
 */
import type { Floats } from '../diff/tensor.ts';
import { createRandom } from '../random.ts';
import type { Classifier, FeatureName, Standardization } from './classifier.ts';
import { checkClassWeights } from './dataset.ts';
import { diagnose, hasDiverged } from './diagnosis.ts';
import { createLearner, type Learner } from './learner.ts';
import { createNetwork } from './network.ts';
import type { OptimizerName } from './optimizers.ts';
import { scheduleFactor } from './schedules.ts';
import type { TrainingResult, TrainOptions } from './train.ts';

/** Some rows, raw, one after the other, and the class of each. May be one buffer that is filled anew each time. */
export interface Batch {
  readonly x: Floats;
  readonly labels: Int32Array;
}

/** Rows that are read again each epoch. */
export interface StreamedDataset {
  readonly classes: readonly string[];
  readonly features: readonly FeatureName[];
  /** Where the rows are from: records, patients. */
  readonly groups: readonly string[];
  /** Taken from the training rows beforehand, e.g. by `streamedStandardization`. */
  readonly standardization: Standardization;
  /** The rows for one epoch (counted from 1), in batches of any size; shuffled by the source if it can. */
  batches(epoch: number): AsyncIterable<Batch>;
}

/** Mean and standard deviation of each column over batches, in one pass (Welford 1962). A constant column gets 1. */
export async function streamedStandardization(
  batches: AsyncIterable<Batch>,
  columns: number,
): Promise<Standardization> {
  const mean = new Float64Array(columns);
  const squares = new Float64Array(columns);
  let rows = 0;
  for await (const { x, labels } of batches) {
    requireRows(x, labels, columns);
    for (let from = 0; from < x.length; from += columns) {
      rows++;
      for (let k = 0; k < columns; k++) {
        const delta = x[from + k]! - mean[k]!;
        mean[k]! += delta / rows;
        squares[k]! += delta * (x[from + k]! - mean[k]!);
      }
    }
  }
  if (rows === 0) throw new RangeError('streamedStandardization: no rows to take a mean of');
  const scale = squares.map((s, k) => {
    const deviation = Math.sqrt(s / rows);
    return deviation > 1e-12 * Math.abs(mean[k]!) ? deviation : 1;
  });
  return { mean, scale };
}

function requireRows(x: Floats, labels: Int32Array, columns: number): void {
  if (x.length !== labels.length * columns) {
    throw new RangeError(
      `train: a batch of ${x.length} numbers and ${labels.length} labels of ${columns} columns`,
    );
  }
}

/** Puts rows into the learner as they come and takes a step whenever its batch is full. */
function feeder(learner: Learner, data: StreamedDataset, classWeights: readonly number[]) {
  const columns = data.features.length;
  const classes = data.classes.length;
  const { mean, scale } = data.standardization;
  let filled = 0;
  return {
    /** Takes a row; true when the batch is full. */
    take(x: Floats, from: number, label: number): boolean {
      if (!(label >= 0 && label < classes)) {
        throw new RangeError(`train: a streamed row has class ${label} of ${classes}`);
      }
      const to = filled * columns;
      for (let k = 0; k < columns; k++) {
        const value = x[from + k]!;
        if (!Number.isFinite(value)) {
          throw new RangeError(`train: a streamed row has ${data.features[k]!.name} = ${value}`);
        }
        learner.x[to + k] = (value - mean[k]!) / scale[k]!;
      }
      learner.targets.fill(0, filled * classes, (filled + 1) * classes);
      learner.targets[filled * classes + label] = classWeights[label]!;
      filled = (filled + 1) % learner.batchSize;
      return filled === 0;
    },
    /** Rows waiting in the batch; the rest of it then counts for nothing. */
    rest(): number {
      const waiting = filled;
      if (waiting > 0) learner.targets.fill(0, waiting * classes);
      filled = 0;
      return waiting;
    },
  };
}

/** What `trainStreamed` takes of `TrainOptions`: no validation, no early stopping, no second pass over all rows. */
export type StreamOptions = Omit<
  TrainOptions,
  'validation' | 'patience' | 'standardizeTogether' | 'cosineDecay' | 'optimizer'
> & {
  readonly optimizer: OptimizerName;
  /** Rows of an epoch, to know how far along a schedule it is. */
  readonly rowsPerEpoch: number;
};

/**
 * Trains a classifier on streamed rows. `losses[0]` is the loss of the first batch before any step. Throws
 * `RangeError` on rows that are not finite, labels outside the classes, or an epoch without rows.
 */
export async function trainStreamed(
  data: StreamedDataset,
  options: StreamOptions,
): Promise<Omit<TrainingResult, 'health' | 'validationLosses'>> {
  const { optimizer, learningRate, epochs, classWeights, rowsPerEpoch, batchSize } = options;
  checkClassWeights(classWeights, data.classes.length, new Set());
  const sizes = [data.features.length, ...options.hidden, data.classes.length];
  const network = options.network ?? createNetwork(sizes, options.activation, createRandom(options.seed));
  const columns = data.features.length;
  const learner = createLearner(network, { ...options, inputs: columns, classes: data.classes.length });
  const feed = feeder(learner, data, classWeights);
  const schedule = options.schedule ?? { kind: 'constant' };
  const losses: number[] = [];
  let rows = 0;
  for (let epoch = 1; epoch <= epochs && !(losses.length > 0 && hasDiverged(losses)); epoch++) {
    let total = 0;
    let steps = 0;
    const step = (): void => {
      const along = epoch - 1 + Math.min(1, (steps * batchSize) / rowsPerEpoch);
      const loss = learner.step(learningRate * scheduleFactor(schedule, along, epochs));
      if (losses.length === 0) losses.push(loss);
      total += loss;
      steps++;
    };
    for await (const { x, labels } of data.batches(epoch)) {
      requireRows(x, labels, columns);
      if (epoch === 1) rows += labels.length;
      for (let row = 0; row < labels.length; row++) {
        if (feed.take(x, row * columns, labels[row]!)) step();
      }
    }
    if (feed.rest() > 0) step();
    if (steps === 0) throw new RangeError(`train: no rows came in epoch ${epoch}`);
    losses.push(total / steps);
    options.onEpoch?.(epoch, total / steps, undefined);
  }
  const { classes, features, groups, standardization } = data;
  const model: Classifier = {
    ...{ classes, features, standardization, network: learner.network() },
    training: {
      ...{ trainedOn: groups, rows, optimizer, learningRate, epochs: losses.length - 1, seed: options.seed },
    },
  };
  return { model, losses, verdict: diagnose(losses, optimizer, learningRate) };
}
