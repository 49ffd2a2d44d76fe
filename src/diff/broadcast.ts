/**
 * Broadcasting with NumPy's rules (shapes are aligned at the last axis, and axes of length 1 are repeated), and its
 * adjoint, the sum over the repeated axes.
 */
import { InputError } from '../input-error.ts';
import { requireTensors } from './argument-checks.ts';
import { broadcastStrides, forRuns, type Grid, gridOf, stridesOf } from './loops.ts';
import { apply, type Primitive } from './tape.ts';
import { formatShape, isShape, type Shape, sameShape, sizeOf, type Tensor } from './tensor.ts';

/** The common shape that both shapes broadcast to. Throws `RangeError` when there is none. */
export function broadcastShape(name: string, a: Shape, b: Shape): Shape {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, axis) => {
    const fromA = a[axis - rank + a.length] ?? 1;
    const fromB = b[axis - rank + b.length] ?? 1;
    if (fromA !== fromB && fromA !== 1 && fromB !== 1) {
      throw new InputError(`${name}: the shapes ${formatShape(a)} and ${formatShape(b)} do not broadcast`);
    }
    return fromA === 1 ? fromB : fromA;
  });
}

/** Throws `RangeError` unless `target` broadcasts to `from`. */
export function requireReducible(name: string, from: Shape, target: Shape): void {
  const fits =
    target.length <= from.length &&
    target.every((length, k) => length === 1 || length === from[from.length - target.length + k]);
  if (!fits) {
    throw new InputError(`${name}: the shape ${formatShape(from)} does not reduce to ${formatShape(target)}`);
  }
}

/** The iteration grid of `shape`, with the strides of `target`, a shape that broadcasts to it. */
export const gridTo = (shape: Shape, target: Shape): Grid =>
  gridOf(shape, broadcastStrides(target, shape), stridesOf(shape));

/** The adjoint of broadcasting: sums over the axes that broadcasting repeats. */
const summing: Primitive<Shape> = {
  name: 'sumTo',
  form: 'linear',
  addPart: (out, [x]) => {
    let total = out[0]!;
    for (let k = 0; k < x!.length; k++) total += x![k]!;
    out[0] = total;
  },
  shape([x], target) {
    requireReducible('sumTo', x!, target);
    return target;
  },
  prepare(target, [shape]) {
    const grid = gridTo(shape!, target);
    const { n, stepA } = grid;
    return (out, [x]) => {
      out.fill(0);
      forRuns(grid, (_, o, i) => {
        if (stepA === 0) {
          let total = out[o]!;
          for (let k = 0; k < n; k++) total += x![i + k]!;
          out[o] = total;
        } else {
          for (let k = 0; k < n; k++) out[o + k]! += x![i + k]!;
        }
      });
    };
  },
  native({ size, out, inputs: [x] }, target) {
    const { blocksA, blocksB, rows, rowA, n, stepA } = gridTo(x!.shape, target);
    if (blocksA.length === 1 && rowA === 0 && stepA === 1) {
      return kernels => kernels.sumRows(out.address, x!.address, rows, n);
    }
    if (size === 8 || stepA !== 0) return undefined;
    return kernels => {
      kernels.clear!(out.address, sizeOf(target));
      for (let k = 0; k < blocksA.length; k++) {
        kernels.sumRuns!(out.address + 4 * blocksA[k]!, 4 * rowA, x!.address + 4 * blocksB[k]!, rows, n);
      }
    };
  },
  vjp: (ct, _, [x]) => broadcastTo(ct, x!.shape),
};

const repeating: Primitive<Shape> = {
  name: 'broadcastTo',
  form: 'linear',
  elementwise: true, // of a single number; otherwise the sizes differ
  shape([x], target) {
    if (!isShape(target) || !sameShape(broadcastShape('broadcastTo', x!, target), target)) {
      throw new InputError(
        `broadcastTo: the shape ${formatShape(x!)} does not broadcast to ${formatShape(target)}`,
      );
    }
    return target;
  },
  prepare(target, [shape]) {
    const strides = broadcastStrides(shape!, target);
    const grid = gridOf(target, strides, stridesOf(target));
    const { n, stepA } = grid;
    return (out, [x]) =>
      forRuns(grid, (_, a, o) => {
        for (let k = 0; k < n; k++) out[o + k] = x![a + k * stepA]!;
      });
  },
  vjp: (ct, _, [x]) => sumTo(ct, x!.shape),
};

/**
 * Repeats `x` along axes of length 1 and along new leading axes up to the given shape. Throws `RangeError` when `x`
 * does not broadcast to it.
 *
 * @example broadcastTo(tensor([1, 2]), [2, 2]).data // => [1, 2, 1, 2]
 */
export function broadcastTo(x: Tensor, shape: Shape): Tensor {
  requireTensors('broadcastTo', x);
  return sameShape(x.shape, shape) ? x : apply(repeating, [x], shape);
}
/**
 * Sums `x` to `shape`, which must broadcast to the shape of `x`: the adjoint of `broadcastTo`. Throws `RangeError` when
 * it does not.
 *
 * @example sumTo(tensor([[1, 2], [3, 4]]), [2]).data // => [4, 6]
 */
export function sumTo(x: Tensor, shape: Shape): Tensor {
  requireTensors('sumTo', x);
  return sameShape(x.shape, shape) ? x : apply(summing, [x], shape);
}

/** The primitives of this file, by name. */
export const broadcastRows = { sumTo: summing, broadcastTo: repeating } as const;
