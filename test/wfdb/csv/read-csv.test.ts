/** Text tables against the values they print; the conventions are those of `rdsamp`, spreadsheets and numpy. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseCsv, readCsv } from '../../../src/wfdb/csv/read-csv.ts';
import { WfdbError } from '../../../src/wfdb/errors.ts';
import { memorySource } from '../../../src/wfdb/source.ts';

const values = (text: string, options: Parameters<typeof parseCsv>[1] = {}): number[][] =>
  parseCsv(text, options).signals.map(signal => [...signal.physical]);

const errorOf = (run: () => unknown): WfdbError => {
  try {
    run();
  } catch (error) {
    if (error instanceof WfdbError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
};

const rows = (count: number, row: (i: number) => string): string =>
  Array.from({ length: count }, (_, i) => `${row(i)}\n`).join('');

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

describe('tables as people have them', () => {
  test.each([
    ['comma', 'time,I,II\n0,0.5,-1\n0.002,1.5,-2\n'],
    ['CRLF', 'time,I,II\r\n0,0.5,-1\r\n0.002,1.5,-2\r\n'],
    ['CR', 'time,I,II\r0,0.5,-1\r0.002,1.5,-2\r'],
    ['line ends doubled on their way', 'time,I,II\r\r\n0,0.5,-1\r\r\n0.002,1.5,-2\r\r\n'],
    ['byte-order mark', '\uFEFFtime,I,II\n0,0.5,-1\n0.002,1.5,-2\n'],
    ['no last line end', 'time,I,II\n0,0.5,-1\n0.002,1.5,-2'],
    ['blank lines at the end', 'time,I,II\n0,0.5,-1\n0.002,1.5,-2\n\n\n'],
    ['blanks around cells', ' time , I , II \n 0 , 0.5 , -1 \n 0.002 , 1.5 , -2 \n'],
    ['double quotes', '"time","I","II"\n"0","0.5","-1"\n"0.002","1.5","-2"\n'],
    ['semicolon', 'time;I;II\n0;0.5;-1\n0.002;1.5;-2\n'],
    ['decimal comma', 'time;I;II\n0;0,5;-1\n0,002;1,5;-2\n'],
    ['quoted decimal comma', '"time","I","II"\n"0,000","0,5","-1"\n"0,002","1,5","-2"\n'],
    ['tab', 'time\tI\tII\n0\t0.5\t-1\n0.002\t1.5\t-2\n'],
    ['bar', 'time|I|II\n0|0.5|-1\n0.002|1.5|-2\n'],
    ['aligned by blanks', ' time   I    II\n0.000   0.5  -1\n0.002   1.5  -2\n'],
    ['numpy', '# time,I,II\n0.000e+00,5.000e-01,-1.000e+00\n2.000e-03,1.500e+00,-2.000e+00\n'],
    ['pandas', ',time,I,II\n0,0.0,0.5,-1\n1,0.002,1.5,-2\n'],
    ['milliseconds', 'time (ms),I [mV],II [mV]\n0,0.5,-1\n2,1.5,-2\n'],
    ['milliseconds in the name', 'time_ms,I,II\n0,0.5,-1\n2,1.5,-2\n'],
    ['delimiter at each end', 'time,I,II,\n0,0.5,-1,\n0.002,1.5,-2,\n'],
    ['delimiter at each end of the data', 'time,I,II\n0,0.5,-1,\n0.002,1.5,-2,\n'],
    ['remarks above', '# patient: 7\n# 69 M\ntime,I,II\n0,0.5,-1\n0.002,1.5,-2\n'],
    ['time last', 'I,II,time\n0.5,-1,0\n1.5,-2,0.002\n'],
  ])('%s', (_, text) => {
    const table = parseCsv(text);
    expect(table.signals.map(signal => signal.name)).toEqual(['I', 'II']);
    expect(table.samplingFrequency).toBe(500);
    expect(table.signals.map(signal => [...signal.physical])).toEqual([
      [0.5, 1.5],
      [-1, -2],
    ]);
  });

  test('commas and points that part thousands', () => {
    const hz = { samplingFrequency: 100 };
    const values = (text: string) => parseCsv(text, hz).signals.map(signal => [...signal.physical]);
    // Between commas a quoted comma parts thousands, unless one of them cannot.
    expect(values('a (uV),b (uV)\n"1,024","-12,345"\n998,"1,234,567"\n')).toEqual([
      [1024, 998],
      [-12_345, 1_234_567],
    ]);
    expect(values('t,a (uV)\n0.00,"1,024.5"\n0.01,"2,000"\n')).toEqual([[1024.5, 2000]]);
    expect(values('a (uV)\n"1,024"\n"2,048.5"\n')).toEqual([[1024, 2048.5]]);
    expect(values('a,b\n"1,024","0,5"\n"1,025","0,25"\n')).toEqual([
      [1.024, 1.025],
      [0.5, 0.25],
    ]);
    // Between semicolons the comma is the decimal one, and the point parts thousands.
    expect(values('a;b\n1.024,5;1,024\n-0,5;1,025\n')).toEqual([
      [1024.5, -0.5],
      [1.024, 1.025],
    ]);
  });

  test('columns without a name or a value are none, however many', () => {
    for (const table of ['time,MLII,,\n0.000,1.5,,\n0.004,2.5,,\n', 'time,,MLII\n0.000,,1.5\n0.004,,2.5\n']) {
      const { signals, samplingFrequency } = parseCsv(table);
      expect(samplingFrequency).toBe(250);
      expect(signals.map(({ name, physical }) => [name, ...physical])).toEqual([['MLII', 1.5, 2.5]]);
    }
    // A named one is a signal that was never there.
    expect(parseCsv('time,V5,MLII\n0.000,,1.5\n0.004,,2.5\n').signals).toHaveLength(2);
  });

  test('elapsed time under a name of one word', () => {
    const { signals, samplingFrequency } = parseCsv(
      ' Elapsed\tMLII\n (sec)\t(mV)\n 0.000\t1.5\n 0.004\t2.5\n',
    );
    expect([samplingFrequency, ...signals.map(({ name }) => name)]).toEqual([250, 'MLII']);
  });

  test('one column: with a header, a decimal comma, key and value lines above', () => {
    const given = { samplingFrequency: 250 };
    expect(values('ecg\n0.1\n0.2\n', given)).toEqual([[0.1, 0.2]]);
    expect(values('-0,145\n0,145\n1,000\n', given)).toEqual([[-0.145, 0.145, 1]]);
    expect(values('0.5\nNaN\n-\n1\n', given)).toEqual([[0.5, Number.NaN, Number.NaN, 1]]);
    const watch = parseCsv('Name,X\nSample Rate,512 hertz\n\nLead,Lead I\nUnit,µV\n\n-36.183\n-38.5\n');
    expect(watch).toMatchObject({ samplingFrequency: 512, length: 2 });
    expect(watch.signals[0]).toMatchObject({ units: 'µV' });
  });

  test('the head may say the sampling frequency', () => {
    expect(parseCsv('# sampling frequency: 1.5 kHz\n0.1,1\n0.2,2\n').samplingFrequency).toBe(1500);
    expect(parseCsv('# fs = 62,5\nI;II\n0,1;1\n0,2;2\n').samplingFrequency).toBe(62.5);
  });

  test('a first column without a name that counts is sample numbers; one that grows evenly is time', () => {
    expect(parseCsv('5,0.5\n6,0.25\n', { samplingFrequency: 10 })).toMatchObject({ start: 5 });
    const timed = parseCsv(rows(12, i => `${(i / 250).toFixed(3)},${Math.sin(i)}`));
    expect(timed).toMatchObject({ samplingFrequency: 250, start: 0 });
    expect(timed.signals).toHaveLength(1);
  });

  test('a missing sample is NaN however it is written', () => {
    const cells = ['', '-', 'NaN', 'nan', 'NA', 'N/A', 'null'];
    const text = `time,I\n${cells.map((cell, i) => `${i / 100},${cell}\n`).join('')}0.07,0.5\n`;
    expect(values(text)).toEqual([[...cells.map(() => Number.NaN), 0.5]]);
  });

  test('whole numbers without units are ADC values, and only then', () => {
    const whole = 'I,II\n1,2\n3,4\n';
    expect(parseCsv(whole, { samplingFrequency: 1 }).signals[0]).toMatchObject({
      adcGain: 200,
      calibrated: false,
    });
    expect(parseCsv(whole, { samplingFrequency: 1, adcGain: 100, baseline: 1 }).signals[1]).toMatchObject({
      adcGain: 100,
      baseline: 1,
      calibrated: true,
      physical: Float64Array.of(0.01, 0.03),
    });
    expect(values('I (uV),II (uV)\n1,2\n3,4\n', { samplingFrequency: 1 })).toEqual([
      [1, 3],
      [2, 4],
    ]);
    const error = errorOf(() => parseCsv('I\n0.5\n', { samplingFrequency: 1, adcGain: 100 }));
    expect(error).toMatchObject({ code: 'syntax', line: 2 });
  });

  test('whole numbers in units that the caller names are physical', () => {
    const { signals } = parseCsv('I\n-36\n38\n', { samplingFrequency: 512, units: 'uV' });
    expect(signals[0]).toMatchObject({ units: 'uV', calibrated: true, physical: Float64Array.of(-36, 38) });
  });

  test('times that step by 1 or more without a unit are believed only with a sampling frequency', () => {
    const stepping = (step: number): string => `time,I\n${rows(50, i => `${100 + step * i},0.5`)}`;
    expect(() => parseCsv(stepping(4))).toThrow(
      /step by 4 without a unit: the sampling frequency in Hz must be given/,
    );
    expect(parseCsv(stepping(4), { samplingFrequency: 250 })).toMatchObject({ start: 25 });
    expect(parseCsv(stepping(4), { samplingFrequency: 0.25 })).toMatchObject({ start: 25 });
    expect(parseCsv(stepping(1), { samplingFrequency: 360 })).toMatchObject({ start: 100 });
    expect(() => parseCsv(stepping(4), { samplingFrequency: 360 })).toThrow(WfdbError);
    expect(parseCsv(stepping(4).replace('time', 'time (s)'), {})).toMatchObject({ samplingFrequency: 0.25 });
  });

  test('adc, gain and baseline give the physical values back, to the bit where 32 bits hold the decimals', () => {
    const printed = fc.integer({ min: -99_999, max: 99_999 }).map(n => (n / 1000).toFixed(3));
    fc.assert(
      fc.property(fc.array(printed, { minLength: 1, maxLength: 20 }), cells => {
        const { adc, adcGain, physical } = parseCsv(`I (mV)\n${cells.join('\n')}\n`, { samplingFrequency: 1 })
          .signals[0]!;
        cells.forEach((cell, i) => {
          expect(physical[i]).toBe(Number(cell));
          expect(adc[i]! / adcGain).toBe(Number(cell));
        });
      }),
      { seed: 7 },
    );
  });
});

describe('what is wrong is said with its line', () => {
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

  test('a line without end', () => {
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

describe('readCsv', () => {
  const text = 'time;µ (µV)\n0;-1,5\n0,002;2\n';
  const utf16 = (bigEndian: boolean): Uint8Array => {
    const bytes = new Uint8Array(2 * text.length + 2);
    const view = new DataView(bytes.buffer);
    [...`\uFEFF${text}`].forEach((letter, i) => {
      view.setUint16(2 * i, letter.charCodeAt(0), !bigEndian);
    });
    return bytes;
  };
  test.each([
    ['UTF-8', new TextEncoder().encode(text)],
    ['UTF-8 with a mark', new TextEncoder().encode(`\uFEFF${text}`)],
    ['Windows-1252', Uint8Array.from(text, letter => letter.charCodeAt(0))],
    ['UTF-16, little end first', utf16(false)],
    ['UTF-16, big end first', utf16(true)],
  ])('%s', async (_, bytes) => {
    const { name, samplingFrequency, signals } = await readCsv(memorySource({ 'a/x.csv': bytes }), 'a/x.csv');
    expect({ name, samplingFrequency }).toEqual({ name: 'a/x', samplingFrequency: 500 });
    expect(signals.map(signal => [signal.name, signal.units, ...signal.physical])).toEqual([
      ['µ', 'µV', -1.5, 2],
    ]);
  });

  test('a file that is not there', async () => {
    await expect(readCsv(memorySource({}), 'x.csv')).rejects.toMatchObject({ code: 'not-found' });
  });
});
