/** Training as a whole: to the bit with and without a stop, early stopping, L-BFGS, Float32, streams, what it reports. */
import { mkdtempSync, openSync, readSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { grad } from '../../src/diff/grad.ts';
import { softmaxCrossEntropy, weightedMean } from '../../src/diff/loss.ts';
import { full, type Tensor, tensor } from '../../src/diff/tensor.ts';
import { formatCheckpoint, parseCheckpoint } from '../../src/learn/checkpoint.ts';
import { classProbabilities, predictedClasses, standardizationOf } from '../../src/learn/classifier.ts';
import { weightedTargets } from '../../src/learn/dataset.ts';
import { diagnose } from '../../src/learn/diagnosis.ts';
import { createConvolutions } from '../../src/learn/front.ts';
import { inspectNetwork } from '../../src/learn/health.ts';
import { createLearner } from '../../src/learn/learner.ts';
import {
  createFrontedNetwork,
  createNetwork,
  logits,
  type Network,
  parametersOf,
  withParameters,
} from '../../src/learn/network.ts';
import { optimizerNames } from '../../src/learn/optimizers.ts';
import { formatModel, parseModel } from '../../src/learn/persist.ts';
import { trainingCurvature } from '../../src/learn/rate-sweep.ts';
import { createStencilBank, projectToSlope } from '../../src/learn/stencil-bank.ts';
import {
  type Batch,
  type StreamedDataset,
  type StreamOptions,
  startStreamedTraining,
  streamedStandardization,
  trainStreamed,
} from '../../src/learn/stream.ts';
import { type Dataset, startTraining, type TrainOptions, train } from '../../src/learn/train.ts';
import { createRandom } from '../../src/random.ts';

/** Short signals with a bump: narrow ones are class 0, wide ones class 1. */
function bumps(rows: number, seed: number, width = 24): Dataset {
  const random = createRandom(seed);
  const x = full([rows, width], 0);
  const labels = new Int32Array(rows);
  for (let row = 0; row < rows; row++) {
    labels[row] = row % 2;
    const spread = labels[row] === 0 ? 1 : 3;
    const centre = width / 2 + 2 * (random.uniform() - 0.5);
    for (let i = 0; i < width; i++) {
      x.data[row * width + i] = Math.exp(-0.5 * ((i - centre) / spread) ** 2) + 0.05 * random.normal();
    }
  }
  return {
    classes: ['narrow', 'wide'],
    features: Array.from({ length: width }, (_, i) => ({ name: `v${i}`, unit: 'mV' })),
    x,
    labels,
    groups: Array.from(labels, (_, row) => `patient ${seed}.${row % 6}`),
  };
}

const options: TrainOptions = {
  hidden: [6],
  activation: 'tanh',
  optimizer: 'adam',
  learningRate: 0.01,
  epochs: 6,
  batchSize: 32,
  l2: 1e-3,
  classWeights: [1, 1],
  seed: 4,
};
const data = bumps(150, 1);
const bitsOf = (network: Network): number[] => parametersOf(network).flatMap(p => [...p.data]);
const shareRight = (rows: Dataset, model: Parameters<typeof classProbabilities>[0]): number =>
  predictedClasses(classProbabilities(model, rows.x)).reduce(
    (right, answer, i) => right + (answer === rows.labels[i] ? 1 : 0),
    0,
  ) / rows.labels.length;

describe('a stop and a resumption', () => {
  const variants: Record<string, Partial<TrainOptions>> = {
    'adam in Float64': {},
    'adam in Float32': { precision: 'float32' },
    'momentum with warm-up and clipping': {
      ...{ optimizer: 'momentum', clipNorm: 0.5 },
      schedule: { kind: 'warm-up', epochs: 2, after: { kind: 'cosine' } },
    },
    'early stopping': { validation: bumps(60, 2), patience: 3 },
    lbfgs: { optimizer: 'lbfgs' },
  };
  test.each(Object.entries(variants))('%s: the same weights to the bit', (_, variant) => {
    const settings = { ...options, ...variant };
    const whole = train(data, settings);
    const first = startTraining(data, settings);
    first.runEpoch();
    first.runEpoch();
    const text = formatCheckpoint(first.checkpoint());
    first.runEpoch(); // what happens after the checkpoint does not reach it
    const rest = train(data, settings, parseCheckpoint(text));
    expect(bitsOf(rest.model.network)).toEqual(bitsOf(whole.model.network));
    expect(rest.losses).toEqual(whole.losses);
    expect(rest.validationLosses).toEqual(whole.validationLosses);
  });

  test('the model half way is usable, and training goes on unmoved by a look at it', () => {
    const training = startTraining(data, options);
    training.runEpoch();
    expect(training.finished).toBe(false);
    const { model } = training.result();
    expect(model.training.epochs).toBe(1);
    expect(parseModel(formatModel(model))).toEqual(model);
    while (!training.finished) training.runEpoch();
    expect(bitsOf(training.result().model.network)).toEqual(bitsOf(train(data, options).model.network));
  });

  test('a checkpoint keeps every bit: signs of zero, numbers that are none', () => {
    const numbers = Float64Array.of(-0, 0, Number.NaN, Number.POSITIVE_INFINITY, 5e-324, -1 / 3);
    const checkpoint = {
      ...{ fingerprint: 'f', parameters: [numbers], steps: 3, slots: [[numbers]] },
      ...{ losses: [...numbers], validationLosses: [], best: { epoch: 1, parameters: [numbers] } },
    };
    expect(parseCheckpoint(formatCheckpoint(checkpoint))).toEqual(checkpoint);
    const text = formatCheckpoint(checkpoint);
    expect(() => parseCheckpoint(text.replace('"losses":"', '"losses":"!'))).toThrow(
      /losses: expected base64/,
    );
    expect(() => parseCheckpoint(text.replace('"losses":"', '"losses":"AAAA'))).toThrow(
      /losses: .* 51 bytes/,
    );
    expect(() => parseCheckpoint(text.replace('"version":2', '"version":1'))).toThrow(/version: expected 2/);
  });

  test('other data, other options and broken files are refused', () => {
    const training = startTraining(data, options);
    training.runEpoch();
    const checkpoint = training.checkpoint();
    expect(() => startTraining(data, { ...options, learningRate: 0.02 }, checkpoint)).toThrow(/other data/);
    expect(() => startTraining(bumps(150, 9), options, checkpoint)).toThrow(/other data/);
    const network = createNetwork([24, 6, 2], 'tanh', createRandom(4));
    const given = startTraining(data, { ...options, network });
    given.runEpoch();
    expect(() =>
      startTraining(data, { ...options, network: { ...network, activation: 'relu' } }, given.checkpoint()),
    ).toThrow(/other data/);
    expect(() => startTraining(data, options, { ...checkpoint, parameters: [] })).toThrow(/parameters/);
    const lbfgs = { ...options, optimizer: 'lbfgs' as const };
    const second = startTraining(data, lbfgs);
    second.runEpoch();
    const short = second.checkpoint().slots.map(pair => pair.map(array => array.slice(1)));
    expect(() => startTraining(data, lbfgs, { ...second.checkpoint(), slots: short })).toThrow(/pairs/);
    const text = formatCheckpoint(checkpoint);
    expect(() => parseCheckpoint(text.slice(0, -40))).toThrow(/checkpoint: not JSON/);
    expect(() => parseCheckpoint(text.replace('"steps":', '"stops":'))).toThrow(/checkpoint\.steps/);
  });
});

describe('early stopping', () => {
  test('keeps the parameters of the lowest validation loss', () => {
    const noisy = bumps(40, 3);
    noisy.labels.forEach((label, i) => {
      if (i % 4 === 0) noisy.labels[i] = 1 - label;
    });
    const settings = {
      ...options,
      ...{ hidden: [32], epochs: 200, learningRate: 0.03, l2: 0 },
      ...{ validation: bumps(60, 2), patience: 5 },
    };
    const { validationLosses, model } = train(noisy, settings);
    const lowest = validationLosses.indexOf(Math.min(...validationLosses)) + 1;
    expect(model.training.epochs).toBe(lowest);
    expect(validationLosses).toHaveLength(lowest + 5);
    const short = train(noisy, { ...settings, epochs: lowest });
    expect(bitsOf(model.network)).toEqual(bitsOf(short.model.network));
  });
  test('a patient on both sides, or no validation rows, is refused', () => {
    expect(() => train(data, { ...options, validation: data, patience: 2 })).toThrow(/patient 1\.0 is both/);
    expect(() => train(data, { ...options, patience: 2 })).toThrow(/validation rows/);
  });
});

describe('precision and kernels', () => {
  test.each(optimizerNames)(
    'Float64 training by %s is the same to the bit with and without kernels',
    optimizer => {
      const weightsBy = (native: boolean): number[] => {
        const network = createNetwork([24, 5, 2], 'relu', createRandom(7));
        const settings = { optimizer, batchSize: 50, inputs: 24, classes: 2, l2: 0.01 } as const;
        const learner = createLearner(network, { ...settings, native });
        learner.x.set(data.x.data.subarray(0, 50 * 24));
        learner.targets.set(weightedTargets({ labels: data.labels.subarray(0, 50) }, [1, 2]).data);
        for (let k = 0; k < 30; k++) learner.step(0.01);
        return bitsOf(learner.network());
      };
      expect(weightsBy(true)).toEqual(weightsBy(false));
    },
  );
  test('Float32 training follows Float64 training', () => {
    const [double, single] = (['float64', 'float32'] as const).map(precision =>
      train(data, { ...options, precision }),
    );
    single!.losses.forEach((loss, k) => {
      expect(Math.abs(loss / double!.losses[k]! - 1)).toBeLessThan(1e-4);
    });
  });
  test("the learner's gradient is the gradient of the whole loss", () => {
    const network = createNetwork([24, 5, 2], 'tanh', createRandom(7));
    const targets = weightedTargets({ labels: data.labels }, [1, 3]);
    const learner = createLearner(network, {
      ...{ optimizer: 'sgd', batchSize: 150, inputs: 24, classes: 2, l2: 0.1 },
    });
    learner.x.set(data.x.data);
    learner.targets.set(targets.data);
    learner.evaluate();
    const [w] = parametersOf(network);
    const loss = (moving: Tensor): Tensor =>
      weightedMean(
        softmaxCrossEntropy(
          logits(withParameters(network, [moving, ...parametersOf(network).slice(1)]), data.x),
          targets,
        ),
        targets,
      );
    grad(loss)(w!).data.forEach((g, i) => {
      expect(learner.gradients[0]![i]).toBeCloseTo(g + 0.1 * w!.data[i]!, 13);
    });
  });
});

describe('models that read the signal', () => {
  const random = createRandom(5);
  const convolutional = createFrontedNetwork(
    createConvolutions(
      1,
      [
        { outputs: 4, taps: 5, activation: 'relu', pool: { kind: 'max', size: 2 } },
        { outputs: 6, taps: 3, stride: 2, activation: 'tanh', pool: { kind: 'average', size: 2 } },
      ],
      'all',
      random,
    ),
    ...([24, [8, 2], 'relu', random] as const),
  );
  const bank = createStencilBank({
    ...{ orders: [2, 4, 6], activation: 'abs', constrained: true },
    pool: { kind: 'max', size: 3 },
  });
  const stencils = createFrontedNetwork(bank, 24, [2], 'tanh', random);

  test.each([
    ['convolutional', convolutional],
    ['stencil bank', stencils],
  ])('%s: learns the width of a bump, saves and comes back bit for bit', (_, network) => {
    const { model, losses } = train(data, { ...options, network, standardizeTogether: true, epochs: 25 });
    expect(losses.at(-1)!).toBeLessThan(0.5 * losses[0]!);
    expect(shareRight(bumps(200, 8), model)).toBeGreaterThan(0.97);
    const back = parseModel(formatModel(model));
    expect(back).toEqual(model);
    expect([...classProbabilities(back, data.x).data]).toEqual([...classProbabilities(model, data.x).data]);
  });

  test('stencils start as derivatives and, held, keep unit slope response while they learn', () => {
    const respond = (network: Network, signal: (t: number) => number): number[] => {
      const { weights } = network.front!.stages[0]!;
      const taps = weights.shape[2]!;
      return Array.from({ length: weights.shape[0]! }, (_, k) => {
        let sum = 0;
        for (let i = 0; i < taps; i++) {
          sum += weights.data[k * taps + i]! * signal(i - (taps - 1) / 2);
        }
        return sum;
      });
    };
    for (const r of respond(stencils, t => 5 - 2 * t)) expect(r).toBeCloseTo(-2, 9);
    // The sixth-order one is exact on t⁵ too: derivative 0 at 0, whatever the lower ones make of it.
    expect(respond(stencils, t => t ** 5)[2]).toBeCloseTo(0, 9);
    const settings = { ...options, network: stencils, standardizeTogether: true, epochs: 25 };
    const trained = train(data, settings).model.network;
    expect(bitsOf(trained).slice(0, 7)).not.toEqual(bitsOf(stencils).slice(0, 7));
    for (const r of respond(trained, t => 5 - 2 * t)) expect(r).toBeCloseTo(-2, 9);
    const atOnce = train(data, { ...settings, optimizer: 'lbfgs', epochs: 40 }).model.network;
    expect(bitsOf(atOnce).slice(0, 7)).not.toEqual(bitsOf(stencils).slice(0, 7));
    for (const r of respond(atOnce, t => 5 - 2 * t)) expect(r).toBeCloseTo(-2, 9);
  });

  test('the projection to unit slope is the nearest point: a second one changes nothing', () => {
    const weights = Float64Array.of(0.3, -1, 2, 0.7, 0.1);
    projectToSlope(weights, 5, 1);
    const once = weights.slice();
    projectToSlope(weights, 5, 1);
    weights.forEach((w, k) => {
      expect(w).toBeCloseTo(once[k]!, 14);
    });
    expect(weights.reduce((s, w) => s + w, 0)).toBeCloseTo(0, 14);
    expect(weights.reduce((s, w, k) => s + w * (k - 2), 0)).toBeCloseTo(1, 14);
  });

  test('a front in a file is checked: shapes, words, and that rows are long enough', () => {
    const { model } = train(data, { ...options, network: convolutional, epochs: 1 });
    const broken = (change: (front: Record<string, unknown>) => void): string => {
      const document = JSON.parse(formatModel(model));
      change(document.network.front);
      return JSON.stringify(document);
    };
    expect(() => parseModel(broken(f => Object.assign(f, { channels: 7 })))).toThrow(/front.*7 channels/);
    // As the output is a mean, nothing but the stage itself tells that it would be that long.
    for (const far of [
      { padding: 1e9 },
      { dilation: 1e9, padding: 25 },
      { stride: 1e300 },
      { pool: { kind: 'max', size: 25 } },
    ]) {
      const long = (f: Record<string, unknown>): void => {
        Object.assign(f, { summary: 'mean' });
        Object.assign((f.stages as object[])[0]!, far);
      };
      expect(() => parseModel(broken(long))).toThrow(
        /stages\[0\]\..*: expected a whole number from [01] to 24/,
      );
    }
    expect(() =>
      parseModel(broken(f => Object.assign((f.stages as object[])[0]!, { unitSlope: 1 }))),
    ).toThrow(/unitSlope: expected true, found 1/);
    // Sizes are worked out before anything of that size is made.
    const wide = { padding: 1e14 };
    expect(() => parseModel(broken(f => Object.assign((f.stages as object[])[0]!, wide)))).toThrow(
      /model\.network/,
    );
    expect(() => parseModel(broken(f => Object.assign(f, { summary: 'some' })))).toThrow(/summary.*all or/);
    expect(() =>
      parseModel(broken(f => Object.assign((f.stages as object[])[0]!, { shape: [4, 2] }))),
    ).toThrow(/stages\[0\]\.shape/);
    expect(() => parseModel(broken(f => Object.assign((f.stages as object[])[1]!, { stride: 99 })))).toThrow(
      /model\.network/,
    );
  });
});

describe('streamed rows', () => {
  /** Rows as a file of Float32 numbers, read again in pieces of 37 rows that do not fit the batch. */
  test('from a disk: the same weights as from memory in the same order', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'stream-'));
    try {
      const path = join(folder, 'rows.f32');
      writeFileSync(path, Float32Array.from(data.x.data));
      async function* batches(): AsyncGenerator<Batch> {
        const file = openSync(path, 'r');
        const piece = new Float32Array(37 * 24);
        for (let from = 0; from < 150; from += 37) {
          const bytes = readSync(file, piece, 0, piece.byteLength, from * 24 * 4);
          const rows = bytes / 4 / 24;
          yield { x: piece.subarray(0, rows * 24), labels: data.labels.subarray(from, from + rows) };
        }
      }
      const standardization = await streamedStandardization(batches(), 24);
      const inMemory = standardizationOf(
        tensor(Float64Array.from(Float32Array.from(data.x.data)), [150, 24]),
      );
      standardization.scale.forEach((s, k) => {
        expect(s).toBeCloseTo(inMemory.scale[k]!, 10);
      });
      const { classes, features } = data;
      const { model, losses, verdict } = await trainStreamed(
        { classes, features, groups: ['a'], standardization, batches },
        { ...options, optimizer: 'adam', epochs: 12 },
      );
      expect(model.training.rows).toBe(150);
      expect(losses).toHaveLength(13);
      expect(verdict.kind).not.toBe('diverged');
      expect(shareRight(bumps(200, 8), model)).toBeGreaterThan(0.97);

      // By hand through a learner: batches of 32 in file order.
      const learner = createLearner(createNetwork([24, 6, 2], 'tanh', createRandom(4)), {
        ...{ optimizer: 'adam', batchSize: 32, inputs: 24, classes: 2, l2: 1e-3 },
      });
      for (let epoch = 0; epoch < 12; epoch++) {
        for (let from = 0; from < 150; from += 32) {
          const rows = Math.min(32, 150 - from);
          for (let i = 0; i < rows * 24; i++) {
            const k = i % 24;
            const value = Math.fround(data.x.data[from * 24 + i]!);
            learner.x[i] = (value - standardization.mean[k]!) / standardization.scale[k]!;
          }
          learner.targets.fill(0);
          learner.targets.set(
            weightedTargets({ labels: data.labels.subarray(from, from + rows) }, [1, 1]).data,
          );
          learner.step(0.01);
        }
      }
      expect(bitsOf(model.network)).toEqual(bitsOf(learner.network()));
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
  const streamed = (rows = data): StreamedDataset => ({
    ...{ classes: rows.classes, features: rows.features, groups: ['a'] },
    standardization: standardizationOf(rows.x),
    // In the order of the rows, from another one each epoch, in pieces of 40 that do not fit the batch.
    async *batches(epoch) {
      const order = Int32Array.from(rows.labels, (_, k) => (k + 7 * epoch) % rows.labels.length);
      for (let from = 0; from < order.length; from += 40) {
        const piece = [...order.subarray(from, from + 40)];
        yield {
          x: Float64Array.from(piece.flatMap(row => [...rows.x.data.subarray(24 * row, 24 * row + 24)])),
          labels: Int32Array.from(piece, row => rows.labels[row]!),
        };
      }
    },
  });
  const streaming: StreamOptions = { ...options, optimizer: 'adam' };
  const variants: Record<string, Partial<StreamOptions>> = {
    plain: {},
    'Float32, noise, warm-up and clipping': {
      ...{ precision: 'float32', inputNoise: 0.2, clipNorm: 0.5 },
      schedule: { kind: 'warm-up', epochs: 2, after: { kind: 'cosine' } },
    },
    'early stopping': { validation: bumps(60, 2), patience: 2, optimizer: 'momentum' },
  };
  test.each(Object.entries(variants))(
    '%s: stopped and resumed, the same weights to the bit',
    async (_, variant) => {
      const settings = { ...streaming, ...variant };
      const whole = await trainStreamed(streamed(), settings);
      const first = await startStreamedTraining(streamed(), settings);
      await first.runEpoch();
      await first.runEpoch();
      const text = formatCheckpoint(first.checkpoint());
      await first.runEpoch();
      const rest = await trainStreamed(streamed(), settings, parseCheckpoint(text));
      expect(bitsOf(rest.model.network)).toEqual(bitsOf(whole.model.network));
      expect(rest.losses).toEqual(whole.losses);
      expect(rest.validationLosses).toEqual(whole.validationLosses);
      expect(rest.verdict).toEqual(whole.verdict);
    },
  );
  test('the loss before training and the health are those of the rows in memory', async () => {
    const training = await startStreamedTraining(streamed(), streaming);
    expect(training.losses).toHaveLength(1);
    expect(training.losses[0]).toBeCloseTo(startTraining(data, options).losses[0]!, 12);
    expect(training.epochs).toBe(0);
    await training.runEpoch();
    const { model, health } = training.result();
    const x = {
      shape: data.x.shape,
      data: data.x.data.map(
        (v, i) => (v - model.standardization.mean[i % 24]!) / model.standardization.scale[i % 24]!,
      ),
    };
    const inMemory = inspectNetwork(model.network, { x, targets: weightedTargets(data, [1, 1]) }, streaming);
    expect(health.gradientNorm).toBeCloseTo(inMemory.gradientNorm, 12);
    expect(health.layers).toEqual(inMemory.layers);
  });
  test('a checkpoint of other rows or options is refused', async () => {
    const training = await startStreamedTraining(streamed(), streaming);
    await training.runEpoch();
    const checkpoint = training.checkpoint();
    const flipped = { ...data, labels: data.labels.map((label, k) => (k === 99 ? 1 - label : label)) };
    await expect(startStreamedTraining(streamed(flipped), streaming, checkpoint)).rejects.toThrow(
      /other data/,
    );
    const turned = {
      ...data,
      x: { ...data.x, data: data.x.data.map((v, i) => (i === 5 || i === 29 ? -v : v)) },
    };
    await expect(
      startStreamedTraining(
        { ...streamed(turned), standardization: standardizationOf(data.x) },
        streaming,
        checkpoint,
      ),
    ).rejects.toThrow(/other data/);
    await expect(startStreamedTraining(streamed(), { ...streaming, seed: 9 }, checkpoint)).rejects.toThrow(
      /other data/,
    );
  });
  test('options out of range and epochs of other lengths are refused', async () => {
    for (const wrong of [
      { epochs: 0.5 },
      { learningRate: -1 },
      { batchSize: 0 },
      { classWeights: [1] },
      { l2: -1 },
    ]) {
      await expect(trainStreamed(streamed(), { ...streaming, ...wrong })).rejects.toThrow(RangeError);
    }
    await expect(trainStreamed(streamed(), { ...streaming, classWeights: [1, 0] })).rejects.toThrow(
      /class 1 of 2, of weight 0/,
    );
    const shrinking: StreamedDataset = {
      ...streamed(),
      async *batches(epoch) {
        yield* streamed(epoch < 3 ? data : bumps(120, 1)).batches(epoch);
      },
    };
    await expect(trainStreamed(shrinking, streaming)).rejects.toThrow(
      /120 rows came in epoch 3, 150 at first/,
    );
    const empty: StreamedDataset = { ...streamed(), async *batches() {} };
    await expect(trainStreamed(empty, streaming)).rejects.toThrow(/no rows/);
  });
  test('rows that are not finite or have no class are refused', async () => {
    const source = (x: number, label: number) => ({
      ...{ classes: ['a', 'b'], features: [{ name: 'f', unit: '' }], groups: [] },
      standardization: { mean: Float64Array.of(0), scale: Float64Array.of(1) },
      async *batches(): AsyncGenerator<Batch> {
        yield { x: Float64Array.of(x), labels: Int32Array.of(label) };
      },
    });
    const settings = { ...options, optimizer: 'sgd' as const };
    await expect(trainStreamed(source(Number.NaN, 0), settings)).rejects.toThrow(/f = NaN/);
    await expect(trainStreamed(source(1, 2), settings)).rejects.toThrow(/class 2 of 2, of weight none/);
  });
});

describe('what is said', () => {
  const plain = { l2: 0 };
  test('oscillation and plateau, from courses made by hand', () => {
    const wild = [1, 0.6, 0.8, 0.5, 0.75, 0.5, 0.74, 0.51, 0.73];
    expect(diagnose(wild, 'sgd', 0.9).kind).toBe('oscillating');
    const flat = [1, 0.6, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5];
    expect(diagnose(flat, 'sgd', 0.1, { before: 1, after: 0.5, parameters: 1 }).kind).toBe('plateau');
    expect(diagnose(flat, 'sgd', 0.1, { before: 1, after: 0.01, parameters: 1 }).kind).toBe('converged');
    expect(diagnose(flat, 'sgd', 0.1, { before: 1, after: 0.5, parameters: 1 }).words).toMatch(
      /50 % of what it was/,
    );
  });
  test('dead and saturated units, vanishing and exploding gradients are counted and named', () => {
    const network = createNetwork([24, 4, 2], 'relu', createRandom(1));
    const targets = weightedTargets({ labels: data.labels }, [1, 1]);
    network.layers[0]!.bias.data.set([-1e3, 1e3, 1e3, -1e3]);
    const dead = inspectNetwork(network, { x: data.x, targets }, plain);
    expect(dead.layers).toEqual([{ name: 'layers[0]', units: 4, deadUnits: 2 }]);
    expect(dead.findings.join(' ')).toMatch(/2 of 4 units of layers\[0\] are dead/);

    const saturated = createNetwork([24, 4, 2], 'tanh', createRandom(1));
    saturated.layers[0]!.bias.data.fill(30);
    expect(inspectNetwork(saturated, { x: data.x, targets }, plain).findings.join(' ')).toMatch(
      /gradient vanishes.*4 of 4 units.*saturated/,
    );

    const huge = createNetwork([24, 2], 'tanh', createRandom(1));
    const far = { shape: data.x.shape, data: data.x.data.map(v => 1e6 * v) };
    expect(inspectNetwork(huge, { x: far, targets }, plain).findings.join(' ')).toMatch(
      /gradient explodes.*layers\[0\]/,
    );
    expect(
      inspectNetwork(createNetwork([24, 4, 2], 'tanh', createRandom(2)), { x: data.x, targets }, plain)
        .findings,
    ).toEqual([]);
  });
  test('dead outputs of a convolution are counted; a gradient that explodes on its way down is named', () => {
    const front = createConvolutions(
      1,
      [
        { outputs: 4, taps: 3, activation: 'relu' },
        { outputs: 3, taps: 3, activation: 'tanh' },
      ],
      'all',
      createRandom(1),
    );
    const network = createFrontedNetwork(front, 24, [5, 2], 'relu', createRandom(1));
    const rows = { x: data.x, targets: weightedTargets(data, [1, 1]) };
    const layers = [
      { name: 'front.stages[0]', units: 4, deadUnits: 0 },
      { name: 'front.stages[1]', units: 3, deadUnits: 0 },
      { name: 'layers[0]', units: 5, deadUnits: 0 },
    ];
    const healthy = inspectNetwork(network, rows, plain);
    expect(healthy.layers).toEqual(layers);
    expect(healthy.findings).toEqual([]);
    front.stages[0]!.bias!.data.set([-1e3, 0, -1e3, 0]);
    front.stages[1]!.bias!.data.set([0, 30, 0]);
    const sick = inspectNetwork(network, rows, plain);
    expect(sick.layers.slice(0, 2).map(layer => layer.deadUnits)).toEqual([2, 1]);
    expect(sick.findings.join(' ')).toMatch(
      /2 of 4 units of front\.stages\[0\] are dead.*1 of 3 units of front\.stages\[1\] are saturated/,
    );
    const steep = createNetwork([24, 6, 6, 2], 'relu', createRandom(1));
    steep.layers.forEach(({ weights }, k) => {
      for (let i = 0; i < weights.data.length; i++) weights.data[i]! *= k === 0 ? 1e-3 : 1e3;
    });
    expect(inspectNetwork(steep, rows, plain).findings.join(' ')).toMatch(
      /explodes on its way down: .* at layers\[0\]\.weights, .* at layers\[2\]\.weights/,
    );
  });
  test.each<[string, Partial<TrainOptions>]>([
    ['a strong penalty', { l2: 1 }],
    ['a focal loss', { focalGamma: 3, l2: 0.01 }],
  ])('%s: at its optimum training has converged, which is no plateau', (_, variant) => {
    const settings = { ...options, hidden: [], optimizer: 'lbfgs' as const, epochs: 300, ...variant };
    const { verdict, health } = train(data, settings);
    expect(health.gradientNorm).toBeLessThan(1e-6);
    expect(verdict.kind).toBe('converged');
    expect(verdict.words).not.toMatch(/rate/); // L-BFGS has none
  });
  test('the gradient of held stencils is what they can follow: less its mean and its slope', () => {
    const front = createStencilBank({ orders: [2, 4], activation: 'none', constrained: true });
    const held = createFrontedNetwork(front, 24, [2], 'tanh', createRandom(1));
    const { unitSlope: _, ...stage } = front.stages[0]!;
    const free = { ...held, front: { ...front, stages: [stage] } };
    const targets = weightedTargets(data, [1, 1]);
    const [g, all] = [held, free].map(network => {
      const learner = createLearner(network, {
        ...{ optimizer: 'sgd', batchSize: 150, inputs: 24, classes: 2, l2: 0 },
      });
      learner.x.set(data.x.data);
      learner.targets.set(targets.data);
      learner.evaluate();
      return Float64Array.from(learner.gradients[0]!);
    });
    for (const from of [0, 5]) {
      const own = all!.subarray(from, from + 5);
      const mean = own.reduce((s, v) => s + v, 0) / 5;
      const slope = own.reduce((s, v, k) => s + v * (k - 2), 0) / 10;
      own.forEach((v, k) => {
        expect(g![from + k]).toBeCloseTo(v - mean - slope * (k - 2), 14);
      });
    }
    const { parameters } = inspectNetwork(held, { x: data.x, targets }, plain);
    expect(parameters[0]!.gradientNorm).toBeCloseTo(Math.sqrt(g!.reduce((s, v) => s + v * v, 0)), 12);
  });
  test('a training that starts at the optimum has converged, one whose rate is too small stalls', () => {
    const settings = { ...options, hidden: [], l2: 0.1 };
    const { network } = train(data, { ...settings, optimizer: 'lbfgs', epochs: 300 }).model;
    const again = { ...settings, optimizer: 'sgd' as const, batchSize: 150, epochs: 5 };
    expect(train(data, { ...again, network }).verdict.kind).toBe('converged');
    expect(train(data, { ...again, network }).verdict.words).toMatch(/next to nothing to gain/);
    expect(train(data, { ...again, learningRate: 1e-7 }).verdict.kind).toBe('stalled');
  });
  test('a real training above its largest stable rate oscillates, one below it converges', () => {
    const settings = {
      ...options,
      hidden: [],
      optimizer: 'sgd' as const,
      batchSize: 150,
      l2: 0.3,
      epochs: 300,
    };
    const { network } = train(data, { ...settings, optimizer: 'lbfgs' }).model;
    const { largestStableRate } = trainingCurvature(data, settings, network, createRandom(1));
    const at = (factor: number) =>
      train(data, { ...settings, learningRate: factor * largestStableRate! }).verdict.kind;
    expect(at(0.5)).toBe('converged');
    expect(at(1.1)).toBe('oscillating');
    expect(at(1.5)).toBe('diverged');
  });
  test('training reports its health, and L-BFGS ends when there is no more descent', () => {
    const settings = { ...options, hidden: [], optimizer: 'lbfgs' as const, l2: 0.01, epochs: 300 };
    const { health, losses, verdict } = train(data, settings);
    expect(health.parameters.map(p => p.name)).toEqual(['layers[0].weights', 'layers[0].bias']);
    expect(losses.length).toBeLessThan(150);
    expect(verdict.kind).toBe('converged');
  });
});
