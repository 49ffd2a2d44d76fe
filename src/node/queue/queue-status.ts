/** Status of the queue: job counts, throughput, and failed jobs. */
import type { Queue } from 'bullmq';
import type { Redis } from 'ioredis';
import { connectRedis, loadBullMq, queueName } from './connection.ts';
import type { BatchJob } from './jobs.ts';

export interface QueueStatus {
  readonly waiting: number;
  readonly active: number;
  /** Jobs waiting to be retried after a delay. */
  readonly delayed: number;
  /** Jobs completed within the last hour, and failed jobs. */
  readonly completed: number;
  readonly failed: number;
  readonly workers: number;
  /** Number of jobs completed in each of the last minutes, most recent first. */
  readonly perMinute: readonly number[];
  readonly setAside: readonly { readonly what: string; readonly reason: string; readonly attempts: number }[];
}

const minutes = 10;
const mostSetAside = 100;

/** Reads the status of the queue. Throws `InputError` as `connectRedis` does. */
export async function queueStatus(url: string): Promise<QueueStatus> {
  return withQueue(url, async (queue, client) => {
    const counts = await queue.getJobCounts('waiting', 'active', 'delayed', 'completed', 'failed');
    const perMinute = await completedPerMinute(queue, client);
    const failed = await queue.getFailed(0, mostSetAside - 1);
    const of = (state: string): number => counts[state] ?? 0;
    return {
      waiting: of('waiting'),
      active: of('active'),
      delayed: of('delayed'),
      completed: of('completed'),
      failed: of('failed'),
      workers: await queue.getWorkersCount(),
      perMinute,
      setAside: failed.map(job => ({
        what: nameOf(job.data),
        reason: job.failedReason,
        attempts: job.attemptsMade,
      })),
    };
  });
}

/** Completed jobs of each of the last minutes, from the times at which they were completed. */
async function completedPerMinute(queue: Queue<BatchJob>, client: Redis): Promise<number[]> {
  const key = queue.toKey('completed');
  const now = Date.now();
  const from = (minute: number): number => now - minute * 60_000;
  return Promise.all(
    Array.from({ length: minutes }, (_, k) => client.zcount(key, `(${from(k + 1)}`, from(k))),
  );
}

/** The job counts of the queue in the Prometheus text format. Throws `InputError` as `connectRedis` does. */
export const queueMetrics = (url: string): Promise<string> =>
  withQueue(url, queue => queue.exportPrometheusMetrics());

async function withQueue<T>(
  url: string,
  work: (queue: Queue<BatchJob>, client: Redis) => Promise<T>,
): Promise<T> {
  const { Queue } = await loadBullMq();
  const connection = await connectRedis(url);
  const queue = new Queue<BatchJob>(queueName, { connection });
  queue.on('error', () => {});
  try {
    return await work(queue, connection);
  } finally {
    await queue.close();
    connection.disconnect();
  }
}

function nameOf(job: BatchJob): string {
  if (job.method === 'measureRecord') return `${job.task.record.database}/${job.task.record.record}`;
  return job.method === 'writePart' ? job.task.name : (job.task.files[0]?.name ?? job.method);
}
