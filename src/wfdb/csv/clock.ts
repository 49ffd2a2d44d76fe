/** Parsing clock times and dates as printed by recorders, spreadsheets and programs. */

/** A clock time: seconds since midnight or since the start, with the date if one is given. */
export interface Clock {
  readonly seconds: number;
  /** Days since 1970-01-01. */
  readonly day?: number;
  /** An ambiguous date, day/month/year or month/day/year: its first and second number, and the year. */
  readonly date?: readonly [first: number, second: number, year: number];
  /** Time of day, elapsed time, or ambiguous (`12:00:00`). */
  readonly kind: 'ofDay' | 'elapsed' | 'either';
  /** Number of fractional digits of the seconds. */
  readonly decimals: number;
}

/** Longest cell that is matched against the regular expressions below. */
const longest = 48;

// 0:00.050, 12:00:00.000, [12:00:00.000], [12:00:00.000 24/12/1989]
const rdsampClock =
  /^(\[)?(?:(\d{1,6}):)?(\d{1,6}):(\d{1,2})(?:[.,](\d{1,12}))?(?: {1,3}(\d\d?)\/(\d\d?)\/(\d{4}))?(\])?$/;
// 13:14, 13:14:04.000, 1:14:04,000 PM, 13:14:04:000, 13:14:04Z, 13:14:04 +0100, 131404
const timeOfDay =
  /^(\d{1,2}):?(\d\d)(?::?(\d\d)(?:[.,:](\d{1,12}))?)? ?([AaPp]\.?[Mm]\.?)?(?: ?(?:(Z|UTC|GMT)|([+-])(\d\d):?(\d\d)))?$/;
const yearFirst = /^(\d{4})([-/.])(\d\d?)\2(\d\d?)$/;
const compact = /^(\d{4})(\d\d)(\d\d)$/;
const yearLast = /^(\d\d?)([-/.])(\d\d?)\2(\d{4}|\d\d)$/;
const withMonthName = /^(?:(\d\d?)[- ]([A-Za-z]{3,9})\.?[- ](\d{4})|([A-Za-z]{3,9})\.? (\d\d?),? (\d{4}))$/;
const months = 'janfebmaraprmayjunjulaugsepoctnovdec';

/** Whether a cell is a clock time, with or without a date. */
export const isClock = (cell: string): boolean => readClock(cell) !== undefined;

/**
 * Parses a clock time as printed by `rdsamp` and `rdann`, in ISO 8601, or as a date and a time in any common order,
 * with 12 or 24 hours; undefined for any other text.
 *
 * @example
 * readClock('2/22/2021 1:14:04.5 PM'); // => { seconds: 47644.5, date: [2, 22, 2021], kind: 'ofDay', decimals: 1 }
 */
export function readClock(cell: string): Clock | undefined {
  if (cell.length < 3 || cell.length > longest || !cell.includes(':')) {
    // Only a compact time with a date (20210222T131404) has no colon.
    if (cell.length < 13 || cell.length > longest || cell[8] !== 'T') return undefined;
  }
  return readRdsampClock(cell) ?? readDateAndTime(cell);
}

function readRdsampClock(cell: string): Clock | undefined {
  const parts = rdsampClock.exec(cell);
  if (parts === null) return undefined;
  const [, open, hours, minutes, seconds, fraction = '', date, month, year, close] = parts;
  if ((open === undefined) !== (close === undefined) || Number(seconds) > 59) return undefined;
  if (hours !== undefined && Number(minutes) > 59) return undefined;
  const day = year === undefined ? undefined : dayOf(Number(year), Number(month), Number(date));
  if (year !== undefined && day === undefined) return undefined;
  return {
    seconds: Number(hours ?? 0) * 3600 + Number(minutes) * 60 + Number(`${seconds}.${fraction}`),
    ...(day !== undefined && { day }),
    kind: open !== undefined || year !== undefined ? 'ofDay' : hours === undefined ? 'elapsed' : 'either',
    decimals: fraction.length,
  };
}

function readDateAndTime(cell: string): Clock | undefined {
  const split = dateEnd(cell);
  const parts = timeOfDay.exec(cell.slice(split).replace(/^[T ,]+/, ''));
  if (parts === null) return undefined;
  const [, hours, minutes, seconds = '0', fraction = '', half, , sign, zoneHours, zoneMinutes] = parts;
  const hour = half === undefined ? Number(hours) : (Number(hours) % 12) + (/^p/i.test(half) ? 12 : 0);
  if (
    hour > 23 ||
    (half !== undefined && Number(hours) > 12) ||
    Number(minutes) > 59 ||
    Number(seconds) > 60
  ) {
    return undefined;
  }
  const zone =
    sign === undefined ? 0 : (sign === '-' ? -1 : 1) * (Number(zoneHours) * 60 + Number(zoneMinutes));
  const time = {
    seconds: hour * 3600 + (Number(minutes) - zone) * 60 + Number(`${seconds}.${fraction}`),
    kind: 'ofDay',
    decimals: fraction.length,
  } as const;
  if (split === 0) return time;
  const date = readDate(cell.slice(0, split).replace(/[T ,]+$/, ''));
  return date && { ...time, ...date };
}

/** Index at which the date before a time ends; 0 if there is none. */
function dateEnd(cell: string): number {
  const colon = cell.indexOf(':');
  if (colon < 0) return 9;
  let at = colon;
  while (at > 0 && cell[at - 1]! >= '0' && cell[at - 1]! <= '9') at--;
  return at;
}

function readDate(text: string): Pick<Clock, 'day' | 'date'> | undefined {
  const ordered = yearFirst.exec(text);
  if (ordered) return definite(Number(ordered[1]), Number(ordered[3]), Number(ordered[4]));
  const short = compact.exec(text);
  if (short) return definite(Number(short[1]), Number(short[2]), Number(short[3]));
  const named = withMonthName.exec(text);
  if (named) {
    const month = months.indexOf((named[2] ?? named[4]!).slice(0, 3).toLowerCase()) / 3 + 1;
    return definite(Number(named[3] ?? named[6]), month, Number(named[1] ?? named[5]));
  }
  const last = yearLast.exec(text);
  if (last === null) return undefined;
  const [, first, mark, second, digits] = last;
  const year = Number(digits) + (digits!.length === 2 ? 2000 : 0);
  if (mark === '.') return definite(year, Number(second), Number(first));
  const isPossible = dayOf(year, Number(second), Number(first)) ?? dayOf(year, Number(first), Number(second));
  return isPossible === undefined ? undefined : { date: [Number(first), Number(second), year] };
}

function definite(year: number, month: number, date: number): Pick<Clock, 'day'> | undefined {
  const day = dayOf(year, month, date);
  return day === undefined ? undefined : { day };
}

/** Days since 1970-01-01; undefined for a day that does not exist. */
export function dayOf(year: number, month: number, date: number): number | undefined {
  if (!Number.isInteger(month) || month < 1 || month > 12 || date < 1 || date > 31) return undefined;
  const day = Date.UTC(year, month - 1, date) / 86_400_000;
  return new Date(day * 86_400_000).getUTCDate() === date ? day : undefined;
}
