/** Listings of `rdann` in each of its forms. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseRdann } from '../../../src/wfdb/annotations/rdann.ts';
import { WfdbError } from '../../../src/wfdb/errors.ts';

const plain = { subtype: 0, channel: 0, num: 0, aux: '' };

test.each([
  [
    'elapsed',
    '      Time   Sample #  Type  Sub Chan  Num\tAux\n    0:00.050       18     +    0    0    0\t(N\n',
  ],
  ['without headings', '    0:00.050       18     +    0    0    0\t(N\n'],
  ['-e', 'Elapsed time  Sample #  Type  Sub Chan  Num\tAux\n    0:00.050       18     +    0    0    0\t(N'],
  [
    'time of day',
    '      Time     Sample #  Type  Sub Chan  Num\tAux\n[12:00:00.050]       18     +    0    0    0\t(N\n',
  ],
  [
    'time and date, CRLF',
    '      Time       Date     Sample #  Type  Sub Chan  Num\tAux\r\n[12:00:00.050 24/12/1989]       18     +    0    0    0\t(N\r\n',
  ],
  ['tabs turned to blanks', '    0:00.050       18     +    0    0    0      (N\n'],
])('%s', (_, text) => {
  expect(parseRdann(text)).toEqual([{ ...plain, sample: 18, symbol: '+', aux: '(N' }]);
});

test('subtype, channel and num with signs, aux text with blanks', () => {
  expect(parseRdann('    0:01.000      250     ~   -1    1  127\tlead V5 off, see\tlog\n')).toEqual([
    { sample: 250, symbol: '~', subtype: -1, channel: 1, num: 127, aux: 'lead V5 off, see\tlog' },
  ]);
});

test.each([
  [
    'an alternate time format without sample numbers',
    '    0.050   0.00083 0.0000139     +    0    0    0\t(N\n',
    1,
  ],
  ['a cut line', '    0:00.050       18     +    0    0    0\n    0:00.2', 2],
  ['prose', 'no beats\n', 1],
  ['nothing', '', 1],
])('%s is refused with its line', (_, text, line) => {
  expect(() => parseRdann(text, { file: 'a.txt' })).toThrow(WfdbError);
  expect(() => parseRdann(text, { file: 'a.txt' })).toThrow(new RegExp(`^a\\.txt, line ${line}: expected`));
});

test('any text is a list or a WfdbError', () => {
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom('0:00.1', ' ', '18', 'N', '0', '\t', '\n', '[', ']', 'Time'), {
        maxLength: 40,
      }),
      parts => {
        try {
          expect(parseRdann(parts.join('')).length).toBeGreaterThan(0);
        } catch (error) {
          if (!(error instanceof WfdbError)) throw error;
        }
      },
    ),
    { seed: 5, numRuns: 2000 },
  );
});
