/**
 * Where the rows of a text table are in time: which columns say it, the sampling frequency, and the place of the first
 * row in its record.
 */

import { WfdbError } from '../errors.ts';
import { roundestFrequency, samplingFrequencyOf } from './clock.ts';
import type { CsvBody } from './columns.ts';
import { type CsvLayout, syntax } from './layout.ts';

/** Columns that are no signals, by index. */
export interface Axis {
  readonly sampleNumber: number | undefined;
  readonly time: number | undefined;
}

/** Fewer rows are too few to take a first column without a name for seconds. */
const fewestTimes = 10;

const sampleNumberName = /^(sample|samp(le)?[ _.]?(#|no\.?|num(ber)?|index|interval)|index|idx|row|#)$/i;
const timeName =
  /^((elapsed|relative)?[ _]?time([ _]?(and[ _]date|stamp))?|date[ _]?time|date|elapsed|t)([ _.](s|sec|seconds?|ms|us|µs))?$|^(seconds?|secs?|s|ms|milliseconds?)$/i;
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
 * Finds the columns of sample numbers and times: by name, or the first when it grows evenly in a unit of time, or when it
 * has no name and counts by one, holds clock times, or grows evenly by fractions.
 */
export function findAxis({ names, units }: CsvLayout, { columns, length }: CsvBody): Axis {
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
  // Whatever it is called, in whatever language.
  if (columns.length > 1 && secondsPerUnit.has(units[0]?.toLowerCase() ?? '') && isEven(first.values))
    time ??= 0;
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

/**
 * Sampling frequency (Hz) and first sample number, from what was given, what the head says and what the times say.
 * Throws `RangeError` when none of them tells, and `WfdbError` when they contradict each other.
 */
export function placeInTime(
  layout: CsvLayout,
  body: CsvBody,
  { sampleNumber, time }: Axis,
  given: number | undefined,
  file: string,
): { samplingFrequency: number; start: number } {
  const said = given ?? frequencyFromHead(layout, sampleNumber);
  const scale = time === undefined ? 1 : timeScale(layout, body, time, said, file);
  const timed = time === undefined ? undefined : frequencyFromTimes(body, time, scale, file);
  const samplingFrequency = said ?? timed;
  if (samplingFrequency === undefined) {
    throw new RangeError(
      time === undefined
        ? `${file} has no time column: its sampling frequency in Hz must be given`
        : `${file} has too few or too coarse times to tell its sampling frequency: that must be given, in Hz`,
    );
  }
  if (timed !== undefined && !agree(samplingFrequency, timed)) {
    const expected = `times at ${samplingFrequency} Hz`;
    throw new WfdbError({
      code: 'inconsistent',
      file,
      line: body.firstLine,
      expected,
      found: `times at ${timed} Hz`,
    });
  }
  if (sampleNumber !== undefined) {
    return { samplingFrequency, start: firstSampleNumber(body, sampleNumber, file) };
  }
  if (time === undefined || body.columns[time]!.clock === 'ofDay') return { samplingFrequency, start: 0 };
  const first = body.columns[time]!.values[0]! * scale;
  // A Unix time is no place in a record, nor is a time before its start.
  return { samplingFrequency, start: first > 0 && first < 1e8 ? Math.round(first * samplingFrequency) : 0 };
}

/** Whether numbers grow in steps of one size, but for rounding: up to half of it. */
function isEven(values: ArrayLike<number>): boolean {
  const step = (values[values.length - 1]! - values[0]!) / (values.length - 1);
  for (let i = 1; i < values.length; i++) {
    if (!(Math.abs(values[i]! - values[i - 1]! - step) <= step / 2)) return false;
  }
  return values.length > 1;
}

/** Whether times are at a given frequency: clocks and nominal frequencies differ by less than a hundredth. */
const agree = (frequency: number, timed: number): boolean => Math.abs(frequency / timed - 1) <= 0.01;

/**
 * Seconds per unit of a time column. Times without a unit are seconds when they step by less than 1; else they may as
 * well be milliseconds or sample numbers, and only the sampling frequency tells.
 */
function timeScale(
  { names, units }: CsvLayout,
  { columns, length }: CsvBody,
  time: number,
  said: number | undefined,
  file: string,
): number {
  const inName = /(?:^|[ _.])(s|secs?|seconds?|ms|milliseconds?|us|µs)$/i.exec(names?.[time] ?? '')?.[1];
  const scale = secondsPerUnit.get((units[time] ?? inName ?? '').toLowerCase());
  const { values, clock } = columns[time]!;
  const step = (values[length - 1]! - values[0]!) / (length - 1);
  if (scale !== undefined || clock !== undefined || !(step >= 1)) return scale ?? 1;
  if (said === undefined) {
    throw new RangeError(
      `${file} has times that step by ${Number(step.toPrecision(6))} without a unit: the sampling frequency in Hz must be given`,
    );
  }
  return [1, 1e-3, 1 / said].find(seconds => agree(said, 1 / (step * seconds))) ?? 1;
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
  { columns, length, firstLine }: CsvBody,
  time: number,
  scale: number,
  file: string,
): number | undefined {
  const { values, decimals } = columns[time]!;
  const missingAt = values.findIndex(Number.isNaN);
  if (missingAt >= 0) throw syntax(file, firstLine + missingAt, 'a time', '');
  if (length < 2) return undefined;
  const seconds = scale === 1 ? values : values.map(value => value * scale);
  const found = samplingFrequencyOf(seconds, 10 ** -decimals * scale);
  if (typeof found !== 'object') return found;
  const { index, ...detail } = found;
  throw new WfdbError({ code: 'inconsistent', file, line: firstLine + index, ...detail });
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
