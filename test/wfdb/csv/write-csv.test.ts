/** What is written as CSV reads back as it was, and is safe to open. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Annotation } from '../../../src/wfdb/annotations/annotation-file.ts';
import { parseAnnotationsCsv } from '../../../src/wfdb/csv/read-annotations.ts';
import { parseCsv } from '../../../src/wfdb/csv/read-csv.ts';
import { csvChunks, formatAnnotationsCsv, formatCsv } from '../../../src/wfdb/csv/write-csv.ts';
import { WfdbError } from '../../../src/wfdb/errors.ts';
import type { Recording } from '../../../src/wfdb/record.ts';

const invalid = -(2 ** 31);

const recordingOf = (
  samplingFrequency: number,
  start: number,
  named: readonly {
    name: string;
    units: string;
    adcGain: number;
    baseline: number;
    adc: readonly number[];
  }[],
): Recording => ({
  name: 'x',
  samplingFrequency,
  start,
  length: named[0]!.adc.length,
  comments: [],
  warnings: [],
  signals: named.map(({ adc, ...signal }) => ({
    ...signal,
    samplingFrequency,
    calibrated: true,
    adc: Int32Array.from(adc),
    physical: Float64Array.from(adc, value =>
      value === invalid ? Number.NaN : (value - signal.baseline) / signal.adcGain,
    ),
  })),
});

const two = recordingOf(360, 10, [
  { name: 'MLII', units: 'mV', adcGain: 200, baseline: 1024, adc: [995, invalid, 1000] },
  { name: '=1+1, "x"', units: 'uV', adcGain: 3, baseline: 0, adc: [1, 2, 3] },
]);

describe('formatCsv', () => {
  test('physical values beside the time', () => {
    expect(formatCsv(two)).toBe(
      `time (s),MLII (mV),"'=1+1, ""x"" (uV)"\n0.027778,-0.145,0.3333333333333333\n0.030556,,0.6666666666666666\n0.033333,-0.12,1\n`,
    );
  });

  test('ADC values beside the sample number', () => {
    expect(formatCsv(two, { values: 'adc' })).toBe(
      `sample #,MLII,"'=1+1, ""x"""\n10,995,1\n11,,2\n12,1000,3\n`,
    );
  });

  test('what is written reads back: values to the bit, names, units, sampling frequency and place', () => {
    const name = fc
      .string({ minLength: 1, maxLength: 8 })
      .filter(text => text.trim() === text && !/\p{C}/u.test(text));
    const signal = fc.record({
      name,
      units: fc.constantFrom('mV', 'uV', 'mmHg', ''),
      adcGain: fc.constantFrom(200, 1000, 1 / 3, -71.5, 1e6),
      baseline: fc.integer({ min: -2000, max: 2000 }),
      adc: fc.array(
        fc.oneof({ weight: 9, arbitrary: fc.integer({ min: -32767, max: 32767 }) }, fc.constant(invalid)),
        {
          minLength: 30,
          maxLength: 30,
        },
      ),
    });
    fc.assert(
      fc.property(
        fc.array(signal, { minLength: 1, maxLength: 4 }),
        fc.constantFrom(62.5, 100, 128, 250, 360, 500, 1000, 977),
        fc.integer({ min: 0, max: 1e6 }),
        (signals, samplingFrequency, start) => {
          const recording = recordingOf(samplingFrequency, start, signals);
          const read = parseCsv(formatCsv(recording));
          expect(read).toMatchObject({ samplingFrequency, start, length: 30 });
          for (const [i, { name, units, physical }] of read.signals.entries()) {
            expect([name, units]).toEqual([signals[i]!.name, signals[i]!.units]);
            expect(physical).toEqual(recording.signals[i]!.physical.map(value => value + 0));
          }
        },
      ),
      { seed: 1, numRuns: 300 },
    );
  });

  test('ADC values read back as they were', () => {
    const { signals } = parseCsv(formatCsv(two, { values: 'adc' }), { samplingFrequency: 360 });
    expect(signals.map(({ adc }) => [...adc])).toEqual([
      [995, invalid, 1000],
      [1, 2, 3],
    ]);
  });

  test('units in a row of their own read back', () => {
    const text = formatCsv(two, { unitsRow: true });
    expect(text.split('\n').slice(0, 2)).toEqual(['time,MLII,"\'=1+1, ""x"""', 's,mV,uV']);
    const { signals, samplingFrequency } = parseCsv(text);
    expect([samplingFrequency, ...signals.map(({ name, units }) => [name, units])]).toEqual([
      360,
      ['MLII', 'mV'],
      ['=1+1, "x"', 'uV'],
    ]);
  });

  test('units that were assumed are not written, and so assumed again', () => {
    const { signals, ...rest } = two;
    const text = formatCsv({ ...rest, signals: [{ ...signals[0]!, unitsAssumed: true }, signals[1]!] });
    expect(text.split('\n')[0]).toMatch(/^time \(s\),MLII,/);
    expect(parseCsv(text).signals.map(({ unitsAssumed }) => unitsAssumed)).toEqual([true, undefined]);
  });

  test('the pieces are the whole', () => {
    const long = recordingOf(500, 0, [
      { name: 'I', units: 'mV', adcGain: 200, baseline: 0, adc: Array(10_000).fill(7) },
    ]);
    const pieces = [...csvChunks(long)];
    expect(pieces.length).toBeGreaterThan(3);
    expect(pieces.join('')).toBe(formatCsv(long));
  });

  test('signals at different rates do not fit in one table', () => {
    const { signals, ...rest } = two;
    const mixed = { ...rest, signals: [signals[0]!, { ...signals[1]!, physical: new Float64Array(6) }] };
    expect(() => formatCsv(mixed)).toThrow(RangeError);
  });
});

describe('annotations', () => {
  const annotation = fc.record<Annotation>({
    sample: fc.integer({ min: 0, max: 2 ** 40 }),
    symbol: fc.oneof(fc.constantFrom('N', 'V', '+', '=', '"', "'", '@', '-', '~'), fc.constant('=cmd()')),
    subtype: fc.integer({ min: -128, max: 127 }),
    channel: fc.integer({ min: 0, max: 255 }),
    num: fc.integer({ min: 0, max: 127 }),
    aux: fc.oneof(
      fc.constantFrom(
        '',
        '(AFIB',
        "=cmd|' /C calc'!A0",
        "'=x",
        "''=x",
        ' (N ',
        'a\nb',
        '","',
        '\r',
        'a\r\n=b',
        '\uE000\\\uE000',
      ),
      fc.string(),
      fc.string({ unit: 'binary' }),
      fc.string({
        unit: fc.constantFrom("'", '=', '＝', '-', '@', '\t', '\n', '\r', ';', ' ', '"', ',', '\uFEFF', 'x'),
      }),
    ),
  });

  test('what is written reads back', () => {
    fc.assert(
      fc.property(fc.array(annotation, { maxLength: 20 }), annotations => {
        expect(parseAnnotationsCsv(formatAnnotationsCsv(annotations, 360))).toEqual(annotations);
      }),
      { seed: 2, numRuns: 500 },
    );
  });

  const auxCell = (aux: string): string => {
    const text = formatAnnotationsCsv([{ sample: 1, symbol: 'N', subtype: 0, channel: 0, num: 0, aux }], 1);
    return text.slice(text.indexOf('\n') + 1).slice('1,1.000000,N,0,0,0,'.length, -1);
  };

  test('no cell of a text column begins as a formula does', () => {
    expect(auxCell("=cmd|' /C calc'!A0")).toBe(`"'=cmd|' /C calc'!A0"`);
    // What is left of a cell when quotes, blanks and line ends before it are passed over.
    const begin = /(^|[\n\r\t;])[\s"]*[=+\-@＝＋－＠]/;
    for (const aux of [
      '=1',
      '\n=1',
      '\r\n+1',
      '\t-1',
      '  @x',
      'a\n=1',
      'a;=1',
      '＝1',
      'a\r＠x',
      '\u00a0=1',
      '\u200b=1',
    ]) {
      expect(auxCell(aux)).not.toMatch(begin);
    }
    expect(auxCell('=1')).not.toBe(auxCell("'=1"));
  });

  test('columns in another order, fewer columns, semicolons, CRLF', () => {
    expect(parseAnnotationsCsv('Symbol;Sample\r\nV;10\r\n')).toEqual([
      { sample: 10, symbol: 'V', subtype: 0, channel: 0, num: 0, aux: '' },
    ]);
  });

  test.each([
    ['no place', 'N,x\nV,y\n', 2],
    ['no number', 'N,1\nV,2\n', 1],
    ['nothing', '', 1],
    ['a sample that is no number', 'sample,symbol\n1,N\nx,N\n', 3],
    ['no symbol', 'sample,symbol\n1,\n', 2],
    ['a row cut short', 'sample,symbol\n1\n', 2],
    ['an open quote', 'sample,symbol,aux\n1,N,"x\n', 2],
  ])('%s is refused with its line', (_, text, line) => {
    expect(() => parseAnnotationsCsv(text)).toThrow(WfdbError);
    expect(() => parseAnnotationsCsv(text)).toThrow(`annotations.csv, line ${line}: expected`);
  });

  test('a sampling frequency of 0 is the caller’s mistake', () => {
    expect(() => formatAnnotationsCsv([], 0)).toThrow(RangeError);
  });
});

test.each(['', '\n', 'a b', '\t', 'N\r', '\u0007'])(
  'a symbol %j is refused: no reader would take it',
  symbol => {
    const mark = { sample: 7, symbol, subtype: 0, channel: 0, num: 0, aux: '' };
    expect(() => formatAnnotationsCsv([mark], 360)).toThrow('is not a symbol that a table can hold');
  },
);
