/** One request for a range of a file over HTTP(S) (RFC 9110 §14), held to what it announces, and trying again. */
import { WfdbError } from './errors.ts';

/** Patience with a server. */
export interface HttpPatience {
  /**
   * Silence, in ms, after which a request is given up; default 30,000. An answer may take so long on the whole and a
   * second more for each kibibyte that came: one that drips does not go on for ever.
   */
  readonly timeoutMs?: number;
  /** Further tries after a failure that may pass; default 3. */
  readonly retries?: number;
  /** Pause before the first further try, in ms; it doubles each time. Default 500. */
  readonly retryDelayMs?: number;
}

/** An answer that comes more slowly than this on the whole is given up. */
const slowestBytesPerMs = 1.024;

/** An answer: bytes of a file as they arrive. */
export interface HttpAnswer {
  /** Offset of the first byte: that asked for, or 0 when the server ignores ranges. */
  readonly start: number;
  /** The server sends the whole file, whatever was asked for. */
  readonly isWhole: boolean;
  /** Size of the whole file in bytes, where the server says it. */
  readonly size: number | undefined;
  /** Bytes of this answer, where the server says it. */
  readonly length: number | undefined;
  readonly chunks: AsyncIterable<Uint8Array>;
}

/**
 * Asks once for bytes `[from, to)` of a file; to the end when `to` is undefined. A range past the end gives no bytes.
 * Throws `WfdbError`: `not-found` for a file that is not there or not free to read, `network` for any other failure:
 * no connection, silence, a trickle, another status, a range that was not asked for, a body cut short or too long. The last two
 * surface while the chunks arrive; they must be taken to their end or left by `break`.
 *
 * @internal
 */
export async function openRange(
  url: URL,
  file: string,
  from: number,
  to: number | undefined,
  { timeoutMs = 30_000 }: HttpPatience = {},
): Promise<HttpAnswer> {
  const controller = new AbortController();
  const failure = (expected: string, found: string, cause?: unknown): WfdbError =>
    new WfdbError({ code: 'network', file, expected, found: `${found} (${url.href})`, cause });
  let waited = 0;
  let received = 0;
  /** What `work` gives, within the time a server may take for it. */
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

  const isRange = from > 0 || to !== undefined;
  const response = await patiently(
    fetch(url, {
      signal: controller.signal,
      headers: {
        'Accept-Encoding': 'identity', // a compressed answer has other offsets than the file
        ...(isRange && { Range: `bytes=${from}-${to === undefined ? '' : to - 1}` }),
      },
    }),
  );
  const { status, headers, body } = response;
  const range = /^bytes (?:(\d+)-(\d+)|\*)\/(?:(\d+)|\*)$/.exec(headers.get('content-range') ?? '');
  const size = range?.[3] === undefined ? undefined : Number(range[3]);
  const problem = problemOf();
  if (problem !== undefined || status === 416 || body === null) {
    controller.abort();
    if (problem !== undefined) throw problem;
    return { start: from, isWhole: false, size, length: 0, chunks: (async function* () {})() };
  }
  const announced = headers.has('content-encoding') ? null : headers.get('content-length');
  const length =
    status === 206 && range
      ? Number(range[2]) - Number(range[1]) + 1
      : announced === null
        ? undefined
        : Number(announced);
  return {
    start: status === 206 ? from : 0,
    isWhole: status === 200,
    size: status === 200 ? length : size,
    length,
    chunks: chunks(body.getReader()),
  };

  function problemOf(): WfdbError | undefined {
    if ([401, 403, 404, 410].includes(status)) {
      return new WfdbError({ code: 'not-found', file, expected: url.href, found: `HTTP ${status}` });
    }
    if (status === 416 && isRange) {
      return size !== undefined && size > from
        ? failure(`bytes from ${from} on`, `HTTP 416 for a file of ${size}`)
        : undefined;
    }
    if (status !== 200 && !(status === 206 && isRange)) return failure('HTTP 200 or 206', `HTTP ${status}`);
    if (status === 200 || range === null) return undefined; // in a browser the range may be hidden
    const [first, end] = [Number(range[1]), Number(range[2]) + 1];
    const wanted = Math.min(to ?? Infinity, size ?? Infinity);
    return first !== from ||
      (Number.isFinite(wanted) && end !== wanted && (size !== undefined || end > wanted))
      ? failure(`bytes ${from} to ${wanted}`, `bytes ${first} to ${end}`)
      : undefined;
  }

  async function* chunks(reader: ReadableStreamDefaultReader<Uint8Array>): AsyncGenerator<Uint8Array> {
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
  }
}

function reasonOf(error: unknown): string {
  const inner = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  return inner instanceof Error ? inner.message : String(inner);
}

/**
 * Runs `attempt` again, after growing pauses, while it throws a `WfdbError` with code `network`. Where `hasProgressed`
 * says that a failed attempt brought something all the same, tries are counted anew.
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
      if (failures > retries) throw error;
      await new Promise(resolve => setTimeout(resolve, retryDelayMs * 2 ** Math.max(0, failures - 1)));
    }
  }
}
