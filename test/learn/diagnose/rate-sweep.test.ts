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

test('gradient descent converges below 2/λmax at the optimum and does not above it', () => {
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

test('in raw units of very different size plain descent has no good rate where RMSprop and Adam have several', () => {
  const units = [1, 100, 0.1, 10];
  const raw: Dataset = { ...data, x: { shape: x.shape, data: x.data.map((v, i) => v * units[i % 4]!) } };
  const rates = logRates(1e-7, 10, 17);
  const sweep = (rawFeatures: boolean) =>
    sweepLearningRates(
      raw,
      { ...options, epochs: 20, batchSize: 20, l2: 0, rawFeatures },
      ['sgd', 'rmsprop', 'adam'],
      rates,
    );
  const good = (runs: ReturnType<typeof sweep>, optimizer: string): number =>
    runs.filter(run => run.optimizer === optimizer && run.losses.at(-1)! < 0.5).length;
  const rawRuns = sweep(true);
  expect(good(rawRuns, 'sgd')).toBe(0);
  expect(good(rawRuns, 'rmsprop')).toBeGreaterThanOrEqual(2);
  expect(good(rawRuns, 'adam')).toBeGreaterThanOrEqual(3);
  // Standardised, plain descent has as wide a range as any.
  expect(good(sweep(false), 'sgd')).toBeGreaterThanOrEqual(3);
  for (const optimizer of ['sgd', 'adam']) {
    const own = rawRuns.filter(run => run.optimizer === optimizer);
    expect(own[0]!.verdict.kind).not.toBe('diverged');
    expect(own.some(({ verdict }) => verdict.kind === 'stalled' || verdict.kind === 'improving')).toBe(true);
  }
  expect(rawRuns.filter(run => run.optimizer === 'sgd').at(-1)!.verdict.kind).toBe('diverged');
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
  test('has a figure an optimiser of the loss after every epoch, a curve a rate', () => {
    const page = rateChart(runs, { title: 'rates' });
    const figures = page.split('<svg').slice(2);
    expect(figures.map(figure => figure.match(/aria-label="(\w+): loss after each epoch"/)?.[1])).toEqual([
      'sgd',
      'adam',
    ]);
    figures.forEach((figure, k) => {
      const curves = [...figure.matchAll(/<path d="M([^"]*)"/g)].map(([, points]) => points!.split('L'));
      const own = runs.filter(run => run.optimizer === ['sgd', 'adam'][k]);
      expect(curves.map(points => points.length)).toEqual(own.map(run => run.losses.length));
      // The lower the loss, the further down.
      const heights = curves[1]!.map(point => Number(point.split(' ')[1]));
      own[1]!.losses.forEach((loss, epoch) => {
        if (epoch > 0) expect(loss < own[1]!.losses[epoch - 1]!).toBe(heights[epoch]! > heights[epoch - 1]!);
      });
    });
  });
  test('a loss of 0 has a place', () => {
    const zero = { ...runs[0]!, losses: [1, 0.5, 0] };
    expect(rateChart([zero, runs[1]!], { title: '' })).not.toMatch(/NaN|Infinity/);
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
