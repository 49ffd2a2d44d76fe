/** `worker`: does the work of batches that use a queue. */
import { availableParallelism } from 'node:os';
import { createBatchPool } from '../../node/batch/worker-pool.ts';
import { queueWords } from '../../node/queue/connection.ts';
import { startMetricsServer } from '../../node/queue/metrics-server.ts';
import { queueMetrics } from '../../node/queue/queue-status.ts';
import { startQueueWorker } from '../../node/queue/queue-worker.ts';
import { defineCommand } from '../command.ts';
import { defaultsTo, number } from '../option.ts';
import { printError } from '../output.ts';
import { batchLimits, queueOption, queueUrl } from '../queue-options.ts';

export const command = defineCommand({
  name: 'worker',
  takes: [],
  summary: 'Does the work of batches that use a queue, until it is stopped.',
  options: {
    queue: queueOption,
    ...batchLimits,
    lease: defaultsTo(
      number('S', 'a worker that is silent for so long is taken for dead: others get its records', {
        least: 1,
      }),
      30,
    ),
    metrics: number('PORT', 'metrics for Prometheus at http://127.0.0.1:PORT/metrics', {
      least: 0,
      most: 65_535,
      whole: true,
    }),
  },
  notes: [
    'The records and the result must be at the same path on every machine, or at a URL and in S3. Ctrl-C lets the records at work end first. Needs npm install bullmq ioredis.',
  ],
  async run(values) {
    const url = queueUrl(values.queue);
    const width = values.workers ?? availableParallelism();
    const pool = createBatchPool(width, { seconds: values.timeLimit, memoryMb: values.memoryMb });
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
        `working for ${queueWords(url)}, ${width} records at once${metrics ? `; ${metrics.url}` : ''}`,
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
