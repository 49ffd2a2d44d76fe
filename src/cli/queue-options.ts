/** Options of the commands that use a queue or a pool of worker processes. */
import { defaultsTo, number, text, UsageError } from './option.ts';

export const queueOption = text(
  'URL',
  'the queue: redis://… or, with TLS, rediss://…; default the environment variable UPSTROKE_QUEUE',
);

/** The URL of the queue. Throws `UsageError` if none is given. */
export function queueUrl(given: string | undefined): string {
  const url = given ?? process.env.UPSTROKE_QUEUE;
  if (url === undefined || url === '')
    throw new UsageError('a queue is needed: --queue URL, or UPSTROKE_QUEUE');
  return url;
}

/** Resources of this machine that may be used. */
export const batchLimits = {
  workers: number('N', 'processes that measure; default one a core', { least: 1, most: 1024, whole: true }),
  memoryMb: defaultsTo(
    number('MB', 'a record that takes more memory fails', { least: 64, whole: true }),
    2048,
  ),
  timeLimit: defaultsTo(number('S', 'a record that takes longer fails', { above: 0 }), 600),
} as const;
