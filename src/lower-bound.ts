/** Binary search. */

/** Index of the first of ascending values that is not less than `value`; their number when there is none. */
export function lowerBound(values: ArrayLike<number>, value: number, count = values.length): number {
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (values[middle]! < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The first index from 0 to `count` at which `isBefore` is false; it must be true up to there and false from there on. */
export function lowerBoundBy(count: number, isBefore: (index: number) => boolean): number {
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (isBefore(middle)) low = middle + 1;
    else high = middle;
  }
  return low;
}
