/** Logins from a netrc file and from the environment. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { loginHeaders, netrcLogin } from '../../src/node/http-login.ts';
import { basicAuthorization } from '../../src/wfdb/http-login.ts';
import { run } from '../scripts/run-command.ts';
import { sendFile, serve } from './server.ts';

const files: Readonly<Record<string, Uint8Array>> = {
  'x.hea': new TextEncoder().encode('x 1 250 4\nx.dat 16 200\n'),
  'x.dat': Uint8Array.of(1, 0, 2, 0, 3, 0, 4, 0),
};

const netrc = `
# machine commented login a password b
machine one login me password word
macdef init
  machine two login macro password macro

machine two
  login "you and" account x
  password "a \\"b\\""
machine half login alone
default login any password one
`;

test.each([
  ['one', ['me', 'word']],
  ['two', ['you and', 'a "b"']],
  ['half', undefined],
  ['other', ['any', 'one']],
])('the login for %s', (host, login) => {
  expect(netrcLogin(netrc, host)).toEqual(login);
});

test('an empty file, and one that ends in the middle, have none', () => {
  for (const text of ['', 'machine', 'machine a login', 'machine a login b password', 'login a password b']) {
    expect(netrcLogin(text, 'a')).toBeUndefined();
  }
});

test('headers for a host: of the environment, and of the netrc file where the way is safe', () => {
  const folder = mkdtempSync(join(tmpdir(), 'netrc-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, 'netrc'), 'machine host login me password word\n');
  const NETRC = join(folder, 'netrc');
  const Authorization = basicAuthorization('me', 'word');
  expect(loginHeaders('https://host/db', { NETRC })).toEqual({ Authorization });
  expect(loginHeaders('http://host/db', { NETRC })).toEqual({});
  expect(loginHeaders('https://other/db', { NETRC })).toEqual({});
  expect(loginHeaders('https://u:p@host/db', { NETRC })).toEqual({});
  // The file in the home folder may be missing; one that was named may not.
  expect(loginHeaders('https://host/', { HOME: folder })).toEqual({});
  for (const [name, reason] of [
    ['none', 'ENOENT'],
    ['.', 'EISDIR'],
  ] as const) {
    expect(() => loginHeaders('https://host/', { NETRC: join(folder, name) })).toThrow(reason);
  }

  const UPSTROKE_HTTP_HEADERS = 'host X-Key: a: b\n\nother Authorization: Bearer t\n';
  expect(loginHeaders('https://host/', { NETRC, UPSTROKE_HTTP_HEADERS })).toEqual({
    'X-Key': 'a: b',
    Authorization,
  });
  expect(loginHeaders('http://other/', { NETRC, UPSTROKE_HTTP_HEADERS })).toEqual({
    Authorization: 'Bearer t',
  });
  const withPort = { NETRC, UPSTROKE_HTTP_HEADERS: 'other:8080 X-Key: a' };
  expect(loginHeaders('https://other:8080/', withPort)).toEqual({ 'X-Key': 'a' });
  expect(loginHeaders('https://other/', withPort)).toEqual({});
  expect(() => loginHeaders('https://host/', { UPSTROKE_HTTP_HEADERS: 'host secret' })).toThrow(
    /^UPSTROKE_HTTP_HEADERS, line 1: 'HOST Name: value' is needed$/,
  );
});

test('a record behind a login: read with it, and what is missing is said without it', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'netrc-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const elsewhere = await serve(request => {
    const { authorization, 'x-key': key } = request.headers;
    expect([authorization, key]).toEqual([undefined, undefined]);
    sendFile(request, files[request.name]);
  });
  const { url } = await serve(request => {
    const [area, name = ''] = request.name.split('/');
    const { authorization, 'x-key': key } = request.headers;
    const isIn = area === 'basic' ? authorization === basicAuthorization('me', 'word') : key === 'open';
    if (area === 'moved') request.response.writeHead(302, { Location: `${elsewhere.url}${name}` }).end();
    else if (area === 'page') request.response.end('<!DOCTYPE html><title>Log in</title>');
    else if (isIn) sendFile(request, files[name]);
    else request.response.writeHead(401).end();
  });
  const host = new URL(url).hostname;
  const record = async (area: string, netrc: string, UPSTROKE_HTTP_HEADERS = '') => {
    writeFileSync(join(folder, 'netrc'), netrc);
    const NETRC = join(folder, 'netrc');
    const { status, stdout, stderr } = await run(['record', `${url}${area}/x`], {
      NETRC,
      UPSTROKE_HTTP_HEADERS,
    });
    expect(stdout + stderr).not.toMatch(/word|open/);
    return status === 0 ? 'read' : stderr;
  };
  expect(await record('basic', `machine ${host} login me password word`)).toBe('read');
  expect(await record('basic', 'machine other login a password b default login me password word')).toBe(
    'read',
  );
  for (const netrc of ['', 'machine other login me password word', `machine ${host} login me`]) {
    expect(await record('basic', netrc)).toContain('HTTP 401 (it may need a login)');
  }
  expect(await record('key', '', `${host} X-Key: open`)).toBe('read');
  expect(await record('key', '', 'other X-Key: open')).toContain('HTTP 401 (it may need a login)');
  const both = [`machine ${host} login me password word`, `${host} X-Key: open`] as const;
  expect(await record('moved', ...both)).toBe('read');
  expect(elsewhere.requests.length).toBeGreaterThan(1);
  expect(await record('page', ...both)).toContain('found a web page');
});
