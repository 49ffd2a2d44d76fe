/**
 * Samples from a text table: `rdsamp` listings in every format, exports of watches, loggers and spreadsheets, and any
 * plain table of numbers with or without a header row.
 *
 * Rules of interpretation:
 * - These columns are times: clock times, a column named after time in some twenty languages, one in a unit of time,
 * and a first column that increases evenly. If there are several, the most even one gives the sampling frequency and
 * none is a signal. The magnitude of Unix times determines their unit (s, ms, µs, ns). Other times that increase by 1
 * or more per row and have no unit are used only if a given sampling frequency confirms them.
 * - The decimal mark, comma or point, is inferred from all cells of the table. An ambiguous table (`0,145` alone on
 * each line; `1,145` among integers) is refused, and the error names both readings.
 * - A missing sample (empty, `-`, `NaN`, `NA`, `null`) is NaN. Any other cell that is not a number, a row with more or
 * fewer cells, a blank line between rows, or a missing row (a jump in the times) is an error. Trailing rows without a
 * value are ignored, and so are columns that hold only text.
 * - Integers without units are ADC values, as in raw `rdsamp` output (−32768 marks an invalid sample); they are
 * uncalibrated unless the caller gives the gain. Other numbers are in physical units, mV by default.
 * - Lines above the table are searched for units, lead and sampling frequency, and then discarded because they may
 * identify a person.
 */
import { WfdbError } from '../errors.ts';
import type { Source } from '../source.ts';
import { collectLosses } from '../warnings.ts';
import { type CsvBody, readColumns } from './columns.ts';
import { type CsvOptions, checkOptions } from './csv-options.ts';
import { findTokens, refuseSwallowedRows } from './delimiter.ts';
import { decodeTable } from './encoding.ts';
import { firstRows } from './first-rows.ts';
import { type CsvLayout, checkFirstRows, readLayout } from './layout.ts';
import { chooseColumns, columnNamed } from './named-columns.ts';
import { rowTimes } from './row-times.ts';
import { type Delimiter, eachRow, inOneWay, type OnRow, syntax } from './split.ts';
import { type CsvRecording, recordingOf } from './table-recording.ts';
import { type Axis, findAxis } from './time-axis.ts';
import { transposedRows } from './transpose.ts';
import { warning } from './warnings.ts';

/**
 * Parses a text table into a recording. For physical values, `adcGain` is the power of ten that represents every
 * decimal place in the integers `adc` (fewer places if 32 bits do not suffice), `baseline` is 0, and `physical` holds
 * the numbers in the text. `unitsAssumed` marks a signal whose units were assumed. Throws `WfdbError` for a malformed
 * table, and `InputError` if no sampling frequency is given or found, or an option is out of range.
 *
 * @example
 * parseCsv('time,MLII\n0.000,-0.145\n0.004,-0.140\n').samplingFrequency; // => 250
 */
export function parseCsv(text: string, options: CsvOptions = {}): CsvRecording {
  try {
    return parseTable(text, options);
  } catch (error) {
    if (!(error instanceof WfdbError)) throw error;
    const { code, file, line, expected, found } = error;
    const withHint = (hint: string): WfdbError =>
      new WfdbError({ code, file, ...(line && { line }), expected, found, hint, cause: error });
    if (options.transpose) throw withHint('rows and columns counted after transposing');
    const isDamage = code === 'syntax' && !expected.endsWith(inOneWay);
    const cut = line === undefined || !isDamage ? undefined : beforeLine(text, line);
    if (cut === undefined) throw error;
    if (options.lenient) return withoutEnd(cut, error, options);
    if (cut.linesBefore <= cut.linesAfter) throw error;
    const own = /\((option[^()]*)\)$/.exec(error.message)?.[1];
    throw withHint(
      `${own === undefined ? '' : `${own}; `}option lenient, --lenient, reads the rows before it`,
    );
  }
}

interface CutText {
  readonly text: string;
  readonly linesBefore: number;
  /** The line itself too. */
  readonly linesAfter: number;
}

/** The text before a line, counted from 1; undefined where it is the first. */
function beforeLine(text: string, line: number): CutText | undefined {
  const ends = /\r\n|\n|\r/g;
  let at = 0;
  let lines = 1;
  for (let match = ends.exec(text); match !== null; match = ends.exec(text)) {
    lines++;
    if (lines === line) at = ends.lastIndex;
    if (ends.lastIndex === text.length) lines--;
  }
  if (at === 0) return undefined;
  return { text: text.slice(0, at), linesBefore: line - 1, linesAfter: Math.max(1, lines - line + 1) };
}

/** The table up to the line of an error, for recordings that were truncated or end with text. */
function withoutEnd({ text, linesAfter }: CutText, error: WfdbError, options: CsvOptions): CsvRecording {
  const recording = parseTable(text, options);
  const { code, file, line, expected, found } = error;
  const losses = collectLosses(true);
  const count = linesAfter;
  losses.note({
    code,
    file,
    ...(line && { line }),
    expected,
    found,
    count,
    what: 'lines from there on left out',
  });
  return { ...recording, warnings: [...recording.warnings, ...losses.warnings] };
}

function parseTable(text: string, options: CsvOptions): CsvRecording {
  const { file = 'table.csv' } = options;
  checkOptions(options);
  checkIsText(text, file);
  const { delimiter, rows } = openRows(text, options, file);
  const window = firstRows(rows, file);
  const layout = readLayout(window, delimiter, options.decimal, file);
  const wanted = options.columns && chooseColumns(options.columns, layout, file);
  const chosen = wanted && new Set(wanted);
  checkFirstRows(window, layout, chosen, file);
  const labelColumn = options.labels === undefined ? undefined : columnNamed(options.labels, layout, file);
  const body = readColumns(rows, layout, { file, decimal: options.decimal, chosen, labelColumn });
  const axis = findAxis(layout, body, chosen);
  const signalColumns = wanted ?? signalsIn(layout, body, axis, labelColumn);
  if (signalColumns.length === 0) throw noSignals(layout, body, file);
  const times = timesOf(layout, body, axis, { ...options, file });
  return recordingOf({ layout, body, axis, times, signalColumns }, { ...options, file });
}

/** The times of the rows; in lenient reading, where lost rows are an error, with NaN in their place. */
function timesOf(
  layout: CsvLayout,
  body: CsvBody,
  axis: Axis,
  options: CsvOptions & { readonly file: string },
): ReturnType<typeof rowTimes> {
  try {
    return rowTimes(layout, body, axis, options);
  } catch (error) {
    if (!(error instanceof WfdbError) || !options.lenient || options.gaps !== undefined) throw error;
    return rowTimes(layout, body, axis, { ...options, gaps: 'nan' });
  }
}

/** The maximum length of a string in V8. */
const maxTextBytes = 2 ** 29 - 25;

/**
 * Reads and parses a text table in UTF-8, UTF-16, Shift-JIS (CP932) or Windows-1252, detected from its bytes, or in
 * `encoding` (a label of the Encoding Standard). Throws as `parseCsv` does, and `WfdbError` with code `too-large` for
 * more than half a gigabyte.
 *
 * @example
 * const bytes = new TextEncoder().encode('time,MLII\n0.000,-0.145\n0.004,-0.140\n');
 * (await readCsv(memorySource({ 'x.csv': bytes }), 'x.csv')).samplingFrequency // => 250
 */
export async function readCsv(
  source: Source,
  file: string,
  options: Omit<CsvOptions, 'file'> & { readonly encoding?: string } = {},
): Promise<CsvRecording> {
  const { encoding, ...rest } = options;
  const bytes = await source.read(file, 0, maxTextBytes + 1);
  if (bytes.length > maxTextBytes) {
    const expected = `at most ${maxTextBytes} bytes of text`;
    throw new WfdbError({ code: 'too-large', file, expected, found: 'more' });
  }
  const { text, assumed } = decodeTable(bytes, encoding);
  const recording = parseCsv(text, { ...rest, file });
  if (assumed === undefined) return recording;
  const said = `the text encoding was assumed to be ${assumed} (option encoding, --encoding, sets another)`;
  const { warnings } = recording;
  return { ...recording, warnings: [...warnings, warning('assumed', file, [1, 'encoding'], said)] };
}

/** Number of leading characters searched for control characters, which reveal a binary file. */
const lookedAt = 1 << 16;

function checkIsText(text: string, file: string): void {
  const end = Math.min(text.length, lookedAt);
  let line = 1;
  for (let i = 0; i < end; i++) {
    const code = text.charCodeAt(i);
    if (code === 0x0a) line++;
    if (code >= 0x20 || (code >= 0x09 && code <= 0x0d && code !== 0x0b)) continue;
    const found = `control character 0x${code.toString(16).padStart(2, '0')} at character ${i}`;
    throw new WfdbError({ code: 'syntax', file, line, expected: 'text', found });
  }
}

function openRows(
  text: string,
  options: CsvOptions,
  file: string,
): { readonly delimiter: Delimiter; readonly rows: (onRow: OnRow) => void } {
  if (options.transpose) {
    const { delimiter, eachRow: rows } = transposedRows(text, options, file);
    return { delimiter, rows };
  }
  const tokens = findTokens(text, options, file);
  const { delimiter } = tokens;
  const rows = (onRow: OnRow): void =>
    eachRow(text, tokens, file, (cells, line, lineEnds) => {
      if (lineEnds > 0) refuseSwallowedRows(cells, line, delimiter, file);
      return onRow(cells, line, lineEnds);
    });
  return { delimiter, rows };
}

/** Indices of the columns of numbers that are neither times nor sample numbers. */
function signalsIn(
  layout: CsvLayout,
  { columns }: CsvBody,
  axis: Axis,
  labelColumn: number | undefined,
): number[] {
  // A column without name, unit and values is ignored.
  const isNothing = (i: number): boolean =>
    layout.names?.[i] === '' && layout.units[i] === undefined && columns[i]!.values.every(Number.isNaN);
  const others = new Set([axis.sampleNumber, axis.time, labelColumn, ...axis.otherTimes, ...axis.counters]);
  return columns.map((_, i) => i).filter(i => !others.has(i) && !columns[i]!.isText && !isNothing(i));
}

function noSignals(layout: CsvLayout, body: CsvBody, file: string): WfdbError {
  const text = body.columns.findIndex(({ isText }) => isText);
  const found = text < 0 ? 'times' : body.firstCells[text]!.trim();
  const where =
    text < 0 ? '' : ` (column ${text + 1}${layout.names?.[text] ? `, ${layout.names[text]}` : ''})`;
  return syntax(file, body.lines[0]!, `a column of samples${where}`, found);
}
