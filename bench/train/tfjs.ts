/**
 * TensorFlow.js with the backend in the third argument (cpu or wasm), in production mode, with batches on the backend
 * beforehand and the loss read at every step. The WebAssembly backend has no gradient of a convolution's filter, so
 * convolutions are matrix products over shifted copies, with channels last.
 */
import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-wasm';
import { adam, race, type Task } from './task.ts';

tf.enableProdMode();
await tf.setBackend(process.argv[3]!);
await tf.ready();

type Variables = readonly tf.Variable[];

function perceptron(x: tf.Tensor, variables: Variables): tf.Tensor {
  let h = x as tf.Tensor2D;
  for (let k = 0; k < variables.length; k += 2) {
    h = h.matMul(variables[k] as tf.Tensor2D).add(variables[k + 1]!);
    if (k + 2 < variables.length) h = h.relu();
  }
  return h;
}

/** `[n, length, channels]` by weights `[taps·channels, outputs]`, padded to keep the length. */
function convolve(x: tf.Tensor3D, weights: tf.Tensor, taps: number): tf.Tensor3D {
  const [n, length, channels] = x.shape;
  const half = (taps - 1) / 2;
  const padded = x.pad([
    [0, 0],
    [half, half],
    [0, 0],
  ]);
  const shifted = Array.from({ length: taps }, (_, t) => padded.slice([0, t, 0], [n, length, channels]));
  return tf
    .concat(shifted, 2)
    .reshape([n * length, taps * channels])
    .matMul(weights as tf.Tensor2D)
    .reshape([n, length, weights.shape[1]!]);
}

const convolutional =
  (convolutions: Task['convolutions']) =>
  (x: tf.Tensor, variables: Variables): tf.Tensor => {
    let h = x.expandDims(2) as tf.Tensor3D;
    convolutions.forEach(({ taps, outputs }, k) => {
      const z = convolve(h, variables[2 * k]!, taps)
        .add(variables[2 * k + 1]!)
        .relu();
      const [n, length] = h.shape;
      h = z.reshape([n, length / 2, 2, outputs]).max(2) as tf.Tensor3D;
    });
    const flat = h.reshape([h.shape[0], -1]) as tf.Tensor2D;
    const dense = 2 * convolutions.length;
    return flat.matMul(variables[dense] as tf.Tensor2D).add(variables[dense + 1]!);
  };

/** The task's weights with channels last. */
function initialOf({ parameters, inputs, convolutions }: Task): tf.Tensor[] {
  return parameters.map(({ shape, data }, k) => {
    if (shape.length === 3) {
      const [outputs, channels, taps] = shape as [number, number, number];
      return tf
        .tensor3d(data, [outputs, channels, taps])
        .transpose([2, 1, 0])
        .reshape([taps * channels, outputs]);
    }
    if (convolutions.length > 0 && k === 2 * convolutions.length) {
      const channels = convolutions.at(-1)!.outputs;
      const samples = inputs / 2 ** convolutions.length;
      return tf
        .tensor3d(data, [channels, samples, shape[1]!])
        .transpose([1, 0, 2])
        .reshape([channels * samples, shape[1]!]);
    }
    return tf.tensor(data, [...shape]);
  });
}

await race(async task => {
  const batches = task.batches.map(({ rows, x, targets }) => ({
    x: tf.tensor2d(x, [rows, task.inputs]),
    targets: tf.tensor2d(targets, [rows, task.classes]),
  }));
  const initial = initialOf(task);
  const variables = initial.map(w => tf.variable(w));
  const model = task.convolutions.length > 0 ? convolutional(task.convolutions) : perceptron;
  const make = () => tf.train.adam(task.learningRate, adam.beta1, adam.beta2, adam.epsilon);
  let optimizer = make();
  return {
    step(k) {
      const { x, targets } = batches[k]!;
      const loss = optimizer.minimize(
        () => tf.losses.softmaxCrossEntropy(targets, model(x, variables)) as tf.Scalar,
        true,
        variables as tf.Variable[],
      )!;
      const value = loss.dataSync()[0]!;
      loss.dispose();
      return value;
    },
    reset() {
      variables.forEach((variable, k) => {
        variable.assign(initial[k]!);
      });
      optimizer.dispose();
      optimizer = make();
    },
  };
});
