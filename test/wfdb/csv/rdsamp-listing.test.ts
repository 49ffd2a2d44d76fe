/** Listings of `rdsamp` against the values they print. */
import { describe, expect, test } from 'vitest';
import { parseCsv } from '../../../src/wfdb/csv/read-csv.ts';
import { rows } from './parsed-table.ts';

describe('rdsamp listings', () => {
  test('physical values with single quotes, a row of units and - for an invalid sample', () => {
    const text = `'Elapsed time','MLII','V5'\n'seconds','mV','uV'\n0.000,-0.145,-65\n0.004,-,-64\n0.008,1.000,-63\n`;
    const table = parseCsv(text, { file: 'x/100.csv' });
    expect(table).toMatchObject({ name: 'x/100', samplingFrequency: 250, start: 0, length: 3 });
    expect(table.signals.map(({ name, units }) => [name, units])).toEqual([
      ['MLII', 'mV'],
      ['V5', 'uV'],
    ]);
    expect([...table.signals[0]!.physical]).toEqual([-0.145, Number.NaN, 1]);
    expect([...table.signals[0]!.adc]).toEqual([-145, -(2 ** 31), 1000]);
    expect(table.signals[0]).toMatchObject({ adcGain: 1000, baseline: 0, calibrated: true });
  });

  test('escaped quotes and backslashes, and delimiters, in names', () => {
    const text = `'sample #','d\\'Arsonval','a\\\\','x, y'\n0,1,2,3\n1,4,5,6\n`;
    expect(parseCsv(text, { samplingFrequency: 1 }).signals.map(signal => signal.name)).toEqual([
      "d'Arsonval",
      'a\\',
      'x, y',
    ]);
  });

  test('tab columns with padded cells and units in parentheses', () => {
    const text = `   Elapsed time\t   MLII\t     V5\n      (seconds)\t   (mV)\t   (mV)\n${rows(4, i => `${(2 + i / 200).toFixed(3).padStart(15)}\t -0.145\t      -`)}`;
    const table = parseCsv(text);
    expect(table).toMatchObject({ samplingFrequency: 200, start: 400, length: 4 });
    expect(table.signals[1]!.physical.every(Number.isNaN)).toBe(true);
  });

  test('raw values: sample numbers say where, −32768 is an invalid sample', () => {
    const table = parseCsv(`       sample #\t   MLII\n             10\t    995\n             11\t -32768\n`, {
      samplingFrequency: 360,
    });
    expect(table.start).toBe(10);
    expect([...table.signals[0]!.physical]).toEqual([995 / 200, Number.NaN]);
  });

  test('sample intervals carry the sampling frequency', () => {
    const text = `'sample interval','MLII'\n'0.00277778 sec','mV'\n7,-0.145\n8,-0.145\n`;
    expect(parseCsv(text)).toMatchObject({ samplingFrequency: 360, start: 7 });
  });

  test.each([
    [
      'elapsed clock',
      `'Elapsed time','I'\n'hh:mm:ss.mmm','mV'\n`,
      ['0:59.998', '1:00.000', '1:00.002'],
      29_999,
    ],
    [
      'time of day',
      `'Time','I'\n'hh:mm:ss.mmm','mV'\n`,
      ['[23:59:59.998]', '[00:00:00.000]', '[00:00:00.002]'],
      0,
    ],
    [
      'time and date',
      `'Time and date','I'\n'hh:mm:ss.mmm dd/mm/yyyy','mV'\n`,
      ['[23:59:59.998 31/12/1999]', '[00:00:00.000 01/01/2000]', '[00:00:00.002 01/01/2000]'],
      0,
    ],
    [
      'ISO 8601',
      'timestamp,I\n',
      ['1999-12-31T23:59:59.998Z', '2000-01-01T00:00:00.000Z', '2000-01-01T00:00:00.002Z'],
      0,
    ],
  ])('%s', (_, head, times, start) => {
    const text =
      head + times.map(time => (head.startsWith("'") ? `'${time}',0.5\n` : `${time},0.5\n`)).join('');
    expect(parseCsv(text)).toMatchObject({ samplingFrequency: 500, start, length: 3 });
  });

  test('minutes and hours', () => {
    const minutes = `'Elapsed time','I'\n'minutes','mV'\n${rows(5000, i => `${(i / 360 / 60).toFixed(5)},0.5`)}`;
    const hours = `'Elapsed time','I'\n'hours','mV'\n${rows(5000, i => `${(i / 360 / 3600).toFixed(7)},0.5`)}`;
    expect(parseCsv(minutes).samplingFrequency).toBe(360);
    expect(parseCsv(hours).samplingFrequency).toBe(360);
  });
});
