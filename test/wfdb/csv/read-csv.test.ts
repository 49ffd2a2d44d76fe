/** Tables as spreadsheets and numpy write them, read from text and from a source, against the values they print. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseCsv, readCsv } from '../../../src/wfdb/csv/read-csv.ts';
import { WfdbError } from '../../../src/wfdb/errors.ts';
import { memorySource } from '../../../src/wfdb/source.ts';
import { errorOf, rows } from './parsed-table.ts';

const values = (text: string, options: Parameters<typeof parseCsv>[1] = {}): number[][] =>
  parseCsv(text, options).signals.map(signal => [...signal.physical]);

describe('tables in common layouts', () => {
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
