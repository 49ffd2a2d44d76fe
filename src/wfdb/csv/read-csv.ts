/**
 * Samples from a text table: `rdsamp` listings of every kind, exports of watches, loggers and spreadsheets, and any
 * plain table of numbers with or without a header row.
 *
 * What is taken for what:
 * - Clock times, a column named for time in some twenty languages, one in a unit of time, and a first column that grows
 *   evenly are times; several of them are no signals, and the most even one gives the sampling frequency. Numbers near
 *   Unix times are told by their size (s, ms, µs, ns). Other times that step by 1 or more and name no unit are believed
 *   only as far as a given sampling frequency bears them out.
 * - Comma or point is the decimal mark, told by all cells of the table. A table that can be read in two ways
 *   (`0,145` alone on each line; `1,145` among whole numbers) is refused, and the error names both.
 * - A sample that is not there (empty, `-`, `NaN`, `NA`, `null`) is NaN. Any other cell that is no number, a row with
 *   more or fewer cells, a blank line among the rows, a missing row (a jump in the times) is an error. Rows without a
 *   value at the end are none. A column of text alone is left out.
 * - Whole numbers without units are ADC values, as raw `rdsamp` prints them (−32768 is its invalid sample); they are
 *   uncalibrated until the caller gives the gain. Anything else is in physical units, mV where none are named.
 * - Lines above the table are read for units, lead and sampling frequency, and not kept: they may name a person.
 */
import { InputError } from '../../input-error.ts';
import type { Annotation } from '../annotations/annotation-file.ts';
import { WfdbError } from '../errors.ts';
import type { Recording, Signal } from '../record.ts';
import type { Source } from '../source.ts';
import { type CsvBody, readColumns } from './columns.ts';
import { findTokens, refuseSwallowedRows } from './delimiter.ts';
import { decodeTable } from './encoding.ts';
import { firstRows } from './first-rows.ts';
import { symbolFor } from './labels.ts';
import { type CsvLayout, checkFirstRows, readLayout } from './layout.ts';
import { chooseColumns, columnNamed } from './named-columns.ts';
import type { DecimalMark } from './number.ts';
import { type RowTimes, rowTimes } from './row-times.ts';
import { isWholeOrMissing, lengthWithGaps, physicalSamples, rawSamples, withGaps } from './samples.ts';
import { type Delimiter, eachRow, type OnRow, syntax } from './split.ts';
import { type Axis, findAxis } from './time-axis.ts';
import { transposedRows } from './transpose.ts';
import { warning, warningsOf } from './warnings.ts';

/** What the text does not say, and what to make of what it says. */
export interface CsvOptions {
  /** Name used in errors; without its ending it is the record's name. Default `table.csv`. */
  readonly file?: string;
  /** Hz; needed when the table has neither a time column nor a line that says it. */
  readonly samplingFrequency?: number;
  /** Whether columns of times are left out without being read for the sampling frequency. */
  readonly ignoreTimes?: boolean;
  /** Samples lost between rows, as the times or sample numbers show: an error (default), or NaN in their place. */
  readonly gaps?: 'error' | 'nan';
  /** Columns that are signals, by name or by place from 1, in the order wanted; default all that hold numbers. */
  readonly columns?: readonly (string | number)[];
  /** Physical units where the table names none, whole numbers too; default `mV`, and whole numbers are ADC values. */
  readonly units?: string;
  /** ADC units per physical unit: the numbers are ADC values with this gain. */
  readonly adcGain?: number;
  /** The ADC value that stands for 0 physical units; default 0. */
  readonly baseline?: number;
  /** What parts cells; default what the table shows. A blank stands for runs of blanks and tabs. */
  readonly delimiter?: Delimiter;
  /** Decimal mark; default what the table shows. */
  readonly decimal?: DecimalMark;
  /** Whether each line holds a signal, not each column. */
  readonly transpose?: boolean;
  /** A column of text, by name or by place from 1, whose entries become annotations. */
  readonly labels?: string | number;
  /** Whether lines above the table become comments; they may name the person and the date of birth. */
  readonly keepComments?: boolean;
}

/** A recording from a table; its `warnings` say what was assumed, left out or filled in. */
export interface CsvRecording extends Recording {
  /** From the column of labels, when one is asked for. */
  readonly annotations: readonly Annotation[];
  /** The first row's clock time or Unix time as it stands there: the `start` that `parseAnnotationsCsv` takes. */
  readonly startTime?: string;
}

/**
 * A recording from a text table. Where the values are physical, `adcGain` is the power of ten that keeps every
 * decimal place as an integer in `adc` (fewer places where 32 bits do not hold them), `baseline` is 0, and `physical`
 * is what the text says. A signal in units that were assumed has `unitsAssumed`. Throws `WfdbError` for a malformed
 * table, and `InputError` when no sampling frequency is given or found or an option is out of range.
 *
 * @example
 * parseCsv('time,MLII\n0.000,-0.145\n0.004,-0.140\n').samplingFrequency; // => 250
 */
export function parseCsv(text: string, options: CsvOptions = {}): CsvRecording {
  if (!options.transpose) return parseTable(text, options);
  try {
    return parseTable(text, options);
  } catch (error) {
    if (!(error instanceof WfdbError)) throw error;
    const { code, file, line, expected, found } = error;
    const hint = 'rows and columns counted after transposing';
    throw new WfdbError({ code, file, ...(line && { line }), expected, found, hint, cause: error });
  }
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
  const place = rowTimes(layout, body, axis, { ...options, file });
  return recordingOf(layout, body, axis, place, signalColumns, { ...options, file });
}

/** The longest text that JavaScript engines hold. */
const maxTextBytes = 2 ** 29 - 25;

/**
 * Reads and parses a text table in UTF-8, UTF-16, Shift-JIS (CP932) or Windows-1252, told by its bytes, or in what
 * `encoding` names (a label of the Encoding Standard). Throws as `parseCsv` does, and `WfdbError` with code `too-large`
 * for more than half a gigabyte.
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
  const said = `the text was taken for ${assumed} (option encoding, --encoding, names another)`;
  const { warnings } = recording;
  return { ...recording, warnings: [...warnings, warning('assumed', file, [1, 'encoding'], said)] };
}

function checkOptions({
  samplingFrequency,
  adcGain,
  baseline = 0,
  gaps = 'error',
  decimal = '.',
}: CsvOptions): void {
  if (samplingFrequency !== undefined && !(samplingFrequency > 0 && samplingFrequency < Infinity)) {
    throw new InputError(`samplingFrequency must be a positive number of Hz, not ${samplingFrequency}`);
  }
  if (adcGain !== undefined && !(Number.isFinite(adcGain) && adcGain !== 0)) {
    throw new InputError(`adcGain must be a finite number other than 0, not ${adcGain}`);
  }
  if (!Number.isFinite(baseline)) throw new InputError(`baseline must be finite, not ${baseline}`);
  if (gaps !== 'error' && gaps !== 'nan')
    throw new InputError(`gaps must be 'error' or 'nan', not '${gaps}'`);
  if (decimal !== '.' && decimal !== ',')
    throw new InputError(`decimal must be '.' or ',', not '${decimal}'`);
}

/** Characters in which control characters are looked for: a file that is no text has some soon. */
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

/** Columns of numbers that are neither times nor sample numbers. */
function signalsIn(
  layout: CsvLayout,
  { columns }: CsvBody,
  axis: Axis,
  labelColumn: number | undefined,
): number[] {
  // A column under a header row that has neither a name nor a unit nor a value is none.
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

function recordingOf(
  layout: CsvLayout,
  body: CsvBody,
  axis: Axis,
  { samplingFrequency, start, gaps }: RowTimes,
  signalColumns: readonly number[],
  options: CsvOptions & { readonly file: string },
): CsvRecording {
  const { file, units, adcGain } = options;
  const length = lengthWithGaps(body, gaps, file);
  const unitsOf = (i: number): string | undefined => layout.units[i] ?? layout.preamble.units ?? units;
  const hasUnits = (i: number): boolean => unitsOf(i) !== undefined;
  const areWhole = signalColumns.every(i => hasUnits(i) || body.columns[i]!.values.every(isWholeOrMissing));
  const signals = signalColumns.map((i, place): Signal => {
    const isRaw = adcGain !== undefined || (!hasUnits(i) && areWhole);
    const samples = isRaw ? rawSamples(body, i, options, file) : physicalSamples(body, i);
    const own = unitsOf(i);
    return {
      name: layout.names?.[i] || (layout.columns === 1 && layout.preamble.lead) || `sig ${place}`,
      units: own ?? 'mV',
      ...(own === undefined && adcGain === undefined && { unitsAssumed: true }),
      samplingFrequency,
      ...withGaps(samples, gaps, length),
    };
  });
  return {
    name: file.replace(/\.[^./]*$/, ''),
    samplingFrequency,
    start,
    length,
    signals,
    comments: options.keepComments ? layout.comments : [],
    warnings: warningsOf({ file, layout, body, axis, gaps, signals, asked: options }),
    ...startTimeOf(body, axis),
    annotations: body.labels.map(({ row, text }) => ({
      sample: start + row + gaps.reduce((sum, gap) => sum + (gap.row <= row ? gap.lost : 0), 0),
      ...symbolFor(text),
      subtype: 0,
      channel: 0,
      num: 0,
    })),
  };
}

/** Nothing where times are counted from the start. */
function startTimeOf({ columns, firstCells }: CsvBody, { time }: Axis): Pick<CsvRecording, 'startTime'> {
  if (time === undefined) return {};
  const { clock, values } = columns[time]!;
  const isAbsolute = clock === undefined ? values[0]! >= 3e8 : clock !== 'elapsed';
  return isAbsolute ? { startTime: firstCells[time]!.trim() } : {};
}
