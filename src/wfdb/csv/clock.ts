/**
 * Time columns: from what a text prints (seconds, clock times, dates, all rounded) to a sampling frequency.
 *
 * A printed time is rounded: at 360 Hz three decimals step 3, 3, 2 ms, so one difference is wrong by up to 28 %.
 * Every frequency that puts all printed times within their rounding is possible; the roundest of them is taken.
 */

/** A clock time: seconds of the day or since the start, with the date where one is given. */
export interface Clock {
  readonly seconds: number;
  /** Days since 1970-01-01. */
  readonly day?: number;
  /** Whether it is a time of day (`[12:00:00.000]`) and not elapsed time (`0:01.028`). */
  readonly ofDay: boolean;
  /** Fractional digits of the seconds. */
  readonly decimals: number;
}

// 0:00.050, 12:00:00.000, [12:00:00.000], [12:00:00.000 24/12/1989]
const wfdbClock = /^(\[)?(?:(\d+):)?(\d{1,2}):(\d{1,2})(?:[.,](\d+))?(?: +(\d\d?)\/(\d\d?)\/(\d{4}))?\]?$/;
// 1989-12-24T12:00:00.000Z, 1989-12-24 12:00:00
const isoClock = /^(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d):(\d\d)(?:[.,](\d+))?(?:Z|([+-])(\d\d):?(\d\d))?$/;

/** Whether a cell is written as a clock time or a date with one. */
export const isClock = (cell: string): boolean => wfdbClock.test(cell) || isoClock.test(cell);

/** A clock time as `rdsamp` and `rdann` print it, or as ISO 8601; undefined when the cell is neither. */
export function readClock(cell: string): Clock | undefined {
  const wfdb = wfdbClock.exec(cell);
  if (wfdb) {
    const [, bracket, hours = '0', minutes, seconds, fraction = '', date, month, year] = wfdb;
    return {
      seconds: Number(hours) * 3600 + Number(minutes) * 60 + Number(`${seconds}.${fraction}`),
      ...(year && { day: dayOf(year, month!, date!) }),
      ofDay: bracket !== undefined || year !== undefined,
      decimals: fraction.length,
    };
  }
  const iso = isoClock.exec(cell);
  if (!iso) return undefined;
  const [
    ,
    year,
    month,
    date,
    hours,
    minutes,
    seconds,
    fraction = '',
    sign,
    zoneHours = '0',
    zoneMinutes = '0',
  ] = iso;
  const zone = (sign === '-' ? -1 : 1) * (Number(zoneHours) * 60 + Number(zoneMinutes));
  return {
    seconds: Number(hours) * 3600 + (Number(minutes) - zone) * 60 + Number(`${seconds}.${fraction}`),
    day: dayOf(year!, month!, date!),
    ofDay: true,
    decimals: fraction.length,
  };
}

const dayOf = (year: string, month: string, date: string): number =>
  Date.UTC(Number(year), Number(month) - 1, Number(date)) / 86_400_000;

/**
 * The roundest frequency (Hz) between `low` and `high`: the only whole number there is or, without a whole number, the
 * decimal with the fewest digits. Undefined when several whole numbers are possible.
 *
 * @example
 * roundestFrequency(359.9, 360.2); // => 360
 */
export function roundestFrequency(low: number, high: number): number | undefined {
  const from = low * (1 - 1e-12);
  const to = high * (1 + 1e-12);
  const first = Math.ceil(from);
  const last = Math.floor(to);
  if (first <= last) return first === last ? first : undefined;
  const middle = (low + high) / 2;
  for (let digits = 1; digits <= 12; digits++) {
    const rounded = Number(middle.toFixed(digits));
    if (rounded >= from && rounded <= to) return rounded;
  }
  return middle;
}

/** Rates that recorders use, in Hz: they settle it where a short table leaves several whole numbers possible. */
const usualRates = [
  50, 100, 120, 125, 128, 150, 180, 200, 240, 250, 256, 300, 320, 360, 400, 480, 500, 512, 600, 720, 750, 800,
  960, 1000, 1024, 1200, 1250, 1500, 2000, 2048, 2400, 2500, 4000, 4096, 5000, 8000, 8192, 10000,
] as const;

/** How the times of a table go wrong: the index of the first bad one. */
export interface TimeFault {
  readonly index: number;
  readonly expected: string;
  readonly found: string;
}

/**
 * The sampling frequency (Hz) behind `times` (s, at least two), each rounded to a multiple of `quantum` (s), or what
 * is wrong with them: a step that is not the median step to within half of it (rows missing, repeated or out of
 * order), or steps whose mean is not their median. Undefined when the table is too short to tell.
 */
export function samplingFrequencyOf(times: Float64Array, quantum: number): number | TimeFault | undefined {
  const last = times.length - 1;
  const origin = times[0]!;
  const steps = Float64Array.from({ length: last }, (_, i) => times[i + 1]! - times[i]!);
  const median = steps.toSorted()[last >> 1]!;
  const mean = (times[last]! - origin) / last;
  const float = 4 * Number.EPSILON * Math.max(Math.abs(origin), Math.abs(times[last]!));
  const rounding = quantum + float;
  const bad = steps.findIndex(step => !(Math.abs(step - median) <= median / 2 + rounding));
  if (bad >= 0 || !(mean > 0)) {
    const expected = median > 0 ? `a step of ${short(median)}` : 'increasing times';
    return { index: Math.max(bad, 0) + 1, expected, found: short(steps[Math.max(bad, 0)]!) };
  }
  if (Math.abs(mean - median) > 0.05 * median + rounding) {
    return { index: last, expected: `steps of ${short(median)} on the whole`, found: short(mean) };
  }
  let { shortest, longest } = stepsWithin(times, rounding);
  if (shortest > longest) {
    // No step puts every time within its rounding: the clock jitters, and the jitter takes the rounding's place.
    const jitter = times.reduce((most, time, i) => Math.max(most, Math.abs(time - origin - i * mean)), 0);
    shortest = mean - (2 * jitter) / last;
    longest = mean + (2 * jitter) / last;
  }
  const only = shortest > 0 ? roundestFrequency(1 / longest, 1 / shortest) : undefined;
  if (only !== undefined) return only;
  const even = Math.round(1 / mean);
  if (even > 0 && steps.every(step => Math.abs(step - 1 / even) <= float)) return even;
  const usual = usualRates.filter(rate => {
    const first = Math.round(origin * rate);
    return times.every((time, i) => Math.abs(time - (first + i) / rate) <= quantum / 2 + float);
  });
  return usual.length === 1 ? usual[0] : undefined;
}

const short = (seconds: number): string => `${Number(seconds.toPrecision(6))} s`;

/** The shortest and longest step that puts every time within `rounding` of its place; crossed when there is none. */
function stepsWithin(times: Float64Array, rounding: number): { shortest: number; longest: number } {
  let shortest = 0;
  let longest = Infinity;
  for (let i = 1; i < times.length; i++) {
    const elapsed = times[i]! - times[0]!;
    shortest = Math.max(shortest, (elapsed - rounding) / i);
    longest = Math.min(longest, (elapsed + rounding) / i);
  }
  return { shortest, longest };
}
