/** Tables as watches, loggers and spreadsheets export them, a fixture of each kind, and others of the same kind. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { CsvOptions } from '../../../src/wfdb/csv/csv-options.ts';
import { parseCsv, readCsv } from '../../../src/wfdb/csv/read-csv.ts';
import { memorySource } from '../../../src/wfdb/source.ts';

const fixture = (name: string, options: CsvOptions = {}) => {
  const bytes = readFileSync(join(import.meta.dirname, 'fixtures', name));
  return readCsv(memorySource({ [name]: bytes }), name, options);
};

const shown = ({ samplingFrequency, signals }: Awaited<ReturnType<typeof fixture>>) => ({
  samplingFrequency,
  signals: signals.map(({ name, units, physical }) => [name, units, ...physical.slice(0, 3)]),
});

describe('watch exports', () => {
  test('a decimal comma in the samples, keys in English', async () => {
    const recording = await fixture('apple-comma.csv');
    expect(shown(recording)).toEqual({
      samplingFrequency: 512,
      signals: [['Lead I', 'µV', -265.868, -271.819, 12]],
    });
    expect(recording.length).toBe(4);
  });

  test('a decimal comma in the sampling frequency too, keys in German', async () => {
    expect(shown(await fixture('apple-german.csv'))).toEqual({
      samplingFrequency: 511.562,
      signals: [['Ableitung I', 'µV', -180.596, -199.83, -217.333]],
    });
  });

  test.each([
    ['French', 'Nom,A\nFréquence d’échantillonnage,512 hertz\n\nDérivation,Dérivation I\nUnité,µV\n\n'],
    ['Spanish', 'Nombre,A\nFrecuencia,512 hercios\n\nDerivación,Derivación I\nUnidad,µV\n\n'],
    ['Japanese', '名前,A\nサンプルレート,512ヘルツ\n\n誘導,誘導I\n単位,µV\n\n'],
    ['Russian', 'Имя,A\nЧастота дискретизации,512 Гц\n\nОтведение,Отведение I\nЕдиница,µV\n\n'],
    [
      'a tongue whose words for lead and unit are not known',
      'Ainm,A\nRáta,512 Hz\n\nTreoir,Treoir I\nAonad,µV\n\n',
    ],
  ])('keys in %s', (_, head) => {
    const recording = parseCsv(`${head}-1,5\n2,25\n-3\n`);
    expect(recording).toMatchObject({ samplingFrequency: 512, length: 3, comments: [] });
    expect(recording.signals[0]).toMatchObject({ units: 'µV', physical: Float64Array.of(-1.5, 2.25, -3) });
    expect(recording.signals[0]!.name).toMatch(/I$/);
  });

  test('name and date of birth stay behind unless asked for, and it is said', async () => {
    const recording = await fixture('apple-comma.csv');
    expect(JSON.stringify(recording)).not.toMatch(/Birth|1992/);
    expect(recording.warnings.map(({ message }) => message).join()).toMatch(
      /lines above the table were discarded.*may identify a person/,
    );
    const kept = await fixture('apple-comma.csv', { keepComments: true });
    expect(kept.comments.join('\n')).toContain('4 Jan 1992');
    expect(kept.warnings).toEqual([]);
  });

  test('the name of a person that ends in a numeral is no lead', () => {
    const text = 'Name,Henry V1\nSample Rate,512 hertz\nUnit,µV\n\n1.5\n2.5\n';
    expect(parseCsv(text).signals[0]!.name).toBe('sig 0');
  });

  test.each([
    ['1,000 Hz', 1000],
    ['1.000 Hz', 1000],
    ['2,048 Hz', 2048],
    ['62,5 Hz', 62.5],
    ['511.562 Hz', 511.562],
    ['0,5 kHz', 500],
  ])('a sampling frequency of %s', (written, hertz) => {
    expect(parseCsv(`Rate,${written}\nUnit,µV\n0.5\n1.5\n`).samplingFrequency).toBe(hertz);
  });
});

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

describe('units', () => {
  test.each([
    ['uv.csv', [0, 0, -5]],
    ['uv-decimals.csv', [0.5, 0.5, -4.5]],
  ])('in a column name: %s', async (name, samples) => {
    expect(shown(await fixture(name))).toEqual({
      samplingFrequency: 500,
      signals: [['ECG', 'uV', ...samples]],
    });
  });

  test.each([
    ['ECG_uV', 'ECG', 'uV'],
    ['ecg [µV]', 'ecg', 'µV'],
    ['ecg[μV]', 'ecg', 'µV'],
    ['EKG（mV）', 'EKG', 'mV'],
    ['ECG (MV)', 'ECG', 'mV'],
    ['ecg mV)', 'ecg', 'mV'],
    ['ecg.mv', 'ecg', 'mV'],
    ['ECGmV', 'ECG', 'mV'],
    ['EKG in mV', 'EKG', 'mV'],
    ['voltage/V', 'voltage', 'V'],
    ['II, microvolts', 'II', 'uV'],
    ['Spannung [nV]', 'Spannung', 'nV'],
    ['uV', 'uV', 'uV'],
  ])('%s', (heading, name, units) => {
    const { signals } = parseCsv(`"${heading}";"b"\n1;2\n3;4\n`, { samplingFrequency: 1 });
    expect(signals[0]).toMatchObject({ name, units, calibrated: true });
    expect(signals[0]!.unitsAssumed).toBeUndefined();
  });

  test.each(['Lead V', 'V', 'aVR', 'V1', 'lead_v'])('%s is a lead, not volts', heading => {
    expect(parseCsv(`${heading};b\n1.5;2\n`, { samplingFrequency: 1 }).signals[0]).toMatchObject({
      name: heading,
      units: 'mV',
    });
  });

  test('that nothing names are said to be assumed', async () => {
    const recording = await fixture('chapman.csv', { samplingFrequency: 500 });
    expect(recording.signals[0]).toMatchObject({ units: 'mV', unitsAssumed: true, calibrated: false });
    expect(recording.warnings.map(({ message }) => message).join()).toMatch(
      /neither unit nor gain .*--units.*--gain/,
    );
    const named = await fixture('chapman.csv', { samplingFrequency: 500, units: 'uV' });
    expect(named.signals[0]).toMatchObject({
      units: 'uV',
      calibrated: true,
      physical: Float64Array.of(254, 249, 240),
    });
    expect(named.signals[0]!.unitsAssumed).toBeUndefined();
    expect(named.warnings).toEqual([]);
    expect(parseCsv('t,a\n0.00,0.5\n0.01,0.6\n').warnings).toMatchObject([
      {
        code: 'assumed',
        count: 1,
        what: 'signals',
        message: expect.stringMatching(/no unit is given for a: mV was assumed/),
      },
    ]);
  });

  test('microvolts with three decimals keep them', async () => {
    expect((await fixture('microvolts.csv')).signals[0]).toMatchObject({
      units: 'uV',
      adcGain: 1000,
      physical: Float64Array.of(123.456, -5.25),
    });
  });
});

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

  test('the first cell that spoils the first row is shown, not the header', () => {
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

describe('encodings', () => {
  test('Shift-JIS headings', async () => {
    const recording = await fixture('ja.csv');
    expect(recording.signals.map(({ name, units }) => [name, units])).toEqual([['第II誘導', 'mV']]);
    expect(recording.samplingFrequency).toBe(500);
    expect(recording.warnings.map(({ message }) => message).join()).toMatch(/assumed to be Shift-JIS/);
  });

  const table = 'Zeit;Gerät für µ (mV)\n0,000;0,1\n0,004;0,2\n';
  const utf16 = (bigEndian: boolean): Uint8Array => {
    const bytes = new Uint8Array(2 * table.length);
    for (let i = 0; i < table.length; i++)
      new DataView(bytes.buffer).setUint16(2 * i, table.charCodeAt(i), !bigEndian);
    return bytes;
  };
  test.each([
    ['UTF-16 without a mark, little end first', utf16(false), /utf-16le/],
    ['UTF-16 without a mark, big end first', utf16(true), /utf-16be/],
    ['Windows-1252', Uint8Array.from(table, letter => letter.charCodeAt(0)), /Windows-1252/],
  ])('%s', async (_, bytes, warning) => {
    const { signals, warnings } = await readCsv(memorySource({ 'x.csv': bytes }), 'x.csv');
    expect(signals.map(({ name, units, physical }) => [name, units, ...physical])).toEqual([
      ['Gerät für µ', 'mV', 0.1, 0.2],
    ]);
    expect(warnings.map(({ message }) => message).join()).toMatch(warning);
  });

  test('another one when it is named', async () => {
    const bytes = Uint8Array.of(
      0xca,
      0xb1,
      0xbc,
      0xe4,
      ...new TextEncoder().encode(',a (mV)\n0.00,1\n0.01,2\n'),
    );
    const named = await readCsv(memorySource({ 'x.csv': bytes }), 'x.csv', { encoding: 'gb18030' });
    expect(named).toMatchObject({ samplingFrequency: 100, signals: [{ name: 'a' }] });
    await expect(
      readCsv(memorySource({ 'x.csv': bytes }), 'x.csv', { encoding: 'nonsense' }),
    ).rejects.toThrow(RangeError);
  });
});

test('a decimal comma and headings in German', async () => {
  expect(shown(await fixture('decimal-comma.csv'))).toEqual({
    samplingFrequency: 500,
    signals: [['EKG II', 'mV', 0, 0, -0.005]],
  });
});

describe('what loggers and programs write', () => {
  const numbers = (count: number, row: (i: number) => string): string =>
    Array.from({ length: count }, (_, i) => `${row(i)}\n`).join('');
  const names = (text: string) => {
    const { samplingFrequency, start, signals } = parseCsv(text);
    return [samplingFrequency, start, ...signals.map(({ name, units }) => `${name} ${units}`)];
  };

  test('keys and values above two columns without names name no lead', () => {
    const text = `Sample Rate,250 Hz\nBorn,1 May 1960\nName,Smith\n\n${numbers(5, i => `${i / 2},${i}.5`)}`;
    expect(names(text)).toEqual([250, 0, 'sig 0 mV', 'sig 1 mV']);
  });

  test('a rate and a unit in lines above several columns', () => {
    const text = `"Sample rate: 300Hz"\n"Units: uV"\nLead I,Lead II\n${numbers(5, i => `${i / 2},${i}.5`)}`;
    expect(names(text)).toEqual([300, 0, 'Lead I uV', 'Lead II uV']);
  });

  test('a counter of packets that starts again, beside Unix times', () => {
    const rows = numbers(600, i => `${i % 256}, ${(i % 7) / 10}, ${(1_614_000_000 + i / 250).toFixed(6)}`);
    const text = `%OpenBCI\n%Sample Rate = 250 Hz\nSample Index, EXG 0, Timestamp\n${rows}`;
    expect(names(text)).toEqual([250, 0, 'EXG 0 mV']);
    expect(
      parseCsv(text)
        .warnings.map(({ message }) => message)
        .join(),
    ).toMatch(/Sample Index left out: counters/);
  });

  test('a sampling rate in JSON in a comment', () => {
    const text = `# OpenSignals\n# {"00:07": {"sampling rate": 1000, "column": ["A1"]}}\n# EndOfHeader\n${numbers(5, i => `0.5\t${i}\t`)}`;
    expect(parseCsv(text).samplingFrequency).toBe(1000);
  });

  test.each([
    ['write.csv', '"","time","ecg (mV)"\n"1",0.00,0.5\n"2",0.01,0.6\n'],
    ['write.table', '"time" "ecg (mV)"\n"1" 0.00 0.5\n"2" 0.01 0.6\n'],
  ])('row names of R: %s', (_, text) => {
    expect(names(text)).toEqual([100, 0, 'ecg mV']);
  });

  test('a line that tells Excel the delimiter, date and time apart, no-break blanks between thousands', () => {
    const rows = numbers(5, i => `22.02.2021;13:14:04,00${i};1\u00a0024,${i}`);
    const recording = parseCsv(`sep=;\nDatum;Zeit;EKG [µV]\n${rows}`);
    expect(recording).toMatchObject({ samplingFrequency: 1000, start: 0 });
    expect(recording.signals.map(({ physical }) => physical[4])).toEqual([1024.4]);
    expect(recording.warnings.map(({ message }) => message)).toEqual([
      expect.stringMatching(/Datum left out: text/),
    ]);
  });
});
