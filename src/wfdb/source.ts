/**
 * Where bytes come from and where they go. A reader asks a `Source` for byte ranges of named files and a writer gives
 * a `Sink` whole files; neither knows of disks or networks, so the same code runs in Node and in a browser.
 */
import { WfdbError } from './errors.ts';

/** Files by name. Names use `/` and are relative to the source's root, e.g. `mitdb/100.dat`. */
export interface Source {
  /**
   * Bytes `[from, to)` of a file; `from` defaults to 0, `to` to the end. A range past the end is cut short: the
   * caller checks the length it got. Throws `WfdbError` with code `not-found` when there is no such file.
   */
  read(name: string, from?: number, to?: number): Promise<Uint8Array>;
}

/** Takes whole files by name, as a `Source` names them. */
export interface Sink {
  write(name: string, bytes: Uint8Array): Promise<void>;
  /** Where a sink can: what `write` writes to the sink it is given appears together, or not at all. */
  together?(write: (sink: Sink) => Promise<void>): Promise<void>;
}

/** Writes several files, together where the sink can. */
export function writeTogether(sink: Sink, write: (sink: Sink) => Promise<void>): Promise<void> {
  return sink.together === undefined ? write(sink) : sink.together(write);
}

/**
 * A source over files held in memory. Reads are views, not copies.
 *
 * @example
 * const header = new TextEncoder().encode('x 0 250 10\n');
 * await memorySource({ 'x.hea': header }).read('x.hea', 0, 1); // => Uint8Array [120]
 */
export function memorySource(
  files: Readonly<Record<string, Uint8Array>> | ReadonlyMap<string, Uint8Array>,
): Source {
  const held = files instanceof Map ? files : new Map(Object.entries(files));
  return {
    async read(name, from = 0, to) {
      const bytes = held.get(name);
      if (bytes === undefined) {
        throw new WfdbError({
          code: 'not-found',
          file: name,
          expected: 'a file',
          found: 'none of that name',
        });
      }
      return bytes.subarray(from, to);
    },
  };
}

/** A sink that keeps what it is given in `files`, which `memorySource` reads back. */
export function memorySink(): Sink & { readonly files: Map<string, Uint8Array> } {
  const files = new Map<string, Uint8Array>();
  return {
    files,
    async write(name, bytes) {
      files.set(name, bytes.slice());
    },
  };
}
