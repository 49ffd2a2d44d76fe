/** Downloads from a loopback server that misbehaves in each way that a server can. */
import {
  existsSync,
  linkSync,
  mkdirSync,
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
import { databaseFiles, downloadFiles } from '../../src/node/database.ts';
import { published, quick, samples, sha256, well, withSums } from './published-database.ts';
import { type Request, sendCut, sendFile, serve } from './server.ts';

let folder = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'database-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
});

/** Downloads `100.dat` alone from a server that answers as told. */
async function fetchSamples(answer: (request: Request) => void, sum: string | undefined = sha256(samples)) {
  const { url, requests } = await serve(answer);
  const file = { name: '100.dat', ...(sum && { sha256: sum }) };
  const { failures, ...counts } = await downloadFiles(url, folder, [file], quick);
  const path = join(folder, '100.dat');
  return {
    counts,
    requests,
    error: failures[0]?.error,
    bytes: existsSync(path) ? readFileSync(path) : undefined,
  };
}

const fetchUnsummed = (answer: (request: Request) => void) => fetchSamples(answer, '');

describe('downloadFiles', () => {
  test('a whole database, and a second time nothing', async () => {
    const { url, requests } = await serve(well(withSums));
    const { files } = await databaseFiles(url, [], quick);
    const seen: number[] = [];
    const first = await downloadFiles(url, folder, files, quick, done => seen.push(done));
    expect(first).toEqual({ downloaded: 11, present: 0, verified: 11, failures: [] });
    expect(seen).toEqual(Array.from({ length: 11 }, (_, i) => i + 1));
    for (const [name, bytes] of Object.entries(published)) {
      expect(readFileSync(join(folder, name)).equals(bytes)).toBe(true);
    }
    const asked = requests.length;
    expect(await downloadFiles(url, folder, files, quick)).toMatchObject({
      downloaded: 0,
      present: 11,
      verified: 11,
    });
    expect(requests).toHaveLength(asked);
  });

  test('annotation files that do not exist are no failure, other missing files are, and do not stop the rest', async () => {
    const { '100.dat': _, ...rest } = published;
    const { url } = await serve(well(rest));
    const { failures, downloaded } = await downloadFiles(
      url,
      folder,
      (await databaseFiles(url, [], quick)).files,
      quick,
    );
    expect(failures.map(({ name, error }) => [name, error.code])).toEqual([['100.dat', 'not-found']]);
    expect(downloaded).toBe(9);
  });

  test('a cut connection is gone on with, however often it is cut', async () => {
    const { bytes, counts, requests } = await fetchSamples(request => {
      const from = request.range?.[0] ?? 0;
      if (request.earlier > 5) return sendFile(request, samples);
      const headers = {
        'Content-Length': samples.length - from,
        'Content-Range': `bytes ${from}-${samples.length - 1}/${samples.length}`,
      };
      sendCut(request, samples.subarray(from, from + 10_000), headers, from > 0 ? 206 : 200);
    });
    expect(counts).toMatchObject({ downloaded: 1, verified: 1 });
    expect(bytes?.equals(samples)).toBe(true);
    expect(requests.slice(0, 3)).toEqual(['100.dat', '100.dat 10000-', '100.dat 20000-']);
  });

  test('what an earlier call left is gone on with', async () => {
    writeFileSync(join(folder, '100.dat.part'), samples.subarray(0, 60_000));
    const { bytes, requests } = await fetchSamples(well(withSums));
    expect(bytes?.equals(samples)).toBe(true);
    expect(requests).toEqual(['100.dat 60000-']);
  });

  test('a complete part needs no more bytes', async () => {
    writeFileSync(join(folder, '100.dat.part'), samples);
    const { bytes, counts } = await fetchSamples(well(withSums));
    expect(counts.verified).toBe(1);
    expect(bytes?.equals(samples)).toBe(true);
  });

  test.each<[string, Uint8Array]>([
    ['of another file', samples.map(byte => byte ^ 1).subarray(0, 500)],
    ['longer than the file', new Uint8Array(200_000)],
  ])('a part %s is replaced', async (_, part) => {
    writeFileSync(join(folder, '100.dat.part'), part);
    const { bytes } = await fetchSamples(well(withSums));
    expect(bytes?.equals(samples)).toBe(true);
    expect(readdirSync(folder)).toEqual(['100.dat']);
  });

  test('a range refused without the size of the file makes no part whole', async () => {
    writeFileSync(join(folder, '100.dat.part'), samples.subarray(0, 60_000));
    const { bytes, requests } = await fetchSamples(request =>
      request.range ? request.response.writeHead(416).end() : sendFile(request, samples),
    );
    expect(requests).toEqual(['100.dat 60000-', '100.dat']);
    expect(bytes?.equals(samples)).toBe(true);
  });

  test('a server that cuts after a few bytes each time is given up', async () => {
    const { error, requests } = await fetchSamples(request => {
      const from = request.range?.[0] ?? 0;
      const rest = { 'Content-Range': `bytes ${from}-${samples.length - 1}/${samples.length}` };
      sendCut(request, samples.subarray(from, from + 10), rest, from > 0 ? 206 : 200);
    });
    expect(error?.code).toBe('network');
    expect(requests).toEqual(['100.dat', '100.dat 10-', '100.dat 20-']);
  });

  describe('without a published sum, a part is continued only by a strong validator', () => {
    const old = samples.map(byte => byte ^ 1).subarray(0, 60_000);
    const partOf = (version: object | undefined) => {
      writeFileSync(join(folder, '100.dat.part'), old);
      if (version !== undefined) writeFileSync(join(folder, '100.dat.part.version'), JSON.stringify(version));
    };
    const size = samples.length;
    test.each<[string, object | undefined, (request: Request) => void]>([
      ['no version is noted', undefined, request => sendFile(request, samples)],
      ['the version is a size', { size }, request => sendFile(request, samples)],
      ['the tag is weak', { etag: 'W/"a"', size }, request => sendFile(request, samples)],
      [
        'If-Range is ignored and the tag left out',
        { etag: '"a"', size },
        request => sendFile(request, samples),
      ],
      [
        'the range has no Content-Range',
        { etag: '"a"', size },
        request => {
          if (request.range === undefined) return sendFile(request, samples);
          return void request.response.writeHead(206, { ETag: '"a"' }).end(samples);
        },
      ],
      [
        'the range is of a compressed form',
        { etag: '"a"', size },
        request => {
          request.response.setHeader('ETag', '"a"');
          if (request.range !== undefined) request.response.setHeader('Content-Encoding', 'deflate');
          sendFile(request, samples);
        },
      ],
    ])('%s', async (what, version, answer) => {
      partOf(version);
      const { bytes, error } = await fetchUnsummed(answer);
      if (/Content-Range|compressed/.test(what)) expect([bytes, error?.code]).toEqual([undefined, 'network']);
      else expect(bytes?.equals(samples)).toBe(true);
    });

    test('a range of a file of unknown size does not end it', async () => {
      writeFileSync(join(folder, '100.dat.part'), samples.subarray(0, 60_000));
      writeFileSync(join(folder, '100.dat.part.version'), JSON.stringify({ etag: '"a"' }));
      const { bytes } = await fetchUnsummed(request => {
        if (request.range === undefined) return sendFile(request, samples);
        const headers = { ETag: '"a"', 'Content-Range': 'bytes 60000-60099/*', 'Content-Length': 100 };
        return void request.response.writeHead(206, headers).end(samples.subarray(60_000, 60_100));
      });
      expect(bytes?.equals(samples)).toBe(true);
    });

    test('a file that changes and is cut at every request is given up', async () => {
      const { error, requests } = await fetchUnsummed(request => {
        const from = request.range?.[0] ?? 0;
        const headers = {
          ETag: `"${request.earlier}"`,
          'Content-Length': size - from,
          ...(from > 0 && { 'Content-Range': `bytes ${from}-${size - 1}/${size}` }),
        };
        sendCut(request, samples.subarray(from, from + 10_000), headers, from > 0 ? 206 : 200);
      });
      expect(error?.code).toBe('network');
      expect(requests.length).toBeLessThan(6);
    });
  });

  test('a part that is a hard link is not written through', async () => {
    writeFileSync(join(folder, 'backup'), samples.subarray(0, 500));
    linkSync(join(folder, 'backup'), join(folder, '100.dat.part'));
    expect((await fetchSamples(well(withSums))).bytes?.equals(samples)).toBe(true);
    expect(readFileSync(join(folder, 'backup')).length).toBe(500);
  });

  test.each([
    ['an earlier process of this number', process.pid, 1, 1],
    ['a process that is gone', 2 ** 22 + 1, 1, 1],
    ['this process', process.pid, undefined, 0],
  ])('a lock of %s', async (_, id, began, downloads) => {
    const started = began ?? Math.round(Date.now() - process.uptime() * 1000);
    const lock = JSON.stringify({ process: id, host: hostname(), started, id: 'x' });
    writeFileSync(join(folder, '.download.lock'), lock);
    const { url } = await serve(request => sendFile(request, samples));
    const run = downloadFiles(url, folder, [{ name: 'a' }], quick);
    if (downloads === 0) await expect(run).rejects.toMatchObject({ code: 'not-writable' });
    else expect((await run).downloaded).toBe(downloads);
  });

  test('one name given twice is fetched once; names of the download itself are refused', async () => {
    const { url, requests } = await serve(request => sendFile(request, samples));
    const files = ['a', 'a', 'a.part', 'a.part.version', '.download.lock'].map(name => ({ name }));
    const { failures, downloaded } = await downloadFiles(url, folder, files, quick);
    expect([downloaded, requests]).toEqual([1, ['a']]);
    expect(failures.map(({ error }) => error.code)).toEqual(['not-writable', 'not-writable', 'not-writable']);
  });

  test('an empty file is downloaded', async () => {
    const { bytes } = await fetchUnsummed(request => sendFile(request, new Uint8Array()));
    expect(bytes?.length).toBe(0);
  });

  test('a server that ignores ranges starts the part again', async () => {
    writeFileSync(join(folder, '100.dat.part'), samples.subarray(0, 60_000));
    const { bytes } = await fetchSamples(request => sendFile({ ...request, range: undefined }, samples));
    expect(bytes?.equals(samples)).toBe(true);
  });

  test('a file with a wrong sum is fetched again, and one that stays wrong is not kept', async () => {
    const wrong = samples.map(byte => byte ^ 1);
    writeFileSync(join(folder, '100.dat'), wrong);
    const once = await fetchSamples(request => sendFile(request, request.earlier < 1 ? wrong : samples));
    expect(once.bytes?.equals(samples)).toBe(true);

    rmSync(join(folder, '100.dat'));
    const always = await fetchSamples(request => sendFile(request, wrong));
    expect(always.error).toMatchObject({ code: 'checksum', file: '100.dat', found: sha256(wrong) });
    expect(readdirSync(folder)).toEqual([]);
  });

  test.each<[string, string, (request: Request) => void]>([
    ['a file that is not there', 'not-found', ({ response }) => void response.writeHead(404).end()],
    ['a server error', 'network', ({ response }) => void response.writeHead(500).end()],
    ['a cut before the first byte', 'network', ({ response }) => void response.destroy()],
    [
      'fewer bytes than announced',
      'network',
      request => sendCut(request, new Uint8Array(), { 'Content-Length': 10 }),
    ],
    ['silence', 'network', () => {}],
  ])('%s is a failure that leaves no file', async (_, code, answer) => {
    const { error, bytes } = await fetchSamples(answer, undefined);
    expect(error?.code).toBe(code);
    expect(bytes).toBeUndefined();
  });

  test('no name leads out of the folder, not even through a link', async () => {
    mkdirSync(join(folder, 'db'));
    symlinkSync(folder, join(folder, 'db', 'out'));
    const { url, requests } = await serve(({ response }) => response.end('x'));
    const files = ['../x', '/x', 'a/../../x', 'out/x', 'out/new/x'].map(name => ({ name }));
    const { failures } = await downloadFiles(url, join(folder, 'db'), files, quick);
    expect(failures.map(({ error }) => error.code)).toEqual(files.map(() => 'outside'));
    expect(requests).toEqual([]);
    expect(readdirSync(folder)).toEqual(['db']);
  });
});
