/**
 * Where bytes come from. A reader asks a `Source` for byte ranges of named files and knows nothing of disks or
 * networks, so the same reader runs in Node and in a browser.
 */

/** Files by name. Names use `/` and are relative to the source's root, e.g. `mitdb/100.dat`. */
export interface Source {
  /**
   * Bytes `[from, to)` of a file; `from` defaults to 0, `to` to the end. A range past the end is cut short: the
   * caller checks the length it got. Throws `WfdbError` with code `not-found` when there is no such file.
   */
  read(name: string, from?: number, to?: number): Promise<Uint8Array>;
}
