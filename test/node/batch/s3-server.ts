/** An S3-compatible server of a test's own: moto, where Python has it, on the loopback. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { type AddressInfo, createServer } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { peersPython } from '../../peers/python.ts';

/** The Python that has moto's server. */
const python = [peersPython, 'python3'].find(
  path => spawnSync(path, ['-c', 'import moto.server']).status === 0,
);

export const hasS3 = python !== undefined;

export interface S3Server {
  /** What a client finds it by. */
  readonly environment: Readonly<Record<string, string>>;
  stop(): Promise<void>;
}

/** Starts the server with one bucket. */
export async function startS3(bucket: string): Promise<S3Server> {
  const port = await freePort();
  const server: ChildProcess = spawn(python!, ['-m', 'moto.server', '-H', '127.0.0.1', '-p', String(port)], {
    stdio: 'ignore',
  });
  const url = `http://127.0.0.1:${port}`;
  for (let tries = 0; ; tries++) {
    const isMade = await fetch(`${url}/${bucket}`, {
      method: 'PUT',
      headers: { Authorization: signed },
    }).then(
      ({ ok }) => ok,
      () => false,
    );
    if (isMade) break;
    if (tries === 300) throw new Error('the S3 server does not answer');
    await pause(100);
  }
  return {
    environment: {
      AWS_ENDPOINT_URL_S3: url,
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'testing',
      AWS_SECRET_ACCESS_KEY: 'secret-testing',
      // The client warns of the end of Node 20.
      NODE_NO_WARNINGS: '1',
    },
    async stop() {
      const ended = new Promise(done => server.on('exit', done));
      server.kill('SIGKILL');
      await ended;
    },
  };
}

/** The form of a signed request, which tells the server that S3 is meant; it checks no signature. */
const signed =
  'AWS4-HMAC-SHA256 Credential=testing/20260101/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=0';

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>(done => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  await new Promise(done => server.close(done));
  return port;
}
