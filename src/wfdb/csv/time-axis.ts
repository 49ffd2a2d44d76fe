/** Which columns of a text table are no signals but say where its rows are in time. */

import { isSampleNumberName, isTimeName, secondsIn, voltUnit } from './column-heading.ts';
import type { CsvBody } from './columns.ts';
import type { CsvLayout } from './layout.ts';
import { samplingFrequencyOf, unevenness } from './sampling-frequency.ts';

/** Columns that are no signals, by index. */
export interface Axis {
  readonly sampleNumber: number | undefined;
  readonly time: number | undefined;
  /** Other columns of times, which are no signals either. */
  readonly otherTimes: readonly number[];
  /** Columns named for sample numbers that start again or jump, beside times. */
  readonly counters: readonly number[];
}

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
    const isLong = body.length >= (isNamed ? fewestTimes : 2);
    if (isLong && countsByOne(columns[0]!.values)) sampleNumber ??= 0;
    else if (times.length === 0 && growsByFractions(body)) times.push(0);
  }
  // Elapsed times before absolute ones: they have digits to spare.
  const cost = (i: number): number =>
    unevenness(columns[i]!.values) +
    (hasTimeUnit(layout, i) ? 0 : 1e-3) +
    (Math.abs(columns[i]!.values[0]!) < 1e8 ? 0 : 1e-4);
  const [time, ...otherTimes] = times.toSorted((a, b) => cost(a) - cost(b));
  // A counter of packets starts again and again; where there are times it is not needed.
  const isCounter =
    sampleNumber !== undefined && time !== undefined && !countsByOne(columns[sampleNumber]!.values);
  if (isCounter) return { sampleNumber: undefined, time, otherTimes, counters: [sampleNumber!] };
  return { sampleNumber, time, otherTimes, counters: [] };
}

const isNoVoltage = (unit: string | undefined): boolean => unit === undefined || voltUnit(unit) === undefined;

function hasTimeUnit(layout: CsvLayout, i: number): boolean {
  return secondsIn(unitOfTime(layout, i)) !== undefined;
}

/** The unit of a column of times: its own, or the one that is its whole name (`ms`). */
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

const countsByOne = (values: Float64Array): boolean =>
  Number.isInteger(values[0]) && values.every((value, i) => value === values[0]! + i);

function growsByFractions({ columns, length }: CsvBody): boolean {
  const { values, decimals } = columns[0]!;
  if (length < fewestTimes || decimals === 0 || !isEven(values)) return false;
  return typeof samplingFrequencyOf(values, 10 ** -decimals) === 'number';
}
