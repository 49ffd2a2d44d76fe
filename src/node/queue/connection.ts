/** Connects to the job queue: BullMQ on Redis, both optional dependencies. */
import type { Redis } from 'ioredis';
import { InputError } from '../../input-error.ts';
import { optionalPackage } from '../optional-package.ts';

/** Name of the queue shared by batches and workers. */
export const queueName = 'upstroke-batch';

/** Loads BullMQ. Throws `InputError` if it is not installed. */
export const loadBullMq = (): Promise<typeof import('bullmq')> =>
  optionalPackage(() => import('bullmq'), 'bullmq');
const loadRedis = () => optionalPackage(() => import('ioredis'), 'ioredis');

/**
 * The location of a queue without user name and password, for messages. Throws `InputError` if the URL is not a Redis
 * URL.
 */
export function queueWords(url: string): string {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (parsed === undefined || (parsed.protocol !== 'redis:' && parsed.protocol !== 'rediss:')) {
    // Not shown: it may hold a password.
    throw new InputError('the queue is a URL that begins with redis:// or, with TLS, rediss://');
  }
  return `${parsed.protocol}//${parsed.host}${parsed.pathname === '/' ? '' : parsed.pathname}`;
}

/**
 * Connects to Redis; a connection lost later is re-established, with no limit on retries. Throws `InputError`,
 * without showing the password, if the first connection attempt fails or the login is rejected.
 */
export async function connectRedis(url: string): Promise<Redis> {
  const words = queueWords(url);
  const { Redis: Client } = await loadRedis();
  let isOpen = false;
  const client = new Client(url, {
    lazyConnect: true,
    maxRetriesPerRequest: null,
    connectTimeout: 5000,
    retryStrategy: times => (isOpen ? Math.min(100 * times, 2000) : null),
  });
  let reason = 'no answer';
  // Without an error listener a lost connection would terminate the process.
  client.on('error', error => {
    reason = (error as NodeJS.ErrnoException).code ?? error.message;
  });
  try {
    await client.connect();
    await client.ping();
  } catch (error) {
    client.disconnect();
    throw new InputError(`the queue ${words} can't be used: ${reasonOf(error, reason)}`, { cause: error });
  }
  isOpen = true;
  return client;
}

function reasonOf(error: unknown, earlier: string): string {
  const message = error instanceof Error ? error.message : '';
  if (/WRONGPASS|NOAUTH|NOPERM/.test(message)) return message.split(/[ :]/, 1)[0]!;
  const isOfUnknownAuthority = /SELF_SIGNED|UNABLE_TO_(GET_ISSUER|VERIFY)/.test(earlier);
  return isOfUnknownAuthority
    ? `${earlier} (NODE_EXTRA_CA_CERTS=FILE names the certificate of an own authority)`
    : earlier;
}
