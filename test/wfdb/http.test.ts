/** Records over HTTP from servers that behave and from servers that do not. */
import { type AddressInfo, createServer } from 'node:net';
import { describe, expect, test } from 'vitest';
import { WfdbError } from '../../src/wfdb/errors.ts';
import { folderUrl, httpSource, urlOf } from '../../src/wfdb/http.ts';
import { sendCut, sendFile, serve } from '../node/server.ts';

const bytes = Uint8Array.from({ length: 1000 }, (_, i) => (i * 7) & 0xff);
const quick = { retries: 2, retryDelayMs: 1, timeoutMs: 1500 };

const errorOf = async (promise: Promise<unknown>): Promise<WfdbError> => {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(WfdbError);
  return error as WfdbError;
};

describe('a server that knows ranges', () => {
  test('only the bytes asked for are asked for', async () => {
    const { url, requests } = await serve(request => sendFile(request, bytes));
    const source = httpSource(`${url}db`, quick);
    expect(await source.read('100.dat', 100, 110)).toEqual(bytes.slice(100, 110));
    expect(await source.read('100.dat', 990)).toEqual(bytes.slice(990));
    expect(await source.read('100.dat')).toEqual(bytes);
    expect(requests).toEqual(['db/100.dat 100-109', 'db/100.dat 990-', 'db/100.dat']);
  });

  test('a range past the end is cut short, one beyond it or without bytes is empty', async () => {
    const { url } = await serve(request => sendFile(request, bytes));
    const source = httpSource(url, quick);
    expect(await source.read('x', 995, 2000)).toEqual(bytes.slice(995));
    expect(await source.read('x', 1000, 2000)).toHaveLength(0);
    expect(await source.read('x', 5000)).toHaveLength(0);
    expect(await source.read('x', 10, 10)).toHaveLength(0);
  });

  test('an empty file reads as nothing', async () => {
    const { url } = await serve(request => sendFile(request, new Uint8Array()));
    expect(await httpSource(url, quick).read('x')).toHaveLength(0);
    expect(await httpSource(url, quick).read('x', 0, 10)).toHaveLength(0);
  });

  test('a file that is not there, or not free to read, is not asked for again', async () => {
    const { url, requests } = await serve(({ name, response }) =>
      response.writeHead(name === 'x' ? 404 : 403).end(),
    );
    expect((await errorOf(httpSource(url, quick).read('x'))).code).toBe('not-found');
    expect((await errorOf(httpSource(url, quick).read('y', 0, 10))).code).toBe('not-found');
    expect(requests).toEqual(['x', 'y 0-9']);
  });
});

test('a server that ignores ranges is asked once for each file', async () => {
  const { url, requests } = await serve(request => sendFile({ ...request, range: undefined }, bytes));
  const source = httpSource(url, quick);
  expect(await source.read('x', 100, 110)).toEqual(bytes.slice(100, 110));
  expect(await source.read('x', 0, 10)).toEqual(bytes.slice(0, 10));
  expect(await source.read('x', 990)).toEqual(bytes.slice(990));
  expect(requests).toEqual(['x 100-109']);
});

test('what is kept of such a server stays within the limit', async () => {
  const { url, requests } = await serve(request => sendFile({ ...request, range: undefined }, bytes));
  const source = httpSource(url, { ...quick, maxBytes: 1500 });
  for (const name of ['x', 'y', 'y', 'x']) expect(await source.read(name, 1, 3)).toEqual(bytes.slice(1, 3));
  expect(requests).toEqual(['x 1-2', 'y 1-2', 'x 1-2']);
});

describe('what fails in passing is tried again', () => {
  test.each<[string, Parameters<typeof serve>[0]]>([
    ['a server error', request => void request.response.writeHead(503).end()],
    ['too many requests', request => void request.response.writeHead(429).end()],
    ['a closed connection', request => void request.response.destroy()],
    ['silence', () => {}],
    [
      'bytes that drip',
      ({ response }) => {
        response.writeHead(200, { 'Content-Length': 1000 });
        const drip = setInterval(() => response.write(bytes.subarray(0, 1)), 50);
        response.on('close', () => clearInterval(drip));
      },
    ],
    ['a body cut short', request => sendCut(request, bytes.subarray(0, 400), { 'Content-Length': 1000 })],
    [
      'a body that stops coming',
      ({ response }) => {
        response.writeHead(200, { 'Content-Length': 1000 });
        response.write(bytes.subarray(0, 400));
      },
    ],
    [
      'a range cut short',
      request =>
        sendCut(
          request,
          bytes.subarray(0, 3),
          { 'Content-Length': 10, 'Content-Range': 'bytes 0-9/1000' },
          206,
        ),
    ],
    [
      'another range',
      ({ response }) =>
        void response.writeHead(206, { 'Content-Range': 'bytes 500-509/1000' }).end(bytes.subarray(500, 510)),
    ],
    [
      'less of the range',
      ({ response }) =>
        void response.writeHead(206, { 'Content-Range': 'bytes 0-4/1000' }).end(bytes.subarray(0, 5)),
    ],
    [
      'fewer bytes than the range says',
      ({ response }) =>
        void response.writeHead(206, { 'Content-Range': 'bytes 0-9/1000' }).end(bytes.subarray(0, 5)),
    ],
    [
      'more bytes than the range says',
      ({ response }) =>
        void response.writeHead(206, { 'Content-Range': 'bytes 0-9/1000' }).end(bytes.subarray(0, 50)),
    ],
    [
      'a range that cannot be',
      ({ response }) => void response.writeHead(416, { 'Content-Range': 'bytes */1000' }).end(),
    ],
    ['a page of another kind', ({ response }) => void response.writeHead(204).end()],
  ])('%s', async (_, badly) => {
    const twice = await serve(request => (request.earlier < 2 ? badly(request) : sendFile(request, bytes)));
    expect(await httpSource(twice.url, quick).read('x', 0, 10)).toEqual(bytes.slice(0, 10));
    expect(twice.requests).toHaveLength(3);

    const always = await serve(badly);
    const error = await errorOf(httpSource(always.url, quick).read('x', 0, 10));
    expect(error.code).toBe('network');
    expect(error.message).toContain(always.url);
    expect(always.requests).toHaveLength(3);
  });

  test('no server', async () => {
    const server = createServer();
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    await new Promise(resolve => server.close(resolve));
    expect((await errorOf(httpSource(`http://127.0.0.1:${port}/`, quick).read('x'))).code).toBe('network');
  });
});

describe('limits', () => {
  test('an announced length over the limit is refused as the first bytes come', async () => {
    const { url } = await serve(({ response }) => {
      response.writeHead(200, { 'Content-Length': 10 ** 12 });
      response.write(bytes);
    });
    expect((await errorOf(httpSource(url, { ...quick, maxBytes: 10 ** 6 }).read('x'))).code).toBe(
      'too-large',
    );
  });

  test('an endless answer is refused at the limit', async () => {
    const { url } = await serve(({ response }) => {
      response.writeHead(200);
      const more = (): void => {
        while (!response.destroyed && response.write(bytes));
        if (!response.destroyed) response.once('drain', more);
      };
      more();
    });
    expect((await errorOf(httpSource(url, { ...quick, maxBytes: 10 ** 5 }).read('x'))).code).toBe(
      'too-large',
    );
  });

  test.each(['../x', '/x', 'a/../../x', 'a//x', '.', '', 'a\\x', 'x\0', '\ud800'])(
    '%j leads out',
    async name => {
      expect((await errorOf(httpSource('http://127.0.0.1:9/db/', quick).read(name))).code).toBe('outside');
    },
  );

  test('a name is no URL, query or escape', () => {
    const folder = folderUrl('https://host/db?key=1#part');
    expect(folder.href).toBe('https://host/db/');
    expect(urlOf(folder, 'http:/x').href).toBe('https://host/db/http%3A/x');
    expect(urlOf(folder, 'x?y#z').href).toBe('https://host/db/x%3Fy%23z');
    expect(urlOf(folder, '%2e%2e/x').href).toBe('https://host/db/%252e%252e/x');
  });

  test('other protocols are refused', () => {
    expect(() => httpSource('file:///etc/')).toThrow(RangeError);
    expect(() => httpSource('mitdb')).toThrow(RangeError);
    expect(() => httpSource('http://%')).toThrow(RangeError);
  });
});
