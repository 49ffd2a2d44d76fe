/**
 * A source that reads records from folders and rejects names that lead outside them. Files are read synchronously: a batch
 * reads many short ones, for which the thread that Node.js reads in otherwise takes longer to answer than the disk.
 */
import { closeSync, openSync, readSync, realpathSync, statSync } from 'node:fs';
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { WfdbError } from '../wfdb/errors.ts';
import type { Source } from '../wfdb/source.ts';
import { makeFolder } from './make-folder.ts';

/**
 * The folders of the `WFDB` environment variable, separated by `:`; the current folder when it is not set.
 *
 * @example wfdbPath('/data/mitdb:/data/ludb') // => ['/data/mitdb', '/data/ludb']
 */
export function wfdbPath(text: string | undefined = process.env.WFDB): readonly string[] {
  const folders = (text ?? '').split(':').filter(folder => folder !== '');
  return folders.length > 0 ? folders : ['.'];
}

/** Maximum size of an ArrayBuffer in Node 20. */
const mostBytes = 2 ** 32;

/**
 * A source that reads from folders, searched in order. A name that is absolute, contains `..`, or leads outside
 * through a symbolic link is rejected with a `WfdbError` of code `outside`. `onRead` is called with the path of each
 * file before it is read. Reading throws `WfdbError`: `not-found`, `outside`, or `too-large` for more than 4 GiB at once.
 *
 * @example
 * (await readRecord(fileSource([samplesFolder]), 'mitdb-208-excerpt')).samplingFrequency // => 360
 */
export function fileSource(
  folders: readonly string[] = wfdbPath(),
  onRead: (path: string) => Promise<void> = async () => {},
): Source {
  /** Applies `work` to the first file with that name. */
  const withFile = async <T>(name: string, work: (path: string) => T): Promise<T> => {
    checkName(name);
    for (const folder of folders) {
      const path = findInside(folder, name);
      if (path === undefined) continue;
      await onRead(path);
      try {
        return work(path);
      } catch (error) {
        throw unreadable(name, error);
      }
    }
    throw new WfdbError({
      code: 'not-found',
      file: name,
      expected: 'a file on the WFDB path',
      found: `none of that name in ${folders.map(folder => resolve(folder)).join(', ')}`,
    });
  };
  return {
    read: (name, from = 0, to) => withFile(name, path => readRange(path, name, from, to)),
    size: name => withFile(name, path => sizeOfFile(path, name)),
  };
}

/**
 * The path of a name in a folder; missing folders are created. Throws `WfdbError` with code `outside` for a name that
 * leads outside.
 */
export async function placeInside(folder: string, name: string): Promise<string> {
  checkName(name);
  const path = join(folder, name);
  await makeFolder(folder);
  if (!isInside(realPath(folder), realAncestor(dirname(path)))) throw outside(name);
  await makeFolder(dirname(path));
  return path;
}

function checkName(name: string): void {
  if (name === '' || isAbsolute(name) || /[\\\0]/.test(name) || name.split('/').includes('..')) {
    throw outside(name);
  }
}

const outside = (name: string): WfdbError =>
  new WfdbError({
    code: 'outside',
    file: name,
    expected: 'a name inside the folder',
    found: 'one that leads out',
  });

const isInside = (folder: string, path: string): boolean => {
  const way = relative(folder, path);
  return way === '' || (!isAbsolute(way) && way !== '..' && !way.startsWith(`..${sep}`));
};

const realPath = realpathSync.native;

/** The real path of a folder, or of its nearest existing ancestor. */
function realAncestor(path: string): string {
  try {
    return realPath(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    return realAncestor(dirname(path));
  }
}

/** The real path of `name` in `folder`; undefined if it does not exist. */
function findInside(folder: string, name: string): string | undefined {
  try {
    const path = realPath(join(folder, name));
    if (!isInside(realPath(folder), path)) throw outside(name);
    return path;
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'ENAMETOOLONG') return undefined;
    throw unreadable(name, error);
  }
}

/** Converts a system error on reading a file (permissions, cyclic links, a disk failure) to a `WfdbError`. */
function unreadable(name: string, error: unknown): unknown {
  if (!(error instanceof Error && 'errno' in error)) return error;
  return new WfdbError({
    code: 'not-found',
    file: name,
    expected: 'a readable file',
    found: error.message,
    cause: error,
  });
}

/** Checks the file type first, because opening a named pipe would block. */
function sizeOfFile(path: string, name: string): number {
  const stats = statSync(path);
  if (stats.isFile()) return stats.size;
  throw new WfdbError({ code: 'not-found', file: name, expected: 'a file', found: 'something else' });
}

function readRange(path: string, name: string, from: number, to: number | undefined): Uint8Array {
  const size = sizeOfFile(path, name);
  const end = Math.min(to ?? size, size);
  if (end - from > mostBytes) {
    throw new WfdbError({
      code: 'too-large',
      file: name,
      expected: `at most ${mostBytes} bytes at once: read a window`,
      found: `${end - from}`,
    });
  }
  const bytes = new Uint8Array(Math.max(0, end - from));
  const file = openSync(path, 'r');
  try {
    let filled = 0;
    while (filled < bytes.length) {
      const length = Math.min(bytes.length - filled, 1 << 30);
      const read = readSync(file, bytes, filled, length, from + filled);
      if (read === 0) break;
      filled += read;
    }
    return bytes.subarray(0, filled);
  } finally {
    closeSync(file);
  }
}
