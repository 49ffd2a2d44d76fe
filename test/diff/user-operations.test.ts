/** What a user may bring or get wrong: operations of one's own, named parameters, nested numbers, and errors that say what to do. */
import fc from 'fast-check';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { add, mul, neg, sub } from '../../src/diff/arithmetic.ts';
import { equal, greater, less, maximum, minimum } from '../../src/diff/comparison.ts';
import { compile, createProgram } from '../../src/diff/compile.ts';
import { conv1d } from '../../src/diff/convolution.ts';
import { defineOperation } from '../../src/diff/define-operation.ts';
import { exp, log1p, pow, stopGradient, tanh } from '../../src/diff/elementwise.ts';
import { erf } from '../../src/diff/error-function.ts';
import { grad, jvp, valueAndGrad, vjp } from '../../src/diff/grad.ts';
import { checkOperation, gradientCheck } from '../../src/diff/gradient-check.ts';
import { maxPool } from '../../src/diff/pooling.ts';
import { matmul } from '../../src/diff/product.ts';
import { argmax, max, mean, sum, variance } from '../../src/diff/reduction.ts';
import { pad } from '../../src/diff/slice.ts';
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

  test('passes the walk that the table passes', () => {
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
  test('a wrong derivative is caught by the walk', () => {
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
  test('a record in, a record out, and twice', () => {
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
  test('options that there are not', () => {
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

describe('WebAssembly memory that runs out', () => {
  afterEach(() => vi.unstubAllGlobals());
  test('leaves the plain loops, with the same results', () => {
    const f = (x?: Tensor): Tensor[] => [tanh(matmul(x!, x!))];
    const x = tensor([
      [1, 2],
      [3, 4],
    ]);
    const expected = compile(f, x)(x)[0]!.data.slice();
    vi.stubGlobal('WebAssembly', {
      ...Object.fromEntries(
        Object.getOwnPropertyNames(WebAssembly).map(name => [name, Reflect.get(WebAssembly, name)]),
      ),
      Memory: class {
        constructor() {
          throw new RangeError('WebAssembly.Memory(): could not allocate memory');
        }
      },
    });
    const program = createProgram(f, [x]);
    expect(program.steps.native).toBe(0);
    program.run();
    expect(program.outputs[0]!.data).toEqual(expected);
  });
});
