/**
 * Interfaces for input and output. Readers request byte ranges of named files from a `Source`, and writers pass whole
 * files to a `Sink`; neither depends on disks or networks, so the same code runs in Node and in browsers.
 */
import { WfdbError, type WfdbErrorCode } from './errors.ts';

/** Files by name. Names use `/` and are relative to the source's root, e.g. `mitdb/100.dat`. */
export interface Source {
  /**
   * Reads bytes `[from, to)` of a file; `from` defaults to 0, `to` to the end. A range past the end is truncated;
   * callers check the returned length. Throws `WfdbError` with code `not-found` if there is no such file.
   */
  read(name: string, from?: number, to?: number): Promise<Uint8Array>;
  /** Size of a file in bytes. Optional: without it, `sizeOf` determines the size by reading. Throws as `read` does. */
  size?(name: string): Promise<number>;
}

/**
 * Size of a file in bytes. If the source does not provide it, it is found by reading about 2 log₂(size) single bytes.
 */
export async function sizeOf(source: Source, name: string): Promise<number> {
  if (source.size !== undefined) return source.size(name);
  const reaches = async (size: number): Promise<boolean> =>
    (await source.read(name, size - 1, size)).length > 0;
  let low = 0;
  let high = 1;
  for (; await reaches(high); high *= 2) low = high;
  while (high - low > 1) {
    const middle = low + Math.floor((high - low) / 2);
    if (await reaches(middle)) low = middle;
    else high = middle;
  }
  return low;
}

/** Whether a source has a file. Errors with a code other than those in `absent` are thrown. */
export async function hasFile(
  source: Source,
  name: string,
  absent: readonly WfdbErrorCode[] = ['not-found'],
): Promise<boolean> {
  try {
    await source.read(name, 0, 1);
    return true;
  } catch (error) {
    if (error instanceof WfdbError && absent.includes(error.code)) return false;
    throw error;
  }
}

/** Accepts whole files, with names as in `Source`. */
export interface Sink {
  write(name: string, bytes: Uint8Array): Promise<void>;
  /** Optional: everything that `write` writes to its sink appears atomically, or not at all. */
  together?(write: (sink: Sink) => Promise<void>): Promise<void>;
}

/** Writes several files, atomically if the sink supports it. */
export function writeTogether(sink: Sink, write: (sink: Sink) => Promise<void>): Promise<void> {
  return sink.together === undefined ? write(sink) : sink.together(write);
}

/**
 * Creates a source that reads files held in memory. Reads return views, not copies. Reading throws `WfdbError` with code
 * `not-found` for another name.
 *
 * @example
 * const header = new TextEncoder().encode('x 0 250 10\n');
 * await memorySource({ 'x.hea': header }).read('x.hea', 0, 1); // => Uint8Array [120]
 */
export function memorySource(
  files: Readonly<Record<string, Uint8Array>> | ReadonlyMap<string, Uint8Array>,
): Source {
  const held: ReadonlyMap<string, Uint8Array> = files instanceof Map ? files : new Map(Object.entries(files));
  const bytesOf = (name: string): Uint8Array => {
    const bytes = held.get(name);
    if (bytes !== undefined) return bytes;
    const expected = 'a file';
    throw new WfdbError({ code: 'not-found', file: name, expected, found: 'none of that name' });
  };
  return {
    async read(name, from = 0, to) {
      return bytesOf(name).subarray(from, to);
    },
    async size(name) {
      return bytesOf(name).length;
    },
  };
}

/**
 * Creates a sink that stores files in the map `files`, which `memorySource` accepts.
 *
 * @example
 * const sink = memorySink();
 * await sink.write('x.hea', new Uint8Array(3));
 * await memorySource(sink.files).read('x.hea') // => [0, 0, 0]
 */
export function memorySink(): Sink & { readonly files: Map<string, Uint8Array> } {
  const files = new Map<string, Uint8Array>();
  return {
    files,
    async write(name, bytes) {
      files.set(name, bytes.slice());
    },
  };
}
