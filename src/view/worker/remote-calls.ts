/**
 * Remote calls from the page to a worker: one promise per call, events in the opposite direction, and errors as plain
 * data.
 */
import { InputError } from '../../input-error.ts';

/** The members of a `Worker`, or of a worker's global scope, that are used. */
export interface Port {
  postMessage(message: unknown, transfer?: Transferable[]): void;
  addEventListener(type: 'message', listener: (event: MessageEvent) => void): void;
}

type Handlers = Readonly<Record<string, (...args: never[]) => unknown>>;

/** An error as plain data; can be passed to `postMessage`. */
export interface PlainError {
  readonly name: string;
  readonly message: string;
  /** Error code of a `WfdbError`. */
  readonly code?: string;
  readonly file?: string;
}

/** Thrown by a call that failed in the worker. */
export class CallError extends Error {
  override readonly name = 'CallError';
  readonly detail: PlainError;
  constructor(detail: PlainError) {
    super(detail.message);
    this.detail = detail;
  }
}

/** The asynchronous signature of a handler. */
type Answer<F> = F extends (...args: infer A) => infer R ? (...args: A) => Promise<Awaited<R>> : never;

/** The page's interface to a set of handlers. */
export interface Client<H, E> {
  readonly call: { readonly [K in keyof H]: Answer<H[K]> };
  on<K extends keyof E>(event: K, listener: (data: E[K]) => void): void;
}

/** The buffers of all typed arrays in a plain value, to be transferred instead of copied. */
function buffersOf(value: unknown, found = new Set<ArrayBuffer>()): Set<ArrayBuffer> {
  if (ArrayBuffer.isView(value)) {
    if (value.buffer instanceof ArrayBuffer && value.byteLength === value.buffer.byteLength) {
      found.add(value.buffer);
    }
  } else if (Array.isArray(value)) for (const part of value) buffersOf(part, found);
  else if (typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype) {
    for (const part of Object.values(value)) buffersOf(part, found);
  }
  return found;
}

/** Serves the calls that arrive at `port`. */
export function serve(port: Port, handlers: Handlers): void {
  port.addEventListener('message', async ({ data }: MessageEvent) => {
    const { id, method, args } = data as { id: number; method: string; args: never[] };
    try {
      if (!Object.hasOwn(handlers, method)) throw new InputError(`no such call: ${method}`);
      const result = await handlers[method]!(...args);
      port.postMessage({ id, result }, [...buffersOf(result)]);
    } catch (error) {
      port.postMessage({ id, error: plainError(error) });
    }
  });
}

function plainError(error: unknown): PlainError {
  if (!(error instanceof Error)) return { name: 'Error', message: String(error) };
  const { code, file } = error as { code?: unknown; file?: unknown };
  return {
    name: error.name,
    message: error.message,
    ...(typeof code === 'string' && { code }),
    ...(typeof file === 'string' && { file }),
  };
}

/** Connects the page to a worker: `client.call.read(0, 10)` runs `handlers.read(0, 10)` in the worker. */
export function connect<H, E>(port: Port): Client<H, E> {
  const waiting = new Map<number, { resolve: (value: never) => void; reject: (error: Error) => void }>();
  const listeners = new Map<PropertyKey, Set<(data: never) => void>>();
  let next = 0;
  port.addEventListener('message', ({ data }: MessageEvent) => {
    if ('event' in data) {
      for (const listener of listeners.get(data.event) ?? []) listener(data.data as never);
      return;
    }
    const call = waiting.get(data.id);
    waiting.delete(data.id);
    if (data.error) call?.reject(new CallError(data.error));
    else call?.resolve(data.result as never);
  });
  const call = new Proxy({} as Client<H, E>['call'], {
    get:
      (_target, method: string) =>
      (...args: unknown[]) =>
        new Promise((resolve, reject) => {
          const id = next++;
          waiting.set(id, { resolve, reject });
          port.postMessage({ id, method, args });
        }),
  });
  return {
    call,
    on(event, listener) {
      const known = listeners.get(event) ?? new Set();
      known.add(listener as (data: never) => void);
      listeners.set(event, known);
    },
  };
}
