/** The learner of upstroke, in the precision given by the third argument, on the number of worker threads given by the fourth. */
import type { Precision } from '../../src/diff/compile.ts';
import { tensor } from '../../src/diff/tensor.ts';
import type { ConvolutionalFrontEnd, Stage } from '../../src/learn/model/convolutional-layers.ts';
import type { Layer, Network } from '../../src/learn/model/network.ts';
import { createLearner } from '../../src/learn/train/learner.ts';
import { startGradientWorkers } from '../../src/node/gradient-workers/gradient-workers.ts';
import { race, type Task } from './task.ts';

function networkOf({ parameters, convolutions }: Task): Network {
  const tensors = parameters.map(({ shape, data }) => tensor(Float64Array.from(data), shape));
  const layers: Layer[] = [];
  const dense = tensors.slice(2 * convolutions.length);
  for (let k = 0; k < dense.length; k += 2) layers.push({ weights: dense[k]!, bias: dense[k + 1]! });
  if (convolutions.length === 0) return { activation: 'relu', layers };
  const stages = convolutions.map(
    ({ taps }, k): Stage => ({
      ...{ weights: tensors[2 * k]!, bias: tensors[2 * k + 1]!, stride: 1, dilation: 1 },
      ...{ padding: (taps - 1) / 2, activation: 'relu', pool: { kind: 'max', size: 2 } },
    }),
  );
  const frontEnd: ConvolutionalFrontEnd = { channels: 1, stages, summary: 'all' };
  return { activation: 'relu', frontEnd, layers };
}

await race(async task => {
  const precision = process.argv[3] as Precision;
  const { inputs, classes, batchSize, learningRate, batches } = task;
  const parallel =
    process.argv[4] === undefined ? {} : { workers: await startGradientWorkers(Number(process.argv[4])) };
  const options = { optimizer: 'adam', l2: 0, batchSize, inputs, classes, precision, ...parallel } as const;
  const make = () => createLearner(networkOf(task), options);
  let learner = make();
  return {
    step(k) {
      const { rows, x, targets } = batches[k]!;
      learner.x.set(x);
      learner.targets.set(targets);
      if (rows < batchSize) learner.targets.fill(0, rows * classes);
      return learner.step(learningRate);
    },
    reset() {
      learner = make();
    },
  };
});
