/**
 * Power spectral density by averaged periodograms: P. D. Welch, IEEE Trans. Audio Electroacoust. 15:70–73, 1967. Hann
 * window, half overlap, the mean of each segment removed.
 */

import FFT from 'fft.js';
import { requireSamples } from '../diff/stencils.ts';
import { InputError } from '../input-error.ts';
import { requireSamplingFrequency } from '../sampling-frequency.ts';
import type { Spectrum } from './lomb-scargle.ts';

/**
 * One-sided power spectral density (input units² per Hz) from 0 to samplingFrequency/2; its integral is the variance.
 * The segment length is the power of two nearest to `segmentSeconds`, as fft.js requires, at least four samples. A
 * segment that contains an invalid sample (NaN, infinite) is left out, and so is an incomplete last segment; without a
 * segment the density is NaN.
 *
 * Throws `RangeError` when the signal is shorter than one segment, or for a duration or a sampling frequency that is
 * not positive.
 *
 * @example
 * const sine = Float64Array.from({ length: 4096 }, (_, k) => Math.sin(2 * Math.PI * 8 * (k / 256)));
 * const { frequency, density } = powerSpectrum(sine, 256, 1);
 * frequency[density.indexOf(Math.max(...density))] // => 8
 */
export function powerSpectrum(x: Float64Array, samplingFrequency: number, segmentSeconds: number): Spectrum {
  requireSamplingFrequency(samplingFrequency);
  if (!(segmentSeconds > 0 && Number.isFinite(segmentSeconds))) {
    throw new InputError(`a segment lasts a positive number of seconds, not ${segmentSeconds}`);
  }
  const size = 2 ** Math.max(2, Math.round(Math.log2(segmentSeconds * samplingFrequency)));
  requireSamples(`a segment of ${segmentSeconds} s at ${samplingFrequency} Hz`, x.length, size);
  const window = Float64Array.from({ length: size }, (_, i) => Math.sin((Math.PI * i) / size) ** 2);
  const windowPower = window.reduce((sum, w) => sum + w * w, 0);
  const fft = new FFT(size);
  const segment = new Float64Array(size);
  const transform = new Float64Array(2 * size);
  const half = size / 2;
  const density = new Float64Array(half + 1);
  let segments = 0;
  for (let start = 0; start + size <= x.length; start += half) {
    let mean = 0;
    for (let i = 0; i < size; i++) mean += x[start + i]! / size;
    if (!Number.isFinite(mean)) continue;
    for (let i = 0; i < size; i++) segment[i] = (x[start + i]! - mean) * window[i]!;
    fft.realTransform(transform, segment);
    for (let k = 0; k <= half; k++) density[k]! += transform[2 * k]! ** 2 + transform[2 * k + 1]! ** 2;
    segments++;
  }
  const resolution = samplingFrequency / size;
  return {
    frequency: Float64Array.from({ length: half + 1 }, (_, k) => k * resolution),
    resolution,
    // One-sided: both halves combined, except at 0 and Nyquist, which have no counterpart.
    density: density.map(
      (power, k) => (power * (k === 0 || k === half ? 1 : 2)) / (segments * windowPower * samplingFrequency),
    ),
  };
}
