/** The sweep shows what theory says, and its picture holds no more than it should. */
import { describe, expect, test } from 'vitest';
import { full } from '../../../src/diff/tensor.ts';
import { rateChart } from '../../../src/learn/diagnose/rate-chart.ts';
import {
  logRates,
  someRows,
  sweepLearningRates,
  trainingCurvature,
} from '../../../src/learn/diagnose/rate-sweep.ts';
import { createNetwork } from '../../../src/learn/model/network.ts';
import { type Dataset, type TrainOptions, train } from '../../../src/learn/train/train.ts';
import { createRandom } from '../../../src/random.ts';

const random = createRandom(9);
const rows = 200;
const x = full([rows, 4], 0);
const labels = new Int32Array(rows);
for (let row = 0; row < rows; row++) {
  labels[row] = row % 2;
  const shared = random.normal(); // makes the columns alike, and the loss steep in one direction
  for (let k = 0; k < 4; k++)
    x.data[4 * row + k] = 2 * shared + random.normal() + (row % 2) * (k === 0 ? 3 : 0);
}
const data: Dataset = {
  ...{ classes: ['a', 'b'], x, labels },
  features: ['p', 'q', 'r', 's'].map(name => ({ name, unit: '' })),
  groups: Array.from(labels, (_, row) => `g${row % 3}`),
};
const options: TrainOptions = {
  ...{
    hidden: [],
    activation: 'tanh',
    optimizer: 'sgd',
    learningRate: 1,
    epochs: 300,
    batchSize: rows,
    l2: 0.05,
  },
  ...{ classWeights: [1, 1], seed: 1 },
};

test('rates are even in log', () => {
  expect(logRates(1e-3, 10, 5)).toEqual([0.001, 0.01, 0.1, 1, 10]);
  expect(() => logRates(1, 0.1, 5)).toThrow(/from 1 to 0.1/);
});

test('gradient descent settles below 2/λmax at the optimum and does not above it', () => {
  const lbfgs = train(data, { ...options, optimizer: 'lbfgs' });
  const optimum = lbfgs.losses.at(-1)!;
  const { largestStableRate, eigenvalue, residual } = trainingCurvature(
    ...([data, options, lbfgs.model.network, createRandom(1)] as const),
  );
  expect(eigenvalue).toBeGreaterThan(0);
  expect(residual).toBeLessThan(2e-3);
  const endOf = (factor: number): number =>
    sweepLearningRates(data, options, ['sgd'], [factor * largestStableRate!])[0]!.losses.at(-1)!;
  expect(endOf(0.9)).toBeCloseTo(optimum, 6);
  expect(endOf(1.2)).toBeGreaterThan(optimum + 1e-3);
});

test('a draw of rows is seeded and keeps rows whole', () => {
  const few = someRows(data, 50, 3);
  expect(few.labels).toHaveLength(50);
  expect(few).toEqual(someRows(data, 50, 3));
  const first = [...few.x.data.subarray(0, 4)];
  const from = Array.from({ length: rows }, (_, row) => [...x.data.subarray(4 * row, 4 * row + 4)]).findIndex(
    row => row.every((v, k) => v === first[k]),
  );
  expect(few.labels[0]).toBe(labels[from]);
  expect(few.groups[0]).toBe(data.groups[from]);
});

describe('the picture', () => {
  const runs = sweepLearningRates(data, { ...options, epochs: 5 }, ['sgd', 'adam'], [0.001, 0.1, 1e5]);
  test('has a line an optimiser, a cross a divergence, and escapes its title', () => {
    const page = rateChart(runs, { title: '<script>alert("1")</script>', largestStableRate: 0.5 });
    const diverged = runs.filter(run => run.verdict.kind === 'diverged').length;
    expect(diverged).toBeGreaterThan(0);
    expect(page.match(/<polyline/g)).toHaveLength(2);
    expect(page.match(/×/g)).toHaveLength(diverged);
    expect(page.match(/<circle/g)).toHaveLength(runs.length - diverged);
    expect(page).toContain('2/λmax = 0.5');
    expect(page).not.toMatch(/<script|NaN|Infinity|https?:/);
  });
  test('no runs make no picture', () => {
    expect(() => rateChart([], { title: '' })).toThrow(/no runs/);
  });
});

test('the curvature of a network with a hidden layer is that of all its parameters', () => {
  const network = createNetwork([4, 3, 2], 'tanh', createRandom(2));
  const { residual, largestStableRate } = trainingCurvature(data, options, network, createRandom(3));
  expect(residual).toBeLessThan(1e-3);
  expect(largestStableRate).toBeGreaterThan(0);
});
