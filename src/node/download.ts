/** One file from a web server to disk: what was fetched before is kept, and what is there at the end is the file. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, rename, rm, stat } from 'node:fs/promises';
import { WfdbError } from '../wfdb/errors.ts';
import { urlOf } from '../wfdb/http.ts';
import { type HttpPatience, openRange, withRetries } from '../wfdb/http-range.ts';
import { placeInside } from './files.ts';

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
  const path = await placeInside(folder, name);
  if ((await sizeOf(path)) !== undefined && (sha256 === undefined || (await sha256Of(path)) === sha256)) {
    return 'present';
  }
  const part = `${path}.part`;
  let found = '';
  // What was left of an earlier file may not fit this one: a wrong sum is believed of a fresh copy only.
  for (let copy = 0; copy < 2; copy++) {
    await fetchRest(url, part, name, patience);
    if (sha256 !== undefined) found = await sha256Of(part);
    if (sha256 === undefined || found === sha256) {
      await rename(part, path);
      return 'downloaded';
    }
    await rm(part);
  }
  throw new WfdbError({ code: 'checksum', file: name, expected: `SHA-256 ${sha256}`, found });
}

/** Fetches what is missing of `part`. A failure after this many new bytes is no failed try: the next goes on there. */
const leastProgress = 4096;

async function fetchRest(url: URL, part: string, name: string, patience: HttpPatience): Promise<void> {
  let before = (await sizeOf(part)) ?? 0;
  await withRetries(
    patience,
    async () => fetchFrom((await sizeOf(part)) ?? 0, url, part, name, patience),
    async () => {
      const size = (await sizeOf(part)) ?? 0;
      const came = size - before;
      before = size;
      return came >= leastProgress;
    },
  );
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
  // A range that is not there ends the file only where its size says so.
  const isRefused = answer.length === 0 && !answer.isWhole && answer.size === undefined;
  if (isRefused || (answer.size !== undefined && size !== answer.size)) {
    await rm(part); // it was longer than the file is
    const expected = `${answer.size ?? 'more'} bytes`;
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
