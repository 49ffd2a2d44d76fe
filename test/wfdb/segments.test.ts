/** Records of several segments, with a fixed and with a variable layout. */
import { describe, expect, test } from 'vitest';
import { readRecord } from '../../src/wfdb/record.ts';
import { at, files, int16, nan, physical, read, watched } from './record-in-memory.ts';

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
