/** The body of a text table: each column's numbers, with what a later step must know of how they were printed. */

import { readClock } from './clock.ts';
import { type CsvLayout, eachRow, isMissing, numberOf, syntax } from './layout.ts';

/** One column. */
export interface CsvColumn {
  /** Numbers as printed, clock times in seconds, NaN where a cell stands for a missing value. */
  readonly values: Float64Array;
  /** Most decimal places met. */
  readonly decimals: number;
  /** Clock times: since the start, of the day, or none at all. */
  readonly clock: 'elapsed' | 'ofDay' | undefined;
}

/** All columns of a table, one row a line. */
export interface CsvBody {
  readonly columns: readonly CsvColumn[];
  readonly length: number;
  /** Line of the first row; the others follow line by line. */
  readonly firstLine: number;
}

type Growing = { -readonly [K in keyof CsvColumn]: CsvColumn[K] };

/**
 * Reads what is below the head of a table. Throws `WfdbError` for a row with more or fewer cells than the first, a
 * blank line between rows, and a cell that is neither a number nor missing (nor a clock time in a column of them).
 */
export function readColumns(text: string, layout: CsvLayout, file: string): CsvBody {
  const columns = Array.from(
    { length: layout.columns },
    (): Growing => ({ values: new Float64Array(64), decimals: 0, clock: undefined }),
  );
  let length = 0;
  let rowsSeen = 0;
  let firstLine = 1;
  let blankLine: number | undefined;
  let firstDay: number | undefined;
  eachRow(text, layout, file, (cells, line) => {
    if (rowsSeen++ < layout.headRows) return;
    if (cells.length === 1 && cells[0]!.trim() === '') {
      blankLine ??= line;
      return;
    }
    if (blankLine !== undefined) throw syntax(file, blankLine, 'a row of numbers', '');
    const isBlank = (cell: string): boolean => cell.trim() === '';
    if (
      cells.length < columns.length ||
      (cells.length > columns.length && !cells.slice(columns.length).every(isBlank))
    ) {
      throw syntax(file, line, `${columns.length} cells`, `${cells.length}: ${cells.join(layout.delimiter)}`);
    }
    if (length === 0) firstLine = line;
    for (let i = 0; i < columns.length; i++) {
      const column = columns[i]!;
      const cell = cells[i]!.trim();
      if (length === column.values.length) column.values = doubled(column.values);
      const isFirst = length === 0;
      const number = numberOf(cell, layout.decimal);
      if (column.clock === undefined && number !== undefined) {
        column.values[length] = number;
        column.decimals = Math.max(column.decimals, decimalPlaces(cell, layout.decimal));
        continue;
      }
      if (column.clock === undefined && isMissing(cell)) {
        column.values[length] = Number.NaN;
        continue;
      }
      const clock = column.clock !== undefined || isFirst ? readClock(cell) : undefined;
      if (clock === undefined) throw syntax(file, line, `a number in column ${i + 1}`, cell);
      firstDay ??= clock.day;
      let seconds = clock.seconds + 86_400 * ((clock.day ?? 0) - (firstDay ?? 0));
      const previous = isFirst ? seconds : column.values[length - 1]!;
      // Past midnight a time of day without a date starts again.
      if (clock.ofDay && clock.day === undefined && previous - seconds > 43_200) {
        seconds += 86_400 * Math.round((previous - seconds) / 86_400);
      }
      column.values[length] = seconds;
      column.decimals = Math.max(column.decimals, clock.decimals);
      column.clock = clock.ofDay ? 'ofDay' : 'elapsed';
    }
    length++;
  });
  return {
    columns: columns.map(column => ({ ...column, values: column.values.slice(0, length) })),
    length,
    firstLine,
  };
}

function doubled(values: Float64Array): Float64Array {
  const larger = new Float64Array(2 * values.length);
  larger.set(values);
  return larger;
}

/** Decimal places of a printed number: 3 for `0.145` and for `1.45e-1`. */
function decimalPlaces(cell: string, decimal: '.' | ','): number {
  const point = cell.indexOf(decimal);
  const exponent = cell.search(/e/i);
  if (point < 0 && exponent < 0) return 0;
  const end = exponent < 0 ? cell.length : exponent;
  const fraction = point < 0 ? 0 : end - point - 1;
  return Math.max(0, fraction - (exponent < 0 ? 0 : Number(cell.slice(exponent + 1))));
}
