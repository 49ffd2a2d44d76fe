/** Gradients of whole functions: closed forms, compositions, ties and kinks, random input. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { add, div, mul, neg, sub } from '../../src/diff/arithmetic.ts';
import { sumTo } from '../../src/diff/broadcast.ts';
import { concat } from '../../src/diff/concat.ts';
import {
  abs,
  exp,
  log,
  pow,
  relu,
  sigmoid,
  softplus,
  sqrt,
  stopGradient,
  tanh,
} from '../../src/diff/elementwise.ts';
import { gather } from '../../src/diff/gather.ts';
import { grad, hessianVectorProduct, jacobian, jvp, valueAndGrad, vjp } from '../../src/diff/grad.ts';
import { gradientCheck } from '../../src/diff/gradient-check.ts';
import { matmul } from '../../src/diff/product.ts';
import { logSoftmax, logSumExp, max, mean, min, softmax, sum } from '../../src/diff/reduction.ts';
import { reshape, transpose } from '../../src/diff/reshape.ts';
import { slice } from '../../src/diff/slice.ts';
import { full, item, type Tensor, tensor } from '../../src/diff/tensor.ts';
import { where } from '../../src/diff/where.ts';

describe('closed forms', () => {
  test('the gradient of a quadratic xᵀAx is (A + Aᵀ)x', () => {
    const a = tensor([
      [2, -1, 0.5],
      [3, 1, 0],
      [-2, 4, 5],
    ]);
    const x = tensor([1, -2, 3]);
    const quadratic = (v: Tensor): Tensor => {
      const column = reshape(v, [3, 1]);
      return sum(mul(column, matmul(a, column)));
    };
    expect([...grad(quadratic)(x).data]).toEqual([4 + -4 + -4.5, 2 - 4 + 12, -1.5 - 8 + 30]);
  });

  test('the gradient of softmax cross-entropy by the logits is p − y', () => {
    const logits = tensor([0.3, -1.2, 2.0, 0.1]);
    const target = tensor([0, 1, 0, 0]);
    const loss = (z: Tensor): Tensor => neg(sum(mul(target, logSoftmax(z))));
    const p = softmax(logits).data;
    grad(loss)(logits).data.forEach((g, k) => {
      expect(g).toBeCloseTo(p[k]! - target.data[k]!, 14);
    });
  });

  test('the Jacobian of softmax is diag(p) − ppᵀ', () => {
    const z = tensor([0.5, -0.25, 1.5]);
    const p = softmax(z).data;
    const j = jacobian(x => softmax(x))(z);
    expect(j.shape).toEqual([3, 3]);
    for (let r = 0; r < 3; r++) {
      for (let c = 0; c < 3; c++) {
        expect(j.data[r * 3 + c]).toBeCloseTo((r === c ? p[r]! : 0) - p[r]! * p[c]!, 14);
      }
    }
  });

  test('derivatives of x⁴ up to the third by nesting grad', () => {
    const f = (x: Tensor): Tensor => pow(x, 4);
    const x = tensor(1.5);
    expect(item(grad(f)(x))).toBeCloseTo(4 * 1.5 ** 3, 12);
    expect(item(grad(grad(f))(x))).toBeCloseTo(12 * 1.5 ** 2, 12);
    expect(item(grad(grad(grad(f)))(x))).toBeCloseTo(24 * 1.5, 12);
  });

  test('an inner gradient does not confuse its variable with the outer one', () => {
    // d/dx [ x · d/dy (x·y) at y = 2 ] = d/dx x² = 2x
    const f = (x: Tensor): Tensor => mul(x, grad(y => mul(x, y))(tensor(2)));
    expect(item(grad(f)(tensor(3)))).toBe(6);
  });

  test('the Hessian–vector product of log-sum-exp is diag(p)v − p(pᵀv)', () => {
    const x = tensor([0.2, -0.7, 1.1]);
    const v = tensor([1, -2, 0.5]);
    const p = softmax(x).data;
    const pv = p.reduce((s, pk, k) => s + pk * v.data[k]!, 0);
    hessianVectorProduct(z => logSumExp(z), x, v).data.forEach((h, k) => {
      expect(h).toBeCloseTo(p[k]! * (v.data[k]! - pv), 13);
    });
  });

  test('forward over reverse is reverse over forward: the Hessian of a composition', () => {
    const f = (z: Tensor): Tensor => sum(mul(tanh(z), logSumExp(mul(z, z))));
    const x = tensor([0.4, -1.2, 0.7]);
    const v = tensor([1, 0.5, -2]);
    const forwardOverReverse = jvp(grad(f), x, v).data;
    const reverseOverForward = grad(z => jvp(f, z, v))(x).data;
    const reverseOverReverse = hessianVectorProduct(f, x, v).data;
    forwardOverReverse.forEach((h, k) => {
      expect(reverseOverForward[k]).toBeCloseTo(h, 12);
      expect(reverseOverReverse[k]).toBeCloseTo(h, 12);
    });
  });
  test('jvp of a constant is 0, and a tangent of another shape is refused', () => {
    expect([...jvp(() => tensor([1, 2]), tensor(3), tensor(1)).data]).toEqual([0, 0]);
    expect(() => jvp(x => x, tensor([1, 2]), tensor([1]))).toThrow(/\[1\].*\[2\]/);
  });

  test('jvp of the elementwise square is 2x·v', () => {
    expect([...jvp(x => mul(x, x), tensor([1, 2, 3]), tensor([1, 10, 100])).data]).toEqual([2, 40, 600]);
  });
});

describe('gradient checks of compositions', () => {
  const x = tensor([
    [0.4, -1.1, 0.7],
    [1.3, 0.2, -0.6],
  ]);
  const compositions: Record<string, (x: Tensor) => Tensor> = {
    'mean, min and max': z => add(mean(z, { axis: 0 }), sub(max(z, { axis: 0 }), min(z, { axis: 0 }))),
    'tanh, sigmoid, softplus': z => mul(tanh(z), sub(sigmoid(z), softplus(z))),
    'root of a sum of squares': z => sqrt(sum(mul(z, z), { axis: 1, keepDims: true })),
    'slice, transpose, gather, concat': z =>
      concat([gather(transpose(z), [2, 0, 2]), slice(transpose(z), [1, 0], [3, 2])], 0),
    'ratio of exponentials': z => div(exp(z), add(1, exp(mul(z, 2)))),
    'log-softmax along the first axis': z => logSoftmax(z, 0),
  };
  test.each(Object.entries(compositions))('%s', (_, f) => {
    expect(gradientCheck(f, [x]).worstError).toBeLessThan(1e-8);
  });

  test('a gradient of a gradient passes the check too', () => {
    const f = (z: Tensor): Tensor => sum(mul(tanh(matmul(z, transpose(z))), 0.5));
    expect(gradientCheck(grad(f), [x]).worstError).toBeLessThan(1e-7);
  });
});

describe('kinks, masks and edges', () => {
  test('a tie in max splits the gradient evenly', () => {
    expect([...grad(x => max(x))(tensor([3, 1, 3])).data]).toEqual([0.5, 0, 0.5]);
  });
  test('relu and abs have derivative 0 at their kink', () => {
    expect(item(grad(x => relu(x))(tensor(0)))).toBe(0);
    expect(item(grad(x => abs(x))(tensor(0)))).toBe(0);
  });
  test('NaN does not leak from the branch not taken', () => {
    const safeLog = (x: Tensor): Tensor => sum(where(tensor([1, 0]), log(x), 0));
    // The derivative of log at 0 is ∞, and 0·∞ would be NaN; the guarded argument keeps it out.
    const guarded = (x: Tensor): Tensor => sum(where(tensor([1, 0]), log(where(tensor([1, 0]), x, 1)), 0));
    expect([...grad(guarded)(tensor([2, 0])).data]).toEqual([0.5, 0]);
    expect(Number.isNaN(item(safeLog(tensor([2, 0]))))).toBe(false);
  });
  test('pow at 0 and at exponent 0 has finite derivatives', () => {
    expect(item(grad(x => pow(x, 2))(tensor(0)))).toBe(0);
    expect(item(grad(x => pow(x, 1))(tensor(0)))).toBe(1);
    expect(item(grad(x => pow(x, 0))(tensor(0)))).toBe(0);
    expect(item(grad(y => pow(0, y))(tensor(2)))).toBe(0);
  });
  test('extreme logits neither overflow nor lose small probabilities', () => {
    const z = tensor([1000, 0, -1000]);
    expect([...softmax(z).data]).toEqual([1, 0, 0]);
    expect(item(logSumExp(z))).toBe(1000);
    expect(logSoftmax(z).data[2]).toBe(-2000);
    expect(item(softplus(-800))).toBe(0);
    expect(item(softplus(800))).toBe(800);
    expect(item(sigmoid(-800))).toBe(0);
    expect(softmax(tensor([Number.NEGATIVE_INFINITY, 0])).data[0]).toBe(0);
  });
  test('stopGradient passes the value and stops the gradient', () => {
    expect(item(grad(x => mul(stopGradient(x), x))(tensor(5)))).toBe(5);
  });
  test('an unused input has a zero gradient, a constant function too', () => {
    const { gradients } = valueAndGrad((a, _b) => sum(a!))(tensor([1, 2]), tensor([3, 4]));
    expect([...gradients[1]!.data]).toEqual([0, 0]);
    expect([...grad(() => tensor(1))(tensor([1, 2])).data]).toEqual([0, 0]);
  });
  test('NaN in the data reaches the result', () => {
    expect(item(max(tensor([1, Number.NaN, 2])))).toBeNaN();
    expect(matmul(tensor([[0, 1]]), tensor([[Number.NaN], [1]])).data[0]).toBeNaN();
  });
  test('a gradient of more than one number is refused with the shape', () => {
    expect(() => grad(x => mul(x, 2))(tensor([1, 2]))).toThrow(/\[2\]/);
    expect(() => vjp(x => mul(x, 2), tensor([1, 2])).pullback(full([3], 1))).toThrow(/\[3\].*\[2\]/);
  });
  test('tensors refuse ragged rows and shapes that do not hold their numbers', () => {
    expect(() => tensor([[1, 2], [3]])).toThrow(/row 1 has 1 numbers, row 0 has 2/);
    expect(() => tensor([1, 2, 3], [2, 2])).toThrow(/3 numbers.*\[2, 2\]/);
    expect(() => item(tensor([1, 2]))).toThrow(RangeError);
  });
  test('a chain of 100,000 operations goes backward without deep recursion', () => {
    const f = (x: Tensor): Tensor => {
      let y = x;
      for (let i = 0; i < 100_000; i++) y = add(y, 1e-6);
      return sum(y);
    };
    expect([...grad(f)(tensor([1, 2])).data]).toEqual([1, 1]);
  });
});

describe('properties over random input', () => {
  const shapes = fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 0, maxLength: 3 });
  test('the gradient of a sum of products is the other factor, summed where it was broadcast', () => {
    fc.assert(
      fc.property(
        shapes,
        fc.infiniteStream(fc.boolean()),
        fc.integer({ min: 1, max: 1e6 }),
        (shape, ones, seed) => {
          let state = seed;
          const next = (): number => {
            state = (state * 48271) % 2147483647;
            return state / 2147483647 - 0.5;
          };
          const narrow = shape.map(n => (ones.next().value ? 1 : n));
          const fill = (s: readonly number[]): Tensor => {
            const t = full(s, 0);
            for (let i = 0; i < t.data.length; i++) t.data[i] = next();
            return t;
          };
          const wide = fill(shape);
          const small = fill(narrow);
          const gradient = grad(x => sum(mul(x, wide)))(small);
          expect(gradient.shape).toEqual(narrow);
          expect([...gradient.data]).toEqual([...sumTo(wide, narrow).data]);
        },
      ),
      { seed: 7, numRuns: 200 },
    );
  });
});
