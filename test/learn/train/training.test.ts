/** Training as a whole: to the bit with and without a stop, early stopping, kernels and precisions. */

import { describe, expect, test } from 'vitest';
import { grad } from '../../../src/diff/grad.ts';
import { softmaxCrossEntropy, weightedMean } from '../../../src/diff/loss.ts';
import type { Tensor } from '../../../src/diff/tensor.ts';
import { formatModel, parseModel } from '../../../src/learn/model/model-json.ts';
import { createNetwork, logits, parametersOf, withParameters } from '../../../src/learn/model/network.ts';
import { formatCheckpoint, parseCheckpoint } from '../../../src/learn/train/checkpoint.ts';
import { weightedTargets } from '../../../src/learn/train/dataset.ts';
import { createLearner } from '../../../src/learn/train/learner.ts';
import { optimizerNames } from '../../../src/learn/train/optimizers.ts';
import { startTraining, type TrainOptions, train } from '../../../src/learn/train/train.ts';
import { createRandom } from '../../../src/random.ts';
import { bitsOf, bumps, data, options } from '../synthetic-task.ts';

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
    expect(() => train(data, { ...options, validation: data, patience: 2 })).toThrow(
      /patient 1\.0 is in both/,
    );
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
