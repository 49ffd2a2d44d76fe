/**
 * The noise stress test: recorded noise added to a clean lead in a measured amount, after the `nst` and `sigamp`
 * programs of the WFDB Applications (Moody, Muldrow & Mark, Computers in Cardiology 11:381, 1984).
 *
 * The power of the ECG is that of a sine wave as high as its normal QRS complexes, from peak to peak: height²/8. The
 * power of the noise is the square of its root mean square over a second. Both are trimmed means: of up to 300
 * measurements the largest and the smallest 5 % are left out. Noise comes on after five minutes, for two minutes in
 * every four, starts over when it ends, and comes and goes without a step.
 *
 * Where we may differ from `sigamp`: normal complexes are those of class N.
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
 * The clean lead with noise at `snrDb` dB; `noise` has the same sampling frequency, and its unit does not matter. An
 * invalid sample of either makes an invalid sample. Throws `RangeError` when the reference has no normal beat to
 * measure, or the noise is silent.
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
    throw new InputError('the noise stress test needs normal beats to measure, there is none');
  if (!(rms > 0)) throw new InputError('the noise stress test needs noise, there is none');
  const gain = Math.sqrt(height ** 2 / 8 / 10 ** (snrDb / 10)) / rms;
  const period = Math.round(periodSeconds * samplingFrequency);
  const start = Math.round(cleanSeconds * samplingFrequency);
  const noisy = clean.slice();
  let level = 0;
  for (let from = start; from < clean.length; from += 2 * period) {
    const to = Math.min(clean.length, from + period);
    const offset = gain * noise[from % noise.length]!;
    for (let i = from; i < to; i++) noisy[i]! += level + gain * noise[i % noise.length]! - offset;
    // The clean part that follows stays where the noise left it.
    level += gain * noise[(to - 1) % noise.length]! - offset;
    for (let i = to; i < Math.min(clean.length, to + period); i++) noisy[i]! += level;
  }
  return noisy;
}

/** Mean height of normal QRS complexes from peak to peak. */
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

/** Mean root mean square of one-second pieces about their own mean. */
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

/** The mean without the largest and the smallest 5 %; NaN of nothing. */
function trimmedMean(values: readonly number[]): number {
  const cut = Math.floor(values.length / 20);
  return mean([...values].sort((a, b) => a - b).slice(cut, values.length - cut));
}
