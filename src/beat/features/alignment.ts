/**
 * Beats of one kind laid over one another: each R peak is moved by up to 30 ms to where the slope around it agrees
 * best with the record's median beat, so that a jitter of the marks does not count as a difference of the beats.
 */

import { columnMedians } from '../../statistics.ts';
import { cutWindows } from './beat-window.ts';
import { featureConstants } from './feature-constants.ts';

/** The QRS complex is compared from `beforeMs` before the R peak to `afterMs` after it. */
const { reachMs, beforeMs, afterMs, rounds, leastGain } = featureConstants.alignment;

/**
 * Aligned R peaks. `slope` is dV/dt of the lead; the median beat is that of the beats in `typical` (indices into
 * `rPeaks`). Beats over invalid samples keep their place.
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
      let best = rPeak;
      let highest = Number.NEGATIVE_INFINITY;
      // Nearest first, so that of two equally good places the nearer is taken.
      for (let step = 0; step <= 2 * reach; step++) {
        const shift = step % 2 === 1 ? -(step + 1) / 2 : step / 2;
        const place = Math.min(Math.max(rPeak + shift, 0), last);
        const agreement = correlation(slope, place - window.rIndex, template);
        if (agreement > highest + leastGain) {
          highest = agreement;
          best = place;
        }
      }
      return best;
    });
  }
  return aligned;
}

/** Correlation about zero of `template` with the signal from `start` on; NaN over invalid samples or nothing. */
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
