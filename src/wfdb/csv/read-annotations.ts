/**
 * Annotations from text tables: the output of `formatAnnotationsCsv`, and other common forms: R peaks in one column,
 * times with labels, clock times from a logger.
 *
 * - Columns are found by name, in any order. Without a header row the first column holds the positions, and the second,
 * if it is text, the labels.
 * - Positions are sample numbers under a name such as `sample` or `index`, and times under a name of times or with a
 * unit of time. Under any other name, or none, integers are sample numbers and other numbers are seconds.
 * - A column `symbol` holds annotation symbols. A label in another column is a symbol if it is a valid one, a rhythm
 * (`+`) if it starts with `(`, and otherwise a note (`"`) with the label as its text. Without labels every position is
 * a beat (`N`).
 */
import { InputError } from '../../input-error.ts';
import type { Annotation } from '../annotations/annotation-file.ts';
import { type Clock, readClock } from './clock.ts';
import { isSampleNumberName, isTimeName, readHeading, secondsIn } from './column-heading.ts';
import { findTokens } from './delimiter.ts';
import { unguarded } from './formula.ts';
import { symbolFor } from './labels.ts';
import { type DecimalMark, markEvidence, numberOf } from './number.ts';
import { type Delimiter, eachRow, syntax, type Tokens } from './split.ts';

/** Information that the table lacks. */
export interface AnnotationsCsvOptions {
  /** Name used in errors. Default `annotations.csv`. */
  readonly file?: string;
  /** Sampling frequency of the annotated record, Hz; required if positions are times. */
  readonly samplingFrequency?: number;
  /**
   * Clock time or Unix time of sample 0 of the record, required for clock times and Unix times: `13:14:04.000`,
   * `2021-02-22T13:14:04Z`, `1614000000`.
   */
  readonly start?: string;
  /** Decimal mark; default: inferred from the cells. */
  readonly decimal?: DecimalMark;
}

interface Row {
  readonly cells: readonly string[];
  readonly line: number;
}

type Role = 'sample' | 'time' | 'position' | 'symbol' | 'subtype' | 'channel' | 'num' | 'aux';

/** Roles of columns by name; other columns are ignored. */
const roleNames: Readonly<Record<Exclude<Role, 'time' | 'position'>, readonly string[]>> = {
  sample: ['sample'],
  symbol: [
    'symbol',
    'type',
    'label',
    'labels',
    'beat',
    'annotation',
    'class',
    'event',
    'marker',
    'mark',
    'code',
  ],
  subtype: ['subtype', 'sub'],
  channel: ['channel', 'chan'],
  num: ['num'],
  aux: ['aux', 'note', 'comment', 'text', 'rhythm'],
};

/**
 * Parses a table of annotations, in the order of its rows. `subtype`, `channel` and `num` default to 0 and `aux` to the
 * empty string; other columns are ignored. Throws `WfdbError` for a malformed table, and `InputError` if times require
 * a sampling frequency or a start that is not given.
 *
 * @example
 * parseAnnotationsCsv('sample,symbol\n77,N\n')[0].sample; // => 77
 * parseAnnotationsCsv('R peak (s)\n0.5\n', { samplingFrequency: 360 })[0]; // => { sample: 180, symbol: 'N', … }
 */
export function parseAnnotationsCsv(text: string, options: AnnotationsCsvOptions = {}): Annotation[] {
  const { file = 'annotations.csv' } = options;
  const rows = readRows(text, tokensOf(text, options, file), file);
  const head = rows[0];
  if (head === undefined) throw syntax(file, 1, 'a table of annotations', '');
  const isHeaded = !head.cells.some(cell => isPlace(cell.trim()));
  const data = isHeaded ? rows.slice(1) : rows;
  const columns = isHeaded ? rolesByName(head, file) : rolesByContent(data);
  const placeOf = placeReader(data, columns, options, file);
  return data.map(row => annotationOf(row, columns, placeOf, file));
}

/** The delimiter of the first line if it holds names, otherwise inferred as for a table of samples. */
function tokensOf(text: string, options: AnnotationsCsvOptions, file: string): Tokens {
  const [first = '', second = ''] = text.slice(0, 400).split(/[\r\n]+/, 2);
  // The comma in `13:14:04,500` is not a delimiter.
  if ([first, second].some(line => readClock(line.trim()) !== undefined))
    return { delimiter: '\t', quote: '"' };
  const delimiter = [...first].find(letter => letter === ',' || letter === ';' || letter === '\t');
  const isHead =
    delimiter !== undefined && !first.split(delimiter).some(cell => isPlace(cell.replaceAll('"', '').trim()));
  if (isHead) return { delimiter: delimiter as Delimiter, quote: '"' };
  return { ...findTokens(text, { decimal: options.decimal }, file), quote: '"' };
}

function readRows(text: string, tokens: Tokens, file: string): Row[] {
  const rows: Row[] = [];
  eachRow(text, tokens, file, (cells, line) => {
    if (cells.some(cell => cell.trim() !== '')) rows.push({ cells, line });
    return true;
  });
  const width = rows[0]?.cells.length;
  const ragged = rows.find(({ cells }) => cells.length !== width);
  if (ragged === undefined) return rows;
  throw syntax(file, ragged.line, `${width} cells`, `${ragged.cells.length}: ${ragged.cells.join()}`);
}

const isPlace = (cell: string): boolean =>
  numberOf(cell, '.') !== undefined || numberOf(cell, ',') !== undefined || readClock(cell) !== undefined;

interface Columns extends Readonly<Partial<Record<Role, number>>> {
  /** Seconds per unit of the times. */
  readonly scale: number;
  /** Whether every label is a symbol, as in a column `symbol`: annotation files may define symbols. */
  readonly areSymbols: boolean;
}

function rolesByName({ cells, line }: Row, file: string): Columns {
  const headings = cells.map(readHeading);
  const names = headings.map(({ name }) => name.trim().toLowerCase());
  const indexOf = (role: keyof typeof roleNames): number =>
    names.findIndex(name => roleNames[role].includes(name));
  const sample = names.findIndex(name => name === 'sample' || isSampleNumberName(name));
  const time = headings.findIndex(
    ({ name, units }, i) => i !== sample && (isTimeName(name) || secondsIn(units) !== undefined),
  );
  const found: Partial<Record<Role, number>> = {};
  for (const role of ['symbol', 'subtype', 'channel', 'num', 'aux'] as const) {
    const index = indexOf(role);
    if (index >= 0) found[role] = index;
  }
  const others = names.findIndex((_, i) => !Object.values(found).includes(i));
  if (sample >= 0) found.sample = sample;
  else if (time >= 0) found.time = time;
  else if (others >= 0) found.position = others;
  else throw syntax(file, line, 'a column of sample numbers or times', cells.join());
  const heading = headings[time];
  const scale = secondsIn(heading?.units) ?? secondsIn(heading?.name) ?? 1;
  return { ...found, scale, areSymbols: names[found.symbol ?? -1] === 'symbol' };
}

function rolesByContent(rows: readonly Row[]): Columns {
  const isText = rows[0]!.cells.length > 1 && rows.every(({ cells }) => !isPlace(cells[1]!.trim()));
  return { position: 0, ...(isText && { symbol: 1 }), scale: 1, areSymbols: false };
}

/** Creates the function that gives the sample number of a row. */
function placeReader(
  rows: readonly Row[],
  { sample, time, position, scale }: Columns,
  { samplingFrequency, start, decimal }: AnnotationsCsvOptions,
  file: string,
): (row: Row) => number {
  const index = (sample ?? time ?? position)!;
  const places = rows.map(({ cells }) => cells[index]!.trim());
  const mark = decimal ?? markOf(rows, places, file);
  const isWhole = places.every(cell => isWholeNumber(cell));
  if (sample !== undefined || (time === undefined && isWhole)) {
    return ({ cells, line }) => {
      const cell = cells[index]!.trim();
      if (!isWholeNumber(cell)) throw syntax(file, line, 'an integer in column sample', cell);
      return Number(cell);
    };
  }
  const bad = places.findIndex(cell => !isPlace(cell));
  if (bad >= 0) throw syntax(file, rows[bad]!.line, `a position in column ${index + 1}`, places[bad]!);
  if (samplingFrequency === undefined) {
    throw new InputError(`${file} gives positions as times: samplingFrequency must be given, in Hz`);
  }
  const origin = start === undefined ? undefined : momentOf(start, mark, 1);
  if (start !== undefined && origin === undefined) {
    throw new InputError(`start must be a clock time or a number, not '${start}'`);
  }
  return ({ cells, line }) => {
    const cell = cells[index]!.trim();
    const moment = momentOf(cell, mark, scale);
    if (moment === undefined) throw syntax(file, line, `a time in column ${index + 1}`, cell);
    if (origin !== undefined) return Math.round(secondsBetween(origin, moment) * samplingFrequency);
    if (moment.kind !== 'ofDay' && moment.seconds < 3e8)
      return Math.round(moment.seconds * samplingFrequency);
    const why = `'${cell}' is a time of day or a date: start, the time at which the record begins, must be given`;
    throw new InputError(`${file}, line ${line}: ${why}`);
  };
}

const isWholeNumber = (cell: string): boolean => cell.length <= 16 && /^[+-]?\d{1,15}$/.test(cell);

/** Infers the decimal mark from the positions. Throws `WfdbError` if they are ambiguous. */
function markOf(rows: readonly Row[], places: readonly string[], file: string): DecimalMark {
  const evidence = places.map(markEvidence);
  if (evidence.includes('comma')) return ',';
  const open = evidence.includes('point') ? -1 : evidence.indexOf('commaOrThousands');
  if (open < 0) return '.';
  const cell = places[open]!;
  const readings = `it is ${numberOf(cell, '.')} with a decimal point and ${numberOf(cell, ',')} with a decimal comma: option decimal, --decimal, says which`;
  throw syntax(file, rows[open]!.line, 'a number that can be read in one way only', cell, readings);
}

/** Parses a clock time, or a number of units of `scale` seconds. */
function momentOf(
  cell: string,
  mark: DecimalMark,
  scale: number,
): Pick<Clock, 'seconds' | 'day' | 'kind'> | undefined {
  const number = numberOf(cell, mark);
  return number === undefined ? readClock(cell) : { seconds: number * scale, kind: 'elapsed' };
}

/** Seconds between two times: by date if both have one, otherwise wrapping around at midnight. */
function secondsBetween(
  from: Pick<Clock, 'seconds' | 'day'>,
  to: Pick<Clock, 'seconds' | 'day' | 'kind'>,
): number {
  const seconds = to.seconds - from.seconds;
  if (from.day !== undefined && to.day !== undefined) return seconds + 86_400 * (to.day - from.day);
  return seconds < 0 && to.kind !== 'elapsed' ? seconds + 86_400 : seconds;
}

function annotationOf(row: Row, columns: Columns, placeOf: (row: Row) => number, file: string): Annotation {
  const { cells, line } = row;
  const cell = (role: Role): string => (columns[role] === undefined ? '' : cells[columns[role]]!);
  const integer = (role: 'subtype' | 'channel' | 'num'): number => {
    const digits = cell(role).trim();
    if (digits === '') return 0;
    if (!isWholeNumber(digits)) throw syntax(file, line, `an integer in column ${role}`, digits);
    return Number(digits);
  };
  const label = unguarded(cell('symbol'));
  if (columns.symbol !== undefined && label.trim() === '') throw syntax(file, line, 'a symbol', label);
  const own =
    columns.symbol === undefined
      ? { symbol: 'N', aux: '' }
      : columns.areSymbols
        ? { symbol: label, aux: '' }
        : symbolFor(label);
  return {
    sample: placeOf(row),
    ...own,
    subtype: integer('subtype'),
    channel: integer('channel'),
    num: integer('num'),
    aux: unguarded(cell('aux')) || own.aux,
  };
}
