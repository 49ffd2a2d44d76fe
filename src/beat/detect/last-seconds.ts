/** Order statistics of a quantity over the last seconds, one value per second. */

/** Duration, s. */
export const learnedSeconds = 8;
/** The latest of these, which a change of gain precedes. */
export const changedSeconds = 2;
/** The same at the start, where no beat is known yet: long enough for two at 15 beats a minute. */
export const startSeconds = 10;

/** The values of the last seconds, in a fixed place each, and in ascending order. */
export interface LastSeconds {
  readonly values: Float64Array;
  readonly sorted: Float64Array;
  /** Number of known values. */
  known: number;
}

/** No values yet. */
export const createLastSeconds = (): LastSeconds => ({
  values: new Float64Array(startSeconds),
  sorted: new Float64Array(startSeconds),
  known: 0,
});

/** Puts a value at index `at`, in place of the one known there or as the next one. */
export function renew(seconds: LastSeconds, at: number, value: number): void {
  const { values, sorted } = seconds;
  let place = 0;
  if (at < seconds.known) while (sorted[place] !== values[at]) place++;
  else place = seconds.known++;
  values[at] = value;
  for (; place > 0 && sorted[place - 1]! > value; place--) sorted[place] = sorted[place - 1]!;
  for (; place + 1 < seconds.known && sorted[place + 1]! < value; place++) sorted[place] = sorted[place + 1]!;
  sorted[place] = value;
}

/** Forgets all but the latest of the first `count` values; returns how many are left. */
export function keepLatest(seconds: LastSeconds, count: number): number {
  const { values, sorted } = seconds;
  values.copyWithin(0, Math.max(0, count - learnedSeconds), count);
  seconds.known = Math.min(count, learnedSeconds);
  sorted.set(values.subarray(0, seconds.known));
  sorted.subarray(0, seconds.known).sort();
  return seconds.known;
}

/** The upper median; 0 without values. */
export const median = ({ sorted, known }: LastSeconds): number => sorted[known >> 1]!;

/** The value of this rank from the largest, but none below the median. */
export const upper = ({ sorted, known }: LastSeconds, rank: number): number =>
  sorted[Math.max(known >> 1, known - rank)]!;

/** The value of so many seconds ago, when `count` seconds were counted and all places are known. */
export const valueBefore = ({ values }: LastSeconds, count: number, back: number): number =>
  values[(count - back) % learnedSeconds]!;

/** Multiplies the values before a change of gain by `factor`. */
export function scaleEarlier({ values, sorted, known }: LastSeconds, count: number, factor: number): void {
  for (let back = changedSeconds + 1; back <= learnedSeconds; back++)
    values[(count - back) % learnedSeconds]! *= factor;
  sorted.set(values.subarray(0, known));
  sorted.subarray(0, known).sort();
}
