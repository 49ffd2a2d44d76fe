/**
 * Extension of a signal beyond its ends, for operators that need samples there. The line from the first to the last
 * sample is subtracted, which leaves zero at both ends, and the remainder is extended by odd reflection, so that value
 * and slope are continuous. The extensions are tapered smoothly to zero.
 */
import { InputError } from '../input-error.ts';
import type { LinearOperator } from './operator.ts';
import { requireLength, requireSamples } from './stencils.ts';

/**
 * The operator that subtracts the line through the end points and extends the signal by `reach` samples on either side:
 * `length` samples in, `length` + 2·`reach` out. Throws `RangeError` for fewer than two samples or a `reach` beyond
 * `length` − 1.
 */
export function oddExtension(length: number, reach: number): LinearOperator {
  requireSamples('an odd extension', length, 2);
  const last = length - 1;
  if (!Number.isInteger(reach) || reach < 0 || reach > last) {
    throw new InputError(`an odd extension of ${length} samples reaches 0 to ${last} samples, not ${reach}`);
  }
  const extended = length + 2 * reach;
  const fade = Float64Array.from({ length: reach + 1 }, (_, k) => smoothStep(1 - k / (reach + 1)));

  const apply = (x: Float64Array, out = new Float64Array(extended)): Float64Array => {
    requireLength('input', x, length);
    requireLength('output', out, extended);
    const first = x[0]!;
    const slope = (x[last]! - first) / last;
    for (let i = 0; i < last; i++) out[reach + i] = x[i]! - first - slope * i;
    out[reach + last] = Number.isNaN(slope) ? Number.NaN : 0;
    for (let k = 1; k <= reach; k++) {
      out[reach - k] = -fade[k]! * out[reach + k]!;
      out[reach + last + k] = -fade[k]! * out[reach + last - k]!;
    }
    return out;
  };

  const adjoint = (y: Float64Array, out = new Float64Array(length)): Float64Array => {
    requireLength('input', y, extended);
    requireLength('output', out, length);
    for (let i = 0; i < length; i++) out[i] = y[reach + i]!;
    for (let k = 1; k <= reach; k++) {
      out[k]! -= fade[k]! * y[reach - k]!;
      out[last - k]! -= fade[k]! * y[reach + last + k]!;
    }
    // The contribution of each remainder, through the line, to the first and the last sample.
    let toFirst = 0;
    let toLast = 0;
    for (let i = 1; i < last; i++) {
      toFirst -= out[i]! * (last - i);
      toLast -= out[i]! * i;
    }
    out[0] = toFirst / last;
    out[last] = toLast / last;
    return out;
  };

  return { inputLength: length, outputLength: extended, apply, adjoint };
}

/** A smooth step: 0 at 0 and 1 at 1, with all derivatives zero at both ends. */
function smoothStep(t: number): number {
  if (t <= 0) return 0;
  if (t >= 1) return 1;
  const rising = Math.exp(-1 / t);
  return rising / (rising + Math.exp(-1 / (1 - t)));
}
