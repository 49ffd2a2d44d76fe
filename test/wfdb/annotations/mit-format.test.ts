/** MIT annotation files byte by byte, and the notes at their beginning. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  encodeAnnotations,
  readAnnotationFile,
  readAnnotations,
} from '../../../src/wfdb/annotations/annotation-file.ts';
import { memorySource } from '../../../src/wfdb/source.ts';
import { at, decode, joined, mit, text, words } from './annotation-bytes.ts';

describe('MIT format', () => {
  test('times add up', () => {
    expect(decode(words(mit(1, 77), mit(5, 1023), mit(1, 0), 0))).toEqual([at(77), at(1100, 'V'), at(1100)]);
  });

  test('SKIP: high word first, negative, repeated', () => {
    const bytes = words(
      mit(59, 0),
      1,
      2,
      mit(1, 3),
      mit(59, 0),
      0xffff,
      0xfffe,
      mit(59, 0),
      0,
      1,
      mit(5, 4),
      0,
    );
    expect(decode(bytes)).toEqual([at(65541), at(65544, 'V')]);
  });

  test('SUB holds for one annotation, CHN and NUM until changed; all are bytes', () => {
    const bytes = words(
      mit(1, 1),
      mit(61, -1),
      mit(62, 255),
      mit(60, -128),
      mit(1, 1),
      mit(61, 127),
      mit(1, 1),
      mit(62, 0),
      mit(60, 5),
      0,
    );
    expect(decode(bytes)).toEqual([
      at(1, 'N', { subtype: -1, channel: 255, num: -128 }),
      at(2, 'N', { subtype: 127, channel: 255, num: -128 }),
      at(3, 'N', { channel: 0, num: 5 }),
    ]);
  });

  test('AUX of odd and even length, with zeros at its end, in UTF-8 and in Windows-1252', () => {
    const bytes = joined(
      words(mit(28, 1), mit(63, 3)),
      text('(N', [0, 0]),
      words(mit(22, 1), mit(63, 4)),
      text('µV!'),
      words(mit(22, 1), mit(63, 3)),
      text([0xb5], 'V', [0, 0]),
      words(mit(1, 1), 0),
    );
    expect(decode(bytes).map(({ symbol, aux }) => [symbol, aux])).toEqual([
      ['+', '(N'],
      ['"', 'µV!'],
      ['"', 'µV'],
      ['N', ''],
    ]);
  });

  test('annotations out of order come in order, those of one time as they were', () => {
    const bytes = words(mit(1, 100), mit(59, 0), 0xffff, -60 & 0xffff, mit(5, 0), mit(6, 60), 0);
    expect(decode(bytes)).toEqual([at(40, 'V'), at(100, 'N'), at(100, 'F')]);
  });

  test('what follows the end mark is padding', () => {
    expect(decode(words(mit(1, 1), 0, 0xabcd, 7))).toEqual([at(1)]);
  });

  test('codes without a mnemonic are named by number', () => {
    expect(decode(words(mit(15, 1), mit(42, 1), mit(58, 1), 0)).map(({ symbol }) => symbol)).toEqual([
      '[15]',
      '[42]',
      '[58]',
    ]);
  });

  test('every proper beginning of a file is refused as truncated', () => {
    const bytes = encodeAnnotations([
      at(5, '+', { aux: '(AFIB' }),
      at(100_000, 'V', { subtype: 3, channel: 1, num: 2 }),
      at(100_001, '"', { aux: 'odd' }),
    ]);
    for (let length = 0; length < bytes.length; length++) {
      expect(() => decode(bytes.subarray(0, length)), `${length} bytes`).toThrow(
        expect.objectContaining({ code: 'truncated', file: 'r.atr', byte: length }),
      );
    }
  });

  test('a modifier with nothing to modify is refused', () => {
    expect(() => decode(words(mit(63, 2), 0x4141, 0))).toThrow(
      expect.objectContaining({ code: 'syntax', byte: 0 }),
    );
  });

  test('a time before the start is refused', () => {
    expect(() => decode(words(mit(1, 5), mit(59, 0), 0xffff, 0xfff0, mit(1, 0), 0))).toThrow(
      expect.objectContaining({ code: 'inconsistent', byte: 8, found: 'time -11' }),
    );
  });

  test('a time beyond 2⁵³ is refused', () => {
    // Each word of 59 with its four bytes goes on by 2³¹ − 1 samples.
    const skip = [0, 59 << 2, 0xff, 0x7f, 0xff, 0xff];
    const skips = new Uint8Array(6 * (2 ** 22 + 1)).map((_, i) => skip[i % 6]!);
    const bytes = new Uint8Array(skips.length + 4);
    bytes.set(skips);
    bytes.set(words(mit(1, 1), 0), skips.length);
    expect(() => decode(bytes)).toThrow(
      expect.objectContaining({ code: 'inconsistent', byte: skips.length }),
    );
  });

  test('any bytes decode or are refused with a WfdbError', () => {
    const property = fc.property(fc.uint8Array({ maxLength: 60 }), bytes => {
      try {
        for (const { sample } of decode(bytes)) expect(sample).toBeGreaterThanOrEqual(0);
      } catch (error) {
        expect(error).toMatchObject({ name: 'WfdbError' });
      }
    });
    fc.assert(property, { numRuns: 5000, seed: 4 });
  });
});

describe('notes', () => {
  const file = (bytes: Uint8Array, more: Record<string, Uint8Array> = {}) =>
    memorySource({ 'r.atr': bytes, ...more });
  const definitions = [
    { code: 15, symbol: 'c', description: 'calibration pulse' },
    { code: 20, symbol: 'x', description: 'signal source change' },
    { code: 42, symbol: 'new', description: '' },
  ];

  test('own annotation types take the place of the usual ones', async () => {
    const annotations = [at(0, '"', { aux: 'a note' }), at(0, 'c'), at(7, 'x'), at(9, 'new'), at(9, 'N')];
    const bytes = encodeAnnotations(annotations, { definitions });
    const found = await readAnnotationFile(file(bytes), 'r', 'atr');
    expect(found).toEqual({ annotations, definitions, timeResolution: undefined, warnings: [] });
    expect(decode(bytes)).toEqual(annotations);
  });

  test('times of another resolution come in samples of the record', async () => {
    const header = { 'r.hea': new TextEncoder().encode('r 0 125 10') };
    const bytes = encodeAnnotations([at(1000), at(1003)], { timeResolution: 500 });
    expect(await readAnnotations(file(bytes, header), 'r', 'atr')).toEqual([at(250), at(251)]);
    expect(await readAnnotations(file(bytes), 'r', 'atr', { samplingFrequency: 1000 })).toEqual([
      at(2000),
      at(2006),
    ]);
    await expect(readAnnotations(file(bytes), 'r', 'atr')).rejects.toMatchObject({
      code: 'not-found',
      file: 'r.hea',
    });
  });

  test('a resolution that makes times overflow is refused', async () => {
    for (const [resolution, samplingFrequency] of [
      [1e-300, 360],
      [1e-12, 360],
      [1, 1e300],
    ] as const) {
      const bytes = encodeAnnotations([at(1000)], { timeResolution: resolution });
      await expect(readAnnotations(file(bytes), 'r', 'atr', { samplingFrequency })).rejects.toMatchObject({
        code: 'inconsistent',
        file: 'r.atr',
      });
    }
  });

  test('an ordinary note at time 0 stays', () => {
    const annotations = [at(0, '"', { aux: '## scored by two' }), at(1)];
    expect(decode(encodeAnnotations(annotations))).toEqual(annotations);
  });
});
