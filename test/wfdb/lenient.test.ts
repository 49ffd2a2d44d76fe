/** Files that are damaged or contradict their header: strict reading refuses them, lenient reading takes what is whole. */
import { describe, expect, test } from 'vitest';
import {
  decodeAnnotations,
  encodeAnnotations,
  readAnnotationFile,
} from '../../src/wfdb/annotations/annotation-file.ts';
import { recordChunks } from '../../src/wfdb/chunks.ts';
import { encodeFlac } from '../../src/wfdb/flac/encode.ts';
import { type ReadOptions, readRecord } from '../../src/wfdb/record.ts';
import { memorySource, type Source, sizeOf } from '../../src/wfdb/source.ts';

const ascii = (text: string) => new TextEncoder().encode(text);
const int16 = (...values: number[]) => new Uint8Array(Int16Array.from(values).buffer);
type Files = Record<string, string | Uint8Array>;
const files = (list: Files) =>
  memorySource(
    new Map(
      Object.entries(list).map(([name, file]) => [name, typeof file === 'string' ? ascii(file) : file]),
    ),
  );
const read = (list: Files, options: ReadOptions = {}, name = 'r') => readRecord(files(list), name, options);
const lenient = { lenient: true };
const nan = Number.NaN;
const samples = async (list: Files, options: ReadOptions = lenient, name = 'r') =>
  (await read(list, options, name)).signals.map(signal => [...signal.physical]);

describe('a signal file shorter than its header says', () => {
  const short = { 'r.hea': 'r 2 100 5\nr.dat 16 1\nr.dat 16 1\n', 'r.dat': int16(1, 2, 3, 4, 5) };

  test('is refused with the way on', async () => {
    const error = await read(short).catch(e => e);
    expect(error).toMatchObject({ code: 'truncated', file: 'r.dat', byte: 10 });
    expect(error.message).toMatch(
      /\(read up to sample 2; option lenient, --lenient, reads the intact data\)$/,
    );
  });

  test('a window before its end is read, and it is said', async () => {
    const { signals, warnings } = await read(short, { to: 2 });
    expect(signals.map(({ physical }) => [...physical])).toEqual([
      [1, 3],
      [2, 4],
    ]);
    expect(warnings).toMatchObject([
      { code: 'truncated', file: 'r.dat', byte: 10, count: 10, what: 'bytes missing' },
    ]);
  });

  test('is read leniently with its missing samples invalid', async () => {
    const { signals, length, warnings } = await read(short, lenient);
    expect(length).toBe(5);
    expect(signals.map(({ physical }) => [...physical])).toEqual([
      [1, 3, nan, nan, nan],
      [2, 4, nan, nan, nan],
    ]);
    expect(warnings).toMatchObject([
      { code: 'truncated', file: 'r.dat', byte: 10, count: 3, what: 'samples a signal missing' },
    ]);
    expect(await samples(short, { ...lenient, from: 3, to: 5 })).toEqual([
      [nan, nan],
      [nan, nan],
    ]);
  });

  test('in pieces each says what is new', async () => {
    const said: number[] = [];
    for await (const piece of recordChunks(files(short), 'r', { ...lenient, seconds: 0.02 })) {
      said.push(piece.warnings.length);
    }
    expect(said).toEqual([1, 1, 1]);
  });

  test.each(['8', '212', '310', '508'])('in format %s too', async format => {
    const bytes = format === '508' ? encodeFlac([Int32Array.of(1, 2, 3)], 8) : Uint8Array.of(1, 0, 0, 0);
    const list = { 'r.hea': `r 1 100 9\nr.dat ${format} 1\n`, 'r.dat': bytes };
    await expect(read(list)).rejects.toMatchObject({ code: 'truncated', file: 'r.dat' });
    const [signal] = await samples(list);
    expect(signal).toHaveLength(9);
    expect(signal!.at(-1)).toBeNaN();
    expect(signal![0]).not.toBeNaN();
  });

  test('no memory is taken for what a header claims', async () => {
    const list = { 'r.hea': 'r 1 100 100000000000\nr.dat 16 1\n', 'r.dat': int16(1) };
    await expect(read(list, lenient)).rejects.toMatchObject({ code: 'too-large' });
  });
});

describe('a signal file longer than its header says', () => {
  const wide = int16(...Array.from({ length: 200 }, (_, i) => i));

  test.each([
    ['another format', 'r 1 100 200\nr.dat 8 1\n'],
    ['fewer signals', 'r 1 100 100\nr.dat 16 1 16 0 0 0\n'],
    ['a shorter length', 'r 2 100 50\nr.dat 16 1\nr.dat 16 1\n'],
    ['a block size that does not divide it', 'r 2 100 50\nr.dat 16 1 16 0 0 0 384\nr.dat 16 1\n'],
  ])('%s: refused whole and in windows, read leniently with a warning', async (_, header) => {
    const list = { 'r.hea': header, 'r.dat': wide };
    for (const window of [{}, { from: 3, to: 10 }]) {
      await expect(read(list, window)).rejects.toMatchObject({ code: 'inconsistent', file: 'r.dat' });
      const { warnings } = await read(list, { ...window, ...lenient });
      expect(warnings).toMatchObject([{ code: 'inconsistent', what: 'bytes unaccounted for' }]);
    }
  });

  test('padding that writers may add is accepted', async () => {
    const packed = { 'r.hea': 'r 1 100 1\nr.dat 310 1\n', 'r.dat': Uint8Array.of(2, 0, 0, 0) };
    expect((await read(packed)).warnings).toEqual([]);
    const blocks = {
      'r.hea': 'r 1 100 10\nr.dat 16 1 16 0 0 0 512\n',
      'r.dat': new Uint8Array(512),
    };
    expect((await read(blocks)).warnings).toEqual([]);
  });

  test('FLAC says itself how long it is', async () => {
    const list = { 'r.hea': 'r 1 100 2\nr.dat 508 1\n', 'r.dat': encodeFlac([Int32Array.of(1, 2, 3)], 8) };
    await expect(read(list)).rejects.toMatchObject({ code: 'inconsistent', found: '3' });
    expect((await read(list, lenient)).warnings).toMatchObject([{ count: 1 }]);
  });

  test('a source that does not know sizes is asked for single bytes', async () => {
    for (const length of [0, 1, 2, 3, 1000, 4096]) {
      const bytes = new Uint8Array(length);
      const source: Source = { read: async (_, from = 0, to) => bytes.subarray(from, to) };
      expect(await sizeOf(source, 'x')).toBe(length);
    }
  });
});

test('a skew beyond the length is refused, or leaves the signal invalid', async () => {
  const list = {
    'r.hea': 'r 2 100 2\nr.dat 16 1\nr.dat 16:2 1\n',
    'r.dat': int16(1, 2, 3, 4),
  };
  await expect(read(list)).rejects.toMatchObject({ code: 'inconsistent', file: 'r.hea', line: 3 });
  expect(await samples(list)).toEqual([
    [1, 3],
    [nan, nan],
  ]);
});

test('a wrong checksum is a warning', async () => {
  const list = { 'r.hea': 'r 1 100 2\nr.dat 16 1 16 0 1 9\n', 'r.dat': int16(1, 2) };
  await expect(read(list)).rejects.toMatchObject({ code: 'checksum' });
  expect(await read(list, lenient)).toMatchObject({
    warnings: [{ code: 'checksum', file: 'r.dat', count: 2 }],
  });
});

test('signals whose file is missing are invalid, unless all are', async () => {
  const list = { 'r.hea': 'r 2 100 2\na.dat 16 1\nb.dat 16 1\n', 'a.dat': int16(1, 2) };
  await expect(read(list)).rejects.toMatchObject({ code: 'not-found', file: 'b.dat' });
  expect(await samples(list)).toEqual([
    [1, 2],
    [nan, nan],
  ]);
  expect((await read(list, lenient)).warnings).toMatchObject([
    { code: 'not-found', file: 'b.dat', count: 1 },
  ]);
  await expect(read(list, { ...lenient, signals: ['record r, signal 1'] })).rejects.toMatchObject({
    code: 'not-found',
  });
});

describe('segments', () => {
  const whole = {
    'm.hea': 'm/2 1 100 4\na 2\nb 2\n',
    'a.hea': 'a 1 100 2\na.dat 16 1\n',
    'a.dat': int16(1, 2),
    'b.hea': 'b 1 100\nb.dat 16 1\n',
    'b.dat': int16(3, 4),
  };
  const without = (...names: string[]): Files =>
    Object.fromEntries(Object.entries(whole).filter(([name]) => !names.includes(name)));

  test.each([
    ['no header', without('a.hea')],
    ['no signal file', without('a.dat')],
    ['a header of another length', { ...whole, 'a.hea': 'a 1 100 3\na.dat 16 1\n' }],
    ['a header that is none', { ...whole, 'a.hea': 'a\n' }],
  ])('%s: a gap', async (_, list) => {
    await expect(read(list, {}, 'm')).rejects.toThrow('option lenient, --lenient, reads the intact data');
    const { signals, warnings } = await read(list, lenient, 'm');
    expect([...signals[0]!.physical]).toEqual([nan, nan, 3, 4]);
    expect(warnings).toMatchObject([{ count: 2, what: 'samples a signal read as a gap' }]);
  });

  test('a file that contradicts the length in the record’s header is found, though its own gives none', async () => {
    await expect(read({ ...whole, 'b.dat': int16(3, 4, 5, 6) }, {}, 'm')).rejects.toMatchObject({
      code: 'inconsistent',
      file: 'b.dat',
    });
  });

  test('without any segment nothing is read', async () => {
    await expect(read({ 'm.hea': whole['m.hea'] }, lenient, 'm')).rejects.toMatchObject({
      code: 'not-found',
    });
  });
});

describe('annotations', () => {
  const beat = (sample: number) => ({ sample, symbol: 'N', subtype: 0, channel: 0, num: 0, aux: '' });
  const beats = [10, 20, 30].map(beat);
  const bytes = encodeAnnotations(beats);
  const readBytes = (cut: Uint8Array, options = {}) =>
    readAnnotationFile(memorySource({ 'r.atr': cut }), 'r', 'atr', options);

  test('without an end mark: all but the last, which may be cut', async () => {
    const cut = bytes.subarray(0, bytes.length - 2);
    await expect(readBytes(cut)).rejects.toMatchObject({ code: 'truncated', byte: 6 });
    expect(await readBytes(cut, lenient)).toMatchObject({
      annotations: beats.slice(0, 2),
      warnings: [{ code: 'truncated', file: 'r.atr', byte: 6, count: 2 }],
    });
  });

  test('an empty file has none', async () => {
    expect(await readBytes(new Uint8Array(), lenient)).toMatchObject({
      annotations: [],
      warnings: [{ code: 'truncated', byte: 0 }],
    });
  });

  test('cut anywhere, what is read is the start of the whole', async () => {
    const texts = encodeAnnotations([0, 5000, 5001].map(s => ({ ...beat(s), aux: '(AFIB', channel: 1 })));
    const all = decodeAnnotations(texts, 'r.atr');
    for (let end = 0; end < texts.length - 1; end++) {
      const { annotations, warnings } = await readBytes(texts.subarray(0, end), lenient);
      expect(annotations).toEqual(all.slice(0, annotations.length));
      expect(warnings).toHaveLength(1);
    }
  });

  test('what cannot be is left out: a time before the start, a modifier of nothing', async () => {
    const skipBack = [
      0,
      59 << 2,
      0xff,
      0xff,
      0xf0,
      0xff,
      5,
      1 << 2,
      0,
      59 << 2,
      0,
      0,
      40,
      0,
      5,
      1 << 2,
      0,
      0,
    ];
    const { annotations, warnings } = await readBytes(Uint8Array.of(3, 62 << 2, ...skipBack), lenient);
    expect(annotations.map(({ sample }) => sample)).toEqual([34]);
    expect(warnings.map(({ code, byte }) => [code, byte])).toEqual([
      ['syntax', 0],
      ['inconsistent', 8],
    ]);
  });

  test('a broken record in AHA format', async () => {
    const record = (time: number) => [0, 0x4e, 0, 0, time, 0, 1, 0, ...new Array(8).fill(0)];
    const aha = Uint8Array.from([...record(7), 9, ...record(8).slice(1), ...record(9)]);
    aha[16] = 0;
    aha[17] = 0x7a;
    const { annotations, warnings } = await readBytes(aha, lenient);
    expect(annotations.map(({ sample }) => sample)).toEqual([7, 9]);
    expect(warnings.map(({ code, byte }) => [code, byte])).toEqual([
      ['syntax', 16],
      ['truncated', 48],
    ]);
  });
});

test.each(['constructor', '__proto__', 'toString', 'valueOf'])(
  'the unit %s is read as it is',
  async units => {
    const list = {
      'm.hea': 'm/2 1 100 2\na 1\nb 1\n',
      'a.hea': `a 1 100 1\na.dat 16 1(0)/${units} 16 0 0 0 0 ${units}\n`,
      'b.hea': `b 1 100 1\na.dat 16 1(0)/${units} 16 0 0 0 0 ${units}\n`,
      'a.dat': int16(7),
    };
    const { signals } = await read(list, { signals: [units] }, 'm');
    expect(signals.map(({ name, physical }) => [name, signals[0]!.units, ...physical])).toEqual([
      [units, units, 7, 7],
    ]);
  },
);
