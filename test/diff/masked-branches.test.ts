/** Branches that are not taken leave no NaN in a gradient, and Jacobians can be nested. */
import { describe, expect, test } from 'vitest';
import { div, mul } from '../../src/diff/arithmetic.ts';
import { createProgram } from '../../src/diff/compile.ts';
import { conv1d } from '../../src/diff/convolution.ts';
import { abs, exp, log, pow, sigmoid, softplus, sqrt, step, tanh } from '../../src/diff/elementwise.ts';
import { grad, hessianVectorProduct, jacobian, jvp } from '../../src/diff/grad.ts';
import { matmul } from '../../src/diff/product.ts';
import { logSoftmax, logSumExp, max, softmax, sum } from '../../src/diff/reduction.ts';
import { transpose } from '../../src/diff/reshape.ts';
import { full, item, type Tensor, tensor } from '../../src/diff/tensor.ts';
import { where } from '../../src/diff/where.ts';

describe('branches not taken and nested Jacobians', () => {
  const masked: Record<string, (x: Tensor) => Tensor> = {
    sqrt: x => where(step(x), sqrt(x), 0),
    log: x => where(step(x), log(x), 0),
    'division by 0': x => where(step(x), div(1, x), 0),
    power: x => where(step(x), pow(x, 0.5), 0),
    'x log x': x => where(step(x), mul(x, log(x)), 0),
    'exp past its range': x => where(step(x), exp(mul(x, 0.1)), exp(mul(x, -1e6))),
  };
  test.each(Object.entries(masked))('%s: what is masked gives a gradient of 0, not NaN', (name, f) => {
    const gradient = grad(x => sum(where(tensor([0, 0, 1]), f(x), 0)))(tensor([-1, 0, 4])).data;
    expect([...gradient.subarray(0, 2)]).toEqual([0, 0]);
    const derivative = {
      sqrt: 0.25,
      log: 0.25,
      'division by 0': -1 / 16,
      power: 0.25,
      'x log x': 1 + Math.log(4),
    };
    expect(gradient[2]).toBeCloseTo(derivative[name as keyof typeof derivative] ?? 0.1 * Math.exp(0.4), 12);
  });
  test.each(Object.entries(masked))('%s: nor do second derivatives and tangents', (_, f) => {
    const behind = (x: Tensor): Tensor => sum(where(tensor([0, 0, 1]), f(x), 0));
    const open = (x: Tensor): Tensor => sum(f(x));
    const x = tensor([-1, 0, 4]);
    const v = tensor([1, 2, 3]);
    const second = hessianVectorProduct(behind, x, v).data;
    expect([...second.subarray(0, 2)]).toEqual([0, 0]);
    expect(second[2]).toBeCloseTo(hessianVectorProduct(open, tensor([4]), tensor([3])).data[0]!, 12);
    expect(item(jvp(behind, x, v))).toBeCloseTo(item(jvp(open, tensor([4]), tensor([3]))), 12);
  });
  test.each(Object.entries({ abs, sigmoid, softplus, tanh, exp }))(
    '%s of what is NaN behind a mask passes on 0, not NaN',
    (_, f) => {
      const x = tensor([-1, 4]);
      const gradient = grad(v => sum(where(step(v), f(sqrt(v)), 0)))(x).data;
      expect(gradient[0]).toBe(0);
      expect(gradient[1]).toBeCloseTo(grad(v => sum(f(sqrt(v))))(tensor([4])).data[0]!, 14);
    },
  );
  describe('sums of products', () => {
    const broken = tensor([
      [Number.NaN, 1],
      [2, 3],
      [Number.POSITIVE_INFINITY, 4],
      [5, 6],
    ]);
    const whole = tensor([
      [2, 3],
      [5, 6],
    ]);
    const weights = tensor([
      [1, -2, 0.5],
      [0.3, 0.7, -1],
    ]);
    const rows = tensor([[0], [1], [0], [1]]);
    const masked = (x: Tensor, w: Tensor): Tensor => sum(where(rows, pow(matmul(x, w), 2), 0));
    const open = (x: Tensor, w: Tensor): Tensor => sum(pow(matmul(x, w), 2));

    test('a row of samples that are invalid behind a mask leaves the weights their gradient', () => {
      const expected = grad((w: Tensor) => open(whole, w))(weights);
      expect(grad((w: Tensor) => masked(broken, w))(weights)).toEqual(expected);
      const turned = (w: Tensor): Tensor =>
        sum(where(transpose(rows), pow(matmul(w, broken, { transposeA: true, transposeB: true }), 2), 0));
      expect(grad(turned)(weights)).toEqual(expected);
      const v = full([2, 3], 1);
      expect(hessianVectorProduct(w => masked(broken, w), weights, v).data).toEqual(
        hessianVectorProduct(w => open(whole, w), weights, v).data,
      );
    });

    test('compiled, in either precision, with kernels and without', () => {
      const expected = grad((w: Tensor) => open(whole, w))(weights).data;
      for (const precision of ['float64', 'float32'] as const) {
        for (const native of [true, false]) {
          const program = createProgram(
            (x, w) => [grad((v: Tensor) => masked(x!, v))(w!)],
            [broken, weights],
            {
              precision,
              native,
            },
          );
          program.run();
          for (const [k, value] of program.outputs[0]!.data.entries()) {
            expect(value).toBeCloseTo(expected[k]!, precision === 'float64' ? 12 : 3);
          }
        }
      }
    });

    test('convolution: an invalid sample, an invalid weight', () => {
      const x = tensor([0.3, -1, 2, 0.7, 1.1, -0.4, 0.9, 1.6], [2, 1, 4]);
      const invalid = tensor([0.3, -1, 2, 0.7, 1.1, Number.NaN, Number.NEGATIVE_INFINITY, 1.6], [2, 1, 4]);
      const taps = tensor([0.5, -1, 0.25, 1, 2, 3], [2, 1, 3]);
      const samples = tensor([1, 0], [2, 1, 1]);
      const loss = (signal: Tensor, w: Tensor): Tensor =>
        sum(where(samples, pow(conv1d(signal, w, { padding: 1 }), 2), 0));
      const expected = grad((w: Tensor) => loss(x, w))(taps).data;
      const found = grad((w: Tensor) => loss(invalid, w))(taps).data;
      for (const [k, value] of found.entries()) expect(value).toBeCloseTo(expected[k]!, 12);
      const program = createProgram((s, w) => [grad((v: Tensor) => loss(s!, v))(w!)], [invalid, taps]);
      program.run();
      for (const [k, value] of program.outputs[0]!.data.entries()) {
        expect(value).toBeCloseTo(expected[k]!, 12);
      }
      const outputs = tensor([1, 0], [2, 1]);
      const bad = tensor([0.5, -1, 0.25, Number.NaN, 2, Number.POSITIVE_INFINITY], [2, 1, 3]);
      const through = (signal: Tensor, w: Tensor): Tensor =>
        sum(where(outputs, pow(conv1d(signal, w, { padding: 1 }), 2), 0));
      const back = grad((s: Tensor) => through(s, bad))(x).data;
      const right = grad((s: Tensor) => through(s, taps))(x).data;
      for (const [k, value] of back.entries()) expect(value).toBeCloseTo(right[k]!, 12);
    });
  });

  test.each(
    Object.entries({
      softmax: (x: Tensor) => softmax(log(x)),
      logSoftmax: (x: Tensor) => logSoftmax(log(x)),
      logSumExp: (x: Tensor) => logSumExp(log(x), { axis: 1, keepDims: true }),
      max: (x: Tensor) => max(log(x), { axis: 1, keepDims: true }),
    }),
  )('%s of a row that is NaN behind a mask passes on 0, not NaN', (_, f) => {
    const x = tensor([
      [-1, 2],
      [1, 2],
    ]);
    const gradient = grad(v => sum(where(tensor([[0], [1]]), mul(f(v), tensor([1, 3])), 0)))(x).data;
    expect([...gradient.subarray(0, 2)]).toEqual([0, 0]);
    const alone = grad(v => sum(mul(f(v), tensor([1, 3]))))(tensor([[1, 2]])).data;
    expect([...gradient.subarray(2)]).toEqual([...alone]);
  });
  test('a Jacobian can be differentiated: the Hessian of x³ is diag(6x)', () => {
    const cubes = (x: Tensor): Tensor => mul(x, mul(x, x));
    const second = jacobian(jacobian(cubes))(tensor([1, 2]));
    expect(second.shape).toEqual([2, 2, 2]);
    expect([...second.data]).toEqual([6, 0, 0, 0, 0, 0, 0, 12]);
    expect([...grad(z => sum(jacobian(q => mul(q, q))(z)))(tensor([1, 2, 3])).data]).toEqual([2, 2, 2]);
  });
});
