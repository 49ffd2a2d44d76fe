/**
 * Where the rows of a text table are in time: which columns say it, the sampling frequency, the place of the first row
 * in its record, and samples that were lost on the way.
 */
import { InputError } from '../../input-error.ts';
import { WfdbError } from '../errors.ts';
import type { CsvBody } from './columns.ts';
import { isElapsedName, isSampleNumberName, isTimeName, secondsIn, voltUnit } from './heading.ts';
import type { CsvLayout } from './layout.ts';
import {
  type Gap,
  gapsIn,
  medianStep,
  roundestFrequency,
  samplingFrequencyOf,
  unevenness,
} from './sampling-frequency.ts';
import { syntax } from './split.ts';

/** Columns that are no signals, by index. */
export interface Axis {
  readonly sampleNumber: number | undefined;
  readonly time: number | undefined;
  /** Other columns of times, which are no signals either. */
  readonly otherTimes: readonly number[];
}

/** What the caller says of the times. */
export interface AxisOptions {
  readonly file: string;
  readonly samplingFrequency?: number | undefined;
  readonly ignoreTimes?: boolean | undefined;
  readonly gaps?: 'error' | 'nan' | undefined;
  /** Columns asked for as signals. */
  readonly chosen?: ReadonlySet<number> | undefined;
}

/** Where rows are. */
export interface Placement {
  readonly samplingFrequency: number;
  /** Sample number of the first row. */
  readonly start: number;
  /** Samples that were lost, before the row at which each gap ends; only with `gaps: 'nan'`. */
  readonly gaps: readonly Gap[];
}

/** What to do about rows that are missing. */
const fillHint = "option gaps 'nan', --gaps nan, puts NaN for lost samples";

/** Fewer rows are too few to take a first column for times or sample numbers because of its numbers alone. */
const fewestTimes = 10;

/**
 * Finds the columns of sample numbers and times: clock times wherever they are, numbers under a name or in a unit that
 * says so, or a first column, whatever its name, that counts by one or grows evenly by fractions. Of several columns of
 * times the most even one is taken.
 */
export function findAxis(layout: CsvLayout, body: CsvBody, chosen?: ReadonlySet<number>): Axis {
  const { columns } = body;
  const isFree = (i: number): boolean => !chosen?.has(i) && !columns[i]!.isText;
  const indices = columns.map((_, i) => i).filter(isFree);
  const isInterval = (unit: string | undefined): boolean => unit === undefined || unit.endsWith(' sec');
  let sampleNumber = indices.find(
    i => isSampleNumberName(layout.names?.[i] ?? '') && isInterval(layout.units[i]),
  );
  const times = indices.filter(i => i !== sampleNumber && isTime(layout, body, i));
  const isFirstOpen = columns.length > 1 && isFree(0) && sampleNumber !== 0 && !times.includes(0);
  if (isFirstOpen && isNoVoltage(layout.units[0])) {
    const isNamed = Boolean(layout.names?.[0]);
    if (countsByOne(body, isNamed)) sampleNumber ??= 0;
    else if (times.length === 0 && growsByFractions(body)) times.push(0);
  }
  // Elapsed times before absolute ones: they have digits to spare.
  const cost = (i: number): number =>
    unevenness(columns[i]!.values) +
    (hasTimeUnit(layout, i) ? 0 : 1e-3) +
    (Math.abs(columns[i]!.values[0]!) < 1e8 ? 0 : 1e-4);
  const [time, ...otherTimes] = times.toSorted((a, b) => cost(a) - cost(b));
  return { sampleNumber, time, otherTimes };
}

const isNoVoltage = (unit: string | undefined): boolean => unit === undefined || voltUnit(unit) === undefined;

function hasTimeUnit(layout: CsvLayout, i: number): boolean {
  return secondsIn(unitOfTime(layout, i)) !== undefined;
}

/** The unit of a column of times: its own, or the one that is its whole name (`ms`). */
const unitOfTime = ({ names, units }: CsvLayout, i: number): string | undefined =>
  units[i] ?? (secondsIn(names?.[i]) === undefined ? undefined : names![i]);

function isTime(layout: CsvLayout, body: CsvBody, i: number): boolean {
  const { clock, values } = body.columns[i]!;
  if (clock !== undefined) return true;
  if (!isNoVoltage(layout.units[i])) return false;
  const name = layout.names?.[i] ?? '';
  const unit = layout.units[i];
  const isOtherUnit = unit !== undefined && secondsIn(unit) === undefined && !unit.startsWith('hh:mm:ss');
  if (isOtherUnit) return false;
  // Of several words one may be about time and the column about something else (`QT time`).
  if (isTimeName(name)) return /^\S+$/.test(name) || i === 0 || isIncreasing(values);
  return hasTimeUnit(layout, i) && isEven(values);
}

function isIncreasing(values: Float64Array): boolean {
  for (let i = 1; i < values.length; i++) if (!(values[i]! > values[i - 1]!)) return false;
  return true;
}

/** Whether numbers grow in steps of one size, but for rounding: up to half of it. */
function isEven(values: ArrayLike<number>): boolean {
  const step = (values[values.length - 1]! - values[0]!) / (values.length - 1);
  for (let i = 1; i < values.length; i++) {
    if (!(Math.abs(values[i]! - values[i - 1]! - step) <= step / 2)) return false;
  }
  return values.length > 1 && step > 0;
}

function countsByOne({ columns, length }: CsvBody, isNamed: boolean): boolean {
  const { values } = columns[0]!;
  const isLong = length >= (isNamed ? fewestTimes : 2);
  return isLong && Number.isInteger(values[0]) && values.every((value, i) => value === values[0]! + i);
}

function growsByFractions({ columns, length }: CsvBody): boolean {
  const { values, decimals } = columns[0]!;
  if (length < fewestTimes || decimals === 0 || !isEven(values)) return false;
  return typeof samplingFrequencyOf(values, 10 ** -decimals) === 'number';
}

/**
 * Sampling frequency (Hz), first sample number and gaps, from what was given, what the head says and what the times
 * say. Throws `InputError` when none of them tells, and `WfdbError` when they contradict each other or, unless gaps are
 * asked for, when rows are missing.
 */
export function placeInTime(layout: CsvLayout, body: CsvBody, axis: Axis, options: AxisOptions): Placement {
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
    const hint = 'option ignoreTimes, --ignore-times, passes over them';
    const found = `times at ${timed} Hz`;
    throw new WfdbError({ code: 'inconsistent', file, line: body.lines[0]!, expected, found, hint });
  }
  if (sampleNumber !== undefined && !options.ignoreTimes) {
    return { samplingFrequency, ...placeOfSamples(body, sampleNumber, options) };
  }
  const gaps = fromTimes?.gaps ?? [];
  if (time === undefined || isTimeOfDay(layout, body, time)) return { samplingFrequency, start: 0, gaps };
  const first = body.columns[time]!.values[0]! * scale;
  // A Unix time is no place in a record, nor is a time before its start.
  const start = first > 0 && first < 1e8 ? Math.round(first * samplingFrequency) : 0;
  return { samplingFrequency, start, gaps };
}

function isTimeOfDay({ names }: CsvLayout, { columns }: CsvBody, time: number): boolean {
  const { clock, values } = columns[time]!;
  // `12:00:00` is hardly the twelfth hour of a record that does not say so.
  return (
    clock === 'ofDay' || (clock === 'either' && values[0]! >= 3600 && !isElapsedName(names?.[time] ?? ''))
  );
}

function noFrequency(layout: CsvLayout, body: CsvBody, { time }: Axis, options: AxisOptions): Error {
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
    const isOneRow = body.length === 1 && layout.columns > 1;
    const why = isOneRow
      ? `one row of ${layout.columns} columns (transpose, --transpose, makes a row of each) and `
      : '';
    return new InputError(`${file} has ${why}no time column: its ${how}`);
  }
  return new InputError(`${file} has too few or too coarse times to tell its sampling frequency: the ${how}`);
}

/** Whether times are at a given frequency: clocks and nominal frequencies differ by less than a hundredth. */
const agree = (frequency: number, timed: number): boolean => Math.abs(frequency / timed - 1) <= 0.01;

/** Unix times between 1979 and 2103, in s: in which unit a number is one is told by its size. */
const isUnixTime = (seconds: number): boolean => seconds >= 3e8 && seconds < 4.2e9;

/**
 * Seconds per unit of a time column. Without a unit, times since 1970 are told by their size, others are seconds when
 * they step by less than 1; else they may as well be milliseconds or sample numbers, and only the frequency tells.
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

/** From the `0.00277778 sec` that `rdsamp -pS` prints as units of sample intervals. */
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
  { file, gaps }: AxisOptions,
): { samplingFrequency: number | undefined; gaps: readonly Gap[] } {
  const { values, decimals } = columns[time]!;
  const ignore = 'option ignoreTimes, --ignore-times, passes over times';
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
  { file, gaps: wanted }: AxisOptions,
): Pick<Placement, 'start' | 'gaps'> {
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
