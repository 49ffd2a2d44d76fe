/** Every row of the table of operations: its gradient against central differences, forward against closed forms. */
import { describe, expect, test } from 'vitest';
import { mul } from '../../src/diff/arithmetic.ts';
import { createProgram } from '../../src/diff/compile.ts';
import { jvp, vjp } from '../../src/diff/grad.ts';
import { gradientCheck } from '../../src/diff/gradient-check.ts';
import type { LinearOperator } from '../../src/diff/operator.ts';
import { primitives } from '../../src/diff/primitives.ts';
import { sum } from '../../src/diff/reduction.ts';
import { apply, type Primitive } from '../../src/diff/tape.ts';
import { item, type Shape, sizeOf, type Tensor } from '../../src/diff/tensor.ts';

/** Numbers in ±[0.3, 1.5], no two equal, none near a kink at 0: a fixed irrational rotation. */
function numbers(shape: Shape, seed: number, sign: 'any' | 'positive' = 'any'): Tensor {
  const data = Float64Array.from({ length: sizeOf(shape) }, (_, i) => {
    const u = ((i + 1) * 0.6180339887498949 + seed * 0.4142135623730951) % 1;
    const size = 0.3 + 1.2 * u;
    return sign === 'any' && (i + seed) % 3 === 0 ? -size : size;
  });
  return { shape, data };
}

const mask: Tensor = { shape: [2, 3], data: Float64Array.of(1, 0, 1, 0, 0, 1) };

/** A small operator with a transpose that is easy to see: y[i] = 2x[i+1] − x[i]. */
const difference: LinearOperator = {
  inputLength: 4,
  outputLength: 3,
  apply(x, out = new Float64Array(3)) {
    for (let i = 0; i < 3; i++) out[i] = 2 * x[i + 1]! - x[i]!;
    return out;
  },
  adjoint(y, out = new Float64Array(4)) {
    for (let i = 0; i < 4; i++) out[i] = (i > 0 ? 2 * y[i - 1]! : 0) - (i < 3 ? y[i]! : 0);
    return out;
  },
};

interface Case {
  readonly inputs: readonly Tensor[];
  readonly params?: unknown;
  /** Linear in its inputs taken one at a time: jvp and vjp must agree to rounding. */
  readonly linear?: boolean;
  /** A wrong set of shapes and what the error says. */
  readonly refuses?: { readonly shapes: readonly Shape[]; readonly params?: unknown; readonly says: RegExp };
}

const unary = (sign: 'any' | 'positive' = 'any', linear = false): Case[] => [
  { inputs: [numbers([2, 3], 1, sign)], linear },
  { inputs: [numbers([], 2, sign)], linear },
];
const binary = (linear: boolean, sign: 'any' | 'positive' = 'any', name = ''): Case[] => [
  {
    inputs: [numbers([2, 3], 1, sign), numbers([2, 3], 2)],
    linear,
    refuses: { shapes: [[2, 3], [2]], says: new RegExp(`${name}.*\\[2, 3\\].*\\[2\\]`) },
  },
  { inputs: [numbers([2, 3], 1, sign), numbers([3], 2)], linear },
  { inputs: [numbers([2, 1], 1, sign), numbers([1, 3], 2)], linear },
  { inputs: [numbers([4, 1, 3], 1, sign), numbers([2, 1], 2)], linear },
  { inputs: [numbers([], 1, sign), numbers([2, 2], 2)], linear },
];
const reduction = (name: string, linear = false): Case[] => [
  {
    inputs: [numbers([4, 2], 1)],
    params: [2],
    linear,
    refuses: { shapes: [[2, 3]], params: [2, 2], says: new RegExp(`${name}.*\\[2, 3\\].*\\[2, 2\\]`) },
  },
  { inputs: [numbers([2, 3], 1)], params: [2, 1], linear },
  { inputs: [numbers([2, 3], 1)], params: [1, 3], linear },
  { inputs: [numbers([2, 3, 4], 1)], params: [1, 3, 1], linear },
  { inputs: [numbers([3], 4)], params: [1], linear },
];

const cases: Record<keyof typeof primitives, Case[]> = {
  neg: unary('any', true),
  exp: unary(),
  log: unary('positive'),
  sqrt: unary('positive'),
  log1p: unary('positive'),
  sin: unary(),
  cos: unary(),
  erf: [...unary(), { inputs: [mul(numbers([2, 3], 1), 3)] }],
  tanh: unary(),
  sigmoid: unary(),
  softplus: unary(),
  relu: unary(),
  abs: unary(),
  step: unary(),
  sign: unary(),
  stopGradient: [],
  add: binary(true, 'any', 'add'),
  sub: binary(true, 'any', 'sub'),
  mul: binary(true, 'any', 'mul'),
  div: binary(false, 'any', 'div'),
  pow: binary(false, 'positive', 'pow'),
  gate: binary(false, 'any', 'gate'),
  maskedMul: binary(true, 'any', 'maskedMul'),
  equal: binary(false, 'any', 'equal'),
  less: binary(false, 'any', 'less'),
  lessEqual: binary(false, 'any', 'lessEqual'),
  greater: binary(false, 'any', 'greater'),
  greaterEqual: binary(false, 'any', 'greaterEqual'),
  maximum: binary(false, 'any', 'maximum'),
  minimum: binary(false, 'any', 'minimum'),
  argmax: [
    { inputs: [numbers([4, 2], 1)], params: 0 },
    { inputs: [numbers([2, 3], 2)], params: 1 },
    { inputs: [numbers([2, 3, 4], 1)], params: 1 },
  ],
  batchedMatmul: [false, true].flatMap(transposeA =>
    [false, true].map(transposeB => ({
      inputs: [
        numbers(transposeA ? [2, 3, 2] : [2, 2, 3], 1),
        numbers(transposeB ? [2, 4, 3] : [2, 3, 4], 2),
      ],
      params: { transposeA, transposeB },
      linear: true,
      refuses: {
        shapes: [
          [2, 2, 3],
          [3, 3, 4],
        ],
        params: { transposeA, transposeB },
        says: /batchedMatmul.*\[2, 2, 3\].*\[3, 3, 4\]/,
      },
    })),
  ),
  clip: [{ inputs: [numbers([2, 3], 1)], params: { low: -0.5, high: 0.9 } }],
  where: [
    {
      inputs: [mask, numbers([2, 3], 1), numbers([2, 3], 2)],
      refuses: { shapes: [[2], [2], [3]], says: /where.*\[2\].*\[3\]/ },
    },
  ],
  sumTo: [...reduction('sumTo', true), { inputs: [numbers([2, 3], 1)], params: [3], linear: true }],
  max: reduction('max'),
  logSumExp: reduction('logSumExp'),
  softmax: reduction('softmax'),
  maxShare: reduction('maxShare'),
  broadcastTo: [
    {
      inputs: [numbers([3, 1], 1)],
      params: [2, 3, 4],
      linear: true,
      refuses: { shapes: [[3]], params: [4], says: /broadcastTo.*\[3\].*\[4\]/ },
    },
    { inputs: [numbers([], 1)], params: [5], linear: true },
  ],
  matmul: [false, true].flatMap(transposeA =>
    [false, true].map(transposeB => ({
      inputs: [numbers(transposeA ? [3, 2] : [2, 3], 1), numbers(transposeB ? [4, 3] : [3, 4], 2)],
      params: { transposeA, transposeB },
      linear: true,
      refuses: {
        shapes: [
          [2, 3],
          [2, 4],
        ],
        params: { transposeA: false, transposeB: false },
        says: /matmul.*\[2, 3\].*\[2, 4\]/,
      },
    })),
  ),
  linear: [
    {
      inputs: [numbers([2, 4], 1)],
      params: { operator: difference, transposed: false },
      linear: true,
      refuses: {
        shapes: [[5]],
        params: { operator: difference, transposed: false },
        says: /linear.*4.*\[5\]/,
      },
    },
    { inputs: [numbers([3], 1)], params: { operator: difference, transposed: true }, linear: true },
  ],
  reshape: [
    {
      inputs: [numbers([2, 3], 1)],
      params: [3, 2],
      linear: true,
      refuses: { shapes: [[2, 3]], params: [4], says: /reshape.*\[2, 3\].*\[4\]/ },
    },
  ],
  transpose: [
    {
      inputs: [numbers([2, 3, 4], 1)],
      params: [2, 0, 1],
      linear: true,
      refuses: { shapes: [[2, 3]], params: [0, 0], says: /transpose.*0, 0.*\[2, 3\]/ },
    },
  ],
  slice: [
    {
      inputs: [numbers([3, 4], 1)],
      params: { begin: [1, 0], whole: [3, 4], block: [2, 3] },
      linear: true,
      refuses: {
        shapes: [[3, 5]],
        params: { begin: [1, 0], whole: [3, 4], block: [2, 3] },
        says: /slice.*\[3, 5\].*\[3, 4\]/,
      },
    },
  ],
  pad: [
    {
      inputs: [numbers([2, 3], 1)],
      params: { begin: [1, 0], whole: [3, 4], block: [2, 3] },
      linear: true,
      refuses: {
        shapes: [[2, 4]],
        params: { begin: [1, 0], whole: [3, 4], block: [2, 3] },
        says: /pad.*\[2, 4\].*\[2, 3\]/,
      },
    },
  ],
  gather: [
    {
      inputs: [numbers([3, 2], 1)],
      params: { indices: [2, 0, 2], axis: 0, length: 3 },
      linear: true,
      refuses: {
        shapes: [[4, 2]],
        params: { indices: [2, 0, 2], axis: 0, length: 3 },
        says: /gather.*\[4, 2\].*3/,
      },
    },
    { inputs: [numbers([2, 3, 2], 1)], params: { indices: [1, 1], axis: 1, length: 3 }, linear: true },
  ],
  scatterAdd: [
    {
      inputs: [numbers([3, 2], 1)],
      params: { indices: [2, 0, 2], axis: 0, length: 4 },
      linear: true,
      refuses: {
        shapes: [[4, 2]],
        params: { indices: [2, 0, 2], axis: 0, length: 4 },
        says: /scatterAdd.*\[4, 2\].*3/,
      },
    },
  ],
  concat: [
    {
      inputs: [numbers([2, 3], 1), numbers([2, 1], 2)],
      params: 1,
      linear: true,
      refuses: {
        shapes: [
          [2, 3],
          [3, 3],
        ],
        params: 1,
        says: /concat.*\[2, 3\].*\[3, 3\]/,
      },
    },
    { inputs: [numbers([2], 1), numbers([3], 2), numbers([1], 3)], params: 0, linear: true },
  ],
  cumulativeSum: [
    {
      inputs: [numbers([2, 3, 2], 1)],
      params: { axis: 1, backward: false },
      linear: true,
      refuses: { shapes: [[2]], params: { axis: 1, backward: false }, says: /cumulativeSum.*\[2\].*axis 1/ },
    },
    { inputs: [numbers([5], 1)], params: { axis: 0, backward: true }, linear: true },
  ],
  conv1d: convolutions('conv1d'),
  conv1dInput: convolutions('conv1dInput'),
  conv1dWeights: convolutions('conv1dWeights'),
  averagePool: pooling([[2, 2, 7]], true, /averagePool.*window of 3.*\[2\]/, [[2]]),
  averageSpread: pooling([[2, 3]], true, /averageSpread.*3 windows.*\[2, 4\]/, [[2, 4]]),
  maxPool: pooling([[2, 2, 7]], false, /maxPool.*window of 3.*\[2\]/, [[2]]),
  maxPick: pooling(
    [
      [2, 7],
      [2, 7],
    ],
    false,
    /maxPick.*\[2, 7\].*\[3, 7\]/,
    [
      [2, 7],
      [3, 7],
    ],
  ),
  maxPlace: pooling(
    [
      [2, 3],
      [2, 7],
    ],
    false,
    /maxPlace.*\[2, 3\].*\[3, 7\]/,
    [
      [2, 3],
      [3, 7],
    ],
  ),
  softmaxCrossEntropy: [
    {
      inputs: [numbers([4, 3], 1), numbers([4, 3], 2, 'positive')],
      refuses: {
        shapes: [
          [4, 3],
          [4, 2],
        ],
        says: /softmaxCrossEntropy.*\[4, 3\].*\[4, 2\]/,
      },
    },
  ],
  focalLoss: [1, 2.5].map(gamma => ({
    inputs: [numbers([4, 3], 1), numbers([4, 3], 2, 'positive')],
    params: gamma,
    refuses: {
      shapes: [
        [4, 3],
        [4, 2],
      ],
      params: gamma,
      says: /focalLoss.*\[4, 3\].*\[4, 2\]/,
    },
  })),
  sigmoidFocalLoss: [0, 1, 2.5].map(gamma => ({
    inputs: [numbers([4, 3], 1), numbers([4, 3], 2, 'positive')],
    params: gamma,
    refuses: { shapes: [[4, 1], [4]], params: gamma, says: /sigmoidFocalLoss.*\[4, 1\].*\[4\]/ },
  })),
  softmaxCrossEntropyPull: [
    {
      inputs: [numbers([4, 1], 3), numbers([4, 3], 1), numbers([4, 3], 2, 'positive')],
      refuses: {
        shapes: [
          [4, 2],
          [4, 3],
          [4, 3],
        ],
        says: /softmaxCrossEntropyPull.*\[4, 2\].*\[4, 3\]/,
      },
    },
  ],
};

/** Windows of 3 every 2 samples of 7: overlapping, three of them. */
function pooling(shapes: readonly Shape[], linear: boolean, says: RegExp, refused: readonly Shape[]): Case[] {
  const params = { size: 3, stride: 2, length: 7 };
  const inputs = shapes.map((shape, k) => numbers(shape, k + 1));
  return [{ inputs, params, linear, refuses: { shapes: refused, params, says } }];
}

/** Shapes of a convolution of `[batch, channels, length]` by `[outputs, channels, taps]`. */
function convolutions(row: 'conv1d' | 'conv1dInput' | 'conv1dWeights'): Case[] {
  const forms = [
    { batch: 2, channels: 1, length: 9, outputs: 1, taps: 3, stride: 1, padding: 0, dilation: 1 },
    { batch: 2, channels: 2, length: 11, outputs: 5, taps: 3, stride: 1, padding: 1, dilation: 2 },
    { batch: 1, channels: 3, length: 10, outputs: 2, taps: 4, stride: 3, padding: 2, dilation: 1 },
    { batch: 2, channels: 1, length: 3, outputs: 9, taps: 5, stride: 2, padding: 3, dilation: 1 },
  ];
  return forms.map(({ batch, channels, outputs, ...form }) => {
    const { length, taps, stride, padding, dilation } = form;
    const positions = Math.floor((length + 2 * padding - dilation * (taps - 1) - 1) / stride) + 1;
    const x = numbers([batch, channels, length], 1);
    const w = numbers([outputs, channels, taps], 2);
    const y = numbers([batch, outputs, positions], 3);
    const inputs = { conv1d: [x, w], conv1dInput: [y, w], conv1dWeights: [x, y] }[row];
    const shapes = [inputs[0]!.shape, [...inputs[1]!.shape.slice(0, 2), 99]];
    const says = new RegExp(`${row}.*\\[${shapes[0]!.join(', ')}\\].*99\\]`);
    return { inputs, params: form, linear: true, refuses: { shapes, params: form, says } };
  });
}

const table = Object.entries(primitives) as [keyof typeof primitives, Primitive<unknown>][];

describe('every operation', () => {
  test.each(table.filter(([name]) => name !== 'stopGradient'))(
    '%s passes the gradient check',
    (name, primitive) => {
      expect(cases[name].length).toBeGreaterThan(0);
      for (const { inputs, params } of cases[name]) {
        const f = (...xs: Tensor[]) => apply(primitive, xs, params);
        const weights = numbers(f(...inputs).shape, 5);
        // The mask of `where` is discrete: moving it by ε is no question to ask.
        const check =
          name === 'where'
            ? gradientCheck((a, b) => f(inputs[0]!, a, b), inputs.slice(1), { weights })
            : gradientCheck(f, inputs, { weights });
        expect(check.worstError, JSON.stringify(check)).toBeLessThan(1e-7);
      }
    },
  );

  // Rows whose result is flat, or a constant's, have nothing to differentiate twice that a check could see.
  test.each(table.filter(([name]) => name !== 'stopGradient' && name !== 'where'))(
    '%s: its vector–Jacobian product can be differentiated again, and ⟨Jv, u⟩ = ⟨v, Jᵀu⟩',
    (name, primitive) => {
      for (const { inputs, params } of cases[name]) {
        const f = (...xs: Tensor[]) => apply(primitive, xs, params);
        inputs.forEach((x, argument) => {
          const u = numbers(f(...inputs).shape, 5);
          const second = gradientCheck((...xs) => vjp(f, ...xs).pullback(u)[argument]!, inputs, {
            weights: numbers(x.shape, 6),
          });
          expect(second.worstError, JSON.stringify(second)).toBeLessThan(1e-6);

          const alone = (moving: Tensor) => f(...inputs.map((other, k) => (k === argument ? moving : other)));
          const v = numbers(x.shape, 7);
          const left = item(sum(mul(jvp(alone, x, v), u)));
          const right = item(sum(mul(v, vjp(alone, x).pullback(u)[0]!)));
          expect(Math.abs(left - right)).toBeLessThan(1e-12 * Math.max(1, Math.abs(left)));
        });
      }
    },
  );

  test('what a row says of its form is what its cases are held to', () => {
    for (const [name, { form }] of table) {
      if (form === 'linear') expect([name, cases[name].every(c => c.linear)]).toEqual([name, true]);
      // One number from one number: as many in the result as in the one input.
      if (form !== 'diagonal') continue;
      for (const { inputs, params } of cases[name]) {
        expect(inputs).toHaveLength(1);
        expect(primitives[name].shape([inputs[0]!.shape], params as never)).toEqual(inputs[0]!.shape);
      }
    }
  });

  const linearCases = table.flatMap(([name, primitive]) =>
    cases[name].filter(c => c.linear).map((c, k) => ({ label: `${name} #${k}`, primitive, c })),
  );
  test.each(linearCases)('$label: ⟨Jv, u⟩ = ⟨v, Jᵀu⟩ to rounding', ({ primitive, c }) => {
    c.inputs.forEach((x, argument) => {
      const f = (moving: Tensor) =>
        apply(
          primitive,
          c.inputs.map((other, k) => (k === argument ? moving : other)),
          c.params,
        );
      const v = numbers(x.shape, 7);
      const { value, pullback } = vjp(f, x);
      const u = numbers(value.shape, 8);
      const left = item(sum(mul(jvp(f, x, v), u)));
      const right = item(sum(mul(v, pullback(u)[0]!)));
      expect(Math.abs(left - right)).toBeLessThan(1e-12 * Math.max(1, Math.abs(left)));
      // Linear: the Jacobian–vector product is the operation itself (additive operations shift by a constant).
      const moved = f({ shape: x.shape, data: x.data.map((value, i) => value + v.data[i]!) });
      const tangent = jvp(f, x, v);
      moved.data.forEach((y, i) => {
        expect(y - value.data[i]!).toBeCloseTo(tangent.data[i]!, 12);
      });
    });
  });

  test.each(table)('%s computes the same by kernel and by plain loop', (name, primitive) => {
    for (const { inputs, params } of cases[name]) {
      const f = (...xs: Tensor[]): readonly Tensor[] => [apply(primitive, xs, params)];
      const eager = f(...inputs)[0]!.data;
      for (const precision of ['float64', 'float32'] as const) {
        const [kernel, loop] = [true, false].map(native => {
          const program = createProgram(f, inputs, { precision, native });
          program.run();
          return [...program.outputs[0]!.data];
        });
        if (precision === 'float64') expect(loop).toEqual([...eager]);
        const exact = precision === 'float64' && name !== 'conv1dInput';
        const tolerance = exact ? 0 : precision === 'float64' ? 1e-14 : 1e-6;
        kernel!.forEach((value, i) => {
          const size = Math.max(1, Math.abs(loop![i]!));
          expect(Math.abs(value - loop![i]!), `${name} ${precision} #${i}`).toBeLessThanOrEqual(
            tolerance * size,
          );
          expect(Math.abs(value - eager[i]!)).toBeLessThan(1e-5 * size);
        });
      }
    }
  });

  const refusals = table.flatMap(([name, primitive]) =>
    cases[name].flatMap(c => (c.refuses ? [{ name, primitive, ...c.refuses }] : [])),
  );
  test('those that take any shape are the elementwise ones of one input', () => {
    const anyShape = table.map(([name]) => name).filter(name => !refusals.some(r => r.name === name));
    expect(anyShape.sort()).toEqual(
      [
        ...['neg', 'exp', 'log', 'sqrt', 'tanh', 'sigmoid', 'softplus', 'relu', 'abs', 'step', 'sign'],
        ...['stopGradient', 'clip', 'log1p', 'sin', 'cos', 'erf', 'argmax'],
      ].sort(),
    );
  });
  test.each(refusals)(
    '$name refuses shapes that do not fit, naming both',
    ({ primitive, shapes, params, says }) => {
      expect(() => primitive.shape(shapes, params)).toThrow(RangeError);
      expect(() => primitive.shape(shapes, params)).toThrow(says);
    },
  );
});
