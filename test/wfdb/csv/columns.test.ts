/** Which columns and rows of a table are signals. */
import { describe, expect, test } from 'vitest';
import { parseCsv } from '../../../src/wfdb/csv/read-csv.ts';
import { fixture, shown } from './csv-fixture.ts';

describe('columns and rows', () => {
  test('a column of text is left out and named, or makes annotations', async () => {
    const plain = await fixture('text-column.csv');
    expect(shown(plain)).toEqual({ samplingFrequency: 250, signals: [['ecg', 'mV', 0.1, 0.2, 0.3]] });
    expect(plain.warnings.map(({ message }) => message).join()).toMatch(/label left out: text/);
    const { annotations } = parseCsv(
      'time,ecg,label\n0.000,0.1,\n0.004,0.2,N\n0.008,0.3,N\n0.012,0.3,lead off\n0.016,0.2,(AFIB\n',
      { labels: 'label' },
    );
    expect(annotations.map(({ sample, symbol, aux }) => [sample, symbol, aux])).toEqual([
      [1, 'N', ''],
      [3, '"', 'lead off'],
      [4, '+', '(AFIB'],
    ]);
  });

  test('a first label far down makes a column of text, a bad number does not', () => {
    const rows = Array.from(
      { length: 300 },
      (_, i) => `${(i / 100).toFixed(2)},0.5,${i === 250 ? 'V' : ''}\n`,
    );
    expect(parseCsv(`time,ecg,note\n${rows.join('')}`).signals.map(({ name }) => name)).toEqual(['ecg']);
    expect(() => parseCsv(`time,note,ecg\n${rows.join('').replace('2.60,0.5', '2.60,0.x')}`)).toThrow(
      /line 262: expected a number in column 2, found '0.x' \(option columns/,
    );
  });

  test('rows without a value at the end are none', async () => {
    expect((await fixture('excel-tail.csv')).length).toBe(3);
    expect(parseCsv('time;ecg\n0,00;0,1\n0,01;0,2\n;\n;\n\n ; \n').length).toBe(2);
  });

  test('the error shows the first invalid cell of the first row, not the header', () => {
    expect(() => parseCsv('time,I,II\n0.000,0.1,n.d.\n0.004,0.1,0.2\n')).toThrow(
      /line 2: expected a number in column 3, found 'n.d.'/,
    );
    expect(() => parseCsv('Alter;45\nZeit;EKG\n0,000;?\n0,004;0,2\n')).toThrow(
      /line 3: expected a number in column 2, found '\?'/,
    );
  });

  test('columns by name, letter case aside, or by place', () => {
    const text = 'time,I,II,note\n0.00,0.1,x,a\n0.01,0.2,0.3,b\n';
    expect(parseCsv(text, { columns: ['i'] }).signals.map(({ name }) => name)).toEqual(['I']);
    expect(
      parseCsv('1.5,2.5,3.5\n', { columns: [3, '1'], samplingFrequency: 1 }).signals.map(
        ({ physical }) => physical[0],
      ),
    ).toEqual([3.5, 1.5]);
    expect(() => parseCsv(text, { columns: ['III'] })).toThrow(
      "no column 'III'; its columns are 'time', 'I', 'II', 'note'",
    );
    expect(() => parseCsv(text, { columns: ['I', 'I'] })).toThrow(RangeError);
    expect(() => parseCsv(text, { columns: ['II'] })).toThrow(
      /line 2: expected a number in column 3, found 'x'/,
    );
  });

  test('a signal in one line', async () => {
    await expect(fixture('one-line.csv')).rejects.toThrow(/one row of 8 columns \(transpose, --transpose/);
    expect(
      (await fixture('one-line.csv', { samplingFrequency: 360 })).warnings
        .map(({ message }) => message)
        .join(),
    ).toMatch(/one row, 8 columns.*--transpose/);
    const { signals, length } = await fixture('one-line.csv', {
      transpose: true,
      samplingFrequency: 360,
      units: 'uV',
    });
    expect({ length, samples: [...signals[0]!.physical] }).toEqual({
      length: 8,
      samples: [-116, -113, -113, -115, -117, -123, -128, -130],
    });
  });

  test('a lead in each line, with names, however long', () => {
    const line = (name: string, k: number): string =>
      `${name},${Array.from({ length: 50_000 }, (_, i) => ((i * k) % 97) / 10).join()}\n`;
    const text = line('I', 1) + line('II', 2);
    expect(() => parseCsv(text, { samplingFrequency: 500 })).toThrow(/--transpose/);
    const { signals, length } = parseCsv(text, { samplingFrequency: 500, transpose: true });
    expect(signals.map(({ name, physical }) => [name, length, physical[10]])).toEqual([
      ['I', 50_000, 1],
      ['II', 50_000, 2],
    ]);
  });

  test('an error in a transposed table says how it counts', () => {
    const run = () => parseCsv('I 1 2 x 4\nII 5 6 7 8\n', { samplingFrequency: 1, transpose: true });
    expect(run).toThrow(
      /line 4: expected a number in column 1, found 'x' \(rows and columns counted after transposing\)/,
    );
  });

  test('the numbers that pandas gives unnamed columns are names', () => {
    const { signals, samplingFrequency } = parseCsv(',0,1\n0,0.5,1.5\n1,0.6,1.6\n', {
      samplingFrequency: 100,
    });
    expect([samplingFrequency, ...signals.map(({ name, physical }) => [name, ...physical])]).toEqual([
      100,
      ['0', 0.5, 0.6],
      ['1', 1.5, 1.6],
    ]);
  });
});
