/**
 * Medians of many ranges of the same values, which may overlap. Every value is assigned to one of 256 bins once; the
 * median of a range is then found among the few of its values in the bin that contains it.
 */
import { medianInPlace, valueAt } from '../statistics.ts';

/** Number of bins. The last also contains all larger values. */
const binCount = 256;
/** The bin of a typical value: the median of at most this many, evenly spaced. */
const typicalBin = 64;
const mostSampled = 63;

/** Values that are neither negative nor NaN, with their bins. */
export interface RangeMedians {
  values: Float64Array;
  bins: Uint8Array;
  /** Working memory. */
  gathered: Float64Array;
  readonly counts: Int32Array;
}

/** The state before any values are set. */
export const createRangeMedians = (): RangeMedians => ({
  values: new Float64Array(0),
  bins: new Uint8Array(0),
  gathered: new Float64Array(mostSampled),
  counts: new Int32Array(binCount),
});

/** Prepares the first `count` of `values`, which are not copied. */
export function setValues(medians: RangeMedians, values: Float64Array, count: number): void {
  medians.values = values;
  if (count > medians.bins.length) {
    medians.bins = new Uint8Array(count);
    medians.gathered = new Float64Array(Math.max(count, mostSampled));
  }
  const { bins, gathered } = medians;
  const sampled = Math.min(count, mostSampled);
  for (let k = 0; k < sampled; k++) gathered[k] = values[Math.floor((k * count) / sampled)]!;
  const typical = medianInPlace(gathered, sampled);
  const scale = typical > 0 ? typicalBin / typical : 0;
  for (let i = 0; i < count; i++) bins[i] = Math.min(binCount - 1, values[i]! * scale);
}

/** The median of the values `[from, to)`, exactly that of the sorted values; NaN when there are none. */
export function rangeMedian(
  { values, bins, gathered, counts }: RangeMedians,
  from: number,
  to: number,
): number {
  if (to <= from) return Number.NaN;
  counts.fill(0);
  for (let i = from; i < to; i++) counts[bins[i]!]!++;
  // Of an even number there are two middle values.
  const lower = (to - from - 1) >> 1;
  const upper = (to - from) >> 1;
  let smaller = 0;
  let first = 0;
  while (smaller + counts[first]! <= lower) smaller += counts[first++]!;
  let last = first;
  for (let known = smaller + counts[first]!; known <= upper; ) known += counts[++last]!;
  let size = 0;
  for (let i = from; i < to; i++) {
    // As unsigned, one rarely true comparison: whether a value is below the median cannot be predicted.
    if ((bins[i]! - first) >>> 0 <= last - first) gathered[size++] = values[i]!;
  }
  return valueAt(gathered, size, lower - smaller, (upper - lower) / 2);
}
