/**
 * The thread that starts the worker threads of a training and notices when one ends. The training's own thread cannot:
 * it waits for the workers without handling events.
 */
import { type MessagePort, Worker, workerData } from 'node:worker_threads';
import { failure, signal } from './shared-memory.ts';
import type { WorkerStart } from './worker-thread.ts';

/** What the supervisor is started with. */
export interface SupervisorStart {
  /** URL of the program of a worker thread, and the arguments to Node.js that load it. */
  readonly program: string;
  readonly execArgv: readonly string[];
  readonly signals: Int32Array<SharedArrayBuffer>;
  /** One for each worker. */
  readonly ports: readonly MessagePort[];
  /** Reports go here. */
  readonly reporting: MessagePort;
}

/** All workers are ready, or one has failed for a reason, which is reported before it is signalled. */
export type Report =
  | { readonly ready: true; readonly failure?: undefined }
  | { readonly ready: false; readonly failure: string };

const { program, execArgv, signals, ports, reporting } = workerData as SupervisorStart;
const report = (told: Report): void => reporting.postMessage(told);

let ready = 0;
ports.forEach((port, index) => {
  const start: WorkerStart = { index, count: ports.length, signals, port };
  const worker = new Worker(new URL(program), {
    workerData: start,
    transferList: [port],
    execArgv: [...execArgv],
  });
  const fail = (reason: string): void => {
    report({ ready: false, failure: `worker ${index + 1} of ${ports.length} ${reason}` });
    Atomics.add(signals, signal.done, failure);
    Atomics.notify(signals, signal.done);
  };
  worker.once('message', () => {
    if (++ready === ports.length) report({ ready: true });
  });
  worker.on('error', error => fail(`failed: ${error instanceof Error ? error.message : String(error)}`));
  worker.on('exit', code => fail(`ended with exit code ${code}`));
});
