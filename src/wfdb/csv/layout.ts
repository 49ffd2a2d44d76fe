/**
 * Infers the layout of a text table from its first rows: where the header ends, and the number, names and units of the
 * columns. Supported conventions: `rdsamp -c` (single quotes, a second row of units), `rdsamp` in tab columns (units in
 * parentheses), spreadsheets (double quotes, units after the names), `numpy.savetxt` (a header after `#`), pandas
 * (numbers as names), columns aligned by spaces, `key,value` lines above the samples.
 */

import { isClock } from './clock.ts';
import { type HeadRow, isNumberOrClock, isNumberRow, isRemark } from './first-rows.ts';
import { type DecimalMark, isMissing, markEvidence, numberOf } from './number.ts';
import { type Delimiter, syntax } from './split.ts';
import { type Head, isNumbering, readHead } from './table-header.ts';

/** Type of a column's cells; `undecided` if all cells examined are missing. */
export type ColumnKind = 'number' | 'clock' | 'text' | 'undecided';

/** Layout of a table. */
export interface CsvLayout extends Head {
  readonly delimiter: Delimiter;
  /** The decimal mark that the first rows suggest. */
  readonly decimal: DecimalMark;
  readonly columns: number;
  readonly kinds: readonly ColumnKind[];
  /** Number of rows above the first row of data. */
  readonly headRows: number;
}

/** Infers the layout of a table from its first rows. Throws `WfdbError` if they contain no row of numbers. */
export function readLayout(
  window: readonly HeadRow[],
  delimiter: Delimiter,
  decimal: DecimalMark | undefined,
  file: string,
): CsvLayout {
  const raw = commonWidth(window, file);
  const first = findFirstDataRow(window, raw, file);
  const data = window.slice(first).filter(({ cells }) => cells.some(cell => cell !== ''));
  const columns = widthOf(window, first, data, raw);
  const kinds = Array.from({ length: columns }, (_, i) => kindOf(data, i));
  return {
    delimiter,
    decimal: decimal ?? likelyMark(data),
    columns,
    kinds,
    headRows: first,
    ...readHead(window.slice(0, first), columns, numbersRows(data), file, delimiter),
  };
}

/**
 * The most frequent number of cells in rows with a number; a tie is broken by a matching row of text, then by order.
 */
function commonWidth(window: readonly HeadRow[], file: string): number {
  const counts = new Map<number, number>();
  const withText = new Set<number>();
  for (const { cells } of window) {
    if (isRemark(cells)) continue;
    if (cells.some(isNumberOrClock)) counts.set(cells.length, (counts.get(cells.length) ?? 0) + 1);
    else withText.add(cells.length);
  }
  let width: number | undefined;
  for (const [cells, count] of counts) {
    const most = width === undefined ? 0 : counts.get(width)!;
    if (count > most || (count === most && withText.has(cells) && !withText.has(width!))) width = cells;
  }
  if (width !== undefined) return width;
  const text = window.find(({ cells }) => cells.some(cell => cell !== ''));
  throw syntax(file, text?.line ?? 1, 'a table with a row of numbers', text?.cells.join() ?? '');
}

/**
 * Index of the first row of data: the first one with a number below the last row of text that has no row of numbers
 * above it. So `Age,45` above a header is not data, and `0.1,x` below one is a data row with an invalid cell.
 */
function findFirstDataRow(window: readonly HeadRow[], width: number, file: string): number {
  const isData = window.map(
    ({ cells }) => cells.length === width && !isRemark(cells) && cells.some(isNumberOrClock),
  );
  const data = window.filter((_, i) => isData[i]);
  const hasNumbers = Array.from({ length: width }, (_, k) =>
    data.some(({ cells }) => isNumberOrClock(cells[k]!)),
  );
  const isClean = ({ cells }: HeadRow, i: number): boolean =>
    isData[i]! && cells.every((cell, k) => isMissing(cell) || isNumberOrClock(cell) || !hasNumbers[k]);
  const firstClean = window.findIndex(isClean);
  const end = firstClean < 0 ? window.length : firstClean;
  let start = end;
  while (start > 0 && !isTextRow(window[start - 1]!)) start--;
  const first = isData.indexOf(true, start);
  // Default column names of pandas.
  const { cells } = window[first] ?? { cells: [] };
  if (cells.length > 1 && isNumbering(cells) && window[first + 1]?.cells[0] === '0') return first + 1;
  if (first >= 0) return first;
  throw syntax(file, window[0]!.line, 'a table with a row of numbers', window[0]!.cells.join());
}

const isTextRow = ({ cells }: HeadRow): boolean =>
  isRemark(cells) || (!cells.some(isNumberOrClock) && cells.some(cell => !isMissing(cell)));

/** Trailing delimiters do not count as columns. */
function widthOf(window: readonly HeadRow[], first: number, data: readonly HeadRow[], raw: number): number {
  let width = raw;
  const isEmpty = (rows: readonly HeadRow[]): boolean => rows.every(({ cells }) => !cells[width - 1]);
  while (width > 1 && isEmpty(data) && isEmpty(window.slice(0, first))) width--;
  return width;
}

function kindOf(data: readonly HeadRow[], index: number): ColumnKind {
  let kind: ColumnKind = 'undecided';
  for (const { cells } of data) {
    const cell = cells[index];
    if (cell === undefined || isMissing(cell)) continue;
    if (numberOf(cell, '.') !== undefined || numberOf(cell, ',') !== undefined) return 'number';
    kind = kind === 'clock' || isClock(cell) ? 'clock' : 'text';
  }
  return kind;
}

function likelyMark(data: readonly HeadRow[]): DecimalMark {
  const seen = new Set(data.flatMap(({ cells }) => cells.map(markEvidence)));
  if (seen.has('comma')) return ',';
  return seen.has('commaOrThousands') && !seen.has('point') ? ',' : '.';
}

/**
 * Throws `WfdbError` for a row of numbers above the first row of data, whose different number of cells would cause it
 * to be lost, and for the first invalid cell in the first row of data, in a `chosen` column.
 */
export function checkFirstRows(
  window: readonly HeadRow[],
  { headRows, columns, kinds, delimiter }: CsvLayout,
  chosen: ReadonlySet<number> | undefined,
  file: string,
): void {
  const stray = window
    .slice(0, headRows)
    .find(({ cells }) => !isRemark(cells) && isNumberRow(cells) && !isNumbering(cells));
  if (stray !== undefined) {
    throw syntax(
      file,
      stray.line,
      `${columns} cells`,
      `${stray.cells.length}: ${stray.cells.join(delimiter)}`,
    );
  }
  const { cells, line } = window[headRows]!;
  for (const [i, kind] of kinds.entries()) {
    const cell = cells[i] ?? '';
    const isFree = kind === 'text' || kind === 'undecided' || (chosen !== undefined && !chosen.has(i));
    if (isMissing(cell) || isFree) continue;
    if (kind === 'clock' ? isClock(cell) : isNumberOrClock(cell) && !isClock(cell)) continue;
    const what = kind === 'clock' ? 'a clock time' : 'a number';
    throw syntax(file, line, `${what} in column ${i + 1}`, cell, 'option columns, --columns, reads others');
  }
}

/** Whether the first cells number the rows from 1, as the row names of R do. */
const numbersRows = (data: readonly HeadRow[]): boolean =>
  data.length > 1 && data.every(({ cells }, i) => cells[0] === `${i + 1}`);
