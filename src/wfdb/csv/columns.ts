/**
 * Reads the body of a text table: the numbers of each column, with the details of their formatting that later steps
 * need. The decimal mark, comma or point, is inferred from all cells of the table together: see `resolveMarks`.
 */
import { type Clock, readClock } from './clock.ts';
import { type ClockDate, daysSinceFirst } from './dates.ts';
import type { CsvLayout } from './layout.ts';
import {
  type DecimalMark,
  decimalPlaces,
  isMissing,
  type MarkEvidence,
  markEvidence,
  numberOf,
} from './number.ts';
import { inOneWay, type OnRow, syntax } from './split.ts';

/** One column. */
export interface CsvColumn {
  /** Numbers as printed, clock times in seconds, NaN for a missing value. */
  readonly values: Float64Array;
  /** Largest number of decimal places in the column. */
  readonly decimals: number;
  /** Kind of clock times; undefined if the column holds none. */
  readonly clock: Clock['kind'] | undefined;
  /** Whether cells hold text (or, in a column that was not requested, anything but numbers). */
  readonly isText: boolean;
}

/** All columns of a table. */
export interface CsvBody {
  readonly columns: readonly CsvColumn[];
  readonly length: number;
  /** The line number of each row. */
  readonly lines: Int32Array;
  /** The text of the first row's cells, for messages. */
  readonly firstCells: readonly string[];
  /** Rows at which the text in the label column changes to a non-empty value. */
  readonly labels: readonly { readonly row: number; readonly text: string }[];
}

/** Options for reading the body of a table. */
export interface BodyOptions {
  readonly file: string;
  /** The decimal mark of all columns; default: inferred from the cells. */
  readonly decimal?: DecimalMark | undefined;
  /** Columns whose cells must be numbers; default: all. */
  readonly chosen?: ReadonlySet<number> | undefined;
  /** Index of the label column. */
  readonly labelColumn?: number | undefined;
}

interface Seen {
  readonly line: number;
  readonly cell: string;
}

interface Growing {
  values: Float64Array;
  decimals: number;
  clock: CsvColumn['clock'];
  kind: 'number' | 'clock' | 'text' | 'undecided';
  isIrregular: boolean;
  readonly mark: DecimalMark;
  readonly seen: { [K in MarkEvidence]?: Seen };
  readonly dates: ClockDate[];
}

/**
 * Reads the rows below the header of a table. Trailing rows without a value are ignored. Throws `WfdbError` for a row
 * with more or fewer cells than the first, a blank line between rows, a cell that is neither a number nor missing (nor
 * a clock time in a column of clock times), and ambiguous numbers.
 */
export function readColumns(
  eachRow: (onRow: OnRow) => void,
  layout: CsvLayout,
  options: BodyOptions,
): CsvBody {
  const presumed = Array.from({ length: layout.columns }, () => options.decimal ?? layout.decimal);
  const first = readBody(eachRow, layout, presumed, options);
  const marks =
    options.decimal === undefined ? resolveMarks(first.columns, presumed, layout, options.file) : presumed;
  const isRight = marks.every((mark, i) => mark === presumed[i]);
  const { columns, ...rest } = isRight ? first : readBody(eachRow, layout, marks, options);
  return { ...rest, columns: columns.map(column => finish(column, rest.length)) };
}

interface Body extends Omit<CsvBody, 'columns'> {
  readonly columns: readonly Growing[];
}

function readBody(
  eachRow: (onRow: OnRow) => void,
  layout: CsvLayout,
  marks: readonly DecimalMark[],
  { file, chosen, labelColumn, decimal }: BodyOptions,
): Body {
  const columns = marks.map(
    (mark, i): Growing => ({
      values: new Float64Array(64),
      decimals: 0,
      clock: undefined,
      kind: layout.kinds[i]!,
      isIrregular: false,
      mark,
      seen: {},
      dates: [],
    }),
  );
  const count = columns.length;
  let lines = new Int32Array(64);
  let length = 0;
  let rowsSeen = 0;
  let blanks: { line: number; cells: number }[] = [];
  let firstCells: string[] = [];
  const labels: { row: number; text: string }[] = [];
  let label = '';
  const pushRow = (cells: readonly string[], line: number): void => {
    if (length === lines.length) {
      lines = grown(lines, new Int32Array(2 * length));
      for (const column of columns) column.values = grown(column.values, new Float64Array(2 * length));
    }
    lines[length] = line;
    for (let i = 0; i < count; i++) {
      const cell = cells[i]!.trim();
      const isFree = chosen !== undefined && !chosen.has(i);
      readCell(columns[i]!, length, cell, { file, line, index: i, isFree, isGiven: decimal !== undefined });
      if (i !== labelColumn) continue;
      if (cell !== label && !isMissing(cell)) labels.push({ row: length, text: cell });
      label = cell;
    }
    length++;
  };
  eachRow((cells, line) => {
    if (rowsSeen++ < layout.headRows) return true;
    if (cells.every(cell => cell.trim() === '')) {
      blanks.push({ line, cells: cells.length });
      return true;
    }
    for (const blank of blanks) {
      if (blank.cells < count || count === 1) throw syntax(file, blank.line, 'a row of numbers', '');
      pushRow(Array(count).fill(''), blank.line);
    }
    if (blanks.length > 0) blanks = [];
    checkWidth(cells, line, layout, file);
    if (length === 0) firstCells = cells.slice(0, count);
    pushRow(cells, line);
    return true;
  });
  return { columns, length, lines: lines.slice(0, length), firstCells, labels };
}

function checkWidth(cells: readonly string[], line: number, layout: CsvLayout, file: string): void {
  const count = layout.columns;
  let width = cells.length;
  while (width > count && cells[width - 1]!.trim() === '') width--;
  if (width === count) return;
  throw syntax(file, line, `${count} cells`, `${cells.length}: ${cells.join(layout.delimiter)}`);
}

interface CellContext {
  readonly file: string;
  readonly line: number;
  /** Index of the column. */
  readonly index: number;
  /** Whether the column may hold anything. */
  readonly isFree: boolean;
  /** Whether the decimal mark is given. */
  readonly isGiven: boolean;
}

function readCell(
  column: Growing,
  row: number,
  cell: string,
  { file, line, index, isFree, isGiven }: CellContext,
): void {
  column.values[row] = Number.NaN;
  if (column.kind === 'text') return;
  if (column.kind === 'undecided' && !isMissing(cell)) {
    column.kind = isNumber(cell) ? 'number' : readClock(cell) === undefined ? 'text' : 'clock';
  }
  if (column.kind === 'clock') {
    const clock = readClock(cell);
    if (clock !== undefined) pushClock(column, row, clock);
    if (clock !== undefined || isMissing(cell)) return;
  } else {
    const value = numberOf(cell, column.mark);
    if (!isGiven) noteMarks(column, cell, line);
    if (value !== undefined) {
      column.values[row] = value;
      column.decimals = Math.max(column.decimals, decimalPlaces(cell, column.mark));
      return;
    }
    // A number with the other decimal mark is parsed again, or refused, once all cells have been read.
    if (isMissing(cell) || column.kind === 'text' || (!isGiven && isNumber(cell))) return;
  }
  column.isIrregular = true;
  if (isFree) return;
  const what = column.kind === 'clock' ? 'a clock time' : 'a number';
  throw syntax(file, line, `${what} in column ${index + 1}`, cell, `option columns, --columns, reads others`);
}

const isNumber = (cell: string): boolean =>
  numberOf(cell, '.') !== undefined || numberOf(cell, ',') !== undefined;

function noteMarks({ seen, mark }: Growing, cell: string, line: number): void {
  // Most cells add no new evidence.
  const known = mark === '.' ? seen.point : seen.comma;
  if (known !== undefined && !cell.includes(mark === '.' ? ',' : '.')) return;
  const evidence = markEvidence(cell);
  if (evidence !== undefined) seen[evidence] ??= { line, cell };
}

/**
 * Determines the decimal mark of each column: from its own cells, or, if their commas or points may be thousands
 * separators, from the other columns or the sampling frequency above the table. A point is decimal unless there is evidence against it.
 */
function resolveMarks(
  columns: readonly Growing[],
  presumed: readonly DecimalMark[],
  { preamble }: CsvLayout,
  file: string,
): DecimalMark[] {
  const someComma = columns.some(({ seen }) => seen.comma !== undefined);
  const somePoint = columns.some(({ seen }) => seen.point !== undefined);
  return columns.map(({ seen, isIrregular }, i) => {
    const { comma, point, commaOrThousands, pointOrThousands } = seen;
    if (comma !== undefined && point !== undefined) {
      if (isIrregular) return presumed[i]!;
      const [first, second] = comma.line < point.line ? [comma, point] : [point, comma];
      const mark = first === comma ? 'comma' : 'point';
      throw syntax(
        file,
        second.line,
        `a decimal ${mark} as in line ${first.line}, ${first.cell}`,
        second.cell,
      );
    }
    if (comma !== undefined) return ',';
    if (point !== undefined) return '.';
    const open = commaOrThousands ?? (someComma ? pointOrThousands : undefined);
    if (open === undefined) return '.';
    if (commaOrThousands !== undefined && pointOrThousands === undefined) {
      if (someComma && !somePoint) return ',';
      if (somePoint && !someComma) return '.';
      if (preamble.decimal !== undefined) return preamble.decimal;
    }
    const expected = `a number ${inOneWay}`;
    const readings = `it is ${numberOf(open.cell, '.')} with a decimal point and ${numberOf(open.cell, ',')} with a decimal comma`;
    throw syntax(file, open.line, expected, open.cell, `${readings}: option decimal, --decimal, says which`);
  });
}

function pushClock(column: Growing, row: number, clock: Clock): void {
  column.decimals = Math.max(column.decimals, clock.decimals);
  column.clock ??= clock.kind;
  const { dates, values } = column;
  const last = dates.at(-1);
  const isSame =
    last !== undefined &&
    last.day === clock.day &&
    last.date?.[0] === clock.date?.[0] &&
    last.date?.[1] === clock.date?.[1] &&
    last.date?.[2] === clock.date?.[2];
  if (!isSame && (clock.day !== undefined || clock.date !== undefined)) {
    dates.push({ row, day: clock.day, date: clock.date });
  }
  let seconds = clock.seconds;
  const previous = row === 0 ? seconds : values[row - 1]!;
  // A time of day without a date wraps around at midnight.
  if (dates.length === 0 && clock.kind !== 'elapsed' && previous - seconds > 43_200) {
    seconds += 86_400 * Math.round((previous - seconds) / 86_400);
  }
  values[row] = seconds;
}

function finish({ values, decimals, clock, kind, isIrregular, dates }: Growing, length: number): CsvColumn {
  const own = values.slice(0, length);
  daysSinceFirst(dates, own).forEach((days, i) => {
    const end = dates[i + 1]?.row ?? length;
    for (let row = dates[i]!.row; row < end; row++) own[row]! += 86_400 * days;
  });
  return { values: own, decimals, clock, isText: kind === 'text' || isIrregular };
}

function grown<T extends Float64Array | Int32Array>(values: T, larger: T): T {
  larger.set(values);
  return larger;
}
