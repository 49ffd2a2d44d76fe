/**
 * Band-limited resampling as a linear operator: output i is the signal at i/toHz seconds, a windowed-sinc sum of the
 * samples around it, right within 2·10⁻⁴ up to 0.4 times the lower of the two rates. Going down, the sinc is also the
 * low-pass that keeps what lies above the new Nyquist frequency from folding back. Beyond its ends the signal is
 * continued as its odd mirror image, 2·x[0] − x[k], so that within 16 samples (of the lower rate) of them a component
 * that the image breaks off is not right.
 *
 * An invalid sample (NaN, infinite) makes the outputs within 16 samples (of the lower rate) of it invalid.
 */

import type { LinearOperator } from '../diff/operator.ts';
import { requireLength, requireSamples } from '../diff/stencils.ts';
import { InputError } from '../input-error.ts';
import { requireSamplingFrequency } from '../sampling-frequency.ts';
import { sincReach, sincWeights } from './sinc.ts';

/** More places between two samples than this are not tabulated. */
const mostPhases = 10_000;

/**
 * From `fromHz` to `toHz`; the output holds every sample up to the time of the last input. Throws `RangeError` for
 * frequencies that are not positive, have no ratio of whole numbers up to 10,000, or for a signal too short to mirror:
 * it takes 17 samples, of the lower rate.
 *
 * @example resampler(3600, 360, 500).outputLength // => 4999
 */
export function resampler(length: number, fromHz: number, toHz: number): LinearOperator {
  requireSamplingFrequency(fromHz);
  requireSamplingFrequency(toHz);
  const { up, down } = wholeRatio(toHz, fromHz);
  const cutoff = Math.min(1, up / down);
  const reach = Math.ceil(sincReach / cutoff);
  requireSamples(`resampling from ${fromHz} to ${toHz} Hz`, length, reach + 1);
  const outputLength = Math.floor(((length - 1) * up) / down) + 1;
  // Output i lies at i·down/up samples; the fraction repeats every `up` outputs.
  const phases = Array.from({ length: up }, (_, p) => sincWeights(((p * down) % up) / up, cutoff));
  const last = length - 1;

  const apply = (x: Float64Array, out = new Float64Array(outputLength)): Float64Array => {
    requireLength('input', x, length);
    requireLength('output', out, outputLength);
    for (let i = 0; i < outputLength; i++) {
      const weights = phases[i % up]!;
      const first = Math.floor((i * down) / up) - reach + 1;
      let sum = 0;
      if (first >= 0 && first + weights.length <= length) {
        for (let k = 0; k < weights.length; k++) sum += weights[k]! * x[first + k]!;
      } else {
        for (let k = 0; k < weights.length; k++) {
          const at = first + k;
          sum +=
            weights[k]! *
            (at < 0 ? 2 * x[0]! - x[-at]! : at > last ? 2 * x[last]! - x[2 * last - at]! : x[at]!);
        }
      }
      out[i] = sum;
    }
    return out;
  };

  const adjoint = (y: Float64Array, out = new Float64Array(length)): Float64Array => {
    requireLength('input', y, outputLength);
    requireLength('output', out, length);
    out.fill(0);
    for (let i = 0; i < outputLength; i++) {
      const weights = phases[i % up]!;
      const first = Math.floor((i * down) / up) - reach + 1;
      for (let k = 0; k < weights.length; k++) {
        const at = first + k;
        const share = weights[k]! * y[i]!;
        if (at < 0) {
          out[0]! += 2 * share;
          out[-at]! -= share;
        } else if (at > last) {
          out[last]! += 2 * share;
          out[2 * last - at]! -= share;
        } else out[at]! += share;
      }
    }
    return out;
  };

  return { inputLength: length, outputLength, apply, adjoint };
}

/** numerator/denominator in whole numbers without a common factor, by continued fractions. */
function wholeRatio(numerator: number, denominator: number): { up: number; down: number } {
  const ratio = numerator / denominator;
  let [up, before] = [1, 0];
  let [down, downBefore] = [0, 1];
  let rest = ratio;
  for (let step = 0; step < 40; step++) {
    const whole = Math.floor(rest);
    [up, before] = [whole * up + before, up];
    [down, downBefore] = [whole * down + downBefore, down];
    if (up > mostPhases || down > mostPhases) break;
    if (Math.abs(up / down / ratio - 1) < 1e-12) return { up, down };
    rest = 1 / (rest - whole);
  }
  throw new InputError(
    `${numerator} Hz to ${denominator} Hz is no ratio of whole numbers up to ${mostPhases}: resample by way of a rounder rate`,
  );
}
