/** A table that cannot be read is refused with the line and the column of the mistake. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseCsv } from '../../../src/wfdb/csv/read-csv.ts';
import { WfdbError } from '../../../src/wfdb/errors.ts';
import { errorOf, rows } from './parsed-table.ts';

describe('errors name their line', () => {
  const given = { file: 'x.csv', samplingFrequency: 100 };
  test.each([
    ['a cell that is no number', 'I,II\n1,2\n3,x\n', 3],
    ['a hexadecimal cell', 'I,II\n1,2\n0x10,3\n', 3],
    ['an infinite cell', 'I,II\n1,2\n1e999,3\n', 3],
    ['a second header', 'I,II\n1,2\nI,II\n', 3],
    ['too few cells', 'I,II\n1,2\n3\n', 3],
    ['too many cells', 'I,II\n1,2\n3,4,5\n', 3],
    ['a header with more names than columns', 'I,II,III\n1,2\n3,4\n', 1],
    ['a bad cell in the first row', 'I,II\n1,x\n3,4\n', 2],
    ['a blank line among the rows', 'I\n1\n\n2\n', 3],
    ['a quote that does not close', 'I,II\n1,2\n"3,4\n', 3],
    ['a missing row', 'time,I\n0.000,1\n0.010,1\n0.020,1\n0.040,1\n0.050,1\n', 5],
    ['a repeated row', 'time,I\n0.000,1\n0.010,1\n0.010,1\n0.020,1\n0.030,1\n', 4],
    ['times out of order', 'time,I\n0.00,1\n0.01,1\n0.02,1\n0.01,1\n0.03,1\n', 5],
    ['a time that is not there', 'time,I\n0.00,1\n,1\n', 3],
    ['sample numbers that jump', 'sample,I\n0,1\n1,1\n3,1\n', 4],
    ['times only', 'time\n0.00\n0.01\n', 2],
    ['an ADC value too large', 'I\n3000000000\n', 2],
    ['nothing', '', 1],
    ['blank lines', '\n\n', 1],
    ['a header alone', 'time,I\n', 1],
    ['prose', 'It was the best of times,\nit was the worst of times\n', 1],
  ])('%s', (_, text, line) => {
    const error = errorOf(() => parseCsv(text, given));
    expect(error.message).toMatch(/^x\.csv, line \d+: expected .+, found .+$/);
    expect(error.line).toBe(line);
  });

  test('binary data', () => {
    expect(errorOf(() => parseCsv('\u0089PNG\u001a\n\u0000\u0000', given)).code).toBe('syntax');
  });

  test('a line of unlimited length', () => {
    expect(errorOf(() => parseCsv('1,'.repeat(100_000), given)).code).toBe('too-large');
  });

  test('times that contradict the given sampling frequency', () => {
    const text = `time,I\n${rows(20, i => `${i / 250},0.1`)}`;
    expect(errorOf(() => parseCsv(text, { samplingFrequency: 360 })).code).toBe('inconsistent');
  });

  test('a first column that grows evenly in a unit of time is time, in any language; one that does not is a signal', () => {
    const even = parseCsv(
      `Zeit;MLII\ns;mV\n${rows(20, i => `${(i / 360).toFixed(3).replace('.', ',')};0,5`)}`,
    );
    expect(even.signals.map(({ name }) => name)).toEqual(['MLII']);
    expect(even.samplingFrequency).toBe(360);
    const uneven = parseCsv(`RR,MLII\nms,mV\n${rows(20, i => `${800 + 50 * (i % 3)},0.5`)}`, {
      samplingFrequency: 1,
    });
    expect(uneven.signals.map(({ name }) => name)).toEqual(['RR', 'MLII']);
  });

  test('a caller mistake is a RangeError', () => {
    expect(() => parseCsv('I\n1\n')).toThrow(/no time column: its sampling frequency in Hz must be given/);
    expect(() => parseCsv('time,I\n0,1\n')).toThrow(RangeError);
    expect(() => parseCsv('I\n1\n', { samplingFrequency: 0 })).toThrow(RangeError);
    expect(() => parseCsv('I\n1\n', { samplingFrequency: 1, adcGain: 0 })).toThrow(RangeError);
    expect(() => parseCsv('I\n1\n', { samplingFrequency: 1, baseline: Number.NaN })).toThrow(RangeError);
  });

  test('any text is a recording or a WfdbError or RangeError', () => {
    const cell = fc.oneof(
      fc.constantFrom(
        '0',
        '1.5',
        '-0,3',
        '-',
        '',
        'time',
        "'",
        '"',
        '\\',
        '#',
        '[',
        '12:00:00',
        'NaN',
        '1e400',
      ),
      fc.string({ maxLength: 5 }),
    );
    const text = fc.array(fc.tuple(cell, fc.constantFrom(',', ';', '\t', '\n', '\r', ' ', '|')), {
      maxLength: 40,
    });
    fc.assert(
      fc.property(text, pieces => {
        try {
          const { length, signals } = parseCsv(pieces.flat().join(''), { samplingFrequency: 100 });
          for (const signal of signals) expect(signal.physical).toHaveLength(length);
        } catch (error) {
          if (!(error instanceof WfdbError) && !(error instanceof RangeError)) throw error;
        }
      }),
      { seed: 11, numRuns: 3000 },
    );
  });

  test('every prefix of a listing is a shorter recording or an error', () => {
    const text = `'Elapsed time','I'\n'seconds','mV'\n${rows(20, i => `${(i / 360).toFixed(3)},${(i / 50).toFixed(3)}`)}`;
    const whole = parseCsv(text, { samplingFrequency: 360 }).signals[0]!.physical;
    for (let end = 0; end < text.length; end++) {
      try {
        const { physical } = parseCsv(text.slice(0, end), { samplingFrequency: 360 }).signals[0]!;
        // Only the last number can have lost digits.
        expect([...physical.slice(0, -1)]).toEqual([...whole.slice(0, physical.length - 1)]);
      } catch (error) {
        if (!(error instanceof WfdbError)) throw error;
      }
    }
  });
});
