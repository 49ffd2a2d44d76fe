/**
 * Alignment of beats: each R peak is moved by up to 30 ms to where dV/dt around it correlates best with the record's
 * median beat, so that jitter of the annotated or detected R peaks does not appear as a difference between beats.
 */

import { columnMedians } from '../../statistics.ts';
import { bestShift } from '../best-shift.ts';
import { cutWindows } from './beat-window.ts';
import { featureConstants } from './feature-constants.ts';

/** The QRS complex is compared from `beforeMs` before the R peak to `afterMs` after it. */
const { reachMs, beforeMs, afterMs, rounds, leastGain } = featureConstants.alignment;

/**
 * The aligned R peaks, sample indices. `slope` is dV/dt of the lead (mV/s); the median beat is that of the beats in
 * `typical`, indices into `rPeaks`. Beats over invalid samples are not moved.
 */
export function alignBeats(
  slope: Float64Array,
  samplingFrequency: number,
  rPeaks: ArrayLike<number>,
  typical: ArrayLike<number>,
): Int32Array {
  const samples = (ms: number): number => Math.round((ms * samplingFrequency) / 1000);
  const window = {
    samplingFrequency,
    rIndex: samples(beforeMs),
    length: samples(beforeMs) + samples(afterMs) + 1,
  };
  const reach = samples(reachMs);
  const last = slope.length - 1;
  let aligned = Int32Array.from(rPeaks);
  for (let round = 0; round < rounds; round++) {
    const template = columnMedians(cutWindows(slope, aligned, window).data, window.length, typical);
    aligned = Int32Array.from(rPeaks, rPeak => {
      const placeAt = (shift: number): number => Math.min(Math.max(rPeak + shift, 0), last);
      const similarity = (shift: number): number =>
        correlation(slope, placeAt(shift) - window.rIndex, template);
      const best = bestShift(reach, similarity, leastGain);
      return best === undefined ? rPeak : placeAt(best.shift);
    });
  }
  return aligned;
}

/** Correlation about zero of `template` with the signal from `start` on; NaN over invalid samples or a zero signal. */
function correlation(signal: Float64Array, start: number, template: Float64Array): number {
  const last = signal.length - 1;
  let product = 0;
  let energy = 0;
  for (let k = 0; k < template.length; k++) {
    const value = signal[Math.min(Math.max(start + k, 0), last)]!;
    product += value * template[k]!;
    energy += value * value;
  }
  return product / Math.sqrt(energy);
}
