/** Optimisers against closed-form trajectories and the papers' own formulas worked by hand. */
import { describe, expect, test } from 'vitest';
import {
  type OptimizerName,
  optimizerNames,
  optimizerStep,
  startOptimizer,
  usualConstants,
} from '../../../src/learn/train/optimizers.ts';

/** Runs an optimiser on f(w) = ½ λ w² from w = 1 and gives every iterate. */
function onQuadratic(name: OptimizerName, rate: number, curvature: number, steps: number): number[] {
  const w = Float64Array.of(1);
  const state = startOptimizer(name, [1]);
  const iterates = [1];
  for (let k = 0; k < steps; k++) {
    optimizerStep(state, [w], [Float64Array.of(curvature * w[0]!)], rate);
    iterates.push(w[0]!);
  }
  return iterates;
}

describe('on the quadratic ½λw²', () => {
  test('gradient descent iterates are (1 − ηλ)^k', () => {
    onQuadratic('sgd', 0.3, 2, 20).forEach((w, k) => {
      expect(w).toBeCloseTo((1 - 0.6) ** k, 14);
    });
  });

  test('gradient descent converges just below 2/λ and diverges just above', () => {
    expect(Math.abs(onQuadratic('sgd', 0.999, 2, 4000).at(-1)!)).toBeLessThan(1e-3);
    expect(Math.abs(onQuadratic('sgd', 1.001, 2, 4000).at(-1)!)).toBeGreaterThan(1e3);
  });

  test('momentum follows the recurrence w(k+1) = (1 + μ − ηλ) w(k) − μ w(k−1)', () => {
    const w = onQuadratic('momentum', 0.05, 2, 50);
    for (let k = 1; k < 50; k++) {
      expect(w[k + 1]!).toBeCloseTo((1 + 0.9 - 0.1) * w[k]! - 0.9 * w[k - 1]!, 12);
    }
  });

  test('Nesterov follows w(k+1) = (1 + μ)(1 − ηλ) w(k) − μ(1 − ηλ) w(k−1) in its look-ahead variable', () => {
    // Sutskever's w is already the point looked ahead to: y(k) of Nesterov's pair, y(k+1) = x(k+1) + μ(x(k+1) − x(k)).
    const w = onQuadratic('nesterov', 0.05, 2, 50);
    const x = w.map(y => y * (1 - 0.1)); // x(k+1) = y(k) − ηλ y(k)
    for (let k = 1; k < 50; k++) expect(w[k + 1]!).toBeCloseTo(x[k]! + 0.9 * (x[k]! - x[k - 1]!), 12);
  });
});

describe('first steps worked by hand', () => {
  test('Adam, two steps of gradients 1 and −2 (Kingma & Ba 2014, algorithm 1)', () => {
    const w = Float64Array.of(0);
    const state = startOptimizer('adam', [1]);
    optimizerStep(state, [w], [Float64Array.of(1)], 0.1);
    // m̂ = 1, v̂ = 1
    expect(w[0]).toBeCloseTo(-0.1 / (1 + 1e-8), 15);
    optimizerStep(state, [w], [Float64Array.of(-2)], 0.1);
    const m = (0.9 * 0.1 + 0.1 * -2) / (1 - 0.81);
    const v = (0.999 * 0.001 + 0.001 * 4) / (1 - 0.999 ** 2);
    expect(w[0]).toBeCloseTo(-0.1 / (1 + 1e-8) - (0.1 * m) / (Math.sqrt(v) + 1e-8), 14);
  });

  test("Adam's first step has the size of the learning rate whatever the gradient's scale", () => {
    for (const gradient of [1e-4, 1, 1e6]) {
      const w = Float64Array.of(0);
      optimizerStep(startOptimizer('adam', [1]), [w], [Float64Array.of(gradient)], 0.01);
      expect(w[0]).toBeCloseTo(-0.01, 5);
    }
  });

  test('RMSprop, two steps', () => {
    const w = Float64Array.of(0);
    const state = startOptimizer('rmsprop', [1]);
    optimizerStep(state, [w], [Float64Array.of(3)], 0.01);
    const s1 = 0.1 * 9;
    expect(w[0]).toBeCloseTo((-0.01 * 3) / (Math.sqrt(s1) + 1e-8), 15);
    optimizerStep(state, [w], [Float64Array.of(-1)], 0.01);
    const s2 = 0.9 * s1 + 0.1;
    expect(w[0]).toBeCloseTo((-0.01 * 3) / (Math.sqrt(s1) + 1e-8) + 0.01 / (Math.sqrt(s2) + 1e-8), 15);
  });

  test('AdamW shrinks the weight by η·λ beside the Adam step, and Adam does not', () => {
    const [decayed, plain] = (['adamw', 'adam'] as const).map(name => {
      const w = Float64Array.of(2);
      optimizerStep(startOptimizer(name, [1]), [w], [Float64Array.of(1)], 0.1);
      return w[0]!;
    });
    expect(plain! - decayed!).toBeCloseTo(0.1 * usualConstants.weightDecay * 2, 14);
  });
});

test.each(optimizerNames)('%s keeps several parameter arrays apart and finds the minimum of a bowl', name => {
  const parameters = [Float64Array.of(3, -2), Float64Array.of(1)];
  const minimum = [[1, 0.5], [-1]];
  const state = startOptimizer(
    name,
    parameters.map(p => p.length),
  );
  const constants = { ...usualConstants, weightDecay: 0 };
  for (let k = 0; k < 4000; k++) {
    const gradients = parameters.map((p, i) => p.map((value, j) => (j + 1) * (value - minimum[i]![j]!)));
    optimizerStep(state, parameters, gradients, 0.02 * 0.998 ** k, constants);
  }
  parameters.forEach((p, i) => {
    p.forEach((value, j) => {
      expect(value).toBeCloseTo(minimum[i]![j]!, 3);
    });
  });
});
