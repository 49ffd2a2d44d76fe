/** Random tensors, and numbers compared to so many digits. */
import { expect } from 'vitest';
import { type Shape, sizeOf, type Tensor, tensor } from '../../src/diff/tensor.ts';
import { createRandom } from '../../src/random.ts';

/** A source of tensors of standard normal numbers; each seed gives its own sequence. */
export function normalTensors(seed: number): (shape: Shape) => Tensor {
  const random = createRandom(seed);
  return shape =>
    tensor(
      Float64Array.from({ length: sizeOf(shape) }, () => random.normal()),
      shape,
    );
}

export const close = (a: ArrayLike<number>, b: ArrayLike<number>, digits = 12): void => {
  expect(a.length).toBe(b.length);
  for (let i = 0; i < a.length; i++) expect(a[i]).toBeCloseTo(b[i]!, digits);
};
