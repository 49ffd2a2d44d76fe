/** Tables that can be read in two ways: refused with both readings named, or read by what the whole file shows. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { CsvOptions } from '../../../src/wfdb/csv/csv-options.ts';
import { parseCsv } from '../../../src/wfdb/csv/read-csv.ts';
import { WfdbError } from '../../../src/wfdb/errors.ts';
import { type Dialect, writeDialect } from './dialects.ts';

const hz = { samplingFrequency: 100 };
const read = (text: string, options: CsvOptions = hz): number[][] =>
  parseCsv(text, options).signals.map(({ physical, calibrated, adc }) => [...(calibrated ? physical : adc)]);
const lines = (count: number, line: (i: number) => string): string =>
  `${Array.from({ length: count }, (_, i) => line(i)).join('\n')}\n`;

describe('a comma between digits, one on each line', () => {
  test.each([
    ['all positive', lines(200, i => `0,${145 + (i % 50)}`)],
    ['whole parts that change', lines(200, i => `${i % 3},${100 + i}`)],
    ['fives behind the comma', '1,5\n2,5\n3,5\n'],
    ['one row', '995,1011\n'],
    ['the sign always in front', lines(50, i => `${i % 2 ? '-' : ''}${180 + i},59${i % 10}`)],
    ['a last line that may be cut', '995,101\n996,102\n99\n'],
    ['thousands and a point', '1,024.5\n2,048.5\n'],
    ['four numbers', lines(50, i => `0,${100 + i},1,${200 + i}`)],
  ])('%s: both readings are named', (_, text) => {
    const run = () => parseCsv(text, hz);
    expect(run).toThrow(WfdbError);
    expect(run).toThrow(
      /line 1: expected rows that can be read in one way only.*(\d columns).*(with decimal commas|with commas between thousands).*--delimiter.*--decimal/,
    );
  });

  test.each([
    ['thousands', 'a\n1,508.808\n2,095.383\n', 'with commas between thousands'],
    ['decimals', 'a\n1,508\n2,095\n', 'with decimal commas'],
  ])('one name over a few rows that count up by chance: %s or row numbers', (_, text, reading) => {
    expect(() => parseCsv(text, hz)).toThrow(
      new RegExp(`line 2: expected rows that can be read in one way only.*2 columns.*${reading}`),
    );
  });

  test('the caller settles it', () => {
    expect(read('0,145\n0,150\n', { ...hz, decimal: ',' })).toEqual([[0.145, 0.15]]);
    expect(read('0,145\n0,150\n', { ...hz, delimiter: ',' })).toEqual([
      [145, 150].map((_, i) => [0, 0][i]!),
      [145, 150],
    ]);
    expect(read('995,1011\n996,1012\n', { ...hz, decimal: '.' })).toEqual([[1011, 1012]]);
  });

  test.each([
    ['a minus zero', '0,145\n-0,145\n', [[0.145, -0.145]]],
    ['a single name above', 'ecg\n0,145\n0,150\n', [[0.145, 0.15]]],
    ['a unit and a lead above', 'Lead,Lead I\nUnit,mV\n\n0,145\n0,150\n', [[0.145, 0.15]]],
    ['lines without a comma among them', '0,5\n1\n0,25\n', [[0.5, 1, 0.25]]],
  ])('%s proves decimals', (_, text, values) => {
    expect(read(text)).toEqual(values);
  });

  test.each([
    ['two names above', 'I,II\n0,145\n0,150\n'],
    ['a sign behind the comma', '0,145\n0,150\n0,-1\n'],
    ['a point somewhere', '0,145\n0,150.5\n'],
    ['cells that no fraction is written as', '0,145\n0,1450\n0,20\n'],
  ])('%s proves columns', (_, text) => {
    expect(parseCsv(text, hz).signals).toHaveLength(2);
  });

  test('counting sample numbers beside values that change prove columns', () => {
    const table = parseCsv(
      lines(40, i => `${i},${101 + (i % 7)}`),
      hz,
    );
    expect(table.signals).toHaveLength(1);
    expect(table.length).toBe(40);
  });
});

describe('the decimal mark is told by all rows', () => {
  test('whole numbers for more rows than are looked at first, then one that may be either', () => {
    const text = `${lines(150, i => `${900 + (i % 99)}`)}1,145\n`;
    const run = () => parseCsv(text, hz);
    expect(run).toThrow(
      /line 151: expected a number that can be read in one way only, found '1,145' \(it is 1145 .*1.145 .*--decimal/,
    );
    expect(read(text, { ...hz, decimal: ',' })[0]!.at(-1)).toBe(1.145);
    expect(read(text, { ...hz, decimal: '.' })[0]!.at(-1)).toBe(1145);
  });

  test.each([
    ['a decimal comma far down', '0,5', 1.145],
    ['a decimal point far down', '0.5', 1145],
    ['thousands twice', '1,234,567', 1145],
  ])('%s settles what stood above', (_, last, value) => {
    expect(
      read(
        `time;ecg [uV]\n0;1,145\n${lines(200, i => `${(i + 1) * 10};${i}`)}2010;${last}\n`.replace(
          'time',
          'time_ms',
        ),
      )[0]![0],
    ).toBe(value);
  });

  test('another column settles it', () => {
    expect(read('a;b\n1,145;0,5\n2,145;0,6\n')).toEqual([
      [1.145, 2.145],
      [0.5, 0.6],
    ]);
    expect(read('a;b\n1,145;0.5\n2,145;0.6\n')).toEqual([
      [1145, 2145],
      [0.5, 0.6],
    ]);
  });

  test('each column may have its own', () => {
    expect(read('t;ecg\n0.000;0,5\n0.004;0,6\n', {})).toEqual([[0.5, 0.6]]);
  });

  test('points that may part thousands are not taken for decimal where commas are', () => {
    expect(() => parseCsv('a;b\n1.145;0,5\n1.150;0,6\n', hz)).toThrow(
      /'1.145' \(it is 1.145 with a decimal point and 1145 with a decimal comma/,
    );
  });

  test('both marks in one column are refused', () => {
    expect(() => parseCsv('a;b\n0.5;1\n0,6;2\n', hz)).toThrow(
      /line 3: expected a decimal point as in line 2, 0.5, found '0,6'/,
    );
  });
});

describe('quotes', () => {
  test.each([
    ['in the header', 'time,"ecg\n0.000,0.1\n0.004,0.2\n', 1],
    ['in a line above', 'Name,"A\nUnit,mV\n0.1\n0.2\n', 1],
    ['in the first row', 'time,note,ecg\n0.000,"x,0.1\n0.004,y,0.2\n', 2],
    [
      'far down',
      `time,note,ecg\n${lines(200, i => `${(i / 100).toFixed(2)},x,0.5`)}2.00,"x,0.5\n2.01,x,0.5\n`,
      202,
    ],
  ])('one that does not close, %s, is refused with both readings', (_, text, line) => {
    const run = () => parseCsv(text, hz);
    expect(run).toThrow(
      new RegExp(`line ${line}: expected a quote that closes the cell it opens; read so, .* without it`),
    );
  });

  test('one that swallows rows of numbers is refused with both readings', () => {
    const text = 'time,note,ecg\n0.000,"x,0.1\n0.004,y,0.2\n0.008,z",0.3\n0.012,z,0.4\n';
    expect(() => parseCsv(text, hz)).toThrow(/line 2: expected a quote that closes on its line.*rows/);
  });

  test('a line end inside a heading is text', () => {
    expect(parseCsv('time,"ecg\n(mV)"\n0.00,0.1\n0.01,0.2\n').signals[0]).toMatchObject({
      name: 'ecg',
      units: 'mV',
    });
  });
});

test('a table written in any dialect is read as it was, or refused; never as other numbers', () => {
  const thousandths = fc.integer({ min: -3_000_000, max: 3_000_000 });
  const rows = fc.constantFrom(1, 2, 3).chain(columns =>
    fc.array(fc.array(thousandths, { minLength: columns, maxLength: columns }), {
      minLength: 1,
      maxLength: 30,
    }),
  );
  const dialect = fc.record<Dialect>({
    delimiter: fc.constantFrom(',', ';', '\t', '|', ' '),
    decimal: fc.constantFrom('.', ','),
    places: fc.integer({ min: 0, max: 3 }),
    stripped: fc.boolean(),
    grouped: fc.boolean(),
    header: fc.constantFrom('', 'names', 'units'),
    quoted: fc.boolean(),
    lineEnd: fc.constantFrom('\n', '\r\n', '\r'),
  });
  let readings = 0;
  fc.assert(
    fc.property(rows, dialect, (numbers, how) => {
      const { text, columns, isConvention } = writeDialect(numbers, how);
      fc.pre(!isConvention);
      let found: number[][];
      try {
        found = read(text, { ...hz, units: 'mV' });
      } catch (error) {
        if (!(error instanceof WfdbError)) throw error;
        return;
      }
      readings++;
      // A first column that counts is no signal.
      const expected = found.length < columns.length ? columns.slice(1) : columns;
      expect(found.map(column => column.map(value => value + 0))).toEqual(expected);
    }),
    { seed: 4, numRuns: 3000 },
  );
  expect(readings).toBeGreaterThan(1500);
});

describe('a space between digits', () => {
  test.each([
    ['one name', 'x\n1 234\n2 345\n', '2 columns, 1 and 234, or as numbers.* 1234'],
    ['no name', '1 234\n2 345\n', '2 columns'],
    ['signs', 'x\n-1 234\n-2 345\n', '-1234'],
    ['a decimal comma', 'x\n1 234,5\n2 345,5\n', '1234,5'],
    ['two groups', 'x\n1 234 567\n2 345 678\n', '1234567'],
    ['numbers below a thousand among them', 'x\n999\n1 000\n1 001\n', '1000'],
    ['two columns', 'x;y\n1 234;5 678\n2 345;6 789\n', '1234 and 5678'],
    ['two columns with commas', 'ECG,V1\n1 234,5 678\n2 345,6 789\n', '1234 and 5678'],
    ['two columns with tabs', 'x\ty\n1 234\t5 678\n2 345\t6 789\n', '1234 and 5678'],
  ])('%s: both readings are named', (_, text, reading) => {
    const run = () => parseCsv(text, hz);
    expect(run).toThrow(WfdbError);
    expect(run).toThrow(new RegExp(`expected rows that can be read in one way only.*${reading}`));
  });

  test.each([
    [
      'a name for each column',
      'x y\n1 234\n2 345\n',
      [
        [1, 2],
        [234, 345],
      ],
    ],
    ['several spaces', '1   234\n2   345\n', [[234, 345]]],
    [
      'a number of two digits',
      'x y\n1 99\n2 100\n',
      [
        [1, 2],
        [99, 100],
      ],
    ],
    [
      'a leading zero',
      '0 234\n2 345\n0 234\n',
      [
        [0, 2, 0],
        [234, 345, 234],
      ],
    ],
  ])('%s proves columns', (_, text, values) => {
    expect(read(text)).toEqual(values);
  });

  test('row numbers prove columns, and the caller settles it', () => {
    expect(read(`x\n${lines(20, i => `${i + 1} ${200 + i}`)}`)[0]).toHaveLength(20);
    expect(read('x\n1 234\n2 345\n', { ...hz, delimiter: ' ' })).toEqual([[234, 345]]);
  });
});
