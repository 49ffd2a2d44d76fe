/**
 * Splits text into rows of cells (RFC 4180) in a single pass, in linear time for any input. (papaparse takes quadratic
 * time for `"x"x"x"…` before spaces, and supports only one escape.)
 *
 * - Lines end with `\n`, `\r\n`, `\r` or `\r\r\n`. Line ends inside quotes are part of the text.
 * - A cell that starts with the quote, ignoring white space, ends with it. Inside, `""` stands for `"`; with single
 * quotes, as
 *   `rdsamp` writes them, `\'` and `\\` stand for `'` and `\`. A quote elsewhere in a cell is text.
 * - The delimiter ' ' stands for runs of spaces and tabs; those at the start and end of a line are ignored.
 */
import { WfdbError } from '../errors.ts';
import { quote as excerpt } from '../text.ts';

/** Delimiter of the cells in a row. */
export type Delimiter = ',' | ';' | '\t' | '|' | ' ';

export interface Tokens {
  readonly delimiter: Delimiter;
  readonly quote: '"' | "'";
}

/**
 * Called with a row, the line (from 1) on which it starts and the number of line ends inside its quotes. Returning
 * `false` stops.
 */
export type OnRow = (cells: string[], line: number, lineEnds: number) => boolean | undefined;

/** What is expected of cells that are whole and have two meanings: no damage that lenient reading could leave out. */
export const inOneWay = 'that can be read in one way only';

/** A syntax error that names the line and quotes an excerpt; `hint` names an option that helps. */
export function syntax(file: string, line: number, expected: string, found: string, hint = ''): WfdbError {
  return new WfdbError({
    code: 'syntax',
    file,
    line,
    expected: shortened(expected),
    found: excerpt(found),
    ...(hint && { hint: shortened(hint) }),
  });
}

/** Truncates long cells for messages. */
const shortened = (text: string): string => (text.length > 400 ? `${text.slice(0, 400)}…` : text);

const newline = 10;
const carriageReturn = 13;
const tab = 9;
const space = 32;
const backslash = 92;

/**
 * Calls `onRow` for each row of `text`; a final line end does not start another row. Throws `WfdbError` for an unclosed
 * quote, and for one that closes in the middle of a cell.
 */
export function eachRow(text: string, tokens: Tokens, file: string, onRow: OnRow): void {
  const { quote } = tokens;
  let position = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  let line = 1;
  let nextNewline = -1;
  let nextReturn = -1;
  let nextQuote = -1;
  while (position < text.length) {
    if (nextNewline < position) nextNewline = indexOrEnd(text, '\n', position);
    if (nextReturn < position) nextReturn = indexOrEnd(text, '\r', position);
    if (nextQuote < position) nextQuote = indexOrEnd(text, quote, position);
    const end = Math.min(nextNewline, nextReturn);
    let row: QuotedRow | undefined;
    if (nextQuote < end) row = quotedRow(text, position, tokens, { file, line });
    const cells = row?.cells ?? plainRow(text.slice(position, end), tokens.delimiter);
    const goesOn = onRow(cells, line, row?.lineEnds ?? 0);
    if (goesOn === false) return;
    line += 1 + (row?.lineEnds ?? 0);
    position = afterLineEnd(text, row?.end ?? end);
  }
}

/** Calls `onLine` with each line of `text`, without its line end, and its number from 1. */
export function eachLine(text: string, onLine: (line: string, number: number) => void): void {
  let position = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  let nextNewline = -1;
  let nextReturn = -1;
  for (let number = 1; position < text.length; number++) {
    if (nextNewline < position) nextNewline = indexOrEnd(text, '\n', position);
    if (nextReturn < position) nextReturn = indexOrEnd(text, '\r', position);
    const end = Math.min(nextNewline, nextReturn);
    onLine(text.slice(position, end), number);
    position = afterLineEnd(text, end);
  }
}

function indexOrEnd(text: string, what: string, from: number): number {
  const at = text.indexOf(what, from);
  return at < 0 ? text.length : at;
}

/** Index after the line end that starts at `at`. */
function afterLineEnd(text: string, at: number): number {
  if (text.charCodeAt(at) === newline) return at + 1;
  const isDoubled = text.charCodeAt(at + 1) === carriageReturn && text.charCodeAt(at + 2) === newline;
  if (isDoubled) return at + 3;
  return text.charCodeAt(at + 1) === newline ? at + 2 : at + 1;
}

function plainRow(line: string, delimiter: Delimiter): string[] {
  if (delimiter !== ' ') return line.split(delimiter);
  const cells: string[] = [];
  let start = -1;
  for (let i = 0; i <= line.length; i++) {
    const code = i < line.length ? line.charCodeAt(i) : space;
    if (code !== space && code !== tab) {
      if (start < 0) start = i;
    } else if (start >= 0) {
      cells.push(line.slice(start, i));
      start = -1;
    }
  }
  return cells.length === 0 ? [''] : cells;
}

interface QuotedRow {
  readonly cells: string[];
  /** Index of the line end after the row. */
  readonly end: number;
  /** Number of line ends inside quotes. */
  readonly lineEnds: number;
}

function quotedRow(
  text: string,
  start: number,
  { delimiter, quote }: Tokens,
  { file, line }: { readonly file: string; readonly line: number },
): QuotedRow {
  const quoteCode = quote.charCodeAt(0);
  const delimiterCode = delimiter.charCodeAt(0);
  const isBlank = (code: number): boolean => code === space || (code === tab && delimiter !== '\t');
  const isLineEnd = (code: number): boolean => code === newline || code === carriageReturn;
  const skipBlanks = (from: number): number => {
    let at = from;
    while (isBlank(text.charCodeAt(at))) at++;
    return at;
  };
  const cells: string[] = [];
  let lineEnds = 0;
  let at = start;
  for (;;) {
    const opening = skipBlanks(at);
    const atEnd = opening >= text.length || isLineEnd(text.charCodeAt(opening));
    if (delimiter === ' ' && atEnd && cells.length > 0) return { cells, end: opening, lineEnds };
    if (text.charCodeAt(opening) === quoteCode) {
      const cell = quotedCell(text, opening, quoteCode, file, line);
      cells.push(cell.text);
      lineEnds += cell.lineEnds;
      at = skipBlanks(cell.end);
      const code = text.charCodeAt(at);
      const isApart = delimiter === ' ' && at > cell.end;
      if (at < text.length && !isLineEnd(code) && code !== delimiterCode && !isApart) {
        throw syntax(file, line, 'quotes that open and close a cell', text.slice(opening, at + 20));
      }
    } else {
      const from = delimiter === ' ' ? opening : at;
      at = opening;
      while (at < text.length) {
        const code = text.charCodeAt(at);
        if (code === delimiterCode || isLineEnd(code) || (delimiter === ' ' && code === tab)) break;
        at++;
      }
      cells.push(text.slice(from, at));
    }
    if (at >= text.length || isLineEnd(text.charCodeAt(at))) return { cells, end: at, lineEnds };
    if (delimiter !== ' ') at++;
  }
}

interface QuotedCell {
  readonly text: string;
  /** Index after the closing quote. */
  readonly end: number;
  readonly lineEnds: number;
}

function quotedCell(
  text: string,
  opening: number,
  quoteCode: number,
  file: string,
  line: number,
): QuotedCell {
  const escapes = quoteCode === 39;
  let content = '';
  let from = opening + 1;
  let lineEnds = 0;
  for (let at = from; at < text.length; at++) {
    const code = text.charCodeAt(at);
    const next = text.charCodeAt(at + 1);
    if (code === newline || (code === carriageReturn && next !== newline && next !== carriageReturn))
      lineEnds++;
    const isEscape =
      escapes && code === backslash
        ? next === backslash || next === quoteCode
        : code === quoteCode && next === quoteCode && !escapes;
    if (isEscape) {
      content += text.slice(from, at);
      from = at + 1;
      at++;
    } else if (code === quoteCode) {
      return { text: content + text.slice(from, at), end: at + 1, lineEnds };
    }
  }
  const expected = `a quote that closes the cell it opens; read so, this cell goes on to the end of the file, and without it the lines below are rows`;
  throw syntax(file, line, expected, text.slice(opening, opening + 40));
}
