/** Records from files selected or dropped in a browser, read lazily: a window reads only its bytes. */
import { WfdbError } from './errors.ts';
import type { Source } from './source.ts';

/** The part of the browser's `Blob` that is used, declared here so that the types do not need the DOM library. */
export interface ReadableBlob {
  readonly size: number;
  slice(from?: number, to?: number): { arrayBuffer(): Promise<ArrayBuffer> };
}

/** The part of the browser's `File` that is used. */
export interface ReadableFile extends ReadableBlob {
  readonly name: string;
  /** The path within a selected folder; empty if single files were selected. */
  readonly webkitRelativePath?: string;
}

/**
 * Creates a source that reads `File`s, named by their path in a selected folder or by their own name, or `Blob`s under
 * the given names. Reading throws `WfdbError` with code `not-found` for another name or a file that can no longer be read.
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
    const expected = 'a selected file';
    throw new WfdbError({ code: 'not-found', file: name, expected, found: 'none of that name' });
  };
  return {
    async read(name, from = 0, to) {
      const blob = blobOf(name);
      try {
        return new Uint8Array(await blob.slice(from, to).arrayBuffer());
      } catch (cause) {
        // The file has been removed, or permission to read it was revoked.
        const expected = 'a readable file';
        throw new WfdbError({ code: 'not-found', file: name, expected, found: `${cause}`, cause });
      }
    },
    async size(name) {
      return blobOf(name).size;
    },
  };
}
