/** Storage for the result and state of a batch: named files, each written atomically. */
import { randomBytes } from 'node:crypto';
import {
  closeSync,
  fdatasyncSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
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

/**
 * A store in a folder, which is created if missing. Files are read and written synchronously, because a batch has many
 * short ones: the thread that Node.js otherwise uses takes longer to answer than the disk.
 */
export function folderStore(folder: string): Store {
  const root = resolve(folder);
  const pathOf = (name: string): string => join(root, name);
  return {
    place: folder,
    read: async name => orAbsent(() => readFileSync(pathOf(name))),
    size: async name => orAbsent(() => statSync(pathOf(name)))?.size,
    async write(name, bytes) {
      const path = pathOf(name);
      const passing = join(pathOf(passingFolder), partName(randomBytes(6).toString('hex')));
      const write = (): void => {
        writeNew(passing, bytes, !name.startsWith('.batch/staged/'));
        renameSync(passing, path);
      };
      try {
        // Nearly always the folders are there already.
        if (!isWritten(write)) {
          await makeFolder(dirname(passing));
          await makeFolder(dirname(path));
          rmSync(passing, { force: true });
          write();
        }
      } catch (error) {
        removeIfPossible(passing);
        if (!(error instanceof Error && 'code' in error)) throw error;
        throw new StoreError(`${path} can't be written: ${error.message.split(',')[0]}`, { cause: error });
      }
    },
    async list(under) {
      const entries = orAbsent(() => readdirSync(pathOf(under), { recursive: true, withFileTypes: true }));
      return (entries ?? [])
        .filter(entry => entry.isFile())
        .map(entry => relative(root, join(entry.parentPath, entry.name)).replaceAll(sep, '/'))
        .sort();
    },
    remove: async name => rmSync(pathOf(name), { force: true }),
    clean: async () => {
      if (orAbsent(() => statSync(pathOf(passingFolder))) !== undefined)
        await sweepParts(pathOf(passingFolder));
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
function writeNew(path: string, bytes: Uint8Array, isLasting: boolean): void {
  const file = openSync(path, 'wx');
  try {
    writeFileSync(file, bytes);
    if (isLasting) fdatasyncSync(file);
  } finally {
    closeSync(file);
  }
}

/** Writes; false if a folder is missing. */
function isWritten(write: () => void): boolean {
  try {
    write();
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    return false;
  }
}

function removeIfPossible(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // The error that prevented the writing is reported.
  }
}

/** Undefined if the file or folder is not there. */
function orAbsent<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw error;
  }
}
