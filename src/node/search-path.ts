/** The WFDB search path: folders and URLs in search order. */
import { withoutCredentials } from '../printable.ts';
import { WfdbError } from '../wfdb/errors.ts';
import { type HttpOptions, httpSource } from '../wfdb/http.ts';
import { type Source, sizeOf } from '../wfdb/source.ts';
import { fileSource } from './files.ts';
import { loginHeaders } from './http-login.ts';

/**
 * Splits a search path at `:`, as the WFDB tools do, except at the `:` within a URL: after the scheme, before a port,
 * in `user:password@` and in an IPv6 address. An empty path yields the current folder.
 *
 * @example
 * splitSearchPath('data:http://localhost:8080/db'); // => ['data', 'http://localhost:8080/db']
 */
export function splitSearchPath(text: string): readonly string[] {
  const entries: string[] = [];
  for (let at = 0; at < text.length; ) {
    const scheme = text.startsWith('http://', at) ? 7 : text.startsWith('https://', at) ? 8 : 0;
    const from = scheme === 0 ? at : endOfAuthority(text, at + scheme);
    const colon = text.indexOf(':', from);
    const end = colon < 0 ? text.length : colon;
    if (end > at) entries.push(text.slice(at, end));
    at = end + 1;
  }
  return entries.length > 0 ? entries : ['.'];
}

/** Index at which `[user[:password]@]host[:port]`, starting at `from`, ends. */
function endOfAuthority(text: string, from: number): number {
  const slash = text.indexOf('/', from);
  const authority = text.slice(from, slash < 0 ? text.length : slash);
  const host = from + authority.lastIndexOf('@') + 1;
  const bracket = text[host] === '[' ? authority.indexOf(']') : -1;
  const name = bracket < 0 ? host : from + bracket + 1;
  const colon = authority.indexOf(':', name - from);
  if (colon < 0) return from + authority.length;
  const port = /^:\d{1,5}(?=:|$)/.exec(authority.slice(colon, colon + 7));
  return from + colon + (port?.[0].length ?? 0);
}

/**
 * Creates a source for a search path, by default that of the `WFDB` environment variable. Entries are searched in
 * order, and the entry in which a file is found is remembered. Throws `WfdbError` as `fileSource` and `httpSource` do:
 * `not-found` only if no entry has the file; a failing server is an error, not a missing file. `onRead` is called with
 * the path of each file on disk before it is read.
 *
 * @example
 * (await readHeader(searchPathSource(samplesFolder), 'mitdb-208-excerpt')).samplingFrequency // => 360
 */
export function searchPathSource(
  text: string = process.env.WFDB ?? '',
  options: HttpOptions = {},
  onRead?: (path: string) => Promise<void>,
): Source {
  const entries = splitSearchPath(text);
  const sources = entries.map(entry =>
    /^https?:\/\//.test(entry)
      ? httpSource(entry, { ...options, headers: { ...loginHeaders(entry), ...options.headers } })
      : fileSource([entry], onRead),
  );
  const foundIn = new Map<string, Source>();
  /** The result of `ask` for the first source that has the file. */
  const first = async <T>(name: string, ask: (source: Source) => Promise<T>): Promise<T> => {
    const known = foundIn.get(name);
    if (known !== undefined) return ask(known);
    let refused: WfdbError | undefined;
    for (const source of sources) {
      try {
        const answer = await ask(source);
        foundIn.set(name, source);
        return answer;
      } catch (error) {
        if (!(error instanceof WfdbError && error.code === 'not-found')) throw error;
        // The file may exist behind a login, so it cannot be reported as missing.
        if (/^HTTP 40[13]$/.test(error.found)) refused ??= error;
      }
    }
    if (refused !== undefined) throw refused;
    const expected = 'a file on the WFDB path';
    const unset = text === '' ? ' (WFDB is not set)' : '';
    const found = `none of that name in ${entries.map(withoutCredentials).join(', ')}${unset}`;
    throw new WfdbError({ code: 'not-found', file: name, expected, found });
  };
  return {
    read: (name, from, to) => first(name, source => source.read(name, from, to)),
    size: name => first(name, source => sizeOf(source, name)),
  };
}
