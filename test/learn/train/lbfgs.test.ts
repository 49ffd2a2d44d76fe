/** L-BFGS on functions with known minima, and every optimiser against it on a convex problem. */
import { describe, expect, test } from 'vitest';
import { add } from '../../../src/diff/arithmetic.ts';
import { compile } from '../../../src/diff/compile.ts';
import { valueAndGrad } from '../../../src/diff/grad.ts';
import { softmaxCrossEntropy, squaredPenalty, weightedMean } from '../../../src/diff/loss.ts';
import { matmul } from '../../../src/diff/product.ts';
import { full, item, type Tensor, tensor } from '../../../src/diff/tensor.ts';
import { lbfgsStep, minimize, type Objective, startLbfgs } from '../../../src/learn/train/lbfgs.ts';
import {
  optimizerNames,
  optimizerStep,
  startOptimizer,
  usualConstants,
} from '../../../src/learn/train/optimizers.ts';
import { createRandom } from '../../../src/random.ts';

describe('known minima', () => {
  test("Rosenbrock's valley from (−1.2, 1) to (1, 1)", () => {
    const rosenbrock: Objective = (w, g) => {
      const [x, y] = w as unknown as [number, number];
      g[0] = -400 * x * (y - x * x) - 2 * (1 - x);
      g[1] = 200 * (y - x * x);
      return 100 * (y - x * x) ** 2 + (1 - x) ** 2;
    };
    const { w, value, converged, iterations } = minimize(rosenbrock, Float64Array.of(-1.2, 1));
    expect(converged).toBe(true);
    expect(iterations).toBeLessThan(60);
    expect(w[0]).toBeCloseTo(1, 9);
    expect(w[1]).toBeCloseTo(1, 9);
    expect(value).toBeLessThan(1e-18);
  });

  test('a quadratic of 30 variables with condition 100', () => {
    const curvature = Float64Array.from({ length: 30 }, (_, k) => 10 ** ((2 * k) / 29));
    const quadratic: Objective = (w, g) => {
      let value = 0;
      w.forEach((x, k) => {
        g[k] = curvature[k]! * (x - k);
        value += 0.5 * curvature[k]! * (x - k) ** 2;
      });
      return value;
    };
    const { w, converged } = minimize(quadratic, new Float64Array(30), { gradientTolerance: 1e-9 });
    expect(converged).toBe(true);
    w.forEach((x, k) => {
      expect(x).toBeCloseTo(k, 8);
    });
  });

  test('a function without a value at the start is refused; one without a minimum says it did not converge', () => {
    expect(() => minimize(() => Number.NaN, Float64Array.of(0))).toThrow(/NaN/);
    const slope: Objective = (w, g) => {
      g[0] = 1;
      return w[0]!;
    };
    const endless = minimize(slope, Float64Array.of(0), { maxIterations: 20 });
    expect(endless.converged).toBe(false);
    expect(endless.iterations).toBe(20); // there is always further descent
    expect(endless.value).toBeLessThan(-1000);
  });

  test('every step meets the strong Wolfe conditions', () => {
    const valley: Objective = (w, g) => {
      let value = 0;
      g.fill(0);
      for (let k = 0; k + 1 < w.length; k++) {
        const [x, y] = [w[k]!, w[k + 1]!];
        value += 100 * (y - x * x) ** 2 + (1 - x) ** 2;
        g[k]! += -400 * x * (y - x * x) - 2 * (1 - x);
        g[k + 1]! += 200 * (y - x * x);
      }
      return value;
    };
    const dot = (a: Float64Array, b: Float64Array): number => a.reduce((s, x, k) => s + x * b[k]!, 0);
    const state = startLbfgs(valley, Float64Array.of(-1.2, 1, -0.5, 2, 0.3));
    let steps = 0;
    while (Math.max(...state.gradient.map(Math.abs)) > 1e-6) {
      const before = { w: state.w.slice(), g: state.gradient.slice(), value: state.value };
      expect(lbfgsStep(state, valley)).toBe(true);
      const s = state.w.map((x, k) => x - before.w[k]!);
      const slope = dot(before.g, s);
      expect(slope).toBeLessThan(0);
      expect(state.value).toBeLessThanOrEqual(before.value + 1e-4 * slope);
      expect(Math.abs(dot(state.gradient, s))).toBeLessThanOrEqual(0.9 * Math.abs(slope));
      steps++;
    }
    expect(steps).toBeGreaterThan(20);
    for (const x of state.w) expect(x).toBeCloseTo(1, 6);
  });
});

describe('logistic regression with L2, which has one optimum', () => {
  const random = createRandom(21);
  const rows = 60;
  const x = tensor(
    Float64Array.from({ length: rows * 3 }, () => random.normal()),
    [rows, 3],
  );
  const targets = full([rows, 2], 0);
  for (let row = 0; row < rows; row++) {
    const score = x.data[3 * row]! - 0.5 * x.data[3 * row + 1]! + random.normal();
    targets.data[2 * row + (score > 0 ? 1 : 0)] = 1;
  }
  const loss = (w: Tensor): Tensor =>
    add(weightedMean(softmaxCrossEntropy(matmul(x, w), targets), targets), squaredPenalty([w], 0.1));
  const fast = compile(
    w => {
      const { value, gradients } = valueAndGrad(v => loss(v!))(w!);
      return [value, gradients[0]!];
    },
    full([3, 2], 0),
  );
  const objective: Objective = (w, g) => {
    const [value, gradient] = fast(tensor(w, [3, 2]));
    g.set(gradient!.data);
    return item(value!);
  };
  const optimum = minimize(objective, new Float64Array(6), { gradientTolerance: 1e-13 });

  test('L-BFGS finds it: the gradient vanishes', () => {
    expect(optimum.gradientSize).toBeLessThan(1e-12);
    // Stationarity without the engine: Xᵀ(p − y)/n + 0.1·W = 0.
    for (let k = 0; k < 2; k++) {
      for (let f = 0; f < 3; f++) {
        let g = 0.1 * optimum.w[2 * f + k]!;
        for (let row = 0; row < rows; row++) {
          const z = [0, 1].map(c =>
            [0, 1, 2].reduce((s, j) => s + x.data[3 * row + j]! * optimum.w[2 * j + c]!, 0),
          );
          const p = Math.exp(z[k]!) / (Math.exp(z[0]!) + Math.exp(z[1]!));
          g += (x.data[3 * row + f]! * (p - targets.data[2 * row + k]!)) / rows;
        }
        expect(Math.abs(g)).toBeLessThan(1e-12);
      }
    }
  });

  // The rate falls to nothing, because the adaptive steps do not shrink with the gradient.
  test.each(optimizerNames)('%s arrives at the same loss to 1e-8, and at the same weights', name => {
    const w = new Float64Array(6);
    const g = new Float64Array(6);
    const state = startOptimizer(name, [6]);
    const constants = { ...usualConstants, weightDecay: 0 };
    const adaptive = ['rmsprop', 'adam', 'adamw'].includes(name);
    let value = 0;
    for (let k = 0; k < 3000; k++) {
      value = objective(w, g);
      optimizerStep(state, [w], [g], adaptive ? 0.05 * 0.994 ** k : 0.3, constants);
    }
    expect(Math.abs(value - optimum.value)).toBeLessThan(1e-8);
    w.forEach((weight, k) => {
      expect(weight).toBeCloseTo(optimum.w[k]!, 8);
    });
  });
});
