/**
 * A worker process of a batch. A watchdog thread terminates the process when a task exceeds its time or memory limit.
 */
import { Worker } from 'node:worker_threads';
import workerpool from 'workerpool';
import {
  measureRecord,
  type PartTask,
  type RecordTask,
  type UnpackTask,
  unpackPart,
  writePart,
} from './tasks.ts';
import { type Outcome, outcomeOf, type TaskLimits } from './worker-pool.ts';

/** Start time of the current task, ms since 1970; 0 between tasks. */
const began = new BigInt64Array(new SharedArrayBuffer(8));

/**
 * Watchdog thread; it runs even while the main thread is busy or blocked. It terminates the process with a signal
 * that tells the pool which limit was exceeded: SIGALRM for time, SIGUSR2 for memory.
 */
const guardSource = `
const { workerData } = require('node:worker_threads');
const { began, seconds, bytes } = workerData;
setInterval(() => {
  const start = Number(Atomics.load(began, 0));
  if (start === 0) return;
  if (Date.now() - start > 1000 * seconds) process.kill(process.pid, 'SIGALRM');
  if (process.memoryUsage.rss() > bytes) process.kill(process.pid, 'SIGUSR2');
}, 50);
`;

let guard: Worker | undefined;

async function guarded<T>(limits: TaskLimits, work: () => Promise<T>): Promise<Outcome<T>> {
  if (guard === undefined) {
    const workerData = { began, seconds: limits.seconds, bytes: limits.memoryMb * 2 ** 20 };
    guard = new Worker(guardSource, { eval: true, workerData });
    guard.unref();
  }
  Atomics.store(began, 0, BigInt(Date.now()));
  try {
    return await outcomeOf(work);
  } finally {
    Atomics.store(began, 0, 0n);
  }
}

// The batch has ended, perhaps before this process was ready.
process.on('error', error => {
  if ((error as NodeJS.ErrnoException).code === 'ERR_IPC_CHANNEL_CLOSED') process.exit(1);
  throw error;
});

workerpool.worker({
  measureRecord: (task: RecordTask, limits: TaskLimits) => guarded(limits, () => measureRecord(task)),
  writePart: (task: PartTask, limits: TaskLimits) => guarded(limits, () => writePart(task)),
  unpackPart: (task: UnpackTask, limits: TaskLimits) => guarded(limits, () => unpackPart(task)),
});
