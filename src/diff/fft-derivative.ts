/**
 * The spectral derivative: every frequency below Nyquist is multiplied by its own i2πf. It is the flattest
 * differentiator there is, so noise gains its full 1.81·fs; use it on clean signals.
 *
 * The transform takes a signal for periodic, and a jump between its ends would ring through all of it. So the line
 * from the first to the last sample is taken out (its slope is added back), the remainder, now zero at both ends, is
 * continued as its own odd mirror image (which keeps value and slope continuous), and the images fade smoothly to
 * zero within a padded length that is a power of two, as fft.js demands. What remains is the kink of the second
 * derivative at the ends: an error of the size h·|f″| at the first and last samples, falling off with the square of
 * the distance from them.
 *
 * A NaN anywhere makes the whole output NaN.
 */
import FFT from 'fft.js';
import type { LinearOperator } from './operator.ts';
import { requireLength, requireSamples, requireSamplingFrequency } from './stencils.ts';

/** The mirror images fade over at least this many samples (or the whole signal, when it is shorter). */
const fadeSamples = 256;

/**
 * First derivative by the FFT, in input units per second. Exact on straight lines, and on sines that vanish at both
 * ends up to the fade's own leakage. `apply` and `adjoint` share the operator's buffers and allocate nothing.
 *
 * Throws `RangeError` for fewer than 2 samples.
 */
export function fftDerivative(length: number, samplingFrequency: number): LinearOperator {
  requireSamplingFrequency(samplingFrequency);
  requireSamples('the FFT derivative', length, 2);
  const last = length - 1;
  let size = 4;
  while (size < length + 2 * Math.min(last, fadeSamples)) size *= 2;
  const reach = Math.min(last, Math.floor((size - length) / 2));
  const fade = Float64Array.from({ length: reach + 1 }, (_, k) => smoothStep(1 - k / (reach + 1)));
  const fft = new FFT(size);
  const buffer = new Float64Array(2 * size);
  const spectrum = new Float64Array(2 * size);

  // buffer ← d/dt of the real periodic signal in buffer. This map is antisymmetric: its adjoint is its negative.
  const differentiate = (): void => {
    fft.transform(spectrum, buffer);
    for (let k = 0; k < size; k++) {
      const bin = k < size / 2 ? k : k - size;
      const omega = k === size / 2 ? 0 : (2 * Math.PI * bin * samplingFrequency) / size;
      const re = spectrum[2 * k]!;
      spectrum[2 * k] = -omega * spectrum[2 * k + 1]!;
      spectrum[2 * k + 1] = omega * re;
    }
    fft.inverseTransform(buffer, spectrum);
  };

  const apply = (x: Float64Array, out = new Float64Array(length)): Float64Array => {
    requireLength('input', x, length);
    requireLength('output', out, length);
    const slope = (x[last]! - x[0]!) / last;
    buffer.fill(0);
    for (let i = 0; i < length; i++) buffer[2 * i] = x[i]! - x[0]! - slope * i;
    buffer[2 * last] = 0;
    for (let k = 1; k <= reach; k++) {
      buffer[2 * (last + k)] = -fade[k]! * buffer[2 * (last - k)]!;
      buffer[2 * (size - k)] = -fade[k]! * buffer[2 * k]!;
    }
    differentiate();
    for (let i = 0; i < length; i++) out[i] = buffer[2 * i]! + slope * samplingFrequency;
    return out;
  };

  const adjoint = (y: Float64Array, out = new Float64Array(length)): Float64Array => {
    requireLength('input', y, length);
    requireLength('output', out, length);
    let sum = 0;
    buffer.fill(0);
    for (let i = 0; i < length; i++) {
      buffer[2 * i] = -y[i]!;
      sum += y[i]!;
    }
    differentiate();
    for (let i = 0; i < length; i++) out[i] = buffer[2 * i]!;
    for (let k = 1; k <= reach; k++) {
      out[last - k]! -= fade[k]! * buffer[2 * (last + k)]!;
      out[k]! -= fade[k]! * buffer[2 * (size - k)]!;
    }
    // The line through the ends: what each sample's remainder owes to the first and to the last sample.
    out[0] = 0;
    out[last] = 0;
    let toFirst = -sum * samplingFrequency;
    let toLast = sum * samplingFrequency;
    for (let i = 1; i < last; i++) {
      toFirst -= out[i]! * (last - i);
      toLast -= out[i]! * i;
    }
    out[0] = toFirst / last;
    out[last] = toLast / last;
    return out;
  };

  return { inputLength: length, outputLength: length, apply, adjoint };
}

/** 0 at 0, 1 at 1, with all derivatives zero at both ends. */
function smoothStep(t: number): number {
  if (t <= 0) return 0;
  if (t >= 1) return 1;
  const rising = Math.exp(-1 / t);
  return rising / (rising + Math.exp(-1 / (1 - t)));
}
