/**
 * Baseline wander by two moving medians, of 200 ms (removes QRS and P) and 600 ms (removes T), after P. de Chazal, M.
 * O'Dwyer & R. B. Reilly, IEEE Trans. Biomed. Eng. 51:1196–1206, 2004. It does not distort QRS complexes, but is not
 * linear; the linear alternative is `zeroPhaseBand({ lowCutHz: 0.5 }, …)`.
 */

import { InputError } from '../input-error.ts';
import { lowerBound } from '../lower-bound.ts';
import { requireSamplingFrequency } from '../sampling-frequency.ts';

const firstWindow = 0.2;
const secondWindow = 0.6;

/**
 * The baseline wander, in the unit and length of `voltage`, to be subtracted from it. Invalid samples (NaN, infinite)
 * are left out of the medians; NaN where a whole window is invalid. Throws `RangeError` for a sampling frequency that
 * is not positive.
 *
 * @example baselineWander(new Float64Array(1000).fill(0.3), 250)[500] // => 0.3
 */
export function baselineWander(voltage: Float64Array, samplingFrequency: number): Float64Array {
  requireSamplingFrequency(samplingFrequency);
  const samples = (seconds: number): number => 2 * Math.round((seconds * samplingFrequency) / 2) + 1;
  return movingMedian(movingMedian(voltage, samples(firstWindow)), samples(secondWindow));
}

/**
 * The median of the valid samples among the `window` samples around each sample, or fewer near the ends. The window is
 * kept sorted: one removal and one insertion per sample. Throws `RangeError` for an even `window`.
 */
export function movingMedian(x: Float64Array, window: number): Float64Array {
  if (!Number.isInteger(window) || window < 1 || window % 2 === 0) {
    throw new InputError(`a moving median takes an odd number of samples, not ${window}`);
  }
  const half = (window - 1) / 2;
  const sorted = new Float64Array(window);
  let count = 0;
  const placeOf = (value: number): number => lowerBound(sorted, value, count);
  const insert = (value: number): void => {
    if (!Number.isFinite(value)) return;
    const place = placeOf(value);
    sorted.copyWithin(place + 1, place, count);
    sorted[place] = value;
    count++;
  };
  const remove = (value: number): void => {
    if (!Number.isFinite(value)) return;
    const place = placeOf(value);
    sorted.copyWithin(place, place + 1, count);
    count--;
  };
  const out = new Float64Array(x.length);
  for (let i = 0; i < Math.min(half, x.length); i++) insert(x[i]!);
  for (let i = 0; i < x.length; i++) {
    if (i > half) remove(x[i - half - 1]!);
    if (i + half < x.length) insert(x[i + half]!);
    const middle = count >> 1;
    out[i] =
      count === 0
        ? Number.NaN
        : count % 2 === 1
          ? sorted[middle]!
          : (sorted[middle - 1]! + sorted[middle]!) / 2;
  }
  return out;
}
