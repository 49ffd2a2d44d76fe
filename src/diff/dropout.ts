/** Dropout: a random mask, and its application. */
import { InputError } from '../input-error.ts';
import type { Random } from '../random.ts';
import { mul } from './arithmetic.ts';
import { requireReducible } from './broadcast.ts';
import { full, type Shape, type Tensor } from './tensor.ts';

/**
 * An inverted dropout mask: 0 with probability `rate`, else 1/(1 − rate), so that the expectation of mask·x is x
 * (Srivastava et al. 2014). In a compiled computation the mask is an input, drawn anew for each step. Throws
 * `RangeError` unless 0 ≤ rate < 1.
 *
 * @example dropoutMask([1000], 0.5, createRandom(1)).data.filter(factor => factor === 2).length // => 509
 */
export function dropoutMask(shape: Shape, rate: number, random: Random): Tensor {
  if (!(rate >= 0 && rate < 1)) throw new InputError(`dropoutMask: the rate is in [0, 1), not ${rate}`);
  const mask = full(shape, 0);
  for (let i = 0; i < mask.data.length; i++) {
    mask.data[i] = random.uniform() < rate ? 0 : 1 / (1 - rate);
  }
  return mask;
}

/**
 * Applies a dropout mask: x·mask. Throws `RangeError` when the mask does not broadcast to x.
 *
 * @example dropout(tensor([1, 2]), tensor([0, 2])).data // => [0, 4]
 */
export function dropout(x: Tensor, mask: Tensor): Tensor {
  requireReducible('dropout', x.shape, mask.shape);
  return mul(x, mask);
}
