/** What a run writes is whole or absent, and replaces nothing unasked; what it reads it never replaces. */
import {
  chmodSync,
  linkSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { fileSource } from '../../src/node/files.ts';
import { folderSink } from '../../src/node/folder-sink.ts';
import { openRunFiles } from '../../src/node/run-files.ts';
import { readRecord } from '../../src/wfdb/record.ts';
import { writeRecord } from '../../src/wfdb/write.ts';

const moves = vi.hoisted(() => ({ left: Number.POSITIVE_INFINITY }));
vi.mock('node:fs/promises', async importOriginal => {
  const real = await importOriginal<typeof import('node:fs/promises')>();
  const dying =
    <A extends unknown[], R>(move: (...args: A) => Promise<R>) =>
    async (...args: A): Promise<R> => {
      if (moves.left-- <= 0) throw new Error('died');
      return move(...args);
    };
  return { ...real, rename: dying(real.rename), link: dying(real.link) };
});

const root = mkdtempSync(join(tmpdir(), 'run-files-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
let folder = '';
let count = 0;
beforeEach(() => {
  folder = join(root, String(count++));
  mkdirSync(folder);
});
const at = (name: string): string => join(folder, name);
const textOf = (name: string): string => readFileSync(at(name), 'utf8');

describe('writing', () => {
  test('makes missing folders; nothing is there before commit and nothing but the file after', async () => {
    const files = openRunFiles({ overwrite: false });
    await files.write(at('a/b/c.txt'), 'one');
    expect(readdirSync(at('a/b')).filter(name => !name.startsWith('.'))).toEqual([]);
    await files.commit();
    expect(readdirSync(at('a/b'))).toEqual(['c.txt']);
    expect(textOf('a/b/c.txt')).toBe('one');
  });

  test('abandon leaves nothing', async () => {
    const files = openRunFiles({ overwrite: false });
    await files.write(at('c.txt'), 'one');
    const stream = await files.stream(at('d.txt'));
    await stream.write('half');
    await files.abandon();
    expect(readdirSync(folder)).toEqual([]);
  });

  test('a stream writes its pieces in order', async () => {
    const files = openRunFiles({ overwrite: false });
    const stream = await files.stream(at('d.txt'));
    await stream.write('one ');
    await stream.write(new TextEncoder().encode('two'));
    await stream.close();
    await files.commit();
    expect(textOf('d.txt')).toBe('one two');
  });

  test('replaces a file that is there only with overwrite, and keeps its mode', async () => {
    writeFileSync(at('x.txt'), 'old');
    chmodSync(at('x.txt'), 0o640);
    const refusing = openRunFiles({ overwrite: false });
    await expect(refusing.check(at('x.txt'))).rejects.toThrow('--overwrite replaces it');
    await expect(refusing.write(at('x.txt'), 'new')).rejects.toThrow('x.txt already exists');
    expect(textOf('x.txt')).toBe('old');
    const replacing = openRunFiles({ overwrite: true });
    await replacing.write(at('x.txt'), 'new');
    expect(textOf('x.txt')).toBe('old');
    await replacing.commit();
    expect(textOf('x.txt')).toBe('new');
    expect(statSync(at('x.txt')).mode & 0o777).toBe(0o640);
  });

  test('a file that appears between write and commit is not replaced either', async () => {
    const files = openRunFiles({ overwrite: false });
    await files.write(at('x.txt'), 'ours');
    writeFileSync(at('x.txt'), 'theirs');
    await expect(files.commit()).rejects.toThrow('x.txt already exists');
    await files.abandon();
    expect(textOf('x.txt')).toBe('theirs');
    expect(readdirSync(folder)).toEqual(['x.txt']);
  });

  test('follows a symbolic link, writes to a device as it is, refuses a folder by name', async () => {
    writeFileSync(at('real.csv'), 'old');
    symlinkSync('real.csv', at('link.csv'));
    const files = openRunFiles({ overwrite: true });
    await files.write(at('link.csv'), 'new');
    await files.write('/dev/null', 'nothing');
    mkdirSync(at('folder'));
    await expect(files.write(at('folder'), 'x')).rejects.toThrow(/folder is a folder/);
    await files.commit();
    expect(textOf('real.csv')).toBe('new');
    expect(lstatSync(at('link.csv')).isSymbolicLink()).toBe(true);
    expect(lstatSync('/dev/null').isCharacterDevice()).toBe(true);
  });

  test('refuses at once a name that no file can have, and a link to nothing', async () => {
    symlinkSync(at('nowhere'), at('link'));
    const files = openRunFiles({ overwrite: true });
    await expect(files.check('')).rejects.toThrow(/needs a name/);
    await expect(files.check(at('new/'))).rejects.toThrow(/names a folder, not a file/);
    await expect(files.check(at('link'))).rejects.toThrow(/symbolic link to a missing file/);
  });

  test('one run writes no file twice, by whatever name', async () => {
    mkdirSync(at('d'));
    symlinkSync(at('d'), at('e'));
    writeFileSync(at('d/old.txt'), 'old');
    const files = openRunFiles({ overwrite: true });
    await files.write(at('d/old.txt'), 'one');
    await expect(files.write(at('e/old.txt'), 'two')).rejects.toThrow(/written twice/);
    await files.write(at('d/new.txt'), 'one');
    await expect(files.write(`${folder}/d/./new.txt`, 'two')).rejects.toThrow(/written twice/);
    await expect(files.write(at('e/new.txt'), 'two')).rejects.toThrow(/written twice/);
    await files.abandon();
    expect(readdirSync(at('d'))).toEqual(['old.txt']);
    expect(textOf('d/old.txt')).toBe('old');
  });

  test('sweeps what a dead run left, and nothing else', async () => {
    const host = hostname().replace(/[^A-Za-z0-9-]/g, '');
    const dead = `.upstroke-${host}-999999999-ab.part`;
    const alive = `.upstroke-${host}-${process.pid}-ab.part`;
    const elsewhere = '.upstroke-other.host-999999999-ab.part';
    for (const name of [dead, alive, elsewhere, 'mine.part']) writeFileSync(at(name), '');
    const files = openRunFiles({ overwrite: false });
    await files.write(at('x.txt'), 'one');
    await files.commit();
    expect(readdirSync(folder).sort()).toEqual([alive, elsewhere, 'mine.part', 'x.txt'].sort());
  });
});

describe('a source of the run', () => {
  test.each(['as it is', 'through a symbolic link', 'through a hard link', 'by another spelling'])(
    'is never replaced: %s',
    async how => {
      writeFileSync(at('in.txt'), 'source');
      if (how === 'through a symbolic link') symlinkSync('in.txt', at('out.txt'));
      if (how === 'through a hard link') linkSync(at('in.txt'), at('out.txt'));
      const target = {
        'as it is': at('in.txt'),
        'through a symbolic link': at('out.txt'),
        'through a hard link': at('out.txt'),
        'by another spelling': `${folder}/../${folder.split('/').at(-1)}/./in.txt`,
      }[how]!;
      const files = openRunFiles({ overwrite: true });
      expect(await files.readText(at('in.txt'))).toBe('source');
      await expect(files.write(target, 'new')).rejects.toThrow(
        'is read by this run and is never overwritten',
      );
      await files.abandon();
      expect(textOf('in.txt')).toBe('source');
    },
  );

  test('is noted also when it is read after the write', async () => {
    writeFileSync(at('in.txt'), 'source');
    const files = openRunFiles({ overwrite: true });
    await files.write(at('in.txt'), 'new');
    await files.readText(at('in.txt'));
    await expect(files.commit()).rejects.toThrow('is read by this run');
    await files.abandon();
    expect(textOf('in.txt')).toBe('source');
  });

  test('of a record is every file that its header names, whichever leads were read', async () => {
    const signals = ['I', 'II'].map(name => signal(name, 1));
    await writeRecord(
      folderSink(folder),
      { name: 'r', samplingFrequency: 250, signals },
      { filePerSignal: true },
    );
    const files = openRunFiles({ overwrite: true });
    await readRecord(files.source([folder]), 'r', { signals: ['I'] });
    for (const name of ['r.hea', 'r_1.dat', 'r_2.dat']) {
      await expect(files.write(at(name), 'x')).rejects.toThrow('is read by this run');
    }
  });
});

const signal = (name: string, value: number, length = 100) => ({
  name,
  units: 'mV',
  adcGain: 200,
  baseline: 0,
  adc: new Int32Array(length).fill(value),
});

test('a record that replaces another is readable, old or new, after every single move', async () => {
  const record = (value: number, length: number) => ({
    name: 'r',
    samplingFrequency: 250,
    signals: [signal('I', value, length)],
  });
  // Each step of the replacement is a rename or a link: dying before step k leaves what the first k made.
  for (let steps = 0; ; steps++) {
    const place = at(String(steps));
    await writeRecord(folderSink(place), record(1, 100));
    const files = openRunFiles({ overwrite: true });
    await writeRecord(files.sink(place), record(2, 60), { format: 212 });
    const isDone = await dyingAfter(steps, () => files.commit());
    const { signals } = await readRecord(fileSource([place]), 'r');
    expect([`${signals[0]!.adc[0]} × ${signals[0]!.adc.length}`]).toContainEqual(
      expect.stringMatching(isDone ? /^2 × 60$/ : /^(1 × 100|2 × 60)$/),
    );
    if (isDone) {
      expect(readdirSync(place).sort()).toEqual(['r.dat', 'r.hea']);
      expect(steps).toBeGreaterThan(3);
      return;
    }
    // The next run cleans up after the dead one.
    await writeRecord(folderSink(place, { overwrite: true }), record(3, 80));
    expect((await readRecord(fileSource([place]), 'r')).signals[0]!.adc[0]).toBe(3);
  }
});

/** Runs `work` on a file system that fails for good after so many moves. True when it was done before. */
async function dyingAfter(most: number, work: () => Promise<void>): Promise<boolean> {
  moves.left = most;
  try {
    await work();
    return true;
  } catch (error) {
    if ((error as Error).message !== 'died') throw error;
    return false;
  } finally {
    moves.left = Number.POSITIVE_INFINITY;
  }
}
