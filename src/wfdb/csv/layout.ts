/**
 * How a text table is laid out, found from its first rows: where its head ends, how many columns it has, what they are
 * called and in which units they are. Conventions met: `rdsamp -c` (single quotes, a second row of units), `rdsamp` in
 * tab columns (units in parentheses), spreadsheets (double quotes, units behind the names), `numpy.savetxt` (a header
 * behind `#`), pandas (numbers for names), columns aligned by blanks, `key,value` lines above the samples.
 */

import { isClock } from './clock.ts';
import { type HeadRow, isNumberOrClock, isNumberRow, isRemark } from './first-rows.ts';
import { type DecimalMark, isMissing, markEvidence, numberOf } from './number.ts';
import { type Delimiter, syntax } from './split.ts';
import { type Head, isNumbering, readHead } from './table-header.ts';

/** What a column's cells are; undecided where all that were looked at are missing. */
export type ColumnKind = 'number' | 'clock' | 'text' | 'undecided';

/** Where the cells of a table are and what they are called. */
export interface CsvLayout extends Head {
  readonly delimiter: Delimiter;
  /** The decimal mark that the first rows speak for. */
  readonly decimal: DecimalMark;
  readonly columns: number;
  readonly kinds: readonly ColumnKind[];
  /** Rows above the first row of data. */
  readonly headRows: number;
}

/** The layout of a table from its first rows. Throws `WfdbError` when they hold no row of numbers. */
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
    ...readHead(window.slice(0, first), columns, numbersRows(data), file),
  };
}

/** The number of cells that most rows with a number have; of several, that of a row of text too, else the first. */
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
 * The first row of data: the first with a number below the last row of text that has no row of numbers above it. So
 * `Age,45` above a header is no data, and `0.1,x` below one is a row that a cell spoils.
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
  // The names that pandas gives columns without one.
  const { cells } = window[first] ?? { cells: [] };
  if (cells.length > 1 && isNumbering(cells) && window[first + 1]?.cells[0] === '0') return first + 1;
  if (first >= 0) return first;
  throw syntax(file, window[0]!.line, 'a table with a row of numbers', window[0]!.cells.join());
}

const isTextRow = ({ cells }: HeadRow): boolean =>
  isRemark(cells) || (!cells.some(isNumberOrClock) && cells.some(cell => !isMissing(cell)));

/** Delimiters at the end of each line make no columns. */
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
 * Throws `WfdbError` for a row of numbers above the first row of data, which has more or fewer cells and would be lost,
 * and for the first cell that spoils the first row of data, in a column that is `chosen`.
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

/** Whether first cells count rows from 1, as the row names of R do. */
const numbersRows = (data: readonly HeadRow[]): boolean =>
  data.length > 1 && data.every(({ cells }, i) => cells[0] === `${i + 1}`);
