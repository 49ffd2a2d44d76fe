/** Tensors of numbers that are all different, for checks that must notice when two are mixed up. */
import { type Shape, sizeOf, type Tensor } from '../../src/diff/tensor.ts';

/** Numbers in ±[0.3, 1.5], no two equal, none near a kink at 0: a fixed irrational rotation. */
export function distinctNumbers(shape: Shape, seed = 1, sign: 'any' | 'positive' = 'any'): Tensor {
  const data = Float64Array.from({ length: sizeOf(shape) }, (_, i) => {
    const size = 0.3 + 1.2 * (((i + 1) * 0.6180339887498949 + seed * 0.4142135623730951) % 1);
    return sign === 'any' && (i + seed) % 3 === 0 ? -size : size;
  });
  return { shape, data };
}
