/**
 * Tracks the input files of a record: the files that were read, and those that were looked up and did not exist. A
 * later run compares size and modification time to decide whether the inputs are unchanged.
 */
import { createHash } from 'node:crypto';
import { statSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { WfdbError } from '../../wfdb/errors.ts';
import { folderUrl, urlOf } from '../../wfdb/http.ts';
import { openRange, withRetries } from '../../wfdb/http-range.ts';
import type { Source } from '../../wfdb/source.ts';
import { loginHeaders } from '../http-login.ts';

/** A file that a record depends on. */
export interface InputFile {
  readonly file: string;
  /** SHA-256 in hexadecimal; absent if the file did not exist. */
  readonly sha256?: string;
  readonly bytes?: number;
  /** Identifies this state of the file: its modification time, or the version reported by a server. */
  readonly version?: string;
}

/** A source that records which files are requested. */
export interface NotingSource extends Source {
  /** The requested files by name, and whether each exists. */
  readonly asked: ReadonlyMap<string, boolean>;
}

/** Wraps a source so that the requested files are recorded. Throws as `source` does. */
export function notingSource(source: Source): NotingSource {
  const asked = new Map<string, boolean>();
  const noted = async <T>(name: string, answer: Promise<T>): Promise<T> => {
    try {
      const value = await answer;
      asked.set(name, true);
      return value;
    } catch (error) {
      if (error instanceof WfdbError && error.code === 'not-found') asked.set(name, false);
      throw error;
    }
  };
  return {
    asked,
    read: (name, from, to) => noted(name, source.read(name, from, to)),
    ...(source.size && { size: name => noted(name, source.size!(name)) }),
  };
}

/** The requested files, sorted by name; `inputOf` describes one that exists. */
export async function inputsOf(
  asked: ReadonlyMap<string, boolean>,
  inputOf: (file: string) => Promise<InputFile>,
): Promise<InputFile[]> {
  const inputs: InputFile[] = [];
  for (const [file, isThere] of [...asked].sort(([a], [b]) => (a < b ? -1 : 1))) {
    inputs.push(isThere ? await inputOf(file) : { file });
  }
  return inputs;
}

/**
 * Whether all inputs are unchanged: existing files have the same size and version, and missing files are still
 * missing.
 */
export async function areUnchanged(root: string, inputs: readonly InputFile[]): Promise<boolean> {
  for (const { file, bytes, version } of inputs) {
    const state = await stateOf(root, file);
    if (state?.bytes !== bytes || state?.version !== version) return false;
  }
  return true;
}

/** Whether a root is an HTTP or HTTPS URL rather than a folder. */
export const isUrl = (root: string): boolean => /^https?:\/\//.test(root);

/** The size and version of a file; undefined if it does not exist. */
export async function stateOf(
  root: string,
  file: string,
): Promise<{ bytes: number; version: string } | undefined> {
  if (isUrl(root)) return stateOnServer(root, file);
  try {
    const { size, mtimeMs } = statSync(join(root, file));
    return { bytes: size, version: String(mtimeMs) };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'ENAMETOOLONG') return undefined;
    throw error;
  }
}

async function stateOnServer(root: string, file: string) {
  try {
    const request = { url: urlOf(folderUrl(root), file), file, from: 0, to: 1, version: undefined };
    const { size, etag, lastModified } = await withRetries({}, async () => {
      const { chunks, version } = await openRange(request, { headers: loginHeaders(root) });
      for await (const _ of chunks) break;
      return version;
    });
    return { bytes: size ?? -1, version: etag ?? lastModified ?? '' };
  } catch (error) {
    if (error instanceof WfdbError && error.code === 'not-found') return undefined;
    throw error;
  }
}

/** Files are read in pieces of at most this many bytes. */
const mostRead = 2 ** 18;

/** The SHA-256 of a file, in hexadecimal. Its buffer is no longer than the file: a batch reads many short ones. */
export async function sha256Of(path: string): Promise<string> {
  const hash = createHash('sha256');
  const file = await open(path);
  try {
    const { size } = await file.stat();
    const buffer = Buffer.allocUnsafe(Math.min(mostRead, size + 1));
    for (;;) {
      const { bytesRead } = await file.read(buffer, 0, buffer.length);
      if (bytesRead === 0) return hash.digest('hex');
      hash.update(buffer.subarray(0, bytesRead));
    }
  } finally {
    await file.close();
  }
}
