/**
 * Band-limited resampling as a linear operator: output i is the signal at i/toHz seconds, a windowed-sinc sum of the
 * samples around it, accurate to 2·10⁻⁴ up to 0.4 times the lower of the two rates. In downsampling the sinc is also
 * the anti-aliasing low-pass filter. At the ends the signal is extended by odd reflection, 2·x[0] − x[k], so that
 * within 16 samples (of the lower rate) of them components that the reflection interrupts are inaccurate.
 *
 * An invalid sample (NaN, infinite) makes the outputs within 16 samples (of the lower rate) of it invalid.
 */

import type { LinearOperator } from '../diff/operator.ts';
import { requireLength, requireSamples } from '../diff/stencils.ts';
import { InputError } from '../input-error.ts';
import { requireSamplingFrequency } from '../sampling-frequency.ts';
import { sincReach, sincWeights } from './sinc.ts';
import { wholeRatio } from './whole-ratio.ts';

/** Largest number of positions between two samples with tabulated weights. */
const mostPhases = 10_000;
/** Number of tabulated positions for other ratios, whose weights are interpolated, accurate to 10⁻⁶. */
const tabulatedPhases = 1024;

/** The weights of the samples around an output, and the index of the first of these samples. */
interface Weighting {
  readonly first: number;
  readonly weights: Float64Array;
}

/**
 * A resampler from `fromHz` to `toHz`, with any ratio; the output contains every sample up to the time of the last
 * input. Throws `RangeError` for frequencies that are not positive, for a ratio beyond 10,000, and for a signal too
 * short to extend: it needs 17 samples, of the lower rate.
 *
 * @example resampler(3600, 360, 500).outputLength // => 4999
 */
export function resampler(length: number, fromHz: number, toHz: number): LinearOperator {
  requireSamplingFrequency(fromHz);
  requireSamplingFrequency(toHz);
  const cutoff = Math.min(1, toHz / fromHz);
  const reach = Math.ceil(sincReach / cutoff);
  if (!(Math.max(toHz / fromHz, fromHz / toHz) <= mostPhases)) {
    throw new InputError(`resampling from ${fromHz} to ${toHz} Hz: a ratio is at most ${mostPhases}`);
  }
  requireSamples(`resampling from ${fromHz} to ${toHz} Hz`, length, reach + 1);
  const { outputLength, weightingOf } = weightings(length, fromHz, toHz, cutoff, reach);
  const last = length - 1;

  const apply = (x: Float64Array, out = new Float64Array(outputLength)): Float64Array => {
    requireLength('input', x, length);
    requireLength('output', out, outputLength);
    for (let i = 0; i < outputLength; i++) {
      const { first, weights } = weightingOf(i);
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
      const { first, weights } = weightingOf(i);
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

/**
 * The weights of each output. Output i lies at i·fromHz/toHz samples. For a ratio of small integers up/down the
 * fraction repeats every `up` outputs; otherwise it takes any value. The result of `weightingOf` is valid until the
 * next call.
 */
function weightings(
  length: number,
  fromHz: number,
  toHz: number,
  cutoff: number,
  reach: number,
): { readonly outputLength: number; readonly weightingOf: (output: number) => Weighting } {
  const result = { first: 0, weights: new Float64Array(2 * reach) };
  const ratio = wholeRatio(toHz, fromHz, mostPhases);
  if (ratio !== undefined) {
    const { up, down } = ratio;
    const phases = Array.from({ length: up }, (_, p) => sincWeights(((p * down) % up) / up, cutoff));
    return {
      outputLength: Math.floor(((length - 1) * up) / down) + 1,
      weightingOf(i) {
        result.first = Math.floor((i * down) / up) - reach + 1;
        result.weights = phases[i % up]!;
        return result;
      },
    };
  }
  const step = fromHz / toHz;
  const table = Array.from({ length: tabulatedPhases }, (_, p) => sincWeights(p / tabulatedPhases, cutoff));
  // At the next sample: the weights of the sample itself, one position further.
  table.push(Float64Array.from(table[0]!, (_, k) => (k === 0 ? 0 : table[0]![k - 1]!)));
  const { weights } = result;
  return {
    // A last output that rounding places after the last input is moved to it.
    outputLength: Math.floor((length - 1) / step + 1e-6) + 1,
    weightingOf(i) {
      const place = Math.min(length - 1, i * step);
      const whole = Math.floor(place);
      const phase = (place - whole) * tabulatedPhases;
      const row = Math.floor(phase);
      const [a, b, share] = [table[row]!, table[row + 1]!, phase - row];
      for (let k = 0; k < weights.length; k++) weights[k] = a[k]! + share * (b[k]! - a[k]!);
      result.first = whole - reach + 1;
      return result;
    },
  };
}
