/**
 * The min–max pyramid: minimum and maximum of increasingly long runs of samples, so that drawing any length of a record
 * costs no more than its width in pixels and shows every peak.
 */
import { InputError } from '../../input-error.ts';

/** Samples in a bucket of the finest level. */
export const finestBucket = 64;
/** Each level merges this many buckets of the one below. */
const joined = 4;

interface Level {
  /** Samples a bucket. */
  readonly size: number;
  /** NaN where no sample of the bucket is finite, or none has been seen yet. */
  readonly low: Float32Array;
  readonly high: Float32Array;
}

export interface Pyramid {
  /** Samples of the record. */
  readonly length: number;
  readonly levels: readonly Level[];
  /** Number of samples from the start on whose extremes have been stored. */
  filled: number;
}

/** Extremes of consecutive buckets of the finest level, as a worker sends them. */
export interface BucketRun {
  readonly firstBucket: number;
  readonly low: Float32Array;
  readonly high: Float32Array;
}

/** Creates an empty pyramid over `length` samples, of about 0.17 bytes per sample. */
export function createPyramid(length: number): Pyramid {
  const levels: Level[] = [];
  for (let size = finestBucket; ; size *= joined) {
    const buckets = Math.ceil(length / size);
    const nothing = (): Float32Array => new Float32Array(buckets).fill(Number.NaN);
    levels.push({ size, low: nothing(), high: nothing() });
    if (buckets <= joined) return { length, levels, filled: 0 };
  }
}

/**
 * The bucket extremes of samples from sample `from` on, a multiple of the finest bucket. NaN and ±∞ are ignored. Throws
 * `RangeError` for another `from`.
 */
export function bucketsOf(samples: Float64Array, from: number): BucketRun {
  if (from % finestBucket !== 0) throw new InputError(`sample ${from} is not the start of a bucket`);
  const count = Math.ceil(samples.length / finestBucket);
  const low = new Float32Array(count);
  const high = new Float32Array(count);
  for (let bucket = 0; bucket < count; bucket++) {
    const end = Math.min(samples.length, (bucket + 1) * finestBucket);
    let smallest = Number.POSITIVE_INFINITY;
    let largest = Number.NEGATIVE_INFINITY;
    for (let i = bucket * finestBucket; i < end; i++) {
      const value = samples[i]!;
      if (value < smallest && value !== Number.NEGATIVE_INFINITY) smallest = value;
      if (value > largest && value !== Number.POSITIVE_INFINITY) largest = value;
    }
    const isEmpty = smallest > largest;
    low[bucket] = isEmpty ? Number.NaN : smallest;
    high[bucket] = isEmpty ? Number.NaN : largest;
  }
  return { firstBucket: from / finestBucket, low, high };
}

/** Stores a run of buckets and updates the coarser levels. */
export function fillPyramid(pyramid: Pyramid, { firstBucket, low, high }: BucketRun): void {
  const { levels } = pyramid;
  pyramid.filled = Math.max(pyramid.filled, (firstBucket + low.length) * finestBucket);
  levels[0]!.low.set(low, firstBucket);
  levels[0]!.high.set(high, firstBucket);
  let first = firstBucket;
  let end = firstBucket + low.length;
  for (let k = 1; k < levels.length; k++) {
    const [below, level] = [levels[k - 1]!, levels[k]!];
    first = Math.floor(first / joined);
    end = Math.ceil(end / joined);
    for (let bucket = first; bucket < end; bucket++) {
      const [smallest, largest] = extremes(below, bucket * joined, (bucket + 1) * joined);
      level.low[bucket] = smallest;
      level.high[bucket] = largest;
    }
  }
}

/** Smallest and largest of the buckets `[from, to)` of a level; NaN when there is none. */
function extremes({ low, high }: Level, from: number, to: number): readonly [number, number] {
  let smallest = Number.NaN;
  let largest = Number.NaN;
  for (let k = Math.max(0, from); k < Math.min(to, low.length); k++) {
    if (!(low[k]! >= smallest)) smallest = low[k]! <= high[k]! ? low[k]! : smallest;
    if (!(high[k]! <= largest)) largest = low[k]! <= high[k]! ? high[k]! : largest;
  }
  return [smallest, largest];
}

/**
 * Minimum and maximum in each of `low.length` equal columns over samples `[from, to)`, from the coarsest level whose
 * buckets are no longer than a column. A column includes every bucket that it touches, so no peak is missed.
 */
export function envelope(
  pyramid: Pyramid,
  from: number,
  to: number,
  low: Float32Array,
  high: Float32Array,
): void {
  const columns = low.length;
  const perColumn = (to - from) / columns;
  const level = pyramid.levels.findLast(({ size }) => size <= perColumn) ?? pyramid.levels[0]!;
  for (let column = 0; column < columns; column++) {
    const first = Math.floor((from + column * perColumn) / level.size);
    const end = Math.max(first + 1, Math.ceil((from + (column + 1) * perColumn) / level.size));
    const [smallest, largest] = extremes(level, first, end);
    low[column] = smallest;
    high[column] = largest;
  }
}
