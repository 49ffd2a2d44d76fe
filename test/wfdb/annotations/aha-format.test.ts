/** AHA annotation files byte by byte. */
import { describe, expect, test } from 'vitest';
import { encodeAnnotations } from '../../../src/wfdb/annotations/annotation-file.ts';
import { codeOf } from '../../../src/wfdb/annotations/symbols.ts';
import { at, decode, joined, mit, words } from './annotation-bytes.ts';

describe('AHA format', () => {
  const record = (letter: string, time: number, subtype = 0, aux = '') =>
    Uint8Array.from([
      ...[0, letter.charCodeAt(0)],
      ...[(time >> 16) & 0xff, (time >> 24) & 0xff, time & 0xff, (time >> 8) & 0xff],
      ...[1, 0, subtype, 0],
      ...Array.from({ length: 6 }, (_, i) => aux.charCodeAt(i) || 0),
    ]);
  const end = new Uint8Array(1024 - 4 * 16).fill(0xff);
  const bytes = joined(
    record('N', 100),
    record('U', 70_000),
    record('R', 70_001, 2, 'abcdef'),
    record('[', 70_002),
    end,
  );

  test('is told by its first bytes and read as MIT annotations', () => {
    expect(decode(bytes)).toEqual([
      at(100),
      at(70_000, '~', { subtype: -1 }),
      at(70_001, 'r', { subtype: 2, aux: 'abcdef' }),
      at(70_002, '['),
    ]);
  });

  test('an MIT file that begins with the same two bytes is told by what comes later', async () => {
    for (const first of [at(512, 'T'), at(0, '*'), at(256, 'D')]) {
      const list = [first, ...Array.from({ length: 20 }, (_, i) => at(600 + 10 * i))];
      const code = codeOf(first.symbol)!;
      const foreign = joined(
        words(mit(code, first.sample), mit(1, 600 - first.sample)),
        words(...Array.from({ length: 19 }, () => mit(1, 10)), 0),
      );
      expect(decode(foreign)).toEqual(list);
      // What we write is told by any reader, however short: those of the WFDB library look at two bytes alone.
      for (const written of [list, [first]]) {
        const own = encodeAnnotations(written);
        expect(own.slice(0, 2)).toEqual(words(mit(59, 0)));
        expect(decode(own)).toEqual(written);
      }
    }
  });

  test('truncated or damaged, it is refused', () => {
    for (let length = 2; length <= 64; length++) {
      expect(() => decode(bytes.subarray(0, length))).toThrow(expect.objectContaining({ code: 'truncated' }));
    }
    expect(() => decode(joined(bytes.subarray(0, 16), record('Z', 5), end))).toThrow(
      expect.objectContaining({ code: 'syntax', byte: 16 }),
    );
    expect(() => decode(joined(record('N', -5), end))).toThrow(
      expect.objectContaining({ code: 'inconsistent' }),
    );
  });
});
