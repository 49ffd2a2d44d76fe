/** Regression, losses, layers and optimiser constants of one's own, each against an answer worked out another way. */
import { describe, expect, test } from 'vitest';
import { add, mul, sub } from '../../../src/diff/arithmetic.ts';
import { abs, tanh } from '../../../src/diff/elementwise.ts';
import { gather } from '../../../src/diff/gather.ts';
import { softmaxCrossEntropy } from '../../../src/diff/loss.ts';
import { matmul } from '../../../src/diff/product.ts';
import { sum } from '../../../src/diff/reduction.ts';
import { full, type Tensor, tensor } from '../../../src/diff/tensor.ts';
import { formatModel } from '../../../src/learn/model/model-json.ts';
import { createCustomNetwork, createNetwork, parametersOf } from '../../../src/learn/model/network.ts';
import { formatOnnx } from '../../../src/learn/model/onnx.ts';
import { formatCheckpoint, parseCheckpoint } from '../../../src/learn/train/checkpoint.ts';
import {
  predict,
  type RegressionDataset,
  type RegressionOptions,
  startRegression,
  trainRegression,
} from '../../../src/learn/train/regression.ts';
import { startTraining, type TrainOptions, train } from '../../../src/learn/train/train.ts';
import { createRandom } from '../../../src/random.ts';
import { bitsOf, bumps, data, options } from '../synthetic-task.ts';

const random = createRandom(3);
const rows = 200;
const x = tensor(
  Float64Array.from({ length: 3 * rows }, () => 10 + 4 * random.normal()),
  [rows, 3],
);
/** y = 100 + 2a − 5b and z = c²/50, with noise of 0.1. */
const targets = tensor(
  Float64Array.from({ length: 2 * rows }, (_, i) => {
    const [a, b, c] = x.data.subarray(3 * (i >> 1), 3 * (i >> 1) + 3) as unknown as [number, number, number];
    return (i % 2 === 0 ? 100 + 2 * a - 5 * b : (c * c) / 50) + 0.1 * random.normal();
  }),
  [rows, 2],
);
const numbers: RegressionDataset = {
  features: ['a', 'b', 'c'].map(name => ({ name, unit: 'mV' })),
  outputs: [
    { name: 'y', unit: 'ms' },
    { name: 'z', unit: 'mV' },
  ],
  ...{ x, targets },
  groups: Array.from({ length: rows }, (_, row) => `g${row % 8}`),
};
const settings: RegressionOptions = {
  ...{ hidden: [], activation: 'tanh', optimizer: 'lbfgs', learningRate: 0.1, epochs: 200, batchSize: 32 },
  ...{ l2: 0, seed: 1 },
};

describe('regression', () => {
  test('without hidden layers it is the least-squares line, in the units of the targets', () => {
    const { model, verdict } = trainRegression(numbers, settings);
    expect(verdict.kind).toBe('converged');
    // Normal equations by residuals: orthogonal to the constant and to every column.
    const predicted = predict(model, x).data;
    for (let k = 0; k < 2; k++) {
      const residual = Float64Array.from(
        { length: rows },
        (_, row) => targets.data[2 * row + k]! - predicted[2 * row + k]!,
      );
      for (const column of [0, 1, 2, 3]) {
        const along = residual.reduce(
          (s, r, row) => s + r * (column === 3 ? 1 : x.data[3 * row + column]! - 10),
          0,
        );
        expect(Math.abs(along / rows)).toBeLessThan(1e-6);
      }
    }
    expect(predict(model, tensor([[10, 10, 10]])).data[0]).toBeCloseTo(70, 1);
  });
  test('a hidden layer learns the curve; Float32 and minibatches too; validation is followed', () => {
    const variants: Partial<RegressionOptions>[] = [
      { optimizer: 'lbfgs' },
      { optimizer: 'adam', learningRate: 0.02, precision: 'float32' },
    ];
    for (const variant of variants) {
      const validation = { ...numbers, groups: numbers.groups.map(group => `v${group}`) };
      const { losses, validationLosses } = trainRegression(numbers, {
        ...settings,
        hidden: [8],
        ...variant,
        validation,
      });
      expect(losses.at(-1)!).toBeLessThan(0.005 * losses[0]!);
      expect(validationLosses.at(-1)!).toBeLessThan(0.005);
    }
  });
  test('a row of weight 3 counts as three rows', () => {
    const weights = Float64Array.from({ length: rows }, (_, row) => (row < 20 ? 3 : 1));
    const order = Array.from({ length: rows }, (_, row) => Array<number>(row < 20 ? 3 : 1).fill(row)).flat();
    const repeated = {
      ...numbers,
      x: gather(x, order),
      targets: gather(targets, order),
      groups: order.map(row => numbers.groups[row]!),
    };
    const [weighted, plain] = [
      trainRegression({ ...numbers, weights }, settings),
      trainRegression(repeated, settings),
    ].map(({ model }) => predict(model, x).data);
    weighted!.forEach((value, i) => {
      expect(value).toBeCloseTo(plain![i]!, 5);
    });
  });
  test('a loss of one’s own: the absolute error of a constant settles on the median', () => {
    const absolute = (outputs: Tensor, values: Tensor): Tensor =>
      sum(abs(sub(outputs, values)), { axis: 1, keepDims: true });
    const skewed = tensor(
      Float64Array.from({ length: rows }, (_, row) => (row % 3 === 0 ? 50 + row : row % 7)),
      [rows, 1],
    );
    const { model } = trainRegression(
      { ...numbers, outputs: [{ name: 's', unit: '' }], x: full([rows, 3], 1), targets: skewed },
      { ...settings, optimizer: 'adam', loss: absolute, learningRate: 0.01, cosineDecay: true, epochs: 300 },
    );
    const median = [...skewed.data].sort((p, q) => p - q)[rows / 2]!;
    expect(predict(model, full([1, 3], 1)).data[0]).toBeCloseTo(median, 0);
  });
  test('a stop and a resumption give the same weights to the bit; other data are refused', () => {
    const adam = { ...settings, hidden: [4], optimizer: 'adam' as const, epochs: 6 };
    const whole = trainRegression(numbers, adam);
    const first = startRegression(numbers, adam);
    first.runEpoch();
    first.runEpoch();
    const saved = parseCheckpoint(formatCheckpoint(first.checkpoint()));
    expect(bitsOf(trainRegression(numbers, adam, saved).model.network)).toEqual(bitsOf(whole.model.network));
    const moved = { ...numbers, targets: add(targets, 1) };
    expect(() => startRegression(moved, adam, saved)).toThrow(/other data/);
  });
  test('targets that the features do not tell are at chance level', () => {
    const many = 2000;
    const normal = (columns: number): Tensor =>
      tensor(
        Float64Array.from({ length: many * columns }, () => random.normal()),
        [many, columns],
      );
    const { verdict } = trainRegression(
      {
        ...{ features: numbers.features, outputs: [{ name: 'n', unit: '' }] },
        ...{ x: normal(3), targets: normal(1), groups: Array<string>(many).fill('g') },
      },
      { ...settings, optimizer: 'sgd', learningRate: 0.01, epochs: 20 },
    );
    expect(verdict.kind).toBe('chance-level');
    expect(verdict.text).toMatch(/best constant prediction gives (1|0\.99\d*)\./);
  });
  test.each([
    [
      'a target that is not finite',
      { targets: tensor(targets.data.with(3, Number.NaN), [rows, 2]) },
      /row 1 has z = NaN/,
    ],
    ['targets of another shape', { targets: full([rows, 1], 0) }, /\[200, 2\], not \[200, 1\]/],
    [
      'outputs of one name',
      { outputs: [0, 1].map(() => ({ name: 'y', unit: '' })) },
      /output .*"y" occurs twice/,
    ],
    ['weights of 0', { weights: new Float64Array(rows) }, /positive weights/],
  ])('%s is refused', (_, change, message) => {
    expect(() => trainRegression({ ...numbers, ...change }, settings)).toThrow(message);
  });
});

describe('a classifier with user-defined parts', () => {
  test('the cross-entropy given as a loss trains to the same bits as the built-in one', () => {
    const [own, built] = [{ loss: softmaxCrossEntropy }, {}].map(variant =>
      train(data, { ...options, ...variant }),
    );
    expect(bitsOf(own!.model.network)).toEqual(bitsOf(built!.model.network));
    expect(() => train(data, { ...options, loss: softmaxCrossEntropy, focalGamma: 2 })).toThrow(/give one/);
    expect(() => train(data, { ...options, loss: scores => sum(scores) })).toThrow(
      /must return \[32, 1\], one per row, not \[\]/,
    );
  });
  const own = {
    parameters: {
      shift: full([24], 0),
      mix: createNetwork([24, 5], 'tanh', createRandom(8)).layers[0]!.weights,
    },
    forward: (h: Tensor, { shift, mix }: Readonly<Record<string, Tensor>>): Tensor =>
      tanh(matmul(add(h, shift!), mix!)),
  };
  test('a user-defined layer that is a dense layer trains to what a dense layer trains to', () => {
    const network = createCustomNetwork(own, 24, [2], 'tanh', createRandom(9));
    const dense = {
      activation: 'tanh' as const,
      layers: [{ weights: own.parameters.mix, bias: full([5], 0) }, ...network.layers],
    };
    const [mine, usual] = [network, dense].map(start =>
      train(data, { ...options, network: start, optimizer: 'sgd' }),
    );
    // shift·mix stands for the bias: another parameter, the same function; one epoch on from zero it differs.
    expect(mine!.losses[0]).toBe(usual!.losses[0]);
    expect(mine!.losses.at(-1)!).toBeLessThan(mine!.losses[0]!);
    expect(mine!.health.parameters.map(({ name }) => name)).toEqual([
      ...['custom.shift', 'custom.mix', 'layers[0].weights', 'layers[0].bias'],
    ]);
    expect(parametersOf(mine!.model.network)).toHaveLength(4);
  });
  test('is resumed from a checkpoint, and says that no file holds it', () => {
    const settings = { ...options, network: createCustomNetwork(own, 24, [2], 'tanh', createRandom(9)) };
    const first = startTraining(data, settings);
    first.runEpoch();
    const whole = train(data, settings);
    expect(bitsOf(train(data, settings, first.checkpoint()).model.network)).toEqual(
      bitsOf(whole.model.network),
    );
    expect(() => formatModel(whole.model)).toThrow(/formatModel: .*user-defined layers/);
    expect(() => formatOnnx(whole.model)).toThrow(/formatOnnx: .*user-defined layers/);
    const flat = { ...own, forward: (h: Tensor): Tensor => sum(h) };
    expect(() => createCustomNetwork(flat, 24, [2], 'tanh', createRandom(9))).toThrow(
      /maps \[1, 24\] to \[\]/,
    );
  });
  test('optimiser constants reach the steps: momentum 0 is plain descent, decay shrinks', () => {
    const by = (variant: Partial<TrainOptions>) =>
      bitsOf(train(data, { ...options, epochs: 2, ...variant }).model.network);
    expect(by({ optimizer: 'momentum', optimizerConstants: { momentum: 0 } })).toEqual(
      by({ optimizer: 'sgd' }),
    );
    const norm = (weightDecay: number): number =>
      by({ optimizer: 'adamw', optimizerConstants: { weightDecay } }).reduce((s, w) => s + w * w, 0);
    expect(norm(1)).toBeLessThan(norm(0));
    expect(by({ optimizerConstants: { beta1: 0.9, beta2: 0.999, epsilon: 1e-8 } })).toEqual(by({}));
  });
  test.each([
    [{ optimizerConstants: { momentum: 1 } }, /momentum is at least 0 and below 1, not 1/],
    [{ optimizerConstants: { epsilon: 0 } }, /epsilon/],
    [{ optimizerConstants: { beta: 0.9 } }, /there is no option 'beta'; the options are momentum, decay/],
    [{ learningrate: 0.1 }, /train: there is no option 'learningrate'/],
  ])('%j is refused', (variant, message) => {
    expect(() => train(data, { ...options, ...(variant as Partial<TrainOptions>) })).toThrow(message);
  });
  test('validation of a loss of one’s own is by that loss', () => {
    const doubled = (scores: Tensor, t: Tensor): Tensor => mul(softmaxCrossEntropy(scores, t), 2);
    const validation = bumps(40, 2);
    const [plain, twice] = [{}, { loss: doubled }].map(variant =>
      train(data, { ...options, ...variant, epochs: 1, learningRate: 1e-12, validation }),
    );
    expect(twice!.validationLosses[0]!).toBeCloseTo(2 * plain!.validationLosses[0]!, 9);
  });
});
