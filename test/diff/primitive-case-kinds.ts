/** Inputs on which a row of the table of operations is checked, for the kinds of rows that are alike. */
import type { LinearOperator } from '../../src/diff/operator.ts';
import type { Shape, Tensor } from '../../src/diff/tensor.ts';
import { distinctNumbers } from './distinct-numbers.ts';

export interface Case {
  readonly inputs: readonly Tensor[];
  readonly params?: unknown;
  /** Linear in its inputs taken one at a time: jvp and vjp must agree to rounding. */
  readonly linear?: boolean;
  /** A wrong set of shapes and what the error says. */
  readonly refuses?: { readonly shapes: readonly Shape[]; readonly params?: unknown; readonly says: RegExp };
}

export const unary = (sign: 'any' | 'positive' = 'any', linear = false): Case[] => [
  { inputs: [distinctNumbers([2, 3], 1, sign)], linear },
  { inputs: [distinctNumbers([], 2, sign)], linear },
];
export const binary = (linear: boolean, sign: 'any' | 'positive' = 'any', name = ''): Case[] => [
  {
    inputs: [distinctNumbers([2, 3], 1, sign), distinctNumbers([2, 3], 2)],
    linear,
    refuses: { shapes: [[2, 3], [2]], says: new RegExp(`${name}.*\\[2, 3\\].*\\[2\\]`) },
  },
  { inputs: [distinctNumbers([2, 3], 1, sign), distinctNumbers([3], 2)], linear },
  { inputs: [distinctNumbers([2, 1], 1, sign), distinctNumbers([1, 3], 2)], linear },
  { inputs: [distinctNumbers([4, 1, 3], 1, sign), distinctNumbers([2, 1], 2)], linear },
  { inputs: [distinctNumbers([], 1, sign), distinctNumbers([2, 2], 2)], linear },
];
export const reduction = (name: string, linear = false): Case[] => [
  {
    inputs: [distinctNumbers([4, 2], 1)],
    params: [2],
    linear,
    refuses: { shapes: [[2, 3]], params: [2, 2], says: new RegExp(`${name}.*\\[2, 3\\].*\\[2, 2\\]`) },
  },
  { inputs: [distinctNumbers([2, 3], 1)], params: [2, 1], linear },
  { inputs: [distinctNumbers([2, 3], 1)], params: [1, 3], linear },
  { inputs: [distinctNumbers([2, 3, 4], 1)], params: [1, 3, 1], linear },
  { inputs: [distinctNumbers([3], 4)], params: [1], linear },
];

/** Windows of 3 every 2 samples of 7: overlapping, three of them. */
export function pooling(
  shapes: readonly Shape[],
  linear: boolean,
  says: RegExp,
  refused: readonly Shape[],
): Case[] {
  const params = { size: 3, stride: 2, length: 7 };
  const inputs = shapes.map((shape, k) => distinctNumbers(shape, k + 1));
  return [{ inputs, params, linear, refuses: { shapes: refused, params, says } }];
}

/** Shapes of a convolution of `[batch, channels, length]` by `[outputs, channels, taps]`. */
export function convolutions(row: 'conv1d' | 'conv1dInput' | 'conv1dWeights'): Case[] {
  const forms = [
    { batch: 2, channels: 1, length: 9, outputs: 1, taps: 3, stride: 1, padding: 0, dilation: 1 },
    { batch: 2, channels: 2, length: 11, outputs: 5, taps: 3, stride: 1, padding: 1, dilation: 2 },
    { batch: 1, channels: 3, length: 10, outputs: 2, taps: 4, stride: 3, padding: 2, dilation: 1 },
    { batch: 2, channels: 1, length: 3, outputs: 9, taps: 5, stride: 2, padding: 3, dilation: 1 },
  ];
  return forms.map(({ batch, channels, outputs, ...form }) => {
    const { length, taps, stride, padding, dilation } = form;
    const positions = Math.floor((length + 2 * padding - dilation * (taps - 1) - 1) / stride) + 1;
    const x = distinctNumbers([batch, channels, length], 1);
    const w = distinctNumbers([outputs, channels, taps], 2);
    const y = distinctNumbers([batch, outputs, positions], 3);
    const inputs = { conv1d: [x, w], conv1dInput: [y, w], conv1dWeights: [x, y] }[row];
    const shapes = [inputs[0]!.shape, [...inputs[1]!.shape.slice(0, 2), 99]];
    const says = new RegExp(`${row}.*\\[${shapes[0]!.join(', ')}\\].*99\\]`);
    return { inputs, params: form, linear: true, refuses: { shapes, params: form, says } };
  });
}

/** A small operator with a transpose that is easy to see: y[i] = 2x[i+1] − x[i]. */
export const difference: LinearOperator = {
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
