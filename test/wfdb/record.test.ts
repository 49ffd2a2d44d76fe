/** What `readRecord` gives of one record: frames, skew, a length that the header leaves open, windows and checksums. */
import { describe, expect, test } from 'vitest';
import { type ReadOptions, readRecord } from '../../src/wfdb/record.ts';
import { files, int16, nan, physical, read, watched } from './record-in-memory.ts';

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
