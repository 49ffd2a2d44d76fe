/** `worker`: measures the records of batches that use a queue. */
import { availableParallelism } from 'node:os';
import { createBatchPool } from '../../node/batch/worker-pool.ts';
import { queueWords } from '../../node/queue/connection.ts';
import { startMetricsServer } from '../../node/queue/metrics-server.ts';
import { queueMetrics } from '../../node/queue/queue-status.ts';
import { startQueueWorker } from '../../node/queue/queue-worker.ts';
import { defineCommand } from '../command.ts';
import { defaultsTo, number } from '../option.ts';
import { counted, printError } from '../output.ts';
import { batchLimits, queueOption, queueUrl } from '../queue-options.ts';

export const command = defineCommand({
  name: 'worker',
  takes: [],
  summary: 'Measures the records of batches that use a queue, until it is stopped.',
  options: {
    queue: queueOption,
    ...batchLimits,
    lease: defaultsTo(
      number('S', 'seconds after which a silent worker is considered dead and its records go to others', {
        least: 1,
      }),
      30,
    ),
    metrics: number('PORT', 'serve Prometheus metrics at http://127.0.0.1:PORT/metrics', {
      least: 0,
      most: 65_535,
      whole: true,
    }),
  },
  notes: [
    'Records and result must have the same path on every machine, or be at a URL and in S3. On Ctrl-C the worker finishes its current records before it exits. Requires the packages bullmq and ioredis (npm install bullmq ioredis).',
  ],
  async run(values) {
    const url = queueUrl(values.queue);
    const width = values.workers ?? availableParallelism();
    const pool = await createBatchPool(width, { seconds: values.timeLimit, memoryMb: values.memoryMb });
    const metrics =
      values.metrics === undefined
        ? undefined
        : await startMetricsServer(values.metrics, () => queueMetrics(url));
    try {
      const worker = await startQueueWorker(url, {
        pool,
        width,
        leaseSeconds: values.lease,
        onJob: (outcome, seconds) => metrics?.count(outcome, seconds),
      });
      printError(
        `working for ${queueWords(url)}, ${counted(width, 'record')} at a time${metrics ? `; ${metrics.url}` : ''}`,
      );
      await new Promise<void>(resolve => {
        for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
      });
      await worker.close();
      return 0;
    } finally {
      await pool.close();
      await metrics?.close();
    }
  },
});
