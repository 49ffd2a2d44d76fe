/**
 * The classifier's network: layers of weights with a bend between them. With no hidden layer it is softmax
 * (multinomial logistic) regression; with some, a multilayer perceptron. Plain data; the forward pass is made of
 * differentiable operations.
 */
import { add, relu, tanh } from '../diff/arithmetic.ts';
import { matmul } from '../diff/product.ts';
import { full, type Tensor } from '../diff/tensor.ts';
import type { Random } from '../random.ts';

export type Activation = 'tanh' | 'relu';

/** One affine map x ↦ x·weights + bias. */
export interface Layer {
  /** `[inputs, outputs]` */
  readonly weights: Tensor;
  /** `[outputs]` */
  readonly bias: Tensor;
}

export interface Network {
  /** The bend after every layer but the last. */
  readonly activation: Activation;
  readonly layers: readonly Layer[];
}

const activations: Readonly<Record<Activation, (x: Tensor) => Tensor>> = { tanh, relu };

/**
 * A network with these layer sizes (`[inputs, …hidden, outputs]`) and random weights: uniform within ±√(6/(in+out))
 * (Glorot & Bengio 2010) for tanh, ±√(6/in) (He et al. 2015) for relu; biases 0. Throws `RangeError` when there are
 * fewer than two sizes or one is not a positive whole number.
 */
export function createNetwork(sizes: readonly number[], activation: Activation, random: Random): Network {
  if (sizes.length < 2 || sizes.some(size => !Number.isInteger(size) || size < 1)) {
    throw new RangeError(
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

/** The parameters of a network in order: weights and bias of each layer. The tensors themselves, not copies. */
export function parametersOf(network: Network): Tensor[] {
  return network.layers.flatMap(({ weights, bias }) => [weights, bias]);
}

/** The same network with other parameters, in the order of `parametersOf`. */
export function withParameters(network: Network, parameters: readonly Tensor[]): Network {
  const layers = network.layers.map((_, k) => ({
    weights: parameters[2 * k]!,
    bias: parameters[2 * k + 1]!,
  }));
  return { activation: network.activation, layers };
}

/** Class scores before softmax, `[rows, classes]`, of standardised features `[rows, inputs]`. Differentiable. */
export function logits(network: Network, x: Tensor): Tensor {
  const bend = activations[network.activation];
  return network.layers.reduce((h, { weights, bias }, k) => {
    const z = add(matmul(h, weights), bias);
    return k === network.layers.length - 1 ? z : bend(z);
  }, x);
}
