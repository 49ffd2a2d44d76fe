/** Fewer points than samples, and none of the peaks lost: what is drawn of a long record. */
import { finiteOrNull } from '../analysis/report/encoded-samples.ts';

/** Points to draw: `null` breaks the line. */
export interface Trace {
  /** s, ascending. */
  readonly times: readonly number[];
  readonly values: readonly (number | null)[];
}

/** Evenly sampled values on the record's clock. */
export interface SampledSeries {
  readonly values: Float64Array;
  /** Hz. */
  readonly samplingFrequency: number;
  /** s, of the first sample. */
  readonly start: number;
}

/** Index of the sample nearest to a time (s), kept inside the series. */
export function nearestSample(series: SampledSeries, time: number): number {
  const index = Math.round((time - series.start) * series.samplingFrequency);
  return Math.max(0, Math.min(series.values.length - 1, index));
}

/** The value at a time (s) on the straight line between the samples around it; NaN beside an invalid sample. */
export function valueAt({ values, samplingFrequency, start }: SampledSeries, time: number): number {
  const place = Math.max(0, Math.min(values.length - 1, (time - start) * samplingFrequency));
  const before = Math.floor(place);
  const after = Math.ceil(place);
  return values[before]! + (place - before) * (values[after]! - values[before]!);
}

/**
 * The part of a series between two times (s), one sample beyond on either side so that the line reaches the edge.
 * Up to four samples per bucket are given as they are; more become the smallest and largest of each bucket, each
 * at its own time and in order. Buckets hold a whole number of samples counted from the record's first one, so
 * that panning does not make the picture shimmer. A bucket with no finite sample is a gap.
 */
export function decimate(series: SampledSeries, from: number, to: number, buckets: number): Trace {
  const { values, samplingFrequency, start } = series;
  const timeOf = (index: number): number => start + index / samplingFrequency;
  const first = Math.max(0, Math.floor((from - start) * samplingFrequency));
  const last = Math.min(values.length - 1, Math.ceil((to - start) * samplingFrequency));
  const times: number[] = [];
  const drawn: (number | null)[] = [];

  if (last - first < 4 * buckets) {
    for (let i = first; i <= last; i++) {
      times.push(timeOf(i));
      drawn.push(finiteOrNull(values[i]!));
    }
    return { times, values: drawn };
  }

  const size = Math.ceil((last - first + 1) / buckets);
  for (let begin = first - (first % size); begin <= last; begin += size) {
    const end = Math.min(begin + size, values.length);
    let low = -1;
    let high = -1;
    for (let i = begin; i < end; i++) {
      const value = values[i]!;
      if (!Number.isFinite(value)) continue;
      if (low < 0 || value < values[low]!) low = i;
      if (high < 0 || value > values[high]!) high = i;
    }
    if (low < 0) {
      times.push(timeOf(begin));
      drawn.push(null);
      continue;
    }
    times.push(timeOf(Math.min(low, high)));
    drawn.push(values[Math.min(low, high)]!);
    if (low !== high) {
      times.push(timeOf(Math.max(low, high)));
      drawn.push(values[Math.max(low, high)]!);
    }
  }
  return { times, values: drawn };
}
