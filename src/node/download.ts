/** One file from a web server to disk: what was fetched before is kept, and what is there at the end is the file. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, realpath, rename, rm, stat } from 'node:fs/promises';
import { dirname, join, sep } from 'node:path';
import { WfdbError } from '../wfdb/errors.ts';
import { urlOf } from '../wfdb/http.ts';
import { type HttpPatience, openRange, withRetries } from '../wfdb/http-range.ts';

/** A file wanted: its name below the server's folder, and the SHA-256 sum (hex) that was published for it. */
export interface WantedFile {
  readonly name: string;
  readonly sha256?: string;
}

/** More than any file of samples has; an answer without end stops here. */
const maxFileBytes = 2 ** 38;

/**
 * Fetches `file.name` below `base` to the same name below `folder`, unless it is there already with the published sum
 * (or, where none was published, at all). The bytes go to `NAME.part`, which a later call goes on with, and are
 * renamed when they are complete and their sum is right. Throws `WfdbError`: `checksum` when two complete copies have
 * a wrong sum, `outside` for a name that leaves the folder, and as `openRange` does, after retries.
 */
export async function downloadFile(
  base: URL,
  folder: string,
  { name, sha256 }: WantedFile,
  patience: HttpPatience = {},
): Promise<'downloaded' | 'present'> {
  const url = urlOf(base, name);
  const path = join(folder, name);
  await mkdir(dirname(path), { recursive: true });
  if (!`${await realpath(dirname(path))}${sep}`.startsWith(`${await realpath(folder)}${sep}`)) {
    const expected = 'a name inside the folder';
    throw new WfdbError({ code: 'outside', file: name, expected, found: 'one that leads out' });
  }
  if ((await sizeOf(path)) !== undefined && (sha256 === undefined || (await sha256Of(path)) === sha256)) {
    return 'present';
  }
  const part = `${path}.part`;
  let found = '';
  // What was left of an earlier file may not fit this one: a wrong sum is believed of a fresh copy only.
  for (let copy = 0; copy < 2; copy++) {
    await withRetries(patience, () => fetchRest(url, part, name, patience));
    if (sha256 !== undefined) found = await sha256Of(part);
    if (sha256 === undefined || found === sha256) {
      await rename(part, path);
      return 'downloaded';
    }
    await rm(part);
  }
  throw new WfdbError({ code: 'checksum', file: name, expected: `SHA-256 ${sha256}`, found });
}

/** Fetches what is missing of `part`. A failure after new bytes came is no failed try: the next goes on from there. */
async function fetchRest(url: URL, part: string, name: string, patience: HttpPatience): Promise<void> {
  for (;;) {
    const before = (await sizeOf(part)) ?? 0;
    try {
      return await fetchFrom(before, url, part, name, patience);
    } catch (error) {
      const goesOn = error instanceof WfdbError && error.code === 'network';
      if (!goesOn || ((await sizeOf(part)) ?? 0) <= before) throw error;
    }
  }
}

async function fetchFrom(
  from: number,
  url: URL,
  part: string,
  name: string,
  patience: HttpPatience,
): Promise<void> {
  const answer = await openRange(url, name, from, undefined, patience);
  let size = answer.isWhole ? 0 : from;
  const file = await open(part, answer.isWhole ? 'w' : 'a');
  try {
    for await (const chunk of answer.chunks) {
      size += chunk.length;
      if (size > maxFileBytes) {
        throw new WfdbError({
          code: 'too-large',
          file: name,
          expected: `at most ${maxFileBytes} bytes`,
          found: 'more',
        });
      }
      await file.writeFile(chunk);
    }
  } finally {
    await file.close();
  }
  if (answer.size !== undefined && size !== answer.size) {
    await rm(part); // it was longer than the file is
    const expected = `${answer.size} bytes`;
    throw new WfdbError({ code: 'network', file: name, expected, found: `${size}` });
  }
}

async function sizeOf(path: string): Promise<number | undefined> {
  try {
    return (await stat(path)).size;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

async function sha256Of(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk as Uint8Array);
  return hash.digest('hex');
}
