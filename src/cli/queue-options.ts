/** Options of the commands that use a queue or a pool of worker processes. */
import { queueWords } from '../node/queue/connection.ts';
import { defaultsTo, number, text, UsageError } from './option.ts';
import { printError } from './output.ts';

export const queueOption = text(
  'URL',
  'URL of the queue: redis://… or, with TLS, rediss://…; default: the environment variable UPSTROKE_QUEUE',
);

/** The URL of the queue. Throws `UsageError` if none is given. */
export function queueUrl(given: string | undefined): string {
  const url = given ?? process.env.UPSTROKE_QUEUE;
  if (url === undefined || url === '')
    throw new UsageError('no queue is given: use --queue URL or set UPSTROKE_QUEUE');
  return url;
}

/**
 * The queue of a batch: the one given, or that of the environment, of which the user is told; undefined if there is
 * none.
 */
export function batchQueue(given: string | undefined): string | undefined {
  const url = given ?? (process.env.UPSTROKE_QUEUE || undefined);
  if (given === undefined && url !== undefined) {
    printError(`measuring through the queue of UPSTROKE_QUEUE, ${queueWords(url)}`);
  }
  return url;
}

/** Resources of this machine that may be used. */
export const batchLimits = {
  workers: number('N', 'number of worker processes; default: one per core', {
    least: 1,
    most: 1024,
    whole: true,
  }),
  memoryMb: defaultsTo(
    number('MB', 'memory limit per record; a record that exceeds it fails', { least: 64, whole: true }),
    2048,
  ),
  timeLimit: defaultsTo(
    number('S', 'time limit per record in seconds; a record that exceeds it fails', { above: 0 }),
    600,
  ),
} as const;
