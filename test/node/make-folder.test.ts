/** Folders with their parents; a file system that has none to give is an error, and no endless loop. */
import { existsSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { makeFolder } from '../../src/node/make-folder.ts';

const folder = mkdtempSync(join(tmpdir(), 'make-folder-'));
afterAll(() => rmSync(folder, { recursive: true }));

test('creates missing parents; existing folders and links to them are no error; many at once agree', async () => {
  const path = join(folder, 'a/b/c');
  await Promise.all([makeFolder(path), makeFolder(path), makeFolder(join(folder, 'a/b/d'))]);
  expect(statSync(path).isDirectory()).toBe(true);
  symlinkSync('a', join(folder, 'link'));
  await makeFolder(join(folder, 'link'));
  await makeFolder(join(folder, 'link/b/e'));
  expect(existsSync(join(folder, 'a/b/e'))).toBe(true);
  await makeFolder('/');
});

test('many that make the same folders at once do not disturb each other', async () => {
  for (let round = 0; round < 100; round++) {
    const made = Array.from({ length: 8 }, (_, k) => makeFolder(join(folder, `r${round}/x/y/${k % 3}`)));
    await Promise.all(made);
  }
  expect(existsSync(join(folder, 'r99/x/y/2'))).toBe(true);
});

test('a file, or a link to nothing, is in the way', async () => {
  writeFileSync(join(folder, 'file'), '');
  symlinkSync('/nowhere/at/all', join(folder, 'dangling'));
  await expect(makeFolder(join(folder, 'file'))).rejects.toThrow('EEXIST');
  await expect(makeFolder(join(folder, 'file/below'))).rejects.toThrow('ENOTDIR');
  await expect(makeFolder(join(folder, 'dangling'))).rejects.toThrow('EEXIST');
  await expect(makeFolder(join(folder, 'dangling/below'))).rejects.toThrow();
});

test.skipIf(!existsSync('/proc/self'))('a file system without room for folders is an error', async () => {
  await expect(makeFolder('/proc/none')).rejects.toThrow('ENOENT');
  await expect(makeFolder('/proc/none/below/it')).rejects.toThrow('ENOENT');
});
