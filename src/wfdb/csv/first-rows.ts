/** The first rows of a table, from which its layout is inferred, and tests on their cells. */
import { WfdbError } from '../errors.ts';
import { isClock } from './clock.ts';
import { isMissing, numberOf } from './number.ts';
import type { OnRow } from './split.ts';

/** One of the first rows, with trimmed cells. */
export interface HeadRow {
  readonly cells: readonly string[];
  readonly line: number;
}

/** Limits within which the first rows of a table of samples must lie. */
const headCharacters = 1 << 16;
const headRows = 100;
const mostColumns = 4096;

/** Collects the first rows of a table. Throws `WfdbError` for a row with more columns than supported. */
export function firstRows(
  eachRow: (onRow: OnRow) => void,
  file: string,
  rows: HeadRow[] = [],
): readonly HeadRow[] {
  let characters = 0;
  eachRow((cells, line) => {
    if (cells.length > mostColumns) {
      const expected = `at most ${mostColumns} columns`;
      const hint = 'option transpose, --transpose, reads a signal from each line';
      throw new WfdbError({ code: 'too-large', file, line, expected, found: `${cells.length}`, hint });
    }
    characters += cells.reduce((sum, cell) => sum + cell.length + 1, 0);
    rows.push({ cells: cells.map(cell => cell.trim()), line });
    return rows.length < headRows && characters < headCharacters;
  });
  return rows;
}

/** Whether a cell is a number with either decimal mark, or a clock time. */
export const isNumberOrClock = (cell: string): boolean =>
  numberOf(cell, '.') !== undefined || numberOf(cell, ',') !== undefined || isClock(cell);

/** Whether a row is a comment. */
export const isRemark = (cells: readonly string[]): boolean =>
  cells[0]!.startsWith('#') || cells[0]!.startsWith('%');

/** Whether a row holds a number and no text. */
export const isNumberRow = (cells: readonly string[]): boolean =>
  cells.every(cell => isMissing(cell) || isNumberOrClock(cell)) && cells.some(isNumberOrClock);
