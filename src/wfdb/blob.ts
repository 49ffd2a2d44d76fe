/** Records from files that a person picked or dropped in a browser, read in place: a window reads only its bytes. */
import { WfdbError } from './errors.ts';
import type { Source } from './source.ts';

/** Bytes to read in place: what a browser's `Blob` is to a reader. Typed here, so that the types need no DOM library. */
export interface ReadableBlob {
  readonly size: number;
  slice(from?: number, to?: number): { arrayBuffer(): Promise<ArrayBuffer> };
}

/** The same with a name: what a browser's `File` is to a reader. */
export interface ReadableFile extends ReadableBlob {
  readonly name: string;
  /** The path within a picked folder; empty when a single file was picked. */
  readonly webkitRelativePath?: string;
}

/**
 * A source over `File`s, by their path in a picked folder or else their name, or over `Blob`s by the names given.
 *
 * @example
 * const picked = new Map([['x.csv', new Blob(['time,MLII\n0.000,-0.145\n0.004,-0.140\n'])]]);
 * (await readCsv(blobSource(picked), 'x.csv')).signals[0].name // => 'MLII'
 */
export function blobSource(files: Iterable<ReadableFile> | ReadonlyMap<string, ReadableBlob>): Source {
  const named =
    files instanceof Map
      ? (files as ReadonlyMap<string, ReadableBlob>)
      : new Map(
          [...(files as Iterable<ReadableFile>)].map(file => [file.webkitRelativePath || file.name, file]),
        );
  const blobOf = (name: string): ReadableBlob => {
    const blob = named.get(name);
    if (blob !== undefined) return blob;
    const expected = 'a picked file';
    throw new WfdbError({ code: 'not-found', file: name, expected, found: 'none of that name' });
  };
  return {
    async read(name, from = 0, to) {
      const blob = blobOf(name);
      try {
        return new Uint8Array(await blob.slice(from, to).arrayBuffer());
      } catch (cause) {
        // The file went away, or the person's permission to read it did.
        const expected = 'a readable file';
        throw new WfdbError({ code: 'not-found', file: name, expected, found: `${cause}`, cause });
      }
    },
    async size(name) {
      return blobOf(name).size;
    },
  };
}
