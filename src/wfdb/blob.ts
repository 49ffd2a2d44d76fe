/** Records from files that a person picked or dropped in a browser, read in place: a window reads only its bytes. */
import { WfdbError } from './errors.ts';
import type { Source } from './source.ts';

/**
 * A source over `File`s, by their path in a picked folder or else their name, or over `Blob`s by the names given.
 *
 * @example
 * const recording = await readRecord(blobSource(input.files), '100'); // 100.hea and 100.dat were picked
 */
export function blobSource(files: Iterable<File> | ReadonlyMap<string, Blob>): Source {
  const named =
    files instanceof Map
      ? (files as ReadonlyMap<string, Blob>)
      : new Map([...(files as Iterable<File>)].map(file => [file.webkitRelativePath || file.name, file]));
  const blobOf = (name: string): Blob => {
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
