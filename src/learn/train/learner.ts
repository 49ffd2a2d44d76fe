/**
 * A network compiled for training: a step from a batch to updated parameters allocates nothing. Batch, parameters,
 * gradients and optimiser state lie in one memory.
 */
import { add, div, mul } from '../../diff/arithmetic.ts';
import { broadcastTo } from '../../diff/broadcast.ts';
import { createProgram, type Precision } from '../../diff/compile.ts';
import { vjp } from '../../diff/grad.ts';
import { squaredPenalty } from '../../diff/loss.ts';
import { sum } from '../../diff/reduction.ts';
import { type Floats, full, type Tensor } from '../../diff/tensor.ts';
import { logits, type Network, parametersOf, withParameters } from '../model/network.ts';
import { projectToSlope } from '../model/stencil-bank.ts';
import { clipGlobalNorm } from './clipping.ts';
import { classificationLoss, type TrainingLoss } from './losses.ts';
import {
  type OptimizerConstants,
  type OptimizerName,
  type OptimizerState,
  optimizerSlots,
  optimizerStep,
  startOptimizer,
  usualConstants,
} from './optimizers.ts';

export interface LearnerOptions {
  readonly optimizer: OptimizerName;
  readonly batchSize: number;
  /** Number of inputs of the network. */
  readonly inputs: number;
  /** Outputs of the network: classes, or the numbers of a regression. */
  readonly classes: number;
  /** The loss that is minimised; by default the cross-entropy, or the focal loss with `focalGamma`. */
  readonly trainingLoss?: TrainingLoss;
  /** Weight of ½·Σw² over the weights (not the biases) in the loss. */
  readonly l2: number;
  /** Focusing exponent of the focal loss; absent for cross-entropy. */
  readonly focalGamma?: number;
  readonly clipNorm?: number;
  /** Momentum, betas, weight decay and so on, where they differ from the defaults. */
  readonly optimizerConstants?: Partial<OptimizerConstants>;
  /** Default `float64`. */
  readonly precision?: Precision;
  /** Whether WebAssembly kernels may be used. Default true. */
  readonly native?: boolean;
}

export interface Learner {
  readonly batchSize: number;
  /** The batch of the next step, to be written: rows `[batchSize, inputs]` and targets `[batchSize, …]`. */
  readonly x: Floats;
  readonly targets: Floats;
  /** The current parameters, to be read and written, in the order of `parametersOf`. */
  readonly parameters: readonly Floats[];
  /** The gradients, projected onto the constraints where stencils have unit slope. */
  readonly gradients: readonly Floats[];
  readonly state: OptimizerState;
  /** Computes loss and gradients of the batch without changing the parameters; returns the loss. */
  evaluate(): number;
  /** The sum of the weighted row losses of the batch, without the penalty, at the last `evaluate` or `step`. */
  lossSum(): number;
  /** The total weight of the rows of the batch. */
  batchWeight(): number;
  /** Takes one optimiser step on the batch; returns the loss before it. */
  step(learningRate: number): number;
  /** A copy of the network with the current parameters. */
  network(): Network;
}

/**
 * The parameters with an L2 penalty: weights but not biases (of user-defined layers, tensors with at least two axes).
 */
export const penalised = ({ custom, frontEnd, layers }: Network): Tensor[] => [
  ...Object.values(custom?.parameters ?? {}).filter(({ shape }) => shape.length > 1),
  ...[...(frontEnd?.stages ?? []), ...layers].map(({ weights }) => weights),
];

/** Creates a learner that starts from a copy of `network`. */
export function createLearner(network: Network, options: LearnerOptions): Learner {
  const { batchSize, inputs, classes, l2, optimizer } = options;
  const trainingLoss = options.trainingLoss ?? classificationLoss(classes, options.focalGamma);
  const constants = { ...usualConstants, ...options.optimizerConstants };
  const start = parametersOf(network);
  const decayed = new Set(penalised(network));
  const program = createProgram(
    (x, targets, ...parameters) => {
      const { value: losses, pullback } = vjp(
        (...moving) => trainingLoss.rows(logits(withParameters(network, moving), x!), targets!),
        ...parameters,
      );
      // The chain rule through the mean and the penalty, written out by hand: each takes one line.
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
      reserve: Array.from({ length: optimizerSlots(optimizer) }, () => start.map(p => p.data.length)).flat(),
    },
  );
  const [x, targets, ...parameters] = program.inputs.map(tensor => tensor.data);
  const [loss, lossSum, ...gradients] = program.outputs.map(tensor => tensor.data);
  const state = startOptimizer(
    optimizer,
    start.map(p => p.data.length),
    program.reserved,
  );
  // Stencils constrained to unit slope: their gradient is projected, and so are the weights after each step.
  const constrained = (network.frontEnd?.stages ?? []).flatMap(({ weights, unitSlope }) =>
    unitSlope ? [{ parameter: start.indexOf(weights), taps: weights.shape[2]! }] : [],
  );
  const evaluate = (): number => {
    program.run();
    for (const { parameter, taps } of constrained) projectToSlope(gradients[parameter]!, taps, 0);
    return loss![0]!;
  };
  return {
    batchSize,
    x: x!,
    targets: targets!,
    parameters,
    gradients,
    state,
    evaluate,
    lossSum: () => lossSum![0]!,
    batchWeight: () => trainingLoss.weightOf(targets!),
    step(learningRate) {
      const before = evaluate();
      if (options.clipNorm !== undefined) clipGlobalNorm(gradients, options.clipNorm);
      optimizerStep(state, parameters, gradients, learningRate, constants, program.kernels);
      for (const { parameter, taps } of constrained) {
        projectToSlope(parameters[parameter]!, taps, 1);
      }
      return before;
    },
    network: () =>
      withParameters(
        network,
        start.map(({ shape }, p) => ({ shape, data: Float64Array.from(parameters[p]!) })),
      ),
  };
}
