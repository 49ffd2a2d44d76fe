/** The division of a minibatch, and the mean of the parts' gradients, against the gradient of the whole. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { mul } from '../../../src/diff/arithmetic.ts';
import { sum } from '../../../src/diff/reduction.ts';
import { createCustomNetwork, createNetwork } from '../../../src/learn/model/network.ts';
import { createLearner } from '../../../src/learn/train/learner.ts';
import { createLossGradient } from '../../../src/learn/train/loss-gradient.ts';
import { classificationLoss, describedLoss, regressionLoss } from '../../../src/learn/train/losses.ts';
import {
  type GradientTask,
  type GradientWorkers,
  shardBounds,
  weightedMean,
} from '../../../src/learn/train/sharded-gradient.ts';
import { createRandom } from '../../../src/random.ts';

test('bounds: every row once, in order, and no share more than one row larger than another', () => {
  fc.assert(
    fc.property(fc.nat(2000), fc.integer({ min: 1, max: 70 }), (rows, count) => {
      const bounds = shardBounds(rows, count);
      expect(bounds).toHaveLength(count + 1);
      expect([bounds[0], bounds[count]]).toEqual([0, rows]);
      const sizes = bounds.slice(1).map((to, k) => to - bounds[k]!);
      expect(Math.min(...sizes)).toBeGreaterThanOrEqual(0);
      expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
    }),
  );
});

test('the weighted mean: by hand, to the bit with one part, and without what has no share', () => {
  const out = new Float64Array(2);
  weightedMean(out, [Float64Array.of(1, 2), Float64Array.of(5, 10)], Float64Array.of(0.75, 0.25));
  expect([...out]).toEqual([2, 4]);
  weightedMean(out, [Float64Array.of(-0, 0.1)], Float64Array.of(1));
  expect([...out]).toEqual([-0, 0.1]);
  weightedMean(out, [Float64Array.of(Number.NaN, 1), Float64Array.of(3, 4)], Float64Array.of(0, 1));
  expect([...out]).toEqual([3, 4]);
});

/** Workers that compute in this thread, one after the other. */
const inThisThread = (count: number): GradientWorkers => ({
  count,
  prepare({ network, loss, bounds, inputs, targetColumns, batchSize, ...options }: GradientTask) {
    const parts = bounds.slice(1).map((to, k) =>
      to === bounds[k]
        ? undefined
        : createLossGradient(network, {
            ...{ ...options, inputs, batchSize: to - bounds[k]!, trainingLoss: describedLoss(loss) },
          }),
    );
    const [whole] = parts.filter(part => part !== undefined);
    const [x, targets] = [new Float64Array(batchSize * inputs), new Float64Array(batchSize * targetColumns)];
    const parameters = whole!.parameters.map(p => new Float64Array(p.length));
    const numbers = (): Float64Array => new Float64Array(count);
    const shared = { x, targets, parameters, shares: numbers(), losses: numbers(), lossSums: numbers() };
    const gradients = parts.map(part => part?.gradients ?? []);
    const begin = (): void => {
      parts.forEach((part, k) => {
        if (part === undefined || shared.shares[k] === 0) return;
        part.x.set(x.subarray(bounds[k]! * inputs, bounds[k + 1]! * inputs));
        part.targets.set(targets.subarray(bounds[k]! * targetColumns, bounds[k + 1]! * targetColumns));
        part.parameters.forEach((p, at) => {
          p.set(parameters[at]!);
        });
        shared.losses[k] = part.evaluate();
        shared.lossSums[k] = part.lossSum();
      });
      // What is written from now on belongs to the next batch.
      x.fill(Number.NaN);
    };
    return { ...shared, gradients, begin, finish: () => undefined };
  },
});

describe('the gradient of the parts is that of the whole, up to rounding', () => {
  const losses = {
    'cross-entropy': classificationLoss(3, undefined),
    focal: classificationLoss(3, 2),
    regression: regressionLoss(3),
  };
  test.each(Object.entries(losses))('%s', (_, trainingLoss) => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 9 }),
        fc.integer({ min: 1, max: 6 }),
        fc.nat(1000),
        (rows, count, seed) => {
          const random = createRandom(seed);
          const network = createNetwork([4, 5, 3], 'tanh', random);
          const shape = { batchSize: 9, inputs: 4, classes: 3 };
          const options = { ...shape, optimizer: 'momentum', l2: 0.1, trainingLoss } as const;
          const whole = createLearner(network, options);
          const divided = createLearner(network, { ...options, workers: inThisThread(count) });
          for (const learner of [whole, divided]) {
            const own = createRandom(seed, 1);
            for (let i = 0; i < learner.x.length; i++) learner.x[i] = own.normal();
            learner.targets.fill(0);
            const width = learner.targets.length / 9;
            // The first rows alone are there, with weights of their own.
            for (let row = 0; row < rows; row++) {
              for (let k = 0; k < width - 1; k++) {
                learner.targets[row * width + k] = trainingLoss.classifies ? 0 : own.normal();
              }
              const at = trainingLoss.classifies ? Math.floor(own.uniform() * width) : width - 1;
              learner.targets[row * width + at] = 0.5 + own.uniform();
            }
          }
          const close = (a: number, b: number): void =>
            expect(Math.abs(a - b)).toBeLessThanOrEqual(1e-13 * (1 + Math.abs(a)));
          close(whole.evaluate(), divided.evaluate());
          close(whole.lossSum(), divided.lossSum());
          expect(divided.batchWeight()).toBe(whole.batchWeight());
          whole.gradients.forEach((g, p) => {
            g.forEach((value, i) => {
              close(value, divided.gradients[p]![i]!);
            });
          });
          close(whole.step(0.1), divided.step(0.1));
          whole.parameters.forEach((w, p) => {
            w.forEach((value, i) => {
              close(value, divided.parameters[p]![i]!);
            });
          });
        },
      ),
      { numRuns: 40 },
    );
  });
  test('a batch without weight has the loss NaN, as without workers', () => {
    const network = createNetwork([2, 2], 'tanh', createRandom(1));
    const options = { optimizer: 'sgd', batchSize: 3, inputs: 2, classes: 2, l2: 0 } as const;
    for (const workers of [{}, { workers: inThisThread(4) }]) {
      const learner = createLearner(network, { ...options, ...workers });
      learner.targets.fill(0);
      expect(learner.evaluate()).toBeNaN();
    }
  });
});

test('what cannot be sent to a worker is refused by name', () => {
  const options = { optimizer: 'sgd', batchSize: 3, inputs: 2, classes: 2, l2: 0 } as const;
  const workers = inThisThread(2);
  const network = createNetwork([2, 2], 'tanh', createRandom(1));
  const own = classificationLoss(2, undefined, (scores, targets) =>
    sum(mul(scores, targets), { axis: 1, keepDims: true }),
  );
  expect(() => createLearner(network, { ...options, workers, trainingLoss: own })).toThrow(
    /user-defined loss cannot be sent to workers/,
  );
  const custom = createCustomNetwork(
    { parameters: {}, forward: x => mul(x, x) },
    2,
    [2],
    'tanh',
    createRandom(1),
  );
  expect(() => createLearner(custom, { ...options, workers })).toThrow(
    /user-defined layers cannot be sent to workers/,
  );
});
