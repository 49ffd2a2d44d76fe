/** A call of every operation that works, and calls whose shapes do not fit. */
import * as arithmetic from '../../src/diff/arithmetic.ts';
import * as broadcast from '../../src/diff/broadcast.ts';
import * as comparison from '../../src/diff/comparison.ts';
import * as joining from '../../src/diff/concat.ts';
import * as convolution from '../../src/diff/convolution.ts';
import * as scan from '../../src/diff/cumulative-sum.ts';
import * as dropping from '../../src/diff/dropout.ts';
import * as elementwise from '../../src/diff/elementwise.ts';
import * as errorFunction from '../../src/diff/error-function.ts';
import * as gathering from '../../src/diff/gather.ts';
import * as gradients from '../../src/diff/grad.ts';
import * as normalising from '../../src/diff/layer-norm.ts';
import * as loss from '../../src/diff/loss.ts';
import * as pooling from '../../src/diff/pooling.ts';
import * as product from '../../src/diff/product.ts';
import * as reduction from '../../src/diff/reduction.ts';
import * as reshaping from '../../src/diff/reshape.ts';
import * as slicing from '../../src/diff/slice.ts';
import * as smooth from '../../src/diff/soft-maximum.ts';
import { finiteDifference } from '../../src/diff/stencils.ts';
import { full, type Tensor } from '../../src/diff/tensor.ts';
import * as selecting from '../../src/diff/where.ts';
import { distinctNumbers } from './distinct-numbers.ts';

export interface Use {
  /** A call that works, of tensors that move. */
  readonly works: readonly [(...xs: Tensor[]) => Tensor, ...Tensor[]];
  /** Calls whose shapes do not fit, each with the two shapes (or shape and axis) that its error must show. */
  readonly refuses?: readonly (readonly [() => unknown, string, string])[];
}

const { add, sub, mul, div, gate, maskedMul, neg } = arithmetic;
const a = full([2, 3], 1);
const b = full([4], 1);
const elementwiseUse = (f: (x: Tensor) => Tensor, sign?: 'positive'): Use => ({
  works: [x => f(x!), distinctNumbers([2, 3], 1, sign)],
});
const pairUse = (f: (x: Tensor, y: Tensor) => Tensor, sign?: 'positive'): Use => ({
  works: [(x, y) => f(x!, y!), distinctNumbers([2, 3], 1, sign), distinctNumbers([3], 2)],
  refuses: [[() => f(a, b), '[2, 3]', '[4]']],
});
const reductionUse = (f: (x: Tensor, options: { axis: number }) => Tensor): Use => ({
  works: [x => f(x!, { axis: 0 }), distinctNumbers([4, 2])],
  refuses: [[() => f(a, { axis: 2 }), '[2, 3]', 'axis 2']],
});
const axisUse = (f: (x: Tensor, axis: number) => Tensor): Use => reductionUse((x, { axis }) => f(x, axis));
const lossUse = (f: (z: Tensor, t: Tensor) => Tensor): Use => ({
  works: [(z, t) => f(z!, t!), distinctNumbers([4, 3]), distinctNumbers([4, 3], 2, 'positive')],
  refuses: [
    [() => f(full([4, 1], 1), full([4], 1)), '[4, 1]', '[4]'],
    [() => f(full([4, 2], 1), full([4, 1], 1)), '[4, 2]', '[4, 1]'],
  ],
});
const halves = distinctNumbers([2, 3], 2, 'positive');
const difference = finiteDifference(1, 2, 5, 10);

/** By name, as it is exported. */
export const uses: Readonly<Record<string, Use>> = {
  add: pairUse(add),
  sub: pairUse(sub),
  mul: pairUse(mul),
  div: pairUse(div),
  gate: { ...pairUse(gate), works: [x => gate(x!, distinctNumbers([2, 3], 2)), distinctNumbers([2, 3])] },
  maskedMul: pairUse(maskedMul),
  pow: pairUse(elementwise.pow, 'positive'),
  equal: pairUse(comparison.equal),
  less: pairUse(comparison.less),
  lessEqual: pairUse(comparison.lessEqual),
  greater: pairUse(comparison.greater),
  greaterEqual: pairUse(comparison.greaterEqual),
  maximum: pairUse(comparison.maximum),
  minimum: pairUse(comparison.minimum),
  neg: elementwiseUse(neg),
  exp: elementwiseUse(elementwise.exp),
  log: elementwiseUse(elementwise.log, 'positive'),
  sqrt: elementwiseUse(elementwise.sqrt, 'positive'),
  log1p: elementwiseUse(elementwise.log1p, 'positive'),
  sin: elementwiseUse(elementwise.sin),
  cos: elementwiseUse(elementwise.cos),
  erf: elementwiseUse(errorFunction.erf),
  tanh: elementwiseUse(elementwise.tanh),
  sigmoid: elementwiseUse(elementwise.sigmoid),
  softplus: elementwiseUse(elementwise.softplus),
  relu: elementwiseUse(elementwise.relu),
  abs: elementwiseUse(elementwise.abs),
  step: elementwiseUse(elementwise.step),
  sign: elementwiseUse(elementwise.sign),
  stopGradient: {
    works: [x => mul(elementwise.stopGradient(distinctNumbers([2])), x!), distinctNumbers([2], 3)],
  },
  clip: elementwiseUse(x => elementwise.clip(x, -0.5, 0.9)),
  where: {
    works: [
      (x, y) => selecting.where(full([3], 1), x!, y!),
      distinctNumbers([2, 3]),
      distinctNumbers([3], 2),
    ],
    refuses: [
      [() => selecting.where(a, b, 0), '[2, 3]', '[4]'],
      [() => selecting.where(full([2, 1], 1), full([1, 3], 1), b), '[2, 3]', '[4]'],
    ],
  },
  broadcastTo: {
    works: [x => broadcast.broadcastTo(x!, [2, 3]), distinctNumbers([2, 1])],
    refuses: [
      [() => broadcast.broadcastTo(b, [2, 3]), '[4]', '[2, 3]'],
      [() => broadcast.broadcastTo(full([1], 1), [1.5]), '[1]', '[1.5]'],
    ],
  },
  sumTo: {
    works: [x => broadcast.sumTo(x!, [1, 3]), distinctNumbers([2, 3])],
    refuses: [[() => broadcast.sumTo(a, [4]), '[2, 3]', '[4]']],
  },
  sum: reductionUse(reduction.sum),
  mean: reductionUse(reduction.mean),
  max: reductionUse(reduction.max),
  min: reductionUse(reduction.min),
  variance: reductionUse(reduction.variance),
  argmax: axisUse(reduction.argmax),
  logSumExp: reductionUse(reduction.logSumExp),
  softmax: axisUse(reduction.softmax),
  logSoftmax: axisUse(reduction.logSoftmax),
  softMaximum: reductionUse((x, options) => smooth.softMaximum(x, 2, options)),
  softArgmax: axisUse((x, axis) => smooth.softArgmax(x, 2, axis)),
  cumulativeSum: axisUse(scan.cumulativeSum),
  layerNorm: {
    works: [
      (x, g, c) => normalising.layerNorm(x!, g!, c!),
      distinctNumbers([2, 3]),
      distinctNumbers([3], 2),
      distinctNumbers([3], 3),
    ],
    refuses: [
      [() => normalising.layerNorm(a, b, full([3], 1)), '[2, 3]', '[4]'],
      [() => normalising.layerNorm(a, full([3], 1), b), '[2, 3]', '[4]'],
      [() => normalising.layerNorm(full([3], 1), a, full([3], 1)), '[3]', '[2, 3]'],
      [() => normalising.layerNorm(full([], 1), full([], 1), full([], 1)), '[]', 'axis -1'],
    ],
  },
  dropout: {
    works: [x => dropping.dropout(x!, halves), distinctNumbers([2, 3])],
    refuses: [
      [() => dropping.dropout(a, b), '[2, 3]', '[4]'],
      [() => dropping.dropout(full([3], 1), a), '[3]', '[2, 3]'],
    ],
  },
  softmaxCrossEntropy: lossUse(loss.softmaxCrossEntropy),
  focalLoss: lossUse((z, t) => loss.focalLoss(z, t, 2)),
  sigmoidCrossEntropy: lossUse(loss.sigmoidCrossEntropy),
  sigmoidFocalLoss: lossUse((z, t) => loss.sigmoidFocalLoss(z, t, 2)),
  weightedMean: {
    works: [
      (l, t) => loss.weightedMean(l!, t!),
      distinctNumbers([4, 1]),
      distinctNumbers([4, 2], 2, 'positive'),
    ],
    refuses: [[() => loss.weightedMean(full([3, 1], 1), full([4, 2], 1)), '[4, 2]', '[3, 1]']],
  },
  squaredPenalty: {
    works: [(x, y) => loss.squaredPenalty([x!, y!], 0.3), distinctNumbers([2, 3]), distinctNumbers([4])],
  },
  reshape: {
    works: [x => reshaping.reshape(x!, [3, 2]), distinctNumbers([2, 3])],
    refuses: [
      [() => reshaping.reshape(a, [4]), '[2, 3]', '[4]'],
      [() => reshaping.reshape(a, [-2, -3]), '[2, 3]', '[-2, -3]'],
      [() => reshaping.reshape(a, [1.5, 4]), '[2, 3]', '[1.5, 4]'],
    ],
  },
  transpose: {
    works: [x => reshaping.transpose(x!), distinctNumbers([2, 3])],
    refuses: [[() => reshaping.transpose(a, [0, 2]), '[2, 3]', '[0, 2]']],
  },
  slice: {
    works: [x => slicing.slice(x!, [0, 1], [2, 3]), distinctNumbers([2, 3])],
    refuses: [
      [() => slicing.slice(a, [0, 0], [2, 4]), '[2, 3]', '[2, 4]'],
      [() => slicing.slice(a, [0], [2]), '[2, 3]', '[2]'],
      [() => slicing.slice(a, [0, 0.5], [2, 2.5]), '[2, 3]', '[2, 2.5]'],
    ],
  },
  gather: {
    works: [x => gathering.gather(x!, [1, 1, 0]), distinctNumbers([2, 3])],
    refuses: [
      [() => gathering.gather(a, [5]), '[2, 3]', '5'],
      [() => gathering.gather(a, [0], 2), '[2, 3]', 'axis 2'],
    ],
  },
  scatterAdd: {
    works: [x => gathering.scatterAdd(x!, [3, 0], 5), distinctNumbers([2, 3])],
    refuses: [
      [() => gathering.scatterAdd(a, [0], 5), '[2, 3]', '1 indices'],
      [() => gathering.scatterAdd(a, [0, 5], 5), '[2, 3]', '5'],
      [() => gathering.scatterAdd(a, [0, 1], 2.5), '[2, 3]', '2.5'],
    ],
  },
  concat: {
    works: [(x, y) => joining.concat([x!, y!], 1), distinctNumbers([2, 3]), distinctNumbers([2, 1], 2)],
    refuses: [[() => joining.concat([a, b]), '[2, 3]', '[4]']],
  },
  stack: {
    works: [(x, y) => joining.stack([x!, y!], 1), distinctNumbers([2, 3]), distinctNumbers([2, 3], 2)],
    refuses: [
      [() => joining.stack([a, b]), '[2, 3]', '[4]'],
      [() => joining.stack([a, a], 4), '[2, 3', 'axis 4'],
    ],
  },
  pad: {
    works: [
      x =>
        slicing.pad(
          x!,
          [
            [1, 0],
            [0, 2],
          ],
          7,
        ),
      distinctNumbers([2, 3]),
    ],
    refuses: [[() => slicing.pad(a, [[1, 1]]), '[2, 3]', '[[1,1]]']],
  },
  matmul: {
    works: [(x, y) => product.matmul(x!, y!), distinctNumbers([2, 3]), distinctNumbers([3, 4], 2)],
    refuses: [
      [() => product.matmul(a, a), '[2, 3]', '[2, 3]'],
      [() => product.matmul(b, a), '[4]', '[2, 3]'],
      [() => product.matmul(full([5, 2, 3], 1), full([5, 2, 3], 1)), '[2, 3]', '[2, 3]'],
      [() => product.matmul(full([5, 2, 3], 1), full([4, 3, 2], 1)), '[5]', '[4]'],
    ],
  },
  linear: {
    works: [x => product.linear(difference, x!), distinctNumbers([2, 5])],
    refuses: [[() => product.linear(difference, a), '[2, 3]', '5 samples']],
  },
  conv1d: {
    works: [
      (x, w) => convolution.conv1d(x!, w!, { padding: 1 }),
      distinctNumbers([2, 1, 6]),
      distinctNumbers([2, 1, 3], 2),
    ],
    refuses: [
      [() => convolution.conv1d(full([1, 1, 3], 1), full([1, 2, 2], 1)), '[1, 1, 3]', '[1, 2, 2]'],
      [() => convolution.conv1d(a, full([1, 2, 2], 1)), '[2, 3]', '[1, 2, 2]'],
    ],
  },
  averagePool: {
    works: [x => pooling.averagePool(x!, { size: 2 }), distinctNumbers([2, 6])],
    refuses: [[() => pooling.averagePool(a, { size: 4 }), '[2, 3]', 'window of 4']],
  },
  maxPool: {
    works: [x => pooling.maxPool(x!, { size: 2 }), distinctNumbers([2, 6])],
    refuses: [[() => pooling.maxPool(a, { size: 4 }), '[2, 3]', 'window of 4']],
  },
  vjp: {
    works: [x => gradients.vjp(y => mul(y!, y!), x!).pullback(full([2], 1))[0]!, distinctNumbers([2])],
    refuses: [[() => gradients.vjp(x => x!, a).pullback(b), '[2, 3]', '[4]']],
  },
  grad: {
    works: [x => gradients.grad(y => reduction.sum(elementwise.exp(y)))(x!), distinctNumbers([3])],
    refuses: [[() => gradients.grad(x => x)(a), '[2, 3]', 'single number']],
  },
  valueAndGrad: {
    works: [
      x => gradients.valueAndGrad(y => reduction.sum(elementwise.exp(y!)))(x!).gradients[0]!,
      distinctNumbers([3]),
    ],
    refuses: [[() => gradients.valueAndGrad(x => x!)(a), '[2, 3]', 'single number']],
  },
  jacobian: { works: [x => gradients.jacobian(y => mul(y, y))(x!), distinctNumbers([3])] },
  jvp: {
    works: [
      x => gradients.jvp(y => mul(y, elementwise.tanh(y)), x!, distinctNumbers([3], 2)),
      distinctNumbers([3]),
    ],
    refuses: [[() => gradients.jvp(x => x, a, b), '[2, 3]', '[4]']],
  },
  hessianVectorProduct: {
    works: [
      x =>
        gradients.hessianVectorProduct(
          y => reduction.sum(elementwise.exp(mul(y, y))),
          x!,
          distinctNumbers([3], 2),
        ),
      distinctNumbers([3]),
    ],
    refuses: [
      [() => gradients.hessianVectorProduct(x => reduction.sum(x), a, b), '[2, 3]', '[4]'],
      [() => gradients.hessianVectorProduct(x => reduction.sum(x), a, full([1], 1)), '[2, 3]', '[1]'],
    ],
  },
};
