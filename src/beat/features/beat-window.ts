/** The segment of a lead around a beat from which its features are computed. */

import { slice } from '../../diff/slice.ts';
import type { Tensor } from '../../diff/tensor.ts';
import { requireSamplingFrequency } from '../../sampling-frequency.ts';
import { featureConstants } from './feature-constants.ts';

/** A beat window at one sampling frequency: `length` samples, with the R peak at index `rIndex`. */
export interface BeatWindow {
  readonly samplingFrequency: number;
  readonly rIndex: number;
  readonly length: number;
}

/** The beat window at a sampling frequency in Hz. Throws `RangeError` when that is not positive. */
export function beatWindow(samplingFrequency: number): BeatWindow {
  requireSamplingFrequency(samplingFrequency);
  const { before, after } = featureConstants.beatWindow;
  const rIndex = Math.round(before * samplingFrequency);
  return { samplingFrequency, rIndex, length: rIndex + Math.round(after * samplingFrequency) + 1 };
}

/**
 * The windows around the sample indices `rPeaks`, `[beats, length]`. Beyond the ends of the signal its first or last
 * sample is repeated.
 */
export function cutWindows(signal: Float64Array, rPeaks: ArrayLike<number>, window: BeatWindow): Tensor {
  const { rIndex, length } = window;
  const data = new Float64Array(rPeaks.length * length);
  const last = signal.length - 1;
  for (let beat = 0; beat < rPeaks.length; beat++) {
    const start = rPeaks[beat]! - rIndex;
    for (let k = 0; k < length; k++) {
      data[beat * length + k] = signal[Math.min(Math.max(start + k, 0), last)]!;
    }
  }
  return { shape: [rPeaks.length, length], data };
}

/** The columns of windows between two times relative to the R peak, s, both included. */
export function between(x: Tensor, window: BeatWindow, from: number, to: number): Tensor {
  const { first, end } = columnsBetween(window, from, to);
  return slice(x, [0, first], [x.shape[0]!, end]);
}

/** The times of the columns between two times, all relative to the R peak, s. */
export function timesBetween(window: BeatWindow, from: number, to: number): Float64Array {
  const { first, end } = columnsBetween(window, from, to);
  return Float64Array.from(
    { length: end - first },
    (_, k) => (first + k - window.rIndex) / window.samplingFrequency,
  );
}

function columnsBetween({ rIndex, samplingFrequency, length }: BeatWindow, from: number, to: number) {
  const tolerance = 1e-6;
  const first = Math.max(0, rIndex + Math.ceil(from * samplingFrequency - tolerance));
  const end = Math.min(length, rIndex + Math.floor(to * samplingFrequency + tolerance) + 1);
  // At low sampling frequencies a narrow interval may contain no sample; then the nearest one is used.
  return end > first
    ? { first, end }
    : { first: Math.min(first, length - 1), end: Math.min(first, length - 1) + 1 };
}
