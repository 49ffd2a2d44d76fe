/**
 * The table of all primitives, by name. Each defines its forward loop and its vector–Jacobian product side by side in
 * the file that its table names; the gradient check iterates over this table, so none can be added unchecked.
 * User-defined operations (`defineOperation`) are primitives too, and pass the same check (`checkOperation`).
 */
import { arithmeticRows } from './arithmetic.ts';
import { batchedProductRows } from './batched-product.ts';
import { broadcastRows } from './broadcast.ts';
import { comparisonRows } from './comparison.ts';
import { concatRows } from './concat.ts';
import { convolutionRows } from './convolution.ts';
import { scanRows } from './cumulative-sum.ts';
import { elementwiseRows } from './elementwise.ts';
import { errorFunctionRows } from './error-function.ts';
import { gatherRows } from './gather.ts';
import { lossRows } from './loss.ts';
import { matrixProductRows } from './matrix-product.ts';
import { poolingRows } from './pooling.ts';
import { productRows } from './product.ts';
import { reductionRows } from './reduction.ts';
import { reshapeRows } from './reshape.ts';
import { sliceRows } from './slice.ts';
import { whereRows } from './where.ts';

export const primitives = {
  // Broadcasting: repeat along axes of length 1, and its adjoint.
  broadcastTo: broadcastRows.broadcastTo,
  sumTo: broadcastRows.sumTo,
  // Binary arithmetic a + b, a − b, a·b, a/b, and the products used in gradients.
  neg: arithmeticRows.neg,
  add: arithmeticRows.add,
  sub: arithmeticRows.sub,
  mul: arithmeticRows.mul,
  div: arithmeticRows.div,
  gate: arithmeticRows.gate, // a where b > 0, else 0
  maskedMul: arithmeticRows.maskedMul, // a·b, and 0 where either is 0
  // Functions of one number.
  exp: elementwiseRows.exp,
  log: elementwiseRows.log,
  log1p: elementwiseRows.log1p,
  sqrt: elementwiseRows.sqrt,
  sin: elementwiseRows.sin,
  cos: elementwiseRows.cos,
  tanh: elementwiseRows.tanh,
  sigmoid: elementwiseRows.sigmoid,
  softplus: elementwiseRows.softplus,
  erf: errorFunctionRows.erf,
  relu: elementwiseRows.relu,
  abs: elementwiseRows.abs,
  step: elementwiseRows.step,
  sign: elementwiseRows.sign,
  clip: elementwiseRows.clip,
  stopGradient: elementwiseRows.stopGradient,
  // Functions of two numbers, and selection by a mask.
  pow: elementwiseRows.pow,
  maximum: comparisonRows.maximum,
  minimum: comparisonRows.minimum,
  equal: comparisonRows.equal,
  less: comparisonRows.less,
  lessEqual: comparisonRows.lessEqual,
  greater: comparisonRows.greater,
  greaterEqual: comparisonRows.greaterEqual,
  where: whereRows.where,
  // Reductions over axes, and cumulative sums. `min`, `mean`, `variance` and `logSoftmax` are composed of these.
  max: reductionRows.max,
  maxShare: reductionRows.maxShare, // the share of the largest that each number holds
  argmax: reductionRows.argmax,
  logSumExp: reductionRows.logSumExp,
  softmax: reductionRows.softmax,
  cumulativeSum: scanRows.cumulativeSum,
  // Reshaping, slicing and joining. `stack` is composed of `reshape` and `concat`.
  reshape: reshapeRows.reshape,
  transpose: reshapeRows.transpose,
  slice: sliceRows.slice,
  pad: sliceRows.pad,
  gather: gatherRows.gather,
  scatterAdd: gatherRows.scatterAdd,
  concat: concatRows.concat,
  // Products: of matrices, of stacks of matrices, and by any linear operator (a stencil, a filter).
  matmul: matrixProductRows.matmul,
  batchedMatmul: batchedProductRows.batchedMatmul,
  linear: productRows.linear,
  // Convolution and pooling along the last axis, each with its adjoints.
  conv1d: convolutionRows.conv1d,
  conv1dInput: convolutionRows.conv1dInput,
  conv1dWeights: convolutionRows.conv1dWeights,
  averagePool: poolingRows.averagePool,
  averageSpread: poolingRows.averageSpread,
  maxPool: poolingRows.maxPool,
  maxPick: poolingRows.maxPick,
  maxPlace: poolingRows.maxPlace,
  // Numerically stable losses of classifiers.
  softmaxCrossEntropy: lossRows.softmaxCrossEntropy,
  softmaxCrossEntropyPull: lossRows.softmaxCrossEntropyPull,
  focalLoss: lossRows.focalLoss,
  sigmoidFocalLoss: lossRows.sigmoidFocalLoss,
} as const;
