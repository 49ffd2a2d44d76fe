/** Serves the metrics of a worker to Prometheus, on the loopback interface only. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { InputError } from '../../input-error.ts';
import type { JobOutcome } from './queue-worker.ts';

export interface MetricsServer {
  /** URL of the metrics: `http://127.0.0.1:9464/metrics`. */
  readonly url: string;
  count(outcome: JobOutcome, seconds: number): void;
  close(): Promise<void>;
}

/**
 * Serves the worker's own counters and the text returned by `ofQueue` on 127.0.0.1. Throws `InputError` if the port
 * is in use.
 */
export async function startMetricsServer(
  port: number,
  ofQueue: () => Promise<string>,
): Promise<MetricsServer> {
  const counts: Record<JobOutcome, number> = { done: 0, failed: 0, retried: 0 };
  let secondsSum = 0;
  const own = (): string =>
    [
      '# HELP upstroke_jobs_total Jobs of this worker by what became of them.',
      '# TYPE upstroke_jobs_total counter',
      ...Object.entries(counts).map(
        ([outcome, count]) => `upstroke_jobs_total{outcome="${outcome}"} ${count}`,
      ),
      '# HELP upstroke_job_seconds_total Time that they took.',
      '# TYPE upstroke_job_seconds_total counter',
      `upstroke_job_seconds_total ${secondsSum}`,
      '',
    ].join('\n');
  const server = createServer((request, response) => {
    if (request.url !== '/metrics') return void response.writeHead(404).end();
    ofQueue().then(
      text => response.setHeader('Content-Type', 'text/plain; version=0.0.4').end(`${own()}${text}\n`),
      () => response.writeHead(503).end('the queue does not answer\n'),
    );
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', cause =>
      reject(new InputError(`port ${port} can't be listened on: ${cause.message}`, { cause })),
    );
    server.listen(port, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/metrics`,
    count(outcome, seconds) {
      counts[outcome]++;
      secondsSum += seconds;
    },
    close: () =>
      new Promise(resolve => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
