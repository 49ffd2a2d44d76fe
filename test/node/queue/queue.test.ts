/** Batches over a real queue: several workers, one killed, Redis killed and restarted; every record is there once. */
import { type ChildProcess, spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { filesOf, program, runProgram } from '../../scripts/batch-result.ts';
import { hasRedis, makeCertificate, type RedisServer, redisPassword, startRedis } from './redis-server.ts';

const samples = resolve(import.meta.dirname, '../../../samples/synth');
const folder = mkdtempSync(join(tmpdir(), 'queue-'));
const place = (...names: string[]): string => join(folder, ...names);
const database = place('synth');
const argumentsFor = (out: string, ...more: string[]): string[] => [
  ...['batch', database, '--dir', out, '--records-per-file', '3', '--measure', 'slopes', ...more],
];
let redis: RedisServer;
const workers: { readonly process: ChildProcess; said: string }[] = [];

/** Starts a worker with a process of its own. */
async function startWorker(...more: string[]): Promise<(typeof workers)[number]> {
  const words = [
    'worker',
    '--queue',
    redis.url,
    '--workers',
    '1',
    '--lease',
    '2',
    '--time-limit',
    '60',
    ...more,
  ];
  const child = spawn(process.execPath, [program, ...words], {
    stdio: ['ignore', 'ignore', 'pipe'],
    detached: true,
  });
  const worker = { process: child, said: '' };
  child.stderr!.setEncoding('utf8').on('data', text => {
    worker.said += text;
  });
  workers.push(worker);
  await expect.poll(() => worker.said, { timeout: 30_000 }).toContain('working for');
  return worker;
}

/** Ends a worker with its processes. */
const kill = ({ process: child }: (typeof workers)[number]): void => {
  if (child.exitCode === null && child.signalCode === null) process.kill(-child.pid!, 'SIGKILL');
};

describe.skipIf(!hasRedis)('the batch queue', () => {
  beforeAll(async () => {
    mkdirSync(database);
    for (const name of readdirSync(samples)) {
      if (/^s\d\d\.(hea|dat)$/.test(name)) cpSync(join(samples, name), join(database, name));
    }
    writeFileSync(join(database, 'bad.hea'), 'bad 1 360 nonsense\n');
    mkdirSync(place('redis'));
    redis = await startRedis(place('redis'));
  }, 60_000);
  afterAll(async () => {
    workers.forEach(kill);
    await redis?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  test('three workers, one killed and Redis restarted in the middle: what one machine gives', {
    timeout: 300_000,
  }, async () => {
    const local = place('local');
    expect((await runProgram(argumentsFor(local, '--workers', '2'))).status).toBe(1);
    const [first] = await Promise.all([startWorker(), startWorker(), startWorker()]);
    const out = place('queued');
    const batch = runProgram(argumentsFor(out, '--queue', redis.url, '--json'));
    const staged = (): number =>
      readdirSync(out, { recursive: true, encoding: 'utf8' }).filter(name =>
        /^\.batch.*\.json$|\.parquet$/.test(name),
      ).length;
    await expect
      .poll(() => readdirSync(folder).includes('queued') && staged() > 1, { timeout: 60_000 })
      .toBe(true);
    kill(first!);
    await pause(300);
    await redis.restart();
    const { status, stdout, stderr } = await batch;
    expect(stderr).toBe('');
    expect(status).toBe(1);
    const records = readdirSync(database).filter(name => name.endsWith('.hea')).length;
    expect(JSON.parse(stdout)).toMatchObject({ measured: records, kept: 0, summary: { records, failed: 1 } });
    expect(filesOf(out)).toEqual(filesOf(local));
  });

  test('the status tells what was done, and shows no password', async () => {
    const { status, stdout } = await runProgram(['queue', 'status', '--queue', redis.url]);
    expect(status).toBe(0);
    expect(stdout).toMatch(/redis:\/\/127\.0\.0\.1:\d+\/0: \d+ workers/);
    expect(stdout).toMatch(/0 waiting, 0 active, 0 to be retried, \d+ completed in the last hour/);
    expect(stdout).not.toContain(redisPassword);
    for (const { said } of workers) expect(said).not.toContain(redisPassword);
    const { stdout: json } = await runProgram(['queue', 'status', '--queue', redis.url, '--json']);
    const { completed, perMinute } = JSON.parse(json);
    expect(completed).toBeGreaterThan(5);
    expect(perMinute).toHaveLength(10);
    expect(perMinute.reduce((sum: number, count: number) => sum + count, 0)).toBe(completed);
  });

  test('metrics on the loopback', { timeout: 120_000 }, async () => {
    const worker = await startWorker('--metrics', '0');
    const url = /http:\/\/127\.0\.0\.1:\d+\/metrics/.exec(worker.said)![0];
    const text = await (await fetch(url)).text();
    expect(text).toMatch(/^upstroke_jobs_total\{outcome="done"\} \d+$/m);
    expect(text).toMatch(/^bullmq_job_count\{queue="upstroke-batch", state="completed"\} \d+$/m);
    expect((await fetch(url.replace('/metrics', '/other'))).status).toBe(404);
    kill(worker);
  });

  test('a record that no worker can finish is tried again with pauses, and then set aside with its reason', {
    timeout: 180_000,
  }, async () => {
    workers.forEach(kill);
    workers.length = 0;
    await startWorker('--memory-mb', '64');
    const one = place('one');
    mkdirSync(one);
    // An hour of it takes more memory than that.
    const repeats = 20;
    const checksum = (repeats * 11_090) % 2 ** 16;
    writeFileSync(
      join(one, 's01.hea'),
      `s01 1 360 ${repeats * 64_800}\ns01.dat 212 200(0)/mV 12 0 20 ${checksum} 0 MLII\n`,
    );
    const signals = readFileSync(join(samples, 's01.dat'));
    writeFileSync(join(one, 's01.dat'), Buffer.concat(Array.from({ length: repeats }, () => signals)));
    const out = place('one-out');
    const { status } = await runProgram([
      'batch',
      one,
      '--dir',
      out,
      '--queue',
      redis.url,
      '--measure',
      'slopes',
      '--json',
    ]);
    expect(status).toBe(1);
    expect(JSON.parse(readFileSync(join(out, 'errors.jsonl'), 'utf8'))).toMatchObject({
      record: 's01',
      code: 'memory-limit',
    });
    const { stdout } = await runProgram(['queue', 'status', '--queue', redis.url, '--json']);
    expect(JSON.parse(stdout).setAside).toEqual([
      { what: 'one/s01', reason: 'memory-limit: took more than 64 MB', attempts: 3 },
    ]);
  });

  test('a wrong password or a missing server gives one line without the password', async () => {
    const wrong = redis.url.replace(redisPassword, 'wrong-word');
    const calls = [wrong, 'redis://:secret-word@127.0.0.1:1/0', 'http://me:secret-word@host/'];
    for (const url of calls) {
      const { status, stderr } = await runProgram(['queue', 'status', '--queue', url]);
      expect(stderr.trim().split('\n')).toHaveLength(1);
      expect(stderr).toMatch(/^error: the queue /);
      expect(stderr).not.toMatch(/-word/);
      expect(status).toBe(1);
    }
  });

  test('over TLS', { timeout: 60_000 }, async context => {
    mkdirSync(place('tls'));
    const certificate = makeCertificate(place('tls'));
    if (certificate === undefined) return context.skip('openssl makes the certificate');
    const server = await startRedis(place('tls'), certificate);
    try {
      expect(server.url).toMatch(/^rediss:/);
      const words = ['queue', 'status', '--queue', server.url];
      const trusted = await runProgram(words, { NODE_EXTRA_CA_CERTS: certificate.certificate });
      expect(trusted.stderr).toBe('');
      expect(trusted.stdout).toMatch(/^rediss:\/\/127\.0\.0\.1:\d+\/0: 0 workers/);
      const untrusted = await runProgram(words);
      expect(untrusted.stderr).toMatch(/^error: the queue rediss:.*SELF_SIGNED.*NODE_EXTRA_CA_CERTS=FILE/);
      expect(untrusted.status).toBe(1);
    } finally {
      await server.stop();
    }
  });
});
