/** The local server of the workbench: what it gives, what it takes, and to whom. */
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fileSource } from '../../src/node/files.ts';
import { startViewServer, type ViewServer } from '../../src/node/view-server.ts';
import { encodeAnnotations } from '../../src/wfdb/annotations/annotation-file.ts';
import { httpSource } from '../../src/wfdb/http.ts';
import { readRecord } from '../../src/wfdb/record.ts';

let root: string;
let folder: string;
let server: ViewServer;

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
}

/** A request with the path and headers exactly as given: `fetch` would tidy them. */
const ask = (
  path: string,
  headers: Readonly<Record<string, string>> = {},
  method = 'GET',
  body?: Uint8Array,
): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const { hostname, port } = new URL(server.url);
    const sent = request({ hostname, port, path, headers, method }, response => {
      const parts: Buffer[] = [];
      response.on('data', part => parts.push(part));
      response.on('end', () =>
        resolve({ status: response.statusCode!, headers: response.headers, body: Buffer.concat(parts) }),
      );
    });
    sent.on('error', reject);
    sent.end(body);
  });

const filePath = (name: string): string => new URL(server.recordUrl(name)).pathname;
const marks = encodeAnnotations([{ sample: 5, symbol: 'N', subtype: 0, channel: 0, num: 0, aux: '' }]);

describe('view server', () => {
  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'view-server-'));
    folder = join(root, 'inner');
    await mkdir(folder);
    await writeFile(join(root, 'secret'), 'secret');
    await writeFile(join(folder, 'index.html'), 'page');
    await writeFile(join(folder, 'x.hea'), 'x 1 250 4\nx.dat 16\n');
    await writeFile(join(folder, 'x.dat'), Uint8Array.of(1, 0, 2, 0, 3, 0, 4, 0));
    await writeFile(join(folder, 'x.atr'), marks);
    await symlink('/etc/passwd', join(folder, 'outside'));
    server = await startViewServer({ folder, source: fileSource([folder]), recordFolders: [folder] });
  });
  afterAll(async () => {
    await server.close();
    await rm(root, { recursive: true });
  });

  test('gives the page and, under its token, byte ranges that the reader takes', async () => {
    expect((await ask('/')).body.toString()).toBe('page');
    const part = await ask(filePath('x.dat'), { Range: 'bytes=2-5' });
    expect(part.status).toBe(206);
    expect([...part.body]).toEqual([2, 0, 3, 0]);
    expect((await ask(filePath('x.dat'), { Range: 'bytes=100-' })).status).toBe(416);
    // What a reader of tables asks for, who takes half a gigabyte at most.
    const all = await ask(filePath('x.dat'), { Range: 'bytes=0-536870888' });
    expect([all.status, all.body.length]).toEqual([206, 8]);
    const url = server.recordUrl('x');
    const recording = await readRecord(httpSource(url.slice(0, -1)), 'x', { from: 1, to: 3 });
    expect([...recording.signals[0]!.adc]).toEqual([2, 3]);
  });

  test('no other token, host, origin or site is served', async () => {
    const other = (start: string): string => (start === 'files/_' ? 'files/A' : 'files/_');
    expect((await ask(filePath('x.dat').replace(/files\/./, other))).status).toBe(403);
    expect((await ask('/files//x.dat')).status).toBe(403);
    const path = filePath('x.dat');
    expect((await ask(path, { Host: 'evil.example' })).status).toBe(403);
    expect((await ask(path, { Origin: 'http://evil.example' })).status).toBe(403);
    expect((await ask(path, { 'Sec-Fetch-Site': 'cross-site' })).status).toBe(403);
    expect((await ask(path, { Origin: server.url.slice(0, -1) })).status).toBe(200);
    expect((await ask('/', { Host: 'evil.example' })).status).toBe(403);
  });

  test('no path leads out of the folders, by dots, encoded dots, links or absolute names', async () => {
    const base = filePath('').replace(/\/$/, '');
    for (const name of [
      '/../../etc/passwd',
      '/%2e%2e/%2e%2e/etc/passwd',
      '/..%2f..%2fetc/passwd',
      '/%2fetc/passwd',
      '/outside',
      '/..%5c..%5cx',
    ]) {
      const { status, body } = await ask(base + name);
      expect([400, 403, 404], name).toContain(status);
      expect(body.toString()).not.toContain('root:');
    }
    for (const name of ['/../secret', '/%2e%2e/secret', '/..%2fsecret', '/x/../../secret']) {
      expect((await ask(name)).status, name).not.toBe(200);
    }
    expect((await ask('/%')).status).toBe(400);
  });

  test('takes new annotation files and nothing else', async () => {
    const put = async (name: string, body: Uint8Array = marks): Promise<number> =>
      (await ask(filePath(name), {}, 'PUT', body)).status;
    const before = await readdir(folder);
    expect(await put('x.atr')).toBe(403);
    expect(await put('x.hea')).toBe(403);
    expect(await put('x.dat')).toBe(403);
    expect(await put('index.html')).toBe(404);
    expect(await put('y.mine')).toBe(404);
    expect(await put('../x.mine')).toBeGreaterThanOrEqual(400);
    expect(await put('x.mine', Uint8Array.of(1, 2, 3))).toBe(422);
    expect((await ask(filePath('x.dat'), {}, 'DELETE')).status).toBe(405);
    expect((await ask('/index.html', {}, 'PUT', marks)).status).toBe(405);
    expect(await readdir(folder)).toEqual(before);
    expect(await put('x.mine')).toBe(201);
    expect(await put('x.mine')).toBe(409);
    expect(await readFile(join(folder, 'x.mine'))).toEqual(Buffer.from(marks));
    expect((await readdir(folder)).length).toBe(before.length + 1);
  });

  test('takes new annotation files next to a recording that it was given outside the search path', async () => {
    const elsewhere = join(root, 'elsewhere');
    await mkdir(elsewhere);
    await writeFile(join(elsewhere, 'night.edf'), 'recording');
    await writeFile(join(elsewhere, 'other.hea'), 'other 0 1\n');
    await writeFile(join(elsewhere, 'night.edf.theirs'), 'precious');
    await symlink(join(root, 'secret'), join(elsewhere, 'night.edf.linked'));
    const opened = [{ name: '@1/night.edf', folder: elsewhere, file: 'night.edf' }];
    const first = server;
    server = await startViewServer({ folder, source: fileSource([folder]), recordFolders: [folder], opened });
    try {
      const put = async (name: string, body: Uint8Array = marks): Promise<number> =>
        (await ask(filePath(name), {}, 'PUT', body)).status;
      const before = await readdir(elsewhere);
      expect(await put('@1/night.edf.theirs')).toBe(409);
      expect(await put('@1/night.edf.linked')).toBe(409);
      expect(await put('@1/night.edf.atr')).toBe(403);
      expect(await put('@1/night.edf')).toBe(403);
      expect(await put('@1/other.mine')).toBe(404);
      expect(await put('@2/night.edf.mine')).toBe(404);
      expect(await put('@1/x/night.edf.mine')).toBe(404);
      expect(await put('night.edf.mine')).toBe(404);
      expect(await put('@1/../elsewhere/night.edf.mine')).toBe(404);
      expect(await put('@1/night.edf.mine', Uint8Array.of(1, 2, 3))).toBe(422);
      const path = filePath('@1/night.edf.mine');
      expect((await ask(path, { Origin: 'http://evil.example' }, 'PUT', marks)).status).toBe(403);
      expect((await ask(path.replace(/files\/./, 'files/_'), {}, 'PUT', marks)).status).toBe(403);
      expect(await readdir(elsewhere)).toEqual(before);
      expect(await put('@1/night.edf.mine')).toBe(201);
      expect(await put('@1/night.edf.mine')).toBe(409);
      expect(await readFile(join(elsewhere, 'night.edf.mine'))).toEqual(Buffer.from(marks));
      expect(await readFile(join(elsewhere, 'night.edf.theirs'), 'utf8')).toBe('precious');
      expect(await readFile(join(root, 'secret'), 'utf8')).toBe('secret');
      expect((await readdir(elsewhere)).length).toBe(before.length + 1);
    } finally {
      await server.close();
      server = first;
    }
  });

  test('every answer says how it may be used', async () => {
    for (const path of ['/', filePath('x.dat'), '/nothing']) {
      const { headers } = await ask(path);
      expect(headers['content-security-policy']).toContain("default-src 'none'");
      expect(headers['x-content-type-options']).toBe('nosniff');
      expect(headers['cross-origin-resource-policy']).toBe('same-origin');
    }
  });
});
