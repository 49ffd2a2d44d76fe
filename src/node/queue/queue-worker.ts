/** A worker of the queue: takes jobs, and has a pool of processes on this machine do them. */
import type { BatchPool } from '../batch/worker-pool.ts';
import { connectRedis, loadBullMq, queueName } from './connection.ts';
import { attempts, type BatchJob } from './jobs.ts';

export interface QueueWorkerOptions {
  readonly pool: BatchPool;
  /** Jobs at once. */
  readonly width: number;
  /** A worker that says nothing for so long, s, is taken for dead, and its jobs are given to others. */
  readonly leaseSeconds: number;
  /** Told when a job ends: what became of it, and how long it took, s. */
  readonly onJob: (outcome: JobOutcome, seconds: number) => void;
}

export type JobOutcome = 'done' | 'failed' | 'retried';

export interface QueueWorker {
  /** Lets the jobs at work end and takes no others. */
  close(): Promise<void>;
}

/** How often a job may be left by workers that die, before it is set aside. */
const mostStalls = 3;

/** Starts to take jobs. Throws `InputError` as `connectRedis` does. */
export async function startQueueWorker(url: string, options: QueueWorkerOptions): Promise<QueueWorker> {
  const { Worker, MetricsTime } = await loadBullMq();
  const connection = await connectRedis(url);
  const { pool, width, leaseSeconds, onJob } = options;
  const worker = new Worker<BatchJob>(
    queueName,
    async job => {
      const began = performance.now();
      const isLast = job.attemptsMade + 1 >= attempts;
      let outcome: JobOutcome = isLast ? 'failed' : 'retried';
      try {
        const value = await doJob(pool, job.data);
        outcome = 'done';
        return value;
      } finally {
        onJob(outcome, (performance.now() - began) / 1000);
      }
    },
    {
      connection,
      concurrency: width,
      lockDuration: 1000 * leaseSeconds,
      stalledInterval: 1000 * leaseSeconds,
      maxStalledCount: mostStalls,
      metrics: { maxDataPoints: MetricsTime.ONE_WEEK },
    },
  );
  // The client connects again by itself; a job whose end could not be told is done again, to the same files.
  worker.on('error', () => {});
  return {
    async close() {
      await worker.close();
      connection.disconnect();
    },
  };
}

/** What may go better another time is thrown: the queue tries again, later, and in the end sets it aside with the reason. */
async function doJob(pool: BatchPool, job: BatchJob): Promise<unknown> {
  switch (job.method) {
    case 'measureRecord': {
      const status = await pool.measureRecord(job.task);
      if (status.failure?.isFinal === false)
        throw new Error(`${status.failure.code}: ${status.failure.message}`);
      return status;
    }
    case 'writePart':
      return pool.writePart(job.task);
    case 'unpackPart':
      return pool.unpackPart(job.task);
  }
}
