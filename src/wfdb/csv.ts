/**
 * Samples from a text table: `rdsamp` listings of every kind, the CSV that circulates of PhysioNet records, and any
 * plain table of numbers with or without a header row. papaparse takes the cells apart.
 *
 * What is taken for what:
 * - A column named for time (`Elapsed time`, `time`, `t`, `ms`, `timestamp`, …) gives the sampling frequency; one
 *   named for sample numbers (`sample #`, `index`, …) the place in the record. Without a name, a first column that
 *   counts by one is sample numbers, and one of ten or more evenly growing fractions is seconds.
 * - A sample that is not there (empty, `-`, `NaN`, `NA`, `null`) is NaN. Any other cell that is no number, a row with
 *   more or fewer cells, a blank line among the rows, a missing row (a jump in the times) is an error.
 * - Whole numbers without units are ADC values, as raw `rdsamp` prints them (−32768 is its invalid sample); they are
 *   uncalibrated until the caller gives the gain. Anything else is in physical units, mV where none are named.
 */
import { type CsvBody, type CsvColumn, readColumns } from './csv-columns.ts';
import { type CsvLayout, detectLayout, plainLines, syntax } from './csv-layout.ts';
import { roundestFrequency, samplingFrequencyOf } from './csv-time.ts';
import { WfdbError } from './errors.ts';
import { decodeText } from './header.ts';
import type { Recording, Signal } from './record.ts';
import type { Source } from './source.ts';

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
  /** Physical units where the table names none; default `mV`. */
  readonly units?: string;
}

/** Columns that are no signals, by index. */
interface Axis {
  readonly sampleNumber: number | undefined;
  readonly time: number | undefined;
}

/** What stands in `adc` for a sample that is not there. */
const invalidAdc = -(2 ** 31);
const rdsampInvalid = -32768;
const largestAdc = 2 ** 31 - 1;
const uncalibratedGain = 200;
/** Fewer rows are too few to take a first column without a name for seconds. */
const fewestTimes = 10;

const sampleNumberName = /^(sample|samp(le)?[ _.]?(#|no\.?|num(ber)?|index|interval)|index|idx|row|#)$/i;
const timeName =
  /^((elapsed|relative)?[ _]?time([ _]?(and[ _]date|stamp))?|date[ _]?time|date|t)([ _.](s|sec|seconds?|ms|us|µs))?$|^(seconds?|secs?|s|ms|milliseconds?)$/i;
const secondsPerUnit: ReadonlyMap<string, number> = new Map(
  (
    [
      [1, ['s', 'sec', 'secs', 'second', 'seconds']],
      [1e-3, ['ms', 'msec', 'millisecond', 'milliseconds']],
      [1e-6, ['us', 'µs', 'μs', 'microseconds']],
      [1e-9, ['ns', 'nanoseconds']],
      [60, ['min', 'minutes']],
      [3600, ['h', 'hours']],
    ] as const
  ).flatMap(([seconds, names]) => names.map(name => [name, seconds] as const)),
);

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
  const signalColumns = body.columns.map((_, i) => i).filter(i => i !== axis.sampleNumber && i !== axis.time);
  const clockColumn = signalColumns.find(i => body.columns[i]!.clock !== undefined);
  if (clockColumn !== undefined || signalColumns.length === 0) {
    throw syntax(file, body.firstLine, 'a column of samples', 'times');
  }
  const { samplingFrequency, start } = placeInTime(layout, body, axis, options.samplingFrequency, file);
  const isRaw =
    options.adcGain !== undefined ||
    signalColumns.every(
      i => layout.units[i] === undefined && body.columns[i]!.values.every(isWholeOrMissing),
    );
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
  };
}

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

function findAxis({ names, units }: CsvLayout, { columns, length }: CsvBody): Axis {
  // A column in mV is a signal whatever its name.
  const named = (pattern: RegExp, isUnit: (unit: string) => boolean): number | undefined => {
    const index = (names ?? []).findIndex(
      (name, i) => pattern.test(name) && (units[i] === undefined || isUnit(units[i]!)),
    );
    return index < 0 ? undefined : index;
  };
  let sampleNumber = named(sampleNumberName, unit => unit.endsWith(' sec'));
  let time = named(timeName, unit => secondsPerUnit.has(unit.toLowerCase()) || unit.startsWith('hh:mm:ss'));
  const first = columns[0]!;
  if (columns.length > 1 && !names?.[0] && sampleNumber !== 0 && time !== 0) {
    if (length > 1 && first.values.every((value, i) => value === first.values[0]! + i)) sampleNumber ??= 0;
    else if (first.clock !== undefined) time ??= 0;
    else if (
      length >= fewestTimes &&
      first.decimals > 0 &&
      typeof samplingFrequencyOf(first.values, 10 ** -first.decimals) === 'number'
    ) {
      time ??= 0;
    }
  }
  return { sampleNumber, time };
}

/** Sampling frequency and first sample number from what was given, what the head says and what the times say. */
function placeInTime(
  layout: CsvLayout,
  body: CsvBody,
  { sampleNumber, time }: Axis,
  given: number | undefined,
  file: string,
): { samplingFrequency: number; start: number } {
  const said = given ?? frequencyFromHead(layout, sampleNumber);
  const timed = time === undefined ? undefined : frequencyFromTimes(layout, body, time, file);
  const samplingFrequency = said ?? timed;
  if (samplingFrequency === undefined) {
    throw new RangeError(
      time === undefined
        ? `${file} has no time column: pass samplingFrequency in Hz`
        : `${file} has too few or too coarse times to tell the sampling frequency: pass samplingFrequency in Hz`,
    );
  }
  if (timed !== undefined && Math.abs(samplingFrequency / timed - 1) > 0.01) {
    const expected = `times at ${samplingFrequency} Hz`;
    throw new WfdbError({ code: 'inconsistent', file, expected, found: `times at ${timed} Hz` });
  }
  if (sampleNumber !== undefined)
    return { samplingFrequency, start: firstSampleNumber(body, sampleNumber, file) };
  if (time === undefined || body.columns[time]!.clock === 'ofDay') return { samplingFrequency, start: 0 };
  const first = body.columns[time]!.values[0]! * timeScale(layout, time);
  // A Unix time is no place in a record, nor is a time before its start.
  return { samplingFrequency, start: first > 0 && first < 1e8 ? Math.round(first * samplingFrequency) : 0 };
}

/** From a line such as `sampling rate: 360 Hz`, or the `0.00277778 sec` that `rdsamp -pS` prints as units. */
function frequencyFromHead(layout: CsvLayout, sampleNumber: number | undefined): number | undefined {
  for (const comment of layout.comments) {
    const match =
      /^(?:sampl\w*[ _]?(?:freq\w*|rate)|fs)[^\d:=,]*[:=,]\s*(\d+(?:[.,]\d+)?)\s*(k?)(?:hz|hertz)?/i.exec(
        comment,
      );
    if (match) return Number(match[1]!.replace(',', '.')) * (match[2] ? 1000 : 1) || undefined;
  }
  const interval =
    sampleNumber === undefined
      ? undefined
      : /^(\d+(?:\.\d+)?(?:e[+-]?\d+)?) sec$/i.exec(layout.units[sampleNumber] ?? '')?.[1];
  if (interval === undefined) return undefined;
  const seconds = Number(interval);
  const half = 0.5 * 10 ** (Math.floor(Math.log10(seconds)) - 5); // six significant digits
  return seconds > half ? roundestFrequency(1 / (seconds + half), 1 / (seconds - half)) : undefined;
}

function frequencyFromTimes(
  layout: CsvLayout,
  { columns, length, firstLine }: CsvBody,
  time: number,
  file: string,
): number | undefined {
  const { values, decimals } = columns[time]!;
  const missingAt = values.findIndex(Number.isNaN);
  if (missingAt >= 0) throw syntax(file, firstLine + missingAt, 'a time', '');
  if (length < 2) return undefined;
  const scale = timeScale(layout, time);
  const found = samplingFrequencyOf(
    scale === 1 ? values : values.map(value => value * scale),
    10 ** -decimals * scale,
  );
  if (typeof found !== 'object') return found;
  const { index, ...detail } = found;
  throw new WfdbError({ code: 'inconsistent', file, line: firstLine + index, ...detail });
}

/** Seconds per unit of a time column. */
function timeScale({ names, units }: CsvLayout, time: number): number {
  const name = names?.[time] ?? '';
  const unit = units[time] ?? /(?:^|[ _.])(s|sec|seconds?|ms|milliseconds?|us|µs)$/i.exec(name)?.[1] ?? 's';
  return secondsPerUnit.get(unit.toLowerCase()) ?? 1;
}

function firstSampleNumber({ columns, firstLine }: CsvBody, sampleNumber: number, file: string): number {
  const { values } = columns[sampleNumber]!;
  const first = values[0]!;
  const bad = values.findIndex(
    (value, i) => value !== first + i || !Number.isSafeInteger(value) || value < 0,
  );
  if (bad < 0) return first;
  const expected = bad === 0 ? 'a sample number' : `sample number ${first + bad}`;
  throw new WfdbError({
    code: 'inconsistent',
    file,
    line: firstLine + bad,
    expected,
    found: `${values[bad]}`,
  });
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
