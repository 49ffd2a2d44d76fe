/** Fused elementwise steps and gradients computed as a whole: the same numbers, to the bit, as step by step. */
import { describe, expect, test } from 'vitest';
import { createProgram } from '../../src/diff/compile.ts';
import { blockLength } from '../../src/diff/fusion.ts';
import * as diff from '../../src/diff.ts';
import {
  add,
  clip,
  cumulativeSum,
  div,
  grad,
  mean,
  mul,
  neg,
  pow,
  reshape,
  stopGradient,
  sub,
  sum,
  type Tensor,
  tensor,
  valueAndGrad,
  vjp,
  where,
} from '../../src/diff.ts';
import { normalTensors } from './random-tensors.ts';

const noise = normalTensors(5);
/** Not a multiple of a block, and long enough that a gradient is planned as a whole. */
const length = 50 * blockLength + 17;
const x = noise([length]);
const y = noise([length]);
const positive = tensor(x.data.map(v => Math.abs(v) + 0.1));

const chains: Readonly<Record<string, (x: Tensor) => Tensor>> = {
  arithmetic: v => add(mul(v, 0.9), sub(mul(v, v), div(1, add(2, mul(v, v))))),
  'a second array': v => mul(add(v, y), sub(y, neg(v))),
  choices: v => where(diff.greater(v, 0.3), clip(v, -1, 1), diff.maximum(v, diff.minimum(y, -0.2))),
  functions: v => diff.tanh(add(diff.sin(v), diff.sigmoid(diff.softplus(diff.relu(diff.abs(v)))))),
  'an alias in the middle': v =>
    reshape(mul(reshape(mul(v, v), [1, length]), reshape(diff.exp(v), [1, length])), [length]),
  'a sum in the middle': v => mul(diff.cos(v), mean(mul(v, v))),
  'a step that is no part of a run': v => mul(cumulativeSum(mul(v, 0.01)), diff.cos(v)),
  'a constant of it': v => mul(stopGradient(mul(v, 2)), v),
};

/** Value and gradient of the sum, operation by operation. */
function stepByStep(f: (x: Tensor) => Tensor, at: Tensor): { value: Tensor; gradient: Tensor } {
  const { value, pullback } = vjp(v => sum(f(v!)), at);
  return { value, gradient: pullback(tensor(1))[0]! };
}

describe('the gradient of a chain over a long array', () => {
  test.each(Object.entries(chains))('%s', (_, f) => {
    const expected = stepByStep(f, x);
    const { value, gradients } = valueAndGrad(v => sum(f(v!)))(x);
    expect(value).toEqual(expected.value);
    expect(gradients[0]).toEqual(expected.gradient);
    for (const native of [true, false]) {
      const program = createProgram(
        v => {
          const inside = valueAndGrad(u => sum(f(u!)))(v!);
          return [inside.value, inside.gradients[0]!];
        },
        [x],
        { native },
      );
      program.run();
      program.inputs[0]!.data.set(y.data);
      program.run(); // twice: nothing of the first run is left in what it adds up
      const again = stepByStep(f, y);
      expect(program.outputs[0]!.data).toEqual(again.value.data);
      expect(program.outputs[1]!.data).toEqual(again.gradient.data);
    }
  });

  test('powers and logarithms, of two arrays at once', () => {
    const f = (a: Tensor, b: Tensor): Tensor =>
      mean(diff.log(add(pow(a, 1.5), diff.sqrt(diff.log1p(mul(b, b))))));
    const { value, pullback } = vjp((a, b) => f(a!, b!), positive, y);
    const whole = valueAndGrad((a, b) => f(a!, b!))(positive, y);
    expect(whole.value).toEqual(value);
    expect(whole.gradients).toEqual(pullback(tensor(1)));
  });
});

test('a single number spread over a run whose blocks have been used before', () => {
  const f = (v: Tensor, s: Tensor): Tensor =>
    sum(mul(add(mul(sub(v, 1), 0.3), mul(v, v)), diff.broadcastTo(s, [length])));
  const { value, pullback } = vjp((v, s) => f(v!, s!), x, tensor(0.7));
  const whole = valueAndGrad((v, s) => f(v!, s!))(x, tensor(0.7));
  expect(whole.value).toEqual(value);
  expect(whole.gradients).toEqual(pullback(tensor(1)));
});

describe('values while a long gradient is recorded', () => {
  test('a constant may be read, and branched on', () => {
    const seen: number[] = [];
    const gradient = grad(v => {
      const squares = mul(v, v);
      seen.push(stopGradient(squares).data[3]!);
      return seen[0]! > 0 ? sum(squares) : sum(v);
    })(x);
    expect(seen).toEqual([x.data[3]! ** 2]);
    expect(gradient.data).toEqual(x.data.map(v => 2 * v));
  });

  test('one that was kept has its value afterwards', () => {
    let kept: Tensor | undefined;
    grad(v => {
      kept = stopGradient(mul(v, 3));
      return sum(mul(kept, v));
    })(x);
    expect(kept!.data).toEqual(x.data.map(v => 3 * v));
  });

  test('an operation in the middle of the program that itself takes a gradient', () => {
    const inner = (v: Tensor): Tensor => grad(u => sum(mul(u, mul(u, u))))(v);
    const cube = diff.defineOperation({
      name: 'slopeOfCube',
      shape: shape => shape!,
      forward: v => inner(v!),
      vjp: (ct, [v]) => [mul(ct, mul(6, v!))],
    });
    const gradient = grad(v => sum(mul(0.5, cube(mul(v, 1)))))(x);
    expect(gradient.data).toEqual(x.data.map(v => 0.5 * (6 * v)));
  });

  test('a gradient of a gradient, and one inside of another that it depends on', () => {
    const second = grad(v => sum(grad(u => sum(mul(u, mul(u, u))))(v)))(x);
    second.data.forEach((v, k) => {
      if (Math.abs(v - 6 * x.data[k]!) > 1e-12) throw new Error(`element ${k} is ${v}`);
    });
    // d/da of d/dx Σ a·x² at y = Σ 2y.
    const through = grad(a => sum(grad(u => sum(mul(a, mul(u, u))))(y)))(tensor(1.5));
    expect(through.data[0]).toBeCloseTo(
      y.data.reduce((total, v) => total + 2 * v, 0),
      8,
    );
  });
});

describe('a computation that is simplified before it is planned', () => {
  const long = 60 * blockLength;
  const v = noise([long]);
  test('equal steps are one, and unneeded ones none', () => {
    const f = (u: Tensor): Tensor => {
      diff.exp(u); // no result depends on it
      return sum(add(mul(u, u), mul(u, u)));
    };
    const program = createProgram(u => [f(u!)], [v]);
    expect(program.steps.all).toBe(3); // one product, the sum of two of it, the sum of all
    program.run();
    expect(program.outputs[0]!.data[0]).toBe(f(v).data[0]);
  });
  test('a constant of one repeated number is that number, unless it is −0 among zeros', () => {
    const repeated = tensor(new Float64Array(long).fill(0.9));
    const zeros = tensor(new Float64Array(long).fill(0));
    const mixed = tensor(zeros.data.map((_, i) => (i === long - 1 ? -0 : 0)));
    for (const constant of [repeated, zeros, mixed]) {
      const f = (u: Tensor): Tensor => where(diff.greater(u, 0), mul(neg(u), constant), constant);
      const program = createProgram(u => [f(u!)], [v]);
      program.run();
      const [found, expected] = [program.outputs[0]!.data, f(v).data];
      expect(found.findIndex((value, i) => !Object.is(value, expected[i]))).toBe(-1);
    }
  });
  test('the gradient is an array of its own, and the input is as it was', () => {
    const before = v.data.slice();
    const gradients = [grad(u => sum(mul(u, u)))(v), grad(u => sum(mul(u, 3)))(v)];
    expect(gradients[0]!.data.findIndex((value, i) => value !== 2 * before[i]!)).toBe(-1);
    expect(gradients[1]!.data.every(value => value === 3)).toBe(true);
    expect(v.data.findIndex((value, i) => value !== before[i])).toBe(-1);
    expect(gradients.every(({ data }) => data.buffer.byteLength === 8 * long)).toBe(true);
  });
  test('a gradient that is the input, or a constant', () => {
    const same = grad(u => sum(mul(stopGradient(u), u)))(v);
    expect(same.data).not.toBe(v.data);
    expect(same.data.findIndex((value, i) => value !== v.data[i])).toBe(-1);
    const pair = valueAndGrad((a, b) => sum(add(a!, b!)))(v, noise([long]));
    expect(pair.gradients[0]!.data).not.toBe(pair.gradients[1]!.data);
    expect(pair.gradients.every(({ data }) => data.every(value => value === 1))).toBe(true);
  });
});
