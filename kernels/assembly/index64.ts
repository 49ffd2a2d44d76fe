/** The exports of the f64 module, which src/diff/wasm-kernels.ts calls. */

export { convolve, convolveInput, convolveWeights } from './convolution';
export { pair, relu, sumRows } from './elementwise';
export { matmul } from './matmul';
export { adam } from './optimizer';
export { maxPlace, maxPool } from './pooling';
