/** Jobs of the queue: tasks of a batch, and how long Redis keeps them. */
import { createHash } from 'node:crypto';
import type { PartTask, RecordTask, UnpackTask } from '../batch/tasks.ts';

/** A task, and the name of the pool method that runs it. */
export type BatchJob =
  | { readonly method: 'measureRecord'; readonly task: RecordTask }
  | { readonly method: 'writePart'; readonly task: PartTask }
  | { readonly method: 'unpackPart'; readonly task: UnpackTask };

/** Maximum number of attempts for a job, with increasing delays, before it is marked as failed. */
export const attempts = 3;

/** A job as it is queued, with the version of the program that queued it. */
export type QueuedJob = BatchJob & { readonly version: string };

/** Throws if a job was queued by another version of the program, whose measurements may differ. */
export function requireSameVersion({ version }: QueuedJob, own: string): void {
  if (version !== own)
    throw new Error(`the batch is of upstroke ${version}, a worker that took its record of upstroke ${own}`);
}

export const jobOptions = {
  attempts,
  backoff: { type: 'exponential', delay: 1000 },
  // Completed jobs are kept for a while so that a disconnected batch can still read their results; failed jobs are
  // kept for inspection.
  removeOnComplete: { age: 3600, count: 10_000 },
  removeOnFail: { age: 7 * 24 * 3600, count: 10_000 },
} as const;

/** A job ID derived from the task, so that the same task is never queued twice. */
export const jobId = (job: BatchJob): string =>
  createHash('sha256').update(JSON.stringify(job)).digest('hex').slice(0, 40);
