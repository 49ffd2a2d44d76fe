/**
 * Formats recordings and annotations as CSV (RFC 4180): comma-separated, double quotes if needed, decimal points, one
 * header row. Spreadsheets, R and pandas read it without options, and `parseCsv` and `parseAnnotationsCsv` read it back
 * exactly. Text that a spreadsheet would evaluate as a formula (`=…`, `+…`, `-…`, `@…`) is prefixed with a single
 * quote.
 */
import Papa from 'papaparse';
import { InputError } from '../../input-error.ts';
import { requireSamplingFrequency } from '../../sampling-frequency.ts';
import type { Annotation } from '../annotations/annotation-file.ts';
import type { Recording } from '../record.ts';
import { guarded } from './formula.ts';

const lineOf = (cells: readonly (string | number)[]): string =>
  Papa.unparse([cells], { quotes: (cell: unknown) => /^'/.test(String(cell)) });

/** How to format a recording as CSV. */
export interface FormatCsvOptions {
  /** Physical values with the time in seconds (default), or ADC values with the sample number. */
  readonly values?: 'physical' | 'adc';
  /** Write units in a second row, as `rdsamp -c` does, instead of after the names. Default false. */
  readonly unitsRow?: boolean;
}

/**
 * Formats a recording as CSV with one header row, readable by `pandas.read_csv` without options. Columns of physical
 * values are named `name (units)` and written with the fewest digits that round-trip, next to the time in seconds (six
 * decimals); ADC values are next to the sample number. A missing sample is an empty cell, and assumed units are not
 * written. Throws `InputError` unless all signals are at the recording's sampling frequency; `readRecord` with `rate:
 * 'highest'` resamples them.
 *
 * @example
 * formatCsv(parseCsv('time,MLII (mV)\n0,-0.145\n0.004,-0.14\n')) // => 'time (s),MLII (mV)\n0.000000,-0.145\n0.004000,-0.14\n'
 */
export function formatCsv(recording: Recording, options: FormatCsvOptions = {}): string {
  return [...csvChunks(recording, options)].join('');
}

/** Rows per chunk. */
const chunkRows = 4096;

/**
 * Generates the output of `formatCsv` in chunks: the CSV of a day-long recording exceeds the maximum length of a string
 * in V8. Throws as `formatCsv` does.
 *
 * @example
 * const table = parseCsv('time,MLII (mV)\n0,-0.145\n0.004,-0.14\n');
 * [...csvChunks(table)].join('') === formatCsv(table) // => true
 */
export function* csvChunks(recording: Recording, options: FormatCsvOptions = {}): Generator<string> {
  checkLengths(recording);
  yield headOf(recording, isPhysical(options), options.unitsRow ?? false);
  yield* csvRows(recording, options);
}

/** The rows alone, for a recording that continues another one. Throws as `formatCsv` does. */
export function* csvRows(recording: Recording, options: FormatCsvOptions = {}): Generator<string> {
  checkLengths(recording);
  const { signals, start, length, samplingFrequency } = recording;
  const hasTime = isPhysical(options);
  const columns = signals.map(signal => ({
    physical: signal.physical,
    shown: hasTime ? signal.physical : signal.adc,
  }));
  for (let from = 0; from < length; from += chunkRows) {
    const to = Math.min(length, from + chunkRows);
    let chunk = '';
    for (let i = from; i < to; i++) {
      chunk += hasTime ? ((start + i) / samplingFrequency).toFixed(6) : String(start + i);
      for (const { physical, shown } of columns) chunk += Number.isNaN(physical[i]!) ? ',' : `,${shown[i]}`;
      chunk += '\n';
    }
    yield chunk;
  }
}

const isPhysical = ({ values = 'physical' }: FormatCsvOptions): boolean => values === 'physical';

function checkLengths({ signals, length }: Recording): void {
  for (const { name, physical } of signals) {
    if (physical.length !== length) {
      throw new InputError(
        `signal '${name}' has ${physical.length} samples, not one for each of ${length} frames`,
      );
    }
  }
}

function headOf({ signals }: Recording, hasTime: boolean, hasUnitsRow: boolean): string {
  const units = signals.map(signal => (hasTime && !signal.unitsAssumed ? signal.units : undefined));
  const [axis, unit] = hasTime ? ['time', 's'] : ['sample #', undefined];
  const titles = [{ name: axis, unit }, ...signals.map(({ name }, i) => ({ name, unit: units[i] }))];
  if (hasUnitsRow) {
    const names = titles.map(title => guarded(title.name));
    return `${lineOf(names)}\n${lineOf(titles.map(title => guarded(title.unit ?? '')))}\n`;
  }
  return `${lineOf(titles.map(({ name, unit }) => guarded(unit === undefined ? name : `${name} (${unit})`)))}\n`;
}

const annotationColumns = ['sample', 'time (s)', 'symbol', 'subtype', 'channel', 'num', 'aux'] as const;

/**
 * Formats annotations as CSV, one per row: `sample, time (s), symbol, subtype, channel, num, aux`. The time has six
 * decimals. Throws `InputError` for a sampling frequency (Hz) that is not positive, and for an empty symbol or one with
 * white space or control characters, which could not be read back (except ' ', the symbol of code 0).
 *
 * @example
 * const marks = [{ sample: 77, symbol: 'N', subtype: 0, channel: 0, num: 0, aux: '' }];
 * formatAnnotationsCsv(marks, 360) // => 'sample,time (s),symbol,subtype,channel,num,aux\n77,0.213889,N,0,0,0,\n'
 */
export function formatAnnotationsCsv(annotations: readonly Annotation[], samplingFrequency: number): string {
  requireSamplingFrequency(samplingFrequency);
  const unreadable = annotations.find(({ symbol }) => symbol !== ' ' && !/^[^\s\p{Cc}]+$/u.test(symbol));
  if (unreadable !== undefined) {
    const { sample, symbol } = unreadable;
    throw new InputError(
      `${JSON.stringify(symbol)} at sample ${sample} is not a symbol that a table can hold`,
    );
  }
  const rows = annotations.map(({ sample, symbol, subtype, channel, num, aux }) =>
    lineOf([
      sample,
      (sample / samplingFrequency).toFixed(6),
      symbol.length > 1 ? guarded(symbol) : symbol,
      subtype,
      channel,
      num,
      guarded(aux),
    ]),
  );
  return `${[annotationColumns.join(), ...rows].join('\n')}\n`;
}
