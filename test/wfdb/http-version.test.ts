/** Files that change on the server, logins, and answers that are none. */
import { describe, expect, test } from 'vitest';
import { readHeader } from '../../src/wfdb/header.ts';
import { httpSource } from '../../src/wfdb/http.ts';
import { basicAuthorization, plainRequest } from '../../src/wfdb/http-login.ts';
import { isSameVersion } from '../../src/wfdb/http-range.ts';
import { type Request, sendFile, serve } from '../node/server.ts';

const quick = { retries: 2, retryDelayMs: 1, timeoutMs: 1500 };
const bytesOf = (value: number, size = 1000) => new Uint8Array(size).fill(value);

/** Answers as a server that knows If-Range, or as one that passes over it. */
function sendVersion(
  request: Request,
  bytes: Uint8Array,
  headers: Record<string, string>,
  knows = true,
): void {
  for (const [name, value] of Object.entries(headers)) request.response.setHeader(name, value);
  const condition = request.headers['if-range'];
  const isStale =
    knows && condition !== undefined && condition !== headers.ETag && condition !== headers['Last-Modified'];
  sendFile(isStale ? { ...request, range: undefined } : request, bytes);
}

describe('a file that changes between two windows', () => {
  const dates = ['Thu, 01 Jan 2026 00:00:00 GMT', 'Fri, 02 Jan 2026 00:00:00 GMT'];
  test.each<[string, (i: number) => Record<string, string>, boolean]>([
    ['a tag and If-Range', i => ({ ETag: `"${i}"` }), true],
    ['a date and If-Range', i => ({ 'Last-Modified': dates[i]! }), true],
    ['a tag, If-Range passed over', i => ({ ETag: `"${i}"` }), false],
    ['a weak tag', i => ({ ETag: `W/"${i}"` }), true],
  ])('is refused, and read anew afterwards: %s', async (_, headersOf, knows) => {
    let version = 0;
    const { url } = await serve(request => sendVersion(request, bytesOf(version), headersOf(version), knows));
    const source = httpSource(url, quick);
    expect(await source.read('x', 0, 10)).toEqual(bytesOf(0, 10));
    expect(await source.read('x', 10, 20)).toEqual(bytesOf(0, 10));
    version = 1;
    await expect(source.read('x', 20, 30)).rejects.toMatchObject({ code: 'inconsistent', file: 'x' });
    expect(await source.read('x', 0, 10)).toEqual(bytesOf(1, 10));
    expect(await source.read('x', 20, 30)).toEqual(bytesOf(1, 10));
  });

  test('another size is another version', async () => {
    let size = 1000;
    const { url } = await serve(request => sendFile(request, bytesOf(0, size)));
    const source = httpSource(url, quick);
    await source.read('x', 0, 10);
    expect(await source.size!('x')).toBe(1000);
    size = 2000;
    await expect(source.read('x', 20, 30)).rejects.toMatchObject({ code: 'inconsistent' });
  });

  test('version fields that both responses have are compared, the entity tag before the date', () => {
    const none = { etag: undefined, lastModified: undefined, size: undefined };
    expect(isSameVersion(none, { ...none, etag: '"a"', size: 4 })).toBe(true);
    expect(isSameVersion({ ...none, etag: 'W/"a"' }, { ...none, etag: '"a"' })).toBe(true);
    const tagged = { ...none, etag: '"a"' };
    expect(isSameVersion({ ...tagged, lastModified: 'x' }, { ...tagged, lastModified: 'y' })).toBe(true);
    expect(isSameVersion({ ...none, lastModified: 'x' }, { ...none, lastModified: 'y' })).toBe(false);
  });
});

test('sizes cost no request more once a window was read', async () => {
  const { url, requests } = await serve(request => sendFile(request, bytesOf(0)));
  const source = httpSource(url, quick);
  expect(await source.size!('x')).toBe(1000);
  await source.read('y', 0, 5);
  expect(await source.size!('y')).toBe(1000);
  expect(requests).toEqual(['x 0-0', 'y 0-4']);
});

test('a header from a server without ranges takes no more memory than its limit', async () => {
  let sent = 0;
  const { url } = await serve(({ response }) => {
    response.writeHead(200);
    const more = (): void => {
      while (!response.destroyed && response.write(bytesOf(0x23, 1 << 16))) sent += 1 << 16;
      if (!response.destroyed) response.once('drain', more);
    };
    more();
  });
  await expect(readHeader(httpSource(url, quick), 'x')).rejects.toMatchObject({
    code: 'too-large',
    file: 'x.hea',
  });
  expect(sent).toBeLessThan(64 * 2 ** 20);
});

describe('invalid responses', () => {
  test('several ranges are refused', async () => {
    const { url } = await serve(({ response }) =>
      response.writeHead(206, { 'Content-Type': 'multipart/byteranges; boundary=x' }).end('--x'),
    );
    await expect(httpSource(url, quick).read('x', 0, 2)).rejects.toThrow('several (multipart)');
  });

  test.each([
    ['by its type', { 'Content-Type': 'text/html; charset=utf-8' }, 'Log in'],
    ['by its text', {}, '\n<!DOCTYPE html><html>Log in</html>'],
  ])('a web page in place of a header is called that: %s', async (_, headers, text) => {
    const { url } = await serve(({ response }) => response.writeHead(200, headers).end(text));
    const error = await readHeader(httpSource(url, quick), 'x').catch(e => e);
    expect(error).toMatchObject({ code: 'syntax', file: 'x.hea', found: 'a web page' });
  });

  test('Retry-After is waited for, within reason', async () => {
    const busy = await serve(request =>
      request.earlier < 1
        ? void request.response.writeHead(429, { 'Retry-After': '1' }).end()
        : sendFile(request, bytesOf(1)),
    );
    const start = performance.now();
    expect(await httpSource(busy.url, quick).read('x', 0, 2)).toEqual(bytesOf(1, 2));
    // Not how fast: that it was not asked before its time.
    expect(performance.now() - start).toBeGreaterThan(990);

    const never = await serve(({ response }) => response.writeHead(503, { 'Retry-After': '86400' }).end());
    await expect(httpSource(never.url, quick).read('x')).rejects.toMatchObject({ code: 'network' });
    expect(never.requests).toHaveLength(1);
  });
});

describe('logins', () => {
  const login = basicAuthorization('me', 'pässword:');

  test('in the URL or among the headers are sent, and in no message', async () => {
    const { url } = await serve(request => {
      const isIn = request.headers.authorization === login;
      if (isIn) sendFile(request, request.name === 'db/x' ? bytesOf(1) : undefined);
      else request.response.writeHead(401).end();
    });
    const own = url.replace('http://', 'http://me:p%C3%A4ssword%3A@');
    for (const source of [
      httpSource(`${own}db`, quick),
      httpSource(`${url}db`, { ...quick, headers: { Authorization: login } }),
    ]) {
      expect(await source.read('x', 0, 2)).toEqual(bytesOf(1, 2));
      const error = await source.read('y').catch(e => e);
      expect(error.code).toBe('not-found');
      expect(`${error.stack}${JSON.stringify(error)}`).not.toMatch(/p%C3|pässword|me:/);
    }
    await expect(httpSource(`${url}db`, quick).read('x')).rejects.toThrow('it may need a login');
  });

  test('no failure shows them', async () => {
    const { url } = await serve(({ response }) => response.destroy());
    const error = await httpSource(url.replace('http://', 'http://me:secret@'), quick)
      .read('x')
      .catch(e => e);
    expect(error.code).toBe('network');
    expect(`${error.stack}${error.cause.stack}`).not.toContain('secret');
    expect(() => httpSource('ftp://me:secret@host')).toThrow(/needed, not ftp:\/\/host$/);
    expect(() => httpSource('http://me:sec/ret@ho st')).toThrow(/needed, not …@ho st$/);
    expect(() => plainRequest(new URL(url), { Token: 'sec\nret' })).toThrow(
      /^the HTTP header 'Token' cannot be sent$/,
    );
  });

  test('a redirection elsewhere does not get them, one to the same server does', async () => {
    const elsewhere = await serve(request => {
      expect(request.headers.authorization).toBeUndefined();
      expect(request.headers.token).toBeUndefined();
      sendFile(request, bytesOf(2));
    });
    const { url } = await serve(request => {
      if (request.name === 'x') request.response.writeHead(302, { Location: `${elsewhere.url}x` }).end();
      else if (request.name === 'y') request.response.writeHead(307, { Location: '/z' }).end();
      else if (request.name === 'loop') request.response.writeHead(302, { Location: '/loop' }).end();
      else sendFile(request, request.headers.token === 't' ? bytesOf(3) : undefined);
    });
    const source = httpSource(url, { ...quick, headers: { Authorization: login, Token: 't' } });
    expect(await source.read('x', 0, 1)).toEqual(bytesOf(2, 1));
    expect(await source.read('y', 0, 1)).toEqual(bytesOf(3, 1));
    await expect(source.read('loop')).rejects.toMatchObject({ code: 'network' });
    expect(elsewhere.requests).toEqual(['x 0-0']);
  });
});
