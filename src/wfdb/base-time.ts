/** Base time and base date: the time of day and date at which a record starts. */

/** Seconds since midnight of a base time in the form used in headers: `HH:MM:SS[.sss]`, `MM:SS` or `SS`. */
export function secondsOfDay(baseTime: string): number {
  return baseTime.split(':').reduce((seconds, part) => seconds * 60 + Number(part), 0);
}

/**
 * Base time and date `seconds` later, rounded to the millisecond; the date advances at midnight if there is one.
 *
 * @example
 * laterBaseTime('23:59:59', '31/12/1999', 1.5); // => { baseTime: '00:00:00.500', baseDate: '01/01/2000' }
 */
export function laterBaseTime(
  baseTime: string,
  baseDate: string | undefined,
  seconds: number,
): { baseTime: string; baseDate: string | undefined } {
  const total = Math.round((secondsOfDay(baseTime) + seconds) * 1000);
  const days = Math.floor(total / 86_400_000);
  const time = new Date(total - days * 86_400_000).toISOString().slice(11, 23);
  return { baseTime: time.endsWith('.000') ? time.slice(0, 8) : time, baseDate: laterDate(baseDate, days) };
}

function laterDate(baseDate: string | undefined, days: number): string | undefined {
  if (baseDate === undefined || days === 0) return baseDate;
  const [day, month, year] = baseDate.split('/').map(Number);
  const date = new Date(0);
  date.setUTCFullYear(year!, month! - 1, day! + days);
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${two(date.getUTCDate())}/${two(date.getUTCMonth() + 1)}/${String(date.getUTCFullYear()).padStart(4, '0')}`;
}
