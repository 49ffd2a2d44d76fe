/** The intervals between QRS complexes in which P and T waves are searched. */

import type { SampleSpan } from '../sample-span.ts';
import type { QrsBounds } from './qrs-end.ts';

/** The samples in which a wave is searched, and the sample from which the times of the models are counted. */
export interface SearchInterval extends SampleSpan {
  readonly anchor: number;
  /** Duration of the QRS complex of the beat, ms; absent or NaN where it is not known. */
  readonly qrsMs?: number;
}

/** A P wave is searched no earlier than this after the previous R peak, ms. */
const clearance = 120;
/**
 * A T wave is searched up to this fraction of the RR interval before the next R peak, limited to these times, ms; the P
 * wave follows. The lower limit is at most a greater fraction: at the fastest rates nothing else lies between.
 */
const clearOfNext = { part: 0.28, most: 240, least: 120, leastPart: 0.33 };
/** A P wave is searched no earlier than this after the peak of the previous T wave, ms; at fast rates the two waves overlap. */
const afterT = 40;

const durationMs = ({ onset, offset }: QrsBounds, perMs: number): number =>
  ((offset ?? Number.NaN) - (onset ?? Number.NaN)) / perMs;

/**
 * The search interval of the P wave before each QRS complex, anchored at the QRS onset; undefined without an onset, or where
 * the interval would be empty. `tPeaks` are the T peaks found, sample indices.
 */
export function intervalsBeforeQrs(
  bounds: readonly QrsBounds[],
  rPeaks: ArrayLike<number>,
  samplingFrequency: number,
  tPeaks: readonly (number | undefined)[],
): (SearchInterval | undefined)[] {
  const perMs = samplingFrequency / 1000;
  return bounds.map((qrs, k) => {
    const { onset } = qrs;
    const rClear = k === 0 ? 0 : rPeaks[k - 1]! + clearance * perMs;
    const tClear = (tPeaks[k - 1] ?? Number.NEGATIVE_INFINITY) + afterT * perMs;
    const start = Math.ceil(Math.max(rClear, tClear));
    return onset === undefined || onset < start
      ? undefined
      : { anchor: onset, start, end: onset + 1, qrsMs: durationMs(qrs, perMs) };
  });
}

/**
 * The search interval of the T wave after each QRS complex, anchored at the R peak; undefined without an offset, or where the
 * interval would be empty. `length` is that of the signal, samples.
 */
export function intervalsAfterQrs(
  bounds: readonly QrsBounds[],
  rPeaks: ArrayLike<number>,
  samplingFrequency: number,
  length: number,
): (SearchInterval | undefined)[] {
  const perMs = samplingFrequency / 1000;
  return bounds.map((qrs, k) => {
    const { offset } = qrs;
    const last = k === bounds.length - 1;
    const interval = (rPeaks[k + 1]! - rPeaks[k]!) / perMs;
    const least = Math.min(clearOfNext.least, clearOfNext.leastPart * interval);
    const clear = Math.min(clearOfNext.most, Math.max(least, clearOfNext.part * interval));
    const end = last ? length : Math.floor(rPeaks[k + 1]! - clear * perMs) + 1;
    return offset === undefined || offset >= end
      ? undefined
      : { anchor: rPeaks[k]!, start: offset, end, qrsMs: durationMs(qrs, perMs) };
  });
}
