/** Cumulative sums along an axis. */

import { aroundAxis } from './loops.ts';
import { normaliseAxis } from './reshape.ts';
import { apply, type Primitive } from './tape.ts';
import type { Tensor } from './tensor.ts';

export interface Scan {
  readonly axis: number;
  /** Sums from the end towards the start. */
  readonly backward: boolean;
}

const accumulating: Primitive<Scan> = {
  name: 'cumulativeSum',
  form: 'linear',
  shape([x], { axis }) {
    normaliseAxis('cumulativeSum', axis, x!);
    return x!;
  },
  prepare(shape, _, { axis, backward }) {
    const { outer, length, inner } = aroundAxis(shape, axis);
    const step = backward ? -inner : inner;
    return (out, [x]) => {
      for (let block = 0; block < outer; block++) {
        for (let k = 0; k < inner; k++) {
          let at = (block * length + (backward ? length - 1 : 0)) * inner + k;
          let sum = 0;
          for (let i = 0; i < length; i++, at += step) {
            sum += x![at]!;
            out[at] = sum;
          }
        }
      }
    };
  },
  vjp: (ct, _, _inputs, _output, { axis, backward }) =>
    apply(accumulating, [ct], { axis, backward: !backward }),
};

/**
 * y[i] = x[0] + … + x[i] along an axis (default the last). Throws `RangeError` for an axis that x does not have.
 *
 * @example cumulativeSum(tensor([1, 2, 3])).data // => [1, 3, 6]
 */
export const cumulativeSum = (x: Tensor, axis = -1): Tensor =>
  apply(accumulating, [x], { axis: normaliseAxis('cumulativeSum', axis, x.shape), backward: false });

/** The primitives of this file, by name. */
export const scanRows = { cumulativeSum: accumulating } as const;
