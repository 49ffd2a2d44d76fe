/** Inputs on which each row of the table of operations is checked. */
import { mul } from '../../src/diff/arithmetic.ts';
import type { primitives } from '../../src/diff/primitives.ts';
import type { Tensor } from '../../src/diff/tensor.ts';
import { distinctNumbers } from './distinct-numbers.ts';
import {
  binary,
  type Case,
  convolutions,
  difference,
  pooling,
  reduction,
  unary,
} from './primitive-case-kinds.ts';

const mask: Tensor = { shape: [2, 3], data: Float64Array.of(1, 0, 1, 0, 0, 1) };

/** By name; every row of the table has some. */
export const cases: Record<keyof typeof primitives, Case[]> = {
  neg: unary('any', true),
  exp: unary(),
  log: unary('positive'),
  sqrt: unary('positive'),
  log1p: unary('positive'),
  sin: unary(),
  cos: unary(),
  erf: [...unary(), { inputs: [mul(distinctNumbers([2, 3], 1), 3)] }],
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
    { inputs: [distinctNumbers([4, 2], 1)], params: 0 },
    { inputs: [distinctNumbers([2, 3], 2)], params: 1 },
    { inputs: [distinctNumbers([2, 3, 4], 1)], params: 1 },
  ],
  batchedMatmul: [false, true].flatMap(transposeA =>
    [false, true].map(transposeB => ({
      inputs: [
        distinctNumbers(transposeA ? [2, 3, 2] : [2, 2, 3], 1),
        distinctNumbers(transposeB ? [2, 4, 3] : [2, 3, 4], 2),
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
  clip: [{ inputs: [distinctNumbers([2, 3], 1)], params: { low: -0.5, high: 0.9 } }],
  where: [
    {
      inputs: [mask, distinctNumbers([2, 3], 1), distinctNumbers([2, 3], 2)],
      refuses: { shapes: [[2], [2], [3]], says: /where.*\[2\].*\[3\]/ },
    },
  ],
  sumTo: [...reduction('sumTo', true), { inputs: [distinctNumbers([2, 3], 1)], params: [3], linear: true }],
  max: reduction('max'),
  logSumExp: reduction('logSumExp'),
  softmax: reduction('softmax'),
  maxShare: reduction('maxShare'),
  broadcastTo: [
    {
      inputs: [distinctNumbers([3, 1], 1)],
      params: [2, 3, 4],
      linear: true,
      refuses: { shapes: [[3]], params: [4], says: /broadcastTo.*\[3\].*\[4\]/ },
    },
    { inputs: [distinctNumbers([], 1)], params: [5], linear: true },
  ],
  matmul: [false, true].flatMap(transposeA =>
    [false, true].map(transposeB => ({
      inputs: [
        distinctNumbers(transposeA ? [3, 2] : [2, 3], 1),
        distinctNumbers(transposeB ? [4, 3] : [3, 4], 2),
      ],
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
      inputs: [distinctNumbers([2, 4], 1)],
      params: { operator: difference, transposed: false },
      linear: true,
      refuses: {
        shapes: [[5]],
        params: { operator: difference, transposed: false },
        says: /linear.*4.*\[5\]/,
      },
    },
    { inputs: [distinctNumbers([3], 1)], params: { operator: difference, transposed: true }, linear: true },
  ],
  reshape: [
    {
      inputs: [distinctNumbers([2, 3], 1)],
      params: [3, 2],
      linear: true,
      refuses: { shapes: [[2, 3]], params: [4], says: /reshape.*\[2, 3\].*\[4\]/ },
    },
  ],
  transpose: [
    {
      inputs: [distinctNumbers([2, 3, 4], 1)],
      params: [2, 0, 1],
      linear: true,
      refuses: { shapes: [[2, 3]], params: [0, 0], says: /transpose.*0, 0.*\[2, 3\]/ },
    },
  ],
  slice: [
    {
      inputs: [distinctNumbers([3, 4], 1)],
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
      inputs: [distinctNumbers([2, 3], 1)],
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
      inputs: [distinctNumbers([3, 2], 1)],
      params: { indices: [2, 0, 2], axis: 0, length: 3 },
      linear: true,
      refuses: {
        shapes: [[4, 2]],
        params: { indices: [2, 0, 2], axis: 0, length: 3 },
        says: /gather.*\[4, 2\].*3/,
      },
    },
    {
      inputs: [distinctNumbers([2, 3, 2], 1)],
      params: { indices: [1, 1], axis: 1, length: 3 },
      linear: true,
    },
  ],
  scatterAdd: [
    {
      inputs: [distinctNumbers([3, 2], 1)],
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
      inputs: [distinctNumbers([2, 3], 1), distinctNumbers([2, 1], 2)],
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
    {
      inputs: [distinctNumbers([2], 1), distinctNumbers([3], 2), distinctNumbers([1], 3)],
      params: 0,
      linear: true,
    },
  ],
  cumulativeSum: [
    {
      inputs: [distinctNumbers([2, 3, 2], 1)],
      params: { axis: 1, backward: false },
      linear: true,
      refuses: { shapes: [[2]], params: { axis: 1, backward: false }, says: /cumulativeSum.*\[2\].*axis 1/ },
    },
    { inputs: [distinctNumbers([5], 1)], params: { axis: 0, backward: true }, linear: true },
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
      inputs: [distinctNumbers([4, 3], 1), distinctNumbers([4, 3], 2, 'positive')],
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
    inputs: [distinctNumbers([4, 3], 1), distinctNumbers([4, 3], 2, 'positive')],
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
    inputs: [distinctNumbers([4, 3], 1), distinctNumbers([4, 3], 2, 'positive')],
    params: gamma,
    refuses: { shapes: [[4, 1], [4]], params: gamma, says: /sigmoidFocalLoss.*\[4, 1\].*\[4\]/ },
  })),
  softmaxCrossEntropyPull: [
    {
      inputs: [
        distinctNumbers([4, 1], 3),
        distinctNumbers([4, 3], 1),
        distinctNumbers([4, 3], 2, 'positive'),
      ],
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
