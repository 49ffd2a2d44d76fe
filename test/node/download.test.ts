/** Files that change while they are fetched, several runs at once, and links where files should be. */
import { spawnSync } from 'node:child_process';
import {
  existsSync,
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { downloadFiles } from '../../src/node/database.ts';
import { lockFolder, lockName } from '../../src/node/folder-lock.ts';
import { type Request, sendFile, serve } from './server.ts';

const quick = { retries: 2, retryDelayMs: 1, timeoutMs: 1500 };
const size = 50_000;
const bytesOf = (value: number) => new Uint8Array(size).fill(value);

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'download-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
});
const file = (name: string) => join(folder, name);
const fetchFile = (url: string, name = 'x.dat') => downloadFiles(url, folder, [{ name }], quick);

/** Sends the first half and cuts; the rest comes from the next version, with or without regard to If-Range. */
const changing =
  (headersOf: (version: number) => Record<string, string>, knows: boolean) => (request: Request) => {
    const version = request.earlier === 0 ? 0 : 1;
    const { response, headers } = request;
    for (const [name, value] of Object.entries(headersOf(version))) response.setHeader(name, value);
    if (version === 0) {
      response.writeHead(200, { 'Content-Length': size });
      response.write(bytesOf(0).subarray(0, size / 2), () => setTimeout(() => response.destroy(), 100));
      return;
    }
    const isStale = knows && headers['if-range'] !== undefined;
    sendFile(isStale ? { ...request, range: undefined } : request, bytesOf(version));
  };

describe('a file that changes in the middle is fetched anew', () => {
  test.each<[string, (i: number) => Record<string, string>, boolean]>([
    ['a tag', i => ({ ETag: `"${i}"` }), true],
    ['a date', i => ({ 'Last-Modified': `Thu, 0${i + 1} Jan 2026 00:00:00 GMT` }), true],
    ['a tag that the server passes over', i => ({ ETag: `"${i}"` }), false],
    ['a weak tag', i => ({ ETag: `W/"${i}"` }), false],
  ])('within a run: %s', async (_, headersOf, knows) => {
    const { url } = await serve(changing(headersOf, knows));
    expect(await fetchFile(url)).toMatchObject({ downloaded: 1, failures: [] });
    expect(readFileSync(file('x.dat'))).toEqual(Buffer.from(bytesOf(1)));
    expect(readdirSync(folder)).toEqual(['x.dat']);
  });

  test('from one run to the next', async () => {
    for (const [state, expected] of [
      ['"0"', bytesOf(1)],
      ['"1"', Uint8Array.of(...bytesOf(0).subarray(0, 100), ...bytesOf(1).subarray(100))],
    ] as const) {
      // What a run that was killed leaves behind.
      writeFileSync(file('x.dat.part'), bytesOf(0).subarray(0, 100));
      writeFileSync(file('x.dat.part.version'), JSON.stringify({ etag: state, size }));
      const { url, requests } = await serve(request => {
        request.response.setHeader('ETag', '"1"');
        const isStale = request.headers['if-range'] !== '"1"';
        sendFile(isStale ? { ...request, range: undefined } : request, bytesOf(1));
      });
      expect(await fetchFile(url)).toMatchObject({ downloaded: 1 });
      expect(readFileSync(file('x.dat'))).toEqual(Buffer.from(expected));
      expect(requests).toEqual(['x.dat 100-']);
      rmSync(file('x.dat'));
    }
  });

  test('one that has not changed is gone on with', async () => {
    const { url, requests } = await serve(request => {
      request.response.setHeader('ETag', '"a"');
      if (request.earlier > 0) sendFile(request, bytesOf(7));
      else {
        request.response.writeHead(200, { 'Content-Length': size });
        request.response.write(bytesOf(7).subarray(0, 40_000), () =>
          setTimeout(() => request.response.destroy(), 100),
        );
      }
    });
    expect(await fetchFile(url)).toMatchObject({ downloaded: 1 });
    expect(requests).toEqual(['x.dat', 'x.dat 40000-']);
    expect(readFileSync(file('x.dat'))).toEqual(Buffer.from(bytesOf(7)));
  });
});

describe('one run per folder', () => {
  test('a second one is refused while the first goes on, and both leave no lock', async () => {
    const { url } = await serve(request => void setTimeout(() => sendFile(request, bytesOf(1)), 300));
    const first = fetchFile(url);
    await expect.poll(() => existsSync(file(lockName))).toBe(true);
    await expect(fetchFile(url)).rejects.toMatchObject({ code: 'not-writable' });
    expect(await first).toMatchObject({ downloaded: 1 });
    expect(readdirSync(folder)).toEqual(['x.dat']);
  });

  test.each([
    ['of a process that is gone', () => deadLock()],
    ['that is cut', () => '{"pro'],
    ['of nobody', () => ''],
  ])('a lock %s is taken over', async (_, content) => {
    writeFileSync(file(lockName), content());
    const { url } = await serve(request => sendFile(request, bytesOf(1)));
    expect(await fetchFile(url)).toMatchObject({ downloaded: 1 });
    expect(readdirSync(folder)).toEqual(['x.dat']);
  });

  test('of many that find a stale lock at once, one gets it', async () => {
    for (let round = 0; round < 20; round++) {
      writeFileSync(file(lockName), deadLock());
      const tries = await Promise.allSettled(Array.from({ length: 8 }, () => lockFolder(folder)));
      const won = tries.filter(one => one.status === 'fulfilled');
      expect(won).toHaveLength(1);
      await won[0]!.value();
      expect(readdirSync(folder)).toEqual([]);
    }
  });

  test('a lock of another machine is kept', async () => {
    writeFileSync(file(lockName), JSON.stringify({ process: 1, host: `not-${hostname()}` }));
    await expect(lockFolder(folder)).rejects.toThrow('delete the lock file if that process is gone');
  });
});

/** The number of a process that has ended. */
function deadLock(): string {
  const { pid } = spawnSync(process.execPath, ['-e', '']);
  return JSON.stringify({ process: pid, host: hostname() });
}

describe('links and folders where files should be', () => {
  test('a link as .part is removed, not followed', async () => {
    const outside = mkdtempSync(join(tmpdir(), 'outside-'));
    onTestFinished(() => rmSync(outside, { recursive: true }));
    writeFileSync(join(outside, 'mine'), 'precious');
    for (const name of ['x.dat.part', 'x.dat.part.version']) symlinkSync(join(outside, 'mine'), file(name));
    symlinkSync(join(outside, 'new'), file('y.dat.part'));
    const { url } = await serve(request => sendFile(request, bytesOf(1)));
    expect(await fetchFile(url)).toMatchObject({ downloaded: 1 });
    expect(await fetchFile(url, 'y.dat')).toMatchObject({ downloaded: 1 });
    expect(readFileSync(join(outside, 'mine'), 'utf8')).toBe('precious');
    expect(readdirSync(outside)).toEqual(['mine']);
    expect(lstatSync(file('x.dat')).isFile()).toBe(true);
  });

  test('a name that the disk refuses costs that file alone', async () => {
    const { url } = await serve(request => sendFile(request, bytesOf(1)));
    const names = ['a'.repeat(300), 'x.dat', 'x.dat/y', 'z.dat'];
    const { downloaded, failures } = await downloadFiles(
      url,
      folder,
      names.map(name => ({ name })),
      {
        ...quick,
      },
    );
    expect(downloaded).toBe(2);
    expect(failures.map(({ error }) => error.code)).toEqual(['not-writable', 'not-writable']);
  });
});

test('a web page in place of a file is a failure that says so', async () => {
  const { url } = await serve(({ response }) =>
    response.writeHead(200, { 'Content-Type': 'text/html' }).end('<html>Log in</html>'),
  );
  const { failures } = await fetchFile(url);
  expect(failures[0]!.error.message).toContain('found a web page');
  expect(readdirSync(folder)).toEqual([]);
});
