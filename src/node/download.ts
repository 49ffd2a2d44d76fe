/** Downloads a file, resuming partial downloads, and verifies it before it appears under its name. */
import { createHash } from 'node:crypto';
import { constants, createReadStream } from 'node:fs';
import { type FileHandle, lstat, open, rename, rm, stat } from 'node:fs/promises';
import { WfdbError } from '../wfdb/errors.ts';
import { refuseWebPage, urlOf } from '../wfdb/http.ts';
import {
  type FileVersion,
  type HttpAnswer,
  type HttpPatience,
  isSameVersion,
  openRange,
  withRetries,
} from '../wfdb/http-range.ts';
import { placeInside } from './files.ts';

/** A file to download: its name relative to the server's folder, and its published SHA-256 sum (hex). */
export interface WantedFile {
  readonly name: string;
  readonly sha256?: string;
}

/** Maximum size of a file, which also ends endless responses. */
const maxFileBytes = 2 ** 38;
/** Maximum size of a version file. */
const maxVersionBytes = 4096;

/**
 * Fetches `file.name` below `base` to the same name below `folder`, unless it is there already with the published sum
 * (or, where none was published, at all). The bytes go to `NAME.part`, beside `NAME.part.version`, which says the state
 * of the server's file that they are from; a later call goes on with them if the server still has that state, and begins
 * anew if not. They are renamed when they are complete and their sum is right. Symbolic links under these names are
 * removed, not followed. Throws `WfdbError`: `checksum` when two complete copies have a wrong sum, `outside` for a name
 * that leaves the folder, `syntax` for a web page instead of a file, and as `openRange` does, after retries.
 */
export async function downloadFile(
  base: URL,
  folder: string,
  { name, sha256 }: WantedFile,
  patience: HttpPatience = {},
): Promise<'downloaded' | 'present'> {
  const url = urlOf(base, name);
  const path = await placeInside(folder, name);
  const part = `${path}.part`;
  if ((await isThere(path)) && (sha256 === undefined || (await sha256Of(path)) === sha256)) {
    // A run may have died between giving the file its name and removing this note.
    await rm(`${part}.version`, { force: true });
    return 'present';
  }
  let found = '';
  // What was left of an earlier file may not fit this one: a wrong sum is believed of a fresh copy only.
  for (let copy = 0; copy < 2; copy++) {
    await fetchRest({ url, name, part, patience });
    if (sha256 !== undefined) found = await sha256Of(part);
    if (sha256 === undefined || found === sha256) {
      await rename(part, path);
      await rm(`${part}.version`, { force: true });
      return 'downloaded';
    }
    await discard(part);
  }
  throw new WfdbError({ code: 'checksum', file: name, expected: `SHA-256 ${sha256}`, found });
}

/** What is fetched, and where to. */
interface Fetching {
  readonly url: URL;
  readonly name: string;
  readonly part: string;
  readonly patience: HttpPatience;
}

/** Fetches what is missing of `part`. A failure after this many new bytes is no failed try: the next goes on there. */
const leastProgress = 4096;

async function fetchRest(fetching: Fetching): Promise<void> {
  const { part, patience } = fetching;
  let before = (await startOf(part)).size;
  await withRetries(
    patience,
    () => fetchFrom(fetching),
    async () => {
      const { size } = await startOf(part);
      const came = size - before;
      before = size;
      return came >= leastProgress;
    },
  );
}

/** The bytes that are there of a file, and the version of it that they are from. */
async function startOf(part: string): Promise<{ size: number; version: FileVersion | undefined }> {
  const file = await openUnlinked(part, constants.O_RDONLY);
  if (file === undefined) return { size: 0, version: undefined };
  const { size } = await file.stat().finally(() => file.close());
  return { size, version: size === 0 ? undefined : await readVersion(`${part}.version`) };
}

async function fetchFrom({ url, name, part, patience }: Fetching): Promise<void> {
  const { size: from, version } = await startOf(part);
  const answer = await openRange({ url, file: name, from, to: undefined, version }, patience);
  if (answer.isWebPage) refuseWebPage(name);
  const isOther = version !== undefined && !isSameVersion(version, answer.version);
  if (isOther && !answer.isWhole) {
    // The server passed over If-Range: these bytes do not go with those that are there.
    await discard(part);
    const expected = 'the file of which a part is here';
    throw new WfdbError({
      code: 'network',
      file: name,
      expected,
      found: 'another version: it is fetched anew',
    });
  }
  const size = await append(answer, part, name, answer.isWhole ? 0 : from);
  // A range that is not there ends the file only where its size says so.
  const { size: announced } = answer.version;
  const isRefused = answer.length === 0 && !answer.isWhole && announced === undefined;
  if (isRefused || (announced !== undefined && size !== announced)) {
    await discard(part); // it was longer than the file is
    const expected = `${announced ?? 'more'} bytes`;
    throw new WfdbError({ code: 'network', file: name, expected, found: `${size}` });
  }
}

/** Writes an answer to `part`, from byte `from` on; its size then. */
async function append(answer: HttpAnswer, part: string, name: string, from: number): Promise<number> {
  let size = from;
  if (from === 0) {
    await discard(part);
    await writeVersion(`${part}.version`, answer.version);
  }
  const file = await create(part, constants.O_APPEND);
  try {
    for await (const chunk of answer.chunks) {
      size += chunk.length;
      if (size > maxFileBytes) {
        const expected = `at most ${maxFileBytes} bytes`;
        throw new WfdbError({ code: 'too-large', file: name, expected, found: 'more' });
      }
      await file.writeFile(chunk);
    }
  } finally {
    await file.close();
  }
  return size;
}

async function discard(part: string): Promise<void> {
  await rm(part, { force: true });
  await rm(`${part}.version`, { force: true });
}

/** Opens a regular file that is no symbolic link; undefined where there is none. A link is removed. */
async function openUnlinked(path: string, flags: number): Promise<FileHandle | undefined> {
  try {
    const stats = await lstat(path);
    if (stats.isSymbolicLink()) await rm(path);
    else return await open(path, flags | constants.O_NOFOLLOW);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  return undefined;
}

/** Opens for writing what is no symbolic link, and makes it where it is missing. */
async function create(path: string, flags: number): Promise<FileHandle> {
  await (await openUnlinked(path, constants.O_WRONLY))?.close();
  return open(path, constants.O_WRONLY | constants.O_CREAT | constants.O_NOFOLLOW | flags, 0o666);
}

async function readVersion(path: string): Promise<FileVersion | undefined> {
  const file = await openUnlinked(path, constants.O_RDONLY);
  if (file === undefined) return undefined;
  try {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(maxVersionBytes), 0, maxVersionBytes, 0);
    const noted: unknown = JSON.parse(buffer.subarray(0, bytesRead).toString('utf8'));
    if (typeof noted !== 'object' || noted === null) return undefined;
    const { etag, lastModified, size } = noted as Record<string, unknown>;
    return {
      etag: typeof etag === 'string' ? etag : undefined,
      lastModified: typeof lastModified === 'string' ? lastModified : undefined,
      size: typeof size === 'number' ? size : undefined,
    };
  } catch (error) {
    // A note cut by a crash says nothing.
    if (error instanceof SyntaxError) return undefined;
    throw error;
  } finally {
    await file.close();
  }
}

async function writeVersion(path: string, version: FileVersion): Promise<void> {
  const file = await create(path, constants.O_TRUNC);
  await file.writeFile(JSON.stringify(version)).finally(() => file.close());
}

async function isThere(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isFile();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
}

async function sha256Of(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk as Uint8Array);
  return hash.digest('hex');
}
