/** A pool whose tasks are run by the workers of a queue, on any machine. */

import { openStore } from '../batch/open-store.ts';
import type { RecordStatus } from '../batch/record-status.ts';
import { settingsFingerprint } from '../batch/settings.ts';
import { readStaged, writeStaged } from '../batch/staged-record.ts';
import { StoreError } from '../batch/store.ts';
import type { RecordTask, ResultFile } from '../batch/tasks.ts';
import type { BatchPool } from '../batch/worker-pool.ts';
import { packageVersion } from '../package-version.ts';
import { connectRedis, loadBullMq, queueName } from './connection.ts';
import { type BatchJob, jobId, jobOptions, type QueuedJob } from './jobs.ts';

/** A job whose result the batch is waiting for. */
interface Awaited {
  readonly job: QueuedJob;
  readonly done: (value: unknown) => void;
  readonly failed: (error: Error) => void;
}

/** Interval at which the state of pending jobs is polled, ms: events are lost when Redis restarts. */
const askEveryMs = 2000;

/** A job that the queue marked as failed; the message gives the reason. */
class JobFailure extends Error {}

/** Opens the queue and its events, each with a connection of its own. Throws as `connectRedis` does. */
async function openQueue(url: string) {
  const { Queue, QueueEvents } = await loadBullMq();
  const connection = await connectRedis(url);
  const eventConnection = await connectRedis(url);
  const queue = new Queue(queueName, { connection });
  const events = new QueueEvents(queueName, { connection: eventConnection });
  // The client reconnects by itself, and the pool asks for the state of pending jobs.
  queue.on('error', () => {});
  events.on('error', () => {});
  await events.waitUntilReady();
  return {
    queue,
    events,
    async close(): Promise<void> {
      await events.close();
      await queue.close();
      connection.disconnect();
      eventConnection.disconnect();
    },
  };
}

/**
 * Creates a pool on the queue at a URL; `onNoWorkers` is called if no worker is connected to it. Throws `InputError` as
 * `connectRedis` does.
 */
export async function createQueuePool(url: string, onNoWorkers = (): void => {}): Promise<BatchPool> {
  const { queue, events, close } = await openQueue(url);
  // Some Redis services do not list their clients.
  if ((await queue.getWorkersCount().catch(() => undefined)) === 0) onNoWorkers();
  const awaited = new Map<string, Awaited>();

  const settle = (id: string, how: (entry: Awaited) => void): void => {
    const entry = awaited.get(id);
    if (entry === undefined) return;
    awaited.delete(id);
    how(entry);
  };
  events.on('completed', ({ jobId: id, returnvalue }) =>
    settle(id, ({ done }) => done(returnedValue(returnvalue))),
  );
  events.on('failed', ({ jobId: id, failedReason }) =>
    settle(id, ({ failed }) => failed(new JobFailure(failedReason))),
  );

  /** Adds a job to the queue. A finished job is run again; a pending job is awaited. */
  const enqueue = async (id: string, job: QueuedJob, isNew: boolean): Promise<void> => {
    const known = await queue.getJob(id);
    const state = await known?.getState();
    if (!isNew && state === 'completed') return settle(id, ({ done }) => done(known!.returnvalue));
    if (!isNew && state === 'failed')
      return settle(id, ({ failed }) => failed(new JobFailure(known!.failedReason)));
    if (state === 'completed' || state === 'failed') await known!.remove();
    await queue.add(job.method, job, { ...jobOptions, jobId: id });
  };
  const askAfter = async (): Promise<void> => {
    for (const [id, { job }] of [...awaited]) await enqueue(id, job, false);
  };
  let asking = Promise.resolve();
  const timer = setInterval(() => {
    asking = asking.then(askAfter).catch(() => {});
  }, askEveryMs);

  const run = <T>(given: BatchJob): Promise<T> =>
    new Promise<T>((done, failed) => {
      const job: QueuedJob = { ...given, version: packageVersion };
      const id = jobId(job);
      awaited.set(id, { job, done: value => done(value as T), failed });
      enqueue(id, job, true).catch(error => settle(id, entry => entry.failed(error)));
    });
  const runOrStoreError = async <T>(job: BatchJob): Promise<T> => {
    try {
      return await run<T>(job);
    } catch (error) {
      throw error instanceof JobFailure ? new StoreError(error.message) : error;
    }
  };

  return {
    async measureRecord(task) {
      try {
        return await run<RecordStatus>({ method: 'measureRecord', task });
      } catch (error) {
        if (!(error instanceof JobFailure)) throw error;
        return setAside(task, error.message);
      }
    },
    writePart: task => runOrStoreError<ResultFile[]>({ method: 'writePart', task }),
    unpackPart: task => runOrStoreError<void>({ method: 'unpackPart', task }),
    async close() {
      clearInterval(timer);
      await asking;
      await close();
    },
  };
}

/** Events return values as JSON text. */
const returnedValue = (returned: unknown): unknown =>
  typeof returned === 'string' ? JSON.parse(returned) : returned;

/**
 * The status of a record whose job failed: the status written by its last worker, or a failure with the queue's
 * reason.
 */
async function setAside(
  { record, settings, store: place }: RecordTask,
  reason: string,
): Promise<RecordStatus> {
  const store = await openStore(place);
  const fingerprint = settingsFingerprint(settings);
  const staged = await readStaged(store, record, fingerprint);
  if (staged?.failure !== undefined) return staged;
  if (/can't be written/.test(reason)) throw new StoreError(reason);
  const { database, record: name } = record;
  const failure = { code: 'crash', message: reason, isFinal: false };
  const status = { database, record: name, settings: fingerprint, inputs: [], rows: 0, failure };
  await writeStaged(store, status, []);
  return status;
}
