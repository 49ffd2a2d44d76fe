/**
 * Infers the delimiter of a table, and whether commas separate cells. A line such as `0,145` holds two integers or one
 * number with a decimal comma; the whole table decides, and a table that remains ambiguous is refused.
 */

import { WfdbError } from '../errors.ts';
import { firstRows, type HeadRow, isNumberOrClock, isNumberRow } from './first-rows.ts';
import { readLayout } from './layout.ts';
import { type DecimalMark, numberOf } from './number.ts';
import { refuseSpacedThousands } from './spaced-thousands.ts';
import { type Delimiter, eachLine, eachRow, inOneWay, syntax, type Tokens } from './split.ts';

/** What the caller specifies. */
export interface Given {
  readonly delimiter?: Delimiter | undefined;
  readonly decimal?: DecimalMark | undefined;
}

const candidates: readonly Delimiter[] = ['\t', ';', '|', ',', ' '];

/**
 * Infers the quote character and delimiter of a table. Throws `WfdbError` if its commas may be delimiters as well as
 * decimal marks.
 */
export function findTokens(text: string, given: Given, file: string): Tokens {
  const quote = usesSingleQuotes(text) ? "'" : '"';
  const delimiter = given.delimiter ?? mostNumbers(text, quote, file) ?? '\t';
  if (delimiter === ' ' && given.delimiter === undefined) refuseSpacedThousands(text, quote, file);
  if (delimiter !== ',' || given.delimiter !== undefined) return { delimiter, quote };
  const reading = readingOfCommas(text, { delimiter, quote }, given.decimal, file);
  return { delimiter: reading === 'number' ? '\t' : ',', quote };
}

/** Number of leading characters that are searched for quotes. */
const lookedAt = 1 << 16;

/** Whether some cell begins with `'` and some cell ends with it. */
export function usesSingleQuotes(text: string): boolean {
  const isBorder = (letter: string | undefined): boolean =>
    letter === undefined || ',;\t|\n\r\uFEFF'.includes(letter);
  const end = Math.min(text.length, lookedAt);
  let opens = false;
  let closes = false;
  for (let at = text.indexOf("'"); at >= 0 && at < end; at = text.indexOf("'", at + 1)) {
    opens ||= isBorder(text[at - 1]);
    closes ||= isBorder(text[at + 1]);
  }
  return opens && closes;
}

/**
 * The delimiter that gives most rows of several numbers; undefined if none does. Only rows before the first unbalanced
 * quote count; throws if there are none.
 */
export function mostNumbers(text: string, quote: Tokens['quote'], file: string): Delimiter | undefined {
  let best: Delimiter | undefined;
  let most = 0;
  let fault: WfdbError | undefined;
  for (const delimiter of candidates) {
    const rows: HeadRow[] = [];
    try {
      firstRows(onRow => eachRow(text, { delimiter, quote }, file, onRow), file, rows);
    } catch (error) {
      if (!(error instanceof WfdbError)) throw error;
      if (fault === undefined || delimiter === ',') fault = error;
    }
    const wide = rows.filter(({ cells }) => cells.length > 1);
    const clean = wide.filter(({ cells }) => isNumberRow(cells)).length;
    const partly = wide.filter(({ cells }) => cells.some(isNumberOrClock)).length;
    const score = clean * (rows.length + 1) + partly;
    if (score > most) {
      most = score;
      best = delimiter;
    }
  }
  if (best === undefined && fault !== undefined) throw fault;
  return best;
}

/**
 * Throws `WfdbError` if a quoted cell contains rows of the table, because its quote is not closed or the numbers are
 * quoted as text.
 */
export function refuseSwallowedRows(
  cells: readonly string[],
  line: number,
  delimiter: Delimiter,
  file: string,
): void {
  for (const cell of cells) {
    const pieces: HeadRow[] = [];
    eachLine(cell, piece => {
      const parts = delimiter === ' ' ? [piece] : piece.split(delimiter);
      pieces.push({ cells: parts.map(part => part.trim()), line });
    });
    const isRow = ({ cells: parts }: HeadRow, i: number): boolean =>
      parts.length > 1 ? parts.some(isNumberOrClock) : i > 0 && i < pieces.length - 1 && isNumberRow(parts);
    if (pieces.length < 2 || !pieces.some(isRow)) continue;
    const expected =
      'a quote that closes on its line; read so, this cell holds rows of numbers, and without it they are rows of the table';
    throw syntax(file, line, expected, cell);
  }
}

/** Evidence from rows of numbers separated by commas. */
interface CommaRows {
  /** Whether all are integers; otherwise points occur where numbers with thousands separators have them. */
  readonly areWhole: boolean;
  /** How the rows are read if each is one number: with decimal commas, or with commas as thousands separators. */
  readonly mark: DecimalMark;
  readonly count: number;
  /** Rows of one number. */
  readonly single: number;
  readonly most: number;
  /** Whether only the last row is shorter than the others: the file may be truncated. */
  readonly isLastShort: boolean;
  /**
   * Some number after a comma has a sign; some number before a comma is `-0`; some number before a comma has a leading
   * zero.
   */
  readonly signBehind: boolean;
  readonly minusZero: boolean;
  readonly zeroBefore: boolean;
  /** Whether the numbers after commas may be decimal fractions: all of one length, or none with a trailing 0. */
  readonly likeFractions: boolean;
  /** Whether the first numbers count up by one and the others are not constant. */
  readonly counts: boolean;
  readonly first: HeadRow;
}

/** Undefined if some row cannot be a single number: then the comma is the delimiter. */
function commaRows(text: string, tokens: Tokens, file: string, headRows: number): CommaRows | undefined {
  const seen = {
    rows: 0,
    areWhole: true,
    asPoint: true,
    asComma: true,
    count: 0,
    single: 0,
    most: 0,
    lastWidth: 0,
    signBehind: false,
    minusZero: false,
    zeroBefore: false,
    counts: true,
    varies: false,
  };
  let trailingZero = false;
  let areOfOneLength = true;
  let previous = Number.NaN;
  let first: HeadRow | undefined;
  const lengths: number[] = [];
  eachRow(text, tokens, file, (row, line) => {
    if (seen.rows++ < headRows || row.every(cell => cell.trim() === '')) return true;
    const cells = row.map(cell => cell.trim());
    seen.areWhole &&= cells.every(isWholeNumber);
    const number = cells.length <= 8 ? cells.join() : '';
    seen.asPoint &&= numberOf(number, '.') !== undefined;
    seen.asComma &&= numberOf(number, ',') !== undefined;
    if (!seen.areWhole && !seen.asPoint && !seen.asComma) return false;
    first ??= { cells, line };
    seen.count++;
    if (cells.length === 1) seen.single++;
    seen.most = Math.max(seen.most, cells.length);
    seen.lastWidth = cells.length;
    const place = Number(cells[0]);
    if (seen.count > 1 && place !== previous + 1) seen.counts = false;
    previous = place;
    seen.varies ||= cells[1] !== first.cells[1];
    for (const [i, cell] of cells.entries()) {
      const from = cell.startsWith('-') || cell.startsWith('+') ? 1 : 0;
      const digits = cell.length - from;
      if (i % 2 === 0) {
        seen.minusZero ||= cell === '-0' && i + 1 < cells.length;
        seen.zeroBefore ||= digits > 1 && cell[from] === '0';
      } else {
        seen.signBehind ||= from > 0;
        trailingZero ||= digits > 1 && cell.endsWith('0');
        lengths[i] ??= digits;
        areOfOneLength &&= lengths[i] === digits;
      }
    }
    return true;
  });
  if (first === undefined || (!seen.areWhole && !seen.asPoint && !seen.asComma)) return undefined;
  return {
    ...seen,
    mark: seen.areWhole || seen.asComma ? ',' : '.',
    counts: seen.counts && seen.varies,
    isLastShort: seen.single === 1 && seen.lastWidth === 1 && seen.count > 1,
    likeFractions: areOfOneLength || !trailingZero,
    first,
  };
}

/** Whether a cell is an integer of up to 20 characters. */
const isWholeNumber = (cell: string): boolean => cell.length <= 20 && /^[+-]?\d+$/.test(cell);

/** A first column that counts up over this many rows holds sample numbers. */
const fewestCounted = 10;

function readingOfCommas(
  text: string,
  tokens: Tokens,
  decimal: DecimalMark | undefined,
  file: string,
): 'number' | 'delimiter' {
  const window = firstRows(onRow => eachRow(text, tokens, file, onRow), file);
  const { names, preamble, headRows, columns } = readLayout(window, ',', undefined, file);
  const rows = commaRows(text, tokens, file, headRows);
  if (rows === undefined || rows.most === 1) return 'delimiter';
  const { areWhole, most } = rows;
  // One lead, one unit and a sampling rate above the table: one value per line.
  const isOneLead = names === undefined && (preamble.units ?? preamble.lead) !== undefined;
  const isUnderOneName = headRows > 0 && isOneHeading(window[headRows - 1]!);
  const isOneName = names === undefined && isUnderOneName;
  const mayBeNumbers = areWhole ? most === 2 && !rows.signBehind : true;
  // One name over two columns, the first a row number without one: of a few rows that may be chance.
  const isNamed = names?.length === columns && !(isUnderOneName && rows.count < fewestCounted);
  const asCells = isNamed || (areWhole && (rows.signBehind || most % 2 === 1 || rows.zeroBefore));
  const asNumbers = mayBeNumbers && (rows.minusZero || isOneLead || isOneName);
  if (asCells !== asNumbers) return asCells ? 'delimiter' : 'number';
  if (!asCells) {
    const hardlyNumbers =
      (rows.mark === ',' && !rows.likeFractions) || (rows.counts && rows.count >= fewestCounted);
    const hardlyCells = mayBeNumbers && rows.single > 0 && !rows.isLastShort;
    if (hardlyNumbers !== hardlyCells) return hardlyNumbers ? 'delimiter' : 'number';
  }
  if (decimal !== undefined) return decimal === rows.mark && mayBeNumbers ? 'number' : 'delimiter';
  throw twoReadings(rows, file);
}

function twoReadings({ mark, most, first: { cells, line } }: CommaRows, file: string): WfdbError {
  const pairs = Array.from({ length: most / 2 }, (_, i) => cells.slice(2 * i, 2 * i + 2).join());
  const asNumbers =
    mark === '.'
      ? `one with commas between thousands, ${numberOf(cells.join(), '.')}`
      : `${most === 2 ? 'one' : pairs.length} with decimal commas, ${pairs.join(' and ')}`;
  const options = `option delimiter ',', --delimiter, or decimal '${mark}', --decimal, says which`;
  return syntax(
    file,
    line,
    `rows ${inOneWay}`,
    cells.join(),
    `read as ${cells.length} columns, ${cells.join(' and ')}, or as ${asNumbers}: ${options}`,
  );
}

/** Whether a row is a single name above rows of several cells. */
const isOneHeading = ({ cells }: HeadRow): boolean =>
  cells.length === 1 && cells[0] !== '' && !/[:=]/.test(cells[0]!.slice(0, 200));
