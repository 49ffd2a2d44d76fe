/** jax-js on WebAssembly: one jitted step (loss, gradients, Adam), batches on the device beforehand, synchronised every step. */
import { defaultDevice, init, jit, lax, nn, numpy as np, valueAndGrad } from '@jax-js/jax';
import { adam, race, type Task } from './task.ts';

await init('wasm');
defaultDevice('wasm');

type Arrays = np.Array[];

function perceptron(x: np.Array, parameters: Arrays): np.Array {
  let h = x;
  for (let k = 0; k < parameters.length; k += 2) {
    h = np.matmul(h, parameters[k]!).add(parameters[k + 1]!);
    if (k + 2 < parameters.length) h = nn.relu(h);
  }
  return h;
}

const convolutional =
  (convolutions: Task['convolutions']) =>
  (x: np.Array, parameters: Arrays): np.Array => {
    const [n, length] = x.shape as [number, number];
    let h = x.reshape([n, 1, length]);
    let samples = length;
    convolutions.forEach(({ taps, outputs }, k) => {
      const half = (taps - 1) / 2;
      const z = lax.convGeneralDilated(h, parameters[2 * k]!, [1], [[half, half]]);
      const activated = nn.relu(z.add(parameters[2 * k + 1]!.reshape([outputs, 1])));
      samples /= 2;
      h = np.max(activated.reshape([n, outputs, samples, 2]), 3);
    });
    const dense = 2 * convolutions.length;
    return np.matmul(h.reshape([n, -1]), parameters[dense]!).add(parameters[dense + 1]!);
  };

await race(async (task: Task) => {
  const model = task.convolutions.length > 0 ? convolutional(task.convolutions) : perceptron;
  const loss = (parameters: Arrays, x: np.Array, targets: np.Array): np.Array => {
    const rows = x.shape[0]!;
    const logP = nn.logSoftmax(model(x, parameters), -1);
    return np.sum(logP.mul(targets)).mul(-1 / rows);
  };
  const { beta1, beta2, epsilon } = adam;
  const step = jit(
    (
      [parameters, means, squares]: [Arrays, Arrays, Arrays],
      fix1: np.Array,
      fix2: np.Array,
      x: np.Array,
      targets: np.Array,
    ) => {
      const [value, gradients] = valueAndGrad(loss)(
        parameters.map(p => p.ref),
        x,
        targets,
      ) as [np.Array, Arrays];
      const m = means.map((mean, k) => mean.mul(beta1).add(gradients[k]!.ref.mul(1 - beta1)));
      const v = squares.map((square, k) =>
        square.mul(beta2).add(gradients[k]!.ref.mul(gradients[k]!).mul(1 - beta2)),
      );
      const moved = parameters.map((p, k) =>
        p.sub(
          m[k]!.ref.div(fix1.ref)
            .div(np.sqrt(v[k]!.ref.div(fix2.ref)).add(epsilon))
            .mul(task.learningRate),
        ),
      );
      fix1.dispose();
      fix2.dispose();
      return [value, [moved, m, v]] as [np.Array, [Arrays, Arrays, Arrays]];
    },
  );
  const batches = task.batches.map(({ rows, x, targets }) => ({
    x: np.array(x).reshape([rows, task.inputs]),
    targets: np.array(targets).reshape([rows, task.classes]),
  }));
  const fresh = (): [Arrays, Arrays, Arrays] => [
    task.parameters.map(({ shape, data }) => np.array(data.slice()).reshape([...shape])),
    task.parameters.map(({ shape }) => np.zeros([...shape])),
    task.parameters.map(({ shape }) => np.zeros([...shape])),
  ];
  let state = fresh();
  let t = 0;
  return {
    async step(k) {
      t++;
      const { x, targets } = batches[k]!;
      const [value, next] = step(
        state,
        np.array(new Float32Array([1 - beta1 ** t])).reshape([]),
        np.array(new Float32Array([1 - beta2 ** t])).reshape([]),
        x.ref,
        targets.ref,
      ) as [np.Array, [Arrays, Arrays, Arrays]];
      state = next;
      return (await value.data())[0]!;
    },
    reset() {
      state = fresh();
      t = 0;
    },
  };
});
