/** Marks as people have them: in samples, seconds, milliseconds or clock times, with labels and without. */
import { describe, expect, test } from 'vitest';
import { parseAnnotationsCsv } from '../../../src/wfdb/csv/read-annotations.ts';
import { parseCsv } from '../../../src/wfdb/csv/read-csv.ts';
import { WfdbError } from '../../../src/wfdb/errors.ts';

const marks = (
  text: string,
  options: Parameters<typeof parseAnnotationsCsv>[1] = { samplingFrequency: 360 },
) =>
  parseAnnotationsCsv(text, options)
    .map(({ sample, symbol }) => `${sample}${symbol}`)
    .join(' ');

describe('places', () => {
  test.each([
    ['sample numbers alone', '77\n370\n662\n', '77N 370N 662N'],
    ['sample numbers under any name', 'R peaks\n77\n370\n', '77N 370N'],
    ['seconds alone', '0.5\n1.25\n', '180N 450N'],
    ['seconds under a name', 'time,label\n1,V\n2,N\n', '360V 720N'],
    ['seconds with decimal commas', 'Zeit;Typ\n0,5;N\n1,25;V\n'.replace('Typ', 'label'), '180N 450V'],
    ['milliseconds', 'R peak [ms]\n500\n1250\n', '180N 450N'],
    ['elapsed clock times', '0:00.500 N\n0:01.250 V\n', '180N 450V'],
    ['samples beside times', 'time,sample,symbol\n9.9,77,N\n', '77N'],
    ['blanks between', '77 N\n370 V\n', '77N 370V'],
    ['a list with a comma', '77,N\n370,V\n', '77N 370V'],
  ])('%s', (_, text, expected) => {
    expect(marks(text)).toBe(expected);
  });

  test('clock times count from the time of the first sample', () => {
    const options = { samplingFrequency: 250, start: '23:59:59.000' };
    expect(marks('when,label\n23:59:59.500,N\n00:00:01.000,V\n', options)).toBe('125N 500V');
    const dated = { samplingFrequency: 250, start: '2021-02-22T13:14:04Z' };
    expect(marks('when\n2021-02-22 13:14:05\n22.02.2021 13:14:06,5\n', dated)).toBe('250N 625N');
    expect(marks('ts\n1614000001.5\n', { samplingFrequency: 250, start: '1614000000' })).toBe('375N');
    expect(() => marks('when\n13:14:05 PM\n', { samplingFrequency: 250 })).toThrow(WfdbError);
    expect(() => marks('when\n1:14:05 PM\n', { samplingFrequency: 250 })).toThrow(
      /start, the time at which the record begins, must be given/,
    );
  });

  test('a table of samples says when it starts', () => {
    const { startTime, samplingFrequency } = parseCsv('Time,ecg\n13:14:04.000,0.5\n13:14:04.004,0.6\n');
    expect(startTime).toBe('13:14:04.000');
    expect(marks('13:14:04.004 V\n', { samplingFrequency, start: startTime! })).toBe('1V');
    expect(parseCsv('time,ecg\n0.000,0.5\n0.004,0.6\n').startTime).toBeUndefined();
  });

  test('times need a sampling frequency', () => {
    expect(() => marks('0.5\n1.25\n', {})).toThrow(/samplingFrequency must be given/);
  });
});

describe('labels', () => {
  test('that are no symbols are kept as text', () => {
    expect(parseAnnotationsCsv('sample;event\n77;lead off\n80;(AFIB\n90;V\n')).toMatchObject([
      { sample: 77, symbol: '"', aux: 'lead off' },
      { sample: 80, symbol: '+', aux: '(AFIB' },
      { sample: 90, symbol: 'V', aux: '' },
    ]);
  });
});

test.each([
  ['two readings of a comma', '0,5\n1,5\n2,5\n', /line 1: expected rows that can be read in one way only/],
  [
    'two readings of a number',
    'time;label\n1,250;N\n2,500;N\n',
    /line 2: expected a number that can be read in one way only/,
  ],
  ['a sample that is none', 'sample,symbol\n1.5,N\n', /line 2: expected an integer in column sample/],
  ['a place that is none', 'time,symbol\n1.5,N\nx,N\n', /line 3: expected a position in column 1, found 'x'/],
  ['no places', 'symbol,aux\nN,x\n', /line 1: expected a column of sample numbers or times/],
])('%s is refused', (_, text, message) => {
  expect(() => marks(text)).toThrow(message);
});
