/** The kernels in f64: what src/diff/wasm-kernels.ts may call. */

export { convolve, convolveInput, convolveWeights } from './convolution';
export { pair, relu, sumRows } from './elementwise';
export { matmul } from './matmul';
export { adam } from './optimizer';
export { maxPlace, maxPool } from './pooling';
