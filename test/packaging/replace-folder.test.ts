/** A folder is replaced as a whole: what reads it meanwhile finds the old content or the new, never a part. */
import { spawn } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { replaceFolder } from '../../packaging/replace-folder.ts';

let folder: string;
let target: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'replace-'));
  target = join(folder, 'dist');
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Makes a folder of two files that state the version. */
const version = (text: string) => async (into: string) => {
  mkdirSync(join(into, 'part'));
  writeFileSync(join(into, 'a.js'), text);
  // The build is half done here for a while.
  await new Promise(done => setTimeout(done, 20));
  writeFileSync(join(into, 'part/b.js'), text);
};
const versions = () => ['a.js', 'part/b.js'].map(name => readFileSync(join(target, name), 'utf8'));

test('makes a folder, and replaces it with what was in it', async () => {
  await replaceFolder(target, version('1'));
  expect(versions()).toEqual(['1', '1']);
  writeFileSync(join(target, 'stale.js'), '');
  await replaceFolder(target, version('2'));
  expect(versions()).toEqual(['2', '2']);
  expect(readdirSync(target).sort()).toEqual(['a.js', 'part']);
  expect(readdirSync(folder)).toEqual(['dist']);
});

test('has the old content until the new is complete', async () => {
  await replaceFolder(target, version('1'));
  let isDone = false;
  const replaced = replaceFolder(target, version('2')).finally(() => {
    isDone = true;
  });
  const seen = new Set<string>();
  while (!isDone) {
    seen.add(versions().join(' '));
    await new Promise(done => setTimeout(done, 1));
  }
  await replaced;
  seen.add(versions().join(' '));
  expect([...seen]).toEqual(['1 1', '2 2']);
});

test('leaves a folder of the same content alone', async () => {
  await replaceFolder(target, version('1'));
  const { ino } = statSync(target);
  await replaceFolder(target, version('1'));
  expect(statSync(target).ino).toBe(ino);
  await replaceFolder(target, version('2'));
  expect(statSync(target).ino).not.toBe(ino);
});

test('leaves the folder as it was when the build fails', async () => {
  await replaceFolder(target, version('1'));
  const failed = replaceFolder(target, async into => {
    writeFileSync(join(into, 'a.js'), '2');
    throw new Error('a syntax error');
  });
  await expect(failed).rejects.toThrow('a syntax error');
  expect(versions()).toEqual(['1', '1']);
  expect(readdirSync(folder)).toEqual(['dist']);
});

test('two builds at once: one of them wins as a whole', async () => {
  await replaceFolder(target, version('1'));
  await Promise.all(['2', '3', '4'].map(text => replaceFolder(target, version(text))));
  const [a, b] = versions();
  expect(['2', '3', '4']).toContain(a);
  expect(b).toBe(a);
  expect(readdirSync(folder)).toEqual(['dist']);
});

test('removes the folders of builds that were killed, and no others', async () => {
  const child = spawn(process.execPath, ['-e', '']);
  await new Promise(done => child.on('close', done));
  const abandoned = join(folder, `dist-build-${child.pid}-abcdef`);
  const others = [`dist-build-${process.pid}-abcdef`, 'dist-build-notes', `other-build-${child.pid}-abcdef`];
  for (const name of [abandoned, ...others.map(name => join(folder, name))]) mkdirSync(name);
  await replaceFolder(target, version('1'));
  expect(existsSync(abandoned)).toBe(false);
  expect(readdirSync(folder).sort()).toEqual([...others, 'dist'].sort());
});
