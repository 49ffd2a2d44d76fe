/**
 * Reductions over axes: sum, mean, variance, extrema and log-sum-exp, and softmax and argmax along an axis. NaN
 * propagates.
 */
import { InputError } from '../input-error.ts';
import { requireOptions, requireTensors } from './argument-checks.ts';
import { maskedMul, mul, neg, sub } from './arithmetic.ts';
import { gridTo, requireReducible, sumTo } from './broadcast.ts';
import { aroundAxis, forRuns, type Grid } from './loops.ts';
import { normaliseAxis, reshape } from './reshape.ts';
import { apply, type Primitive } from './tape.ts';
import { type Floats, formatShape, full, type Shape, sizeOf, type Tensor } from './tensor.ts';

/** Options of reductions. */
export interface ReduceOptions {
  /** The axes to reduce; negative ones count from the end. Default all. */
  readonly axis?: number | readonly number[];
  /** Whether to keep each reduced axis with length 1. Default false. */
  readonly keepDims?: boolean;
}

/** The shape with every reduced axis at length 1, and the shape without them. */
function reducedShapes(name: string, x: Tensor, options: ReduceOptions): { kept: Shape; dropped: Shape } {
  requireTensors(name, x);
  requireOptions(name, options, ['axis', 'keepDims']);
  const { shape } = x;
  const asked = options.axis ?? shape.map((_, axis) => axis);
  const axes = new Set([asked].flat().map(axis => normaliseAxis(name, axis, shape)));
  return {
    kept: shape.map((length, axis) => (axes.has(axis) ? 1 : length)),
    dropped: shape.filter((_, axis) => !axes.has(axis)),
  };
}

/** A primitive that reduces to a given shape that broadcasts to the input's. */
type Reduction = Primitive<Shape>;

function reducedTo(name: string, x: Shape, target: Shape): Shape {
  requireReducible(name, x, target);
  return target;
}

function largestTo(out: Floats, x: Floats, grid: Grid): void {
  const { n, stepA } = grid;
  out.fill(Number.NEGATIVE_INFINITY);
  forRuns(grid, (_, o, i) => {
    for (let k = 0; k < n; k++) {
      const value = x[i + k]!;
      if (value > out[o + k * stepA]! || Number.isNaN(value)) out[o + k * stepA] = value;
    }
  });
}

const reductions = {
  /** At a tie the gradient is split evenly among the maxima. */
  max: {
    name: 'max',
    shape: ([x], target) => reducedTo('max', x!, target),
    prepare(target, [shape]) {
      const grid = gridTo(shape!, target);
      return (out, [x]) => largestTo(out, x!, grid);
    },
    vjp: (ct, _, [x], y) => maskedMul(ct, maxShare(x!, y.shape)),
  },
  logSumExp: {
    name: 'logSumExp',
    shape: ([x], target) => reducedTo('logSumExp', x!, target),
    prepare(target, [shape]) {
      const grid = gridTo(shape!, target);
      const { n, stepA } = grid;
      const largest = new Float64Array(sizeOf(target));
      const sums = new Float64Array(largest.length);
      return (out, [x]) => {
        largestTo(largest, x!, grid);
        sums.fill(0);
        forRuns(grid, (_, o, i) => {
          for (let k = 0; k < n; k++) {
            const top = largest[o + k * stepA]!;
            // An element equal to the maximum counts 1 even when both are infinite.
            sums[o + k * stepA]! += x![i + k] === top ? 1 : Math.exp(x![i + k]! - top);
          }
        });
        for (let o = 0; o < sums.length; o++) out[o] = largest[o]! + Math.log(sums[o]!);
      };
    },
    vjp: (ct, _, [x], y) => maskedMul(ct, softmaxTo(x!, y.shape)),
  },
} satisfies Record<string, Reduction>;

/** The share of the maximum that each element holds: 1/(number of ties) at a maximum, else 0. Its gradient is 0. */
const sharing: Reduction = {
  name: 'maxShare',
  shape([x], target) {
    requireReducible('maxShare', x!, target);
    return x!;
  },
  prepare(shape, _, target) {
    const grid = gridTo(shape, target);
    const { n, stepA } = grid;
    const largest = new Float64Array(sizeOf(target));
    const ties = new Float64Array(largest.length);
    return (out, [x]) => {
      largestTo(largest, x!, grid);
      ties.fill(0);
      forRuns(grid, (_, o, i) => {
        for (let k = 0; k < n; k++) if (x![i + k] === largest[o + k * stepA]) ties[o + k * stepA]!++;
      });
      forRuns(grid, (_, o, i) => {
        for (let k = 0; k < n; k++) {
          out[i + k] = x![i + k] === largest[o + k * stepA] ? 1 / ties[o + k * stepA]! : 0;
        }
      });
    };
  },
  vjp: ct => full(ct.shape, 0),
};

/** e^x over its sum along the axes where `target` has length 1. */
const normalising: Reduction = {
  name: 'softmax',
  shape([x], target) {
    requireReducible('softmax', x!, target);
    return x!;
  },
  prepare(shape, _, target) {
    const grid = gridTo(shape, target);
    const { n, stepA } = grid;
    const largest = new Float64Array(sizeOf(target));
    const sums = new Float64Array(largest.length);
    return (out, [x]) => {
      largestTo(largest, x!, grid);
      sums.fill(0);
      forRuns(grid, (_, o, i) => {
        for (let k = 0; k < n; k++) {
          const top = largest[o + k * stepA]!;
          // An element equal to the largest counts 1 also when both are infinite.
          const e = x![i + k] === top ? 1 : Math.exp(x![i + k]! - top);
          out[i + k] = e;
          sums[o + k * stepA]! += e;
        }
      });
      forRuns(grid, (_, o, i) => {
        for (let k = 0; k < n; k++) out[i + k]! /= sums[o + k * stepA]!;
      });
    };
  },
  vjp: (ct, _, _inputs, y, target) => {
    const weighted = maskedMul(ct, y);
    return sub(weighted, maskedMul(y, sumTo(weighted, target)));
  },
};

function maxShare(x: Tensor, target: Shape): Tensor {
  return apply(sharing, [x], target);
}
function softmaxTo(x: Tensor, target: Shape): Tensor {
  return apply(normalising, [x], target);
}

/** The index of the maximum along an axis, which is dropped; its gradient is 0. */
const placing: Primitive<number> = {
  name: 'argmax',
  shape: ([x], axis) => x!.filter((_, k) => k !== axis),
  prepare(_, [shape], axis) {
    const { outer, length, inner } = aroundAxis(shape!, axis);
    return (out, [x]) => {
      for (let o = 0; o < outer; o++) {
        for (let i = 0; i < inner; i++) {
          const from = o * length * inner + i;
          let best = 0;
          for (let k = 1; k < length; k++) {
            const value = x![from + k * inner]!;
            const top = x![from + best * inner]!;
            if (value > top || (Number.isNaN(value) && !Number.isNaN(top))) best = k;
          }
          out[o * inner + i] = best;
        }
      }
    };
  },
  vjp: (_, _argument, [x]) => full(x!.shape, 0),
};

function reduce(row: Reduction, x: Tensor, options: ReduceOptions): Tensor {
  const { kept, dropped } = reducedShapes(row.name, x, options);
  const reduced = apply(row, [x], kept);
  return options.keepDims ? reduced : reshape(reduced, dropped);
}

/** Throws `RangeError`, naming the operation, for an empty tensor or an axis that does not exist. */
export function checkReduction(name: string, x: Tensor, options: ReduceOptions): void {
  reducedShapes(name, x, options);
  if (sizeOf(x.shape) === 0)
    throw new InputError(`${name}: the shape ${formatShape(x.shape)} holds no numbers`);
}

/**
 * The sum over axes, by default all; the axes are dropped unless `keepDims` is set. Throws `RangeError` for an axis that x
 * does not have.
 *
 * @example sum(tensor([[1, 2], [3, 4]]), { axis: 0 }).data // => [4, 6]
 */
export function sum(x: Tensor, options: ReduceOptions = {}): Tensor {
  const { kept, dropped } = reducedShapes('sum', x, options);
  const reduced = sumTo(x, kept);
  return options.keepDims ? reduced : reshape(reduced, dropped);
}
/**
 * The mean over axes. Throws `RangeError` for an empty tensor.
 *
 * @example mean(tensor([1, 2, 6])).data // => [3]
 */
export function mean(x: Tensor, options: ReduceOptions = {}): Tensor {
  checkReduction('mean', x, options);
  const total = sum(x, options);
  return mul(total, sizeOf(total.shape) / sizeOf(x.shape));
}
/**
 * The variance over axes: Σ (x − mean)² / (n − correction), with correction 0 for the population variance (default) and
 * 1 for the sample variance. Throws `RangeError` when n is not above the correction.
 *
 * @example variance(tensor([1, 3])).data // => [1]
 */
export function variance(x: Tensor, options: ReduceOptions & { readonly correction?: number } = {}): Tensor {
  const { correction = 0, ...reduce } = options;
  checkReduction('variance', x, reduce);
  const centred = sub(x, mean(x, { ...reduce, keepDims: true }));
  const squares = sum(mul(centred, centred), reduce);
  const count = sizeOf(x.shape) / sizeOf(squares.shape);
  if (!(count > correction))
    throw new InputError(`variance: ${count} numbers, less a correction of ${correction}`);
  return mul(squares, 1 / (count - correction));
}
/**
 * The maximum over axes; NaN if any element is NaN. At a tie the gradient is split evenly. Throws `RangeError` for an
 * empty tensor.
 *
 * @example max(tensor([1, 5, 2])).data // => [5]
 */
export function max(x: Tensor, options: ReduceOptions = {}): Tensor {
  checkReduction('max', x, options);
  return reduce(reductions.max, x, options);
}
/**
 * The minimum over axes; NaN if any element is NaN. At a tie the gradient is split evenly. Throws `RangeError` for an empty
 * tensor.
 *
 * @example min(tensor([1, 3, 2])).data // => [1]
 */
export function min(x: Tensor, options: ReduceOptions = {}): Tensor {
  checkReduction('min', x, options);
  return neg(max(neg(x), options));
}
/**
 * The index of the maximum along one axis (default the last): the first at a tie, or the first NaN. The gradient is 0.
 * Throws `RangeError` for an axis that x does not have, or an empty tensor.
 *
 * @example argmax(tensor([1, 5, 2])).data // => [1]
 */
export function argmax(x: Tensor, axis = -1): Tensor {
  checkReduction('argmax', x, { axis });
  return apply(placing, [x], normaliseAxis('argmax', axis, x.shape));
}
/**
 * log Σ e^x over axes, without overflow. Throws `RangeError` for an axis that x does not have, or an empty tensor.
 *
 * @example logSumExp(tensor([0])).data // => [0]
 */
export function logSumExp(x: Tensor, options: ReduceOptions = {}): Tensor {
  checkReduction('logSumExp', x, options);
  return reduce(reductions.logSumExp, x, options);
}
/**
 * Softmax e^x / Σ e^x along one axis (default the last), without overflow. Throws `RangeError` for an axis that x does not
 * have, or an empty tensor.
 *
 * @example softmax(tensor([0, 0, 0, 0])).data // => [0.25, 0.25, 0.25, 0.25]
 */
export function softmax(x: Tensor, axis = -1): Tensor {
  checkReduction('softmax', x, { axis });
  return softmaxTo(x, reducedShapes('softmax', x, { axis }).kept);
}
/**
 * Log-softmax x − log Σ e^x along one axis (default the last), without the underflow of log(softmax(x)). Throws
 * `RangeError` for an axis that x does not have, or an empty tensor.
 *
 * @example logSoftmax(tensor([0, 0])).data // => [-0.6931…, -0.6931…]
 */
export function logSoftmax(x: Tensor, axis = -1): Tensor {
  checkReduction('logSoftmax', x, { axis });
  return sub(x, logSumExp(x, { axis, keepDims: true }));
}

/** The primitives of this file, by name. */
export const reductionRows = {
  ...reductions,
  argmax: placing,
  maxShare: sharing,
  softmax: normalising,
} as const;
