/** Tables as watches, loggers and spreadsheets export them, beside the examples that people reported: each reads without an option. */
import { describe, expect, test } from 'vitest';
import { parseCsv, readCsv } from '../../../src/wfdb/csv/read-csv.ts';
import { memorySource } from '../../../src/wfdb/source.ts';

const rows = 600;
/** mV, a beat every 0.8 s. */
const ecg = (seconds: number): number => {
  const phase = (seconds % 0.8) - 0.3;
  return Math.exp(-((phase / 0.012) ** 2)) + 0.2 * Math.exp(-(((phase - 0.25) / 0.04) ** 2)) - 0.05;
};
const lines = (line: (i: number) => string, count = rows): string =>
  Array.from({ length: count }, (_, i) => `${line(i)}\n`).join('');
const microvolts = (hertz: number, mark: ',' | '.') => (i: number) =>
  (1000 * ecg(i / hertz)).toFixed(3).replace('.', mark);
const two = (value: number): string => String(value).padStart(2, '0');
/** `HH:MM:SS.sss` */
const clock = (seconds: number): string => {
  const at = seconds % 86_400;
  return `${two(Math.floor(at / 3600))}:${two(Math.floor(at / 60) % 60)}:${(at % 60).toFixed(3).padStart(6, '0')}`;
};
/** `h:MM:SS.sss PM` */
const halfDay = (seconds: number): string => {
  const hour = Math.floor(seconds / 3600);
  return `${hour % 12 || 12}${clock(seconds).slice(2)} ${hour < 12 ? 'AM' : 'PM'}`;
};

/** Text, Hz, and each signal's name and units. */
const exports: [string, string, number, [string, string][]][] = [
  [
    'a watch in French',
    `Nom;Jean\nDate de naissance;1 janv. 1970\nFréquence d’échantillonnage;"512 hertz"\n\n\nDérivation;Dérivation I\nUnité;µV\n\n${lines(microvolts(512, ','))}`,
    512,
    [['Dérivation I', 'µV']],
  ],
  [
    'a watch in Spanish',
    `Nombre,Juan\nDispositivo,"Watch6,1"\nFrecuencia de muestreo,512 hercios\n\n\nDerivación,Derivación I\nUnidad,µV\n\n${lines(microvolts(512, ','))}`,
    512,
    [['Derivación I', 'µV']],
  ],
  [
    'a watch in Japanese',
    `名前,山田\n生年月日,1970/01/01\nサンプルレート,512ヘルツ\n\n\n誘導,第I誘導\n単位,µV\n\n${lines(microvolts(512, '.'))}`,
    512,
    [['第I誘導', 'µV']],
  ],
  [
    'a watch in Russian',
    `Имя;Иван\nЧастота дискретизации;513,4 герц\n\nОтведение;Отведение I\nЕдиница;мкВ\n\n${lines(microvolts(513.4, ','))}`,
    513.4,
    [['Отведение I', 'uV']],
  ],
  [
    'keys and values behind a colon',
    `Name: X\nSample rate: 300 Hz\nUnits: millivolts\n${lines(i => ecg(i / 300).toFixed(4))}`,
    300,
    [['sig 0', 'mV']],
  ],
  [
    'a clock past midnight',
    `time,ecg_mV\n${lines(i => `${clock(86_399 + i / 250)},${ecg(i / 250).toFixed(3)}`)}`,
    250,
    [['ecg', 'mV']],
  ],
  [
    'a 12-hour clock past noon',
    `Time,ECG (mV)\n${lines(i => `${halfDay(43_199 + i / 250)},${ecg(i / 250).toFixed(3)}`)}`,
    250,
    [['ECG', 'mV']],
  ],
  [
    'month, day, year and 12 hours',
    `Timestamp,ECG (mV)\n${lines(i => `3/25/2024 ${halfDay(43_199 + i / 250)},${ecg(i / 250).toFixed(3)}`)}`,
    250,
    [['ECG', 'mV']],
  ],
  [
    'day, month, year',
    `Datum;EKG (mV)\n${lines(i => `25.03.2024 ${clock(43_199 + i / 250)};${ecg(i / 250).toFixed(3)}`)}`,
    250,
    [['EKG', 'mV']],
  ],
  [
    'ISO 8601 in UTC',
    `ts,ecg_uV\n${lines(i => `2024-03-25T${clock(3600 + i / 250)}Z,${microvolts(250, '.')(i)}`)}`,
    250,
    [['ecg', 'uV']],
  ],
  [
    'microseconds of Unix time',
    `timestamp_us,ecg_uV\n${lines(i => `${1_711_360_000_000_000 + 4000 * i},${microvolts(250, '.')(i)}`)}`,
    250,
    [['ecg', 'uV']],
  ],
  [
    'rounded milliseconds of Unix time',
    `ts,ecg_uV\n${lines(i => `${1_711_360_000_000 + Math.round((1000 * i) / 130)},${microvolts(130, '.')(i)}`)}`,
    130,
    [['ecg', 'uV']],
  ],
  [
    'four clocks of a chest strap',
    `Phone timestamp;sensor timestamp [ns];timestamp [ms];ecg [uV]\n${lines(i => `2024-03-25T10:00:${((i / 130) % 60).toFixed(3).padStart(6, '0')};${764_000_000_000_000_000n + BigInt(Math.round((i * 1e9) / 130))};${((1000 * i) / 130).toFixed(1)};${Math.round(1000 * ecg(i / 130))}`)}`,
    130,
    [['ecg', 'uV']],
  ],
  [
    'columns of labels and comments',
    `time,ECG (mV),event,comment\n${lines(i => `${(i / 250).toFixed(3)},${ecg(i / 250).toFixed(3)},${i % 200 === 75 ? 'N' : ''},${i === 0 ? '"start, here"' : ''}`)}`,
    250,
    [['ECG', 'mV']],
  ],
  [
    'rows without a value at the end',
    `time,ECG (mV)\n${lines(i => `${(i / 250).toFixed(3)},${ecg(i / 250).toFixed(3)}`)},\n,\n\n,\n`,
    250,
    [['ECG', 'mV']],
  ],
  [
    'milliseconds in the name, tabs',
    `t_ms\tI_mV\tII_mV\n${lines(i => `${4 * i}\t${ecg(i / 250).toFixed(3)}\t${ecg(i / 250).toFixed(3)}`)}`,
    250,
    [
      ['I', 'mV'],
      ['II', 'mV'],
    ],
  ],
];

test.each(exports)('%s', (_, text, hertz, signals) => {
  const recording = parseCsv(text);
  expect([recording.samplingFrequency, recording.length]).toEqual([hertz, rows]);
  expect(recording.signals.map(({ name, units }) => [name, units])).toEqual(signals);
  for (const { physical, units, unitsAssumed } of recording.signals) {
    const perMillivolt = units === 'mV' ? 1 : 1000;
    expect(unitsAssumed).toBeUndefined();
    for (const [i, value] of physical.entries()) {
      expect(Math.abs(value / perMillivolt - ecg(i / hertz))).toBeLessThan(6e-4);
    }
  }
  // The person is not carried along.
  expect(JSON.stringify([recording.comments, recording.name])).not.toMatch(/Jean|Juan|山田|Иван/);
});

describe('encodings', () => {
  const text = `Zeit (s);EKG (mV)\n${lines(i => `${(i / 250).toFixed(3)};${ecg(i / 250).toFixed(3)}`.replaceAll('.', ','))}`;
  const wide = (isBig: boolean, mark: string): Uint8Array => {
    const view = new DataView(new ArrayBuffer(2 * (mark.length + text.length)));
    for (const [i, character] of [...(mark + text)].entries())
      view.setUint16(2 * i, character.charCodeAt(0), !isBig);
    return new Uint8Array(view.buffer);
  };
  test.each<[string, Uint8Array]>([
    ['UTF-16 LE with a byte-order mark', wide(false, '\ufeff')],
    ['UTF-16 BE with a byte-order mark', wide(true, '\ufeff')],
    ['UTF-16 LE', wide(false, '')],
    ['UTF-16 BE', wide(true, '')],
    ['UTF-8 with a byte-order mark', new TextEncoder().encode(`\ufeff${text}`)],
  ])('%s', async (_, bytes) => {
    const { signals, samplingFrequency, length } = await readCsv(memorySource({ 'a.csv': bytes }), 'a.csv');
    expect([samplingFrequency, length, signals[0]!.name, signals[0]!.units]).toEqual([
      250,
      rows,
      'EKG',
      'mV',
    ]);
    for (const [i, value] of signals[0]!.physical.entries()) {
      expect(Math.abs(value - ecg(i / 250))).toBeLessThan(6e-4);
    }
  });
});

describe('cut off or followed by something else', () => {
  const table = `time,ECG (mV)\n${lines(i => `${(i / 250).toFixed(3)},${ecg(i / 250).toFixed(3)}`)}`;
  test.each([
    ['in a row', '2.4', 1],
    ['by a remark', '\nEnd of file\n', 2],
    ['by other rows', '2.400,high\n2.404,0.1\n', 2],
    ['by a second table', 'beat,time\n1,0.3\n2,1.1\n', 3],
  ])('%s: refused with the way on; leniently the rows before, and what is left out', (_, end, count) => {
    const text = table + end;
    expect(() => parseCsv(text)).toThrow(
      /line 602: .*option lenient, --lenient, reads the rows before it\)$/,
    );
    const { length, signals, warnings } = parseCsv(text, { lenient: true });
    expect([length, signals[0]!.physical.at(-1)]).toEqual([rows, Number(ecg((rows - 1) / 250).toFixed(3))]);
    expect(warnings).toMatchObject([{ code: 'syntax', line: 602, count }]);
  });

  test('lost rows are NaN in lenient reading, which has no error to name them', () => {
    const text = 'time,ECG (mV)\n0.000,1\n0.004,2\n0.016,3\n0.020,4\n0.024,5\n';
    expect(() => parseCsv(text)).toThrow('--gaps nan');
    const { signals, warnings } = parseCsv(text, { lenient: true });
    expect([...signals[0]!.physical]).toEqual([1, 2, Number.NaN, Number.NaN, 3, 4, 5]);
    expect(warnings).toMatchObject([{ count: 2 }]);
  });

  test('what can be read in two ways is no damage', () => {
    const text = `ECG\n${Array.from({ length: 150 }, (_, i) => 900 + (i % 99)).join('\n')}\n1,145\n`;
    for (const lenient of [false, true]) {
      expect(() => parseCsv(text, { samplingFrequency: 250, lenient })).toThrow(
        /one way only.*--decimal, says which\)$/,
      );
    }
  });

  test('rows of signals say so', () => {
    const wide = ['I', 'II'].map(name =>
      [name, ...Array.from({ length: 100 }, (_, i) => ecg(i / 250).toFixed(3))].join(),
    );
    expect(() => parseCsv(`${wide.join('\n')}\n`)).toThrow('2 rows of 101 columns (transpose, --transpose,');
  });
});
