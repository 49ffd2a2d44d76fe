/**
 * One-dimensional convolution, as machine learning defines it (a cross-correlation: the taps are not reversed), and its two adjoints.
 * All three are derivatives of one trilinear form, Σ y[b,o,j]·w[o,c,t]·x[b,c, j·stride + t·dilation − padding], so
 * the vector–Jacobian products of each are the other two. A finite-difference stencil is such a convolution with one
 * channel and one output: its coefficients are weights like any other.
 */
import { InputError } from '../input-error.ts';
import { requireOptions, requireTensors } from './argument-checks.ts';
import {
  allFinite,
  batchRow,
  type ConvolutionParameters,
  type ConvolutionSizes,
  col2im,
  forEachProduct,
  im2col,
  kernelArguments,
  multiplicationsOf,
  positionsOf,
  scratchFor,
  throwShapeMismatch,
} from './convolution-loops.ts';
import { matmul as multiply } from './loops.ts';
import { apply, type Primitive } from './tape.ts';
import { type Shape, sizeOf, type Tensor } from './tensor.ts';

export interface ConvolutionOptions {
  /** Samples between neighbouring outputs. Default 1. */
  readonly stride?: number;
  /** Zeros put before and after the signal. Default 0. */
  readonly padding?: number;
  /** Samples between neighbouring taps. Default 1. */
  readonly dilation?: number;
}

const forwardSizes = (x: Shape, w: Shape, form: ConvolutionParameters): ConvolutionSizes => ({
  ...form,
  ...{ batch: x[0]!, channels: x[1]!, outputs: w[0]!, positions: positionsOf(form) },
});

const convolving: Primitive<ConvolutionParameters> = {
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
    if (!fits) throwShapeMismatch('conv1d', x!, w!, form);
    return [x![0]!, w![0]!, positionsOf(form)];
  },
  prepare(_, [xShape, wShape], form) {
    const sizes = forwardSizes(xShape!, wShape!, form);
    const { batch, channels, outputs, positions, taps } = sizes;
    const rows = channels * taps;
    const columns = new Float64Array(rows * positions);
    return (out, [x, w]) => {
      for (let b = 0; b < batch; b++) {
        im2col(sizes, b, x!, columns);
        const y = batchRow(out, b, outputs * positions);
        multiply(y, w!, rows, 1, columns, positions, 1, outputs, rows, positions);
      }
    };
  },
  native(site, form) {
    const { out, inputs, size } = site;
    const sizes = forwardSizes(inputs[0]!.shape, inputs[1]!.shape, form);
    const at = scratchFor(site, sizes, 32 * sizes.channels * sizes.taps);
    const { numbers, end } = kernelArguments(sizes, size, at);
    const all = [out.address, inputs[0]!.address, inputs[1]!.address, ...numbers, end];
    return kernels => kernels.convolve(...all);
  },
  work: ([x, w], form) => multiplicationsOf(forwardSizes(x!, w!, form)),
  vjp: (ct, argument, [x, w], _, form) =>
    argument === 0 ? apply(toInput, [ct, w!], form) : apply(toWeights, [x!, ct], form),
};

const inputSizes = (y: Shape, w: Shape, form: ConvolutionParameters): ConvolutionSizes => ({
  ...form,
  ...{ batch: y[0]!, channels: w[1]!, outputs: w[0]!, positions: y[2]! },
});

const toInput: Primitive<ConvolutionParameters> = {
  name: 'conv1dInput',
  form: 'linear',
  shape([y, w], form) {
    const fits = y!.length === 3 && w!.length === 3 && y![1] === w![0] && y![2] === positionsOf(form);
    if (!fits || w![2] !== form.taps) throwShapeMismatch('conv1dInput', y!, w!, form);
    return [y![0]!, w![1]!, form.length];
  },
  prepare(_, [yShape, wShape], form) {
    const sizes = inputSizes(yShape!, wShape!, form);
    const { batch, channels, outputs, positions, taps } = sizes;
    const rows = channels * taps;
    const columns = new Float64Array(rows * positions);
    return (out, [y, w]) => {
      out.fill(0);
      for (let b = 0; b < batch; b++) {
        const ct = batchRow(y!, b, outputs * positions);
        multiply(columns, w!, 1, rows, ct, positions, 1, rows, outputs, positions);
        col2im(sizes, b, columns, out);
      }
    };
  },
  native(site, form) {
    const { out, inputs, size } = site;
    const sizes = inputSizes(inputs[0]!.shape, inputs[1]!.shape, form);
    const panelBytes = 32 * sizes.outputs;
    const at = scratchFor(site, sizes, panelBytes + 32 * sizes.channels * sizes.taps);
    const { numbers, end } = kernelArguments(sizes, size, at);
    const all = [out.address, inputs[0]!.address, inputs[1]!.address, ...numbers, end, end + panelBytes];
    return kernels => kernels.convolveInput(...all);
  },
  // A zero of y, a cotangent, contributes nothing; an invalid weight would show in every sample.
  correctZeros(_, [yShape, wShape], form) {
    const sizes = inputSizes(yShape!, wShape!, form);
    const { batch, channels, outputs, positions, taps, length } = sizes;
    return (out, [y, w]) => {
      if (allFinite(out, channels * length)) return;
      out.fill(0);
      for (let b = 0; b < batch; b++) {
        forEachProduct(sizes, (c, t, j, at) => {
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

const weightSizes = (x: Shape, y: Shape, form: ConvolutionParameters): ConvolutionSizes => ({
  ...form,
  ...{ batch: x[0]!, channels: x[1]!, outputs: y[1]!, positions: y[2]! },
});

const toWeights: Primitive<ConvolutionParameters> = {
  name: 'conv1dWeights',
  form: 'linear',
  shape([x, y], form) {
    const fits = x!.length === 3 && y!.length === 3 && x![0] === y![0] && x![2] === form.length;
    if (!fits || y![2] !== positionsOf(form)) throwShapeMismatch('conv1dWeights', x!, y!, form);
    return [y![1]!, x![1]!, form.taps];
  },
  prepare(shape, [xShape, yShape], form) {
    const sizes = weightSizes(xShape!, yShape!, form);
    const { batch, channels, outputs, positions, taps } = sizes;
    const rows = channels * taps;
    const columns = new Float64Array(rows * positions);
    const sums = new Float64Array(sizeOf(shape));
    return (out, [x, y]) => {
      sums.fill(0);
      for (let b = 0; b < batch; b++) {
        im2col(sizes, b, x!, columns);
        const ct = batchRow(y!, b, outputs * positions);
        multiply(sums, ct, positions, 1, columns, 1, positions, outputs, positions, rows, true);
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
    const { numbers, end } = kernelArguments(sizes, size, at);
    const all = [out.address, inputs[0]!.address, inputs[1]!.address, ...numbers, end, end + panelBytes];
    return kernels => kernels.convolveWeights(...all);
  },
  work: ([x, y], form) => multiplicationsOf(weightSizes(x!, y!, form)),
  // A zero of y, a cotangent, contributes nothing; an invalid sample would show in the weights of every output.
  correctZeros(_, [xShape, yShape], form) {
    const sizes = weightSizes(xShape!, yShape!, form);
    const { batch, channels, outputs, positions, taps, length } = sizes;
    return (out, [x, y]) => {
      if (allFinite(out, channels * taps)) return;
      out.fill(0);
      for (let b = 0; b < batch; b++) {
        forEachProduct(sizes, (c, t, j, at) => {
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
 * y[b,o,j] = Σ_{c,t} w[o,c,t]·x[b,c, j·stride + t·dilation − padding], as `[batch, outputs, positions]`. An
 * output is NaN when any sample under its taps is. Throws `RangeError` when the shapes do not match or the output
 * would be empty.
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
      `conv1d: stride ${stride}, padding ${padding} and dilation ${dilation} must be integers of at least 1, 0 and 1`,
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
