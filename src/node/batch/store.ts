/** Where a batch keeps its result and its state: named files, each written whole or not at all. */
import { randomBytes } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { InputError } from '../../input-error.ts';

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
}

/** A result that can't be written: a full disk, a store that refuses. The run ends; run again, it goes on. */
export class StoreError extends InputError {}

/** What a file that is being written is called; a killed run leaves such files, and the next removes them. */
export const passingName = /\.[0-9a-f]{12}\.part$/;

/** A store in a folder, made when it is missing. */
export function folderStore(folder: string): Store {
  const pathOf = (name: string): string => join(folder, name);
  return {
    place: folder,
    read: name => orAbsent(readFile(pathOf(name))),
    size: async name => (await orAbsent(stat(pathOf(name))))?.size,
    async write(name, bytes) {
      const path = pathOf(name);
      const passing = `${path}.${randomBytes(6).toString('hex')}.part`;
      try {
        await mkdir(dirname(path), { recursive: true });
        await writeSynced(passing, bytes);
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
        .map(entry => join(entry.parentPath, entry.name).slice(folder.length).replaceAll('\\', '/'))
        .map(name => name.replace(/^\/+/, ''))
        .sort();
    },
    remove: name => rm(pathOf(name), { force: true }),
  };
}

/** On the disk before it has its name: a machine that loses power leaves no empty file under it. */
async function writeSynced(path: string, bytes: Uint8Array): Promise<void> {
  const file = await open(path, 'wx');
  try {
    await file.writeFile(bytes);
    await file.datasync();
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
