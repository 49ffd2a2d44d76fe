/** The files of a record: their sums are those of what was measured, and a later change of a file is noticed. */
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { areUnchanged, inputsOf, notingSource, stateOf } from '../../../src/node/batch/input-files.ts';
import { recordFiles } from '../../../src/node/batch/record-files.ts';
import { sendFile, serve } from '../server.ts';

const folder = mkdtempSync(join(tmpdir(), 'record-files-'));
afterAll(() => rmSync(folder, { recursive: true }));

const sumOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

test.each([100, 2 ** 22, 2 ** 22 + 1])('ranges and the sum of %i bytes', async length => {
  const bytes = Buffer.alloc(length, 'a few bytes that are repeated');
  writeFileSync(join(folder, 'x.dat'), bytes);
  const files = recordFiles(folder);
  expect(await files.size!('x.dat')).toBe(length);
  for (const [from, to] of [
    [0, 1],
    [17, 40],
    [length - 5, length + 5],
    [length, length + 1],
    [length + 9, undefined],
  ] as const) {
    expect(Buffer.compare(await files.read('x.dat', from, to), bytes.subarray(from, to))).toBe(0);
  }
  expect(Buffer.compare(await files.read('x.dat'), bytes)).toBe(0);
  expect(await files.inputOf('x.dat')).toMatchObject({ sha256: sumOf(bytes), bytes: length });
});

test('a file that changes while its record is measured counts as changed', async () => {
  writeFileSync(join(folder, 'y.hea'), 'before');
  utimesSync(join(folder, 'y.hea'), 1, 1);
  const files = recordFiles(folder);
  const source = notingSource(files);
  await source.read('y.hea');
  await expect(source.read('none.dat')).rejects.toThrow('none.dat');
  writeFileSync(join(folder, 'y.hea'), 'after!');
  expect(Buffer.from(await source.read('y.hea')).toString()).toBe('before');
  const inputs = await inputsOf(source.asked, files.inputOf);
  expect(inputs).toMatchObject([
    { file: 'none.dat' },
    { file: 'y.hea', sha256: sumOf(Buffer.from('before')) },
  ]);
  expect(await areUnchanged(folder, inputs)).toBe(false);
  utimesSync(join(folder, 'y.hea'), 1, 1);
  expect(await areUnchanged(folder, inputs)).toBe(true);
});

test('the state of a file on a server is asked for again when the server fails once', async () => {
  const bytes = Buffer.from('a header');
  const { url, requests } = await serve(request => {
    if (request.earlier === 0) request.response.writeHead(503).end();
    else sendFile(request, bytes);
  });
  expect(await stateOf(url, 'x.hea')).toMatchObject({ bytes: bytes.length });
  expect(requests).toHaveLength(2);
});
