/** Resolves ambiguous dates (day/month/year or month/day/year) in a column of clock times from all of them together. */
import { type Clock, dayOf } from './clock.ts';

/** The date that applies from a row on. */
export interface ClockDate {
  readonly row: number;
  readonly day: number | undefined;
  readonly date: Clock['date'] | undefined;
}

/**
 * Days since the first date, for each of `dates`; `seconds` are the times of day. If both day/month and month/day are
 * possible, the order in which time never steps back and covers the fewest days is chosen.
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

/** Total seconds that pass at the changes of date; infinite if time steps back. */
function costOf(days: readonly number[], dates: readonly ClockDate[], seconds: Float64Array): number {
  let cost = 0;
  for (let i = 1; i < days.length; i++) {
    const row = dates[i]!.row;
    const passed = 86_400 * (days[i]! - days[i - 1]!) + seconds[row]! - seconds[row - 1]!;
    cost += passed < 0 ? Infinity : passed;
  }
  return cost;
}
