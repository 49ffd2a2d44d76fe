/** Windows and filters of annotations, and what reads back of what is written. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  encodeAnnotations,
  readAnnotations,
  writeAnnotations,
} from '../../../src/wfdb/annotations/annotation-file.ts';
import { symbolOf } from '../../../src/wfdb/annotations/symbols.ts';
import { memorySink, memorySource } from '../../../src/wfdb/source.ts';
import { at, decode, joined, mit, text, words } from './annotation-bytes.ts';

/** Lone surrogates, which no encoding has, replaced. */
const wellFormed = (aux: string) =>
  new TextDecoder('utf-8', { ignoreBOM: true }).decode(new TextEncoder().encode(aux));

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
