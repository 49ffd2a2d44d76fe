/** Training on streamed rows: as in memory, to the bit with and without a stop; what is refused. */

import { mkdtempSync, openSync, readSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { tensor } from '../../../src/diff/tensor.ts';
import { inspectNetwork } from '../../../src/learn/diagnose/network-health.ts';
import { standardizationOf } from '../../../src/learn/model/classifier.ts';
import { createNetwork } from '../../../src/learn/model/network.ts';
import { formatCheckpoint, parseCheckpoint } from '../../../src/learn/train/checkpoint.ts';
import { weightedTargets } from '../../../src/learn/train/dataset.ts';
import { createLearner } from '../../../src/learn/train/learner.ts';
import {
  type Batch,
  type StreamedDataset,
  type StreamOptions,
  startStreamedTraining,
  streamedStandardization,
  trainStreamed,
} from '../../../src/learn/train/streamed-training.ts';
import { startTraining } from '../../../src/learn/train/train.ts';
import { createRandom } from '../../../src/random.ts';
import { bitsOf, bumps, data, options, shareRight } from '../synthetic-task.ts';

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
    const inMemory = inspectNetwork(
      model.network,
      { x, targets: weightedTargets(data, [1, 1]) },
      { l2: 0, ...streaming },
    );
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
      /epoch 3 has 120 rows, epoch 1 had 150/,
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
    await expect(trainStreamed(source(Number.NaN, 0), settings)).rejects.toThrow(
      /streamed row 0 has f = NaN/,
    );
    await expect(trainStreamed(source(1, 2), settings)).rejects.toThrow(/class 2 of 2, of weight none/);
  });
});
