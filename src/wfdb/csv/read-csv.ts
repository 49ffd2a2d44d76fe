/**
 * Samples from a text table: `rdsamp` listings of every kind, the CSV that circulates of PhysioNet records, and any
 * plain table of numbers with or without a header row. papaparse takes the cells apart.
 *
 * What is taken for what:
 * - A column named for time (`Elapsed time`, `time`, `t`, `ms`, `timestamp`, …) gives the sampling frequency; one
 *   named for sample numbers (`sample #`, `index`, …) the place in the record. Without a name, a first column that
 *   counts by one is sample numbers, and one of ten or more evenly growing fractions is seconds. Times
 *   that step by 1 or more and name no unit are believed only as far as a given sampling frequency bears them out.
 * - A comma in quotes between commas parts thousands where all such cells allow it (`"1,024"`); else it is decimal, as
 *   it is between other delimiters, where a point parts thousands (`1.024,5`).
 * - A sample that is not there (empty, `-`, `NaN`, `NA`, `null`) is NaN. Any other cell that is no number, a row with
 *   more or fewer cells, a blank line among the rows, a missing row (a jump in the times) is an error.
 * - Whole numbers without units are ADC values, as raw `rdsamp` prints them (−32768 is its invalid sample); they are
 *   uncalibrated until the caller gives the gain. Anything else is in physical units, mV where none are named.
 */

import { WfdbError } from '../errors.ts';
import { decodeText } from '../header.ts';
import type { Recording, Signal } from '../record.ts';
import type { Source } from '../source.ts';
import { type CsvBody, type CsvColumn, readColumns } from './columns.ts';
import { type CsvLayout, detectLayout, plainLines, syntax } from './layout.ts';
import { findAxis, placeInTime } from './time-axis.ts';

/** What the text does not say. */
export interface CsvOptions {
  /** Name used in errors; without its ending it is the record's name. Default `table.csv`. */
  readonly file?: string;
  /** Hz; needed when the table has neither a time column nor a line that says it. */
  readonly samplingFrequency?: number;
  /** ADC units per physical unit: the numbers are ADC values with this gain. */
  readonly adcGain?: number;
  /** The ADC value that stands for 0 physical units; default 0. */
  readonly baseline?: number;
  /** Physical units where the table names none, whole numbers too; default `mV`, and whole numbers are ADC values. */
  readonly units?: string;
}

/** What stands in `adc` for a sample that is not there. */
const invalidAdc = -(2 ** 31);
const rdsampInvalid = -32768;
const largestAdc = 2 ** 31 - 1;
const uncalibratedGain = 200;

/**
 * A recording from a text table. Where the values are physical, `adcGain` is the power of ten that keeps every
 * decimal place as an integer in `adc` (fewer places where 32 bits do not hold them), `baseline` is 0, and `physical`
 * is what the text says. Throws `WfdbError` for a malformed table, and `RangeError` when no sampling frequency is
 * given or found or an option is out of range.
 *
 * @example
 * parseCsv('time,MLII\n0.000,-0.145\n0.004,-0.140\n').samplingFrequency; // => 250
 */
export function parseCsv(text: string, options: CsvOptions = {}): Recording {
  const { file = 'table.csv' } = options;
  checkOptions(options);
  const plain = plainLines(text);
  const layout = detectLayout(plain, file);
  const body = readColumns(plain, layout, file);
  const axis = findAxis(layout, body);
  const signalColumns = body.columns
    .map((_, i) => i)
    .filter(i => i !== axis.sampleNumber && i !== axis.time && !isNothing(layout, body, i));
  const clockColumn = signalColumns.find(i => body.columns[i]!.clock !== undefined);
  if (clockColumn !== undefined || signalColumns.length === 0) {
    throw syntax(file, body.firstLine, 'a column of samples', 'times');
  }
  const { samplingFrequency, start } = placeInTime(layout, body, axis, options.samplingFrequency, file);
  const isRaw =
    options.adcGain !== undefined ||
    (options.units === undefined &&
      signalColumns.every(
        i => layout.units[i] === undefined && body.columns[i]!.values.every(isWholeOrMissing),
      ));
  return {
    name: file.replace(/\.[^./]*$/, ''),
    samplingFrequency,
    start,
    length: body.length,
    signals: signalColumns.map((i, place) => ({
      name: layout.names?.[i] || `sig ${place}`,
      units: layout.units[i] ?? options.units ?? 'mV',
      samplingFrequency,
      ...(isRaw ? rawSamples(body, i, options, file) : physicalSamples(body.columns[i]!)),
    })),
    comments: layout.comments,
    warnings: [],
  };
}

/** A column under a header row that has neither a name nor a unit nor a value. */
const isNothing = ({ names, units }: CsvLayout, { columns }: CsvBody, i: number): boolean =>
  names?.[i] === '' && units[i] === undefined && columns[i]!.values.every(Number.isNaN);

/** The longest text that JavaScript engines hold. */
const maxTextBytes = 2 ** 29 - 25;

/**
 * Reads and parses a text table: UTF-8, Windows-1252, or UTF-16 with a byte-order mark (`Unicode text` of
 * spreadsheets). Throws as `parseCsv` does, and `WfdbError` with code `too-large` for more than half a gigabyte.
 *
 * @example
 * const recording = await readCsv(blobSource(input.files), 'ecg.csv', { samplingFrequency: 500 });
 */
export async function readCsv(
  source: Source,
  file: string,
  options: Omit<CsvOptions, 'file'> = {},
): Promise<Recording> {
  const bytes = await source.read(file, 0, maxTextBytes + 1);
  if (bytes.length > maxTextBytes) {
    throw new WfdbError({
      code: 'too-large',
      file,
      expected: `at most ${maxTextBytes} bytes of text`,
      found: 'more',
    });
  }
  const mark =
    bytes[0] === 0xff && bytes[1] === 0xfe
      ? 'utf-16le'
      : bytes[0] === 0xfe && bytes[1] === 0xff
        ? 'utf-16be'
        : undefined;
  return parseCsv(mark ? new TextDecoder(mark).decode(bytes) : decodeText(bytes), { ...options, file });
}

function checkOptions({ samplingFrequency, adcGain, baseline = 0 }: CsvOptions): void {
  if (samplingFrequency !== undefined && !(samplingFrequency > 0 && samplingFrequency < Infinity)) {
    throw new RangeError(`samplingFrequency must be a positive number of Hz, not ${samplingFrequency}`);
  }
  if (adcGain !== undefined && !(Number.isFinite(adcGain) && adcGain !== 0)) {
    throw new RangeError(`adcGain must be a finite number other than 0, not ${adcGain}`);
  }
  if (!Number.isFinite(baseline)) throw new RangeError(`baseline must be finite, not ${baseline}`);
}

const isWholeOrMissing = (value: number): boolean => Number.isInteger(value) || Number.isNaN(value);

type Samples = Pick<Signal, 'adcGain' | 'baseline' | 'calibrated' | 'adc' | 'physical'>;

function rawSamples(
  { columns, length, firstLine }: CsvBody,
  index: number,
  { adcGain, baseline = 0 }: CsvOptions,
  file: string,
): Samples {
  const { values } = columns[index]!;
  const gain = adcGain ?? uncalibratedGain;
  const adc = new Int32Array(length);
  const physical = new Float64Array(length);
  for (let i = 0; i < length; i++) {
    const value = values[i]!;
    if (Number.isNaN(value) || value === rdsampInvalid) {
      adc[i] = invalidAdc;
      physical[i] = Number.NaN;
    } else if (!Number.isInteger(value) || Math.abs(value) > largestAdc) {
      throw syntax(file, firstLine + i, `an ADC value of 32 bits in column ${index + 1}`, String(value));
    } else {
      adc[i] = value;
      physical[i] = (value - baseline) / gain;
    }
  }
  return { adcGain: gain, baseline, calibrated: adcGain !== undefined, adc, physical };
}

function physicalSamples({ values, decimals }: CsvColumn): Samples {
  let largest = 0;
  for (const value of values) if (Math.abs(value) > largest) largest = Math.abs(value);
  const places = largest === 0 ? 0 : Math.floor(Math.log10(largestAdc / largest));
  const adcGain = 10 ** Math.min(decimals, places, 300);
  const adc = new Int32Array(values.length);
  for (let i = 0; i < values.length; i++) {
    adc[i] = Number.isNaN(values[i]!) ? invalidAdc : Math.round(values[i]! * adcGain);
  }
  return { adcGain, baseline: 0, calibrated: true, adc, physical: values };
}
