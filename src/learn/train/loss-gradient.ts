/** The loss of a batch and its gradient in the parameters of a network, compiled: an evaluation allocates nothing. */
import { add, div, mul } from '../../diff/arithmetic.ts';
import { broadcastTo } from '../../diff/broadcast.ts';
import { createProgram, type Precision } from '../../diff/compile.ts';
import { vjp } from '../../diff/grad.ts';
import { squaredPenalty } from '../../diff/loss.ts';
import { sum } from '../../diff/reduction.ts';
import { type Floats, full, type Tensor } from '../../diff/tensor.ts';
import type { NativeKernels } from '../../diff/wasm-kernels.ts';
import { logits, type Network, parametersOf, withParameters } from '../model/network.ts';
import { projectToSlope } from '../model/stencil-bank.ts';
import type { TrainingLoss } from './losses.ts';

export interface LossGradientOptions {
  readonly batchSize: number;
  /** Number of inputs of the network. */
  readonly inputs: number;
  /** Outputs of the network: classes, or the numbers of a regression. */
  readonly classes: number;
  readonly trainingLoss: TrainingLoss;
  /** Weight of ½·Σw² over the weights (not the biases) in the loss. */
  readonly l2: number;
  /** Default `float64`. */
  readonly precision?: Precision;
  /** Whether WebAssembly kernels may be used. Default true. */
  readonly native?: boolean;
  /** Number of further arrays of the size of each parameter array in the same memory. */
  readonly slots?: number;
}

/** A batch, parameters and gradients in one memory. */
export interface LossGradient {
  /** The batch: rows `[batchSize, inputs]` and targets `[batchSize, …]`. */
  readonly x: Floats;
  readonly targets: Floats;
  /** In the order of `parametersOf`. */
  readonly parameters: readonly Floats[];
  /** The gradients, projected onto the constraints where stencils have unit slope. */
  readonly gradients: readonly Floats[];
  /** The further arrays, slot by slot. */
  readonly reserved: readonly Floats[];
  readonly kernels: NativeKernels | undefined;
  /** Computes loss and gradients of the batch; returns the loss. */
  evaluate(): number;
  /** The sum of the weighted row losses of the batch, without the penalty, at the last `evaluate`. */
  lossSum(): number;
}

/**
 * The parameters with an L2 penalty: weights but not biases (of user-defined layers, tensors with at least two axes).
 */
export const penalised = ({ custom, frontEnd, layers }: Network): Tensor[] => [
  ...Object.values(custom?.parameters ?? {}).filter(({ shape }) => shape.length > 1),
  ...[...(frontEnd?.stages ?? []), ...layers].map(({ weights }) => weights),
];

/** Compiles loss and gradient, with the parameters of `network` as the first. */
export function createLossGradient(network: Network, options: LossGradientOptions): LossGradient {
  const { batchSize, inputs, classes, trainingLoss, l2, slots = 0 } = options;
  const start = parametersOf(network);
  const decayed = new Set(penalised(network));
  const program = createProgram(
    (x, targets, ...parameters) => {
      const { value: losses, pullback } = vjp(
        (...moving) => trainingLoss.rows(logits(withParameters(network, moving), x!), targets!),
        ...parameters,
      );
      // The chain rule through the mean and the penalty, written out, since each takes one line.
      const perWeight = div(1, trainingLoss.totalWeight(targets!));
      const gradients = pullback(broadcastTo(perWeight, losses.shape)).map((g, p) =>
        l2 !== 0 && decayed.has(start[p]!) ? add(g, mul(parameters[p]!, l2)) : g,
      );
      const lossSum = sum(losses);
      const penalties = parameters.filter((_, p) => decayed.has(start[p]!));
      const data = mul(lossSum, perWeight);
      const loss = l2 === 0 ? data : add(data, squaredPenalty(penalties, l2));
      return [loss, lossSum, ...gradients];
    },
    [full([batchSize, inputs], 0), full([batchSize, trainingLoss.targetColumns(classes)], 1), ...start],
    {
      ...(options.precision === undefined ? {} : { precision: options.precision }),
      ...(options.native === undefined ? {} : { native: options.native }),
      reserve: Array.from({ length: slots }, () => start.map(p => p.data.length)).flat(),
    },
  );
  const [x, targets, ...parameters] = program.inputs.map(tensor => tensor.data);
  const [loss, lossSum, ...gradients] = program.outputs.map(tensor => tensor.data);
  const constrained = constrainedParameters(network);
  return {
    ...{ x: x!, targets: targets!, parameters, gradients },
    ...{ reserved: program.reserved, kernels: program.kernels },
    evaluate() {
      program.run();
      for (const { parameter, taps } of constrained) projectToSlope(gradients[parameter]!, taps, 0);
      return loss![0]!;
    },
    lossSum: () => lossSum![0]!,
  };
}

/** Stencils constrained to unit slope: their gradient is projected, and so are the weights after each step. */
export function constrainedParameters(network: Network): { parameter: number; taps: number }[] {
  const all = parametersOf(network);
  return (network.frontEnd?.stages ?? []).flatMap(({ weights, unitSlope }) =>
    unitSlope ? [{ parameter: all.indexOf(weights), taps: weights.shape[2]! }] : [],
  );
}
