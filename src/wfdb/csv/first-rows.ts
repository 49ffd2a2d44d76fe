/** The first rows of a table, in which its layout is found, and what their cells are. */
import { WfdbError } from '../errors.ts';
import { isClock } from './clock.ts';
import { isMissing, numberOf } from './number.ts';
import type { OnRow } from './split.ts';

/** A row of the head, its cells trimmed. */
export interface HeadRow {
  readonly cells: readonly string[];
  readonly line: number;
}

/** What must hold the first rows of a table; more is no table of samples. */
const headCharacters = 1 << 16;
const headRows = 100;
const mostColumns = 4096;

/** The first rows of a table, put into `rows`. Throws `WfdbError` for a row longer than any table's. */
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

/** Whether a row has a number and no text. */
export const isNumberRow = (cells: readonly string[]): boolean =>
  cells.every(cell => isMissing(cell) || isNumberOrClock(cell)) && cells.some(isNumberOrClock);
