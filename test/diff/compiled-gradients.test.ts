/** Compiled gradients against traced ones, and what cannot be compiled. */
import { describe, expect, test } from 'vitest';
import { add, mul, neg } from '../../src/diff/arithmetic.ts';
import { compile } from '../../src/diff/compile.ts';
import { tanh } from '../../src/diff/elementwise.ts';
import { grad, jacobian, valueAndGrad } from '../../src/diff/grad.ts';
import { matmul } from '../../src/diff/product.ts';
import { logSoftmax, mean, sum } from '../../src/diff/reduction.ts';
import { type Tensor, tensor } from '../../src/diff/tensor.ts';

describe('compile', () => {
  const loss = (w: Tensor, x: Tensor, t: Tensor): Tensor => neg(mean(mul(t, logSoftmax(matmul(tanh(x), w)))));
  const weights = tensor([
    [0.1, -0.2],
    [0.4, 0.3],
    [-0.5, 0.2],
  ]);
  const batch = tensor([
    [1, 2, 3],
    [-1, 0.5, 2],
  ]);
  const target = tensor([
    [1, 0],
    [0, 1],
  ]);

  test('a compiled gradient equals the traced one, again and again, on new inputs', () => {
    const slow = (w: Tensor, x: Tensor, t: Tensor): readonly Tensor[] => {
      const { value, gradients } = valueAndGrad(v => loss(v!, x, t))(w);
      return [value, gradients[0]!];
    };
    const fast = compile((w, x, t) => slow(w!, x!, t!), weights, batch, target);
    for (const scale of [1, -2, 0.25]) {
      const w = mul(weights, scale);
      const x = add(batch, scale);
      const expected = slow(w, x, target);
      const got = fast(w, x, target);
      expect([...got[0]!.data]).toEqual([...expected[0]!.data]);
      expect([...got[1]!.data]).toEqual([...expected[1]!.data]);
    }
  });
  test('a function that reads numbers while it is traced is refused, not frozen', () => {
    const peeking = (x: Tensor): readonly Tensor[] => [mul(x, mul(x, 2).data[0]!)];
    expect(() => compile(x => peeking(x!), tensor([1, 2]))).toThrow(/reads values/);
  });
  test('a Jacobian compiles', () => {
    const fast = compile(x => [jacobian(z => mul(z, z))(x!)], tensor([1, 2]));
    expect([...fast(tensor([3, 5]))[0]!.data]).toEqual([6, 0, 0, 10]);
  });
  test('a gradient through a compiled function is refused, not 0', () => {
    const fast = compile(x => [mul(x!, x!)], tensor([1, 2]));
    expect(() => grad(x => sum(fast(x)[0]!))(tensor([1, 2]))).toThrow(/compile: .*differentiate inside/);
    expect([...fast(tensor([3, 4]))[0]!.data]).toEqual([9, 16]);
  });
  test('other shapes are refused', () => {
    const fast = compile((w, x, t) => [loss(w!, x!, t!)], weights, batch, target);
    expect(() => fast(weights, tensor([[1, 2, 3]]), target)).toThrow(/input 1.*\[1, 3\].*\[2, 3\]/);
  });
});
