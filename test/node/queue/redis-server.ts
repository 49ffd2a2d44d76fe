/** A Redis of a test's own: Debian's, on a free port of the loopback, with a password and its append-only file. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

/** Whether there is a Redis to start. */
export const hasRedis = spawnSync('redis-server', ['--version']).status === 0;

export const redisPassword = 'open-sesame';

/** Paths of files in PEM. */
export interface Certificate {
  readonly certificate: string;
  readonly key: string;
}

/** A certificate for 127.0.0.1, signed by itself; undefined where openssl is not there to make one. */
export function makeCertificate(folder: string): Certificate | undefined {
  const [certificate, key] = [join(folder, 'certificate.pem'), join(folder, 'key.pem')];
  const words = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=127.0.0.1'];
  const more = ['-addext', 'subjectAltName=IP:127.0.0.1', '-keyout', key, '-out', certificate];
  return spawnSync('openssl', [...words, ...more]).status === 0 ? { certificate, key } : undefined;
}

export interface RedisServer {
  readonly url: string;
  /** Ends it as a machine that loses power does, and starts it anew on the same files. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

/** Starts Redis with its files in `folder`; with `tls`, a certificate and its key, it speaks nothing but TLS. */
export async function startRedis(folder: string, tls?: Certificate): Promise<RedisServer> {
  const port = await freePort();
  let server = await launch(folder, port, tls);
  const end = async (): Promise<void> => {
    const ended = new Promise(done => server.on('exit', done));
    server.kill('SIGKILL');
    await ended;
  };
  return {
    url: `redis${tls === undefined ? '' : 's'}://:${redisPassword}@127.0.0.1:${port}/0`,
    async restart() {
      await end();
      server = await launch(folder, port, tls);
    },
    stop: end,
  };
}

async function launch(folder: string, port: number, tls?: Certificate): Promise<ChildProcess> {
  const places = tls && {
    port: '0',
    'tls-port': String(port),
    'tls-cert-file': tls.certificate,
    'tls-key-file': tls.key,
    'tls-auth-clients': 'no',
  };
  const options = {
    ...(places ?? { port: String(port) }),
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
      [
        '-p',
        String(port),
        '-a',
        redisPassword,
        '--no-auth-warning',
        ...(tls ? ['--tls', '--cacert', tls.certificate] : []),
        'ping',
      ],
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
