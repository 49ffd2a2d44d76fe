/**
 * The pool of worker processes of a batch. Each task runs in one process within limits on time and memory; the pool
 * survives the death of a process.
 */
import { fileURLToPath } from 'node:url';
import workerpool from 'workerpool';
import { openStore } from './open-store.ts';
import type { RecordFailure, RecordStatus } from './record-status.ts';
import { settingsFingerprint } from './settings.ts';
import { writeStaged } from './staged-record.ts';
import { StoreError } from './store.ts';
import type { PartTask, RecordTask, ResultFile, UnpackTask } from './tasks.ts';

/** Limits for one task. */
export interface TaskLimits {
  readonly seconds: number;
  /** Memory of the whole process, MiB. */
  readonly memoryMb: number;
}

/** Result of a task. Error classes are lost between processes, so a `StoreError` is returned as its message. */
export type Outcome<T> = { readonly value: T } | { readonly storeError: string };

/** Runs a task in the worker and converts a `StoreError` to an `Outcome`; other errors are rethrown. */
export async function outcomeOf<T>(work: () => Promise<T>): Promise<Outcome<T>> {
  try {
    return { value: await work() };
  } catch (error) {
    if (error instanceof StoreError) return { storeError: error.message };
    throw error;
  }
}

export interface BatchPool {
  /** Measures a record. A record that exceeds a limit, or whose process dies repeatedly, fails. Throws `StoreError`. */
  measureRecord(task: RecordTask): Promise<RecordStatus>;
  writePart(task: PartTask): Promise<ResultFile[]>;
  unpackPart(task: UnpackTask): Promise<void>;
  /** Terminates the processes, including running tasks. */
  close(): Promise<void>;
}

/**
 * Attempts per record. A process that dies without exceeding a limit may have been killed externally, so the record
 * is retried.
 */
const tries = 3;

/** Signals with which a process terminates itself, and the limit that each stands for. */
const limitSignals: Readonly<Record<string, 'time-limit' | 'memory-limit'>> = {
  SIGALRM: 'time-limit',
  SIGUSR2: 'memory-limit',
};

/**
 * Options of a process for its garbage collector: no helper threads, for which the other workers leave no core, and new
 * objects in 16 MiB from the start, because most are released before a record is measured.
 */
const collectorOptions = ['--single-threaded-gc', '--min-semi-space-size=16'];

/**
 * Options of a process for the compiler of Node 20, which takes a quarter of the processor time of the first 12 records
 * of half an hour: to compile without optimisation at once, to inline less, and to wait seven times as long before it
 * optimises a function, so that fewer have to be optimised again. Later versions of Node have an intermediate compiler and
 * do not gain.
 */
const compilerOptions = process.versions.v8.startsWith('11.')
  ? ['--always-sparkplug', '--max-inlined-bytecode-size-cumulative=300', '--interrupt-budget=500000']
  : [];

/** Creates a pool of at most `workers` processes, started on demand. */
export async function createBatchPool(workers: number, limits: TaskLimits): Promise<BatchPool> {
  const pool = workerpool.pool(await workerScript(), {
    workerType: 'process',
    maxWorkers: workers,
    forkOpts: {
      execArgv: [...collectorOptions, ...compilerOptions],
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    },
    workerTerminateTimeout: 1000,
  });
  const call = async <T>(method: string, task: unknown): Promise<T> => {
    const outcome = (await pool.exec(method, [task, limits])) as Outcome<T>;
    if ('storeError' in outcome) throw new StoreError(outcome.storeError);
    return outcome.value;
  };
  const withTries = async <T>(method: string, task: unknown): Promise<T> => {
    for (let attempt = 1; ; attempt++) {
      try {
        return await call<T>(method, task);
      } catch (error) {
        if (!isDeath(error) || limitOf(error) !== undefined || attempt === tries) throw error;
      }
    }
  };
  return {
    async measureRecord(task) {
      try {
        return await withTries<RecordStatus>('measureRecord', task);
      } catch (error) {
        if (!isDeath(error)) throw error;
        return stageFailure(task, failureOf(error, limits));
      }
    },
    writePart: task => withTries('writePart', task),
    unpackPart: task => withTries('unpackPart', task),
    close: async () => {
      await pool.terminate(true);
    },
  };
}

const isDeath = (error: unknown): error is Error =>
  error instanceof workerpool.TerminateError ||
  (error instanceof Error && error.message === 'Worker terminated');

/** The limit whose signal terminated a process; undefined for other causes. */
const limitOf = (error: Error): 'time-limit' | 'memory-limit' | undefined =>
  limitSignals[/signalCode: `(\w+)`/.exec(error.message)?.[1] ?? ''];

function failureOf(error: Error, { seconds, memoryMb }: TaskLimits): RecordFailure {
  const code = limitOf(error) ?? 'crash';
  const message = {
    'time-limit': `took longer than ${seconds} s`,
    'memory-limit': `took more than ${memoryMb} MB`,
    crash: `the process that measured it died ${tries} times`,
  }[code];
  return { code, message, isFinal: false };
}

async function stageFailure({ record, settings, store }: RecordTask, failure: RecordFailure) {
  const { database, record: name } = record;
  const status: RecordStatus = {
    database,
    record: name,
    settings: settingsFingerprint(settings),
    inputs: [],
    rows: 0,
    failure,
  };
  await writeStaged(await openStore(store), status, []);
  return status;
}

/** The program of the processes, which is bundled first when run from source. */
async function workerScript(): Promise<string> {
  if (!import.meta.url.endsWith('.ts')) return fileURLToPath(new URL('./worker-process.js', import.meta.url));
  const bundler = new URL('../../../packaging/worker-bundle.ts', import.meta.url).href;
  const { bundledWorker } = (await import(bundler)) as { bundledWorker(): Promise<string> };
  return bundledWorker();
}
