/** Training: known optima, determinism, and what it says when the learning rate is wrong. */
import { describe, expect, test } from 'vitest';
import { tensor } from '../../../src/diff/tensor.ts';
import { diagnose } from '../../../src/learn/diagnose/verdict.ts';
import {
  classProbabilities,
  predictedClasses,
  standardizationOf,
} from '../../../src/learn/model/classifier.ts';
import { optimizerNames } from '../../../src/learn/train/optimizers.ts';
import { type Dataset, inverseFrequencyWeights, train } from '../../../src/learn/train/train.ts';
import { clouds, options } from './two-clouds.ts';

const shareRight = (data: Dataset, model: ReturnType<typeof train>['model']): number => {
  const answers = predictedClasses(classProbabilities(model, data.x));
  return answers.filter((answer, i) => answer === data.labels[i]).length / answers.length;
};

describe('what is learned', () => {
  test('softmax regression reaches the Bayes rate of two normal clouds on rows it has not seen', () => {
    const { model } = train(clouds(1000, 1, 'separable'), options);
    // Bayes error Φ(−√2/0.8) = 3.9 %
    expect(shareRight(clouds(4000, 2, 'separable'), model)).toBeGreaterThan(0.95);
  });

  test('a ring needs a hidden layer: accuracy is at chance without one and high with one', () => {
    const data = clouds(1000, 3, 'ring');
    const unseen = clouds(2000, 4, 'ring');
    expect(shareRight(unseen, train(data, options).model)).toBeLessThan(0.65);
    expect(shareRight(unseen, train(data, { ...options, hidden: [16] }).model)).toBeGreaterThan(0.98);
  });

  test('at the optimum of softmax regression with L2 the gradient vanishes', () => {
    const data = clouds(400, 5, 'separable');
    const { model } = train(data, {
      ...options,
      optimizer: 'sgd',
      learningRate: 0.5,
      epochs: 3000,
      batchSize: 400,
      l2: 0.1,
    });
    // Stationarity, worked out without the gradient machinery: Xᵀ(p − y)/n + l2·W = 0.
    const { mean, scale } = standardizationOf(data.x);
    const p = classProbabilities(model, data.x).data;
    const w = model.network.layers[0]!.weights.data;
    for (let feature = 0; feature < 2; feature++) {
      for (let k = 0; k < 2; k++) {
        let g = 0.1 * w[feature * 2 + k]!;
        for (let i = 0; i < 400; i++) {
          const z = (data.x.data[2 * i + feature]! - mean[feature]!) / scale[feature]!;
          g += (z * (p[2 * i + k]! - (data.labels[i] === k ? 1 : 0))) / 400;
        }
        expect(Math.abs(g)).toBeLessThan(1e-10);
      }
    }
  });

  test.each(optimizerNames)('%s lowers the loss', optimizer => {
    const { losses } = train(clouds(500, 6, 'separable'), { ...options, optimizer, epochs: 10 });
    expect(losses.at(-1)!).toBeLessThan(0.5 * losses[0]!);
  });

  test('class weights move the balance between the classes', () => {
    const data = clouds(600, 7, 'separable');
    const rightOf = (classWeights: readonly number[]): number => {
      const { model } = train(data, { ...options, classWeights });
      const answers = predictedClasses(classProbabilities(model, data.x));
      return answers.filter((answer, i) => answer === 1 && data.labels[i] === 1).length;
    };
    expect(rightOf([1, 20])).toBeGreaterThan(rightOf([1, 1]));
    expect(rightOf([20, 1])).toBeLessThan(rightOf([1, 1]));
  });
});

test('options that are not given have their defaults', () => {
  const data = clouds(200, 5, 'ring');
  const given = train(data, {
    ...{ hidden: [32], activation: 'tanh', optimizer: 'adam', learningRate: 0.01, epochs: 10, batchSize: 64 },
    ...{ l2: 0, classWeights: data.classes.map(() => 1), seed: 1 },
  });
  expect(train(data)).toEqual(given);
  expect(train(data, { epochs: 10 })).toEqual(given);
});

describe('the same seed', () => {
  test('gives the same weights to the bit, another seed others', () => {
    const data = clouds(300, 8, 'ring');
    const weightsOf = (seed: number): number[] => [
      ...train(data, { ...options, hidden: [4], epochs: 3, seed }).model.network.layers[0]!.weights.data,
    ];
    expect(weightsOf(1)).toEqual(weightsOf(1));
    expect(weightsOf(1)).not.toEqual(weightsOf(2));
  });
});

describe('the verdict on the learning rate', () => {
  const data = clouds(300, 10, 'ring');
  const small = { ...options, hidden: [8], optimizer: 'sgd' as const, batchSize: 300, l2: 0.5 };

  test('too large: diverged, stops early, names the rate', () => {
    const { verdict, losses } = train(data, { ...small, learningRate: 50, epochs: 200 });
    expect(verdict.kind).toBe('diverged');
    expect(verdict.text).toMatch(/sgd at learning rate 50/);
    expect(losses.length).toBeLessThan(201);
  });
  test('too small: stalled, names the rate', () => {
    const { verdict } = train(data, { ...small, learningRate: 1e-7, epochs: 20 });
    expect(verdict.kind).toBe('stalled');
    expect(verdict.text).toMatch(/sgd at learning rate 1e-7/);
  });
  test('just right: converged', () => {
    expect(train(data, { ...options, hidden: [8], epochs: 150 }).verdict.kind).toBe('converged');
  });
  test('hand-made loss histories', () => {
    expect(diagnose([1, 0.8, Number.NaN], 'sgd', 1).kind).toBe('diverged');
    expect(diagnose([1, 3, 9], 'sgd', 1).kind).toBe('diverged');
    expect(diagnose([1, 0.9999], 'sgd', 1).kind).toBe('stalled');
    expect(diagnose([1, 0.5, 0.3, 0.2, 0.1], 'sgd', 1).kind).toBe('improving');
    expect(diagnose([1, 0.5, 0.2, 0.2, 0.2, 0.2], 'sgd', 1).kind).toBe('converged');
    expect(() => diagnose([1], 'sgd', 1)).toThrow(RangeError);
  });
});

describe('bad input', () => {
  const data = clouds(10, 11, 'separable');
  test.each([
    [
      'a value that is not finite',
      {
        ...data,
        x: tensor(
          Float64Array.from(data.x.data, (v, i) => (i === 3 ? Number.NaN : v)),
          [10, 2],
        ),
      },
      options,
      /row 1 has b = NaN/,
    ],
    [
      'labels of another length',
      { ...data, labels: new Int32Array(9) },
      options,
      /10 training rows, 9 labels/,
    ],
    ['a label outside the classes', { ...data, labels: new Int32Array(10).fill(2) }, options, /class 2 of 2/],
    [
      'no rows',
      { ...data, x: tensor([], [0, 2]), labels: new Int32Array(0), groups: [] },
      options,
      /\[0, 2\]/,
    ],
    ['a learning rate of 0', data, { ...options, learningRate: 0 }, /learning rate/],
    ['half an epoch', data, { ...options, epochs: 0.5 }, /epochs/],
    ['a class weight too few', data, { ...options, classWeights: [1] }, /2 class weights/],
    ['no weight on a class that has rows', data, { ...options, classWeights: [1, 0] }, /class weights/],
  ] as const)('%s is refused with the numbers', (_, rows, with_, message) => {
    expect(() => train(rows, with_)).toThrow(RangeError);
    expect(() => train(rows, with_)).toThrow(message);
  });
});

test('inverse-frequency weights: power 1 evens the classes out, power 0 leaves the rows alone', () => {
  const labels = Int32Array.of(0, 0, 0, 1);
  expect(inverseFrequencyWeights(labels, 3, 0)).toEqual([1, 1, 0]);
  const [rare, common] = [
    inverseFrequencyWeights(labels, 3, 1)[1]!,
    inverseFrequencyWeights(labels, 3, 1)[0]!,
  ];
  expect(rare / common).toBeCloseTo(3, 12);
  expect((3 * common + rare) / 4).toBeCloseTo(1, 12);
});
