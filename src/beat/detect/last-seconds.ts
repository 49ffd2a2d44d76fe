/** Order statistics of a quantity over the last seconds, one value per second. */

/** Duration, s. */
export const learnedSeconds = 8;

/** The values of the last seconds, in a fixed place each, and in ascending order. */
export interface LastSeconds {
  readonly values: Float64Array;
  readonly sorted: Float64Array;
  /** Number of known values. */
  known: number;
}

/** No values yet. */
export const createLastSeconds = (): LastSeconds => ({
  values: new Float64Array(learnedSeconds),
  sorted: new Float64Array(learnedSeconds),
  known: 0,
});

/** Puts a value at index `at`, in place of the one known there or as the next one. */
export function renew(seconds: LastSeconds, at: number, value: number): void {
  const { values, sorted } = seconds;
  let place = at < seconds.known ? sorted.indexOf(values[at]!) : seconds.known++;
  values[at] = value;
  for (; place > 0 && sorted[place - 1]! > value; place--) sorted[place] = sorted[place - 1]!;
  for (; place + 1 < seconds.known && sorted[place + 1]! < value; place++) sorted[place] = sorted[place + 1]!;
  sorted[place] = value;
}

/** The upper median; 0 without values. */
export const median = ({ sorted, known }: LastSeconds): number => sorted[known >> 1]!;

/** The value of this rank from the largest, but none below the median. */
export const upper = ({ sorted, known }: LastSeconds, rank: number): number =>
  sorted[Math.max(known >> 1, known - rank)]!;
