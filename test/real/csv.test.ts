/** Record 100 as people pass it around in text equals record 100 as PhysioNet publishes it. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { fileSource, wfdbPath } from '../../src/node/files.ts';
import { readAnnotations } from '../../src/wfdb/annotations/annotation-file.ts';
import { parseRdann } from '../../src/wfdb/annotations/rdann.ts';
import { parseAnnotationsCsv } from '../../src/wfdb/csv/read-annotations.ts';
import { parseCsv } from '../../src/wfdb/csv/read-csv.ts';
import { formatAnnotationsCsv, formatCsv } from '../../src/wfdb/csv/write-csv.ts';
import { readRecord } from '../../src/wfdb/record.ts';
import { expectSameSamples } from '../same-samples.ts';
import { databaseFolder } from './recordings.ts';

const folder = databaseFolder('csv');
const onText = folder === undefined || databaseFolder('mitdb') === undefined ? describe.skip : describe;
const source = fileSource(wfdbPath());
const same = (a: Float64Array, b: Float64Array): boolean =>
  a.length === b.length && a.every((value, i) => value === b[i]);
const text = (name: string): string => readFileSync(join(folder!, name), 'utf8');

onText('record 100 in text', () => {
  test('a raw sample table with the header gains is the record, value by value', async () => {
    const record = await readRecord(source, 'mitdb/100', { from: 0, to: 1000 });
    const table = parseCsv(text('100_sample.csv'), {
      file: '100_sample.csv',
      samplingFrequency: 360,
      adcGain: 200,
      baseline: 1024,
    });
    expect(table).toMatchObject({ samplingFrequency: 360, start: 0, length: 1000 });
    expect(table.signals.map(signal => signal.name)).toEqual(['MLII', 'V5']);
    for (const [i, signal] of table.signals.entries()) {
      expectSameSamples(signal.adc, record.signals[i]!.adc);
      expectSameSamples(signal.physical, record.signals[i]!.physical);
      expect(signal.calibrated).toBe(true);
    }
  });

  test('without a gain the table says that it is uncalibrated', () => {
    const table = parseCsv(text('100_sample.csv'), { samplingFrequency: 360 });
    expect(table.signals.map(({ calibrated, adcGain }) => ({ calibrated, adcGain }))).toEqual([
      { calibrated: false, adcGain: 200 },
      { calibrated: false, adcGain: 200 },
    ]);
    expect(table.signals[0]!.adc[0]).toBe(995);
  });

  test('one column of millivolts without a header is the first minute of the first lead', async () => {
    const record = await readRecord(source, 'mitdb/100', { from: 0, to: 21600 });
    const column = parseCsv(text('record100-mlii-one-column.csv'), { samplingFrequency: 360 });
    expect(column.length).toBe(21600);
    expect(column.signals).toHaveLength(1);
    expectSameSamples(column.signals[0]!.physical, record.signals[0]!.physical);
    expect(column.signals[0]!.units).toBe('mV');
  });

  test('one column without a sampling frequency is refused with what to pass', () => {
    expect(() => parseCsv(text('record100-mlii-one-column.csv'))).toThrow(
      /sampling frequency in Hz must be given/,
    );
  });

  test('the rdann listing is the reference annotation file', async () => {
    const annotations = await readAnnotations(source, 'mitdb/100', 'atr');
    expect(parseRdann(text('100annotations.txt'))).toEqual(annotations);
  });

  test('the whole record as rdsamp prints it, three decimals of time and voltage, is the record', async () => {
    const record = await readRecord(source, 'mitdb/100');
    const [mlii, v5] = record.signals.map(({ physical }) => physical);
    const rows = Array.from(
      mlii!,
      (value, i) => `${(i / 360).toFixed(3)},${value.toFixed(3)},${v5![i]!.toFixed(3)}\n`,
    );
    const head = `'Elapsed time','MLII','V5'\n'seconds','mV','mV'\n`;
    for (const listing of [head + rows.join(''), rows.join('')]) {
      const table = parseCsv(listing);
      expect(table).toMatchObject({ samplingFrequency: 360, start: 0, length: 650_000 });
      expect(table.signals.map(({ physical }) => same(physical, mlii!) || same(physical, v5!))).toEqual([
        true,
        true,
      ]);
    }
  });

  test('what formatCsv writes of it reads back, from any place in it', async () => {
    const record = await readRecord(source, 'mitdb/100', { from: 600, to: 660, unit: 'seconds' });
    const read = parseCsv(formatCsv(record));
    expect(read).toMatchObject({ samplingFrequency: 360, start: 216_000, length: 21_600 });
    for (const [i, { physical }] of read.signals.entries())
      expect(same(physical, record.signals[i]!.physical)).toBe(true);

    const annotations = await readAnnotations(source, 'mitdb/100', 'atr');
    expect(parseAnnotationsCsv(formatAnnotationsCsv(annotations, 360))).toEqual(annotations);
  });
});
