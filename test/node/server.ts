/** A server on the loopback interface that behaves as each test says: well, or badly in a chosen way. */
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

export interface Request {
  /** Decoded path without the leading `/`. */
  readonly name: string;
  /** `[from, to)` of a Range header; `to` undefined for an open end. */
  readonly range: readonly [number, number | undefined] | undefined;
  /** How often this name was asked for before. */
  readonly earlier: number;
  readonly response: ServerResponse;
  readonly headers: IncomingHttpHeaders;
}

/** Starts a server until the test ends; `requests` lists what was asked for, e.g. `100.dat 0-99`. */
export async function serve(
  answer: (request: Request) => void,
): Promise<{ url: string; requests: string[] }> {
  const requests: string[] = [];
  const counts = new Map<string, number>();
  const server = createServer((message: IncomingMessage, response) => {
    const name = decodeURIComponent(message.url!.slice(1));
    const header = message.headers.range;
    const match = /^bytes=(\d+)-(\d*)$/.exec(header ?? '');
    const earlier = counts.get(name) ?? 0;
    counts.set(name, earlier + 1);
    requests.push(header === undefined ? name : `${name} ${header.replace('bytes=', '')}`);
    const range = match && ([Number(match[1]), match[2] ? Number(match[2]) + 1 : undefined] as const);
    answer({ name, range: range ?? undefined, earlier, response, headers: message.headers });
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise(resolve => server.close(resolve));
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, requests };
}

/** Answers as RFC 9110 says: a range with 206, one past the end with 416, else all. */
export function sendFile({ range, response }: Request, bytes: Uint8Array | undefined): void {
  if (bytes === undefined) {
    response.writeHead(404).end('no such file');
  } else if (range === undefined) {
    response.writeHead(200, { 'Content-Length': bytes.length }).end(bytes);
  } else if (range[0] >= bytes.length) {
    response.writeHead(416, { 'Content-Range': `bytes */${bytes.length}` }).end();
  } else {
    const part = bytes.subarray(range[0], range[1]);
    const last = range[0] + part.length - 1;
    response
      .writeHead(206, {
        'Content-Length': part.length,
        'Content-Range': `bytes ${range[0]}-${last}/${bytes.length}`,
      })
      .end(part);
  }
}

/** Sends `part` under `headers` that announce more, and cuts the connection once the client has had time to read it. */
export function sendCut(
  { response }: Request,
  part: Uint8Array,
  headers: Record<string, string | number>,
  status = 200,
): void {
  response.writeHead(status, headers);
  response.write(part, () => setTimeout(() => response.destroy(), 100));
}
