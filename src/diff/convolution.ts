/**
 * One-dimensional convolution, in learning's sense (a correlation: the taps are not flipped), and its two adjoints.
 * The three are one trilinear form Σ y[b,o,j]·w[o,c,t]·x[b,c, j·stride + t·dilation − padding] read three ways, so
 * each one's vector–Jacobian products are the other two. A finite-difference stencil is such a convolution with one
 * channel and one output: its coefficients are weights like any other.
 */
import { InputError } from '../input-error.ts';
import { requireOptions, requireTensors } from './argument-checks.ts';
import { matmul as multiply } from './loops.ts';
import { apply, type Primitive } from './tape.ts';
import { type Floats, formatShape, type Shape, sizeOf, type Tensor } from './tensor.ts';
import type { Site } from './wasm-kernels.ts';

export interface ConvolutionOptions {
  /** Samples between neighbouring outputs. Default 1. */
  readonly stride?: number;
  /** Zeros put before and after the signal. Default 0. */
  readonly padding?: number;
  /** Samples between neighbouring taps. Default 1. */
  readonly dilation?: number;
}

export interface Form {
  readonly stride: number;
  readonly padding: number;
  readonly dilation: number;
  /** Samples of x. */
  readonly length: number;
  readonly taps: number;
}

interface Sizes extends Form {
  readonly batch: number;
  readonly channels: number;
  readonly outputs: number;
  readonly positions: number;
}

const positionsOf = ({ length, taps, stride, padding, dilation }: Form): number =>
  Math.floor((length + 2 * padding - dilation * (taps - 1) - 1) / stride) + 1;

function refuse(name: string, a: Shape, b: Shape, { stride, padding, dilation }: Form): never {
  throw new InputError(
    `${name}: the shapes ${formatShape(a)} and ${formatShape(b)} do not fit (stride ${stride}, padding ${padding}, dilation ${dilation})`,
  );
}

/** Which of the outputs j read inside the signal at this tap: from ≤ j < to. */
function insideOf({ positions, stride, padding, dilation, length }: Sizes, tap: number): [number, number] {
  const shift = tap * dilation - padding;
  const from = Math.max(0, Math.ceil(-shift / stride));
  const to = Math.min(positions, Math.floor((length - 1 - shift) / stride) + 1);
  return [from, Math.max(from, to)];
}

/**
 * Writes the matrix `[channels·taps, positions]` whose row (channel, tap) is the signal of sample b shifted by that tap,
 * 0 outside it.
 */
function shift(sizes: Sizes, b: number, x: Floats, shifted: Float64Array): void {
  const { channels, taps, positions, stride, dilation, padding, length } = sizes;
  shifted.fill(0);
  for (let c = 0, row = 0; c < channels; c++) {
    for (let t = 0; t < taps; t++, row += positions) {
      const [from, to] = insideOf(sizes, t);
      let at = (b * channels + c) * length + from * stride + t * dilation - padding;
      for (let j = from; j < to; j++, at += stride) shifted[row + j] = x[at]!;
    }
  }
}

/** The transpose of `shift`: adds the entries of the matrix back to where they are from. */
function unshift(sizes: Sizes, b: number, shares: Float64Array, x: Floats): void {
  const { channels, taps, positions, stride, dilation, padding, length } = sizes;
  for (let c = 0, row = 0; c < channels; c++) {
    for (let t = 0; t < taps; t++, row += positions) {
      const [from, to] = insideOf(sizes, t);
      let at = (b * channels + c) * length + from * stride + t * dilation - padding;
      for (let j = from; j < to; j++, at += stride) x[at]! += shares[row + j]!;
    }
  }
}

const workOf = ({ batch, outputs, channels, taps, positions }: Sizes): number =>
  batch * outputs * channels * taps * positions;

function allFinite(numbers: Floats, count: number): boolean {
  for (let i = 0; i < count; i++) if (!Number.isFinite(numbers[i]!)) return false;
  return true;
}

/** Every sample `at` of a channel that a tap lays at a position. */
function forShares(
  sizes: Sizes,
  visit: (channel: number, tap: number, position: number, at: number) => void,
): void {
  const { channels, taps, stride, dilation, padding } = sizes;
  for (let c = 0; c < channels; c++) {
    for (let t = 0; t < taps; t++) {
      const [from, to] = insideOf(sizes, t);
      for (let j = from; j < to; j++) visit(c, t, j, j * stride + t * dilation - padding);
    }
  }
}

const sampleOf = (data: Floats, b: number, size: number): Floats => data.subarray(b * size, (b + 1) * size);

/** What the kernels take after the three addresses: sizes, then memory for one padded sample. */
function kernelNumbers(sizes: Sizes, size: 4 | 8, scratch: number): { numbers: number[]; rest: number } {
  const { batch, channels, length, outputs, taps, positions, stride, padding, dilation } = sizes;
  const columns = 32 / size;
  const whole = Math.ceil(positions / columns) * columns;
  const paddedLength = Math.max((whole - 1) * stride + (taps - 1) * dilation + 1, padding + 1);
  const rest = scratch + Math.ceil((channels * paddedLength * size) / 32) * 32;
  return {
    numbers: [
      ...[batch, channels, length, outputs, taps, positions, stride, padding, dilation],
      ...[scratch, paddedLength],
    ],
    rest,
  };
}

// The kernels pad at the front with `padding` zeros and cut at `paddedLength`, so any shape fits.
const scratchFor = (site: Site, sizes: Sizes, extra: number): number =>
  site.scratch(kernelNumbers(sizes, site.size, 0).rest + extra);

const forwardSizes = (x: Shape, w: Shape, form: Form): Sizes => ({
  ...form,
  ...{ batch: x[0]!, channels: x[1]!, outputs: w[0]!, positions: positionsOf(form) },
});

const convolving: Primitive<Form> = {
  name: 'conv1d',
  form: 'linear',
  shape([x, w], form) {
    const fits =
      x!.length === 3 &&
      w!.length === 3 &&
      x![1] === w![1] &&
      x![2] === form.length &&
      w![2] === form.taps &&
      positionsOf(form) >= 1;
    if (!fits) refuse('conv1d', x!, w!, form);
    return [x![0]!, w![0]!, positionsOf(form)];
  },
  prepare(_, [xShape, wShape], form) {
    const sizes = forwardSizes(xShape!, wShape!, form);
    const { batch, channels, outputs, positions, taps } = sizes;
    const rows = channels * taps;
    const shifted = new Float64Array(rows * positions);
    return (out, [x, w]) => {
      for (let b = 0; b < batch; b++) {
        shift(sizes, b, x!, shifted);
        const y = sampleOf(out, b, outputs * positions);
        multiply(y, w!, rows, 1, shifted, positions, 1, outputs, rows, positions);
      }
    };
  },
  native(site, form) {
    const { out, inputs, size } = site;
    const sizes = forwardSizes(inputs[0]!.shape, inputs[1]!.shape, form);
    const at = scratchFor(site, sizes, 32 * sizes.channels * sizes.taps);
    const { numbers, rest } = kernelNumbers(sizes, size, at);
    const all = [out.address, inputs[0]!.address, inputs[1]!.address, ...numbers, rest];
    return kernels => kernels.convolve(...all);
  },
  work: ([x, w], form) => workOf(forwardSizes(x!, w!, form)),
  vjp: (ct, argument, [x, w], _, form) =>
    argument === 0 ? apply(toInput, [ct, w!], form) : apply(toWeights, [x!, ct], form),
};

const inputSizes = (y: Shape, w: Shape, form: Form): Sizes => ({
  ...form,
  ...{ batch: y[0]!, channels: w[1]!, outputs: w[0]!, positions: y[2]! },
});

const toInput: Primitive<Form> = {
  name: 'conv1dInput',
  form: 'linear',
  shape([y, w], form) {
    const fits = y!.length === 3 && w!.length === 3 && y![1] === w![0] && y![2] === positionsOf(form);
    if (!fits || w![2] !== form.taps) refuse('conv1dInput', y!, w!, form);
    return [y![0]!, w![1]!, form.length];
  },
  prepare(_, [yShape, wShape], form) {
    const sizes = inputSizes(yShape!, wShape!, form);
    const { batch, channels, outputs, positions, taps } = sizes;
    const rows = channels * taps;
    const shares = new Float64Array(rows * positions);
    return (out, [y, w]) => {
      out.fill(0);
      for (let b = 0; b < batch; b++) {
        const ct = sampleOf(y!, b, outputs * positions);
        multiply(shares, w!, 1, rows, ct, positions, 1, rows, outputs, positions);
        unshift(sizes, b, shares, out);
      }
    };
  },
  native(site, form) {
    const { out, inputs, size } = site;
    const sizes = inputSizes(inputs[0]!.shape, inputs[1]!.shape, form);
    const panelBytes = 32 * sizes.outputs;
    const at = scratchFor(site, sizes, panelBytes + 32 * sizes.channels * sizes.taps);
    const { numbers, rest } = kernelNumbers(sizes, size, at);
    const all = [out.address, inputs[0]!.address, inputs[1]!.address, ...numbers, rest, rest + panelBytes];
    return kernels => kernels.convolveInput(...all);
  },
  // Zeros of y, a cotangent, count for nothing. An invalid weight shows in every sample.
  correctZeros(_, [yShape, wShape], form) {
    const sizes = inputSizes(yShape!, wShape!, form);
    const { batch, channels, outputs, positions, taps, length } = sizes;
    return (out, [y, w]) => {
      if (allFinite(out, channels * length)) return;
      out.fill(0);
      for (let b = 0; b < batch; b++) {
        forShares(sizes, (c, t, j, at) => {
          for (let o = 0; o < outputs; o++) {
            const share = y![(b * outputs + o) * positions + j]!;
            const place = (b * channels + c) * length + at;
            if (share !== 0) out[place]! += share * w![(o * channels + c) * taps + t]!;
          }
        });
      }
    };
  },
  vjp: (ct, argument, [y, w], _, form) =>
    argument === 0 ? apply(convolving, [ct, w!], form) : apply(toWeights, [ct, y!], form),
};

const weightSizes = (x: Shape, y: Shape, form: Form): Sizes => ({
  ...form,
  ...{ batch: x[0]!, channels: x[1]!, outputs: y[1]!, positions: y[2]! },
});

const toWeights: Primitive<Form> = {
  name: 'conv1dWeights',
  form: 'linear',
  shape([x, y], form) {
    const fits = x!.length === 3 && y!.length === 3 && x![0] === y![0] && x![2] === form.length;
    if (!fits || y![2] !== positionsOf(form)) refuse('conv1dWeights', x!, y!, form);
    return [y![1]!, x![1]!, form.taps];
  },
  prepare(shape, [xShape, yShape], form) {
    const sizes = weightSizes(xShape!, yShape!, form);
    const { batch, channels, outputs, positions, taps } = sizes;
    const rows = channels * taps;
    const shifted = new Float64Array(rows * positions);
    const sums = new Float64Array(sizeOf(shape));
    return (out, [x, y]) => {
      sums.fill(0);
      for (let b = 0; b < batch; b++) {
        shift(sizes, b, x!, shifted);
        const ct = sampleOf(y!, b, outputs * positions);
        multiply(sums, ct, positions, 1, shifted, 1, positions, outputs, positions, rows, true);
      }
      out.set(sums);
    };
  },
  native(site, form) {
    const { out, inputs, size } = site;
    const sizes = weightSizes(inputs[0]!.shape, inputs[1]!.shape, form);
    const panelBytes = 32 * sizes.positions;
    const groups = Math.ceil(sizes.outputs / (32 / size));
    const at = scratchFor(site, sizes, panelBytes + 32 * groups * sizes.channels * sizes.taps);
    const { numbers, rest } = kernelNumbers(sizes, size, at);
    const all = [out.address, inputs[0]!.address, inputs[1]!.address, ...numbers, rest, rest + panelBytes];
    return kernels => kernels.convolveWeights(...all);
  },
  work: ([x, y], form) => workOf(weightSizes(x!, y!, form)),
  // Zeros of y, a cotangent, count for nothing. An invalid sample shows in the weights of every output.
  correctZeros(_, [xShape, yShape], form) {
    const sizes = weightSizes(xShape!, yShape!, form);
    const { batch, channels, outputs, positions, taps, length } = sizes;
    return (out, [x, y]) => {
      if (allFinite(out, channels * taps)) return;
      out.fill(0);
      for (let b = 0; b < batch; b++) {
        forShares(sizes, (c, t, j, at) => {
          for (let o = 0; o < outputs; o++) {
            const share = y![(b * outputs + o) * positions + j]!;
            const place = (o * channels + c) * taps + t;
            if (share !== 0) out[place]! += share * x![(b * channels + c) * length + at]!;
          }
        });
      }
    };
  },
  vjp: (ct, argument, [x, y], _, form) =>
    argument === 0 ? apply(toInput, [y!, ct], form) : apply(convolving, [x!, ct], form),
};

/**
 * Convolves signals `[batch, channels, samples]` with `weights` `[outputs, channels, taps]`:
 * y[b,o,j] = Σ_{c,t} w[o,c,t]·x[b,c, j·stride + t·dilation − padding], as `[batch, outputs, positions]`. NaN reaches
 * every output whose taps touch it. Throws `RangeError` when the shapes do not fit or leave no position.
 *
 * @example
 * conv1d(reshape(tensor([0, 1, 4, 9]), [1, 1, 4]), reshape(tensor([-1, 1]), [1, 1, 2])).data // => [1, 3, 5]
 */
export function conv1d(x: Tensor, weights: Tensor, options: ConvolutionOptions = {}): Tensor {
  requireTensors('conv1d', x, weights);
  requireOptions('conv1d', options, ['stride', 'padding', 'dilation']);
  const { stride = 1, padding = 0, dilation = 1 } = options;
  const whole = Number.isInteger(stride) && Number.isInteger(padding) && Number.isInteger(dilation);
  if (!whole || stride < 1 || padding < 0 || dilation < 1) {
    throw new InputError(
      `conv1d: stride ${stride}, padding ${padding} and dilation ${dilation} are not whole numbers of at least 1, 0 and 1`,
    );
  }
  const form = { stride, padding, dilation, length: x.shape[2] ?? 0, taps: weights.shape[2] ?? 0 };
  return apply(convolving, [x, weights], form);
}

/** The rows of this file, by name. */
export const convolutionRows = {
  conv1d: convolving,
  conv1dInput: toInput,
  conv1dWeights: toWeights,
} as const;
