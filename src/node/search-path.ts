/** The WFDB search path: folders and URLs, in the order in which they are searched. */
import { WfdbError } from '../wfdb/errors.ts';
import { type HttpOptions, httpSource } from '../wfdb/http.ts';
import type { Source } from '../wfdb/source.ts';
import { fileSource } from './files.ts';

/**
 * The entries of a search path, separated by `:` as in the WFDB tools; the `:` of a URL separates nothing. The current
 * folder where there are none.
 *
 * @example
 * splitSearchPath('data:http://localhost:8080/db'); // => ['data', 'http://localhost:8080/db']
 */
export function splitSearchPath(text: string): readonly string[] {
  // A URL ends at a `:` that does not begin a port.
  const entries = text.match(/https?:\/\/[^:]*(?::\d+(?=[/:]|$)[^:]*)?|[^:]+/g) ?? [];
  return entries.length > 0 ? entries : ['.'];
}

/**
 * A source over a search path, by default that of the `WFDB` environment variable. A file is looked for in each entry
 * in turn; where it was found it is read from then on. Throws `WfdbError` as `fileSource` and `httpSource` do:
 * `not-found` only when no entry has the file, while a server that fails is an error and not a missing file. `onRead` is
 * told the path of each file on disk before it is read.
 *
 * @example
 * const source = searchPathSource('data:https://physionet.org/files/');
 * const recording = await readRecord(source, 'mitdb/1.0.0/100');
 */
export function searchPathSource(
  text: string = process.env.WFDB ?? '',
  options: HttpOptions = {},
  onRead?: (path: string) => Promise<void>,
): Source {
  const entries = splitSearchPath(text);
  const sources = entries.map(entry =>
    /^https?:/.test(entry) ? httpSource(entry, options) : fileSource([entry], onRead),
  );
  const foundIn = new Map<string, Source>();
  return {
    async read(name, from, to) {
      const known = foundIn.get(name);
      if (known !== undefined) return known.read(name, from, to);
      for (const source of sources) {
        try {
          const bytes = await source.read(name, from, to);
          foundIn.set(name, source);
          return bytes;
        } catch (error) {
          if (!(error instanceof WfdbError && error.code === 'not-found')) throw error;
        }
      }
      const expected = 'a file on the WFDB path';
      const unset = text === '' ? ' (WFDB is not set)' : '';
      const found = `none of that name in ${entries.join(', ')}${unset}`;
      throw new WfdbError({ code: 'not-found', file: name, expected, found });
    },
  };
}
