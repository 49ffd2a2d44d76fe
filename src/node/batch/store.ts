/** Storage for the result and state of a batch: named files, each written atomically. */
import { randomBytes } from 'node:crypto';
import { open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { InputError } from '../../input-error.ts';
import { lockFolder } from '../folder-lock.ts';
import { makeFolder } from '../make-folder.ts';
import { partName, sweepParts } from '../temporary-files.ts';

/** Files by name, with `/` as separator. */
export interface Store {
  /** The location as given by the user, without credentials. */
  readonly place: string;
  /** Contents of a file; undefined if it does not exist. */
  read(name: string): Promise<Uint8Array | undefined>;
  size(name: string): Promise<number | undefined>;
  /** Writes a file atomically, replacing an existing one. Throws `StoreError`. */
  write(name: string, bytes: Uint8Array): Promise<void>;
  /** The names of all files in a folder and its subfolders, sorted. */
  list(folder: string): Promise<string[]>;
  /** Removes a file; a missing file is not an error. */
  remove(name: string): Promise<void>;
  /** Removes temporary files left by runs that were killed. */
  clean(): Promise<void>;
  /**
   * Locks the store against other runs on this machine and returns a function that releases the lock. Throws
   * `WfdbError` if another run holds it.
   */
  lock(): Promise<() => Promise<void>>;
}

/**
 * The result cannot be written: the disk is full, or the store rejects the request. The run ends; a later run resumes
 * it.
 */
export class StoreError extends InputError {}

/** Folder for files while they are being written. */
const passingFolder = '.batch/passing';

/** A store in a folder, which is created if missing. */
export function folderStore(folder: string): Store {
  const root = resolve(folder);
  const pathOf = (name: string): string => join(root, name);
  return {
    place: folder,
    read: name => orAbsent(readFile(pathOf(name))),
    size: async name => (await orAbsent(stat(pathOf(name))))?.size,
    async write(name, bytes) {
      const path = pathOf(name);
      const passing = join(pathOf(passingFolder), partName(randomBytes(6).toString('hex')));
      const write = async (): Promise<void> => {
        await writeNew(passing, bytes, !name.startsWith('.batch/staged/'));
        await rename(passing, path);
      };
      try {
        // Nearly always the folders are there already.
        await write().catch(async error => {
          if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
          await makeFolder(dirname(passing));
          await makeFolder(dirname(path));
          await rm(passing, { force: true });
          await write();
        });
      } catch (error) {
        await rm(passing, { force: true }).catch(() => {});
        if (!(error instanceof Error && 'code' in error)) throw error;
        throw new StoreError(`${path} can't be written: ${error.message.split(',')[0]}`, { cause: error });
      }
    },
    async list(under) {
      const entries = await orAbsent(readdir(pathOf(under), { recursive: true, withFileTypes: true }));
      return (entries ?? [])
        .filter(entry => entry.isFile())
        .map(entry => relative(root, join(entry.parentPath, entry.name)).replaceAll(sep, '/'))
        .sort();
    },
    remove: name => rm(pathOf(name), { force: true }),
    clean: async () => {
      await orAbsent(sweepParts(pathOf(passingFolder)));
    },
    async lock() {
      await makeFolder(pathOf('.batch'));
      // Whether a process on another machine is still running cannot be determined; two concurrent runs only
      // duplicate work.
      const options = { name: 'run.lock', what: 'batch into this folder', otherMachines: false };
      return lockFolder(pathOf('.batch'), options);
    },
  };
}

/**
 * Files of the result are flushed to disk before they are renamed, so that a power failure leaves no empty file.
 * Staged files are not flushed; they are verified when they are read.
 */
async function writeNew(path: string, bytes: Uint8Array, isLasting: boolean): Promise<void> {
  const file = await open(path, 'wx');
  try {
    await file.writeFile(bytes);
    if (isLasting) await file.datasync();
  } finally {
    await file.close();
  }
}

async function orAbsent<T>(promise: Promise<T>): Promise<T | undefined> {
  try {
    return await promise;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw error;
  }
}
