/** Time columns of tables: which one counts, how its times are read, and gaps in them. */
import { describe, expect, test } from 'vitest';
import { parseCsv } from '../../../src/wfdb/csv/read-csv.ts';
import { fixture, shown } from './csv-fixture.ts';

describe('time columns', () => {
  test('of several clocks the even one with a unit; the others are no signals', async () => {
    const recording = await fixture('psl.csv');
    expect(shown(recording)).toEqual({ samplingFrequency: 130, signals: [['ecg', 'uV', -45, -40, -38]] });
    expect(recording.warnings.map(({ message }) => message).join()).toMatch(
      /Phone timestamp.* left out: times, as timestamp is/,
    );
  });

  test.each([
    ['clock-other-name.csv', 'ecg'],
    ['zeit.csv', 'EKG'],
    ['us-date.csv', 'ECG'],
  ])('clock times under any name: %s', async (name, lead) => {
    const { samplingFrequency, signals } = await fixture(name);
    expect(samplingFrequency).toBe(250);
    expect(signals.map(signal => signal.name)).toEqual([lead]);
  });

  test('an epoch in nanoseconds without a unit; sparse columns have NaN', async () => {
    const { samplingFrequency, start, signals } = await fixture('ecglogger-ns.csv');
    expect({ samplingFrequency, start }).toEqual({ samplingFrequency: 130, start: 0 });
    expect(signals.map(({ name, units }) => [name, units])).toEqual([
      ['ecg', 'mV'],
      ['hr', 'bpm'],
      ['rr', 'NU'],
    ]);
    expect([...signals[1]!.physical]).toEqual([75, Number.NaN, Number.NaN]);
    const { signals: chosen } = await fixture('ecglogger-ns.csv', { columns: ['ecg'] });
    expect(chosen.map(({ name }) => name)).toEqual(['ecg']);
  });

  test.each([
    ['seconds', 1],
    ['milliseconds', 1e3],
    ['microseconds', 1e6],
    ['nanoseconds', 1e9],
  ])('an epoch in %s', (_, perSecond) => {
    const rows = Array.from(
      { length: 300 },
      (_, i) => `${((1.7e9 + i / 128) * perSecond).toFixed(perSecond === 1 ? 7 : 0)},0.5\n`,
    );
    expect(parseCsv(`when,ecg\n${rows.join('')}`.replace('when', 'ts'))).toMatchObject({
      samplingFrequency: 128,
      start: 0,
    });
  });

  test.each(['Zeit', 'temps', 'tiempo', 'Время', '時刻', '시간', 'Uhrzeit', 'x'])(
    'a first column named %s that grows evenly',
    name => {
      const rows = Array.from(
        { length: 12 },
        (_, i) => `${(i / 500).toFixed(3)};${Math.sin(i).toFixed(3)}\n`,
      );
      expect(parseCsv(`${name};a;b\n${rows.map(row => row.replace('\n', ';0.5\n')).join('')}`)).toMatchObject(
        {
          samplingFrequency: 500,
          signals: [{ name: 'a' }, { name: 'b' }],
        },
      );
    },
  );

  test.each([
    ['12 hours', ['11:59:59.996 AM', '12:00:00.000 PM', '12:00:00.004 PM']],
    [
      'month first',
      ['02/22/2021 11:59:59.996 PM', '02/23/2021 12:00:00.000 AM', '02/23/2021 12:00:00.004 AM'],
    ],
    ['day first', ['28/02/2021 23:59:59.996', '01/03/2021 00:00:00.000', '01/03/2021 00:00:00.004']],
    ['points', ['28.02.2021 23:59:59.996', '01.03.2021 00:00:00.000', '01.03.2021 00:00:00.004']],
    ['year first', ['2021/02/28 23:59:59.996', '2021/03/01 00:00:00.000', '2021/03/01 00:00:00.004']],
    [
      'a month in letters',
      ['28-Feb-2021 23:59:59.996', '01-Mar-2021 00:00:00.000', '01-Mar-2021 00:00:00.004'],
    ],
    ['no date', ['23:59:59.996', '00:00:00.000', '00:00:00.004']],
  ])('clock times: %s', (_, times) => {
    expect(parseCsv(`when,ecg\n${times.map(time => `${time},0.5\n`).join('')}`)).toMatchObject({
      samplingFrequency: 250,
      start: 0,
    });
  });

  test('a time that cannot be read is pointed at and shown', () => {
    const run = () => parseCsv('Timestamp,ECG\n2021/13/45 99:99,0.1\n2021/13/45 99:99,0.2\n');
    expect(run).toThrow(/line 2: expected a time in column 1, found '2021\/13\/45 99:99'.*--ignore-times/);
    const late = () => parseCsv('Timestamp,ECG\n13:14:04.000,0.1\n13:14:04.004,0.2\n13:14:4x,0.2\n');
    expect(late).toThrow(/line 4: expected a clock time in column 1, found '13:14:4x'/);
  });

  test('times are passed over when asked', () => {
    const text = 'time,ecg\n0,0.1\n0,0.2\n0,0.3\n';
    expect(() => parseCsv(text, { samplingFrequency: 250 })).toThrow(/--ignore-times/);
    const recording = parseCsv(text, { samplingFrequency: 250, ignoreTimes: true });
    expect(shown(recording)).toEqual({ samplingFrequency: 250, signals: [['ecg', 'mV', 0.1, 0.2, 0.3]] });
    expect(recording.warnings.map(({ message }) => message).join()).toMatch(
      /time left out: its times are ignored/,
    );
    expect(() => parseCsv(text, { ignoreTimes: true })).toThrow(/--frequency/);
  });
});

describe('gaps', () => {
  test('are refused with the option that fills them', async () => {
    await expect(fixture('gap.csv')).rejects.toThrow(
      /line 4: expected a step of 0.004 s, found 0.4 s .*--gaps nan/,
    );
  });

  test('are NaN when asked for', async () => {
    const { length, signals, warnings } = await fixture('gap.csv', { gaps: 'nan' });
    const { physical, adc } = signals[0]!;
    expect(length).toBe(104);
    expect([...physical.slice(0, 3), ...physical.slice(100)]).toEqual([
      0.1,
      0.2,
      Number.NaN,
      Number.NaN,
      0.3,
      0.4,
      0.5,
    ]);
    expect(physical.slice(2, 101).every(Number.isNaN)).toBe(true);
    expect([adc[1], adc[2], adc[101]]).toEqual([2, -(2 ** 31), 3]);
    expect(warnings.map(({ message }) => message).join()).toContain(
      'gap.csv, line 4: 99 samples are missing, the first here, and are NaN',
    );
  });

  test('in rounded clock times and in sample numbers', () => {
    const kept = Array.from({ length: 1000 }, (_, i) => i).filter(i => i < 300 || i >= 447);
    const clock = (i: number): string => `12:00:0${(i / 360).toFixed(3)}`;
    const table = parseCsv(`t,ecg\n${kept.map(i => `${clock(i)},${i / 100}\n`).join('')}`, { gaps: 'nan' });
    expect(table).toMatchObject({ samplingFrequency: 360, length: 1000 });
    expect(table.signals[0]!.physical[447]).toBe(4.47);
    const numbered = parseCsv('sample,ecg\n5,0.5\n6,0.6\n9,0.9\n', { gaps: 'nan', samplingFrequency: 1 });
    expect(numbered).toMatchObject({ start: 5, length: 5 });
    expect([...numbered.signals[0]!.physical]).toEqual([0.5, 0.6, Number.NaN, Number.NaN, 0.9]);
  });

  test('times that go back, or a gap of years, are errors all the same', () => {
    const rows = (...times: string[]): string => `time,ecg\n${times.map(time => `${time},1.5\n`).join('')}`;
    expect(() => parseCsv(rows('0.00', '0.01', '0.02', '0.01'), { gaps: 'nan' })).toThrow(
      /line 5: expected increasing times/,
    );
    expect(() => parseCsv(rows('0.00', '0.01', '0.02', '90000000.00'), { gaps: 'nan' })).toThrow(
      /line 5: expected a gap that is short/,
    );
  });
});
