/**
 * `upstroke/diff`: the derivative core: tensors, differentiable operations, `grad`, linear operators and finite-difference stencils.
 *
 * For research use only, not for diagnosis.
 */
export { add, div, mul, neg, type Operand, sub } from './diff/arithmetic.ts';
export { broadcastTo, sumTo } from './diff/broadcast.ts';
export { equal, greater, greaterEqual, less, lessEqual, maximum, minimum } from './diff/comparison.ts';
export { compile, createProgram, type Precision, type Program, type ProgramOptions } from './diff/compile.ts';
export { concat, stack } from './diff/concat.ts';
export { type ConvolutionOptions, conv1d } from './diff/convolution.ts';
export { cumulativeSum } from './diff/cumulative-sum.ts';
export { defineOperation, type OperationDefinition } from './diff/define-operation.ts';
export { dropout, dropoutMask } from './diff/dropout.ts';
export {
  abs,
  clip,
  cos,
  exp,
  log,
  log1p,
  pow,
  relu,
  sigmoid,
  sign,
  sin,
  softplus,
  sqrt,
  step,
  stopGradient,
  tanh,
} from './diff/elementwise.ts';
export { erf } from './diff/error-function.ts';
export { fftDerivative } from './diff/fft-derivative.ts';
export { fornbergWeights } from './diff/fornberg.ts';
export { gather, scatterAdd } from './diff/gather.ts';
export {
  grad,
  hessianVectorProduct,
  jacobian,
  jvp,
  type Pullback,
  type TensorRecord,
  type ValueAndGrad,
  valueAndGrad,
  vjp,
} from './diff/grad.ts';
export {
  adjointCheck,
  checkOperation,
  type GradientCheck,
  gradientCheck,
  type OperationCheck,
} from './diff/gradient-check.ts';
export { layerNorm } from './diff/layer-norm.ts';
export {
  focalLoss,
  sigmoidCrossEntropy,
  sigmoidFocalLoss,
  softmaxCrossEntropy,
  squaredPenalty,
  weightedMean,
} from './diff/loss.ts';
export type { LinearOperator } from './diff/operator.ts';
export { averagePool, maxPool, type PoolingOptions } from './diff/pooling.ts';
export { linear, type MatmulParams, matmul } from './diff/product.ts';
export {
  argmax,
  logSoftmax,
  logSumExp,
  max,
  mean,
  min,
  type ReduceOptions,
  softmax,
  sum,
  variance,
} from './diff/reduction.ts';
export { reshape, transpose } from './diff/reshape.ts';
export { type SavitzkyGolayOptions, savitzkyGolay, savitzkyGolayWeights } from './diff/savitzky-golay.ts';
export { describeScheme, differentiator, parseScheme, type Scheme } from './diff/scheme.ts';
export { pad, slice } from './diff/slice.ts';
export { softArgmax, softMaximum } from './diff/soft-maximum.ts';
export {
  finiteDifference,
  panTompkinsDerivative,
  type Stencil,
  stencilOperator,
  twoPointDifference,
} from './diff/stencils.ts';
export {
  type Floats,
  type FloatTensor,
  full,
  item,
  type Shape,
  type Tensor,
  type TensorLike,
  tensor,
} from './diff/tensor.ts';
export { where } from './diff/where.ts';
export { createRandom, type Random } from './random.ts';
