/**
 * Records over HTTP(S): only the bytes that are asked for. A server that ignores ranges sends the whole file, which
 * is kept, within the limit, so that the next window costs nothing.
 */
import { WfdbError } from './errors.ts';
import { type HttpAnswer, type HttpPatience, openRange, withRetries } from './http-range.ts';
import type { Source } from './source.ts';

/** Patience and limits of a source. */
export interface HttpOptions extends HttpPatience {
  /** Most bytes taken for one answer, and kept of files from servers without ranges; default 2³⁰. */
  readonly maxBytes?: number;
}

/**
 * A source over the files below a URL. What fails in passing (no connection, a cut body, silence, a server error) is
 * tried again after a growing pause. Throws `RangeError` for a URL that is not HTTP(S). Reading throws `WfdbError`:
 * `outside` for a name that leaves the URL's folder, `not-found`, `too-large`, and `network` when all tries failed.
 *
 * @example
 * const source = httpSource('https://physionet.org/files/mitdb/1.0.0/');
 * const recording = await readRecord(source, '100', { from: 0, to: 10, unit: 'seconds' });
 */
export function httpSource(baseUrl: string | { readonly href: string }, options: HttpOptions = {}): Source {
  const { maxBytes = 2 ** 30 } = options;
  const base = folderUrl(typeof baseUrl === 'string' ? baseUrl : baseUrl.href);
  const whole = new Map<string, Uint8Array>();
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
  return {
    async read(name, from = 0, to) {
      const url = urlOf(base, name);
      const held = whole.get(name);
      if (held !== undefined) return held.subarray(from, to);
      if (to !== undefined && to <= from) return new Uint8Array();
      return withRetries(options, async () => {
        const answer = await openRange(url, name, from, to, options);
        const bytes = await collect(answer, name, maxBytes);
        if (!answer.isWhole) return bytes.subarray(0, to === undefined ? undefined : to - from);
        if (from > 0 || to !== undefined) keep(name, bytes);
        return bytes.subarray(from, to);
      });
    },
  };
}

/**
 * The URL of a folder, which ends with `/`. Throws `RangeError` for one that is not HTTP(S).
 *
 * @internal
 */
export function folderUrl(text: string | URL): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol !== 'http:' && url?.protocol !== 'https:') {
    throw new RangeError(`a URL that begins with http:// or https:// is needed, not ${text}`);
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

/** All chunks in one array. What a server announces allocates nothing; only what arrives does. */
async function collect({ chunks, length }: HttpAnswer, file: string, maxBytes: number): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let total = 0;
  for await (const chunk of chunks) {
    parts.push(chunk);
    total += chunk.length;
    if (Math.max(total, length ?? 0) > maxBytes) {
      const found = `${Math.max(total, length ?? 0)} or more`;
      throw new WfdbError({ code: 'too-large', file, expected: `at most ${maxBytes} bytes`, found });
    }
  }
  const bytes = new Uint8Array(total);
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
