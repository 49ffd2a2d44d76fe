/** MIT and AHA annotation files, byte by byte, and what reads back of what is written. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type Annotation,
  decodeAnnotations,
  encodeAnnotations,
  readAnnotationFile,
  readAnnotations,
  writeAnnotations,
} from '../../../src/wfdb/annotations/annotation-file.ts';
import { codeOf, isBeat, symbolOf } from '../../../src/wfdb/annotations/symbols.ts';
import { memorySink, memorySource } from '../../../src/wfdb/source.ts';

const plain = { subtype: 0, channel: 0, num: 0, aux: '' };
const at = (sample: number, symbol = 'N', more: Partial<Annotation> = {}): Annotation => ({
  ...plain,
  sample,
  symbol,
  ...more,
});
/** Lone surrogates, which no encoding has, replaced. */
const wellFormed = (aux: string) =>
  new TextDecoder('utf-8', { ignoreBOM: true }).decode(new TextEncoder().encode(aux));
/** Little-endian 16-bit words. */
const words = (...list: number[]) => Uint8Array.from(list.flatMap(word => [word & 0xff, (word >> 8) & 0xff]));
const mit = (code: number, value: number) => (code << 10) | (value & 0x3ff);
const text = (...parts: (string | number[])[]) =>
  Uint8Array.from(
    parts.flatMap(part => (typeof part === 'string' ? [...new TextEncoder().encode(part)] : part)),
  );
const joined = (...parts: Uint8Array[]) => Uint8Array.from(parts.flatMap(part => [...part]));
const decode = (bytes: Uint8Array) => decodeAnnotations(bytes, 'r.atr');

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

describe('windows and filters', () => {
  const annotations = Array.from({ length: 40_000 }, (_, i) =>
    at(300 * i, i % 10 === 0 ? 'V' : 'N', { channel: i % 2, num: 1, subtype: i % 3 }),
  );
  const bytes = encodeAnnotations(annotations);

  test('give what filtering the whole gives, and the header is read only where it is needed', async () => {
    const read: string[] = [];
    const inner = memorySource({ 'r.atr': bytes, 'r.hea': new TextEncoder().encode('r 0 360') });
    const source = {
      async read(name: string, from?: number, to?: number) {
        read.push(name);
        return inner.read(name, from, to);
      },
    };
    const options = { from: 100, to: 2000, unit: 'seconds', symbols: ['V'], channels: [0] } as const;
    expect(await readAnnotations(source, 'r', 'atr', options)).toEqual(
      annotations.filter(
        a => a.sample >= 36_000 && a.sample < 720_000 && a.symbol === 'V' && a.channel === 0,
      ),
    );
    expect(read).toEqual(['r.hea', 'r.atr']);
    for (const to of [1, 3_000_000, 11_999_700, 20_000_000]) {
      expect(await readAnnotations(source, 'r', 'atr', { to })).toEqual(
        annotations.filter(a => a.sample < to),
      );
    }
    expect(read.filter(name => name === 'r.hea')).toHaveLength(1);
  });

  test('a mark that steps back into the window from far behind it is found', async () => {
    const last = annotations.at(-1)!.sample;
    const back = joined(
      bytes.subarray(0, -2),
      words(mit(59, 0), (1000 - last) >> 16, (1000 - last) & 0xffff, mit(6, 0), 0),
    );
    const found = await readAnnotations(memorySource({ 'r.atr': back }), 'r', 'atr', { from: 950, to: 1100 });
    expect(found).toEqual([at(1000, 'F', { channel: 1, num: 1 })]);
  });

  test('a file larger than any with annotations is refused, and not read whole', async () => {
    let most = 0;
    const source = {
      async read(_: string, from = 0, to = Number.POSITIVE_INFINITY) {
        most = to;
        return new Uint8Array(Math.min(to, 2 ** 40) - from);
      },
    };
    await expect(readAnnotations(source, 'r', 'atr')).rejects.toMatchObject({
      code: 'too-large',
      file: 'r.atr',
    });
    expect(most).toBeLessThan(2 ** 25);
  });

  test('a window that is none is refused', async () => {
    const source = memorySource({ 'r.atr': bytes });
    for (const options of [{ from: -1 }, { from: 5, to: 5 }, { to: Number.NaN }]) {
      await expect(readAnnotations(source, 'r', 'atr', options)).rejects.toThrow(RangeError);
    }
  });
});

describe('writing', () => {
  const annotation = fc.record({
    sample: fc.oneof(fc.integer({ min: 0, max: 5000 }), fc.integer({ min: 0, max: 2 ** 40 })),
    symbol: fc.integer({ min: 0, max: 58 }).map(symbolOf),
    subtype: fc.integer({ min: -128, max: 127 }),
    channel: fc.integer({ min: 0, max: 255 }),
    num: fc.integer({ min: -128, max: 127 }),
    aux: fc.oneof(fc.string({ maxLength: 60 }), fc.string({ unit: 'binary', maxLength: 60 })),
  });

  test('what is written reads back in its order', async () => {
    const property = fc.asyncProperty(fc.array(annotation, { maxLength: 40 }), async list => {
      const clean = list.map(a => ({ ...a, aux: wellFormed(a.aux).replace(/\0+$/, '').replace(/^##/, '') }));
      const sink = memorySink();
      await writeAnnotations(sink, 'r', 'qrs', clean);
      const expected = clean.toSorted(
        (a, b) => a.sample - b.sample || a.num - b.num || a.channel - b.channel,
      );
      expect(await readAnnotations(memorySource(sink.files), 'r', 'qrs')).toEqual(expected);
    });
    await fc.assert(property, { numRuns: 1000, seed: 5 });
  });

  test('what would read back as something else is refused', () => {
    const definitions = [{ code: 1, symbol: 'mine', description: 'in the place of N' }];
    expect(() => encodeAnnotations([at(9, 'N')], { definitions })).toThrow(/'N' at sample 9 .*'mine'/);
    expect(() => encodeAnnotations([at(0, '"', { aux: '## time resolution: 5' })])).toThrow(
      /at sample 0 .*## time resolution/,
    );
    expect(decode(encodeAnnotations([at(9, 'V')], { definitions }))).toEqual([at(9, 'V')]);
    const note = [at(0, '"', { aux: '## of no known kind' })];
    expect(decode(encodeAnnotations(note))).toEqual(note);
  });

  test('the bytes are those the WFDB library writes: a file of the MIT-BIH kind', () => {
    const bytes = encodeAnnotations([
      at(18, '+', { aux: '(N' }),
      at(77),
      at(1101, 'V', { channel: 1 }),
      at(200_000),
    ]);
    expect(bytes).toEqual(
      joined(
        words(mit(28, 18), mit(63, 2)),
        text('(N'),
        words(mit(1, 59), mit(59, 0), 0, 1024, mit(5, 0), mit(62, 1)),
        words(mit(59, 0), 3, 200_000 - 1101 - 3 * 65536, mit(1, 0), mit(62, 0), 0),
      ),
    );
  });

  test.each([
    ['a negative sample', at(-1)],
    ['a fractional sample', at(1.5)],
    ['an unknown symbol', at(1, 'Z')],
    ['a subtype of 128', at(1, 'N', { subtype: 128 })],
    ['a channel of 256', at(1, 'N', { channel: 256 })],
    ['a number of -129', at(1, 'N', { num: -129 })],
    ['a text of 256 bytes', at(1, 'N', { aux: 'é'.repeat(128) })],
    ['a text that ends in a zero', at(1, 'N', { aux: 'a\0' })],
  ])('%s is refused', (_, annotation) => {
    expect(() => encodeAnnotations([annotation])).toThrow(RangeError);
  });
});

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

describe('symbols', () => {
  test('codes and mnemonics are one to one', () => {
    for (let code = 0; code < 59; code++) expect(codeOf(symbolOf(code))).toBe(code);
    expect(codeOf('[59]')).toBeUndefined();
    expect(codeOf('toString')).toBeUndefined();
  });

  test('beats are the QRS codes of the WFDB library less the flutter wave', () => {
    const beats = Array.from({ length: 59 }, (_, code) => code).filter(code => isBeat(symbolOf(code)));
    expect(beats).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 25, 30, 34, 35, 38, 41]);
  });
});
