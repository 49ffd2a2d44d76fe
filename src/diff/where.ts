/** Elementwise selection between two tensors by a mask. */
import { InputError } from '../input-error.ts';
import { lift, type Operand, zeroGradient } from './arithmetic.ts';
import { broadcastShape, broadcastTo } from './broadcast.ts';
import { apply, type Primitive } from './tape.ts';
import { formatShape, sameShape, type Tensor } from './tensor.ts';

/** The second input where `mask` ≠ 0, else the third; all of one shape, or single numbers in a program. */
const selection: Primitive<undefined> = {
  name: 'where',
  elementwise: true,
  shape: ([mask, a, b]) => {
    if (!sameShape(mask!, a!) || !sameShape(mask!, b!)) {
      throw new InputError(
        `where: the shapes ${formatShape(mask!)}, ${formatShape(a!)}, ${formatShape(b!)} differ`,
      );
    }
    return mask!;
  },
  prepare:
    () =>
    (out, [mask, a, b]) => {
      const [dm, da, db] = [mask!, a!, b!].map(x => (x.length === 1 ? 0 : 1)) as [number, number, number];
      for (let i = 0; i < out.length; i++) out[i] = mask![i * dm] !== 0 ? a![i * da]! : b![i * db]!;
    },
  // The branch not taken receives exactly 0, whatever its own derivative is.
  vjp(ct, argument, [mask]) {
    if (argument === 0) return zeroGradient(ct);
    return argument === 1 ? where(mask!, ct, 0) : where(mask!, 0, ct);
  },
};

/**
 * a where `mask` ≠ 0, else b, with broadcasting. No gradient flows to the mask nor to the branch not taken, so that
 * infinite or NaN values there do not affect the gradient. Throws `RangeError` when the shapes do not broadcast.
 *
 * @example where(tensor([1, 0]), tensor([5, 6]), 0).data // => [5, 0]
 */
export function where(mask: Operand, a: Operand, b: Operand): Tensor {
  const inputs = [lift(mask), lift(a), lift(b)];
  const shape = inputs.map(x => x.shape).reduce((s, t) => broadcastShape('where', s, t));
  return apply(
    selection,
    inputs.map(x => broadcastTo(x, shape)),
    undefined,
  );
}

/** The primitive of this file, by name. */
export const whereRows = { where: selection } as const;
