/** Clock times and dates in the forms that recorders, spreadsheets and programs print. */
import { describe, expect, test } from 'vitest';
import { readClock } from '../../../src/wfdb/csv/clock.ts';
import { daysSinceFirst } from '../../../src/wfdb/csv/dates.ts';

describe('readClock', () => {
  test.each([
    ['0:01.028', { seconds: 1.028, kind: 'elapsed', decimals: 3 }],
    ['[12:00:01.5]', { seconds: 43_201.5, kind: 'ofDay', decimals: 1 }],
    ['[00:00:00 02/01/1970]', { seconds: 0, day: 1, kind: 'ofDay', decimals: 0 }],
    ['12:00:00,004', { seconds: 43_200.004, kind: 'either', decimals: 3 }],
    ['13:14:04:250', { seconds: 47_644.25, kind: 'ofDay', decimals: 3 }],
    ['1:14:04.5 PM', { seconds: 47_644.5, kind: 'ofDay', decimals: 1 }],
    ['12:00:00 a.m.', { seconds: 0, kind: 'ofDay', decimals: 0 }],
    ['12:30:00 PM', { seconds: 45_000, kind: 'ofDay', decimals: 0 }],
    ['1970-01-01T01:30:00.25+01:30', { seconds: 0.25, day: 0, kind: 'ofDay', decimals: 2 }],
    ['1970-01-02 00:00:00-0030', { seconds: 1800, day: 1, kind: 'ofDay', decimals: 0 }],
    ['19700102T000001.5', { seconds: 1.5, day: 1, kind: 'ofDay', decimals: 1 }],
    ['02.01.1970 00:00:01,5', { seconds: 1.5, day: 1, kind: 'ofDay', decimals: 1 }],
    ['2-Jan-1970 00:00:01', { seconds: 1, day: 1, kind: 'ofDay', decimals: 0 }],
    ['Jan 2, 1970 12:00:01 AM', { seconds: 1, day: 1, kind: 'ofDay', decimals: 0 }],
    ['02/22/2021 13:14:04.000', { seconds: 47_644, date: [2, 22, 2021], kind: 'ofDay', decimals: 3 }],
    ['1-2-21 13:14', { seconds: 47_640, date: [1, 2, 2021], kind: 'ofDay', decimals: 0 }],
  ])('%s', (cell, clock) => {
    expect(readClock(cell)).toEqual(clock);
  });

  test.each([
    '',
    '12.5',
    '1:234',
    '25:00:00 PM',
    '13:00:00 PM',
    '12:61:00',
    '31/02/2021 12:00:00',
    '2021-13-01 00:00:00',
    'II:00',
    `${'1'.repeat(50)}:00`,
  ])('%j is none', cell => {
    expect(readClock(cell)).toBeUndefined();
  });
});

describe('daysSinceFirst', () => {
  const date = (row: number, first: number, second: number) => ({
    row,
    day: undefined,
    date: [first, second, 2021] as const,
  });
  const seconds = Float64Array.of(86_399, 0, 86_399, 0);

  test('a number above 12 is no month, wherever it is', () => {
    expect(daysSinceFirst([date(0, 12, 1), date(1, 13, 1)], seconds)).toEqual([0, 1]);
    expect(daysSinceFirst([date(0, 1, 12), date(1, 1, 13)], seconds)).toEqual([0, 1]);
  });

  test('where both may be months, the order that lets least time pass is taken', () => {
    expect(daysSinceFirst([date(0, 3, 4), date(1, 4, 4)], seconds)).toEqual([0, 1]);
    expect(daysSinceFirst([date(0, 3, 4), date(1, 3, 5)], seconds)).toEqual([0, 1]);
    // 31 January is followed by 1 February, not by 2 January.
    expect(daysSinceFirst([date(0, 31, 1), date(1, 1, 2)], seconds)).toEqual([0, 1]);
  });
});
