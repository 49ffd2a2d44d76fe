/**
 * Records over HTTP(S), transferring only the requested bytes. If a server ignores range requests, the whole file is
 * received and, within the limit, cached for further windows.
 */
import { InputError } from '../input-error.ts';
import { withoutCredentials } from '../printable.ts';
import { WfdbError } from './errors.ts';
import {
  type FileVersion,
  type HttpAnswer,
  type HttpPatience,
  isSameVersion,
  openRange,
  withRetries,
} from './http-range.ts';
import { type Source, sizeOf } from './source.ts';

/** For windows up to this size a server without range support is still read: the whole file is received and cached. */
const leastLimit = 2 ** 20;

/** Time limits, retries and size limit of a source. */
export interface HttpOptions extends HttpPatience {
  /** Maximum size of a response, and of the cache for files from servers without range support, bytes; default 2³⁰. */
  readonly maxBytes?: number;
}

/**
 * Creates a source that reads the files below a URL, which may contain a user name and password. Temporary failures (no
 * connection, a truncated body, a timeout, a server error) are retried with exponential back-off. Throws `RangeError`
 * for a URL that is not HTTP(S). Reading throws `WfdbError`: `outside` for a name outside the URL's folder,
 * `not-found`, `too-large`, `syntax` for a web page, `inconsistent` if the file has changed since a previous window
 * (the next read starts over), and `network` if all retries failed.
 *
 * @example
 * httpSource('http://127.0.0.1:8080/mitdb') // a record is then readRecord(source, '100')
 * httpSource('ftp://127.0.0.1/mitdb') // throws InputError: a URL that begins with http:// or https:// is needed, not ftp://127.0.0.1/mitdb
 */
export function httpSource(baseUrl: string | { readonly href: string }, options: HttpOptions = {}): Source {
  const { maxBytes = 2 ** 30 } = options;
  const base = folderUrl(typeof baseUrl === 'string' ? baseUrl : baseUrl.href);
  const whole = new Map<string, Uint8Array>();
  const versions = new Map<string, FileVersion>();
  let kept = 0;
  const keep = (name: string, bytes: Uint8Array): void => {
    whole.set(name, bytes);
    kept += bytes.length;
    for (const [oldest, held] of whole) {
      if (kept <= maxBytes) break;
      whole.delete(oldest);
      kept -= held.length;
    }
  };
  /** Throws if the file has changed: bytes of different versions must not be combined. */
  const checkVersion = (name: string, found: FileVersion): void => {
    const before = versions.get(name);
    versions.set(name, found);
    if (before === undefined || isSameVersion(before, found)) return;
    throw new WfdbError({
      code: 'inconsistent',
      file: name,
      expected: 'the file as it was when reading began',
      found: 'another version on the server',
      hint: 'read it again from the start',
    });
  };
  const read = async (name: string, from: number, to: number | undefined): Promise<Uint8Array> => {
    const request = { url: urlOf(base, name), file: name, from, to, version: versions.get(name) };
    const answer = await openRange(request, options);
    if (answer.isWebPage) refuseWebPage(name);
    const { isWhole, length = Infinity } = answer;
    // A large window from the start is the size limit for a server without range support.
    const isEnough = isWhole && from === 0 && to !== undefined && to >= leastLimit && length > to;
    const bytes = await collect(answer, name, maxBytes, isEnough ? to : undefined);
    checkVersion(name, answer.version);
    if (!isWhole) return bytes.subarray(0, to === undefined ? undefined : to - from);
    if (!isEnough && (from > 0 || to !== undefined)) keep(name, bytes);
    return bytes.subarray(from, to);
  };
  const source: Source = {
    async read(name, from = 0, to) {
      const held = whole.get(name);
      if (held !== undefined) return held.subarray(from, to);
      urlOf(base, name); // a name outside the folder is always refused
      if (to !== undefined && to <= from) return new Uint8Array();
      return withRetries(options, () => read(name, from, to));
    },
    async size(name) {
      const known = whole.get(name)?.length ?? versions.get(name)?.size;
      if (known !== undefined) return known;
      await withRetries(options, () => read(name, 0, 1));
      return versions.get(name)?.size ?? sizeOf({ read: source.read }, name);
    },
  };
  return source;
}

/** Throws for a web page received instead of a file, such as a login page or a captive portal. */
export function refuseWebPage(file: string): void {
  if (/\.x?html?$/i.test(file)) return;
  throw new WfdbError({
    code: 'syntax',
    file,
    expected: 'a file of a record',
    found: 'a web page',
    hint: 'it may be a login page, or a page that describes the file',
  });
}

/**
 * The URL of a folder, which ends with `/`. Throws `RangeError` for one that is not HTTP(S).
 *
 * @internal
 */
export function folderUrl(text: string | URL): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol !== 'http:' && url?.protocol !== 'https:') {
    // What does not parse may hold a password anywhere before an @.
    const shown = withoutCredentials(String(text)).replace(/\S*@/g, '…@');
    throw new InputError(`a URL that begins with http:// or https:// is needed, not ${shown}`);
  }
  url.search = '';
  url.hash = '';
  if (!url.pathname.endsWith('/')) url.pathname += '/';
  return url;
}

/**
 * The URL of a named file in a folder. Throws `WfdbError` with code `outside` for a name that leaves the folder.
 *
 * @internal
 */
export function urlOf(folder: URL, name: string): URL {
  const parts = name.split('/');
  if (
    /[\\\0]|\p{Surrogate}/u.test(name) ||
    parts.some(part => part === '' || part === '.' || part === '..')
  ) {
    const expected = 'a name inside the folder';
    throw new WfdbError({ code: 'outside', file: name, expected, found: 'one that leads out' });
  }
  return new URL(parts.map(encodeURIComponent).join('/'), folder);
}

/**
 * Collects all chunks, or the first `enough` bytes, in one array. Memory is allocated only for data that has arrived,
 * not for the announced size.
 */
export async function collect(
  { chunks, length }: HttpAnswer,
  file: string,
  maxBytes: number,
  enough = Infinity,
): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  const announced = enough === Infinity ? (length ?? 0) : 0;
  let total = 0;
  for await (const chunk of chunks) {
    const part = chunk.subarray(0, enough - total);
    parts.push(part);
    total += part.length;
    if (Math.max(total, announced) > maxBytes) {
      const found = `${Math.max(total, announced)} or more`;
      throw new WfdbError({ code: 'too-large', file, expected: `at most ${maxBytes} bytes`, found });
    }
    if (total >= enough) break;
  }
  const bytes = new Uint8Array(total);
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
