/** Descriptive statistics. NaN counts as a missing value. */
import { InputError } from './input-error.ts';

/**
 * The quantile `q` (0 to 1) of the numbers that are not NaN, linear between neighbours (Hyndman & Fan 1996, type 7);
 * NaN when there are none. Time is linear in their number, at worst that of sorting them. Throws `RangeError` for a
 * `q` outside 0 to 1.
 *
 * @example quantile([4, 1, 3, 2], 0.5) // => 2.5
 */
export function quantile(values: ArrayLike<number>, q: number): number {
  if (!(q >= 0 && q <= 1)) throw new InputError(`a quantile lies between 0 and 1, not at ${q}`);
  const present = new Float64Array(values.length);
  let count = 0;
  for (let i = 0; i < values.length; i++) {
    present[count] = values[i]!;
    if (!Number.isNaN(present[count])) count++;
  }
  return quantileInPlace(present, count, q);
}

function quantileInPlace(values: Float64Array, count: number, q: number): number {
  if (count === 0) return Number.NaN;
  const position = q * (count - 1);
  const below = Math.floor(position);
  const { smaller, size } = gatherBuckets(values, count, below, position > below ? below + 1 : below);
  return valueAt(values, size, below - smaller, position - below);
}

/**
 * The value that sorting the first `count` values would put at `place`, or, for a `fraction` above 0, between it and the
 * next one; reorders the values.
 */
export function valueAt(values: Float64Array, count: number, place: number, fraction: number): number {
  moveIntoPlace(values, place, count);
  const lower = values[place]!;
  // Adding 0 makes 0 of −0, as interpolation does.
  if (fraction === 0) return lower + 0;
  // What sorting would put next is the least of those that are no smaller.
  let upper = values[place + 1]!;
  for (let i = place + 2; i < count; i++) if (values[i]! < upper) upper = values[i]!;
  // Between equal infinities the difference would be NaN.
  return lower === upper ? lower + 0 : lower + fraction * (upper - lower);
}

/** Fewest values that are sorted into buckets first. */
const fewestForBuckets = 64;
const buckets = new Int32Array(256);
let bucketOf = new Uint8Array(4096);

/**
 * Moves to the front, of the first `count` values, a few that include those that sorting would put at `from` … `to`.
 * Returns the number of values moved, and of those smaller than all of them. One pass over 256 buckets of equal width
 * leaves few values to compare with each other, which takes longer because the outcomes cannot be predicted.
 */
function gatherBuckets(
  values: Float64Array,
  count: number,
  from: number,
  to: number,
): { readonly smaller: number; readonly size: number } {
  if (count < fewestForBuckets) return { smaller: 0, size: count };
  let lowest = values[0]!;
  let highest = lowest;
  for (let i = 1; i < count; i++) {
    const v = values[i]!;
    lowest = Math.min(lowest, v);
    highest = Math.max(highest, v);
  }
  const scale = (buckets.length - 1) / (highest - lowest);
  if (!(scale > 0 && scale < Number.POSITIVE_INFINITY)) return { smaller: 0, size: count };
  buckets.fill(0);
  if (count > bucketOf.length) bucketOf = new Uint8Array(2 * count);
  const own = bucketOf;
  for (let i = 0; i < count; i++) {
    const bucket = ((values[i]! - lowest) * scale) | 0;
    own[i] = bucket;
    buckets[bucket]!++;
  }
  let smaller = 0;
  let first = 0;
  while (smaller + buckets[first]! <= from) smaller += buckets[first++]!;
  let last = first;
  for (let known = smaller + buckets[first]!; known <= to; ) known += buckets[++last]!;
  let size = 0;
  for (let i = 0; i < count; i++) {
    // As unsigned, one rarely true comparison: whether a value is below the median cannot be predicted.
    if ((own[i]! - first) >>> 0 > last - first) continue;
    const v = values[i]!;
    values[i] = values[size]!;
    values[size++] = v;
  }
  return { smaller, size };
}

/** The median of the first `count` values, none of which is NaN; reorders them, and allocates nothing. */
export const medianInPlace = (values: Float64Array, count: number): number =>
  quantileInPlace(values, count, 0.5);

/**
 * Swaps the first `count` values until the one at `place` is the one that sorting would put there, with none larger
 * before it and none smaller after it: C. A. R. Hoare, Algorithm 65, Commun. ACM 4:321–322, 1961. The pivot is the
 * middle value, good for sorted and for equal ones; if pivots remain unbalanced, the rest is sorted.
 */
export function moveIntoPlace(values: Float64Array, place: number, count: number): void {
  let first = 0;
  let last = count - 1;
  for (let rounds = 4 * Math.log2(count); first < last; rounds--) {
    if (rounds < 0) {
      values.subarray(first, last + 1).sort();
      return;
    }
    const pivot = values[(first + last) >> 1]!;
    let i = first;
    let j = last;
    while (i <= j) {
      while (values[i]! < pivot) i++;
      while (values[j]! > pivot) j--;
      if (i <= j) {
        const value = values[i]!;
        values[i++] = values[j]!;
        values[j--] = value;
      }
    }
    if (place <= j) last = j;
    else if (place >= i) first = i;
    else return;
  }
}

/** The median of the numbers that are not NaN. */
export const median = (values: ArrayLike<number>): number => quantile(values, 0.5);

/**
 * The arithmetic mean of the numbers that are not NaN; NaN when there are none.
 *
 * @example mean([1, 2, 6]) // => 3
 */
export function mean(values: ArrayLike<number>): number {
  let sum = 0;
  let count = 0;
  for (let i = 0; i < values.length; i++) {
    if (Number.isNaN(values[i]!)) continue;
    sum += values[i]!;
    count++;
  }
  return sum / count;
}

/** The sample standard deviation (n − 1) of the numbers that are not NaN; undefined for fewer than two. */
export function standardDeviation(values: ArrayLike<number>): number | undefined {
  const centre = mean(values);
  let squares = 0;
  let count = 0;
  for (let i = 0; i < values.length; i++) {
    if (Number.isNaN(values[i]!)) continue;
    squares += (values[i]! - centre) ** 2;
    count++;
  }
  return count < 2 ? undefined : Math.sqrt(squares / (count - 1));
}

/** The median of each column of a row-major table with `columns` columns, over the rows in `rows`. */
export function columnMedians(data: Float64Array, columns: number, rows: ArrayLike<number>): Float64Array {
  const column = new Float64Array(rows.length);
  return Float64Array.from({ length: columns }, (_, k) => {
    for (let r = 0; r < rows.length; r++) column[r] = data[rows[r]! * columns + k]!;
    return median(column);
  });
}
