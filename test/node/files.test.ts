/** Records on disk: the search path, ranges, and names that must not lead out of their folder. */
import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fileSource, wfdbPath } from '../../src/node/files.ts';
import { folderSink } from '../../src/node/folder-sink.ts';

let root = '';
const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'upstroke-files-'));
  await mkdir(join(root, 'a/sub'), { recursive: true });
  await mkdir(join(root, 'b'));
  await writeFile(join(root, 'secret'), 'secret');
  await writeFile(join(root, 'a/x.dat'), 'from a');
  await writeFile(join(root, 'b/x.dat'), 'from b');
  await writeFile(join(root, 'b/y.dat'), 'only b');
  await writeFile(join(root, 'a/sub/z.dat'), '0123456789');
  await symlink(join(root, 'secret'), join(root, 'a/out'));
  await symlink(root, join(root, 'a/up'));
  await symlink('x.dat', join(root, 'a/alias'));
  await symlink('loop', join(root, 'a/loop'));
  execFileSync('mkfifo', [join(root, 'a/pipe')]);
});
afterAll(() => rm(root, { recursive: true }));

describe('wfdbPath', () => {
  test('splits at colons; the current folder where there is none', () => {
    expect(wfdbPath('/data:.:/more/')).toEqual(['/data', '.', '/more/']);
    expect(wfdbPath('')).toEqual(['.']);
  });
});

describe('fileSource', () => {
  const source = () => fileSource([join(root, 'a'), join(root, 'none'), join(root, 'b')]);

  test('the first folder that has the file counts', async () => {
    expect(text(await source().read('x.dat'))).toBe('from a');
    expect(text(await source().read('y.dat'))).toBe('only b');
  });

  test('ranges are cut short at the end of the file', async () => {
    const name = 'sub/z.dat';
    expect(text(await source().read(name, 2, 5))).toBe('234');
    expect(text(await source().read(name, 8, 10 ** 12))).toBe('89');
    expect(text(await source().read(name, 10 ** 12))).toBe('');
    expect(text(await source().read(name, 5, 2))).toBe('');
  });

  test('a link inside the folder is followed', async () => {
    expect(text(await source().read('alias'))).toBe('from a');
  });

  test.each([
    '../secret',
    'sub/../../secret',
    '/etc/passwd',
    '..',
    'sub\\..\\x',
    'x\0.dat',
    '',
    'out',
    'up/secret',
  ])("'%s' is refused", async name => {
    await expect(source().read(name)).rejects.toMatchObject({
      name: 'WfdbError',
      code: 'outside',
      file: name,
    });
  });

  test.each(['none.dat', 'x.dat/y', 'a'.repeat(5000), 'sub', 'pipe', 'loop'])(
    '%.20s is not found',
    async name => {
      await expect(source().read(name)).rejects.toMatchObject({ name: 'WfdbError', code: 'not-found' });
    },
  );
});

describe('folderSink', () => {
  test('makes folders, replaces files and leaves no temporary ones', async () => {
    const folder = join(root, 'new/deep');
    const sink = folderSink(folder);
    await sink.write('db/r.dat', new TextEncoder().encode('one'));
    await expect(sink.write('db/r.dat', new TextEncoder().encode('two'))).rejects.toThrow('--overwrite');
    await folderSink(folder, { overwrite: true }).write('db/r.dat', new TextEncoder().encode('two'));
    expect(await readFile(join(folder, 'db/r.dat'), 'utf8')).toBe('two');
    expect(await readdir(join(folder, 'db'))).toEqual(['r.dat']);
  });

  test.each(['../r', '/tmp/r', 'db/../../r', 'up/r', 'up/c/r', ''])("'%s' is refused", async name => {
    const sink = folderSink(join(root, 'a'));
    await expect(sink.write(name, new Uint8Array(1))).rejects.toMatchObject({ code: 'outside' });
    expect((await readdir(root)).filter(found => found === 'r' || found === 'c')).toEqual([]);
  });

  test('a file that cannot be put in place leaves nothing behind', async () => {
    const folder = join(root, 'blocked');
    await mkdir(join(folder, 'r.dat/full'), { recursive: true });
    await expect(folderSink(folder).write('r.dat', new Uint8Array(1))).rejects.toThrow(/r\.dat is a folder/);
    await writeFile(join(folder, 'file'), 'x');
    await expect(folderSink(join(folder, 'file')).write('r.dat', new Uint8Array(1))).rejects.toMatchObject({
      code: 'not-writable',
      file: 'r.dat',
      message: expect.not.stringContaining('.part'),
    });
    expect((await readdir(folder)).sort()).toEqual(['file', 'r.dat']);
  });
});
