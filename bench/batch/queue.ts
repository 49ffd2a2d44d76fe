/** The cost of a job of the queue, measured with a separate Redis server, and a simulation of a thousand workers from it. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Queue, QueueEvents, Worker } from 'bullmq';
import { connectRedis } from '../../src/node/queue/connection.ts';
import { jobOptions } from '../../src/node/queue/jobs.ts';
import { createRandom } from '../../src/random.ts';
import { hasRedis, startRedis } from '../../test/node/queue/redis-server.ts';

const jobs = 5000;
/** The number of jobs that `batch` has in the queue at once. */
const mostQueued = 5000;
/** Requests per second that S3 accepts for one prefix, and objects per record: the staged record, and its share of the part. */
const storeWritesPerSecond = 3500;
const writesPerRecord = 2;

/** Time that one job takes of each component shared by all workers, s. */
interface Costs {
  readonly redis: number;
  readonly coordinator: number;
  readonly store: number;
}

export async function benchQueue(folder: string, secondsPerRecord: number): Promise<void> {
  if (!hasRedis) {
    console.log('redis-server is not installed: the queue is skipped');
    return;
  }
  mkdirSync(join(folder, 'redis'));
  const redis = await startRedis(join(folder, 'redis'));
  try {
    const costs = { ...(await emptyJobs(redis.url)), store: writesPerRecord / storeWritesPerSecond };
    const ms = (seconds: number): string => `${(1000 * seconds).toFixed(2)} ms`;
    console.log(
      `an empty job (of ${jobs}): ${ms(costs.redis)} processor time of Redis, ${ms(costs.coordinator)} of the batch`,
    );
    console.log(
      `a store that accepts ${storeWritesPerSecond} writes per second: ${ms(costs.store)} per record`,
    );
    console.log(`a record of 10 s and 12 leads takes a worker ${ms(secondsPerRecord)}\n`);
    console.log('workers  records/s  workers busy  Redis  batch  store');
    for (const workers of [1, 10, 100, 1000]) {
      const { rate, busy } = simulate(workers, secondsPerRecord, costs);
      const percent = (share: number): string => `${(100 * share).toFixed(0)} %`;
      console.log(
        `${String(workers).padStart(7)}  ${rate.toFixed(0).padStart(9)}  ${percent(busy.workers).padStart(12)}  ` +
          `${percent(busy.redis).padStart(5)}  ${percent(busy.coordinator).padStart(5)}  ${percent(busy.store).padStart(5)}`,
      );
    }
  } finally {
    await redis.stop();
  }
}

/** Processor time of empty jobs, from adding a job to receiving its result; the worker runs in its own process. */
async function emptyJobs(url: string): Promise<Pick<Costs, 'redis' | 'coordinator'>> {
  const [own, ofEvents] = await Promise.all([connectRedis(url), connectRedis(url)]);
  const queue = new Queue('bench', { connection: own! });
  const events = new QueueEvents('bench', { connection: ofEvents! });
  await events.waitUntilReady();
  let done = 0;
  const all = new Promise<void>(resolve => {
    events.on('completed', () => {
      if (++done === jobs) resolve();
    });
  });
  const worker = startWorker(url);
  const info = await own!.info('server');
  const pid = Number(/process_id:(\d+)/.exec(info)![1]);
  const before = { redis: cpuSecondsOf(pid), coordinator: ownSeconds() };
  const payload = { record: 'x'.repeat(1000) };
  await Promise.all(
    Array.from({ length: jobs }, (_, k) => queue.add('job', payload, { ...jobOptions, jobId: `j${k}` })),
  );
  await all;
  const costs = {
    redis: (cpuSecondsOf(pid) - before.redis) / jobs,
    coordinator: (ownSeconds() - before.coordinator) / jobs,
  };
  worker.kill();
  await events.close();
  await queue.close();
  for (const connection of [own, ofEvents]) connection!.disconnect();
  return costs;
}

function startWorker(url: string): ChildProcess {
  const tsx = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;
  return spawn(process.execPath, ['--import', tsx, import.meta.filename, url], { stdio: 'inherit' });
}

const ownSeconds = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
};

/** Processor time of another process, s; NaN where the system does not provide it. */
function cpuSecondsOf(pid: number): number {
  try {
    // The fields follow the name in parentheses; times are in hundredths of a second.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ');
    return (Number(fields[11]) + Number(fields[12])) / 100;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return Number.NaN;
    throw error;
  }
}

/**
 * Simulates workers that process one record at a time. Redis, the batch and the store serve one request after another, in
 * the order of the events; the batch keeps at most `mostQueued` records in the queue. Service times of the workers are
 * exponential with the measured mean. Returns records per second, and the fraction of time that each component is busy.
 */
function simulate(workers: number, recordSeconds: number, costs: Costs) {
  const random = createRandom(1);
  const records = Math.max(20_000, 20 * workers);
  /** The time at which each worker becomes free, as a heap with the earliest first. */
  const free = new Float64Array(workers);
  /** The time at which the batch has received the result of each record and can add another. */
  const noted = new Float64Array(records);
  let [redis, coordinator, store, worked, end] = [0, 0, 0, 0, 0];
  for (let k = 0; k < records; k++) {
    const added = k < mostQueued ? 0 : noted[k - mostQueued]!;
    redis = Math.max(redis, free[0]!, added) + costs.redis;
    const service = -recordSeconds * Math.log(1 - random.uniform());
    store = Math.max(store, redis) + costs.store;
    // The writes of one record wait for those of others only if the store is busy.
    const finished = Math.max(store, redis + service);
    worked += service;
    coordinator = Math.max(coordinator, redis) + costs.coordinator;
    noted[k] = Math.max(coordinator, finished);
    free[0] = finished;
    end = Math.max(end, noted[k]!);
    siftDown(free);
  }
  return {
    rate: records / end,
    busy: {
      workers: worked / (end * workers),
      redis: (records * costs.redis) / end,
      coordinator: (records * costs.coordinator) / end,
      store: (records * costs.store) / end,
    },
  };
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

if (process.argv[1] === import.meta.filename) {
  new Worker('bench', async () => 0, { connection: await connectRedis(process.argv[2]!), concurrency: 50 });
}
