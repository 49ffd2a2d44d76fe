/**
 * A network compiled for training: a step from a batch to updated parameters allocates nothing. Batch, parameters,
 * gradients and optimiser state lie in one memory. With gradient workers the batch is divided among threads.
 */
import type { Precision } from '../../diff/compile.ts';
import type { Floats } from '../../diff/tensor.ts';
import { type Network, parametersOf, withParameters } from '../model/network.ts';
import { projectToSlope } from '../model/stencil-bank.ts';
import { clipGlobalNorm } from './clipping.ts';
import { constrainedParameters, createLossGradient } from './loss-gradient.ts';
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
import { createShardedGradient, type GradientWorkers } from './sharded-gradient.ts';

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
  /** Threads that compute the gradient, each of its share of the batch; by default the calling thread does. */
  readonly workers?: GradientWorkers;
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
  /**
   * The first half of `step`: the batch is taken and may be written again. Workers compute its gradient while the
   * caller prepares the next batch.
   */
  startStep(): void;
  /** The second half: waits for the gradient, changes the parameters and returns the loss before it. */
  finishStep(learningRate: number): number;
  /** A copy of the network with the current parameters. */
  network(): Network;
}

/**
 * Creates a learner that starts from a copy of `network`. Throws `RangeError` for workers with a user-defined loss or
 * layers, whose functions cannot be sent to a thread.
 */
export function createLearner(network: Network, options: LearnerOptions): Learner {
  const { batchSize, classes, optimizer, workers } = options;
  const trainingLoss = options.trainingLoss ?? classificationLoss(classes, options.focalGamma);
  const constants = { ...usualConstants, ...options.optimizerConstants };
  const start = parametersOf(network);
  const gradient = { ...options, trainingLoss, slots: optimizerSlots(optimizer) };
  const { x, targets, parameters, gradients, reserved, kernels, begin, finish, lossSum } =
    workers === undefined
      ? inOneGo(createLossGradient(network, gradient))
      : createShardedGradient(network, gradient, workers);
  const state = startOptimizer(
    optimizer,
    start.map(p => p.data.length),
    reserved,
  );
  const constrained = constrainedParameters(network);
  const finishStep = (learningRate: number): number => {
    const before = finish();
    if (options.clipNorm !== undefined) clipGlobalNorm(gradients, options.clipNorm);
    optimizerStep(state, parameters, gradients, learningRate, constants, kernels);
    for (const { parameter, taps } of constrained) projectToSlope(parameters[parameter]!, taps, 1);
    return before;
  };
  return {
    ...{ batchSize, x, targets, parameters, gradients, state, lossSum },
    evaluate() {
      begin();
      return finish();
    },
    batchWeight: () => trainingLoss.weightOf(targets),
    step(learningRate) {
      begin();
      return finishStep(learningRate);
    },
    ...{ startStep: begin, finishStep },
    network: () =>
      withParameters(
        network,
        start.map(({ shape }, p) => ({ shape, data: Float64Array.from(parameters[p]!) })),
      ),
  };
}

/** A gradient that is computed by the calling thread, all of it when it is begun. */
function inOneGo(gradient: ReturnType<typeof createLossGradient>) {
  let loss = Number.NaN;
  return {
    ...gradient,
    begin(): void {
      loss = gradient.evaluate();
    },
    finish: () => loss,
  };
}
