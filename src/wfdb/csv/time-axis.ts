/** Finds the columns of a text table that hold times or sample numbers instead of signals. */

import { isSampleNumberName, isTimeName, secondsIn, voltUnit } from './column-heading.ts';
import type { CsvBody } from './columns.ts';
import type { CsvLayout } from './layout.ts';
import { samplingFrequencyOf, unevenness } from './sampling-frequency.ts';

/** Indices of the columns that are not signals. */
export interface Axis {
  readonly sampleNumber: number | undefined;
  readonly time: number | undefined;
  /** Other columns of times. */
  readonly otherTimes: readonly number[];
  /** Columns of sample numbers that restart or jump, in a table that also has times. */
  readonly counters: readonly number[];
}

/** Minimum number of rows for recognising an unnamed first column as times or sample numbers. */
const fewestTimes = 10;

/**
 * Finds the columns of sample numbers and times: clock times in any column, numbers identified by name or unit, or a
 * first column of any name that counts up by one or increases evenly by fractions. Of several columns of times the most
 * evenly spaced one is used.
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
    const isLong = body.length >= (isNamed ? fewestTimes : 2);
    if (isLong && countsByOne(columns[0]!.values)) sampleNumber ??= 0;
    else if (times.length === 0 && growsByFractions(body)) times.push(0);
  }
  // Elapsed times are preferred to absolute ones, which have less precision.
  const cost = (i: number): number =>
    unevenness(columns[i]!.values) +
    (hasTimeUnit(layout, i) ? 0 : 1e-3) +
    (Math.abs(columns[i]!.values[0]!) < 1e8 ? 0 : 1e-4);
  const [time, ...otherTimes] = times.toSorted((a, b) => cost(a) - cost(b));
  // A packet counter restarts repeatedly; it is not needed if there are times.
  const isCounter =
    sampleNumber !== undefined && time !== undefined && !countsByOne(columns[sampleNumber]!.values);
  if (isCounter) return { sampleNumber: undefined, time, otherTimes, counters: [sampleNumber!] };
  return { sampleNumber, time, otherTimes, counters: [] };
}

const isNoVoltage = (unit: string | undefined): boolean => unit === undefined || voltUnit(unit) === undefined;

function hasTimeUnit(layout: CsvLayout, i: number): boolean {
  return secondsIn(unitOfTime(layout, i)) !== undefined;
}

/** The unit of a column of times: its unit, or its name if that is a unit (`ms`). */
export const unitOfTime = ({ names, units }: CsvLayout, i: number): string | undefined =>
  units[i] ?? (secondsIn(names?.[i]) === undefined ? undefined : names![i]);

function isTime(layout: CsvLayout, body: CsvBody, i: number): boolean {
  const { clock, values } = body.columns[i]!;
  if (clock !== undefined) return true;
  if (!isNoVoltage(layout.units[i])) return false;
  const name = layout.names?.[i] ?? '';
  const unit = layout.units[i];
  const isOtherUnit = unit !== undefined && secondsIn(unit) === undefined && !unit.startsWith('hh:mm:ss');
  if (isOtherUnit) return false;
  // A name of several words may include time although the column holds something else (`QT time`).
  if (isTimeName(name)) return /^\S+$/.test(name) || i === 0 || isIncreasing(values);
  return hasTimeUnit(layout, i) && isEven(values);
}

function isIncreasing(values: Float64Array): boolean {
  for (let i = 1; i < values.length; i++) if (!(values[i]! > values[i - 1]!)) return false;
  return true;
}

/** Whether numbers increase in equal steps, up to rounding errors of half a step. */
function isEven(values: ArrayLike<number>): boolean {
  const step = (values[values.length - 1]! - values[0]!) / (values.length - 1);
  for (let i = 1; i < values.length; i++) {
    if (!(Math.abs(values[i]! - values[i - 1]! - step) <= step / 2)) return false;
  }
  return values.length > 1 && step > 0;
}

const countsByOne = (values: Float64Array): boolean =>
  Number.isInteger(values[0]) && values.every((value, i) => value === values[0]! + i);

function growsByFractions({ columns, length }: CsvBody): boolean {
  const { values, decimals } = columns[0]!;
  if (length < fewestTimes || decimals === 0 || !isEven(values)) return false;
  return typeof samplingFrequencyOf(values, 10 ** -decimals) === 'number';
}
