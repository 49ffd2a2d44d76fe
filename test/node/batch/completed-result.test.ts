/** What a manifest lists is compared with the files that are there. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { InputError } from '../../../src/input-error.ts';
import { listedFiles, recordsHeading } from '../../../src/node/batch/completed-result.ts';

let folder = '';
const part = (k: number): string => `beats/database=db/part-0000${k}.parquet`;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'completed-result-'));
  mkdirSync(join(folder, 'beats/database=db'), { recursive: true });
});
afterEach(() => rmSync(folder, { recursive: true }));

const writeManifest = (sizes: readonly number[], records = ''): void => {
  const files = sizes.map((bytes, k) => ({ name: part(k), bytes, rows: 1, sha256: String(k) }));
  const head = JSON.stringify({ files }, undefined, 1).slice(0, -2);
  writeFileSync(join(folder, 'manifest.json'), `${head}${recordsHeading}${records} ]\n}\n`);
};
const writePart = (k: number, bytes: number): void =>
  writeFileSync(join(folder, part(k)), Buffer.alloc(bytes));

test('the listed files of a complete result, whatever follows them in the manifest', async () => {
  writeManifest([10, 20], `  {"warnings":["${'x'.repeat(1_000_000)}`);
  writePart(0, 10);
  writePart(1, 20);
  const listed = await listedFiles(folder, 'here');
  expect([...listed!.values()].map(({ name, sha256 }) => [name, sha256])).toEqual([
    [part(0), '0'],
    [part(1), '1'],
  ]);
});

test('a list of files of several pieces', async () => {
  const sizes = Array.from({ length: 2000 }, () => 1);
  writeManifest(sizes);
  for (const k of sizes.keys()) writePart(k, 1);
  expect((await listedFiles(folder, 'here'))!.size).toBe(2000);
});

test.each<[string, () => void, string]>([
  ['a file is missing', () => rmSync(join(folder, part(1))), `${part(1)} of manifest.json is missing`],
  ['a file has another size', () => writePart(1, 21), `${part(1)} has 21 bytes, in manifest.json 20`],
  ['a file is not listed', () => writePart(2, 1), `manifest.json does not list ${part(2)}`],
  [
    'the manifest is cut off',
    () => writeFileSync(join(folder, 'manifest.json'), '{"files"'),
    'is incomplete',
  ],
])('%s', async (_, change, message) => {
  writeManifest([10, 20]);
  writePart(0, 10);
  writePart(1, 20);
  change();
  const answer = listedFiles(folder, 'here');
  await expect(answer).rejects.toThrow(InputError);
  await expect(answer).rejects.toThrow(message);
});

test('without a manifest there is nothing to compare', async () => {
  expect(await listedFiles(folder, 'here')).toBeUndefined();
});
