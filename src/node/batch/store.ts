/** Where a batch keeps its result and its state: named files, each written whole or not at all. */
import { randomBytes } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { InputError } from '../../input-error.ts';
import { lockFolder } from '../folder-lock.ts';
import { partName, sweepParts } from '../temporary-files.ts';

/** Files by name; names use `/`. */
export interface Store {
  /** As a person calls it, without credentials. */
  readonly place: string;
  /** Undefined where there is no such file. */
  read(name: string): Promise<Uint8Array | undefined>;
  size(name: string): Promise<number | undefined>;
  /** Puts the file there, replacing what is there, whole or not at all. Throws `StoreError`. */
  write(name: string, bytes: Uint8Array): Promise<void>;
  /** The names of all files in a folder and below, sorted. */
  list(folder: string): Promise<string[]>;
  /** Removes a file; one that is not there is no mistake. */
  remove(name: string): Promise<void>;
  /** Removes what killed runs were writing. */
  clean(): Promise<void>;
  /** Keeps other runs of this machine out until what it returns is called. Throws `WfdbError` while one is at work. */
  lock(): Promise<() => Promise<void>>;
}

/** A result that can't be written: a full disk, a store that refuses. The run ends; run again, it goes on. */
export class StoreError extends InputError {}

/** Where files are while they are written. */
const passingFolder = '.batch/passing';

/** A store in a folder, made when it is missing. */
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
      try {
        await mkdir(dirname(passing), { recursive: true });
        await mkdir(dirname(path), { recursive: true });
        await writeNew(passing, bytes, !name.startsWith('.batch/staged/'));
        await rename(passing, path);
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
      await mkdir(pathOf('.batch'), { recursive: true });
      // Of another machine's run it can't be seen whether it is dead; two runs at work at once do no harm but waste.
      const options = { name: 'run.lock', what: 'batch into this folder', otherMachines: false };
      return lockFolder(pathOf('.batch'), options);
    },
  };
}

/**
 * What is to last is on the disk before it has its name: a machine that loses power leaves no empty file under it. What is
 * staged is checked when it is read again.
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
