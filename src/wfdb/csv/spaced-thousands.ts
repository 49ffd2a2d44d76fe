/** Refuses tables in which spaces may separate columns or the thousands of a number. */
import { WfdbError } from '../errors.ts';
import { firstRows } from './first-rows.ts';
import { readLayout } from './layout.ts';
import { type Delimiter, eachRow, inOneWay, type OnRow, syntax, type Tokens } from './split.ts';

/** Delimiters that allow spaces between thousands; a line without any of them is one cell. */
const others: readonly Delimiter[] = ['\t', ';', '|', ','];

/** A first column that counts up over this many rows holds sample numbers. */
const fewestCounted = 10;
const longestNumber = 40;

/**
 * Throws `WfdbError`, which names both readings, if the cells of all rows can be numbers with spaces between thousands
 * (`1 234`) and nothing shows that the spaces separate columns: a name for each, or row numbers.
 */
export function refuseSpacedThousands(text: string, quote: Tokens['quote'], file: string): void {
  const window = firstRows(onRow => eachRow(text, { delimiter: ' ', quote }, file, onRow), file);
  const { headRows, columns } = readLayout(window, ' ', undefined, file);
  const names = headRows > 0 ? window[headRows - 1]!.cells : [];
  if (names.length === columns && !names.some(name => /[;|,]/.test(name))) return;
  for (const delimiter of others) {
    const found = spacedNumbers(text, { delimiter, quote }, file, headRows);
    if (found === undefined || (found.counted >= fewestCounted && found.width === 1)) continue;
    const { line, cells } = found;
    const asColumns = cells.join(delimiter).split(' ');
    const asNumbers = cells.map(cell => cell.replaceAll(' ', ''));
    throw syntax(
      file,
      line,
      `rows ${inOneWay}`,
      cells.join(delimiter),
      `read as ${asColumns.length} columns, ${asColumns.join(' and ')}, or as numbers with spaces between thousands, ${asNumbers.join(' and ')}: option delimiter ' ', --delimiter blank, reads columns; for numbers remove the spaces`,
    );
  }
}

interface SpacedNumbers {
  readonly cells: readonly string[];
  readonly line: number;
  readonly width: number;
  /** Number of rows, if what stands before the first space counts up by one from row to row; otherwise 0. */
  readonly counted: number;
}

/** The first row with a space in a number; undefined if there is none, or if some cell is not a number. */
function spacedNumbers(
  text: string,
  tokens: Tokens,
  file: string,
  headRows: number,
): SpacedNumbers | undefined {
  let first: Omit<SpacedNumbers, 'counted'> | undefined;
  let rows = 0;
  let areNumbers = true;
  let counted = 0;
  let counts = true;
  let previous = Number.NaN;
  const onRow: OnRow = (row, line) => {
    if (rows++ < headRows) return true;
    const cells = row.map(cell => cell.trim());
    if (cells.every(cell => cell === '')) return true;
    areNumbers = cells.every(isGroupedNumber);
    if (!areNumbers) return false;
    const place = Number(cells[0]!.split(' ', 1)[0]);
    counts &&= counted === 0 || place === previous + 1;
    previous = place;
    counted++;
    if (first === undefined && cells.some(cell => cell.includes(' '))) {
      first = { cells, line, width: cells.length };
    }
    return true;
  };
  try {
    eachRow(text, tokens, file, onRow);
  } catch (error) {
    // Quotes that do not fit these cells: the table cannot be read so.
    if (error instanceof WfdbError) return undefined;
    throw error;
  }
  return areNumbers && first !== undefined ? { ...first, counted: counts ? counted : 0 } : undefined;
}

/** Whether a cell is a number of up to three digits, or one with single spaces between groups of three digits. */
const isGroupedNumber = (cell: string): boolean =>
  cell.length <= longestNumber && /^[+-]?(?:[1-9]\d{0,2}(?: \d{3})*|0)(?:[.,]\d+)?$/.test(cell);
