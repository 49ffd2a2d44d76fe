/** Records in memory: windows, skew, several samples a frame, segments, pieces, and files that lie. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { recordChunks } from '../../src/wfdb/chunks.ts';
import { signalFormats } from '../../src/wfdb/formats.ts';
import { type ReadOptions, readRecord } from '../../src/wfdb/record.ts';
import { memorySource, type Source, sizeOf } from '../../src/wfdb/source.ts';

const ascii = (text: string) => new TextEncoder().encode(text);
const int16 = (...values: number[]) => new Uint8Array(Int16Array.from(values).buffer);
const files = (list: Record<string, string | Uint8Array>) =>
  memorySource(
    Object.fromEntries(
      Object.entries(list).map(([name, file]) => [name, typeof file === 'string' ? ascii(file) : file]),
    ),
  );
const read = (list: Record<string, string | Uint8Array>, options: ReadOptions = {}, name = 'r') =>
  readRecord(files(list), name, options);
const physical = async (list: Record<string, string | Uint8Array>, options: ReadOptions = {}, name = 'r') =>
  (await read(list, options, name)).signals.map(signal => [...signal.physical]);

/** Notes every range that is read. */
function watched(source: Source) {
  const ranges: [string, number, number | undefined][] = [];
  return {
    ranges,
    size: (name: string) => sizeOf(source, name),
    async read(name: string, from = 0, to?: number) {
      ranges.push([name, from, to]);
      return source.read(name, from, to);
    },
  };
}

const nan = Number.NaN;
const at = (file: string, line: number) => ({ file, line });

describe('formats, byte by byte', () => {
  // Bytes after signal(5); the values are worked out by hand.
  test.each([
    [8, [1, 0xff, 0x80, 0x7f], '1 0 5', [6, 5, -123, 4]],
    [16, [0x01, 0x80, 0x00, 0x80, 0xff, 0x7f], '1 0 0', [-32767, nan, 32767]],
    [24, [0x01, 0, 0x80, 0, 0, 0x80, 0xff, 0xff, 0x7f], '1 0 0', [-8388607, nan, 8388607]],
    [32, [1, 0, 0, 0x80, 0, 0, 0, 0x80, 0xff, 0xff, 0xff, 0x7f], '1 0 0', [-2147483647, nan, 2147483647]],
    [61, [0x80, 0x01, 0x80, 0x00, 0x7f, 0xff], '1 0 0', [-32767, nan, 32767]],
    [80, [1, 0, 0x80, 0xff], '1 0 0', [-127, nan, 0, 127]],
    [160, [1, 0, 0, 0, 0, 0x80, 0xff, 0xff], '1 0 0', [-32767, nan, 0, 32767]],
    [212, [0xe3, 0x33, 0xf3, 0x01, 0x88, 0x00, 0xff, 0x07], '1 0 0', [995, 1011, -2047, nan, 2047]],
    [
      310,
      [0x02, 0x04, 0xfe, 0x03, 0, 0x84, 0x02, 0x80, 0xfe, 0x07],
      '1 0 0',
      [-511, 511, 0, nan, 1, -496, -1],
    ],
    [
      311,
      [0x01, 0xfe, 0x07, 0x20, 0xff, 0xff, 0xff, 0x3f, 0xff, 0x01],
      '1 0 0',
      [-511, 511, nan, -1, -1, -1, 511],
    ],
  ])('format %i', async (format, bytes, tail, values) => {
    const source = {
      'r.hea': `r 1 250 ${values.length}\nr.dat ${format} 1(0) ${tail}\n`,
      'r.dat': Uint8Array.from(bytes),
    };
    expect(await physical(source)).toEqual([values]);
    for (let from = 0; from < values.length; from++) {
      for (let to = from + 1; to <= values.length; to++) {
        expect(await physical(source, { from, to })).toEqual([values.slice(from, to)]);
      }
    }
  });

  test('format 0: signals without samples', async () => {
    expect(await physical({ 'r.hea': 'r 2 250 3\n~ 0\n~ 0' })).toEqual([
      [nan, nan, nan],
      [nan, nan, nan],
    ]);
  });
});

describe('frames', () => {
  const frames = {
    'r.hea':
      'r 3 100 2\nr.dat 16x2 10(0)/mV 16 0 0 0 0 a\nr.dat 16 1(0)/V 16 0 0 0 0 b\ns.dat 16x4 1 16 0 0 0 0 c',
    'r.dat': int16(1, 2, 50, -3, -4, 60),
    's.dat': int16(1, 1, 1, 2, 5, 6, -32768, 8),
  };

  test('one sample a frame: the mean with its fraction cut off, invalid if any sample is', async () => {
    const recording = await read(frames);
    expect(recording).toMatchObject({ samplingFrequency: 100, length: 2, start: 0 });
    expect(recording.signals.map(signal => [signal.name, signal.samplingFrequency, ...signal.adc])).toEqual([
      ['a', 100, 1, -3],
      ['b', 100, 50, 60],
      ['c', 100, 1, -32768],
    ]);
    expect(recording.signals.map(signal => [...signal.physical])).toEqual([
      [0.1, -0.3],
      [50, 60],
      [1, nan],
    ]);
  });

  test('at each signal’s own rate', async () => {
    const recording = await read(frames, { rate: 'signal' });
    expect(recording).toMatchObject({ samplingFrequency: 100, length: 2 });
    expect(recording.signals.map(signal => [signal.samplingFrequency, ...signal.physical])).toEqual([
      [200, 0.1, 0.2, -0.3, -0.4],
      [100, 50, 60],
      [400, 1, 1, 1, 2, 5, 6, nan, 8],
    ]);
  });

  test('at the rate of the fastest', async () => {
    const recording = await read(frames, { rate: 'highest', from: 1, to: 2 });
    expect(recording).toMatchObject({ samplingFrequency: 400, length: 4, start: 4 });
    expect(recording.signals.map(signal => [signal.samplingFrequency, ...signal.physical])).toEqual([
      [400, -0.3, -0.3, -0.4, -0.4],
      [400, 60, 60, 60, 60],
      [400, 5, 6, nan, 8],
    ]);
  });

  test('null signals stand anywhere among the others', async () => {
    const mixed = {
      'r.hea': 'r 4 100 2\na.dat 16 1\n~ 0 1\nb.dat 16 1\n~ 0 1',
      'a.dat': int16(1, 2),
      'b.dat': int16(3, 4),
    };
    expect(await physical(mixed)).toEqual([
      [1, 2],
      [nan, nan],
      [3, 4],
      [nan, nan],
    ]);
  });

  test('frames wider than what is unpacked at a time', async () => {
    for (const format of [16, 212, 310, 311]) {
      const widths = [1, 20_000, 3, 9001];
      const bytes = Uint8Array.from({ length: 3 * 29_005 * 2 }, (_, i) => (i * 37 + 11) & 0x7f);
      const lines = widths.map(width => `r.dat ${format}x${width} 1`).join('\n');
      const source = { 'r.hea': `r 4 1\n${lines}`, 'r.dat': bytes };
      const flat = { 'r.hea': `r 1 1\nr.dat ${format} 1`, 'r.dat': bytes };
      const all = (await read(flat)).signals[0]!.adc;
      const { signals } = await read(source, { rate: 'signal', from: 1, to: 3 });
      for (const [i, signal] of signals.entries()) {
        const offset = widths.slice(0, i).reduce((sum, width) => sum + width, 0);
        const frame = (n: number) => [...all.slice(n * 29_005 + offset, n * 29_005 + offset + widths[i]!)];
        expect([...signal.adc]).toEqual([...frame(1), ...frame(2)]);
      }
    }
  });

  test('a skewed signal is moved to its place, with any window, and the checksum is that of the file', async () => {
    const sums = [1 + 2 + 3 + 4, 10 + 20 + 30 + 40];
    const skewed = {
      'r.hea': `r 2 100 4\nr.dat 16 1(0)/mV 16 0 1 ${sums[0]} 0 a\nr.dat 16:1 1(0)/mV 16 0 10 ${sums[1]} 0 b`,
      'r.dat': int16(1, 10, 2, 20, 3, 30, 4, 40),
    };
    expect(await physical(skewed)).toEqual([
      [1, 2, 3, 4],
      [20, 30, 40, nan],
    ]);
    expect(await physical(skewed, { from: 1, to: 3 })).toEqual([
      [2, 3],
      [30, 40],
    ]);
    expect((await read(skewed)).signals.map(signal => signal.computedChecksum)).toEqual(sums);
    const longer = { ...skewed, 'r.dat': int16(1, 10, 2, 20, 3, 30, 4, 40, 5, 50) };
    expect(await physical(longer)).toEqual([
      [1, 2, 3, 4],
      [20, 30, 40, 50],
    ]);
    expect((await read(longer)).signals.map(signal => signal.computedChecksum)).toEqual(sums);
  });

  test('a record of unknown length is as long as its shortest file', async () => {
    const open = {
      'r.hea': 'r 2 100\na.dat 16+2 1\nb.dat 212 1',
      'a.dat': int16(99, 1, 2, 3),
      'b.dat': Uint8Array.of(1, 0, 2),
    };
    expect(await physical(open)).toEqual([
      [1, 2],
      [1, 2],
    ]);
    expect(await physical(open, { from: 1 })).toEqual([[2], [2]]);
    expect(await physical(open, { to: 1 })).toEqual([[1], [1]]);
  });
});

describe('a record of unknown length', () => {
  const record = (encoding: string) => ({ 'r.hea': `r 1 100\nr.dat ${encoding} 1`, 'r.dat': int16(1, 2) });

  test.each(['16', '8', '212', '16:3'])(
    'samples said to lie beyond the file are refused: %s',
    async format => {
      for (const offset of ['5', '5000', '9007199254000000']) {
        await expect(physical(record(`${format}+${offset}`))).rejects.toMatchObject({
          name: 'WfdbError',
          code: 'truncated',
          file: 'r.dat',
          expected: expect.stringContaining(`${offset} bytes before the first sample`),
        });
      }
      expect(await physical(record(`${format}+4`))).toEqual([[]]);
    },
  );

  test('a window that starts behind its end is the caller’s mistake', async () => {
    expect(await physical(record('16'), { from: 1 })).toEqual([[2]]);
    for (const from of [2, 3, 1e9]) {
      await expect(physical(record('16'), { from })).rejects.toThrow(RangeError);
    }
  });
});

describe('windows', () => {
  const bytes = int16(...Array.from({ length: 2000 }, (_, i) => i));
  const record = { 'r.hea': 'r 2 100 1000\nr.dat 16 1\nr.dat 16 1\n', 'r.dat': bytes };

  test('read only the bytes they need', async () => {
    const source = watched(files(record));
    await readRecord(source, 'r', { from: 2, to: 3.5, unit: 'seconds' });
    expect(source.ranges.filter(([name]) => name === 'r.dat')).toEqual([['r.dat', 800, 1400]]);
  });

  test.each([
    { from: -1 },
    { from: 1000 },
    { from: 5, to: 5 },
    { from: 5, to: 4 },
    { to: 1001 },
    { from: 0.5 },
    { from: nan },
    { to: Number.POSITIVE_INFINITY },
    { from: 9.996, unit: 'seconds' },
    { signals: ['nobody'] },
  ] as ReadOptions[])('%j is refused', async options => {
    await expect(read(record, options)).rejects.toThrow(RangeError);
  });

  test('signals come in the order asked for', async () => {
    const named = { ...record, 'r.hea': 'r 2 100 1000\nr.dat 16 1 16 0 0 0 0 I\nr.dat 16 1 16 0 0 0 0 II\n' };
    const { signals } = await read(named, { signals: ['II', 'I'], to: 1 });
    expect(signals.map(({ name, adc }) => [name, ...adc])).toEqual([
      ['II', 1],
      ['I', 0],
    ]);
  });
});

describe('checksums', () => {
  const record = (sums: string[], values = [1, 2, 3, 4]) => ({
    'r.hea': `r 2 100 2\n${sums.map(sum => `r.dat 16 1(0)/mV 16 0 0 ${sum}`).join('\n')}\n`,
    'r.dat': int16(...values),
  });

  test('signed or not, they are verified', async () => {
    expect((await read(record(['4', '6']))).signals.map(signal => signal.checksum)).toEqual([4, 6]);
    const negative = await read(record(['65532', '-6'], [-1, -2, -3, -4]));
    expect(negative.signals.map(({ checksum, computedChecksum }) => [checksum, computedChecksum])).toEqual([
      [-4, -4],
      [-6, -6],
    ]);
    await expect(read(record(['4', '7']))).rejects.toMatchObject({
      code: 'checksum',
      file: 'r.dat',
      expected: expect.stringContaining('sum to 7'),
      found: '6',
    });
  });

  test('0 counts where another signal has one, and where all are 0 none is given', async () => {
    await expect(read(record(['4', '0']))).rejects.toMatchObject({ code: 'checksum' });
    const { signals } = await read(record(['0', '0']));
    expect(signals.map(({ checksum, computedChecksum }) => [checksum, computedChecksum])).toEqual([
      [undefined, 4],
      [undefined, 6],
    ]);
  });

  test('a window is not verified', async () => {
    const { signals } = await read(record(['4', '7']), { to: 1 });
    expect(signals[0]).not.toHaveProperty('computedChecksum');
  });

  test('one wrong signal does not hinder another', async () => {
    const named = record(['4 0 good', '7 0 bad']);
    expect((await read(named, { signals: ['good'] })).signals[0]!.checksum).toBe(4);
    await expect(read(named, { signals: ['bad'] })).rejects.toMatchObject({ code: 'checksum' });
  });
});

describe('segments', () => {
  const fixed = {
    'm.hea': 'm/3 2 100 7\na 3\n~ 2\nb 2\n',
    'a.hea': 'a 2 100 3\na.dat 16 10(0)/mV 16 0 1 6 0 I\na.dat 16 10(0)/mV 16 0 4 15 0 II',
    'a.dat': int16(1, 4, 2, 5, 3, 6),
    'b.hea': 'b 2 100 2\nb.dat 16 10(0)/mV 16 0 7 15 0 I\nb.dat 16 10(0)/mV 16 0 9 19 0 II',
    'b.dat': int16(7, 9, 8, 10),
  };
  const variable = {
    'm.hea': 'm/4 3 100 7\nlayout 0\na 3\n~ 2\nb 2\n',
    'layout.hea':
      'layout 3 100 0\n~ 0 10(0)/mV 16 0 0 0 0 I\n~ 0 10(0)/mV 16 0 0 0 0 II\n~ 0 1(0)/mmHg 16 0 0 0 0 ABP',
    'a.hea': 'a 1 100 3\na.dat 16 10(0)/mV 16 0 1 6 0 II',
    'a.dat': int16(1, 2, 3),
    'b.hea': 'b 2 100 2\nb.dat 16 5(1)/mmHg 16 0 11 32 0 ABP\nb.dat 16 20(2)/mV 16 0 5 14 0 II',
    'b.dat': int16(11, 5, 21, 9),
  };

  test('fixed layout', async () => {
    expect(await physical(fixed, {}, 'm')).toEqual([
      [0.1, 0.2, 0.3, nan, nan, 0.7, 0.8],
      [0.4, 0.5, 0.6, nan, nan, 0.9, 1],
    ]);
    const { signals, length } = await read(fixed, {}, 'm');
    expect(length).toBe(7);
    expect([...signals[0]!.adc]).toEqual([1, 2, 3, -32768, -32768, 7, 8]);
  });

  test('variable layout: each segment in its own scale, signals by name, NaN where they are missing', async () => {
    const { signals } = await read(variable, {}, 'm');
    expect(signals.map(({ name, units }) => [name, units])).toEqual([
      ['I', 'mV'],
      ['II', 'mV'],
      ['ABP', 'mmHg'],
    ]);
    expect(signals.map(signal => [...signal.physical])).toEqual([
      [nan, nan, nan, nan, nan, nan, nan],
      [0.1, 0.2, 0.3, nan, nan, 0.15, 0.35],
      [nan, nan, nan, nan, nan, 2, 4],
    ]);
    // In the scale of the layout: 0.15 mV and 0.35 mV are 1.5 and 3.5 units, rounded.
    expect([...signals[1]!.adc]).toEqual([1, 2, 3, -32768, -32768, 2, 4]);
    expect(await physical(variable, { signals: ['ABP'], from: 4, to: 6 }, 'm')).toEqual([[nan, 2]]);
  });

  test('signals of one name keep their order from segment to segment', async () => {
    const twice = {
      'm.hea': 'm/3 2 100 3\nlayout 0\na 2\nb 1\n',
      'layout.hea': 'layout 2 100 0\n~ 0 1(0)/mV 16 0 0 0 0 II\n~ 0 1(0)/mV 16 0 0 0 0 II',
      'a.hea': 'a 2 100 2\na.dat 16 1(0)/mV 16 0 1 4 0 II\na.dat 16 1(0)/mV 16 0 2 6 0 II',
      'a.dat': int16(1, 2, 3, 4),
      'b.hea': 'b 1 100 1\nb.dat 16 1(0)/mV 16 0 5 5 0 II',
      'b.dat': int16(5),
    };
    expect(await physical(twice, {}, 'm')).toEqual([
      [1, 3, 5],
      [2, 4, nan],
    ]);
  });

  test('any window is a part of the whole', async () => {
    for (const record of [fixed, variable]) {
      const whole = await physical(record, {}, 'm');
      for (let from = 0; from < 7; from++) {
        for (let to = from + 1; to <= 7; to++) {
          expect(await physical(record, { from, to }, 'm')).toEqual(whole.map(list => list.slice(from, to)));
        }
      }
    }
  });

  test('a window opens only the segments it touches', async () => {
    const source = watched(files(variable));
    await readRecord(source, 'm', { from: 3, to: 7, signals: ['ABP'] });
    expect(new Set(source.ranges.map(([name]) => name))).toEqual(
      new Set(['m.hea', 'layout.hea', 'b.hea', 'b.dat']),
    );
    const inGap = watched(files(fixed));
    await readRecord(inGap, 'm', { from: 3, to: 5 });
    expect(inGap.ranges.map(([name]) => name)).toEqual(['m.hea', 'b.hea']);
  });

  test('checksums of segments are verified', async () => {
    await expect(physical({ ...fixed, 'b.dat': int16(7, 9, 8, 11) }, {}, 'm')).rejects.toMatchObject({
      code: 'checksum',
      file: 'b.dat',
    });
  });

  const refused: [string, Record<string, string>, string, object?][] = [
    ['a segment that has segments', { 'b.hea': '# b\nb/1 2 100 2\na 2' }, 'unsupported', at('b.hea', 2)],
    ['a record that holds itself', { 'm.hea': 'm/1 2 100 2\nm 2' }, 'unsupported', at('m.hea', 1)],
    [
      'another sampling frequency',
      { 'b.hea': fixed['b.hea'].replace('b 2 100', 'b 2 200') },
      'inconsistent',
      at('b.hea', 1),
    ],
    ['another length', { 'b.hea': fixed['b.hea'].replace('100 2', '100 3') }, 'inconsistent', at('b.hea', 1)],
    ['another number of signals', { 'b.hea': 'b 1 100 2\nb.dat 16 10' }, 'inconsistent', at('b.hea', 1)],
    [
      'another number than the master says',
      { 'm.hea': 'm/2 3 100 5\na 3\nb 2' },
      'inconsistent',
      at('a.hea', 1),
    ],
    [
      'another rate of a signal',
      { 'b.hea': 'b 2 100 1\nb.dat 16x2 10\nb.dat 16 10', 'm.hea': 'm/2 2 100 4\na 3\nb 1' },
      'inconsistent',
      at('b.hea', 2),
    ],
    [
      'another unit of a signal',
      { 'b.hea': fixed['b.hea'].replace(/mV(.*) II/, 'uV$1 II') },
      'inconsistent',
      at('b.hea', 3),
    ],
    ['only gaps', { 'm.hea': 'm/2 2 100 5\n~ 3\n~ 2' }, 'inconsistent', at('m.hea', 1)],
    ['a gap beyond memory', { 'm.hea': 'm/2 2 100\na 3\n~ 1000000000000' }, 'too-large'],
    ['a segment that is missing', { 'm.hea': 'm/2 2 100\na 3\nc 5' }, 'not-found'],
  ];
  test.each(refused)('%s is refused', async (_, change, code, place = {}) => {
    await expect(physical({ ...fixed, ...change }, {}, 'm')).rejects.toMatchObject({
      name: 'WfdbError',
      code,
      ...place,
    });
  });
});

describe('pieces', () => {
  const numbers = [...signalFormats]
    .filter(([, format]) => format.packing !== undefined)
    .map(([number]) => number);

  test('put together are the whole, and checksums are verified at the end', async () => {
    for (const format of numbers) {
      const bytes = Uint8Array.from({ length: 303 }, (_, i) => (i * 37 + 11) & 0xff);
      const record = {
        'r.hea': `r 3 10\nr.dat ${format}x2 7(3)\nr.dat ${format}:2 7\nr.dat ${format} 7`,
        'r.dat': bytes,
      };
      const whole = await read(record, { rate: 'signal' });
      for (const known of [true, false]) {
        const sums = whole.signals.map(signal => signal.computedChecksum);
        const header = known
          ? `r 3 10 ${whole.length}\nr.dat ${format}x2 7(3)/mV 0 0 0 ${sums[0]}\nr.dat ${format}:2 7(0)/mV 0 0 0 ${sums[1]}\nr.dat ${format} 7(0)/mV 0 0 0 ${sums[2]}`
          : record['r.hea'];
        const source = files({ ...record, 'r.hea': header });
        for (const seconds of [0.1, 0.7, 5, 100]) {
          const pieces = [];
          for await (const piece of recordChunks(source, 'r', { seconds, rate: 'signal' }))
            pieces.push(piece);
          let start = 0;
          for (const piece of pieces) {
            expect(piece.start).toBe(start);
            start += piece.length;
          }
          const skewed = known ? whole.length : start;
          for (const [i, signal] of whole.signals.entries()) {
            const put = pieces.flatMap(piece => [...piece.signals[i]!.physical]);
            expect(put, `format ${format}, ${seconds} s`).toEqual([...signal.physical].slice(0, put.length));
          }
          expect(start).toBe(skewed);
        }
        if (!known) continue;
        const wrong = files({ ...record, 'r.hea': header.replace(/(-?\d+)$/, sum => `${Number(sum) + 1}`) });
        const drain = async () => {
          for await (const _ of recordChunks(wrong, 'r', { seconds: 0.7 }));
        };
        await expect(drain()).rejects.toMatchObject({ code: 'checksum' });
      }
    }
  });

  test.each([
    ['a null signal', 'r 1 250 1000000000000000\n~ 0 200 16 0 0 0 0 I\n'],
    ['a gap', 'r/2 1 250 1000000000000001\ns 1\n~ 1000000000000000\n'],
    ['no signal', 'r 0 250 1000000000000000\n'],
  ])('%s of a length that nobody could wait for is refused', async (_, header) => {
    const segment = { 's.hea': 's 1 250 1\ns.dat 16 200 16 0 0 0 0 I\n', 's.dat': new Uint8Array(2) };
    const source = files({ 'r.hea': header, ...segment });
    const drain = async () => {
      for await (const _piece of recordChunks(source, 'r', { seconds: 40_000 }));
    };
    await expect(drain()).rejects.toMatchObject({ code: 'too-large' });
  });

  test('each reads only its own bytes', async () => {
    const source = watched(files({ 'r.hea': 'r 1 100 1000\nr.dat 16 1', 'r.dat': new Uint8Array(2000) }));
    for await (const _ of recordChunks(source, 'r', { seconds: 5 }));
    expect(source.ranges.slice(1)).toEqual([
      ['r.dat', 0, 1000],
      ['r.dat', 1000, 2000],
    ]);
  });

  test('format 8 is read once, not anew for each piece', async () => {
    const source = watched(files({ 'r.hea': 'r 1 100 1000\nr.dat 8 1', 'r.dat': new Uint8Array(1000) }));
    for await (const _ of recordChunks(source, 'r', { seconds: 1 }));
    const total = source.ranges.slice(1).reduce((sum, [, from, to]) => sum + to! - from, 0);
    expect(total).toBeLessThanOrEqual(2000);
  });

  test('a piece without a sample is refused', async () => {
    const source = files({ 'r.hea': 'r 1 100 10\nr.dat 16 1', 'r.dat': new Uint8Array(20) });
    for (const seconds of [0, -1, 0.001, nan]) {
      await expect(recordChunks(source, 'r', { seconds }).next()).rejects.toThrow(RangeError);
    }
  });
});

describe('files that lie', () => {
  const header = (line: string, length: number) => `r 1 100 ${length}\n${line}\n`;

  test.each([8, 16, 24, 32, 61, 80, 160, 212, 310, 311, 508, 516, 524])(
    'format %i: a header that claims 10¹² samples allocates nothing',
    async format => {
      const lying = { 'r.hea': header(`r.dat ${format}`, 1e12), 'r.dat': new Uint8Array(100) };
      await expect(read(lying)).rejects.toMatchObject({ name: 'WfdbError' });
      const wide = { 'r.hea': header(`r.dat ${format}x1000000000`, 5), 'r.dat': new Uint8Array(100) };
      await expect(read(wide)).rejects.toMatchObject({ name: 'WfdbError' });
    },
  );

  test('what a few bytes are to be repeated into is bounded', async () => {
    const million = new Uint8Array(2_000_000);
    const segments = {
      'm.hea': `m/3000 1 100\n${'a 1000000\n'.repeat(3000)}`,
      'a.hea': 'a 1 100 1000000\na.dat 16 1',
      'a.dat': million,
    };
    await expect(read(segments, {}, 'm')).rejects.toMatchObject({ code: 'too-large', file: 'm.hea' });
    const faster = {
      'r.hea': `r 301 100 1\na.dat 16x1000000 1\n${'b.dat 16 1\n'.repeat(300)}`,
      'a.dat': million,
      'b.dat': new Uint8Array(600),
    };
    await expect(read(faster, { rate: 'highest' })).rejects.toMatchObject({
      code: 'too-large',
      file: 'r.hea',
    });
    const aliases = Array.from({ length: 3 }, (_, i) => `${'./'.repeat(i)}a.dat 16 1`);
    const one = { 'r.hea': `r 3 100 1\n${aliases.join('\n')}`, 'a.dat': int16(1, 2, 3) };
    expect(await physical(one)).toEqual([[1], [2], [3]]);
  });

  test('null signals without end are refused', async () => {
    await expect(read({ 'r.hea': header('~ 0', 1e12) })).rejects.toMatchObject({ code: 'too-large' });
  });

  test.each([8, 16, 24, 32, 61, 80, 160, 212, 310, 311])(
    'format %i: a file cut at any byte is refused',
    async format => {
      const bytes = new Uint8Array(36).fill(0x11);
      const whole = await read({ 'r.hea': `r 1 100\nr.dat ${format} 1`, 'r.dat': bytes });
      const text = header(`r.dat ${format} 1`, whole.length);
      for (let length = 0; length < bytes.length; length++) {
        const cut = { 'r.hea': text, 'r.dat': bytes.subarray(0, length) };
        await expect(read(cut), `${length} bytes`).rejects.toMatchObject({
          code: 'truncated',
          file: 'r.dat',
          byte: length,
        });
      }
      expect((await read({ 'r.hea': text, 'r.dat': bytes })).length).toBe(whole.length);
    },
  );

  test('signals of one file that disagree are refused', async () => {
    for (const second of ['r.dat 212', 'r.dat 16+4']) {
      const source = { 'r.hea': `r 2 100 1\nr.dat 16\n${second}`, 'r.dat': new Uint8Array(8) };
      await expect(read(source)).rejects.toMatchObject({ code: 'inconsistent', ...at('r.hea', 3) });
    }
    const apart = {
      'r.hea': 'r 3 100 1\nr.dat 16\ns.dat 16\nr.dat 16',
      'r.dat': new Uint8Array(8),
      's.dat': new Uint8Array(8),
    };
    await expect(read(apart)).rejects.toMatchObject({ code: 'inconsistent', ...at('r.hea', 4) });
  });

  test('FLAC that is none, cut, damaged, of other width or channels is refused', async () => {
    const flac = { 'r.hea': header('r.dat 516', 10), 'r.dat': ascii('fLaC and then nothing of the kind') };
    await expect(read(flac)).rejects.toMatchObject({ name: 'WfdbError' });
    await expect(read({ ...flac, 'r.dat': new Uint8Array(0) })).rejects.toMatchObject({ code: 'syntax' });
    await expect(read({ ...flac, 'r.dat': ascii('RIFF') })).rejects.toMatchObject({ code: 'syntax' });
    const nine = Array.from({ length: 9 }, () => 'r.dat 516').join('\n');
    await expect(read({ ...flac, 'r.hea': `r 9 100 10\n${nine}` })).rejects.toMatchObject({
      code: 'inconsistent',
      ...at('r.hea', 10),
    });
    const unequal = 'r 2 100 10\nr.dat 516\nr.dat 516x2';
    await expect(read({ ...flac, 'r.hea': unequal })).rejects.toMatchObject({
      code: 'inconsistent',
      ...at('r.hea', 3),
    });
  });

  test('any bytes in any format read or are refused with a WfdbError', async () => {
    const numbers = fc.constantFrom(0, 8, 16, 24, 32, 61, 80, 160, 212, 310, 311);
    const line = fc.record({
      format: numbers,
      width: fc.integer({ min: 1, max: 4 }),
      skew: fc.integer({ min: 0, max: 5 }),
      offset: fc.integer({ min: 0, max: 6 }),
    });
    const property = fc.asyncProperty(
      line,
      fc.integer({ min: 0, max: 40 }),
      fc.uint8Array({ maxLength: 90 }),
      async (given, length, bytes) => {
        const text = `r.dat ${given.format}x${given.width}:${given.skew}+${given.offset} 1`;
        try {
          const { signals } = await read({ 'r.hea': `r 2 100 ${length}\n${text}\n${text}`, 'r.dat': bytes });
          for (const signal of signals) expect(signal.adc.length).toBe(signal.physical.length);
        } catch (error) {
          expect(error).toMatchObject({ name: 'WfdbError' });
        }
      },
    );
    await fc.assert(property, { numRuns: 3000, seed: 6 });
  });
});
