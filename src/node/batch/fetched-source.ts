/** A source that downloads each file once to a temporary folder, for records that are read several times. */
import { createHash } from 'node:crypto';
import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Source } from '../../wfdb/source.ts';
import { fileSource } from '../files.ts';

export interface FetchedSource extends Source {
  /** SHA-256 of a file that has been fetched, in hexadecimal. */
  sumOf(file: string): Promise<string>;
  /** Removes the local copies. */
  close(): Promise<void>;
}

const pieceBytes = 2 ** 23;

/**
 * Wraps a source so that each file is downloaded whole on first access, into a temporary folder. Throws as `source`
 * does.
 */
export async function fetchedSource(source: Source): Promise<FetchedSource> {
  const folder = await mkdtemp(join(tmpdir(), 'upstroke-fetched-'));
  const copies = fileSource([folder]);
  const fetched = new Map<string, Promise<{ readonly copy: string; readonly sum: string }>>();
  const fetch = async (name: string, number: number): Promise<{ copy: string; sum: string }> => {
    const copy = String(number);
    const hash = createHash('sha256');
    const file = await open(join(folder, copy), 'w');
    try {
      for (let from = 0; ; from += pieceBytes) {
        const piece = await source.read(name, from, from + pieceBytes);
        hash.update(piece);
        await file.writeFile(piece);
        if (piece.length < pieceBytes) break;
      }
    } finally {
      await file.close();
    }
    return { copy, sum: hash.digest('hex') };
  };
  const once = (name: string): Promise<{ copy: string; sum: string }> => {
    const answer = fetched.get(name) ?? fetch(name, fetched.size);
    fetched.set(name, answer);
    return answer;
  };
  return {
    read: async (name, from, to) => copies.read((await once(name)).copy, from, to),
    size: async name => copies.size!((await once(name)).copy),
    sumOf: async name => (await once(name)).sum,
    close: () => rm(folder, { recursive: true, force: true }),
  };
}
