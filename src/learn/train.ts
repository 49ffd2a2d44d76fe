/**
 * The training loop: seeded minibatches (or all rows at once, for L-BFGS), a learning-rate schedule, early stopping on
 * held-out groups, checkpoints, and a verdict in words.
 */
import type { Precision } from '../diff/compile.ts';
import { gatherRows } from '../diff/kernels.ts';
import type { Floats, Tensor } from '../diff/tensor.ts';
import { createRandom, type Random } from '../random.ts';
import { type Checkpoint, fingerprintOf } from './checkpoint.ts';
import { type Classifier, type Standardization, standardizationOf, standardize } from './classifier.ts';
import { checkClassWeights, checkDataset, type Dataset, weightedTargets } from './dataset.ts';
import { diagnose, hasDiverged, type Verdict } from './diagnosis.ts';
import { inspectNetwork, type NetworkHealth } from './health.ts';
import { type LbfgsState, lbfgsStep, startLbfgs } from './lbfgs.ts';
import { createLearner, type Learner } from './learner.ts';
import { type Activation, createNetwork, type Network, parametersOf } from './network.ts';
import type { OptimizerName } from './optimizers.ts';
import { type Schedule, scheduleFactor } from './schedules.ts';

export { type Dataset, groupBalancedWeights, inverseFrequencyWeights } from './dataset.ts';

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
  /** Lets the learning rate fall from epoch to epoch along half a cosine, from its value to 0. */
  readonly cosineDecay?: boolean;
  /** How the learning rate changes, step by step. Not with `cosineDecay`. */
  readonly schedule?: Schedule;
  /** Largest norm of the gradient of a step. */
  readonly clipNorm?: number;
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

export interface TrainingResult {
  readonly model: Classifier;
  /** Loss before training, then the mean over each epoch's minibatches, each counting by the weight of its rows. */
  readonly losses: readonly number[];
  /** The same for the validation rows, at the end of each epoch; empty when there are none. */
  readonly validationLosses: readonly number[];
  readonly verdict: Verdict;
  /** The network's layers at the end, seen on the first training rows (at most 256). */
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

function checkOptions(options: TrainOptions, data: Dataset): void {
  const { epochs, batchSize, learningRate, classWeights, l2, patience, validation, clipNorm } = options;
  for (const [name, value] of Object.entries({ epochs, batchSize, patience: patience ?? 1 })) {
    if (!Number.isInteger(value) || value < 1) {
      throw new RangeError(`train: ${name} is a whole number of at least 1, not ${value}`);
    }
  }
  if (!(learningRate > 0) || !Number.isFinite(learningRate)) {
    throw new RangeError(`train: the learning rate is a positive number, not ${learningRate}`);
  }
  if (!(l2 >= 0)) throw new RangeError(`train: l2 is at least 0, not ${l2}`);
  const { inputNoise } = options;
  if (inputNoise !== undefined && (!(inputNoise >= 0) || options.optimizer === 'lbfgs')) {
    throw new RangeError(`train: inputNoise is at least 0 and not with L-BFGS, not ${inputNoise}`);
  }
  if (clipNorm !== undefined && !(clipNorm > 0)) {
    throw new RangeError(`train: clipNorm is a positive number, not ${clipNorm}`);
  }
  if (options.cosineDecay && options.schedule) {
    throw new RangeError('train: cosineDecay and schedule both set the learning rate; give one');
  }
  checkClassWeights(classWeights, data.classes.length, new Set(data.labels));
  if (patience === undefined) return;
  if (validation === undefined) throw new RangeError('train: patience needs validation rows');
  const trained = new Set(data.groups);
  const shared = validation.groups.find(group => trained.has(group));
  if (shared !== undefined) {
    throw new RangeError(`train: group ${shared} is both learned from and validated on`);
  }
}

/** Fisher–Yates. */
function shuffle(order: Int32Array, random: Random): void {
  for (let i = order.length - 1; i > 0; i--) {
    const j = Math.floor(random.uniform() * (i + 1));
    const kept = order[i]!;
    order[i] = order[j]!;
    order[j] = kept;
  }
}

/** Standardised rows with their weighted targets, in the precision of the steps. */
interface Rows {
  readonly x: Floats;
  readonly targets: Floats;
  readonly count: number;
  readonly columns: number;
  readonly classes: number;
}

function rowsOf(data: Dataset, options: TrainOptions, standardization: Standardization): Rows {
  const x = standardize(data.x, standardization);
  const targets = weightedTargets(data, options.classWeights);
  const narrow = (t: Tensor): Floats =>
    options.precision === 'float32' ? Float32Array.from(t.data) : t.data;
  const [count, columns] = x.shape as [number, number];
  return { x: narrow(x), targets: narrow(targets), count, columns, classes: data.classes.length };
}

/** Puts the rows `order[from…]` into the learner's batch; rows past the end get weight 0 and so count for nothing. */
function fillBatch(learner: Learner, rows: Rows, order: Int32Array, from: number): void {
  const { batchSize, x, targets } = learner;
  const present = Math.min(batchSize, order.length - from);
  gatherRows(x, rows.x, rows.columns, order, from, present);
  gatherRows(targets, rows.targets, rows.classes, order, from, present);
  if (present < batchSize) targets.fill(0, present * rows.classes);
}

function addNoise(numbers: Floats, deviation: number, random: Random): void {
  for (let i = 0; i < numbers.length; i++) numbers[i]! += deviation * random.normal();
}

function totalOf(numbers: Floats): number {
  let total = 0;
  for (let i = 0; i < numbers.length; i++) total += numbers[i]!;
  return total;
}

/** Loss over all rows at the learner's parameters: with the penalty, and without. */
function lossOver(learner: Learner, rows: Rows): { whole: number; data: number } {
  const order = Int32Array.from({ length: rows.count }, (_, row) => row);
  const weight = totalOf(rows.targets);
  let total = 0;
  let penalty = 0;
  for (let from = 0; from < rows.count; from += learner.batchSize) {
    fillBatch(learner, rows, order, from);
    const loss = learner.evaluate();
    total += learner.lossSum();
    penalty = loss - learner.lossSum() / totalOf(learner.targets);
  }
  return { whole: total / weight + penalty, data: total / weight };
}

/** Statistics of all columns together when they are samples of one signal. */
function scalingOf(data: Dataset, options: TrainOptions): Standardization {
  if (!options.standardizeTogether) return standardizationOf(data.x);
  const width = data.features.length;
  const { mean, scale } = standardizationOf({ shape: [data.x.data.length, 1], data: data.x.data });
  return {
    mean: new Float64Array(width).fill(mean[0]!),
    scale: new Float64Array(width).fill(scale[0]!),
  };
}

/** How an optimiser goes through an epoch, and what of it a checkpoint keeps. */
interface Method {
  epoch(epoch: number): number;
  /** True when there is nothing more to gain. */
  readonly done: boolean;
  steps(): number;
  slots(): Float64Array[][];
  restore(steps: number, slots: readonly (readonly Float64Array[])[]): void;
}

function minibatches(learner: Learner, rows: Rows, options: TrainOptions, random: Random): Method {
  const order = Int32Array.from({ length: rows.count }, (_, row) => row);
  const batches = Math.ceil(rows.count / learner.batchSize);
  const { learningRate, epochs } = options;
  const schedule: Schedule = options.schedule ?? { kind: options.cosineDecay ? 'cosine' : 'constant' };
  let shuffled = 0;
  return {
    done: false,
    epoch(epoch) {
      // An epoch's order is that of the epoch before, shuffled; a resumed run makes up for those it has not seen.
      for (; shuffled < epoch; shuffled++) shuffle(order, random);
      // A stream for each epoch, so that a resumed run draws the same.
      const noise = createRandom(options.seed, epoch);
      let total = 0;
      let weight = 0;
      for (let k = 0; k < batches; k++) {
        fillBatch(learner, rows, order, k * learner.batchSize);
        if (options.inputNoise) addNoise(learner.x, options.inputNoise, noise);
        const at = epoch - 1 + (options.cosineDecay ? 0 : k / batches);
        const own = totalOf(learner.targets);
        total += own * learner.step(learningRate * scheduleFactor(schedule, at, epochs));
        weight += own;
      }
      return total / weight;
    },
    steps: () => learner.state.steps,
    slots: () => learner.state.slots.map(slot => slot.map(array => Float64Array.from(array))),
    restore(steps, slots) {
      learner.state.steps = steps;
      copyAll('slots', learner.state.slots.flat(), slots.flat());
    },
  };
}

function allAtOnce(learner: Learner, rows: Rows): Method {
  fillBatch(
    learner,
    rows,
    Int32Array.from({ length: rows.count }, (_, row) => row),
    0,
  );
  const join = (parts: readonly Floats[]): Float64Array =>
    Float64Array.from(parts.flatMap(part => [...part]));
  const split = (whole: Float64Array): void => {
    let from = 0;
    for (const p of learner.parameters) {
      p.set(whole.subarray(from, from + p.length));
      from += p.length;
    }
  };
  const objective = (w: Float64Array, gradient: Float64Array): number => {
    split(w);
    const loss = learner.evaluate();
    let from = 0;
    for (const g of learner.gradients) {
      gradient.set(g, from);
      from += g.length;
    }
    return loss;
  };
  let state: LbfgsState | undefined;
  let done = false;
  return {
    get done() {
      return done;
    },
    epoch() {
      state ??= startLbfgs(objective, join(learner.parameters));
      done = !lbfgsStep(state, objective);
      split(state.w);
      return state.value;
    },
    steps: () => state?.iterations ?? 0,
    slots: () => (state?.pairs ?? []).map(({ s, y }) => [s.slice(), y.slice()]),
    restore(steps, pairs) {
      state = startLbfgs(objective, join(learner.parameters));
      state.iterations = steps;
      for (const [s, y] of pairs) state.pairs.push({ s: s!.slice(), y: y!.slice() });
    },
  };
}

function copyAll(what: string, to: readonly Floats[], from: readonly Float64Array[]): void {
  if (to.length !== from.length || to.some((array, k) => array.length !== from[k]!.length)) {
    throw new RangeError(`train: the checkpoint's ${what} are not those of this network and optimiser`);
  }
  to.forEach((array, k) => {
    array.set(from[k]!);
  });
}

/** Data, options and the network at the start, as one short text. */
function fingerprintFor(data: Dataset, options: TrainOptions, network: Network): string {
  const { onEpoch: _, validation, network: __, ...plain } = options;
  return fingerprintOf(
    JSON.stringify([plain, data.classes, data.features]),
    ...[data.x.data, data.labels, ...(data.weights ? [data.weights] : [])],
    ...(validation === undefined ? [] : [validation.x.data, validation.labels]),
    ...parametersOf(network).map(p => p.data),
  );
}

/** Looks at a network on the first rows: enough to tell, few enough to be quick. */
function lookAt(network: Network, rows: Rows): NetworkHealth {
  const seen = Math.min(256, rows.count);
  const head = (numbers: Floats, columns: number): Tensor => ({
    shape: [seen, columns],
    data: Float64Array.from(numbers.subarray(0, seen * columns)),
  });
  return inspectNetwork(network, head(rows.x, rows.columns), head(rows.targets, rows.classes));
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
  const fingerprint = fingerprintFor(data, options, network);
  const gradientBefore = lookAt(network, rows).gradientNorm;
  const losses: number[] = [];
  const validationLosses: number[] = [];
  const copy = (): Float64Array[] => learner.parameters.map(p => Float64Array.from(p));
  let best: Checkpoint['best'];
  if (from === undefined) {
    losses.push(lossOver(learner, rows).whole);
  } else {
    if (from.fingerprint !== fingerprint) {
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
      ...{ fingerprint, parameters: copy(), steps: method.steps(), slots: method.slots() },
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
        verdict: diagnose(losses, optimizer, options.learningRate, {
          before: gradientBefore,
          after: health.gradientNorm,
        }),
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
