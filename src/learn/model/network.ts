/**
 * The classifier's network: layers of weights with an activation function between them. With no hidden layer it is softmax
 * (multinomial logistic) regression; with some, a multilayer perceptron; with a front, a convolutional network or one
 * that starts with difference stencils. Plain data; the forward pass is made of differentiable operations.
 */

import { add } from '../../diff/arithmetic.ts';
import { relu, tanh } from '../../diff/elementwise.ts';
import { matmul } from '../../diff/product.ts';
import { newTape, traceInput } from '../../diff/tape.ts';
import { formatShape, full, type Tensor } from '../../diff/tensor.ts';
import { InputError } from '../../input-error.ts';
import type { Random } from '../../random.ts';
import { type Front, frontOutputs, frontWidth } from './convolutional-layers.ts';

export type Activation = 'tanh' | 'relu';

/** One affine map x ↦ x·weights + bias. */
export interface Layer {
  /** `[inputs, outputs]` */
  readonly weights: Tensor;
  /** `[outputs]` */
  readonly bias: Tensor;
}

/** Layers of one's own, before all others: named parameters, and what they make of rows, by differentiable operations. */
export interface OwnLayers {
  readonly parameters: Readonly<Record<string, Tensor>>;
  /** From standardised rows `[rows, inputs]` to `[rows, features]`. */
  readonly forward: (x: Tensor, parameters: Readonly<Record<string, Tensor>>) => Tensor;
}

export interface Network {
  /** The activation function after every layer but the last. */
  readonly activation: Activation;
  /** Layers of one's own before all others. A network that has them can be trained and not written to a model file. */
  readonly own?: OwnLayers;
  /** What reads the signal before the dense layers. Absent when the rows are features already. */
  readonly front?: Front;
  readonly layers: readonly Layer[];
}

const activations: Readonly<Record<Activation, (x: Tensor) => Tensor>> = { tanh, relu };

/**
 * A network with these layer sizes (`[inputs, …hidden, outputs]`) and random weights: uniform within ±√(6/(in+out))
 * (Glorot & Bengio 2010) for tanh, ±√(6/in) (He et al. 2015) for relu; biases 0. Throws `RangeError` when there are
 * fewer than two sizes or one is not a positive whole number.
 *
 * @example
 * createNetwork([19, 32, 5], 'tanh', createRandom(1)).layers.map(({ weights }) => weights.shape) // => [[19, 32], [32, 5]]
 */
export function createNetwork(sizes: readonly number[], activation: Activation, random: Random): Network {
  if (sizes.length < 2 || sizes.some(size => !Number.isInteger(size) || size < 1)) {
    throw new InputError(
      `createNetwork: layer sizes are two or more positive whole numbers, not [${sizes.join(', ')}]`,
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
 * A network with a front over rows of `width` numbers, followed by dense layers of these sizes, the last one the
 * classes; random as `createNetwork`.
 *
 * @example
 * const front = createStencilBank({ orders: [2, 4], activation: 'none', constrained: true });
 * createFrontedNetwork(front, 100, [8, 2], 'tanh', createRandom(1)).layers.map(({ weights }) => weights.shape) // => [[192, 8], [8, 2]]
 */
export function createFrontedNetwork(
  front: Front,
  width: number,
  sizes: readonly number[],
  activation: Activation,
  random: Random,
): Network {
  return { ...createNetwork([frontWidth(front, width), ...sizes], activation, random), front };
}

/**
 * A network with layers of one's own over rows of `width` numbers, followed by dense layers of these sizes, the last one
 * the classes (or the numbers of a regression); random as `createNetwork`. Throws `RangeError` when `forward` does not
 * give rows.
 *
 * @example createOwnNetwork({ parameters: {}, forward: x => mul(x, x) }, 3, [2], 'tanh', createRandom(1)).layers.length // => 1
 */
export function createOwnNetwork(
  own: OwnLayers,
  width: number,
  sizes: readonly number[],
  activation: Activation,
  random: Random,
): Network {
  const { shape } = own.forward(traceInput(newTape(true), full([1, width], 0)), own.parameters);
  if (shape.length !== 2 || shape[0] !== 1) {
    throw new InputError(
      `createOwnNetwork: forward makes ${formatShape(shape)} of [1, ${width}], not [1, features]`,
    );
  }
  return { ...createNetwork([shape[1]!, ...sizes], activation, random), own };
}

/** Throws `RangeError` when a network has layers of one's own, which no file holds. */
export function requireFileForm(name: string, { own }: Network): void {
  if (own !== undefined) {
    throw new InputError(
      `${name}: the network has layers of your own, whose code no file holds; keep its parametersOf`,
    );
  }
}

/**
 * The parameters of a network in order: of layers of one's own, of each stage of the front, then of each layer. Themselves, not copies.
 *
 * @example parametersOf(createNetwork([3, 2], 'tanh', createRandom(1))).map(p => p.shape) // => [[3, 2], [2]]
 */
export function parametersOf({ own, front, layers }: Network): Tensor[] {
  const stages = front?.stages.flatMap(({ weights, bias }) =>
    bias === undefined ? [weights] : [weights, bias],
  );
  const first = Object.values(own?.parameters ?? {});
  return [...first, ...(stages ?? []), ...layers.flatMap(({ weights, bias }) => [weights, bias])];
}

/** A name for each of `parametersOf`, such as `layers[0].weights`. */
export function parameterNames({ own, front, layers }: Network): string[] {
  const stages = front?.stages.flatMap(({ bias }, k) =>
    (bias === undefined ? ['weights'] : ['weights', 'bias']).map(name => `front.stages[${k}].${name}`),
  );
  const first = Object.keys(own?.parameters ?? {}).map(name => `own.${name}`);
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
  const { activation, own, front } = network;
  const moved = own && {
    own: {
      ...own,
      parameters: Object.fromEntries(Object.keys(own.parameters).map(name => [name, parameters[next++]!])),
    },
  };
  const stages = network.front?.stages.map(stage => {
    const weights = parameters[next++]!;
    return stage.bias === undefined
      ? { ...stage, weights }
      : { ...stage, weights, bias: parameters[next++]! };
  });
  const layers = network.layers.map(() => ({ weights: parameters[next++]!, bias: parameters[next++]! }));
  return front === undefined || stages === undefined
    ? { activation, ...moved, layers }
    : { activation, ...moved, front: { ...front, stages }, layers };
}

/**
 * Class scores before softmax, `[rows, classes]`, of standardised features `[rows, inputs]`. Differentiable.
 *
 * @example logits(model.network, tensor([model.features.map(() => 0)])).shape // => [1, 5]
 */
export function logits(network: Network, x: Tensor): Tensor {
  return networkOutputs(network, x).layers.at(-1)!;
}

/** What a network gives on its way. */
export interface NetworkOutputs {
  /** Each stage of the front, after its activation function: `[rows, outputs, positions]`. */
  readonly stages: readonly Tensor[];
  /** Each dense layer, after its activation function; the last are the logits. */
  readonly layers: readonly Tensor[];
}

/** All that a network computes on rows. Differentiable. */
export function networkOutputs({ activation, own, front, layers }: Network, rows: Tensor): NetworkOutputs {
  const x = own === undefined ? rows : own.forward(rows, own.parameters);
  const activate = activations[activation];
  const outputs: Tensor[] = [];
  const { features, stages } = front === undefined ? { features: x, stages: [] } : frontOutputs(front, x);
  let h = features;
  layers.forEach(({ weights, bias }, k) => {
    const z = add(matmul(h, weights), bias);
    h = k === layers.length - 1 ? z : activate(z);
    outputs.push(h);
  });
  return { stages, layers: outputs };
}
