/** A worker of the queue: takes jobs and runs them in a pool of processes on this machine. */
import type { BatchPool } from '../batch/worker-pool.ts';
import { packageVersion } from '../package-version.ts';
import { connectRedis, loadBullMq, queueName } from './connection.ts';
import { attempts, type QueuedJob, requireSameVersion } from './jobs.ts';

export interface QueueWorkerOptions {
  readonly pool: BatchPool;
  /** Number of concurrent jobs. */
  readonly width: number;
  /** A worker that has not renewed its lease for this long, s, is considered dead, and its jobs are given to others. */
  readonly leaseSeconds: number;
  /** Called when a job ends, with its outcome and duration, s. */
  readonly onJob: (outcome: JobOutcome, seconds: number) => void;
}

export type JobOutcome = 'done' | 'failed' | 'retried';

export interface QueueWorker {
  /** Stops taking jobs and waits for the running ones. */
  close(): Promise<void>;
}

/** Number of times a job may be abandoned by dying workers before it is marked as failed. */
const mostStalls = 3;

/** Starts taking jobs. Throws `InputError` as `connectRedis` does. */
export async function startQueueWorker(url: string, options: QueueWorkerOptions): Promise<QueueWorker> {
  const { Worker, MetricsTime } = await loadBullMq();
  const connection = await connectRedis(url);
  const { pool, width, leaseSeconds, onJob } = options;
  const worker = new Worker<QueuedJob>(
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
  // The client reconnects by itself; a job whose completion could not be reported is run again and writes the same
  // files.
  worker.on('error', () => {});
  return {
    async close() {
      await worker.close();
      connection.disconnect();
    },
  };
}

/**
 * Runs a job. Failures that may not recur are thrown, so that the queue retries the job and finally marks it as
 * failed.
 */
async function doJob(pool: BatchPool, job: QueuedJob): Promise<unknown> {
  requireSameVersion(job, packageVersion);
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
