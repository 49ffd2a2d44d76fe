/** Runs an exported model in onnxruntime-web, an optional dependency. */

import { full, type Tensor } from '../../../diff/tensor.ts';
import { InputError } from '../../../input-error.ts';
import type { Classifier } from '../../../learn/model/classifier.ts';
import type { Random } from '../../../random.ts';

/** Class probabilities `[rows, classes]` of features `[rows, features]`, computed by the runtime. */
export async function onnxProbabilities(bytes: Uint8Array, x: Tensor): Promise<Tensor> {
  const {
    env,
    InferenceSession,
    Tensor: OnnxTensor,
  } = await import('onnxruntime-web').catch(cause => {
    throw new InputError('--verify needs the package onnxruntime-web, which is not installed', { cause });
  });
  env.wasm.numThreads = 1;
  env.logLevel = 'error';
  const session = await InferenceSession.create(bytes);
  try {
    const features = new OnnxTensor('float32', Float32Array.from(x.data), x.shape);
    const { probabilities } = await session.run({ features });
    return { shape: [...probabilities!.dims], data: Float64Array.from(probabilities!.data as Float32Array) };
  } finally {
    await session.release();
  }
}

/** Random test rows: each feature normally distributed with its mean and standard deviation in training. */
export function likelyRows({ standardization, features }: Classifier, rows: number, random: Random): Tensor {
  const width = features.length;
  const x = full([rows, width], 0);
  for (let i = 0; i < x.data.length; i++) {
    const { mean, scale } = standardization;
    // Rounded to Float32, so that both get the same numbers.
    x.data[i] = Math.fround(mean[i % width]! + scale[i % width]! * random.normal());
  }
  return x;
}
