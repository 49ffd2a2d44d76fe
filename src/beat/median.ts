/** Order statistics of what is there: NaN counts as missing. */

/**
 * The quantile `q` (0 to 1) of the numbers that are not NaN, linear between neighbours (Hyndman & Fan 1996, type 7);
 * NaN when there are none.
 *
 * @example quantile([4, 1, 3, 2], 0.5) // => 2.5
 */
export function quantile(values: ArrayLike<number>, q: number): number {
  const sorted = Float64Array.from(values)
    .filter(value => !Number.isNaN(value))
    .sort();
  if (sorted.length === 0) return Number.NaN;
  const position = q * (sorted.length - 1);
  const below = Math.floor(position);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below]! + (position - below) * (sorted[above]! - sorted[below]!);
}

/** The median of the numbers that are not NaN. */
export const median = (values: ArrayLike<number>): number => quantile(values, 0.5);

/** The median of each column of a row-major table with `columns` columns, over the rows in `rows`. */
export function columnMedians(data: Float64Array, columns: number, rows: ArrayLike<number>): Float64Array {
  const column = new Float64Array(rows.length);
  return Float64Array.from({ length: columns }, (_, k) => {
    for (let r = 0; r < rows.length; r++) column[r] = data[rows[r]! * columns + k]!;
    return median(column);
  });
}
