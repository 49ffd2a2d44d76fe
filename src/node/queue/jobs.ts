/** What a job of the queue is: a task of a batch, and what is kept of it in Redis. */
import { createHash } from 'node:crypto';
import type { PartTask, RecordTask, UnpackTask } from '../batch/tasks.ts';

/** A task by the name of the pool's method that does it. */
export type BatchJob =
  | { readonly method: 'measureRecord'; readonly task: RecordTask }
  | { readonly method: 'writePart'; readonly task: PartTask }
  | { readonly method: 'unpackPart'; readonly task: UnpackTask };

/** How often a job is begun before it is set aside, with growing pauses. */
export const attempts = 3;

export const jobOptions = {
  attempts,
  backoff: { type: 'exponential', delay: 1000 },
  // Kept for a while so that a batch that was away finds out; failed ones until a person has looked.
  removeOnComplete: { age: 3600, count: 10_000 },
  removeOnFail: { age: 7 * 24 * 3600, count: 10_000 },
} as const;

/** The same task has the same name, so that none is in the queue twice. */
export const jobId = (job: BatchJob): string =>
  createHash('sha256').update(JSON.stringify(job)).digest('hex').slice(0, 40);
