/** The gradients of a class probability, against finite differences of the whole pipeline. */
import { describe, expect, test } from 'vitest';
import { add, mul } from '../../src/diff/arithmetic.ts';
import { tanh } from '../../src/diff/elementwise.ts';
import { matmul } from '../../src/diff/product.ts';
import { reshape } from '../../src/diff/reshape.ts';
import { tensor } from '../../src/diff/tensor.ts';
import { explain } from '../../src/learn/explain.ts';
import { classProbabilities } from '../../src/learn/model/classifier.ts';
import { train } from '../../src/learn/train/train.ts';
import { clouds, options } from './train/two-clouds.ts';

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
