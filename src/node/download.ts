/** Downloads a file, resuming partial downloads, and verifies it before it appears under its name. */
import { createHash } from 'node:crypto';
import { constants, createReadStream } from 'node:fs';
import { type FileHandle, lstat, open, rename, rm, stat } from 'node:fs/promises';
import { basename } from 'node:path';
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
import { lockName } from './folder-lock.ts';

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
  if (/\.part(\.version)?$/.test(name) || basename(name) === lockName) throw reserved(name);
  const part = `${path}.part`;
  if ((await isThere(path)) && (sha256 === undefined || (await sha256Of(path)) === sha256)) {
    // A run may have died between giving the file its name and removing this note.
    await rm(`${part}.version`, { force: true });
    return 'present';
  }
  let found = '';
  // What was left of an earlier file may not fit this one: a wrong sum is believed of a fresh copy only.
  for (let copy = 0; copy < 2; copy++) {
    await fetchRest({ url, name, part, patience, isSummed: sha256 !== undefined });
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
  /** Whether the complete file is verified by a sum, so that parts of two versions cannot go unnoticed. */
  readonly isSummed: boolean;
}

/** Fetches what is missing of `part`. A failure after this many new bytes is no failed try: the next goes on there. */
const leastProgress = 4096;

async function fetchRest(fetching: Fetching): Promise<void> {
  const { part, patience } = fetching;
  // The largest size so far: bytes that are received again after a part was discarded are no progress.
  let most = (await startOf(part)).size;
  await withRetries(
    patience,
    () => fetchFrom(fetching),
    async () => {
      const { size } = await startOf(part);
      const came = size - most;
      most = Math.max(most, size);
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

async function fetchFrom({ url, name, part, patience, isSummed }: Fetching): Promise<void> {
  const { size: there, version } = await startOf(part);
  // Parts of a file may be combined only if a strong validator says that they are of one version (RFC 9110 §15.3.7.3).
  const from = isSummed || hasStrongValidator(version) ? there : 0;
  const answer = await openRange({ url, file: name, from, to: undefined, version }, patience);
  if (answer.isWebPage) refuseWebPage(name);
  if (from > 0 && !answer.isWhole && !continues(answer.version, version, isSummed)) {
    // The server ignored If-Range: these bytes may not belong to those that are there.
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
  // A range ends the file only where the size of the file is known.
  const { size: announced = answer.isWhole ? undefined : version?.size } = answer.version;
  if (announced === undefined ? !answer.isWhole : size !== announced) {
    await discard(part); // it was longer than the file is
    const expected = `${announced ?? 'more'} bytes`;
    throw new WfdbError({ code: 'network', file: name, expected, found: `${size}` });
  }
}

/** Whether a version states a strong entity tag or a date (RFC 9110 §8.8.1). */
const hasStrongValidator = (version: FileVersion | undefined): boolean =>
  version !== undefined && (version.lastModified !== undefined || version.etag?.startsWith('"') === true);

/** Whether a range belongs to the part that is there. Without a sum, a range must repeat the entity tag (§15.3.7). */
function continues(range: FileVersion, part: FileVersion | undefined, isSummed: boolean): boolean {
  if (part === undefined) return isSummed;
  if (!isSummed && part.etag !== undefined && range.etag === undefined) return false;
  return isSameVersion(part, range);
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

/** Opens a regular file; undefined where there is none. A symbolic link, a hard link and a pipe are removed. */
async function openUnlinked(path: string, flags: number): Promise<FileHandle | undefined> {
  try {
    const stats = await lstat(path);
    const isOwn = stats.isDirectory() || (stats.isFile() && stats.nlink === 1);
    if (!isOwn) await rm(path);
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

const reserved = (name: string): WfdbError =>
  new WfdbError({
    code: 'not-writable',
    file: name,
    expected: 'a name that a download does not use itself',
    found: `one like NAME.part or ${lockName}`,
  });

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
