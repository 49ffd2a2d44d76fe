/** A Redis of a test's own: Debian's, on a free port of the loopback, with a password and its append-only file. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { type AddressInfo, createServer } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

/** Whether there is a Redis to start. */
export const hasRedis = spawnSync('redis-server', ['--version']).status === 0;

export const redisPassword = 'open-sesame';

export interface RedisServer {
  readonly url: string;
  /** Ends it as a machine that loses power does, and starts it anew on the same files. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

/** Starts Redis with its files in `folder`. */
export async function startRedis(folder: string): Promise<RedisServer> {
  const port = await freePort();
  let server = await launch(folder, port);
  const end = async (): Promise<void> => {
    const ended = new Promise(done => server.on('exit', done));
    server.kill('SIGKILL');
    await ended;
  };
  return {
    url: `redis://:${redisPassword}@127.0.0.1:${port}/0`,
    async restart() {
      await end();
      server = await launch(folder, port);
    },
    stop: end,
  };
}

async function launch(folder: string, port: number): Promise<ChildProcess> {
  const options = {
    port: String(port),
    bind: '127.0.0.1',
    dir: folder,
    appendonly: 'yes',
    appendfsync: 'always',
    save: '',
    requirepass: redisPassword,
    'maxmemory-policy': 'noeviction',
  };
  const words = Object.entries(options).flatMap(([name, value]) => [`--${name}`, value]);
  const server = spawn('redis-server', words, { stdio: 'ignore' });
  for (let tries = 0; tries < 200; tries++) {
    const { stdout } = spawnSync(
      'redis-cli',
      ['-p', String(port), '-a', redisPassword, '--no-auth-warning', 'ping'],
      {
        encoding: 'utf8',
      },
    );
    if (stdout.trim() === 'PONG') return server;
    await pause(50);
  }
  throw new Error('redis-server does not answer');
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>(done => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  await new Promise(done => server.close(done));
  return port;
}
