/** Regressions and trainings on losses of one's own that are broken on purpose, and some that look broken and are not. */
import { add, mul, sub } from '../../../src/diff/arithmetic.ts';
import { abs, exp } from '../../../src/diff/elementwise.ts';
import { sum } from '../../../src/diff/reduction.ts';
import { slice } from '../../../src/diff/slice.ts';
import { tensor } from '../../../src/diff/tensor.ts';
import type { VerdictKind } from '../../../src/learn/diagnose/verdict.ts';
import type { RowLoss } from '../../../src/learn/train/losses.ts';
import {
  type RegressionDataset,
  type RegressionOptions,
  type Regressor,
  trainRegression,
} from '../../../src/learn/train/regression.ts';
import type { TrainingResult } from '../../../src/learn/train/train.ts';
import { createRandom } from '../../../src/random.ts';

type Target = (x: readonly number[], normal: () => number, row: number) => readonly number[];

/** Four normal columns, and the targets that `target` makes of them. */
function rowsOf(target: Target, count = 400, seed = 1): RegressionDataset {
  const random = createRandom(seed);
  const normal = (): number => random.normal();
  const rows = Array.from({ length: count }, (_, row) => {
    const x = [normal(), normal(), normal(), normal()];
    return { x, y: target(x, normal, row) };
  });
  const outputs = rows[0]!.y.length;
  const named = (name: string, length: number) =>
    Array.from({ length }, (_, k) => ({ name: `${name}${k}`, unit: '' }));
  return {
    ...{ features: named('f', 4), outputs: named('y', outputs) },
    x: tensor(Float64Array.from(rows.flatMap(({ x }) => x)), [count, 4]),
    targets: tensor(Float64Array.from(rows.flatMap(({ y }) => y)), [count, outputs]),
    groups: rows.map((_, row) => `${seed}.${row % 10}`),
  };
}

const line = (x: readonly number[], normal: () => number): number => 2 * x[0]! - x[1]! + 0.3 * normal();
const linear = rowsOf((x, normal) => [line(x, normal)]);
const noise = rowsOf((_, normal) => [normal()]);
const withOutlier = (value: number): RegressionDataset =>
  rowsOf((x, normal, row) => [row === 77 ? value : line(x, normal)]);
const noisy = (count: number, seed: number): RegressionDataset =>
  rowsOf((x, normal) => [x[0]! + 2 * normal()], count, seed);

const absolute: RowLoss = (outputs, targets) => sum(abs(sub(outputs, targets)), { axis: 1, keepDims: true });
/** The quantile loss at 0.9 (Koenker & Bassett 1978). */
const pinball: RowLoss = (outputs, targets) => {
  const error = sub(targets, outputs);
  return sum(add(mul(error, 0.4), mul(abs(error), 0.5)), { axis: 1, keepDims: true });
};
/** −log of the normal density, up to a constant, of a mean and a logarithm of the variance; negative at times. */
const normalDensity: RowLoss = (outputs, targets) => {
  const rows = outputs.shape[0]!;
  const [mean, logVariance] = [slice(outputs, [0, 0], [rows, 1]), slice(outputs, [0, 1], [rows, 2])];
  const error = sub(slice(targets, [0, 0], [rows, 1]), mean);
  return add(logVariance, mul(mul(error, error), exp(mul(logVariance, -1))));
};
const forDensity = rowsOf((x, normal) => [line(x, normal), 0]);
const shifted: RowLoss = (outputs, targets) => sub(absolute(outputs, targets), 5);
/** Has no minimum: it falls with every step that lengthens the outputs. */
const negativeProduct: RowLoss = (outputs, targets) =>
  mul(sum(mul(outputs, targets), { axis: 1, keepDims: true }), -1);

export interface BrokenRegression {
  readonly data: RegressionDataset;
  readonly options?: Partial<RegressionOptions>;
  readonly kind: VerdictKind;
  /** What the words say is to be done; absent where there is nothing to do. */
  readonly advice?: RegExp;
}

export const regressions: Readonly<Record<string, BrokenRegression>> = {
  'a linear target': { data: linear, kind: 'converged' },
  'a target of 1e9': { data: rowsOf((x, normal) => [1e9 * line(x, normal)]), kind: 'converged' },
  'a target of 1e-9': { data: rowsOf((x, normal) => [1e-9 * line(x, normal)]), kind: 'converged' },
  'a target far from 0': { data: rowsOf((x, normal) => [1e6 + line(x, normal)]), kind: 'converged' },
  'a rate too large': {
    data: linear,
    options: { learningRate: 100 },
    kind: 'diverged',
    advice: /a tenth of the rate/,
  },
  'a rate too small': {
    data: linear,
    options: { learningRate: 1e-7 },
    kind: 'stalled',
    advice: /times the rate/,
  },
  'Adam at a rate of 30': {
    data: linear,
    options: { hidden: [64], optimizer: 'adam', learningRate: 30 },
    kind: 'diverged',
    advice: /a tenth of the rate/,
  },
  'a constant target': {
    data: rowsOf(() => [3]),
    kind: 'constant-target',
    advice: /every row has y0 = 3.*Check the targets/,
  },
  'a constant target for a linear model': {
    data: rowsOf(() => [0]),
    options: { hidden: [] },
    kind: 'constant-target',
    advice: /Check the targets/,
  },
  'one constant target of two': { data: rowsOf((x, normal) => [3, line(x, normal)]), kind: 'converged' },
  'an outlier': {
    data: withOutlier(1e6),
    kind: 'outlier',
    advice: /row 77 with y0 = 1000000.*Check that row/,
  },
  'a negative outlier, by L-BFGS': {
    data: withOutlier(-1e4),
    options: { optimizer: 'lbfgs', epochs: 100 },
    kind: 'outlier',
    advice: /row 77/,
  },
  'an outlier under the absolute error': {
    data: withOutlier(1e6),
    options: { loss: absolute, epochs: 60 },
    kind: 'outlier',
    advice: /row 77/,
  },
  'a target of three standard deviations': { data: withOutlier(7), kind: 'converged' },
  'a target that is noise': {
    data: noise,
    options: { hidden: [], epochs: 60 },
    kind: 'chance-level',
    advice: /Check features and targets/,
  },
  'an l2 of 100': {
    data: linear,
    options: { l2: 100, learningRate: 1e-3, epochs: 60 },
    kind: 'chance-level',
    advice: /l2 = 100/,
  },
  overfitting: {
    data: noisy(40, 1),
    options: {
      ...{ hidden: [64], optimizer: 'adam', learningRate: 0.02, epochs: 300 },
      validation: noisy(200, 2),
    },
    kind: 'overfitting',
    advice: /Stop there/,
  },
  'the absolute error, at a constant rate': {
    data: linear,
    options: { loss: absolute, epochs: 60 },
    kind: 'plateau',
    advice: /another rate or schedule/,
  },
  'the absolute error, a rate too large': {
    data: linear,
    options: { loss: absolute, learningRate: 100 },
    kind: 'diverged',
    advice: /a tenth of the rate/,
  },
  'the absolute error, a rate too small': {
    data: linear,
    options: { loss: absolute, learningRate: 1e-7 },
    kind: 'stalled',
    advice: /times the rate/,
  },
  'the absolute error of noise': {
    data: noise,
    options: { loss: absolute, hidden: [], epochs: 60, learningRate: 0.01 },
    kind: 'chance-level',
    advice: /Check features and targets/,
  },
  'the quantile loss': { data: linear, options: { loss: pinball, epochs: 60 }, kind: 'converged' },
  'a loss below 0': {
    data: linear,
    options: { loss: shifted, epochs: 60 },
    kind: 'plateau',
    advice: /schedule/,
  },
  'a loss below 0, a rate too small': {
    data: linear,
    options: { loss: shifted, learningRate: 1e-7 },
    kind: 'stalled',
    advice: /times the rate/,
  },
  'a loss below 0, a rate too large': {
    data: linear,
    options: { loss: shifted, learningRate: 100 },
    kind: 'diverged',
    advice: /a tenth of the rate/,
  },
  'the density of a normal distribution, a rate too small': {
    data: forDensity,
    options: { loss: normalDensity, learningRate: 1e-8 },
    kind: 'stalled',
    advice: /times the rate/,
  },
  'the density of a normal distribution': {
    data: forDensity,
    options: { loss: normalDensity, optimizer: 'adam', learningRate: 0.003, epochs: 100, hidden: [] },
    kind: 'improving',
    advice: /More epochs/,
  },
  'the density of a normal distribution, a rate too large': {
    data: forDensity,
    options: { loss: normalDensity, learningRate: 3 },
    kind: 'diverged',
    advice: /a tenth of the rate/,
  },
  'a loss without a minimum': {
    data: linear,
    options: { loss: negativeProduct },
    kind: 'unbounded',
    advice: /Check the loss/,
  },
};

const usual: RegressionOptions = {
  ...{ hidden: [8], activation: 'tanh', optimizer: 'sgd', learningRate: 0.1, epochs: 30, batchSize: 32 },
  ...{ l2: 0, seed: 1 },
};

export const regressionOutcome = ({ data, options }: BrokenRegression): TrainingResult<Regressor> =>
  trainRegression(data, { ...usual, ...options });
