/**
 * A worker thread of a training: it waits for the next round, in which it takes a new task or computes the gradient of
 * its rows. An error ends the thread, which the supervisor notices.
 */
import { type MessagePort, parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import { createLossGradient } from '../../learn/train/loss-gradient.ts';
import { describedLoss } from '../../learn/train/losses.ts';
import { type SentTask, sharedArrays, signal } from './shared-memory.ts';

/** What a worker thread is started with. */
export interface WorkerStart {
  readonly index: number;
  readonly count: number;
  readonly signals: Int32Array<SharedArrayBuffer>;
  /** Tasks come from here. */
  readonly port: MessagePort;
}

const { index, count, signals, port } = workerData as WorkerStart;

/** The computation of one round; undefined for a worker that has no rows. */
function prepare({ task, memory }: SentTask): (() => void) | undefined {
  const { network, loss, inputs, targetColumns, bounds, ...options } = task;
  const [from, to] = [bounds[index]!, bounds[index + 1]!];
  if (from === to) return undefined;
  const shared = sharedArrays(task, memory);
  const own = createLossGradient(network, {
    ...{ ...options, inputs, batchSize: to - from, trainingLoss: describedLoss(loss) },
  });
  const x = shared.x.subarray(from * inputs, to * inputs);
  const targets = shared.targets.subarray(from * targetColumns, to * targetColumns);
  const gradients = shared.gradients[index]!;
  return () => {
    if (shared.shares[index] === 0) return;
    own.x.set(x);
    own.targets.set(targets);
    own.parameters.forEach((p, k) => {
      p.set(shared.parameters[k]!);
    });
    shared.losses[index] = own.evaluate();
    shared.lossSums[index] = own.lossSum();
    gradients.forEach((g, k) => {
      g.set(own.gradients[k]!);
    });
  };
}

parentPort!.postMessage('ready');
let compute: (() => void) | undefined;
for (let round = 0; ; round++) {
  // The notification of a round whose number this thread saw before it waited may wake it in the next wait.
  while (Atomics.load(signals, signal.round) === round) Atomics.wait(signals, signal.round, round);
  const sent = receiveMessageOnPort(port) as { readonly message: SentTask } | undefined;
  if (sent === undefined) compute?.();
  else compute = prepare(sent.message);
  if (Atomics.add(signals, signal.done, 1) + 1 === count) Atomics.notify(signals, signal.done);
}
