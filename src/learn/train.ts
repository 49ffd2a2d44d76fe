/** The training loop: seeded minibatches through a compiled gradient, watched for divergence and stall. */
import { add, div, logSoftmax, mul, neg, sum } from '../diff/arithmetic.ts';
import { compile } from '../diff/compile.ts';
import { valueAndGrad } from '../diff/grad.ts';
import { formatShape, full, item, type Tensor } from '../diff/tensor.ts';
import { createRandom, type Random } from '../random.ts';
import {
  type Classifier,
  type FeatureName,
  type Standardization,
  standardizationOf,
  standardize,
} from './classifier.ts';
import { diagnose, hasDiverged, type Verdict } from './diagnosis.ts';
import {
  type Activation,
  createNetwork,
  logits,
  type Network,
  parametersOf,
  withParameters,
} from './network.ts';
import { type OptimizerName, optimizerStep, startOptimizer } from './optimizers.ts';

/** Rows to learn from or to be tested on. */
export interface Dataset {
  readonly classes: readonly string[];
  readonly features: readonly FeatureName[];
  /** Raw features, `[rows, features]`. */
  readonly x: Tensor;
  /** Class index of each row. */
  readonly labels: Int32Array;
  /** Group (record, patient) of each row. */
  readonly groups: readonly string[];
}

export interface TrainOptions {
  /** Sizes of the hidden layers; none for softmax regression. */
  readonly hidden: readonly number[];
  readonly activation: Activation;
  readonly optimizer: OptimizerName;
  readonly learningRate: number;
  readonly epochs: number;
  readonly batchSize: number;
  /** Weight of ½·Σw² over the weights (not the biases) in the loss. */
  readonly l2: number;
  /** Weight of each class in the loss. */
  readonly classWeights: readonly number[];
  readonly seed: number;
  /** Lets the learning rate fall along half a cosine from its value to 0 over the epochs (Loshchilov & Hutter 2017). */
  readonly cosineDecay?: boolean;
  /** Rows whose loss is followed but never learned from. */
  readonly validation?: Dataset;
  readonly onEpoch?: (epoch: number, loss: number) => void;
}

export interface TrainingResult {
  readonly model: Classifier;
  /** Loss before training, then the mean loss of each epoch's minibatches. */
  readonly losses: readonly number[];
  /** The same for the validation rows, at the end of each epoch; empty when there are none. */
  readonly validationLosses: readonly number[];
  readonly verdict: Verdict;
}

/**
 * Class weights (n / (classes · n_c))^power, scaled to mean 1 over the rows; a class without rows gets 0. Power 0
 * weighs all rows alike, power 1 all classes alike.
 */
export function inverseFrequencyWeights(labels: Int32Array, classes: number, power: number): number[] {
  const counts = new Array<number>(classes).fill(0);
  for (const label of labels) counts[label]!++;
  const raw = counts.map(count => (count === 0 ? 0 : (labels.length / (classes * count)) ** power));
  const mean = counts.reduce((total, count, k) => total + count * raw[k]!, 0) / labels.length;
  return raw.map(weight => weight / mean);
}

/** Mean cross-entropy −Σ w log p / Σ w over rows; `targets` `[rows, classes]` holds each row's weight at its class. */
function crossEntropy(network: Network, x: Tensor, targets: Tensor): Tensor {
  return div(neg(sum(mul(targets, logSoftmax(logits(network, x))))), sum(targets));
}

function penalty(network: Network, l2: number): Tensor {
  return network.layers
    .map(({ weights }) => mul(sum(mul(weights, weights)), l2 / 2))
    .reduce((total, term) => add(total, term));
}

function weightedTargets(labels: Int32Array, classWeights: readonly number[]): Tensor {
  const targets = full([labels.length, classWeights.length], 0);
  labels.forEach((label, row) => {
    targets.data[row * classWeights.length + label] = classWeights[label]!;
  });
  return targets;
}

function checkData({ x, labels, groups, classes, features }: Dataset, what: string): void {
  if (x.shape.length !== 2 || x.shape[1] !== features.length || x.shape[0] === 0) {
    throw new RangeError(
      `train: the ${what} rows have the shape ${formatShape(x.shape)}, not [1 or more, ${features.length}]`,
    );
  }
  if (labels.length !== x.shape[0] || groups.length !== x.shape[0]) {
    throw new RangeError(
      `train: ${x.shape[0]} ${what} rows, ${labels.length} labels and ${groups.length} groups`,
    );
  }
  const bad = x.data.findIndex(value => !Number.isFinite(value));
  if (bad >= 0) {
    const name = features[bad % features.length]!.name;
    throw new RangeError(
      `train: ${what} row ${Math.floor(bad / features.length)} has ${name} = ${x.data[bad]}`,
    );
  }
  const wrong = labels.findIndex(label => label < 0 || label >= classes.length);
  if (wrong >= 0) {
    throw new RangeError(`train: ${what} row ${wrong} has class ${labels[wrong]} of ${classes.length}`);
  }
}

function checkOptions(
  { epochs, batchSize, learningRate, classWeights, l2 }: TrainOptions,
  data: Dataset,
): void {
  const wholes = { epochs, batchSize };
  for (const [name, value] of Object.entries(wholes)) {
    if (!Number.isInteger(value) || value < 1) {
      throw new RangeError(`train: ${name} is a whole number of at least 1, not ${value}`);
    }
  }
  if (!(learningRate > 0) || !Number.isFinite(learningRate)) {
    throw new RangeError(`train: the learning rate is a positive number, not ${learningRate}`);
  }
  if (!(l2 >= 0)) throw new RangeError(`train: l2 is at least 0, not ${l2}`);
  const present = new Set(data.labels);
  if (
    classWeights.length !== data.classes.length ||
    classWeights.some((weight, k) => !(present.has(k) ? weight > 0 : weight >= 0))
  ) {
    throw new RangeError(
      `train: ${data.classes.length} class weights, positive where the class has rows, not [${classWeights.join(', ')}]`,
    );
  }
}

/** Puts the rows `order[from…]` into a batch; rows past the end get weight 0 and so count for nothing. */
function fillBatch(
  batch: { x: Tensor; targets: Tensor },
  x: Tensor,
  targets: Tensor,
  order: Int32Array,
  from: number,
): void {
  const columns = x.shape[1]!;
  const classes = targets.shape[1]!;
  const rows = batch.x.shape[0]!;
  for (let k = 0; k < rows; k++) {
    const row = order[from + k];
    if (row === undefined) {
      batch.targets.data.fill(0, k * classes);
      return;
    }
    batch.x.data.set(x.data.subarray(row * columns, (row + 1) * columns), k * columns);
    batch.targets.data.set(targets.data.subarray(row * classes, (row + 1) * classes), k * classes);
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

/**
 * Trains a classifier by minibatch gradient descent on the weighted cross-entropy. Features are standardised on
 * these rows only. Stops early when the loss diverges. The same data, options and seed give the same weights to the
 * bit. Throws `RangeError` on rows that are not finite, labels outside the classes, or options out of range.
 */
export function train(data: Dataset, options: TrainOptions): TrainingResult {
  checkData(data, 'training');
  if (options.validation) checkData(options.validation, 'validation');
  checkOptions(options, data);
  const random = createRandom(options.seed);
  const standardization = standardizationOf(data.x);
  const sizes = [data.features.length, ...options.hidden, data.classes.length];
  const network = createNetwork(sizes, options.activation, random);

  const x = standardize(data.x, standardization);
  const targets = weightedTargets(data.labels, options.classWeights);
  const validationLoss = followValidation(options, standardization);

  const rows = x.shape[0]!;
  const batchSize = Math.min(options.batchSize, rows);
  const batch = {
    x: full([batchSize, sizes[0]!], 0),
    targets: full([batchSize, data.classes.length], 0),
  };
  const parameters = parametersOf(network);
  const lossAndGradients = compile(
    (bx, bt, ...ps) => {
      const objective = (...moving: Tensor[]): Tensor => {
        const moved = withParameters(network, moving);
        const loss = crossEntropy(moved, bx!, bt!);
        return options.l2 === 0 ? loss : add(loss, penalty(moved, options.l2));
      };
      const { value, gradients } = valueAndGrad(objective)(...ps);
      return [value, ...gradients];
    },
    batch.x,
    batch.targets,
    ...parameters,
  );

  const weights = parameters.map(p => p.data);
  const state = startOptimizer(
    options.optimizer,
    weights.map(w => w.length),
  );
  const order = Int32Array.from({ length: rows }, (_, row) => row);
  const batches = Math.ceil(rows / batchSize);
  const start = item(crossEntropy(network, x, targets)) + item(penalty(network, options.l2));
  const losses = [start];
  const validationLosses: number[] = [];
  for (let epoch = 1; epoch <= options.epochs && !hasDiverged(losses); epoch++) {
    shuffle(order, random);
    const progress = (epoch - 1) / options.epochs;
    const rate = options.learningRate * (options.cosineDecay ? (1 + Math.cos(Math.PI * progress)) / 2 : 1);
    let total = 0;
    for (let k = 0; k < batches; k++) {
      fillBatch(batch, x, targets, order, k * batchSize);
      const [loss, ...gradients] = lossAndGradients(batch.x, batch.targets, ...parameters);
      total += item(loss!);
      optimizerStep(
        state,
        weights,
        gradients.map(g => g.data),
        rate,
      );
    }
    losses.push(total / batches);
    if (validationLoss) validationLosses.push(validationLoss(network));
    options.onEpoch?.(epoch, total / batches);
  }
  return {
    model: {
      classes: data.classes,
      features: data.features,
      standardization,
      network,
      training: {
        trainedOn: [...new Set(data.groups)],
        rows,
        optimizer: options.optimizer,
        learningRate: options.learningRate,
        epochs: losses.length - 1,
        seed: options.seed,
      },
    },
    losses,
    validationLosses,
    verdict: diagnose(losses, options.optimizer, options.learningRate),
  };
}

function followValidation(
  { validation, classWeights }: TrainOptions,
  standardization: Standardization,
): ((network: Network) => number) | undefined {
  if (validation === undefined) return undefined;
  const x = standardize(validation.x, standardization);
  const targets = weightedTargets(validation.labels, classWeights);
  return network => item(crossEntropy(network, x, targets));
}
