/** What a job costs the queue, measured on a Redis of its own; and from it a simulation of a thousand workers. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Queue, QueueEvents, Worker } from 'bullmq';
import { connectRedis } from '../../src/node/queue/connection.ts';
import { jobOptions } from '../../src/node/queue/jobs.ts';
import { createRandom } from '../../src/random.ts';
import { hasRedis, startRedis } from '../../test/node/queue/redis-server.ts';

const jobs = 2000;

export async function benchQueue(folder: string, secondsPerRecord: number): Promise<void> {
  if (!hasRedis) {
    console.log('there is no redis-server: the queue is left out');
    return;
  }
  mkdirSync(join(folder, 'redis'));
  const redis = await startRedis(join(folder, 'redis'));
  try {
    const perSecond = await emptyJobs(redis.url);
    console.log(
      `${jobs} empty jobs over BullMQ and Redis: ${perSecond.toFixed(0)} a second, all on this machine`,
    );
    console.log(`a record of 10 s and 12 leads takes a worker ${(1000 * secondsPerRecord).toFixed(0)} ms\n`);
    console.log('workers  records/s  busy  limited by');
    for (const workers of [1, 10, 100, 1000]) {
      const { rate, busy } = simulate(workers, secondsPerRecord, 1 / perSecond);
      const limit = busy > 0.9 ? 'the workers' : 'the queue';
      console.log(
        `${String(workers).padStart(7)}  ${rate.toFixed(0).padStart(9)}  ${(100 * busy).toFixed(0).padStart(3)} %  ${limit}`,
      );
    }
  } finally {
    await redis.stop();
  }
}

/** How many jobs that do nothing go through the queue a second, from being added to their end being known. */
async function emptyJobs(url: string): Promise<number> {
  const connections = await Promise.all([connectRedis(url), connectRedis(url), connectRedis(url)]);
  const [own, ofWorker, ofEvents] = connections;
  const queue = new Queue('bench', { connection: own! });
  const events = new QueueEvents('bench', { connection: ofEvents! });
  await events.waitUntilReady();
  let done = 0;
  const all = new Promise<void>(resolve => {
    events.on('completed', () => {
      if (++done === jobs) resolve();
    });
  });
  const worker = new Worker('bench', async () => 0, { connection: ofWorker!, concurrency: 50 });
  const began = performance.now();
  const payload = { record: 'x'.repeat(1000) };
  await Promise.all(
    Array.from({ length: jobs }, (_, k) => queue.add('job', payload, { ...jobOptions, jobId: `j${k}` })),
  );
  await all;
  const seconds = (performance.now() - began) / 1000;
  await worker.close();
  await events.close();
  await queue.close();
  for (const connection of connections) connection.disconnect();
  return jobs / seconds;
}

/**
 * Workers that take a record each, from a queue that serves one after the other: a job holds it for `queueSeconds` before
 * its record is measured. Service times are exponential about the measured mean. Gives records a second, and the share of
 * the workers' time that is work.
 */
function simulate(workers: number, recordSeconds: number, queueSeconds: number) {
  const random = createRandom(1);
  const records = Math.max(20_000, 20 * workers);
  /** When each worker is free, as a heap: the first is the earliest. */
  const free = new Float64Array(workers);
  let queueFree = 0;
  let worked = 0;
  let end = 0;
  for (let k = 0; k < records; k++) {
    queueFree = Math.max(queueFree, free[0]!) + queueSeconds;
    const service = -recordSeconds * Math.log(1 - random.uniform());
    worked += service;
    free[0] = queueFree + service;
    end = Math.max(end, free[0]);
    siftDown(free);
  }
  return { rate: records / end, busy: worked / (end * workers) };
}

function siftDown(heap: Float64Array): void {
  for (let at = 0; ; ) {
    const left = 2 * at + 1;
    if (left >= heap.length) return;
    const least = left + 1 < heap.length && heap[left + 1]! < heap[left]! ? left + 1 : left;
    if (heap[least]! >= heap[at]!) return;
    [heap[at], heap[least]] = [heap[least]!, heap[at]!];
    at = least;
  }
}
