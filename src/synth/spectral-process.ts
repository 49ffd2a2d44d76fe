/** A random series with a given power spectrum: fixed amplitudes, random phases, one inverse FFT. */
import FFT from 'fft.js';
import type { Random } from '../random.ts';

/**
 * `length` (a power of two) samples of a zero-mean, periodic series at `samplingFrequency` (Hz) whose power spectrum is
 * exactly proportional to `density(f)`, f in Hz, at every frequency k·fs/length below fs/2. As a sum of many cosines
 * with independent phases it is nearly Gaussian. Its scale is arbitrary and left to the caller.
 */
export function spectralProcess(
  density: (f: number) => number,
  length: number,
  samplingFrequency: number,
  random: Random,
): Float64Array {
  // Positive frequencies only: the real part of the inverse transform is the sum of cosines.
  const spectrum = new Float64Array(2 * length);
  for (let k = 1; k < length / 2; k++) {
    const magnitude = Math.sqrt(density((k * samplingFrequency) / length));
    const phase = 2 * Math.PI * random.uniform();
    spectrum[2 * k] = magnitude * Math.cos(phase);
    spectrum[2 * k + 1] = magnitude * Math.sin(phase);
  }
  const complex = new Float64Array(2 * length);
  new FFT(length).inverseTransform(complex, spectrum);
  return Float64Array.from({ length }, (_, n) => complex[2 * n]!);
}
