/** What is said of a training and of a network: each finding provoked, and silence where there is none. */

import { describe, expect, test } from 'vitest';
import { inspectNetwork } from '../../../src/learn/diagnose/network-health.ts';
import { trainingCurvature } from '../../../src/learn/diagnose/rate-sweep.ts';
import { diagnose } from '../../../src/learn/diagnose/verdict.ts';
import { createConvolutions } from '../../../src/learn/model/convolutional-layers.ts';
import { createConvolutionalNetwork, createNetwork } from '../../../src/learn/model/network.ts';
import { createStencilBank } from '../../../src/learn/model/stencil-bank.ts';
import { weightedTargets } from '../../../src/learn/train/dataset.ts';
import { createLearner } from '../../../src/learn/train/learner.ts';
import { type TrainOptions, train } from '../../../src/learn/train/train.ts';
import { createRandom } from '../../../src/random.ts';
import { data, options } from '../synthetic-task.ts';

describe('verdicts and findings', () => {
  const plain = { l2: 0 };
  test('oscillation and plateau, of hand-made loss histories', () => {
    const wild = [1, 0.6, 0.8, 0.5, 0.75, 0.5, 0.74, 0.51, 0.73];
    expect(diagnose(wild, 'sgd', 0.9).kind).toBe('oscillating');
    const flat = [1, 0.6, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5];
    expect(diagnose(flat, 'sgd', 0.1, { before: 1, after: 0.5, parameters: 1 }).kind).toBe('plateau');
    expect(diagnose(flat, 'sgd', 0.1, { before: 1, after: 0.01, parameters: 1 }).kind).toBe('converged');
    expect(diagnose(flat, 'sgd', 0.1, { before: 1, after: 0.5, parameters: 1 }).text).toMatch(
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
    const frontEnd = createConvolutions(
      1,
      [
        { outputs: 4, taps: 3, activation: 'relu' },
        { outputs: 3, taps: 3, activation: 'tanh' },
      ],
      'all',
      createRandom(1),
    );
    const network = createConvolutionalNetwork(frontEnd, 24, [5, 2], 'relu', createRandom(1));
    const rows = { x: data.x, targets: weightedTargets(data, [1, 1]) };
    const layers = [
      { name: 'frontEnd.stages[0]', units: 4, deadUnits: 0 },
      { name: 'frontEnd.stages[1]', units: 3, deadUnits: 0 },
      { name: 'layers[0]', units: 5, deadUnits: 0 },
    ];
    const healthy = inspectNetwork(network, rows, plain);
    expect(healthy.layers).toEqual(layers);
    expect(healthy.findings).toEqual([]);
    frontEnd.stages[0]!.bias!.data.set([-1e3, 0, -1e3, 0]);
    frontEnd.stages[1]!.bias!.data.set([0, 30, 0]);
    const sick = inspectNetwork(network, rows, plain);
    expect(sick.layers.slice(0, 2).map(layer => layer.deadUnits)).toEqual([2, 1]);
    expect(sick.findings.join(' ')).toMatch(
      /2 of 4 units of frontEnd\.stages\[0\] are dead.*1 of 3 units of frontEnd\.stages\[1\] are saturated/,
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
    expect(verdict.text).not.toMatch(/rate/); // L-BFGS has none
  });
  test('the gradient of held stencils is what they can follow: less its mean and its slope', () => {
    const frontEnd = createStencilBank({ orders: [2, 4], activation: 'none', constrained: true });
    const held = createConvolutionalNetwork(frontEnd, 24, [2], 'tanh', createRandom(1));
    const { unitSlope: _, ...stage } = frontEnd.stages[0]!;
    const free = { ...held, frontEnd: { ...frontEnd, stages: [stage] } };
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
    expect(train(data, { ...again, network }).verdict.text).toMatch(/no further improvement was possible/);
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
    // It swings widely, yet stays below where it started: no divergence. Further up it grows over all rows.
    expect(at(1.5)).toBe('oscillating');
    expect(at(2.5)).toBe('diverged');
  });
  test('a real training whose rate falls to nothing too soon ends on a plateau', () => {
    const settings = { ...options, hidden: [], optimizer: 'sgd' as const, learningRate: 0.1, epochs: 20 };
    expect(train(data, { ...settings, schedule: { kind: 'exponential', factor: 0.2 } }).verdict.kind).toBe(
      'plateau',
    );
    expect(train(data, settings).verdict.kind).not.toBe('plateau');
  });
  test('training reports its health, and L-BFGS ends when there is no more descent', () => {
    const settings = { ...options, hidden: [], optimizer: 'lbfgs' as const, l2: 0.01, epochs: 300 };
    const { health, losses, verdict } = train(data, settings);
    expect(health.parameters.map(p => p.name)).toEqual(['layers[0].weights', 'layers[0].bias']);
    expect(losses.length).toBeLessThan(150);
    expect(verdict.kind).toBe('converged');
  });
});
