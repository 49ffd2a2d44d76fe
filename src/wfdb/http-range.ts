/** HTTP(S) range requests (RFC 9110 §14) with validation of the response, time limits and retries. */
import { withoutCredentials } from '../printable.ts';
import { WfdbError } from './errors.ts';
import { type Address, type HttpHeaders, plainRequest } from './http-login.ts';

/** Time limits and retries. */
export interface HttpPatience {
  /**
   * Time without data, in ms, after which a request is aborted; default 30,000. The total time is limited to this plus
   * one second per kibibyte received, so that a slow trickle ends too.
   */
  readonly timeoutMs?: number;
  /** Number of retries after a temporary failure; default 3. */
  readonly retries?: number;
  /**
   * Delay before the first retry, in ms, doubled for each further one; default 500. `Retry-After` is respected up to
   * five minutes; beyond that the request fails.
   */
  readonly retryDelayMs?: number;
  /** Header fields sent with each request to the origin of the URL, and not after a redirect to another origin. */
  readonly headers?: HttpHeaders;
}

/** Minimum average transfer rate. */
const slowestBytesPerMs = 1.024;
const longestWaitMs = 300_000;
const mostRedirections = 10;

/** The version of a file that a response belongs to, as far as the server identifies it. */
export interface FileVersion {
  readonly etag: string | undefined;
  readonly lastModified: string | undefined;
  /** Bytes of the whole file. */
  readonly size: number | undefined;
}

/** A request for a range of a file. */
export interface RangeRequest {
  readonly url: Address;
  /** The file's name, for errors. */
  readonly file: string;
  /** Bytes `[from, to)`; to the end when `to` is undefined. */
  readonly from: number;
  readonly to: number | undefined;
  /** The version of previously received bytes. If the file has changed since, the whole file is requested. */
  readonly version?: FileVersion | undefined;
}

/** A response, whose bytes are delivered as they arrive. */
export interface HttpAnswer {
  /** Offset of the first byte: as requested, or 0 if the server ignores ranges. */
  readonly start: number;
  /** Whether the server sends the whole file regardless of the range. */
  readonly isWhole: boolean;
  /** The version of the file. */
  readonly version: FileVersion;
  /** Number of bytes in this response, if the server states it. */
  readonly length: number | undefined;
  /** Whether the server declares it to be a web page. */
  readonly isWebPage: boolean;
  readonly chunks: AsyncIterable<Uint8Array>;
}

/** Whether two responses may belong to the same version of a file: no property that both state differs. */
export function isSameVersion(a: FileVersion, b: FileVersion): boolean {
  const differ = <T>(x: T | undefined, y: T | undefined): boolean =>
    x !== undefined && y !== undefined && x !== y;
  const tag = ({ etag }: FileVersion): string | undefined => etag?.replace(/^W\//, '');
  if (differ(tag(a), tag(b)) || differ(a.size, b.size)) return false;
  // Dates have a resolution of one second and may differ between mirrors; an entity tag takes precedence.
  return (a.etag !== undefined && b.etag !== undefined) || !differ(a.lastModified, b.lastModified);
}

/** `Retry-After` delays, ms, by error. */
const waits = new WeakMap<WfdbError, number>();

/**
 * Requests bytes of a file once. A range past the end yields no bytes. Throws `WfdbError`: `not-found` for a missing or
 * protected file, `network` for any other failure: no connection, a timeout, another status, a range that was not
 * requested, several ranges, a truncated or overlong body. The last two are thrown while reading the chunks, which must
 * be consumed to the end or abandoned by `break`. Messages never contain the credentials of the URL.
 *
 * @internal
 */
export async function openRange(request: RangeRequest, patience: HttpPatience = {}): Promise<HttpAnswer> {
  const { file, from, to, version } = request;
  const { url, headers: login } = plainRequest(request.url, patience.headers);
  const connection = connect(url, file, patience.timeoutMs ?? 30_000);
  const isRange = from > 0 || to !== undefined;
  // Servers can compare only strong entity tags or dates.
  const condition =
    version?.etag !== undefined && !version.etag.startsWith('W/') ? version.etag : version?.lastModified;
  const response = await connection.ask(login, {
    'Accept-Encoding': 'identity', // offsets in a compressed response differ from those in the file
    ...(isRange && { Range: `bytes=${from}-${to === undefined ? '' : to - 1}` }),
    ...(isRange && from > 0 && condition !== undefined && { 'If-Range': condition }),
  });
  const { status, headers, body } = response;
  const range = contentRange(headers);
  const problem = problemOf(response, request, connection.failure, range);
  const common = {
    etag: headers.get('etag') ?? undefined,
    lastModified: headers.get('last-modified') ?? undefined,
  };
  const isWebPage = /^(text\/html|application\/xhtml)/i.test(headers.get('content-type') ?? '');
  if (problem !== undefined || status === 416 || body === null) {
    connection.end();
    if (problem !== undefined) throw problem;
    const nothing = (async function* () {})();
    const state = { ...common, size: range?.size };
    return { start: from, isWhole: false, version: state, length: 0, isWebPage, chunks: nothing };
  }
  const announced = headers.has('content-encoding') ? null : headers.get('content-length');
  const length =
    status === 206 && range?.end !== undefined
      ? range.end - range.first!
      : announced === null
        ? undefined
        : Number(announced);
  return {
    start: status === 206 ? from : 0,
    isWhole: status === 200,
    version: { ...common, size: status === 200 ? length : range?.size },
    length,
    isWebPage,
    chunks: connection.chunks(body, length),
  };
}

interface ContentRange {
  readonly first: number | undefined;
  /** Not included. */
  readonly end: number | undefined;
  readonly size: number | undefined;
}

function contentRange(headers: Headers): ContentRange | undefined {
  const parts = /^bytes (?:(\d+)-(\d+)|\*)\/(?:(\d+)|\*)$/.exec(headers.get('content-range') ?? '');
  if (parts === null) return undefined;
  const number = (text: string | undefined) => (text === undefined ? undefined : Number(text));
  const last = number(parts[2]);
  return {
    first: number(parts[1]),
    end: last === undefined ? undefined : last + 1,
    size: number(parts[3]),
  };
}

type Failure = (expected: string, found: string, cause?: unknown) => WfdbError;

function problemOf(
  { status, headers, type }: Response,
  { url, file, from, to }: RangeRequest,
  failure: Failure,
  range: ContentRange | undefined,
): WfdbError | undefined {
  const isRange = from > 0 || to !== undefined;
  if ([401, 403, 404, 410].includes(status)) {
    const hint = status === 401 || status === 403 ? { hint: 'it may need a login' } : {};
    const found = `HTTP ${status}`;
    return new WfdbError({ code: 'not-found', file, expected: url.href, found, ...hint });
  }
  if (status === 416 && isRange) {
    return range?.size !== undefined && range.size > from
      ? failure(`bytes from ${from} on`, `HTTP 416 for a file of ${range.size}`)
      : undefined;
  }
  if (status !== 200 && !(status === 206 && isRange)) {
    const error = failure('HTTP 200 or 206', `HTTP ${status}`);
    const wait = retryAfterMs(headers.get('retry-after'));
    if (wait !== undefined) waits.set(error, wait);
    return error;
  }
  if (/^multipart\//i.test(headers.get('content-type') ?? '')) {
    return failure('one range of bytes', 'several (multipart)');
  }
  if (status === 206 && !/^(identity)?$/i.test(headers.get('content-encoding') ?? '')) {
    return failure('bytes of the file', 'a range of its compressed form');
  }
  // In a browser the Content-Range header of another origin may be inaccessible.
  if (status === 206 && range?.first === undefined && type !== 'cors') {
    return failure('a Content-Range that states the bytes', headers.get('content-range') ?? 'none');
  }
  if (status === 200 || range?.first === undefined || range.end === undefined) return undefined;
  const wanted = Math.min(to ?? Infinity, range.size ?? Infinity);
  const isOther = range.end !== wanted && (range.size !== undefined || range.end > wanted);
  return range.first !== from || (Number.isFinite(wanted) && isOther)
    ? failure(`bytes ${from} to ${wanted}`, `bytes ${range.first} to ${range.end}`)
    : undefined;
}

/** Parses `Retry-After`: seconds, or a date (RFC 9110 §10.2.3). */
function retryAfterMs(text: string | null): number | undefined {
  if (text === null) return undefined;
  const ms = /^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text) - Date.now();
  return Number.isNaN(ms) ? undefined : Math.max(0, ms);
}

/** One request and its response, within the time limit. */
function connect(url: Address, file: string, timeoutMs: number) {
  const controller = new AbortController();
  const shown = withoutCredentials(url.href);
  const failure: Failure = (expected, found, cause) =>
    new WfdbError({ code: 'network', file, expected, found: `${found} (${shown})`, cause });
  let waited = 0;
  let received = 0;
  /** The result of `work`, or an error after the time limit. */
  const patiently = async <T>(work: Promise<T>): Promise<T> => {
    const start = performance.now();
    const left = timeoutMs + received / slowestBytesPerMs - waited;
    const timer = setTimeout(() => controller.abort(), Math.min(timeoutMs, left));
    try {
      return await work;
    } catch (cause) {
      const silence =
        left < timeoutMs ? `${received} bytes, too slowly` : `silence for ${timeoutMs / 1000} s`;
      throw failure('a complete answer', controller.signal.aborted ? silence : reasonOf(cause), cause);
    } finally {
      clearTimeout(timer);
      waited += performance.now() - start;
    }
  };
  return {
    failure,
    end: () => controller.abort(),
    /** Follows redirects; credentials are sent only to the origin of the URL. */
    async ask(login: HttpHeaders, headers: HttpHeaders): Promise<Response> {
      const { signal } = controller;
      if (Object.keys(login).length === 0) return patiently(fetch(url.href, { signal, headers }));
      let at = url;
      for (let redirections = 0; ; redirections++) {
        const all = at.origin === url.origin ? { ...headers, ...login } : headers;
        const response = await patiently(fetch(at.href, { signal, headers: all, redirect: 'manual' }));
        const location = response.headers.get('location');
        if (![301, 302, 303, 307, 308].includes(response.status) || location === null) return response;
        if (redirections === mostRedirections) throw failure('a file', 'too many redirects');
        await response.body?.cancel();
        if (!URL.canParse(location, at.href)) throw failure('a file', 'a redirect to an invalid address');
        at = plainRequest(new URL(location, at.href)).url;
        if (!/^https?:$/.test(at.protocol)) throw failure('a file', 'a redirect to an invalid address');
      }
    },
    async *chunks(body: ReadableStream<Uint8Array>, length: number | undefined): AsyncGenerator<Uint8Array> {
      const reader = body.getReader();
      try {
        for (;;) {
          const { done, value } = await patiently(reader.read());
          if (done) break;
          received += value.length;
          if (length !== undefined && received > length) throw failure(`${length} bytes`, 'more');
          yield value;
        }
        if (length !== undefined && received < length) throw failure(`${length} bytes`, `${received}`);
      } finally {
        controller.abort();
      }
    },
  };
}

function reasonOf(error: unknown): string {
  const inner = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  return inner instanceof Error ? inner.message : String(inner);
}

/**
 * Retries `attempt` while it throws a `WfdbError` with code `network`, with exponential back-off or the delay requested
 * by the server. If `hasProgressed` reports that a failed attempt made progress, the count of retries restarts.
 */
export async function withRetries<T>(
  { retries = 3, retryDelayMs = 500 }: HttpPatience,
  attempt: () => Promise<T>,
  hasProgressed: () => Promise<boolean> = async () => false,
): Promise<T> {
  for (let failures = 0; ; ) {
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof WfdbError && error.code === 'network')) throw error;
      failures = (await hasProgressed()) ? 0 : failures + 1;
      const wait = waits.get(error) ?? 0;
      if (failures > retries || wait > longestWaitMs) throw error;
      const pause = Math.max(wait, retryDelayMs * 2 ** Math.max(0, failures - 1));
      await new Promise(resolve => setTimeout(resolve, pause));
    }
  }
}
