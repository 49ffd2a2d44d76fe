/** Search paths of folders and URLs. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { searchPathSource, splitSearchPath } from '../../src/node/search-path.ts';
import { sendFile, serve } from './server.ts';

const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
const quick = { retries: 0, timeoutMs: 1500 };

function folderWith(files: Record<string, string>): string {
  const folder = mkdtempSync(join(tmpdir(), 'search-path-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
  return folder;
}

test.each([
  ['', ['.']],
  [':', ['.']],
  ['a', ['a']],
  ['a:/b c/d::.', ['a', '/b c/d', '.']],
  ['http://x/y:a', ['http://x/y', 'a']],
  ['a:http://x:80/y:https://z/:b', ['a', 'http://x:80/y', 'https://z/', 'b']],
  ['http://x:8080:a', ['http://x:8080', 'a']],
  ['http://x:8080', ['http://x:8080']],
  ['https://x:2a', ['https://x', '2a']],
  ['http://user:word@x:8080/db:a', ['http://user:word@x:8080/db', 'a']],
  ['a:http://user:w:rd@x:b', ['a', 'http://user:w:rd@x', 'b']],
  ['http://[::1]:8080/db:http://[fe80::1]', ['http://[::1]:8080/db', 'http://[fe80::1]']],
  ['http://[::1]:a', ['http://[::1]', 'a']],
  ['http://u:p@[::1]:80', ['http://u:p@[::1]:80']],
  ['http://x:http://y', ['http://x', 'http://y']],
])('%j', (path, entries) => {
  expect(splitSearchPath(path)).toEqual(entries);
});

test('the first entry that has a file is read, folder or URL', async () => {
  const [first, last] = [folderWith({ a: 'a1' }), folderWith({ a: 'a3', b: 'b3', c: 'c3' })];
  const { url, requests } = await serve(request => {
    const known = { a: 'a2', b: 'b2' }[request.name];
    sendFile(request, known === undefined ? undefined : new TextEncoder().encode(known));
  });
  const source = searchPathSource(`${first}:${url}:${last}`, quick);
  expect(text(await source.read('a'))).toBe('a1');
  expect(text(await source.read('b'))).toBe('b2');
  expect(text(await source.read('c'))).toBe('c3');
  expect(text(await source.read('c', 1, 2))).toBe('3');
  expect(requests).toEqual(['b', 'c']);
  await expect(source.read('d')).rejects.toMatchObject({ code: 'not-found' });
});

test('without a path the message says so', async () => {
  await expect(searchPathSource('').read('no-such-record.hea')).rejects.toThrow('(WFDB is not set)');
});

test('a failing server is no missing file', async () => {
  const folder = folderWith({ a: 'a' });
  const { url } = await serve(({ response }) => response.destroy());
  await expect(searchPathSource(`${url}:${folder}`, quick).read('a')).rejects.toMatchObject({
    code: 'network',
  });
});

test('a name stays inside every entry', async () => {
  const { url, requests } = await serve(({ response }) => response.end());
  await expect(searchPathSource(`${url}:.`, quick).read('../a')).rejects.toMatchObject({ code: 'outside' });
  expect(requests).toEqual([]);
});
