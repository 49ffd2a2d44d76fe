/** A batch into a bucket: the objects are the files of a batch into a folder. */

import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { s3Store } from '../../../src/node/batch/s3-store.ts';
import { filesOf, runProgram } from '../../scripts/batch-result.ts';
import { run } from '../../scripts/run-command.ts';
import { runBatch } from '../../scripts/same-process-batch.ts';
import { hasS3, type S3Server, startS3 } from './s3-server.ts';

const samples = resolve(import.meta.dirname, '../../../samples/synth');
const folder = mkdtempSync(join(tmpdir(), 's3-'));

describe.skipIf(!hasS3)('a store in S3', () => {
  let server: S3Server;
  beforeAll(async () => {
    server = await startS3('results');
  }, 60_000);
  afterAll(async () => {
    await server?.stop();
    rmSync(folder, { recursive: true, force: true });
  });
  afterEach(() => vi.unstubAllEnvs());
  const useServer = (): void => {
    for (const [name, value] of Object.entries(server.environment)) vi.stubEnv(name, value);
  };

  test('keeps, lists, replaces and removes', async () => {
    useServer();
    const store = await s3Store('s3://results/kept');
    expect(await store.read('a/b')).toBeUndefined();
    expect(await store.size('a/b')).toBeUndefined();
    await store.write('a/b', Buffer.from('one'));
    await store.write('a/b', Buffer.from('three'));
    await store.write('ab', Buffer.alloc(0));
    expect(Buffer.from((await store.read('a/b'))!).toString()).toBe('three');
    expect(await store.size('a/b')).toBe(5);
    expect(await store.list('a')).toEqual(['a/b']);
    expect(await store.list('')).toEqual(['a/b', 'ab']);
    await store.remove('a/b');
    await store.remove('a/b');
    expect(await store.list('')).toEqual(['ab']);
  });

  test('lists more than a page of names', { timeout: 120_000 }, async () => {
    useServer();
    const store = await s3Store('s3://results/many');
    const names = Array.from({ length: 1005 }, (_, k) => `n/${String(k).padStart(4, '0')}`);
    for (let from = 0; from < names.length; from += 50) {
      await Promise.all(names.slice(from, from + 50).map(name => store.write(name, Buffer.of(1))));
    }
    expect(await store.list('n')).toEqual(names);
  });

  test('a result in it is queried; a prefix without one is one line', { timeout: 120_000 }, async () => {
    const place = 's3://results/asked';
    const batch = [join(samples, 's01'), '--measure', 'slopes,hrv', '--dir', place];
    expect(await runBatch(batch, server.environment)).toMatchObject({ status: 0, stderr: '' });
    const sql =
      'select count(*)::int as rows, any_value(beats.database) as "of", max(hrv_rr_count) from beats, records';
    const asked = await run(['query', place, sql, '--json'], server.environment);
    expect(asked.stderr).toBe('');
    const { rows, of } = JSON.parse(asked.stdout);
    expect(rows).toBeGreaterThan(100);
    expect(of).toBe('synth');
    const none = await run(['query', 's3://results/nothing', sql], server.environment);
    expect(none).toMatchObject({
      status: 1,
      stderr: 'error: s3://results/nothing contains no completed result of a batch\n',
    });
  });

  test('a batch into it is the batch into a folder, and goes on where it was', {
    timeout: 120_000,
  }, async () => {
    const database = join(folder, 'synth');
    mkdirSync(database);
    for (const name of ['s01', 's02', 's03']) {
      for (const ending of ['hea', 'dat'])
        cpSync(join(samples, `${name}.${ending}`), join(database, `${name}.${ending}`));
    }
    const words = [database, '--measure', 'slopes', '--records-per-file', '2', '--json'];
    await runBatch([...words, '--dir', join(folder, 'out')]);
    const bucket = ['batch', ...words, '--dir', 's3://results/synth'];
    // Half of it by a shard, then the rest.
    expect((await runProgram([...bucket, '--shard', '0/2'], server.environment)).status).toBe(0);
    const { status, stdout, stderr } = await runProgram(bucket, server.environment);
    expect(stderr).toBe('');
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ measured: 1, kept: 2 });
    useServer();
    const store = await s3Store('s3://results/synth');
    const names = (await store.list('')).filter(name => !name.startsWith('.batch/'));
    const objects = new Map<string, string>();
    for (const name of names) {
      objects.set(
        name,
        createHash('sha256')
          .update((await store.read(name))!)
          .digest('hex'),
      );
    }
    expect(objects).toEqual(filesOf(join(folder, 'out')));
  });

  test('what it refuses is one line, without the key', async () => {
    const { status, stderr } = await runBatch(
      [samples, '--dir', 's3://no-such-bucket/x', '--measure', 'slopes'],
      server.environment,
    );
    expect(stderr).toMatch(/^error: s3:\/\/no-such-bucket\/x can't be .*NoSuchBucket/);
    expect(stderr).not.toContain('secret-testing');
    expect(status).toBe(1);
    await expect(s3Store('s3://Not_A_Bucket')).rejects.toThrow(/not a location in S3/);
  });
});
