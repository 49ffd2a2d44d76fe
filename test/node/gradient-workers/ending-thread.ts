/** A worker thread that computes for some rounds and then ends as its task says: by an error or an exit. */
import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import { type SentTask, signal } from '../../../src/node/gradient-workers/shared-memory.ts';
import type { WorkerStart } from '../../../src/node/gradient-workers/worker-thread.ts';

const { index, count, signals, port } = workerData as WorkerStart;
const endings: Record<number, () => void> = {
  1: () => {
    throw new Error('no more');
  },
  2: () => process.exit(7),
};

parentPort!.postMessage('ready');
let inputs = 0;
for (let round = 0; ; round++) {
  Atomics.wait(signals, signal.round, round);
  const sent = receiveMessageOnPort(port) as { readonly message: SentTask } | undefined;
  if (sent !== undefined) inputs = sent.message.task.inputs;
  // The second worker ends in the fifth round; its number of inputs says how.
  if (index === 1 && round === 5) endings[inputs]!();
  if (Atomics.add(signals, signal.done, 1) + 1 === count) Atomics.notify(signals, signal.done);
}
