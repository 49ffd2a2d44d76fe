/** The files of a record in a folder, read as they are at one time: a batch reads them several times and states sums. */
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { Source } from '../../wfdb/source.ts';
import { fileSource } from '../files.ts';
import { type InputFile, sha256Of, stateOf } from './input-files.ts';

export interface RecordFiles extends Source {
  /** Describes a file that was read, in its state before it was read, so that a later change is noticed. */
  inputOf(file: string): Promise<InputFile>;
  /** Removes what was fetched, if anything. */
  close?(): Promise<void>;
}

/** Files of at most this many bytes are read once, whole, and held while their record is measured. */
const mostHeld = 2 ** 22;

/** A file; `bytes` are undefined if they are not held. */
interface ReadFile {
  readonly state: Awaited<ReturnType<typeof stateOf>>;
  readonly bytes: Uint8Array | undefined;
}

/** A source of the files in a folder. Throws as `fileSource` does. */
export function recordFiles(folder: string): RecordFiles {
  const source = fileSource([folder]);
  const files = new Map<string, Promise<ReadFile>>();
  const load = async (name: string): Promise<ReadFile> => {
    const state = await stateOf(folder, name);
    const bytes = await source.read(name, 0, mostHeld + 1);
    return { state, bytes: bytes.length > mostHeld ? undefined : bytes };
  };
  const once = (name: string): Promise<ReadFile> => {
    const file = files.get(name) ?? load(name);
    files.set(name, file);
    return file;
  };
  return {
    async read(name, from = 0, to) {
      const { bytes } = await once(name);
      return bytes === undefined ? source.read(name, from, to) : bytes.subarray(from, to);
    },
    async size(name) {
      return (await once(name)).bytes?.length ?? source.size!(name);
    },
    async inputOf(file) {
      const { state, bytes } = await once(file);
      if (state === undefined) return { file };
      const sum =
        bytes === undefined
          ? await sha256Of(join(folder, file))
          : createHash('sha256').update(bytes).digest('hex');
      return { file, sha256: sum, ...state };
    },
  };
}
