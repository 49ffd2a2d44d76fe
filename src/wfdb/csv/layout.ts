/**
 * How a text table is laid out, found from its first lines: delimiter, quote, decimal mark, header and units.
 * Conventions met: `rdsamp -c` (single quotes, a second row of units), `rdsamp` in tab columns (units in
 * parentheses), spreadsheets (double quotes, units behind the names), European exports (`;` and decimal commas),
 * `numpy.savetxt` (a header behind `#`), columns aligned by blanks, `key,value` lines above the samples.
 */
import Papa from 'papaparse';
import { WfdbError } from '../errors.ts';
import { quote as excerpt } from '../header.ts';
import { isClock } from './clock.ts';

/** Where the cells of a table are and what they are called. */
export interface CsvLayout {
  /** A blank stands for runs of blanks and tabs. */
  readonly delimiter: ',' | ';' | '\t' | '|' | ' ';
  readonly quote: '"' | "'";
  readonly decimal: '.' | ',';
  readonly columns: number;
  /** Column names without their units; absent when the first row is data already. */
  readonly names?: readonly string[];
  /** Units per column, from the names or from a row of their own. */
  readonly units: readonly (string | undefined)[];
  /** `#` lines and `key,value` lines above the table. */
  readonly comments: readonly string[];
  /** Rows above the first row of data. */
  readonly headRows: number;
}

type Tokens = Pick<CsvLayout, 'delimiter' | 'quote'>;
interface HeadRow {
  readonly cells: readonly string[];
  readonly line: number;
}

/** What must hold the first lines of a table; more is no table of samples. */
const headCharacters = 1 << 16;
const headLines = 100;

// Each alternative begins differently, so that a long run of digits is passed over once.
const pointNumber = /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i;
const commaNumber = /^[+-]?(\d+(,\d+)?|,\d+)(e[+-]?\d+)?$/i;
// Thousands parted by the mark that is not the decimal one.
const pointThousands = /^[+-]?[1-9]\d{0,2}(,\d{3})+(\.\d+)?$/;
const commaThousands = /^[+-]?[1-9]\d{0,2}(\.\d{3})+,\d+$/;
const missing = /^(|-|nan|na|n\/a|null)$/i;

/** A cell that stands for a sample that is not there: empty, `-`, `NaN`, `NA`, `N/A` or `null`. */
export const isMissing = (cell: string): boolean => missing.test(cell);

/** The number a cell holds, or undefined when it is not one plain finite decimal number. Thousands may be parted. */
export function numberOf(cell: string, decimal: '.' | ','): number | undefined {
  const text =
    decimal === ',' ? withPoint(cell) : pointThousands.test(cell) ? cell.replaceAll(',', '') : cell;
  const value = text !== undefined && pointNumber.test(text) ? Number(text) : Number.NaN;
  return Number.isFinite(value) ? value : undefined;
}

function withPoint(cell: string): string | undefined {
  if (commaNumber.test(cell)) return cell.replace(',', '.');
  return commaThousands.test(cell) ? cell.replaceAll('.', '').replace(',', '.') : undefined;
}

/** The same text with `\n` for `\r`, `\r\n` and the doubled `\r\r\n`, and without a byte-order mark. */
export const plainLines = (text: string): string =>
  text.replace(/^\uFEFF/, '').replace(/\r{1,2}\n|\r/g, '\n');

/** An error that names the line and shows, shortened, what is there. */
export const syntax = (file: string, line: number, expected: string, found: string): WfdbError =>
  new WfdbError({ code: 'syntax', file, line, expected, found: excerpt(found) });

/**
 * Hands each row of cells to `onRow` with the line it starts on. `text` has plain line ends; the end of the
 * last line makes no row. Throws `WfdbError` for a quote that does not close.
 */
export function eachRow(
  text: string,
  tokens: Tokens,
  file: string,
  onRow: (cells: string[], line: number) => void,
): void {
  let line = 1;
  Papa.parse<string[]>(tokenText(text.endsWith('\n') ? text.slice(0, -1) : text, tokens), {
    ...tokenOptions(tokens),
    step: ({ data: cells, errors }) => {
      if (errors.length > 0) throw syntax(file, line, 'quotes that open and close a cell', cells.join());
      let newlines = 1;
      for (let i = 0; i < cells.length; i++) {
        if (cells[i]!.includes('\n')) newlines += cells[i]!.split('\n').length - 1;
        cells[i] = cells[i]!.replaceAll(escapedBackslash, '\\');
      }
      onRow(cells, line);
      line += newlines;
    },
  });
}

/** Stands for an escaped backslash while papaparse is at work, which knows only one escape, that of the quote. */
const escapedBackslash = '\uE000';

function tokenText(text: string, { delimiter, quote }: Tokens): string {
  const unescaped = quote === "'" ? text.replaceAll('\\\\', escapedBackslash) : text;
  return delimiter === ' ' ? unescaped.replace(/[ \t]+/g, '\t').replace(/^\t|\t$/gm, '') : unescaped;
}

const tokenOptions = ({ delimiter, quote }: Tokens) => ({
  delimiter: delimiter === ' ' ? '\t' : delimiter,
  quoteChar: quote,
  escapeChar: quote === "'" ? '\\' : '"',
  newline: '\n' as const,
});

/** The layout of a table with plain line ends. Throws `WfdbError` when its first lines hold no row of numbers. */
export function detectLayout(text: string, file: string): CsvLayout {
  const head = headOf(text, file);
  const quote = /(^|[,;\t|])'/m.test(head) && /'($|[,;\t|])/m.test(head) ? "'" : '"';
  const { delimiter, decimal } = detectDelimiter(head, quote);
  const above: HeadRow[] = [];
  let first: readonly string[] | undefined;
  eachRow(head, { delimiter, quote }, file, (row, line) => {
    if (first !== undefined) return;
    const cells = row.map(cell => cell.trim());
    if (isDataRow(cells, decimal)) first = cells;
    else above.push({ cells, line });
  });
  if (first === undefined) {
    const text = above.find(row => row.cells.some(cell => cell !== ''));
    throw syntax(file, text?.line ?? 1, 'a table with a row of numbers', text?.cells.join(delimiter) ?? '');
  }
  // Delimiters at the end of each line make no columns.
  let columns = first.length;
  while (columns > 1 && first[columns - 1] === '' && above.every(row => !row.cells[columns - 1])) columns--;
  return {
    delimiter,
    quote,
    decimal,
    columns,
    headRows: above.length,
    ...readHead(above, { columns, quote, decimal }, file),
  };
}

function headOf(text: string, file: string): string {
  const cut = text.slice(0, headCharacters);
  for (let i = 0; i < cut.length; i++) {
    const code = cut.charCodeAt(i);
    if (code < 0x20 && code !== 0x09 && code !== 0x0a && code !== 0x0c) {
      const line = cut.slice(0, i).split('\n').length;
      const found = `control character 0x${code.toString(16).padStart(2, '0')} at character ${i}`;
      throw new WfdbError({ code: 'syntax', file, line, expected: 'text', found });
    }
  }
  const lines = cut.split('\n');
  if (text.length > cut.length) lines.pop();
  if (lines.length === 0) {
    throw new WfdbError({
      code: 'too-large',
      file,
      line: 1,
      expected: `a line of at most ${headCharacters} characters`,
      found: `one of ${text.indexOf('\n') < 0 ? text.length : text.indexOf('\n')}`,
    });
  }
  return lines.slice(0, headLines).join('\n');
}

function detectDelimiter(head: string, quote: CsvLayout['quote']): Pick<CsvLayout, 'delimiter' | 'decimal'> {
  let best: Pick<CsvLayout, 'delimiter' | 'decimal'> | undefined;
  let mostRows = 0;
  for (const delimiter of ['\t', ';', '|', ',', ' '] as const) {
    const tokens = { delimiter, quote };
    const { data } = Papa.parse<string[]>(tokenText(head, tokens), tokenOptions(tokens));
    const rows = data.map(row => row.map(cell => cell.trim()));
    const decimal = decimalOf(rows.flat(), delimiter);
    const dataRows = rows.filter(row => row.length > 1 && isDataRow(row, decimal)).length;
    if (dataRows > mostRows) {
      best = { delimiter, decimal };
      mostRows = dataRows;
    }
  }
  const lines = head.split('\n').map(line => line.trim());
  // A single column whose commas are in quotes was written for commas between columns.
  const isQuoted = lines.some(line => new RegExp(`^${quote}[^${quote}]*,[^${quote}]*${quote}$`).test(line));
  const single = isQuoted
    ? ({ delimiter: ',', decimal: decimalOf(lines.map(unquoted), ',') } as const)
    : ({ delimiter: '\t', decimal: decimalOf(lines, '\t') } as const);
  // `-0,145` alone on a line is one decimal number: nobody writes the integer -0.
  const oneCommaColumn =
    best?.delimiter === ',' &&
    lines.some(line => line.startsWith('-0,')) &&
    lines.filter(line => /\d/.test(line)).every(line => commaNumber.test(line) || !/^[-+\d,]+$/.test(line));
  return best === undefined || oneCommaColumn ? single : best;
}

const unquoted = (line: string): string => line.replace(/^['"]|['"]$/g, '');

/**
 * The decimal mark of some cells. `1,024` may be either: where no other cell tells, its comma parts thousands between
 * commas and is a decimal one between other delimiters.
 */
function decimalOf(cells: readonly string[], delimiter: CsvLayout['delimiter']): '.' | ',' {
  const withComma = cells.filter(cell => cell.includes(','));
  const isDecimal = (cell: string): boolean => commaNumber.test(cell) || commaThousands.test(cell);
  if (withComma.some(cell => isDecimal(cell) && !pointThousands.test(cell))) return ',';
  if (withComma.some(cell => pointThousands.test(cell) && !isDecimal(cell))) return '.';
  return delimiter !== ',' && withComma.some(isDecimal) ? ',' : '.';
}

const isDataRow = (cells: readonly string[], decimal: '.' | ','): boolean =>
  cells.some(cell => cell !== '') &&
  cells.every(cell => isMissing(cell) || numberOf(cell, decimal) !== undefined || isClock(cell));

/** Names, units and comments from the rows above the data. */
function readHead(
  above: readonly HeadRow[],
  { columns, quote, decimal }: Pick<CsvLayout, 'columns' | 'quote' | 'decimal'>,
  file: string,
): Pick<CsvLayout, 'names' | 'units' | 'comments'> {
  const comments: string[] = [];
  const titles: HeadRow[] = [];
  for (const { cells, line } of above) {
    if (cells.every(cell => cell === '')) continue;
    const isComment = cells[0]!.startsWith('#');
    const plain = isComment ? [cells[0]!.slice(1).trim(), ...cells.slice(1)] : [...cells];
    while (plain.length > columns && plain.at(-1) === '') plain.pop();
    const isKeyAndValue = columns === 1 && /[:=,;\t]/.test(plain[0]!);
    if (plain.length === columns && !isKeyAndValue && !(isComment && columns === 1)) {
      titles.push({ cells: plain, line });
    } else if (isComment || isKeyAndValue || (titles.length === 0 && cells.length <= 2)) {
      comments.push(plain.filter(cell => cell !== '').join(', '));
    } else {
      throw syntax(file, line, `${columns} cells`, `${cells.length}: ${cells.join()}`);
    }
  }
  const [names, units, stray] = titles;
  if (stray !== undefined) throw syntax(file, stray.line, 'a row of numbers', stray.cells.join());
  if (units?.cells.some(cell => numberOf(cell, decimal) !== undefined || isClock(cell))) {
    throw syntax(file, units.line, 'a row of numbers or of units', units.cells.join());
  }
  const named = (names?.cells ?? []).map(cell => nameAndUnits(cell, quote));
  const keyUnits =
    columns > 1 ? undefined : comments.map(text => /^units?\s*[:=,]\s*(\S+)$/i.exec(text)?.[1]).find(Boolean);
  return {
    ...(names && { names: named.map(({ name }) => name) }),
    units: Array.from(
      { length: columns },
      (_, i) => bareUnits(units?.cells[i]) ?? named[i]?.units ?? keyUnits,
    ),
    comments,
  };
}

const bareUnits = (cell: string | undefined): string | undefined =>
  cell === undefined || isMissing(cell) ? undefined : cell.replace(/^[([]\s*|\s*[)\]]$/g, '');

/** `MLII (mV)` and `MLII [mV]` into name and units. */
function nameAndUnits(cell: string, quote: CsvLayout['quote']): { name: string; units: string | undefined } {
  const text = quote === '"' ? unguarded(cell) : cell;
  const open = Math.max(text.lastIndexOf('('), text.lastIndexOf('['));
  if (open < 0 || !/[)\]]$/.test(text)) return { name: text, units: undefined };
  return { name: text.slice(0, open).trim(), units: text.slice(open + 1, -1).trim() };
}

/** Text that a spreadsheet would run as a formula, with a quote before it that makes it text there. */
export const guarded = (text: string): string => (/^['=+\-@\t\r]/.test(text) ? `'${text}` : text);

/** What `guarded` was given. */
export const unguarded = (text: string): string => (/^'['=+\-@\t\r]/.test(text) ? text.slice(1) : text);
