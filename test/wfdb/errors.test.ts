/** What messages may hold: no control sequence of a file, no credentials of a URL. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { printable, withoutCredentials } from '../../src/printable.ts';
import { WfdbError } from '../../src/wfdb/errors.ts';
import { parseHeader } from '../../src/wfdb/header.ts';

test.each([
  ['\u001b]0;title\u0007', '?]0;title?'],
  ['a\nb\tc\r', 'a?b?c?'],
  ['\u009b31m\u007f', '?31m?'],
  ['\u202etxt.exe\u2066\u200f\u061c', '?txt.exe???'],
  ['line\u2028paragraph\u2029', 'line?paragraph?'],
  ['\ud83d alone, \u{1f600} whole', '? alone, \u{1f600} whole'],
  ['µV Ω 心電図', 'µV Ω 心電図'],
])('%j is shown as %j', (text, shown) => {
  expect(printable(text)).toBe(shown);
});

test.each([
  ['http://me:secret@host/db', 'http://host/db'],
  ['data:https://me:se@cret@[::1]:80/a@b:x', 'data:https://[::1]:80/a@b:x'],
  ['http://host/a@b', 'http://host/a@b'],
  ['none in http://a:b@c, https://d:e@f/', 'none in http://c, https://f/'],
])('%j is shown as %j', (text, shown) => {
  expect(withoutCredentials(text)).toBe(shown);
});

test('no message of an error has either, whatever the parts hold', () => {
  const part = fc.string({ unit: 'binary' });
  fc.assert(
    fc.property(part, part, part, (file, expected, found) => {
      const { message } = new WfdbError({ code: 'syntax', file, expected, found });
      expect(message).toBe(printable(message));
    }),
    { seed: 3 },
  );
  const error = new WfdbError({ code: 'network', file: 'x', expected: 'http://a:b@c/', found: 'http://d@e' });
  expect(error.message).toBe('x: expected http://c/, found http://e');
});

test('what a header quotes is printable', () => {
  expect(() => parseHeader('r 1 250\nr.dat \u001b[2J\n', 'r.hea')).toThrow(/found '\?\[2J'$/);
});
