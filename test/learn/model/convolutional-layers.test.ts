/** Models that read the signal itself: convolutions and stencil banks, learned, saved and checked. */

import { describe, expect, test } from 'vitest';
import { gradientCheck } from '../../../src/diff/gradient-check.ts';
import { tensor } from '../../../src/diff/tensor.ts';
import { classProbabilities } from '../../../src/learn/model/classifier.ts';
import { createConvolutions, frontEndOutputs } from '../../../src/learn/model/convolutional-layers.ts';
import { formatModel, parseModel } from '../../../src/learn/model/model-json.ts';
import { createConvolutionalNetwork, logits, type Network } from '../../../src/learn/model/network.ts';
import { createStencilBank, projectToSlope } from '../../../src/learn/model/stencil-bank.ts';
import { train } from '../../../src/learn/train/train.ts';
import { createRandom } from '../../../src/random.ts';
import { bitsOf, bumps, data, options, shareRight } from '../synthetic-task.ts';

describe('models that read the signal', () => {
  const random = createRandom(5);
  const convolutional = createConvolutionalNetwork(
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
  const withSideInputs = createConvolutionalNetwork(
    { ...createConvolutions(1, [{ outputs: 4, taps: 5, activation: 'relu' }], 'mean', random), inputs: 20 },
    ...([24, [8, 2], 'relu', random] as const),
  );
  const stencils = createConvolutionalNetwork(bank, 24, [2], 'tanh', random);

  test.each([
    ['convolutional', convolutional],
    ['stencil bank', stencils],
    ['convolutional with side inputs', withSideInputs],
  ])('%s: learns the width of a bump, saves and comes back bit for bit', (_, network) => {
    const { model, losses } = train(data, { ...options, network, standardizeTogether: true, epochs: 25 });
    expect(losses.at(-1)!).toBeLessThan(0.5 * losses[0]!);
    expect(shareRight(bumps(200, 8), model)).toBeGreaterThan(0.97);
    const back = parseModel(formatModel(model));
    expect(back).toEqual(model);
    expect([...classProbabilities(back, data.x).data]).toEqual([...classProbabilities(model, data.x).data]);
  });

  test('side inputs bypass the convolutions, and their gradient is exact', () => {
    const { frontEnd } = withSideInputs;
    const x = tensor([Array.from({ length: 24 }, () => random.normal())]);
    const { features } = frontEndOutputs(frontEnd!, x);
    expect([...features.data.subarray(4)]).toEqual([...x.data.subarray(20)]);
    const changed = { ...x, data: x.data.map((v, k) => (k < 20 ? v + 1 : v)) };
    expect([...frontEndOutputs(frontEnd!, changed).features.data.subarray(4)]).toEqual([
      ...x.data.subarray(20),
    ]);
    expect(gradientCheck(row => logits(withSideInputs, row!), [x]).worstError).toBeLessThan(1e-6);
    expect(() => frontEndOutputs({ ...frontEnd!, inputs: 25 }, x)).toThrow(/25 convolved columns/);
  });

  test('a model file with more convolved columns than features is refused', () => {
    const { model } = train(data, { ...options, network: withSideInputs, epochs: 1 });
    const text = formatModel(model);
    expect(() => parseModel(text.replace('"inputs": 20', '"inputs": 25'))).toThrow(/front.inputs/);
    expect(() => parseModel(text.replace('"inputs": 20', '"inputs": 0'))).toThrow(/front.inputs/);
  });

  test('stencils start as derivatives and, held, keep unit slope response while they learn', () => {
    const respond = (network: Network, signal: (t: number) => number): number[] => {
      const { weights } = network.frontEnd!.stages[0]!;
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

  test('held stencils are penalised as all weights are: an optimum exists and is found', () => {
    const frontEnd = createStencilBank({ orders: [2, 4], activation: 'none', constrained: true });
    const network = createConvolutionalNetwork(frontEnd, 24, [2], 'tanh', createRandom(1));
    const settings = { ...options, optimizer: 'lbfgs' as const, l2: 0.1, epochs: 500, network };
    const { health, verdict } = train(data, { ...settings, standardizeTogether: true });
    expect(verdict.kind).toBe('converged');
    expect(health.gradientNorm).toBeLessThan(1e-6);
    expect(health.norm).toBeLessThan(10);
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

  test('a front end in a file is checked: shapes, words, and that rows are long enough', () => {
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
