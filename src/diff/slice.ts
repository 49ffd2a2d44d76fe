/** `slice` takes a block out of a tensor, `pad` puts a tensor inside a larger one; with zeros each is the other's adjoint. */
import { InputError } from '../input-error.ts';
import { requireTensors } from './argument-checks.ts';
import { forRuns, gridOf, stridesOf } from './loops.ts';
import { apply, type Primitive } from './tape.ts';
import { formatShape, full, isShape, type Shape, sameShape, type Tensor } from './tensor.ts';
import { where } from './where.ts';

export interface Block {
  readonly begin: readonly number[];
  /** The shape of the tensor that contains the block. */
  readonly whole: Shape;
  readonly block: Shape;
}

function requireShape(name: string, x: Shape, expected: Shape): void {
  if (!sameShape(x, expected)) {
    throw new InputError(`${name}: the shape ${formatShape(x)} is not ${formatShape(expected)}`);
  }
}

const offsetOf = ({ begin, whole }: Block): number => {
  const strides = stridesOf(whole);
  return begin.reduce((offset, b, axis) => offset + b * strides[axis]!, 0);
};

const cutting: Primitive<Block> = {
  name: 'slice',
  form: 'linear',
  shape([x], { whole, block }) {
    requireShape('slice', x!, whole);
    return block;
  },
  prepare(shape, _, params) {
    const offset = offsetOf(params);
    const grid = gridOf(shape, stridesOf(params.whole), stridesOf(shape));
    const { n, stepA } = grid;
    return (out, [x]) =>
      forRuns(grid, (_, a, o) => {
        for (let k = 0; k < n; k++) out[o + k] = x![offset + a + k * stepA]!;
      });
  },
  vjp: (ct, _, _inputs, _output, params) => apply(padding, [ct], params),
};

const padding: Primitive<Block> = {
  name: 'pad',
  form: 'linear',
  shape([x], { whole, block }) {
    requireShape('pad', x!, block);
    return whole;
  },
  prepare(_, [block], params) {
    const offset = offsetOf(params);
    const grid = gridOf(block!, stridesOf(params.whole), stridesOf(block!));
    const { n, stepA } = grid;
    return (out, [x]) => {
      out.fill(0);
      forRuns(grid, (_, a, i) => {
        for (let k = 0; k < n; k++) out[offset + a + k * stepA] = x![i + k]!;
      });
    };
  },
  vjp: (ct, _, _inputs, _output, params) => apply(cutting, [ct], params),
};

/**
 * The block from `begin` up to, but not including, `end` along each axis. Throws `RangeError` when it exceeds the
 * tensor.
 *
 * @example slice(tensor([1, 2, 3, 4]), [1], [3]).data // => [2, 3]
 */
export function slice(x: Tensor, begin: readonly number[], end: readonly number[]): Tensor {
  requireTensors('slice', x);
  const { shape } = x;
  const fits = shape.every((length, k) => begin[k]! <= end[k]! && end[k]! <= length);
  if (
    !isShape(begin) ||
    !isShape(end) ||
    begin.length !== shape.length ||
    end.length !== shape.length ||
    !fits
  ) {
    throw new InputError(
      `slice: [${begin.join(', ')}] to [${end.join(', ')}] does not lie in ${formatShape(shape)}`,
    );
  }
  return apply(cutting, [x], { begin, whole: shape, block: end.map((e, k) => e - begin[k]!) });
}

/**
 * Pads x with `value` (default 0) along each axis by the given widths, `[before, after]` for each axis. Throws
 * `RangeError` when `widths` is not one such pair per axis.
 *
 * @example pad(tensor([1, 2]), [[1, 0]]).data // => [0, 1, 2]
 */
export function pad(x: Tensor, widths: readonly (readonly [number, number])[], value = 0): Tensor {
  requireTensors('pad', x);
  const { shape } = x;
  if (widths.length !== shape.length || !widths.every(pair => pair.length === 2 && isShape(pair))) {
    throw new InputError(
      `pad: the shape ${formatShape(shape)} needs a pair of non-negative integers per axis, not ${JSON.stringify(widths)}`,
    );
  }
  const whole = shape.map((length, k) => widths[k]![0] + length + widths[k]![1]);
  const params = { begin: widths.map(([before]) => before), whole, block: shape };
  const padded = apply(padding, [x], params);
  if (value === 0) return padded;
  const inside = apply(padding, [full(shape, 1)], params);
  return where(inside, padded, value);
}

/** The primitives of this file, by name. */
export const sliceRows = { slice: cutting, pad: padding } as const;
