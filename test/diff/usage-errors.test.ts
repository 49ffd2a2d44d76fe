/** What a user may get wrong: errors that say what to do, and derivatives at points that need care. */
import { describe, expect, test } from 'vitest';
import { add, mul, neg, sub } from '../../src/diff/arithmetic.ts';
import { equal, greater, less, maximum, minimum } from '../../src/diff/comparison.ts';
import { compile, createProgram } from '../../src/diff/compile.ts';
import { conv1d } from '../../src/diff/convolution.ts';
import { log1p, pow, stopGradient } from '../../src/diff/elementwise.ts';
import { erf } from '../../src/diff/error-function.ts';
import { grad, jvp, valueAndGrad, vjp } from '../../src/diff/grad.ts';
import { gradientCheck } from '../../src/diff/gradient-check.ts';
import { maxPool } from '../../src/diff/pooling.ts';
import { matmul } from '../../src/diff/product.ts';
import { argmax, max, mean, sum, variance } from '../../src/diff/reduction.ts';
import { pad } from '../../src/diff/slice.ts';
import { type Tensor, tensor } from '../../src/diff/tensor.ts';

describe('errors say what to do', () => {
  test('reading numbers under a gradient, at any depth of it, loses the gradient and is refused', () => {
    const square = (x: Tensor): Tensor => tensor(x.data[0]! ** 2);
    for (const call of [
      () => grad(square)(tensor(3)),
      () => grad(x => sum(grad(y => mul(y, square(x)))(tensor(1))))(tensor(3)),
      () => jvp(square, tensor(3), tensor(1)),
      () => vjp(x => square(x!), tensor(3)),
      () => gradientCheck(x => square(x!), [tensor(3)]),
    ]) {
      expect(call).toThrow(/use operations, or stopGradient\(x\)\.data/);
    }
  });
  test('stopGradient gives the numbers as constants', () => {
    const f = (x: Tensor): Tensor => mul(x, stopGradient(x).data[0]!);
    expect(grad(x => sum(f(x)))(tensor([3])).data[0]).toBe(3);
    expect(grad(x => sum(grad(y => sum(f(mul(x, y))))(tensor([1]))))(tensor([3])).data[0]).toBe(3);
    expect(() => compile(x => [f(x!)], tensor([3]))).toThrow(/only known when the program runs/);
    expect(compile(x => [mul(x!, stopGradient(x!))], tensor([3]))(tensor([4]))[0]!.data[0]).toBe(16);
  });
  test('what is no tensor', () => {
    for (const call of [
      () => grad(x => mul(x, x))(3 as never),
      () => add([1, 2] as never, 1),
      () => sum('ab' as never),
      () => matmul(new Float64Array(2) as never, tensor([1])),
      () => conv1d({} as never, tensor([1])),
      () => grad(() => 3 as never)(tensor([1])),
      () => compile(x => x as never, tensor([1])),
      () => compile(x => [x!], tensor([1]))(3 as never),
    ]) {
      expect(call).toThrow(TypeError);
      expect(call).toThrow(/tensor\(…\)|a list of tensors/);
    }
  });
  test('a missing input of a compiled function', () => {
    const product = compile((x, y) => [mul(x!, y!)], tensor([1]), tensor(2));
    expect(() => product(tensor([5]))).toThrow(/takes 2 inputs, as in the example, not 1/);
  });
  test('unknown options', () => {
    for (const call of [
      () => sum(tensor([1]), { axes: 0 } as never),
      () => variance(tensor([1]), { ddof: 1 } as never),
      () => conv1d(tensor([[[1, 2]]]), tensor([[[1]]]), { pading: 1 } as never),
      () => maxPool(tensor([1, 2]), { size: 1, strides: 1 } as never),
      () => matmul(tensor([[1]]), tensor([[1]]), { transpose: true } as never),
      () => createProgram(x => [x!], [tensor([1])], { float32: true } as never),
      () => gradientCheck(x => x!, [tensor([1])], { eps: 1 } as never),
    ]) {
      expect(call).toThrow(/there is no option '\w+'; the options are \w+/);
    }
  });
});

describe('derivatives that were wrong or missing', () => {
  test('the mixed derivative of a^b at b = 0 is 1/a, in either order; a constant term has derivative 0 anywhere', () => {
    for (const base of [2, 0.5, 7]) {
      const byA = grad(b => sum(grad(a => sum(pow(a, b)))(tensor([base]))))(tensor([0]));
      const byB = grad(a => sum(grad(b => sum(pow(a, b)))(tensor([0]))))(tensor([base]));
      expect(byA.data[0]).toBeCloseTo(1 / base, 14);
      expect(byB.data[0]).toBeCloseTo(1 / base, 14);
    }
    for (const base of [0, -3, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(grad(a => sum(pow(a, 0)))(tensor([base])).data[0]).toBe(0);
    }
    expect(grad(a => sum(pow(a, 1)))(tensor([0])).data[0]).toBe(1);
  });
  // `python3 -c "import math; print(math.erf(x))"`; 0.5, 1 and 2 also in Abramowitz & Stegun 1964, table 7.1.
  test.each([
    [0, 0],
    [1e-10, 1.1283791670955126e-10],
    [0.5, 0.5204998778130465],
    [1, 0.8427007929497149],
    [2, 0.9953222650189527],
    [2.5, 0.9995930479825551],
    [3, 0.9999779095030014],
    [5, 0.9999999999984626],
    [7, 1],
  ])('erf %d', (x, y) => {
    for (const sign of [1, -1]) {
      expect(Math.abs(erf(sign * x).data[0]! - sign * y)).toBeLessThanOrEqual(3e-16 * Math.max(y, 1e-10));
    }
    expect(erf(Number.NaN).data[0]).toBeNaN();
  });
  test('log1p keeps a small x', () => {
    expect(log1p(1e-20).data[0]).toBe(1e-20);
  });
  test('the larger of two shares its gradient at a tie; NaN shows; comparisons with NaN are false', () => {
    const gradients = valueAndGrad((a, b) => sum(maximum(a!, b!)))(
      tensor([1, 2, 3]),
      tensor([3, 2, 1]),
    ).gradients;
    expect(gradients.map(g => [...g.data])).toEqual([
      [0, 0.5, 1],
      [1, 0.5, 0],
    ]);
    expect(maximum(Number.NaN, 1).data[0]).toBeNaN();
    expect(minimum(1, Number.NaN).data[0]).toBeNaN();
    for (const compared of [equal, less, greater]) expect(compared(Number.NaN, Number.NaN).data[0]).toBe(0);
    expect(minimum(tensor([1, 5]), 3).data).toEqual(neg(maximum(neg(tensor([1, 5])), -3)).data);
  });
  test('argmax is where max is; the first at a tie; a NaN if there is one', () => {
    expect([
      ...argmax(
        tensor([
          [1, 3, 3],
          [9, 2, 9],
        ]),
      ).data,
    ]).toEqual([1, 0]);
    expect([
      ...argmax(
        tensor([
          [1, 3],
          [9, 2],
        ]),
        0,
      ).data,
    ]).toEqual([1, 0]);
    expect(argmax(tensor([1, Number.NaN, 5])).data[0]).toBe(1);
  });
  test('variance by its definition, of a population and of a sample', () => {
    const x = tensor([
      [1, 2, 4],
      [0, 0, 9],
    ]);
    const m = mean(x, { axis: 1, keepDims: true });
    const squares = sum(mul(sub(x, m), sub(x, m)), { axis: 1 }).data;
    expect([...variance(x, { axis: 1 }).data]).toEqual([...squares].map(s => s * (1 / 3)));
    expect([...variance(x, { axis: 1, correction: 1 }).data]).toEqual([...squares].map(s => s / 2));
    expect(() => variance(tensor([1]), { correction: 1 })).toThrow(/1 numbers, less a correction of 1/);
  });
  test('padding keeps what is inside, infinities too', () => {
    expect([...pad(tensor([Number.POSITIVE_INFINITY, 1]), [[1, 2]], -5).data]).toEqual([
      -5,
      Infinity,
      1,
      -5,
      -5,
    ]);
    expect(
      max(
        pad(tensor([[1]]), [
          [0, 1],
          [1, 0],
        ]),
      ).data[0],
    ).toBe(1);
  });
  test('a stack of matrices is multiplied one by one, and broadcast', () => {
    const a = tensor(
      Float64Array.from({ length: 24 }, (_, i) => Math.sin(i)),
      [2, 2, 2, 3],
    );
    const b = tensor(
      Float64Array.from({ length: 18 }, (_, i) => Math.cos(i)),
      [2, 3, 3],
    );
    const product = matmul(a, b);
    expect(product.shape).toEqual([2, 2, 2, 3]);
    for (let i = 0; i < 2; i++) {
      for (let j = 0; j < 2; j++) {
        const left = tensor(a.data.slice((2 * i + j) * 6, (2 * i + j + 1) * 6), [2, 3]);
        const right = tensor(b.data.slice(j * 9, (j + 1) * 9), [3, 3]);
        expect([...product.data.subarray((2 * i + j) * 6, (2 * i + j + 1) * 6)]).toEqual([
          ...matmul(left, right).data,
        ]);
      }
    }
    const one = tensor(b.data.slice(0, 9), [3, 3]);
    expect([...matmul(a, one).data.subarray(0, 6)]).toEqual([
      ...matmul(tensor(a.data.slice(0, 6), [2, 3]), one).data,
    ]);
    expect(gradientCheck((x, y) => matmul(x!, y!), [a, b]).worstError).toBeLessThan(1e-7);
    expect(gradientCheck((x, y) => matmul(x!, y!, { transposeA: true }), [b, b]).worstError).toBeLessThan(
      1e-7,
    );
  });
});
