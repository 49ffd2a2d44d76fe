/** What src/diff/native.ts may call. */

export {
  convolve32,
  convolve64,
  convolveInput32,
  convolveInput64,
  convolveWeights32,
  convolveWeights64,
} from './convolution';
export {
  clear32,
  exp32,
  pair32,
  pair64,
  relu32,
  relu64,
  sigmoid32,
  sumRows32,
  sumRows64,
  sumRuns32,
  tanh32,
} from './elementwise';
export { crossEntropy32, crossEntropyPull32 } from './loss';
export { matmul32, matmul64 } from './matmul';
export { adam32, adam64 } from './optimizer';
export { maxPlace32, maxPlace64, maxPool32, maxPool64 } from './pooling';
