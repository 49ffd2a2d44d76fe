/** Pooling along the last axis. Windows lie within the signal; samples after the last whole window are ignored. */
import { InputError } from '../input-error.ts';
import { requireOptions, requireTensors } from './argument-checks.ts';
import { apply, type Primitive } from './tape.ts';
import { formatShape, type Shape, sameShape, sizeOf, type Tensor } from './tensor.ts';

export interface PoolingOptions {
  /** Samples of a window. */
  readonly size: number;
  /** Samples between the starts of windows. Default `size`. */
  readonly stride?: number;
}

export interface Windows {
  readonly size: number;
  readonly stride: number;
  /** Samples of the signal. */
  readonly length: number;
}

const countOf = ({ size, stride, length }: Windows): number => Math.floor((length - size) / stride) + 1;

function pooledShape(name: string, x: Shape, windows: Windows): Shape {
  if (x.at(-1) !== windows.length || windows.length < windows.size) {
    throw new InputError(
      `${name}: no window of ${windows.size} (stride ${windows.stride}) over ${windows.length} samples lies in the shape ${formatShape(x)}`,
    );
  }
  return [...x.slice(0, -1), countOf(windows)];
}

function spreadShape(name: string, y: Shape, windows: Windows): Shape {
  if (y.at(-1) !== countOf(windows)) {
    throw new InputError(`${name}: ${countOf(windows)} windows do not match the shape ${formatShape(y)}`);
  }
  return [...y.slice(0, -1), windows.length];
}

const averaging: Primitive<Windows> = {
  name: 'averagePool',
  form: 'linear',
  shape: ([x], windows) => pooledShape('averagePool', x!, windows),
  prepare(shape, _, windows) {
    const { size, stride, length } = windows;
    const count = countOf(windows);
    const rows = sizeOf(shape) / count;
    return (out, [x]) => {
      for (let row = 0; row < rows; row++) {
        for (let j = 0; j < count; j++) {
          const from = row * length + j * stride;
          let sum = 0;
          for (let k = 0; k < size; k++) sum += x![from + k]!;
          out[row * count + j] = sum / size;
        }
      }
    };
  },
  vjp: (ct, _, _inputs, _output, windows) => apply(spreading, [ct], windows),
};

/** The adjoint of average pooling: each sample receives its share of every window it lies in. */
const spreading: Primitive<Windows> = {
  name: 'averageSpread',
  form: 'linear',
  shape: ([y], windows) => spreadShape('averageSpread', y!, windows),
  prepare(_, [from], windows) {
    const { size, stride, length } = windows;
    const count = countOf(windows);
    const rows = sizeOf(from!) / count;
    return (out, [y]) => {
      out.fill(0);
      for (let row = 0; row < rows; row++) {
        for (let j = 0; j < count; j++) {
          const share = y![row * count + j]! / size;
          const at = row * length + j * stride;
          for (let k = 0; k < size; k++) out[at + k]! += share;
        }
      }
    };
  },
  vjp: (ct, _, _inputs, _output, windows) => apply(averaging, [ct], windows),
};

/** Index of the maximum of a window: the first of several, or the first NaN. */
function largestIn(x: ArrayLike<number>, from: number, size: number): number {
  let best = from;
  for (let at = from; at < from + size; at++) {
    if (x[at]! > x[best]!) best = at;
    else if (Number.isNaN(x[at]!)) return at;
  }
  return best;
}

const picking: Primitive<Windows> = {
  name: 'maxPick',
  shape([u, x], windows) {
    if (!sameShape(u!, x!)) {
      throw new InputError(`maxPick: the shapes ${formatShape(u!)} and ${formatShape(x!)} differ`);
    }
    return pooledShape('maxPick', x!, windows);
  },
  prepare(shape, _, windows) {
    const { size, stride, length } = windows;
    const count = countOf(windows);
    const rows = sizeOf(shape) / count;
    return (out, [u, x]) => {
      for (let row = 0; row < rows; row++) {
        for (let j = 0; j < count; j++) {
          out[row * count + j] = u![largestIn(x!, row * length + j * stride, size)]!;
        }
      }
    };
  },
  vjp: (ct, argument, [, x], _, windows) =>
    argument === 0 ? apply(placing, [ct, x!], windows) : zerosLike(x!),
};

/** Places each window's value at the maximum of `x` in that window: the adjoint of picking the maximum. */
const placing: Primitive<Windows> = {
  name: 'maxPlace',
  shape([y, x], windows) {
    const shape = spreadShape('maxPlace', y!, windows);
    if (!sameShape(shape, x!)) {
      throw new InputError(`maxPlace: the shapes ${formatShape(y!)} and ${formatShape(x!)} do not match`);
    }
    return shape;
  },
  prepare(shape, _, windows) {
    const { size, stride, length } = windows;
    const count = countOf(windows);
    const rows = sizeOf(shape) / length;
    return (out, [y, x]) => {
      out.fill(0);
      for (let row = 0; row < rows; row++) {
        for (let j = 0; j < count; j++) {
          out[largestIn(x!, row * length + j * stride, size)]! += y![row * count + j]!;
        }
      }
    };
  },
  native({ out, inputs: [y, x] }, windows) {
    const { size, stride, length } = windows;
    const count = countOf(windows);
    const rows = sizeOf(out.shape) / length;
    return kernels =>
      kernels.maxPlace(out.address, y!.address, x!.address, rows, length, count, size, stride);
  },
  vjp: (ct, argument, [, x], _, windows) =>
    argument === 0 ? apply(picking, [ct, x!], windows) : zerosLike(x!),
};

const zerosLike = (x: Tensor): Tensor => ({ shape: x.shape, data: new Float64Array(sizeOf(x.shape)) });

/**
 * The maximum of each window. A primitive of its own, not `maxPick` of x by x, so that its derivative with respect to x
 * is taken once.
 */
const largest: Primitive<Windows> = {
  name: 'maxPool',
  shape: ([x], windows) => pooledShape('maxPool', x!, windows),
  prepare(shape, _, windows) {
    const { size, stride, length } = windows;
    const count = countOf(windows);
    const rows = sizeOf(shape) / count;
    return (out, [x]) => {
      for (let row = 0; row < rows; row++) {
        for (let j = 0; j < count; j++) {
          out[row * count + j] = x![largestIn(x!, row * length + j * stride, size)]!;
        }
      }
    };
  },
  native({ out, inputs: [x] }, windows) {
    const { size, stride, length } = windows;
    const count = countOf(windows);
    const rows = sizeOf(out.shape) / count;
    return kernels => kernels.maxPool(out.address, x!.address, rows, length, count, size, stride);
  },
  vjp: (ct, _, [x], _output, windows) => apply(placing, [ct, x!], windows),
};

function windowsOf(name: string, x: Tensor, options: PoolingOptions): Windows {
  requireTensors(name, x);
  requireOptions(name, options, ['size', 'stride']);
  const { size, stride = size } = options;
  if (!Number.isInteger(size) || !Number.isInteger(stride) || size < 1 || stride < 1) {
    throw new InputError(`${name}: size ${size} and stride ${stride} must be integers of at least 1`);
  }
  return { size, stride, length: x.shape.at(-1) ?? 0 };
}

/**
 * The mean of each window along the last axis. Throws `RangeError` when no window fits.
 *
 * @example averagePool(tensor([1, 3, 5, 7]), { size: 2, stride: 2 }).data // => [2, 6]
 */
export const averagePool = (x: Tensor, options: PoolingOptions): Tensor =>
  apply(averaging, [x], windowsOf('averagePool', x, options));

/**
 * The maximum of each window along the last axis; NaN if any sample is NaN. At a tie the gradient goes to the first
 * maximum. Throws `RangeError` when no window fits.
 *
 * @example maxPool(tensor([1, 3, 5, 7]), { size: 2, stride: 2 }).data // => [3, 7]
 */
export const maxPool = (x: Tensor, options: PoolingOptions): Tensor =>
  apply(largest, [x], windowsOf('maxPool', x, options));

/** The primitives of this file, by name. */
export const poolingRows = {
  averagePool: averaging,
  averageSpread: spreading,
  maxPool: largest,
  maxPick: picking,
  maxPlace: placing,
} as const;
