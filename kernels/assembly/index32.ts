/** The exports of the f32 module, which src/diff/wasm-kernels.ts calls; some exist in f32 only. */

export { convolve, convolveInput, convolveWeights } from './convolution';
export { clear, pair, relu, sumRows, sumRuns } from './elementwise';
export { exp, sigmoid, tanh } from './exponential';
export { crossEntropy, crossEntropyPull } from './loss';
export { matmul } from './matmul';
export { adam } from './optimizer';
export { maxPlace, maxPool } from './pooling';
