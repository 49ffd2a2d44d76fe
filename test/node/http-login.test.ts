/** Logins from a netrc file and from the environment. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { loginHeaders, netrcLogin } from '../../src/node/http-login.ts';
import { basicAuthorization } from '../../src/wfdb/http-login.ts';

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
  expect(loginHeaders('https://host/', { NETRC: join(folder, 'none') })).toEqual({});

  const UPSTROKE_HTTP_HEADERS = 'host X-Key: a: b\n\nother Authorization: Bearer t\n';
  expect(loginHeaders('https://host/', { NETRC, UPSTROKE_HTTP_HEADERS })).toEqual({
    'X-Key': 'a: b',
    Authorization,
  });
  expect(loginHeaders('http://other/', { NETRC, UPSTROKE_HTTP_HEADERS })).toEqual({
    Authorization: 'Bearer t',
  });
  expect(() => loginHeaders('https://host/', { UPSTROKE_HTTP_HEADERS: 'host secret' })).toThrow(
    /^UPSTROKE_HTTP_HEADERS, line 1: 'HOST Name: value' is needed$/,
  );
});
