/**
 * The convolutional front end of a model that takes samples instead of features: one-dimensional convolutions, each
 * followed by an activation function and optionally by pooling. A bank of difference stencils is such a layer. A row of
 * input holds its channels one after the other; columns beyond them (side inputs, such as RR features) bypass the
 * convolutions and are appended to what these compute.
 */

import { add } from '../../diff/arithmetic.ts';
import { concat } from '../../diff/concat.ts';
import { conv1d } from '../../diff/convolution.ts';
import { abs, relu, tanh } from '../../diff/elementwise.ts';
import { averagePool, maxPool } from '../../diff/pooling.ts';
import { max, mean } from '../../diff/reduction.ts';
import { reshape } from '../../diff/reshape.ts';
import { slice } from '../../diff/slice.ts';
import { newTape, traceInput } from '../../diff/tape.ts';
import { formatShape, full, type Tensor } from '../../diff/tensor.ts';
import { InputError } from '../../input-error.ts';
import type { Random } from '../../random.ts';

export type StageActivation = 'none' | 'relu' | 'tanh' | 'abs';

export interface Pool {
  readonly kind: 'max' | 'average';
  /** Samples of a window, and between the starts of windows. */
  readonly size: number;
}

export interface Stage {
  /** `[outputs, channels, taps]` */
  readonly weights: Tensor;
  /** `[outputs]`; absent for a bank of stencils. */
  readonly bias?: Tensor;
  readonly stride: number;
  readonly padding: number;
  readonly dilation: number;
  readonly activation: StageActivation;
  readonly pool?: Pool;
  /** Constrains each stencil to respond with 0 to a constant and with 1 to a slope of one unit per sample. */
  readonly unitSlope?: true;
}

export interface ConvolutionalFrontEnd {
  /** Channels of a row of input. */
  readonly channels: number;
  /**
   * The leading columns of a row that are convolved, channels · samples; the others are side inputs. All columns when
   * absent.
   */
  readonly inputs?: number;
  readonly stages: readonly Stage[];
  /** What is passed to the dense layers of each output channel: all positions, their mean, or their maximum. */
  readonly summary: 'all' | 'mean' | 'max';
}

const activations: Readonly<Record<StageActivation, (x: Tensor) => Tensor>> = {
  none: x => x,
  relu,
  tanh,
  abs,
};

/**
 * The features `[rows, features]` that the front end computes from rows `[rows, channels·samples + side inputs]`, the side
 * inputs last, and the output of each stage after its activation function, `[rows, outputs, positions]`. Differentiable.
 * Throws `RangeError` when the convolved columns are not a multiple of the channels, more than the row has, or too few for
 * the stages.
 */
export function frontEndOutputs(
  { channels, inputs, stages, summary }: ConvolutionalFrontEnd,
  x: Tensor,
): { readonly features: Tensor; readonly stages: readonly Tensor[] } {
  const [rows, columns] = x.shape as [number, number];
  const width = inputs ?? columns;
  if (x.shape.length !== 2 || width % channels !== 0 || width > columns) {
    throw new InputError(
      `frontEndOutputs: rows of ${channels} channels do not have the shape ${formatShape(x.shape)}${inputs === undefined ? '' : ` with ${inputs} convolved columns`}`,
    );
  }
  const convolved = width === columns ? x : slice(x, [0, 0], [rows, width]);
  let h = reshape(convolved, [rows, channels, width / channels]);
  const activated: Tensor[] = [];
  for (const { weights, bias, stride, padding, dilation, activation, pool } of stages) {
    h = conv1d(h, weights, { stride, padding, dilation });
    if (bias !== undefined) h = add(h, reshape(bias, [bias.shape[0]!, 1]));
    h = activations[activation](h);
    activated.push(h);
    if (pool !== undefined) h = (pool.kind === 'max' ? maxPool : averagePool)(h, { size: pool.size });
  }
  const summed = { mean: () => mean(h, { axis: 2 }), max: () => max(h, { axis: 2 }) };
  const summarised = summary === 'all' ? reshape(h, [rows, h.shape[1]! * h.shape[2]!]) : summed[summary]();
  const features =
    width === columns ? summarised : concat([summarised, slice(x, [0, width], [rows, columns])], 1);
  return { features, stages: activated };
}

/** The number of features for rows of `width` numbers, from shapes alone. Throws `RangeError` as `frontEndOutputs`. */
export const frontEndWidth = (frontEnd: ConvolutionalFrontEnd, width: number): number =>
  frontEndOutputs(frontEnd, traceInput(newTape(true), full([1, width], 0))).features.shape[1]!;

/** Throws `RangeError` when a stride, padding, dilation or pool size exceeds the row length, as a model file may not. */
export function checkFrontEnd({ stages }: ConvolutionalFrontEnd, width: number): void {
  stages.forEach(({ stride, padding, dilation, pool }, k) => {
    for (const [name, value] of Object.entries({ stride, padding, dilation, pool: pool?.size ?? 1 })) {
      if (value > width) {
        throw new InputError(`train: frontEnd.stages[${k}] has ${name} ${value} on rows of ${width} numbers`);
      }
    }
  });
}

/** One stage of `createConvolutions`. */
export interface StageOptions {
  readonly outputs: number;
  /** Odd, so that the padding keeps the length. */
  readonly taps: number;
  readonly stride?: number;
  readonly dilation?: number;
  readonly activation: 'relu' | 'tanh';
  readonly pool?: Pool;
}

/**
 * Convolutional stages with random weights (He et al. 2015 before relu, Glorot & Bengio 2010 before tanh, both
 * uniform), biases 0, padded so that a stride of 1 keeps the length. Throws `RangeError` when a number is not a
 * positive integer or `taps` is even.
 *
 * @example
 * const frontEnd = createConvolutions(1, [{ outputs: 8, taps: 5, activation: 'relu' }], 'mean', createRandom(1));
 * frontEnd.stages[0].weights.shape // => [8, 1, 5]
 */
export function createConvolutions(
  channels: number,
  stages: readonly StageOptions[],
  summary: ConvolutionalFrontEnd['summary'],
  random: Random,
): ConvolutionalFrontEnd {
  let from = channels;
  const made = stages.map(({ outputs, taps, stride = 1, dilation = 1, activation, pool }): Stage => {
    const numbers = { channels, outputs, taps, stride, dilation, pool: pool?.size ?? 1 };
    const wrong = Object.entries(numbers).find(([, n]) => !Number.isInteger(n) || n < 1);
    if (wrong !== undefined || taps % 2 === 0) {
      const [name, value] = wrong ?? ['taps', taps];
      throw new InputError(`createConvolutions: ${name} must be a positive integer (taps odd), not ${value}`);
    }
    const bound = Math.sqrt(6 / (taps * (activation === 'relu' ? from : from + outputs)));
    const weights = full([outputs, from, taps], 0);
    for (let i = 0; i < weights.data.length; i++) weights.data[i] = bound * (2 * random.uniform() - 1);
    from = outputs;
    const padding = (dilation * (taps - 1)) / 2;
    const stage = { weights, bias: full([outputs], 0), stride, padding, dilation, activation };
    return pool === undefined ? stage : { ...stage, pool };
  });
  return { channels, stages: made, summary };
}
