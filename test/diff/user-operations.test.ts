/** Operations of one’s own, named parameters and nested numbers. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { add, mul } from '../../src/diff/arithmetic.ts';
import { compile, createProgram } from '../../src/diff/compile.ts';
import { defineOperation } from '../../src/diff/define-operation.ts';
import { exp, tanh } from '../../src/diff/elementwise.ts';
import { grad, jvp, valueAndGrad } from '../../src/diff/grad.ts';
import { checkOperation } from '../../src/diff/gradient-check.ts';
import { matmul } from '../../src/diff/product.ts';
import { sum } from '../../src/diff/reduction.ts';
import { type Tensor, tensor } from '../../src/diff/tensor.ts';

describe('an operation of one’s own', () => {
  const cube = defineOperation({
    name: 'cube',
    forward: x =>
      tensor(
        x.data.map(v => v ** 3),
        x.shape,
      ),
    vjp: (ct, [x]) => [mul(ct, mul(3, mul(x!, x!)))],
    jvp: ([v], [x]) => mul(v!, mul(3, mul(x!, x!))),
  });
  const outer = defineOperation({
    name: 'outer',
    shape: ([n], [m]) => [n!, m!],
    forward: (a, b) =>
      tensor(
        Float64Array.from({ length: a.data.length * b.data.length }, (_, i) => {
          return a.data[Math.floor(i / b.data.length)]! * b.data[i % b.data.length]!;
        }),
        [a.data.length, b.data.length],
      ),
    vjp: (ct, [a, b]) => [sum(mul(ct, b!), { axis: 1 }), sum(mul(ct, matmulColumn(a!)), { axis: 0 })],
  });
  const matmulColumn = (a: Tensor): Tensor => matmul(columnOf(a), tensor([[1]]));
  const columnOf = (a: Tensor): Tensor => ({ ...a, shape: [a.shape[0]!, 1] });

  test('passes the checks of the built-in operations', () => {
    const { gradient, secondGradient, adjointError, compiledError } = checkOperation(cube, [
      tensor([0.7, -1.2, 2]),
    ]);
    expect(gradient.worstError).toBeLessThan(1e-7);
    expect(secondGradient.worstError).toBeLessThan(1e-6);
    expect(adjointError).toBeLessThan(1e-13);
    expect(compiledError).toBe(0);
  });
  test('has derivatives of any order, forward mode, and compiles in both precisions', () => {
    expect(grad(x => sum(cube(x)))(tensor([2])).data[0]).toBe(12);
    expect(grad(x => sum(grad(y => sum(cube(y)))(x)))(tensor([2])).data[0]).toBe(12);
    expect(jvp(x => cube(x), tensor([2, 3]), tensor([1, 10])).data).toEqual(Float64Array.of(12, 270));
    expect(compile(x => [grad(y => sum(cube(y)))(x!)], tensor([1]))(tensor([5]))[0]!.data[0]).toBe(75);
    const single = createProgram(x => [cube(x!)], [tensor([1.5])], { precision: 'float32' });
    single.run();
    expect([...single.outputs[0]!.data]).toEqual([3.375]);
  });
  test('of two inputs, without a forward derivative', () => {
    const f = (a: Tensor, b: Tensor): Tensor => outer(a, b);
    expect(f(tensor([1, 2]), tensor([3, 4, 5])).data).toEqual(Float64Array.of(3, 4, 5, 6, 8, 10));
    expect(grad(b => sum(outer(tensor([1, 2]), b)))(tensor([3, 4, 5])).data).toEqual(
      Float64Array.of(3, 3, 3),
    );
    expect(jvp(b => outer(tensor([1, 2]), b), tensor([3, 4]), tensor([1, 0])).data).toEqual(
      Float64Array.of(1, 0, 2, 0),
    );
  });
  test('a wrong derivative is found by these checks', () => {
    const wrong = defineOperation({
      name: 'wrong',
      forward: x => tensor(x.data.map(Math.exp), x.shape),
      vjp: (ct, [x]) => [mul(ct, x!)],
      jvp: ([v], [x]) => mul(v!, exp(x!)),
    });
    const { gradient, adjointError } = checkOperation(wrong, [tensor([0.5])]);
    expect(gradient.worstError).toBeGreaterThan(0.1);
    expect(adjointError).toBeGreaterThan(0.1);
  });
  test('a definition or a derivative of the wrong form is named', () => {
    expect(() => defineOperation({ name: 'x' } as never)).toThrow(
      /needs a name, a forward function and its vjp/,
    );
    const short = defineOperation({ name: 'short', forward: x => x, vjp: () => [] });
    expect(() => grad(x => sum(short(x)))(tensor([1]))).toThrow(
      /short: vjp must return a list of 1 cotangents/,
    );
    const misshapen = defineOperation({ name: 'misshapen', forward: x => x, vjp: () => [tensor([1, 2])] });
    expect(() => grad(x => sum(misshapen(x)))(tensor([1]))).toThrow(
      /misshapen: vjp of input 0 gives the shape \[2\], not/,
    );
    const odd = defineOperation({ name: 'odd', shape: () => [3], forward: x => x, vjp: ct => [ct] });
    expect(() => odd(tensor([1]))).toThrow(/odd: forward gives the shape \[1\], not/);
  });
});

describe('named parameters', () => {
  const loss = ({ w, b }: { w: Tensor; b: Tensor }): Tensor => sum(tanh(add(matmul(tensor([[1, 2]]), w), b)));
  const at = { w: tensor([[0.1], [0.2]]), b: tensor([0.3]) };
  test('an object of parameters gives an object of gradients, and second derivatives', () => {
    const { value, gradients } = valueAndGrad(loss)(at);
    expect(Object.keys(gradients)).toEqual(['w', 'b']);
    const slope = 1 - Math.tanh(0.8) ** 2;
    expect(value.data[0]).toBeCloseTo(Math.tanh(0.8), 15);
    expect(grad(loss)(at).w.data[1]).toBeCloseTo(2 * slope, 15);
    expect(grad(loss)(at).b.shape).toEqual([1]);
    const curvature = grad((p: { w: Tensor; b: Tensor }) => sum(grad(loss)(p).b))(at);
    expect(curvature.b.data[0]).toBeCloseTo(-2 * Math.tanh(0.8) * slope, 14);
  });
  test('compiles', () => {
    const step = compile((w, b) => Object.values(grad(loss)({ w: w!, b: b! })), at.w, at.b);
    expect(step(at.w, at.b).map(x => [...x.data])).toEqual(
      Object.values(grad(loss)(at)).map(x => [...x.data]),
    );
  });
});

describe('numbers of any nesting', () => {
  test('three levels, rows of typed arrays, nothing at all', () => {
    expect(
      tensor([
        [
          [1, 2],
          [3, 4],
        ],
      ]).shape,
    ).toEqual([1, 2, 2]);
    expect(tensor([[[[5]]]])).toEqual({ shape: [1, 1, 1, 1], data: Float64Array.of(5) });
    expect(tensor([Float64Array.of(1, 2), Float64Array.of(3, 4)])).toEqual(
      tensor([
        [1, 2],
        [3, 4],
      ]),
    );
    expect(tensor(Float32Array.of(0.5, 1)).data).toEqual(Float64Array.of(0.5, 1));
    expect(tensor([]).shape).toEqual([0]);
    expect(tensor([[], []]).shape).toEqual([2, 0]);
  });
  test('the shape holds the numbers in their order, at any depth', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 1, maxLength: 5 }), shape => {
        let next = 0;
        const nested = (depth: number): number | unknown[] =>
          depth === shape.length ? next++ : Array.from({ length: shape[depth]! }, () => nested(depth + 1));
        const made = tensor(nested(0) as number[]);
        expect(made.shape).toEqual(shape);
        expect([...made.data]).toEqual(Array.from({ length: next }, (_, i) => i));
      }),
    );
  });
  test.each([
    [[[1, 2], [3]], /row 1 has 1 numbers, row 0 has 2/],
    [[[[1], [2]], [[3]]], /row 1 has 1/],
    [[1, [2]], /tensor/],
    [[[1], 2], /expected a list, found 2/],
    [['a'], /found a/],
    [{ length: 2 }, /expected numbers/],
    [undefined, /expected numbers/],
    [[null], /found null/],
  ])('%j is refused', (values, message) => {
    expect(() => tensor(values as never)).toThrow(message);
  });
});
