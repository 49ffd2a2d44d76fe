/**
 * Spectral differentiation: every frequency below Nyquist is multiplied by i2πf. No differentiator has a flatter
 * response, so white noise is amplified by the full 1.81·fs; use it on clean signals.
 *
 * The discrete Fourier transform assumes a periodic signal, and a jump between its ends would cause ringing throughout.
 * Therefore the line through the end points is subtracted (its slope is added back) and the remainder is extended as by
 * `oddExtension`, within a length padded to a power of two as fft.js requires. What remains is a discontinuity of the
 * second derivative at the ends: an error of the order of h·|f″| at the first and last samples, which decays with the
 * square of the distance from them.
 *
 * A single NaN makes the whole output NaN.
 */
import FFT from 'fft.js';
import { requireSamplingFrequency } from '../sampling-frequency.ts';
import { oddExtension } from './odd-extension.ts';
import type { LinearOperator } from './operator.ts';
import { requireLength, requireSamples } from './stencils.ts';

/** The extension is tapered over at least this many samples (or the whole signal, when it is shorter). */
const fadeSamples = 256;

/**
 * First derivative by FFT, in input units per second. Exact on straight lines, and on sines that vanish at both ends up
 * to the leakage of the taper. `apply` and `adjoint` share the operator's buffers and allocate nothing.
 *
 * Throws `RangeError` for fewer than 2 samples.
 *
 * @example
 * const line = Float64Array.from({ length: 8 }, (_, k) => k / 100);
 * fftDerivative(8, 100).apply(line).map(Math.round) // => [1, 1, 1, 1, 1, 1, 1, 1]
 */
export function fftDerivative(length: number, samplingFrequency: number): LinearOperator {
  requireSamplingFrequency(samplingFrequency);
  requireSamples('the FFT derivative', length, 2);
  const last = length - 1;
  let size = 4;
  while (size < length + 2 * Math.min(last, fadeSamples)) size *= 2;
  const reach = Math.min(last, Math.floor((size - length) / 2));
  const mirror = oddExtension(length, reach);
  const fft = new FFT(size);
  const padded = new Float64Array(size);
  const extended = padded.subarray(0, mirror.outputLength);
  const spectrum = new Float64Array(2 * size);
  const result = new Float64Array(2 * size);

  // result ← d/dt of the real periodic signal in `padded`. This map is skew-symmetric: its adjoint is its negative.
  const differentiate = (): void => {
    fft.realTransform(spectrum, padded);
    fft.completeSpectrum(spectrum);
    for (let k = 0; k < size; k++) {
      const bin = k < size / 2 ? k : k - size;
      const omega = k === size / 2 ? 0 : (2 * Math.PI * bin * samplingFrequency) / size;
      const re = spectrum[2 * k]!;
      spectrum[2 * k] = -omega * spectrum[2 * k + 1]!;
      spectrum[2 * k + 1] = omega * re;
    }
    fft.inverseTransform(result, spectrum);
  };

  const apply = (x: Float64Array, out = new Float64Array(length)): Float64Array => {
    requireLength('output', out, length);
    mirror.apply(x, extended);
    padded.fill(0, extended.length);
    differentiate();
    const slope = ((x[last]! - x[0]!) / last) * samplingFrequency;
    for (let i = 0; i < length; i++) out[i] = result[2 * (reach + i)]! + slope;
    return out;
  };

  const adjoint = (y: Float64Array, out = new Float64Array(length)): Float64Array => {
    requireLength('input', y, length);
    padded.fill(0);
    let sum = 0;
    for (let i = 0; i < length; i++) {
      padded[reach + i] = y[i]!;
      sum += y[i]!;
    }
    differentiate();
    for (let i = 0; i < extended.length; i++) extended[i] = -result[2 * i]!;
    mirror.adjoint(extended, out);
    const share = (sum * samplingFrequency) / last;
    out[0]! -= share;
    out[last]! += share;
    return out;
  };

  return { inputLength: length, outputLength: length, apply, adjoint };
}
