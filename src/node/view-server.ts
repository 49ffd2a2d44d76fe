/**
 * Serves the workbench and the records of the search path on the loopback interface only, protected by a random token
 * and origin checks. It writes only new annotation files, next to records of the search path and the recordings it
 * was started for.
 */
import { randomBytes, timingSafeEqual } from 'node:crypto';
import { link, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, extname, join } from 'node:path';
import { InputError } from '../input-error.ts';
import { decodeAnnotations } from '../wfdb/annotations/annotation-file.ts';
import { isNewAnnotatorName } from '../wfdb/annotations/annotator-name.ts';
import { WfdbError } from '../wfdb/errors.ts';
import { type Source, sizeOf } from '../wfdb/source.ts';
import { fileSource, placeInside } from './files.ts';

export interface ViewServerOptions {
  /** Port; 0 for any free port. */
  readonly port?: number;
  /** Folder of the built workbench. */
  readonly folder: string;
  /** Source of the records. */
  readonly source: Source;
  /** Local folders of the search path, in which new annotation files may be created next to their record. */
  readonly recordFolders: readonly string[];
  /** Recordings in other folders; new annotation files may be created only next to each of them. */
  readonly opened?: readonly OpenedRecording[];
}

/** A recording that the server was started for, outside the search path. */
export interface OpenedRecording {
  /** The name under which the page requests it. */
  readonly name: string;
  /** Its local folder and its name there: a record name without `.hea`, or a file name. */
  readonly folder: string;
  readonly file: string;
}

export interface ViewServer {
  /** URL of the page, e.g. `http://127.0.0.1:4173/`. */
  readonly url: string;
  /** URL of a record, for the address of the page. */
  recordUrl(record: string): string;
  close(): Promise<void>;
}

const mimeTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.wasm': 'application/wasm',
};

/** Maximum size of a response, and of an annotation file to write, bytes. */
const mostRead = 1 << 28;
const mostWritten = 1 << 24;

/** A refused request: HTTP status and message. */
class Refusal extends Error {
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** Starts the server on 127.0.0.1. Throws `InputError` when the port is taken. */
export async function startViewServer(options: ViewServerOptions): Promise<ViewServer> {
  const token = randomBytes(24).toString('base64url');
  const server = createServer((request, response) => {
    answer(request, response, options, token, (server.address() as AddressInfo).port).catch(error =>
      refuse(response, error),
    );
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', cause =>
      reject(new InputError(`port ${options.port} cannot be listened on: ${cause.message}`, { cause })),
    );
    server.listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}/`;
  return {
    url,
    recordUrl: record => `${url}files/${token}/${record.split('/').map(encodeURIComponent).join('/')}`,
    close: () =>
      new Promise(resolve => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  options: ViewServerOptions,
  token: string,
  port: number,
): Promise<void> {
  setSafeHeaders(response);
  checkOrigin(request, port);
  const path = decodePath(request.url ?? '/');
  const [area, given, ...rest] = path.split('/');
  if (area !== 'files') {
    if (request.method !== 'GET' && request.method !== 'HEAD') throw new Refusal(405, 'only GET here');
    return sendStatic(response, options.folder, path === '' ? 'index.html' : path);
  }
  if (!isToken(given ?? '', token)) throw new Refusal(403, 'not the token of this server');
  const name = rest.join('/');
  response.setHeader('Cache-Control', 'no-store');
  if (request.method === 'GET') return sendRange(request, response, options.source, name);
  if (request.method === 'PUT') return writeAnnotationFile(request, response, options, name);
  throw new Refusal(405, 'only GET and PUT here');
}

/** Headers that prevent other sites from reading or embedding the responses. */
function setSafeHeaders(response: ServerResponse): void {
  response.setHeader(
    'Content-Security-Policy',
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self' https:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  );
  response.setHeader('X-Content-Type-Options', 'nosniff');
  response.setHeader('Referrer-Policy', 'no-referrer');
  response.setHeader('Cross-Origin-Resource-Policy', 'same-origin');
}

/** Throws unless the request uses the server's own host name and origin (protection against DNS rebinding). */
function checkOrigin({ headers }: IncomingMessage, port: number): void {
  const hosts = [`127.0.0.1:${port}`, `localhost:${port}`];
  if (!hosts.includes(headers.host ?? '')) throw new Refusal(403, 'not the name of this server');
  const { origin } = headers;
  if (origin !== undefined && origin !== `http://${headers.host}`) throw new Refusal(403, 'another origin');
  const site = headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin' && site !== 'none') throw new Refusal(403, 'another site');
}

function isToken(given: string, token: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(token)];
  return a.length === b.length && timingSafeEqual(a, b);
}

function decodePath(url: string): string {
  try {
    return decodeURIComponent(new URL(url, 'http://127.0.0.1').pathname).slice(1);
  } catch {
    throw new Refusal(400, 'not an address');
  }
}

async function sendStatic(response: ServerResponse, folder: string, name: string): Promise<void> {
  const bytes = await fileSource([folder]).read(name);
  response.setHeader('Content-Type', mimeTypes[extname(name)] ?? 'application/octet-stream');
  response.end(bytes);
}

async function sendRange(
  request: IncomingMessage,
  response: ServerResponse,
  source: Source,
  name: string,
): Promise<void> {
  const range = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '');
  const from = range ? Number(range[1]) : 0;
  const wanted = range && range[2] !== '' ? Number(range[2]) + 1 : undefined;
  // One extra byte is read to detect that the file is longer.
  let to = wanted ?? from + mostRead + 1;
  // A reader of whole files, such as that of tables, requests as many bytes as it accepts.
  if (to - from > mostRead + 1) to = Math.min(to, await sizeOf(source, name));
  if (to - from > mostRead + 1) throw new Refusal(413, `at most ${mostRead} bytes at once: ask for a range`);
  const bytes = await source.read(name, from, to);
  if (wanted === undefined && bytes.length > mostRead) {
    throw new Refusal(413, `at most ${mostRead} bytes at once: ask for a range`);
  }
  response.setHeader('Content-Type', 'application/octet-stream');
  response.setHeader('Content-Length', bytes.length);
  if (range === null) {
    response.end(bytes);
    return;
  }
  if (bytes.length === 0) {
    response.writeHead(416).end();
    return;
  }
  response.setHeader('Content-Range', `bytes ${from}-${from + bytes.length - 1}/*`);
  response.writeHead(206).end(bytes);
}

/** Writes `record.annotator` next to the recording atomically; an existing file is never replaced. */
async function writeAnnotationFile(
  request: IncomingMessage,
  response: ServerResponse,
  options: ViewServerOptions,
  name: string,
): Promise<void> {
  const dot = name.lastIndexOf('.');
  const [record, annotator] = [name.slice(0, dot), name.slice(dot + 1)];
  if (dot < 1 || !isNewAnnotatorName(annotator)) {
    throw new Refusal(
      403,
      `${name} is not allowed as annotator name: use letters and digits, and not the name of a reference annotator`,
    );
  }
  const place = await placeOfRecord(options, record);
  if (place === undefined) throw new Refusal(404, `no local record ${record}`);
  const bytes = await bodyOf(request);
  decodeAnnotations(bytes, name);
  const path = await placeInside(place.folder, `${place.file}.${annotator}`);
  const temporary = join(dirname(path), `.${randomBytes(6).toString('hex')}.part`);
  try {
    await writeFile(temporary, bytes, { flag: 'wx' });
    await link(temporary, path);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') throw new Refusal(409, `${name} already exists: choose another annotator name`);
    throw new Refusal(500, `${name} cannot be written: ${message.split(',')[0]}`);
  } finally {
    await rm(temporary, { force: true });
  }
  response.writeHead(201).end();
}

/**
 * Folder of a recording that may be annotated, and its name there: one of those opened, or a record of the search
 * path.
 */
async function placeOfRecord(
  { recordFolders, opened = [] }: ViewServerOptions,
  record: string,
): Promise<Pick<OpenedRecording, 'folder' | 'file'> | undefined> {
  const own = opened.find(({ name }) => name === record);
  if (own !== undefined) return own;
  for (const folder of recordFolders) {
    try {
      await fileSource([folder]).read(`${record}.hea`, 0, 1);
      return { folder, file: record };
    } catch (error) {
      if (!(error instanceof WfdbError && error.code === 'not-found')) throw error;
    }
  }
  return undefined;
}

async function bodyOf(request: IncomingMessage): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of request as AsyncIterable<Uint8Array>) {
    length += part.length;
    if (length > mostWritten) throw new Refusal(413, `at most ${mostWritten} bytes of annotations`);
    parts.push(part);
  }
  return Buffer.concat(parts);
}

const statuses: Partial<Record<WfdbError['code'], number>> = { 'not-found': 404, outside: 403 };

function refuse(response: ServerResponse, error: unknown): void {
  const status =
    error instanceof Refusal
      ? error.status
      : error instanceof WfdbError
        ? (statuses[error.code] ?? 422)
        : 500;
  if (response.headersSent) {
    response.destroy();
    return;
  }
  response.setHeader('Content-Type', 'text/plain; charset=utf-8');
  response.writeHead(status).end(status === 500 ? 'internal error' : (error as Error).message);
}
