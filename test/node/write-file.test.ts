/** What `--out` does with what is already there. */
import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { writeOut } from '../../src/node/write-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'out-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const textOf = (name: string): string => readFileSync(join(folder, name), 'utf8');

test('makes missing folders and leaves nothing but the file', async () => {
  await writeOut(join(folder, 'a/b/c.txt'), 'one');
  await writeOut(join(folder, 'a/b/c.txt'), 'two');
  expect(textOf('a/b/c.txt')).toBe('two');
  expect(readdirSync(join(folder, 'a/b'))).toEqual(['c.txt']);
});

test('follows a symbolic link', async () => {
  writeFileSync(join(folder, 'real.csv'), 'old');
  symlinkSync('real.csv', join(folder, 'link.csv'));
  await writeOut(join(folder, 'link.csv'), 'new');
  expect(textOf('real.csv')).toBe('new');
  expect(lstatSync(join(folder, 'link.csv')).isSymbolicLink()).toBe(true);
});

test('writes to a device as it is', async () => {
  await writeOut('/dev/null', 'nothing');
  expect(lstatSync('/dev/null').isCharacterDevice()).toBe(true);
});

test('refuses a folder by name', async () => {
  mkdirSync(join(folder, 'folder'));
  await expect(writeOut(join(folder, 'folder'), 'x')).rejects.toThrow(/folder is a folder/);
});
