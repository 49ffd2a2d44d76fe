/** Dates in a column of clock times, which may be day/month/year or month/day/year: all of them tell together. */
import { type Clock, dayOf } from './clock.ts';

/** The date from a row on. */
export interface ClockDate {
  readonly row: number;
  readonly day: number | undefined;
  readonly date: Clock['date'] | undefined;
}

/**
 * Days since the first date, for each of `dates`; `seconds` are the times of day. Dates that fit day/month and
 * month/day are taken as what makes time go on without a step back, with the fewest days between.
 */
export function daysSinceFirst(dates: readonly ClockDate[], seconds: Float64Array): number[] {
  const orders = [true, false]
    .map(dayFirst => dates.map(date => dayIn(date, dayFirst)))
    .filter(days => days.every(day => day !== undefined))
    .map(days => ({ days, cost: costOf(days, dates, seconds) }));
  const best = orders.reduce<(typeof orders)[number] | undefined>(
    (least, order) => (least === undefined || order.cost < least.cost ? order : least),
    undefined,
  );
  return (best?.days ?? dates.map(() => 0)).map((day, _, days) => day - days[0]!);
}

function dayIn({ day, date }: ClockDate, dayFirst: boolean): number | undefined {
  if (date === undefined) return day;
  const [first, second, year] = date;
  return dayFirst ? dayOf(year, second, first) : dayOf(year, first, second);
}

/** Seconds that pass at the changes of date; infinite where time goes back. */
function costOf(days: readonly number[], dates: readonly ClockDate[], seconds: Float64Array): number {
  let cost = 0;
  for (let i = 1; i < days.length; i++) {
    const row = dates[i]!.row;
    const passed = 86_400 * (days[i]! - days[i - 1]!) + seconds[row]! - seconds[row - 1]!;
    cost += passed < 0 ? Infinity : passed;
  }
  return cost;
}
