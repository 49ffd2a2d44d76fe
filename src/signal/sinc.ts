/**
 * Band-limited interpolation: the value between samples as a windowed-sinc sum of the samples around it (Kaiser window;
 * Oppenheim & Schafer, Discrete-Time Signal Processing, ch. 7). Accurate to 2·10⁻⁴ up to 0.4·fs.
 */
import { InputError } from '../input-error.ts';

/** Samples on either side that an interpolated value depends on. */
export const sincReach = 16;

/** Shape of the Kaiser window: side lobes near −80 dB. */
const kaiserBeta = 8;

/**
 * The weights of the 2r samples i − r + 1 … i + r whose sum is the signal at i + `fraction`, 0 ≤ fraction < 1. They sum
 * to 1, so that a constant is preserved exactly. With `cutoff` 1 all frequencies pass and r is `sincReach`; a smaller
 * cutoff gives a low-pass at cutoff·fs/2 (6 dB), and r = ⌈sincReach/cutoff⌉. Throws `RangeError` for a `fraction` or a
 * `cutoff` outside these ranges.
 *
 * At fraction 0 the weight of sample i is 1 and all others are 0.
 */
export function sincWeights(fraction: number, cutoff = 1): Float64Array<ArrayBuffer> {
  if (!(fraction >= 0 && fraction < 1)) {
    throw new InputError(`a fraction of a sample lies in [0, 1), not ${fraction}`);
  }
  if (!(cutoff > 0 && cutoff <= 1)) throw new InputError(`a cutoff lies in (0, 1], not ${cutoff}`);
  const reach = Math.ceil(sincReach / cutoff);
  const weights = new Float64Array(2 * reach);
  let sum = 0;
  for (let k = 0; k < weights.length; k++) {
    const t = k - reach + 1 - fraction;
    weights[k] = sinc(cutoff * t) * kaiser((cutoff * t) / sincReach);
    sum += weights[k]!;
  }
  return weights.map(weight => weight / sum);
}

/** sin(πt)/(πt), exactly 0 at all integers except 0. */
function sinc(t: number): number {
  if (t === 0) return 1;
  return Number.isInteger(t) ? 0 : Math.sin(Math.PI * t) / (Math.PI * t);
}

/** The Kaiser window on −1 … 1. */
function kaiser(t: number): number {
  return Math.abs(t) >= 1 ? 0 : besselI0(kaiserBeta * Math.sqrt(1 - t * t)) / besselI0(kaiserBeta);
}

/** Modified Bessel function of the first kind, order 0, by its power series. */
function besselI0(x: number): number {
  let term = 1;
  let sum = 1;
  for (let k = 1; term > 1e-17 * sum; k++) {
    term *= (x / (2 * k)) ** 2;
    sum += term;
  }
  return sum;
}
