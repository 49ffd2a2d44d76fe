/** Operations made of rows against closed forms; the stencil’s own coefficients as weights. */
import { describe, expect, test } from 'vitest';
import { gate, mul, sub } from '../../src/diff/arithmetic.ts';
import { conv1d } from '../../src/diff/convolution.ts';
import { cumulativeSum } from '../../src/diff/cumulative-sum.ts';
import { dropout, dropoutMask } from '../../src/diff/dropout.ts';
import { clip, exp, relu, sigmoid } from '../../src/diff/elementwise.ts';
import { fornbergWeights } from '../../src/diff/fornberg.ts';
import { grad, vjp } from '../../src/diff/grad.ts';
import { gradientCheck } from '../../src/diff/gradient-check.ts';
import { layerNorm } from '../../src/diff/layer-norm.ts';
import { averagePool, maxPool } from '../../src/diff/pooling.ts';
import { linear, matmul } from '../../src/diff/product.ts';
import { max, sum } from '../../src/diff/reduction.ts';
import { reshape } from '../../src/diff/reshape.ts';
import { softArgmax, softMaximum } from '../../src/diff/soft-maximum.ts';
import { finiteDifference } from '../../src/diff/stencils.ts';
import { full, item, type Tensor, tensor } from '../../src/diff/tensor.ts';
import { where } from '../../src/diff/where.ts';
import { createRandom } from '../../src/random.ts';
import { close, normalTensors } from './random-tensors.ts';

const noise = normalTensors(5);

describe('convolution', () => {
  test('worked by hand: a stride, a margin of zeros, a gap between taps', () => {
    const x = tensor([1, 2, 3, 4, 5], [1, 1, 5]);
    const w = tensor([1, 10], [1, 1, 2]);
    expect([...conv1d(x, w).data]).toEqual([21, 32, 43, 54]);
    expect([...conv1d(x, w, { stride: 2 }).data]).toEqual([21, 43]);
    expect([...conv1d(x, w, { padding: 1 }).data]).toEqual([10, 21, 32, 43, 54, 5]);
    expect([...conv1d(x, w, { dilation: 3 }).data]).toEqual([41, 52]);
  });
  test('channels add up, outputs stand side by side', () => {
    const x = tensor([1, 2, 10, 20], [1, 2, 2]);
    const w = tensor([1, 2, 3, 4], [2, 2, 1]);
    expect([...conv1d(x, w).data]).toEqual([21, 42, 43, 86]);
  });
  test('options that are no whole numbers and signals too short are refused with the numbers', () => {
    const x = full([1, 1, 3], 0);
    expect(() => conv1d(x, full([1, 1, 4], 0))).toThrow(/conv1d.*\[1, 1, 3\].*\[1, 1, 4\]/);
    expect(() => conv1d(x, full([1, 2, 2], 0))).toThrow(/\[1, 2, 2\]/);
    expect(() => conv1d(x, full([1, 1, 2], 0), { stride: 0.5 })).toThrow(/stride 0.5/);
  });
});

describe('one operator, two gradients', () => {
  const samplingFrequency = 360;
  const length = 24;
  const operator = finiteDifference(1, 4, length, samplingFrequency);
  const coefficients = fornbergWeights(1, [-2, -1, 0, 1, 2], 0).map(w => w * samplingFrequency);
  const voltage = tensor(
    Float64Array.from({ length }, (_, i) => 1.2 * Math.exp(-(((i - 11.3) / 3) ** 2)) - 0.1 * Math.sin(i / 5)),
  );
  /** A probability made of the steepest slope (mV/s) and of the mean square one. */
  const probability = (slopes: Tensor): Tensor => {
    const steepest = softMaximum(slopes, 0.05);
    const energy = mul(sum(mul(slopes, slopes)), 1e-5);
    return sigmoid(sub(mul(steepest, 0.03), energy));
  };
  const asStencil = (v: Tensor, w: Tensor): Tensor =>
    conv1d(reshape(v, [1, 1, length]), reshape(w, [1, 1, w.shape[0]!]));

  test('the operator of signal processing and the convolution are one derivative', () => {
    const inner = linear(operator, voltage).data.subarray(2, length - 2);
    close(asStencil(voltage, tensor(coefficients)).data, inner, 10);
  });
  test('(a) the probability by the millivolts, through the operator', () => {
    const check = gradientCheck(v => probability(linear(operator, v!)), [voltage]);
    expect(check.worstError).toBeLessThan(1e-7);
    expect(Math.abs(check.gradient)).toBeLessThan(Number.POSITIVE_INFINITY);
    expect(max(grad(v => probability(linear(operator, v)))(voltage)).data[0]).toBeGreaterThan(0.1);
  });
  test("(b) the probability by the stencil's own coefficients", () => {
    const ofCoefficients = (w: Tensor): Tensor => probability(asStencil(voltage, w));
    const check = gradientCheck(w => ofCoefficients(w!), [tensor(coefficients)], { epsilon: 1e-5 });
    expect(check.worstError).toBeLessThan(1e-9);
    // The check compares absolutely below 1: these gradients are small, so they are compared relatively too.
    const gradient = grad(ofCoefficients)(tensor(coefficients)).data;
    gradient.forEach((g, k) => {
      const at = (by: number): number =>
        item(ofCoefficients(tensor(coefficients.map((w, j) => (j === k ? w + by : w)))));
      expect((at(1e-2) - at(-1e-2)) / 2e-2 / g).toBeCloseTo(1, 5);
    });
  });
});

describe('pooling', () => {
  const x = tensor([3, 1, 4, 1, 5, 9, 2], [1, 7]);
  test('by hand; the rest that fills no window is left', () => {
    expect([...averagePool(x, { size: 2 }).data]).toEqual([2, 2.5, 7]);
    expect([...maxPool(x, { size: 3 }).data]).toEqual([4, 9]);
    expect([...maxPool(x, { size: 3, stride: 2 }).data]).toEqual([4, 5, 9]);
  });
  test('the gradient of a tie goes to the first of them; NaN is the largest', () => {
    expect([...grad(v => sum(maxPool(v, { size: 3 })))(tensor([2, 2, 1])).data]).toEqual([1, 0, 0]);
    expect(maxPool(tensor([1, Number.NaN, 2]), { size: 3 }).data[0]).toBeNaN();
  });
  test('windows that do not fit are refused', () => {
    expect(() => maxPool(x, { size: 8 })).toThrow(/maxPool.*window of 8.*\[1, 7\]/);
    expect(() => averagePool(x, { size: 0 })).toThrow(/size 0/);
  });
});

describe('normalisation and dropout', () => {
  test('layer normalisation has mean 0 and variance 1 a row, then gain and bias; differentiable', () => {
    const x = noise([3, 8]);
    const y = layerNorm(x, full([8], 1), full([8], 0), 0);
    for (let row = 0; row < 3; row++) {
      const values = y.data.subarray(8 * row, 8 * row + 8);
      expect(values.reduce((s, v) => s + v, 0)).toBeCloseTo(0, 12);
      expect(values.reduce((s, v) => s + v * v, 0) / 8).toBeCloseTo(1, 12);
    }
    const check = gradientCheck((a, g, b) => layerNorm(a!, g!, b!), [x, noise([8]), noise([8])], {
      weights: noise([3, 8]),
    });
    expect(check.worstError).toBeLessThan(1e-8);
  });
  test('a dropout mask keeps the expectation, and comes again from the same seed', () => {
    const mask = dropoutMask([100, 100], 0.3, createRandom(3));
    expect(new Set(mask.data)).toEqual(new Set([0, 1 / 0.7]));
    // 10,000 draws: the standard deviation of the mean is √(0.3/0.7)/100 = 0.0065.
    expect(sum(mask).data[0]! / 10_000).toBeCloseTo(1, 1);
    expect(dropoutMask([100, 100], 0.3, createRandom(3))).toEqual(mask);
    expect([...dropout(tensor([1, 2]), tensor([0, 2])).data]).toEqual([0, 4]);
    expect(() => dropoutMask([1], 1, createRandom(1))).toThrow(/rate.*1/);
  });
});

describe('sums, soft maximum and soft argmax', () => {
  test('cumulative sums along either axis', () => {
    const x = tensor([
      [1, 2, 3],
      [10, 20, 30],
    ]);
    expect([...cumulativeSum(x).data]).toEqual([1, 3, 6, 10, 30, 60]);
    expect([...cumulativeSum(x, 0).data]).toEqual([1, 2, 3, 11, 22, 33]);
  });
  test('the soft maximum lies between the maximum and ln(n)/β above it', () => {
    const x = noise([50]);
    const hard = item(max(x));
    for (const sharpness of [1, 10, 1000]) {
      const soft = item(softMaximum(x, sharpness));
      expect(soft).toBeGreaterThan(hard - 1e-14);
      expect(soft).toBeLessThanOrEqual(hard + Math.log(50) / sharpness);
    }
    expect(() => softMaximum(x, 0)).toThrow(/sharpness/);
  });
  test('the soft argmax of a sampled parabola moves with its top, between the samples too', () => {
    const parabola = (top: number): Tensor =>
      tensor(Float64Array.from({ length: 41 }, (_, i) => -((i - top) ** 2)));
    for (const top of [20, 20.25, 20.5]) expect(item(softArgmax(parabola(top), 0.5))).toBeCloseTo(top, 6);
    close(
      softArgmax(
        tensor([
          [0, 9, 0],
          [9, 0, 0],
        ]),
        50,
      ).data,
      [1, 0],
    );
  });
  test('clip has no gradient at or beyond its bounds', () => {
    const x = tensor([-3, -1, 0.5, 1, 2]);
    expect([...clip(x, -1, 1).data]).toEqual([-1, -1, 0.5, 1, 1]);
    expect([...grad(v => sum(clip(v, -1, 1)))(x).data]).toEqual([0, 0, 1, 0, 0]);
    expect(() => clip(x, 1, -1)).toThrow(/bound 1 is above the upper bound -1/);
  });
});

describe('no NaN out of a branch not taken', () => {
  const infinite = full([3], Number.POSITIVE_INFINITY);
  test.each([
    ['relu', (x: Tensor) => relu(x), [0, 0, Infinity]],
    ['max', (x: Tensor) => max(x), [0, 0, Infinity]],
    ['clip', (x: Tensor) => clip(x, -1, 0), [0, 0, 0]],
    ['maxPool', (x: Tensor) => maxPool(x, { size: 3 }), [0, 0, Infinity]],
    ['where', (x: Tensor) => where(gate(1, x), x, 0), [0, 0, Infinity]],
  ] as const)('%s stops even an infinite gradient', (_, f, expected) => {
    const { value, pullback } = vjp(x => f(x!), tensor([-2, -1, 3]));
    const ct = { shape: value.shape, data: infinite.data.subarray(0, value.data.length) };
    expect([...pullback(ct)[0]!.data]).toEqual([...expected]);
  });
  test('exp past its range behind a mask', () => {
    const x = tensor([1000, 1]);
    const f = (v: Tensor): Tensor => sum(where(tensor([0, 1]), exp(v), 0));
    expect([...grad(f)(x).data]).toEqual([0, Math.E]);
  });
});

test('matmul refuses shapes that do not chain', () => {
  expect(() => matmul(full([2, 3], 0), full([2, 3], 0))).toThrow(/\[2, 3\].*\[2, 3\]/);
});
