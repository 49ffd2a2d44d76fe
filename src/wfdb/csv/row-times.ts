/**
 * Determines the timing of the rows of a text table: the sampling frequency, the sample number of the first row, and
 * missing samples.
 */
import { InputError } from '../../input-error.ts';
import { WfdbError } from '../errors.ts';
import { isElapsedName, isTimeName, secondsIn } from './column-heading.ts';
import type { CsvBody } from './columns.ts';
import type { CsvLayout } from './layout.ts';
import {
  type Gap,
  gapsIn,
  medianStep,
  roundestFrequency,
  samplingFrequencyOf,
} from './sampling-frequency.ts';
import { syntax } from './split.ts';
import { type Axis, unitOfTime } from './time-axis.ts';

/** What the caller specifies about the times. */
export interface RowTimeOptions {
  readonly file: string;
  readonly samplingFrequency?: number | undefined;
  readonly ignoreTimes?: boolean | undefined;
  readonly gaps?: 'error' | 'nan' | undefined;
}

/** Timing of the rows. */
export interface RowTimes {
  readonly samplingFrequency: number;
  /** Sample number of the first row. */
  readonly start: number;
  /** Missing samples, each gap with the row at which it ends; only with `gaps: 'nan'`. */
  readonly gaps: readonly Gap[];
}

/** Hint for missing rows. */
const fillHint = "option gaps 'nan', --gaps nan, replaces missing samples by NaN";

/**
 * Determines the sampling frequency (Hz), first sample number and gaps from the options, the header and the times.
 * Throws `InputError` if none of them gives the sampling frequency, and `WfdbError` if they contradict each other or if
 * rows are missing and `gaps` is not `'nan'`.
 */
export function rowTimes(layout: CsvLayout, body: CsvBody, axis: Axis, options: RowTimeOptions): RowTimes {
  const { file, samplingFrequency: given } = options;
  const { sampleNumber } = axis;
  const time = options.ignoreTimes ? undefined : axis.time;
  const said = given ?? layout.preamble.samplingFrequency ?? frequencyOfInterval(layout, sampleNumber);
  const scale = time === undefined ? 1 : timeScale(layout, body, time, said, file);
  const fromTimes = time === undefined ? undefined : frequencyFromTimes(body, time, scale, said, options);
  const samplingFrequency = said ?? fromTimes?.samplingFrequency;
  if (samplingFrequency === undefined) throw noFrequency(layout, body, axis, options);
  const timed = fromTimes?.samplingFrequency;
  if (timed !== undefined && !agree(samplingFrequency, timed)) {
    const expected = `times at ${samplingFrequency} Hz`;
    const hint = 'option ignoreTimes, --ignore-times, ignores them';
    const found = `times at ${timed} Hz`;
    throw new WfdbError({ code: 'inconsistent', file, line: body.lines[0]!, expected, found, hint });
  }
  // Row names start at 0 or 1 whatever the position of the table in its record.
  const isRowNames = time !== undefined && !layout.names?.[sampleNumber ?? -1];
  if (sampleNumber !== undefined && !options.ignoreTimes && !isRowNames) {
    return { samplingFrequency, ...placeOfSamples(body, sampleNumber, options) };
  }
  const gaps = fromTimes?.gaps ?? [];
  if (time === undefined || isTimeOfDay(layout, body, time)) return { samplingFrequency, start: 0, gaps };
  const first = body.columns[time]!.values[0]! * scale;
  // A Unix time or a negative time is not a position in the record.
  const start = first > 0 && first < 1e8 ? Math.round(first * samplingFrequency) : 0;
  return { samplingFrequency, start, gaps };
}

function isTimeOfDay({ names }: CsvLayout, { columns }: CsvBody, time: number): boolean {
  const { clock, values } = columns[time]!;
  // `12:00:00` is taken as a time of day, not as twelve hours elapsed.
  return (
    clock === 'ofDay' || (clock === 'either' && values[0]! >= 3600 && !isElapsedName(names?.[time] ?? ''))
  );
}

function noFrequency(layout: CsvLayout, body: CsvBody, { time }: Axis, options: RowTimeOptions): Error {
  const { file, ignoreTimes } = options;
  const how = 'sampling frequency in Hz must be given (samplingFrequency, --frequency)';
  if (ignoreTimes) return new InputError(`${file} is read without its times: its ${how}`);
  const unread = layout.kinds.findIndex((kind, i) => kind === 'text' && isTimeName(layout.names?.[i] ?? ''));
  if (time === undefined && unread >= 0) {
    const hint = 'options ignoreTimes, --ignore-times, and samplingFrequency, --frequency, do without';
    const cell = body.firstCells[unread]!.trim();
    return syntax(file, body.lines[0]!, `a time in column ${unread + 1}`, cell, hint);
  }
  if (time === undefined) {
    const isWide = layout.columns > 1 && (body.length === 1 || 4 * body.length < layout.columns);
    const rows = body.length === 1 ? 'one row' : `${body.length} rows`;
    const why = isWide
      ? `${rows} of ${layout.columns} columns (transpose, --transpose, makes a row of each) and `
      : '';
    return new InputError(`${file} has ${why}no time column: its ${how}`);
  }
  return new InputError(
    `${file} has too few or too coarse times to determine its sampling frequency: the ${how}`,
  );
}

/** Whether the times agree with a given frequency: clocks deviate from the nominal frequency by less than 1 %. */
const agree = (frequency: number, timed: number): boolean => Math.abs(frequency / timed - 1) <= 0.01;

/** Whether the value is a plausible Unix time in s (1979 to 2103); the magnitude of a number determines its unit. */
const isUnixTime = (seconds: number): boolean => seconds >= 3e8 && seconds < 4.2e9;

/**
 * Seconds per unit of a time column. Without a unit, Unix times are recognised by their magnitude, and times that
 * increase by less than 1 per row are seconds; others may be milliseconds or sample numbers, and a given frequency is
 * needed to decide.
 */
function timeScale(
  layout: CsvLayout,
  { columns, length }: CsvBody,
  time: number,
  said: number | undefined,
  file: string,
): number {
  const scale = secondsIn(unitOfTime(layout, time));
  const { values, clock } = columns[time]!;
  const step = length < 2 ? 0 : medianStep(values);
  if (scale !== undefined || clock !== undefined) return scale ?? 1;
  const unix = [1, 1e-3, 1e-6, 1e-9].find(seconds => isUnixTime(values[0]! * seconds));
  if (unix !== undefined && (said === undefined || agree(said, 1 / (step * unix)))) return unix;
  if (!(step >= 1)) return 1;
  if (said === undefined) {
    throw new InputError(
      `${file} has times that step by ${Number(step.toPrecision(6))} without a unit: the sampling frequency in Hz must be given (samplingFrequency, --frequency)`,
    );
  }
  return [1, 1e-3, 1e-6, 1e-9, 1 / said].find(seconds => agree(said, 1 / (step * seconds))) ?? 1;
}

/** Sampling frequency from a unit such as `0.00277778 sec`, which `rdsamp -pS` prints for sample intervals. */
function frequencyOfInterval({ units }: CsvLayout, sampleNumber: number | undefined): number | undefined {
  const unit = sampleNumber === undefined ? '' : (units[sampleNumber] ?? '');
  if (unit.length > 30) return undefined;
  const interval = /^(\d+(?:\.\d+)?(?:e[+-]?\d+)?) sec$/i.exec(unit)?.[1];
  if (interval === undefined) return undefined;
  const seconds = Number(interval);
  const half = 0.5 * 10 ** (Math.floor(Math.log10(seconds)) - 5); // six significant digits
  return seconds > half ? roundestFrequency(1 / (seconds + half), 1 / (seconds - half)) : undefined;
}

function frequencyFromTimes(
  { columns, length, lines }: CsvBody,
  time: number,
  scale: number,
  said: number | undefined,
  { file, gaps }: RowTimeOptions,
): { samplingFrequency: number | undefined; gaps: readonly Gap[] } {
  const { values, decimals } = columns[time]!;
  const ignore = 'option ignoreTimes, --ignore-times, ignores the times';
  const missingAt = values.findIndex(Number.isNaN);
  if (missingAt >= 0) throw syntax(file, lines[missingAt]!, `a time in column ${time + 1}`, '', ignore);
  if (length < 2) return { samplingFrequency: undefined, gaps: [] };
  const seconds = scale === 1 ? values : values.map(value => value * scale);
  const quantum = 10 ** -decimals * scale;
  const found =
    gaps === 'nan'
      ? gapsIn(seconds, quantum, said)
      : { samplingFrequency: samplingFrequencyOf(seconds, quantum), gaps: [] };
  const { samplingFrequency: frequency } = found;
  if (typeof frequency !== 'object') return { samplingFrequency: frequency, gaps: found.gaps };
  const { index, isGap, expected } = frequency;
  const hint = isGap ? `${fillHint}; ${ignore}` : ignore;
  throw new WfdbError({
    code: 'inconsistent',
    file,
    line: lines[index]!,
    expected,
    found: frequency.found,
    hint,
  });
}

function placeOfSamples(
  { columns, lines }: CsvBody,
  sampleNumber: number,
  { file, gaps: wanted }: RowTimeOptions,
): Pick<RowTimes, 'start' | 'gaps'> {
  const { values } = columns[sampleNumber]!;
  const start = values[0]!;
  const gaps: Gap[] = [];
  for (let i = 0; i < values.length; i++) {
    const next = i === 0 ? Math.max(start, 0) : values[i - 1]! + 1;
    const value = values[i]!;
    if (value === next && Number.isSafeInteger(value)) continue;
    const isGap = value > next && Number.isSafeInteger(value);
    if (isGap && wanted === 'nan') {
      gaps.push({ row: i, lost: value - next });
      continue;
    }
    const expected = i === 0 ? 'a sample number' : `sample number ${next}`;
    throw new WfdbError({
      code: 'inconsistent',
      file,
      line: lines[i]!,
      expected,
      found: `${value}`,
      ...(isGap && { hint: fillHint }),
    });
  }
  return { start, gaps };
}
