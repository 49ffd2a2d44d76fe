/** Worker threads that share the minibatches of a training. */
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { MessageChannel, receiveMessageOnPort, Worker } from 'node:worker_threads';
import { InputError } from '../../input-error.ts';
import type { GradientTask, GradientWorkers, SharedGradient } from '../../learn/train/sharded-gradient.ts';
import { failure, type SentTask, sharedArrays, signal, signalCount } from './shared-memory.ts';
import type { Report, SupervisorStart } from './supervisor-thread.ts';
import { GradientWorkerError } from './worker-error.ts';

/** Gradient workers that run as threads, until they are closed. */
export interface GradientThreads extends GradientWorkers {
  /** Ends the threads. */
  close(): Promise<void>;
}

/** The largest number of threads. */
const most = 1024;

const ending = import.meta.url.endsWith('.ts') ? '.ts' : '.js';

/** When run from source, the threads load TypeScript through tsx, whose own `--import` is for main threads only. */
const loaderArguments: readonly string[] = ending === '.ts' ? ['--import', tsxForThreads()] : [];

function tsxForThreads(): string {
  const manifest = createRequire(import.meta.url).resolve('tsx/package.json');
  const tsx = new URL('dist/esm/api/index.mjs', pathToFileURL(manifest)).href;
  return `data:text/javascript,${encodeURIComponent(`import { register } from '${tsx}'; register();`)}`;
}

/**
 * Starts `count` threads that compute the gradients of minibatches for the option `workers` of a training. Close them
 * afterwards; a process that ends does not wait for them. When one of them ends or fails, the training throws
 * `GradientWorkerError`. Throws `RangeError` unless `count` is a whole number from 1 to 1024.
 *
 * @example
 * const { rows, options } = beatRecipe('softmax', data, 1);
 * const workers = await startGradientWorkers(2);
 * const { losses } = train(rows, { ...options, epochs: 1, workers });
 * await workers.close();
 * losses.length // => 2
 */
export async function startGradientWorkers(count: number): Promise<GradientThreads> {
  if (!Number.isInteger(count) || count < 1 || count > most) {
    throw new InputError(`startGradientWorkers: a whole number of threads from 1 to ${most}, not ${count}`);
  }
  return startThreads(count, new URL(`./worker-thread${ending}`, import.meta.url).href);
}

/** Runs `use` with `count` gradient workers; with none, and without the option, when `count` is undefined. */
export async function withGradientWorkers<T>(
  count: number | undefined,
  use: (option: { readonly workers?: GradientWorkers }) => Promise<T>,
): Promise<T> {
  if (count === undefined) return use({});
  const workers = await startGradientWorkers(count);
  try {
    return await use({ workers });
  } finally {
    await workers.close();
  }
}

/** `startGradientWorkers` with the URL of the program of the threads. */
export async function startThreads(count: number, program: string): Promise<GradientThreads> {
  const signals = new Int32Array(new SharedArrayBuffer(4 * signalCount));
  const channels = Array.from({ length: count }, () => new MessageChannel());
  const { port1: reports, port2: reporting } = new MessageChannel();
  const ports = channels.map(({ port2 }) => port2);
  const start: SupervisorStart = {
    program,
    execArgv: loaderArguments,
    signals,
    ports,
    reporting,
  };
  const supervisor = new Worker(new URL(`./supervisor-thread${ending}`, import.meta.url), {
    workerData: start,
    transferList: [...ports, reporting],
    execArgv: [...loaderArguments],
  });
  let failed: string | undefined;
  const close = async (): Promise<void> => {
    failed ??= 'the workers are closed';
    for (const port of [reports, ...channels.map(({ port1 }) => port1)]) port.close();
    await supervisor.terminate();
  };
  try {
    await new Promise<void>((resolve, reject) => {
      supervisor.on('error', error => {
        failed ??= error.message;
        reject(new GradientWorkerError(`train: ${failed}`, { cause: error }));
      });
      reports.on('message', (report: Report) => {
        if (report.ready) return resolve();
        failed ??= report.failure;
        reject(new GradientWorkerError(`train: ${failed}`));
      });
    });
  } catch (error) {
    await close();
    throw error;
  }
  supervisor.unref();
  reports.unref();
  const fail = (): never => {
    const told = receiveMessageOnPort(reports) as { readonly message: Report } | undefined;
    failed ??= told?.message.failure ?? 'a worker ended';
    throw new GradientWorkerError(`train: ${failed}`);
  };
  const { begin, finish } = rounds(signals, count, () => failed !== undefined, fail);

  let current: object | undefined;
  return {
    count,
    prepare(task: GradientTask): SharedGradient {
      finish();
      const { memory, ...arrays } = sharedArrays(task);
      for (const { port1 } of channels) port1.postMessage({ task, memory } satisfies SentTask);
      begin();
      finish();
      current = arrays;
      return {
        ...arrays,
        begin() {
          if (current !== arrays) throw new InputError('train: the workers are in another training');
          begin();
        },
        finish,
      };
    },
    close,
  };
}

/** Rounds of the workers: one is begun, and finished when all of them are done. `fail` throws. */
function rounds(
  signals: Int32Array<SharedArrayBuffer>,
  count: number,
  hasFailed: () => boolean,
  fail: () => never,
) {
  let isRunning = false;
  return {
    begin(): void {
      const idle = Atomics.load(signals, signal.done);
      // The exchange fails if a worker has failed since.
      if (hasFailed() || idle >= failure) fail();
      if (Atomics.compareExchange(signals, signal.done, idle, 0) !== idle) fail();
      isRunning = true;
      Atomics.add(signals, signal.round, 1);
      Atomics.notify(signals, signal.round);
    },
    finish(): void {
      while (isRunning) {
        const done = Atomics.load(signals, signal.done);
        if (hasFailed() || done >= failure) fail();
        if (done === count) isRunning = false;
        else Atomics.wait(signals, signal.done, done);
      }
    },
  };
}
