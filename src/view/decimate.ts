/** Decimation for drawing long records, which preserves all peaks. */
import { finiteOrNull } from '../analysis/report/encoded-samples.ts';

/** Points to draw; `null` interrupts the line. */
export interface Trace {
  /** s, ascending. */
  readonly times: readonly number[];
  readonly values: readonly (number | null)[];
}

/** Evenly sampled values, with times from the start of the record. */
export interface SampledSeries {
  readonly values: Float64Array;
  /** Hz. */
  readonly samplingFrequency: number;
  /** Time of the first sample, s. */
  readonly start: number;
}

/** Index of the sample nearest to a time (s), limited to the series. */
export function nearestSample(series: SampledSeries, time: number): number {
  const index = Math.round((time - series.start) * series.samplingFrequency);
  return Math.max(0, Math.min(series.values.length - 1, index));
}

/** The linearly interpolated value at a time (s); NaN next to an invalid sample. */
export function valueAt({ values, samplingFrequency, start }: SampledSeries, time: number): number {
  const place = Math.max(0, Math.min(values.length - 1, (time - start) * samplingFrequency));
  const before = Math.floor(place);
  const after = Math.ceil(place);
  return values[before]! + (place - before) * (values[after]! - values[before]!);
}

/**
 * The part of a series between two times (s), with one more sample on either side so that the line extends to the
 * edges. Up to four samples per bucket are returned as they are; more are reduced to the minimum and maximum of each
 * bucket, at their own times and in order. Buckets hold a whole number of samples and are aligned with the start of the
 * record, so that the picture is stable during panning. A bucket without a finite sample is a gap.
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
