/** Downloads a file, resuming partial downloads, and verifies it before moving it to its final name. */
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

/** Maximum size of a file; also stops responses that never end. */
const maxFileBytes = 2 ** 38;
/** Maximum size of a version file. */
const maxVersionBytes = 4096;

/**
 * Downloads `file.name` below `base` to the same name below `folder`, unless it already exists with the published
 * checksum (or exists at all, if no checksum is published). The bytes are written to `NAME.part`; `NAME.part.version`
 * next to it records the version of the server's file to which they belong. A later call resumes if the server still
 * has that version, and otherwise starts over. The file is renamed once it is complete and verified. Symbolic links
 * under these names are removed, not followed. Throws `WfdbError` with code `checksum` if two complete copies have
 * the wrong checksum, `outside` for a name that leads outside the folder, `syntax` for a web page in place of a file,
 * and as `openRange` does, after retries.
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
    // An earlier run may have died between renaming the file and removing its version file.
    await rm(`${part}.version`, { force: true });
    return 'present';
  }
  let found = '';
  // A partial file may be left over from a different version, so a checksum mismatch is final only for a fresh copy.
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

/** A download in progress: URL and destination. */
interface Fetching {
  readonly url: URL;
  readonly name: string;
  readonly part: string;
  readonly patience: HttpPatience;
  /** Whether the complete file is verified by a checksum, so that a mixture of two versions would be detected. */
  readonly isSummed: boolean;
}

/**
 * Progress, in bytes, that resets the count of failed attempts: an attempt that received at least this much is
 * resumed.
 */
const leastProgress = 4096;

async function fetchRest(fetching: Fetching): Promise<void> {
  const { part, patience } = fetching;
  // The largest size so far: bytes received again after discarding a partial file do not count as progress.
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

/** Size of the partial file, and the version of the server's file to which it belongs. */
async function startOf(part: string): Promise<{ size: number; version: FileVersion | undefined }> {
  const file = await openUnlinked(part, constants.O_RDONLY);
  if (file === undefined) return { size: 0, version: undefined };
  const { size } = await file.stat().finally(() => file.close());
  return { size, version: size === 0 ? undefined : await readVersion(`${part}.version`) };
}

async function fetchFrom({ url, name, part, patience, isSummed }: Fetching): Promise<void> {
  const { size: there, version } = await startOf(part);
  // Parts of a file may be combined only if a strong validator shows that they are of one version (RFC 9110
  // §15.3.7.3).
  const from = isSummed || hasStrongValidator(version) ? there : 0;
  const answer = await openRange({ url, file: name, from, to: undefined, version }, patience);
  if (answer.isWebPage) refuseWebPage(name);
  if (from > 0 && !answer.isWhole && !continues(answer.version, version, isSummed)) {
    // The server ignored If-Range: these bytes may not match the partial file.
    await discard(part);
    const expected = 'the version to which the partial file belongs';
    throw new WfdbError({
      code: 'network',
      file: name,
      expected,
      found: 'another version: it is downloaded again',
    });
  }
  const size = await append(answer, part, name, answer.isWhole ? 0 : from);
  // A range can complete the file only if the size of the file is known.
  const { size: announced = answer.isWhole ? undefined : version?.size } = answer.version;
  if (announced === undefined ? !answer.isWhole : size !== announced) {
    await discard(part); // the partial file was longer than the file
    const expected = `${announced ?? 'more'} bytes`;
    throw new WfdbError({ code: 'network', file: name, expected, found: `${size}` });
  }
}

/** Whether a version has a strong entity tag or a modification date (RFC 9110 §8.8.1). */
const hasStrongValidator = (version: FileVersion | undefined): boolean =>
  version !== undefined && (version.lastModified !== undefined || version.etag?.startsWith('"') === true);

/**
 * Whether a range continues the partial file. Without a checksum, the range must repeat the entity tag (RFC 9110
 * §15.3.7).
 */
function continues(range: FileVersion, part: FileVersion | undefined, isSummed: boolean): boolean {
  if (part === undefined) return isSummed;
  if (!isSummed && part.etag !== undefined && range.etag === undefined) return false;
  return isSameVersion(part, range);
}

/** Writes a response to `part` from byte offset `from`, and returns the resulting size in bytes. */
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

/** Opens a regular file; undefined if it does not exist. Symbolic links, hard links and pipes are removed. */
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

/** Opens a file for writing, creating it if missing; symbolic links are not followed. */
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
    // A version file truncated by a crash is ignored.
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
    expected: 'a name that downloads do not use for temporary files',
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
