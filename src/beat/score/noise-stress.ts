/**
 * The noise stress test: recorded noise added to a clean lead at a given signal-to-noise ratio, after the `nst` and
 * `sigamp` programs of the WFDB Applications (Moody, Muldrow & Mark, Computers in Cardiology 11:381, 1984).
 *
 * The power of the ECG is that of a sine wave with the peak-to-peak amplitude of its normal QRS complexes:
 * amplitude²/8. The power of the noise is the square of its root mean square over a second. Both are trimmed means: of
 * up to 300 measurements the largest and the smallest 5 % are left out. Noise starts after five minutes and is present
 * for two minutes in every four; the noise record is repeated when it ends, and noise is switched on and off without a
 * step.
 *
 * Possible deviation from `sigamp`: normal complexes are those of class N.
 */

import { InputError } from '../../input-error.ts';
import { mean } from '../../statistics.ts';
import { beatClass } from './beat-classes.ts';
import type { LabelledSample } from './compare-beats.ts';

const measurements = 300;
const qrsReachSeconds = 0.05;
const cleanSeconds = 300;
const periodSeconds = 120;

/**
 * The clean lead with noise added at `snrDb` dB, in the unit of the clean lead. `noise` has the same sampling frequency
 * (Hz) and may have any unit. A sample is invalid where the lead or the noise is. Throws `RangeError` when the
 * reference has no normal beat to measure, or the noise is zero.
 *
 * @example
 * const reference = [...rPeaks].map(sample => ({ sample, symbol: 'N' }));
 * const noise = Float64Array.from(voltage, () => createRandom(1).normal());
 * withStressNoise(voltage, noise, reference, samplingFrequency, 12).length // => 108000
 */
export function withStressNoise(
  clean: Float64Array,
  noise: Float64Array,
  reference: readonly LabelledSample[],
  samplingFrequency: number,
  snrDb: number,
): Float64Array {
  const height = qrsHeight(clean, reference, samplingFrequency);
  const rms = noiseRms(noise, samplingFrequency);
  if (!(height > 0))
    throw new InputError('the noise stress test needs normal beats to measure, but there are none');
  if (!(rms > 0)) throw new InputError('the noise stress test needs noise, but the noise is zero');
  const gain = Math.sqrt(height ** 2 / 8 / 10 ** (snrDb / 10)) / rms;
  const period = Math.round(periodSeconds * samplingFrequency);
  const start = Math.round(cleanSeconds * samplingFrequency);
  const noisy = clean.slice();
  let level = 0;
  for (let from = start; from < clean.length; from += 2 * period) {
    const to = Math.min(clean.length, from + period);
    const offset = gain * noise[from % noise.length]!;
    for (let i = from; i < to; i++) noisy[i]! += level + gain * noise[i % noise.length]! - offset;
    // The following clean part keeps the offset at which the noise ended.
    level += gain * noise[(to - 1) % noise.length]! - offset;
    for (let i = to; i < Math.min(clean.length, to + period); i++) noisy[i]! += level;
  }
  return noisy;
}

/** Trimmed mean of the peak-to-peak amplitude of normal QRS complexes. */
function qrsHeight(
  clean: Float64Array,
  reference: readonly LabelledSample[],
  samplingFrequency: number,
): number {
  const reach = Math.round(qrsReachSeconds * samplingFrequency);
  const heights: number[] = [];
  for (const { sample, symbol } of reference) {
    if (heights.length === measurements) break;
    if (beatClass(symbol, 'ec57') !== 'N' || sample < reach || sample + reach >= clean.length) continue;
    const complex = clean.subarray(sample - reach, sample + reach + 1);
    const height = Math.max(...complex) - Math.min(...complex);
    if (Number.isFinite(height)) heights.push(height);
  }
  return trimmedMean(heights);
}

/** Trimmed mean of the root mean square of one-second segments about their own mean. */
function noiseRms(noise: Float64Array, samplingFrequency: number): number {
  const second = Math.round(samplingFrequency);
  const values: number[] = [];
  for (let from = 0; from + second <= noise.length && values.length < measurements; from += second) {
    let sum = 0;
    let squares = 0;
    for (let i = from; i < from + second; i++) sum += noise[i]!;
    for (let i = from; i < from + second; i++) squares += (noise[i]! - sum / second) ** 2;
    const rms = Math.sqrt(squares / second);
    if (Number.isFinite(rms)) values.push(rms);
  }
  return trimmedMean(values);
}

/** The mean without the largest and the smallest 5 %; NaN without values. */
function trimmedMean(values: readonly number[]): number {
  const cut = Math.floor(values.length / 20);
  return mean([...values].sort((a, b) => a - b).slice(cut, values.length - cut));
}
