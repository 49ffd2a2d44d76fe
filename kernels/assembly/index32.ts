/** The kernels in f32, of which there are more: what src/diff/wasm-kernels.ts may call. */

export { convolve, convolveInput, convolveWeights } from './convolution';
export { clear, pair, relu, sumRows, sumRuns } from './elementwise';
export { exp, sigmoid, tanh } from './exponential';
export { crossEntropy, crossEntropyPull } from './loss';
export { matmul } from './matmul';
export { adam } from './optimizer';
export { maxPlace, maxPool } from './pooling';
