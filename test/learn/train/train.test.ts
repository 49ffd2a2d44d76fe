/** Training: known optima, determinism, and what it says when the learning rate is wrong. */
import { describe, expect, test } from 'vitest';
import { add, mul } from '../../../src/diff/arithmetic.ts';
import { tanh } from '../../../src/diff/elementwise.ts';
import { matmul } from '../../../src/diff/product.ts';
import { reshape } from '../../../src/diff/reshape.ts';
import { tensor } from '../../../src/diff/tensor.ts';
import { diagnose } from '../../../src/learn/diagnose/verdict.ts';
import { explain } from '../../../src/learn/explain.ts';
import {
  classProbabilities,
  predictedClasses,
  standardizationOf,
} from '../../../src/learn/model/classifier.ts';
import { formatModel, parseModel } from '../../../src/learn/model/model-json.ts';
import { optimizerNames } from '../../../src/learn/train/optimizers.ts';
import {
  type Dataset,
  inverseFrequencyWeights,
  type TrainOptions,
  train,
} from '../../../src/learn/train/train.ts';
import { createRandom } from '../../../src/random.ts';

/** Two clouds of normal points around (±1, ±1), or with `ring` a disc inside a ring. */
function clouds(rows: number, seed: number, kind: 'separable' | 'ring'): Dataset {
  const random = createRandom(seed);
  const x = new Float64Array(rows * 2);
  const labels = new Int32Array(rows);
  for (let i = 0; i < rows; i++) {
    const label = i % 2;
    labels[i] = label;
    if (kind === 'ring') {
      const angle = 2 * Math.PI * random.uniform();
      const radius = (label === 0 ? 0.5 : 2) + 0.2 * random.normal();
      x[2 * i] = radius * Math.cos(angle);
      x[2 * i + 1] = radius * Math.sin(angle);
    } else {
      x[2 * i] = (label === 0 ? -1 : 1) + 0.8 * random.normal();
      x[2 * i + 1] = 100 * ((label === 0 ? -1 : 1) + 0.8 * random.normal());
    }
  }
  return {
    classes: ['left', 'right'],
    features: [
      { name: 'a', unit: 'mV' },
      { name: 'b', unit: '' },
    ],
    x: tensor(x, [rows, 2]),
    labels,
    groups: Array.from(labels, (_, i) => `g${i % 5}`),
  };
}

const options: TrainOptions = {
  hidden: [],
  activation: 'tanh',
  optimizer: 'adam',
  learningRate: 0.02,
  epochs: 60,
  batchSize: 64,
  l2: 0,
  classWeights: [1, 1],
  seed: 1,
};

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

  test('a ring needs a hidden layer: without one it is a coin toss, with one it is learned', () => {
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

describe('what is said of the learning rate', () => {
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
  test('courses made by hand', () => {
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

describe('a model as JSON', () => {
  const { model } = train(clouds(100, 12, 'ring'), { ...options, hidden: [3], epochs: 2 });
  const text = formatModel(model);

  test('comes back bit for bit', () => {
    expect(parseModel(text)).toEqual(model);
    const [first, ...rest] = model.network.layers;
    const negative = { weights: first!.weights, bias: tensor(Float64Array.of(-0, 0, -0)) };
    const zeros = { ...model, network: { ...model.network, layers: [negative, ...rest] } };
    expect(parseModel(formatModel(zeros))).toEqual(zeros);
  });
  test('what is refused is told in a line of bounded length', () => {
    const broken = { ...JSON.parse(text), version: Array.from({ length: 10_000 }, () => 1) };
    let message = '';
    try {
      parseModel(JSON.stringify(broken));
    } catch (error) {
      message = (error as Error).message;
    }
    expect(message).toMatch(/^model\.version: expected 1, found \[1,1/);
    expect(message.length).toBeLessThan(120);
  });
  test.each([
    ['not JSON', '{"format":', /not JSON/],
    ['another format', JSON.stringify({ format: 'onnx' }), /model\.format.*upstroke-classifier.*onnx/],
    ['a newer version', text.replace('"version": 1', '"version": 2'), /model\.version.*1.*2/],
    [
      'a missing layer',
      JSON.stringify({ ...JSON.parse(text), network: { activation: 'tanh', layers: [] } }),
      /model\.network\.layers/,
    ],
    [
      'a number that is a text',
      text.replace(/"bias": \[\s*[-\d.e]+/, '"bias": ["x"'),
      /layers\[0\]\.bias\[0\]/,
    ],
    [
      'a scale of 0',
      JSON.stringify({ ...JSON.parse(text), standardization: { mean: [0, 0], scale: [1, 0] } }),
      /scale/,
    ],
    ['a list', '[]', /model: expected an object/],
    ['nested lists without end', '['.repeat(1e6), /not JSON/],
    ['a prototype in place of fields', `{"__proto__":${text}}`, /model\.format.*nothing/],
    ['a number out of range', text.replace(/"bias": \[\s*[-\d.e]+/, '"bias": [1e999'), /bias\[0\].*finite/],
    [
      'no classes',
      JSON.stringify({ ...JSON.parse(text), classes: [] }),
      /model\.classes: expected one or more/,
    ],
    [
      'a class twice',
      JSON.stringify({ ...JSON.parse(text), classes: ['a', 'a'] }),
      /model\.classes\[1\]: expected a new name, found "a" again/,
    ],
    [
      'no features',
      JSON.stringify({ ...JSON.parse(text), features: [], standardization: { mean: [], scale: [] } }),
      /model\.features: expected one or more/,
    ],
    [
      'a feature twice',
      JSON.stringify({ ...JSON.parse(text), features: [1, 2].map(() => ({ name: 'f', unit: '' })) }),
      /model\.features\[1\]: .*"f" again/,
    ],
    [
      'fewer rows than none',
      JSON.stringify({ ...JSON.parse(text), training: { ...JSON.parse(text).training, rows: -3 } }),
      /model\.training\.rows: expected a whole number from 0/,
    ],
    [
      'half a seed',
      JSON.stringify({ ...JSON.parse(text), training: { ...JSON.parse(text).training, seed: 0.5 } }),
      /model\.training\.seed/,
    ],
  ])('%s is refused with the place', (_, broken, message) => {
    expect(() => parseModel(broken)).toThrow(message);
  });
});

describe('explain', () => {
  const { model } = train(clouds(300, 13, 'ring'), { ...options, hidden: [6], epochs: 20 });
  const weights = tensor(
    Float64Array.from({ length: 10 }, (_, i) => Math.sin(1 + i * 1.7)),
    [5, 2],
  );
  const describeWindow = (v: typeof weights) =>
    reshape(tanh(mul(matmul(reshape(v, [1, 5]), weights), add(0.5, 0))), [2]);
  const window = tensor([0.1, -0.4, 1.2, 0.3, -0.2]);

  test('∂p/∂V and ∂p/∂feature equal finite differences of the whole pipeline', () => {
    const { voltageGradient, features, probabilities } = explain(model, window, describeWindow, 'right');
    const p = (v: Float64Array): number =>
      classProbabilities(model, reshape(describeWindow(tensor(v)), [1, 2])).data[1]!;
    expect(probabilities[1]).toBe(p(window.data));
    for (let i = 0; i < 5; i++) {
      const moved = (by: number) => p(window.data.map((value, j) => (j === i ? value + by : value)));
      expect(voltageGradient[i]).toBeCloseTo((moved(1e-6) - moved(-1e-6)) / 2e-6, 8);
    }
    for (const { name, value, gradient } of features) {
      const k = name === 'a' ? 0 : 1;
      const f = describeWindow(window).data;
      const at = (by: number) =>
        classProbabilities(
          model,
          tensor(
            f.map((x, j) => (j === k ? x + by : x)),
            [1, 2],
          ),
        ).data[1]!;
      expect(value).toBe(f[k]);
      expect(gradient).toBeCloseTo((at(1e-6) - at(-1e-6)) / 2e-6, 8);
    }
  });
  test('the gradients of all class probabilities add up to nothing', () => {
    const left = explain(model, window, describeWindow, 'left').voltageGradient;
    explain(model, window, describeWindow, 'right').voltageGradient.forEach((g, i) => {
      expect(g + left[i]!).toBeCloseTo(0, 14);
    });
  });
  test('the most influential feature comes first; an unknown class is refused', () => {
    const { features } = explain(model, window, describeWindow, 'right');
    expect(Math.abs(features[0]!.perDeviation)).toBeGreaterThanOrEqual(Math.abs(features[1]!.perDeviation));
    expect(() => explain(model, window, describeWindow, 'up')).toThrow(/left, right, not up/);
  });
});

test('a row with a feature that is not finite has no class, as the ONNX file says too', () => {
  const { model } = train(clouds(100, 14, 'ring'), {
    ...options,
    hidden: [4],
    activation: 'relu',
    epochs: 2,
  });
  for (const odd of [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN]) {
    const probabilities = classProbabilities(
      model,
      tensor([
        [0.5, odd],
        [0.5, 1],
      ]),
    );
    expect([...probabilities.data].map(Number.isNaN)).toEqual([true, true, false, false]);
    expect([...predictedClasses(probabilities)].map(k => k < 0)).toEqual([true, false]);
  }
});
