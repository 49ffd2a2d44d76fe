/**
 * Filters as linear operators. Zero-phase filters apply a recursive filter forward and backward, so that there is no
 * delay and the magnitude response is squared: a Butterworth cut-off is then 6 dB down. At the ends the signal is
 * extended as by `oddExtension`, beyond the settling time of the filter; the line through the end points is passed like
 * a constant.
 *
 * An invalid sample (NaN, infinite) is NaN in the output and nowhere else: the filter is applied to the straight line
 * between its valid neighbours, which affects the output around it for the settling time. `adjoint` takes valid values.
 */

import { oddExtension } from '../diff/odd-extension.ts';
import type { LinearOperator } from '../diff/operator.ts';
import { requireLength, requireSamples } from '../diff/stencils.ts';
import {
  bandSections,
  magnitude,
  notchSections,
  type Passband,
  requireStable,
  runBackward,
  runForward,
  type Section,
  settlingSamples,
} from './butterworth.ts';
import { bridged, markInvalid } from './interpolate-gaps.ts';

/**
 * Zero-phase Butterworth band-pass: a high-pass of `order` at `lowCutHz` and a low-pass of `order` at `highCutHz`, each
 * 6 dB down at its cut-off. For slopes `highCutHz` should be 150 or above: 40 Hz reduces them by up to a third.
 *
 * Throws `RangeError` without a cut-off, for cut-offs out of order, or for what `butterworth` does not accept.
 *
 * @example
 * const steady = zeroPhaseBand({ lowCutHz: 0.5 }, 2, voltage.length, samplingFrequency).apply(voltage);
 * steady.length // => 108000
 */
export function zeroPhaseBand(
  band: Passband,
  order: number,
  length: number,
  samplingFrequency: number,
): LinearOperator {
  return zeroPhase(bandSections(band, order, samplingFrequency), length, samplingFrequency);
}

/**
 * Zero-phase notches at the mains frequency and its harmonics up to `widthHz` below Nyquist, each `widthHz` wide (6
 * dB). A narrower notch removes less of the QRS complex, and rings longer.
 *
 * Throws `RangeError` for fewer than two samples or for what `notch` does not accept.
 *
 * @example mainsNotch(50, 2, voltage.length, samplingFrequency).apply(voltage).length // => 108000
 */
export function mainsNotch(
  mainsHz: number,
  widthHz: number,
  length: number,
  samplingFrequency: number,
): LinearOperator {
  return zeroPhase(notchSections(mainsHz, widthHz, samplingFrequency), length, samplingFrequency);
}

/**
 * A zero-phase filter: the cascade applied forward, then backward. Throws `RangeError` for fewer than two samples or
 * unstable sections.
 *
 * @example
 * const line = Float64Array.from({ length: 1001 }, (_, k) => k / 1000);
 * const filtered = zeroPhase(butterworth('low-pass', 2, 40, 360), 1001, 360).apply(line);
 * filtered[500].toFixed(6) // => '0.500000'
 */
export function zeroPhase(
  sections: readonly Section[],
  length: number,
  samplingFrequency: number,
): LinearOperator {
  requireSamples('a zero-phase filter', length, 2);
  requireStable(sections);
  const last = length - 1;
  const reach = Math.min(last, settlingSamples(sections));
  const extension = oddExtension(length, reach);
  const extended = new Float64Array(extension.outputLength);
  // The line through the end points: a symmetric filter only scales it by its gain at 0 Hz.
  const lineGain = magnitude(sections, 0, samplingFrequency) ** 2;

  const apply = (x: Float64Array, out = new Float64Array(length)): Float64Array => {
    requireLength('output', out, length);
    const valid = bridged(x);
    extension.apply(valid, extended);
    runForward(sections, extended);
    runBackward(sections, extended);
    const first = lineGain * valid[0]!;
    const slope = (lineGain * valid[last]! - first) / last;
    for (let i = 0; i < length; i++) out[i] = extended[reach + i]! + first + slope * i;
    if (valid !== x) markInvalid(x, out);
    return out;
  };

  const adjoint = (y: Float64Array, out = new Float64Array(length)): Float64Array => {
    requireLength('input', y, length);
    extended.fill(0);
    extended.set(y, reach);
    // The backward pass is the adjoint of the forward pass, so forward-then-backward is self-adjoint.
    runForward(sections, extended);
    runBackward(sections, extended);
    extension.adjoint(extended, out);
    let toLast = 0;
    let sum = 0;
    for (let i = 0; i < length; i++) {
      sum += y[i]!;
      toLast += (y[i]! * i) / last;
    }
    out[0]! += lineGain * (sum - toLast);
    out[last]! += lineGain * toLast;
    return out;
  };

  return { inputLength: length, outputLength: length, apply, adjoint };
}

/**
 * A causal filter: the cascade applied forward with zero initial state, as a device does while recording. It delays the
 * signal, and has a transient at the start.
 *
 * Throws `RangeError` for an empty signal or unstable sections.
 *
 * @example
 * const smoothed = causal(butterworth('low-pass', 2, 40, 360), voltage.length).apply(voltage);
 * smoothed.length === voltage.length // => true
 */
export function causal(sections: readonly Section[], length: number): LinearOperator {
  requireSamples('a filter', length, 1);
  requireStable(sections);

  const apply = (x: Float64Array, out = new Float64Array(length)): Float64Array => {
    requireLength('input', x, length);
    requireLength('output', out, length);
    const valid = bridged(x);
    out.set(valid);
    runForward(sections, out);
    if (valid !== x) markInvalid(x, out);
    return out;
  };

  const adjoint = (y: Float64Array, out = new Float64Array(length)): Float64Array => {
    requireLength('input', y, length);
    requireLength('output', out, length);
    out.set(y);
    runBackward(sections, out);
    return out;
  };

  return { inputLength: length, outputLength: length, apply, adjoint };
}
