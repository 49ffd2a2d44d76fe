/**
 * The classifier's network: layers of weights with an activation function between them. With no hidden layer it is softmax
 * (multinomial logistic) regression; with some, a multilayer perceptron; with a convolutional front end, a convolutional network
 * or one whose first layer is a bank of difference stencils. Plain data; the forward pass is differentiable.
 */

import { add } from '../../diff/arithmetic.ts';
import { relu, tanh } from '../../diff/elementwise.ts';
import { matmul } from '../../diff/product.ts';
import { newTape, traceInput } from '../../diff/tape.ts';
import { formatShape, full, type Tensor } from '../../diff/tensor.ts';
import { InputError } from '../../input-error.ts';
import type { Random } from '../../random.ts';
import { type ConvolutionalFrontEnd, frontEndOutputs, frontEndWidth } from './convolutional-layers.ts';

export type Activation = 'tanh' | 'relu';

/** One affine map x ↦ x·weights + bias. */
export interface Layer {
  /** `[inputs, outputs]` */
  readonly weights: Tensor;
  /** `[outputs]` */
  readonly bias: Tensor;
}

/** User-defined layers before all others: named parameters and a differentiable forward pass. */
export interface CustomLayers {
  readonly parameters: Readonly<Record<string, Tensor>>;
  /** Maps standardised rows `[rows, inputs]` to `[rows, features]` by differentiable operations. */
  readonly forward: (x: Tensor, parameters: Readonly<Record<string, Tensor>>) => Tensor;
}

export interface Network {
  /** The activation function after every layer but the last. */
  readonly activation: Activation;
  /** User-defined layers before all others. A network with such layers can be trained, but not written to a model file. */
  readonly custom?: CustomLayers;
  /** Convolutional layers before the dense ones, for rows of samples; absent for rows of features. */
  readonly frontEnd?: ConvolutionalFrontEnd;
  readonly layers: readonly Layer[];
}

const activations: Readonly<Record<Activation, (x: Tensor) => Tensor>> = { tanh, relu };

/**
 * A network with these layer sizes (`[inputs, …hidden, outputs]`) and random weights: uniform within ±√(6/(in+out))
 * (Glorot & Bengio 2010) for tanh, ±√(6/in) (He et al. 2015) for relu; biases 0. Throws `RangeError` when there are
 * fewer than two sizes or one is not a positive integer.
 *
 * @example
 * createNetwork([19, 32, 5], 'tanh', createRandom(1)).layers.map(({ weights }) => weights.shape) // => [[19, 32], [32, 5]]
 */
export function createNetwork(sizes: readonly number[], activation: Activation, random: Random): Network {
  if (sizes.length < 2 || sizes.some(size => !Number.isInteger(size) || size < 1)) {
    throw new InputError(
      `createNetwork: layer sizes must be two or more positive integers, not [${sizes.join(', ')}]`,
    );
  }
  const layers = sizes.slice(1).map((outputs, k) => {
    const inputs = sizes[k]!;
    const bound = Math.sqrt(6 / (activation === 'relu' ? inputs : inputs + outputs));
    const weights = full([inputs, outputs], 0);
    for (let i = 0; i < weights.data.length; i++) weights.data[i] = bound * (2 * random.uniform() - 1);
    return { weights, bias: full([outputs], 0) };
  });
  return { activation, layers };
}

/**
 * A network with a convolutional front end for rows of `width` samples, followed by dense layers of these sizes, the last
 * of which is the number of classes; the weights are initialised as by `createNetwork`.
 *
 * @example
 * const frontEnd = createStencilBank({ orders: [2, 4], activation: 'none', constrained: true });
 * createConvolutionalNetwork(frontEnd, 100, [8, 2], 'tanh', createRandom(1)).layers.map(({ weights }) => weights.shape) // => [[192, 8], [8, 2]]
 */
export function createConvolutionalNetwork(
  frontEnd: ConvolutionalFrontEnd,
  width: number,
  sizes: readonly number[],
  activation: Activation,
  random: Random,
): Network {
  return { ...createNetwork([frontEndWidth(frontEnd, width), ...sizes], activation, random), frontEnd };
}

/**
 * A network with user-defined layers for rows of `width` numbers, followed by dense layers of these sizes, the last of
 * which is the number of classes (or of regression outputs); the weights are initialised as by `createNetwork`. Throws
 * `RangeError` when `forward` does not return one row of features for each row.
 *
 * @example createCustomNetwork({ parameters: {}, forward: x => mul(x, x) }, 3, [2], 'tanh', createRandom(1)).layers.length // => 1
 */
export function createCustomNetwork(
  custom: CustomLayers,
  width: number,
  sizes: readonly number[],
  activation: Activation,
  random: Random,
): Network {
  const { shape } = custom.forward(traceInput(newTape(true), full([1, width], 0)), custom.parameters);
  if (shape.length !== 2 || shape[0] !== 1) {
    throw new InputError(
      `createCustomNetwork: forward maps [1, ${width}] to ${formatShape(shape)}, not to [1, features]`,
    );
  }
  return { ...createNetwork([shape[1]!, ...sizes], activation, random), custom };
}

/** Throws `RangeError` when a network has user-defined layers, whose code cannot be written to a file. */
export function requireSerializable(name: string, { custom }: Network): void {
  if (custom !== undefined) {
    throw new InputError(
      `${name}: the network has user-defined layers, whose code cannot be written to a file; keep its parametersOf`,
    );
  }
}

/**
 * The parameters of a network, not copied, in order: of the user-defined layers, of each stage of the front end, then of each
 * dense layer.
 *
 * @example parametersOf(createNetwork([3, 2], 'tanh', createRandom(1))).map(p => p.shape) // => [[3, 2], [2]]
 */
export function parametersOf({ custom, frontEnd, layers }: Network): Tensor[] {
  const stages = frontEnd?.stages.flatMap(({ weights, bias }) =>
    bias === undefined ? [weights] : [weights, bias],
  );
  const first = Object.values(custom?.parameters ?? {});
  return [...first, ...(stages ?? []), ...layers.flatMap(({ weights, bias }) => [weights, bias])];
}

/** The names of `parametersOf`, such as `layers[0].weights`. */
export function parameterNames({ custom, frontEnd, layers }: Network): string[] {
  const stages = frontEnd?.stages.flatMap(({ bias }, k) =>
    (bias === undefined ? ['weights'] : ['weights', 'bias']).map(name => `frontEnd.stages[${k}].${name}`),
  );
  const first = Object.keys(custom?.parameters ?? {}).map(name => `custom.${name}`);
  return [
    ...first,
    ...(stages ?? []),
    ...layers.flatMap((_, k) => [`layers[${k}].weights`, `layers[${k}].bias`]),
  ];
}

/**
 * The same network with other parameters, in the order of `parametersOf`.
 *
 * @example withParameters(model.network, parametersOf(model.network)).activation // => 'tanh'
 */
export function withParameters(network: Network, parameters: readonly Tensor[]): Network {
  let next = 0;
  const { activation, custom, frontEnd } = network;
  const moved = custom && {
    custom: {
      ...custom,
      parameters: Object.fromEntries(Object.keys(custom.parameters).map(name => [name, parameters[next++]!])),
    },
  };
  const stages = network.frontEnd?.stages.map(stage => {
    const weights = parameters[next++]!;
    return stage.bias === undefined
      ? { ...stage, weights }
      : { ...stage, weights, bias: parameters[next++]! };
  });
  const layers = network.layers.map(() => ({ weights: parameters[next++]!, bias: parameters[next++]! }));
  return frontEnd === undefined || stages === undefined
    ? { activation, ...moved, layers }
    : { activation, ...moved, frontEnd: { ...frontEnd, stages }, layers };
}

/**
 * Class scores before softmax, `[rows, classes]`, of standardised features `[rows, inputs]`. Differentiable.
 *
 * @example logits(model.network, tensor([model.features.map(() => 0)])).shape // => [1, 5]
 */
export function logits(network: Network, x: Tensor): Tensor {
  return networkOutputs(network, x).layers.at(-1)!;
}

/** The outputs of the layers of a network. */
export interface NetworkOutputs {
  /** Each stage of the front end after its activation function: `[rows, outputs, positions]`. */
  readonly stages: readonly Tensor[];
  /** Each dense layer after its activation function; the last are the logits. */
  readonly layers: readonly Tensor[];
}

/** The forward pass of a network on rows `[rows, inputs]`, with the output of every layer. Differentiable. */
export function networkOutputs(
  { activation, custom, frontEnd, layers }: Network,
  rows: Tensor,
): NetworkOutputs {
  const x = custom === undefined ? rows : custom.forward(rows, custom.parameters);
  const activate = activations[activation];
  const outputs: Tensor[] = [];
  const { features, stages } =
    frontEnd === undefined ? { features: x, stages: [] } : frontEndOutputs(frontEnd, x);
  let h = features;
  layers.forEach(({ weights, bias }, k) => {
    const z = add(matmul(h, weights), bias);
    h = k === layers.length - 1 ? z : activate(z);
    outputs.push(h);
  });
  return { stages, layers: outputs };
}
