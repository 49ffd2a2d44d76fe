/** Geometry and inner loops shared by the convolution and its two adjoints. */
import { InputError } from '../input-error.ts';
import { type Floats, formatShape, type Shape } from './tensor.ts';
import type { Site } from './wasm-kernels.ts';

/** The parameters of a convolution, and the lengths that they apply to. */
export interface ConvolutionParameters {
  readonly stride: number;
  readonly padding: number;
  readonly dilation: number;
  /** Samples of x. */
  readonly length: number;
  readonly taps: number;
}

/** The parameters with the other axes of signal, weights and output. */
export interface ConvolutionSizes extends ConvolutionParameters {
  readonly batch: number;
  readonly channels: number;
  readonly outputs: number;
  readonly positions: number;
}

/** Positions of the output; under 1 where the weights are longer than the padded signal. */
export const positionsOf = ({ length, taps, stride, padding, dilation }: ConvolutionParameters): number =>
  Math.floor((length + 2 * padding - dilation * (taps - 1) - 1) / stride) + 1;

/** Throws `RangeError` for shapes that do not fit these parameters. */
export function throwShapeMismatch(
  name: string,
  a: Shape,
  b: Shape,
  { stride, padding, dilation }: ConvolutionParameters,
): never {
  throw new InputError(
    `${name}: the shapes ${formatShape(a)} and ${formatShape(b)} do not fit (stride ${stride}, padding ${padding}, dilation ${dilation})`,
  );
}

/** The outputs `[start, end)` that read a sample inside the signal at this tap. */
function insideOf(
  { positions, stride, padding, dilation, length }: ConvolutionSizes,
  tap: number,
): [number, number] {
  const shift = tap * dilation - padding;
  const start = Math.max(0, Math.ceil(-shift / stride));
  const end = Math.min(positions, Math.floor((length - 1 - shift) / stride) + 1);
  return [start, Math.max(start, end)];
}

/**
 * Writes the im2col matrix `[channels·taps, positions]` of row b of the batch: its row (channel, tap) is that channel
 * columns by the tap, with zeros outside the signal.
 */
export function im2col(sizes: ConvolutionSizes, b: number, x: Floats, columns: Float64Array): void {
  const { channels, taps, positions, stride, dilation, padding, length } = sizes;
  columns.fill(0);
  for (let c = 0, row = 0; c < channels; c++) {
    for (let t = 0; t < taps; t++, row += positions) {
      const [start, end] = insideOf(sizes, t);
      let at = (b * channels + c) * length + start * stride + t * dilation - padding;
      for (let j = start; j < end; j++, at += stride) columns[row + j] = x[at]!;
    }
  }
}

/** The adjoint of `im2col`: adds each entry of the matrix to the sample that it was copied from. */
export function col2im(sizes: ConvolutionSizes, b: number, columns: Float64Array, x: Floats): void {
  const { channels, taps, positions, stride, dilation, padding, length } = sizes;
  for (let c = 0, row = 0; c < channels; c++) {
    for (let t = 0; t < taps; t++, row += positions) {
      const [start, end] = insideOf(sizes, t);
      let at = (b * channels + c) * length + start * stride + t * dilation - padding;
      for (let j = start; j < end; j++, at += stride) x[at]! += columns[row + j]!;
    }
  }
}

/** Multiplications of one convolution. */
export const multiplicationsOf = ({ batch, outputs, channels, taps, positions }: ConvolutionSizes): number =>
  batch * outputs * channels * taps * positions;

/** Whether the first `count` numbers are all finite. */
export function allFinite(numbers: Floats, count: number): boolean {
  for (let i = 0; i < count; i++) if (!Number.isFinite(numbers[i]!)) return false;
  return true;
}

/** Visits every product of the convolution: channel, tap, output position and the sample `at` that is read. */
export function forEachProduct(
  sizes: ConvolutionSizes,
  visit: (channel: number, tap: number, position: number, at: number) => void,
): void {
  const { channels, taps, stride, dilation, padding } = sizes;
  for (let c = 0; c < channels; c++) {
    for (let t = 0; t < taps; t++) {
      const [start, end] = insideOf(sizes, t);
      for (let j = start; j < end; j++) visit(c, t, j, j * stride + t * dilation - padding);
    }
  }
}

/** Row b of a batch whose rows hold `size` numbers. */
export const batchRow = (data: Floats, b: number, size: number): Floats =>
  data.subarray(b * size, (b + 1) * size);

/** The arguments of the kernels after the three addresses: sizes, then the scratch memory for one padded row of the batch. */
export function kernelArguments(
  sizes: ConvolutionSizes,
  size: 4 | 8,
  scratch: number,
): { numbers: number[]; end: number } {
  const { batch, channels, length, outputs, taps, positions, stride, padding, dilation } = sizes;
  const columns = 32 / size;
  const whole = Math.ceil(positions / columns) * columns;
  const paddedLength = Math.max((whole - 1) * stride + (taps - 1) * dilation + 1, padding + 1);
  const end = scratch + Math.ceil((channels * paddedLength * size) / 32) * 32;
  return {
    numbers: [
      ...[batch, channels, length, outputs, taps, positions, stride, padding, dilation],
      ...[scratch, paddedLength],
    ],
    end,
  };
}

/** Scratch memory for one padded row and `extra` bytes. The kernels pad to `paddedLength`, so that any shape fits. */
export const scratchFor = (site: Site, sizes: ConvolutionSizes, extra: number): number =>
  site.scratch(kernelArguments(sizes, site.size, 0).end + extra);
