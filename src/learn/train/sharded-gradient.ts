/**
 * The gradient of a minibatch divided among workers: each computes that of its rows, and the row-weighted mean of theirs
 * is the gradient of the whole (data parallelism; Zinkevich et al. 2010, Adv Neural Inf Process Syst 23:2595, for
 * synchronous steps Chen et al. 2016, arXiv:1604.00981). Where the workers run is not known here.
 */
import { createProgram } from '../../diff/compile.ts';
import type { Floats } from '../../diff/tensor.ts';
import { InputError } from '../../input-error.ts';
import { type Network, parametersOf } from '../model/network.ts';
import type { LossGradientOptions } from './loss-gradient.ts';
import type { LossDescription } from './losses.ts';

/** What a worker needs to know to compute gradients; plain data. */
export interface GradientTask extends Omit<LossGradientOptions, 'trainingLoss' | 'slots'> {
  readonly network: Network;
  readonly loss: LossDescription;
  readonly targetColumns: number;
  /** The first row of each worker's share of the batch; the last number is the batch size. */
  readonly bounds: readonly number[];
}

/** Memory that the workers share, and the messages they receive. */
export interface SharedGradient {
  /** Written before `begin`. */
  readonly x: Floats;
  readonly targets: Floats;
  readonly parameters: readonly Floats[];
  /** The share of each worker in the weight of the batch; those with 0 compute nothing. */
  readonly shares: Float64Array;
  /** Read after `finish`: of each worker its gradients, loss, and sum of row losses. */
  readonly gradients: readonly (readonly Floats[])[];
  readonly losses: Float64Array;
  readonly lossSums: Float64Array;
  /** Has the workers compute. */
  begin(): void;
  /** Waits until all workers are done. Throws when one has failed. */
  finish(): void;
}

/**
 * Worker threads that compute gradients. `startGradientWorkers` of `upstroke/node` starts them; one training at a time
 * uses them.
 */
export interface GradientWorkers {
  readonly count: number;
  /** Has the workers prepare for a task; what they were prepared for before ends. */
  prepare(task: GradientTask): SharedGradient;
}

/**
 * The bounds that divide `rows` rows among `count` workers as evenly as possible: worker k has the rows from `bounds[k]`
 * up to but not including `bounds[k + 1]`. With fewer rows than workers some have none.
 */
export const shardBounds = (rows: number, count: number): number[] =>
  Array.from({ length: count + 1 }, (_, k) => Math.floor((k * rows) / count));

/** Writes Σ shares[k]·parts[k] to `out`. Parts with the share 0 are not read. */
export function weightedMean(out: Floats, parts: readonly Floats[], shares: Float64Array): void {
  let isFirst = true;
  parts.forEach((part, k) => {
    const share = shares[k]!;
    if (share === 0) return;
    if (isFirst) for (let i = 0; i < out.length; i++) out[i] = share * part[i]!;
    else for (let i = 0; i < out.length; i++) out[i]! += share * part[i]!;
    isFirst = false;
  });
}

/** Throws `RangeError`, naming what is in the way, for a network or loss that cannot be sent to a worker. */
function describable(network: Network, { trainingLoss }: LossGradientOptions): LossDescription {
  const { description } = trainingLoss;
  if (description === undefined) {
    throw new InputError('train: a user-defined loss cannot be sent to workers; leave workers out');
  }
  if (network.custom !== undefined) {
    throw new InputError('train: user-defined layers cannot be sent to workers; leave workers out');
  }
  return description;
}

/**
 * A gradient that workers compute. The memory is that of `createLossGradient`; `begin` hands the batch to the workers, so
 * that it may be written again, and `finish` waits for them and returns the loss.
 */
export function createShardedGradient(
  network: Network,
  options: LossGradientOptions,
  workers: GradientWorkers,
) {
  const { batchSize, inputs, classes, l2, precision, native, trainingLoss, slots = 0 } = options;
  const loss = describable(network, options);
  const bounds = shardBounds(batchSize, workers.count);
  const targetColumns = trainingLoss.targetColumns(classes);
  const shared = workers.prepare({
    ...{ network, loss, batchSize, inputs, classes, l2, targetColumns, bounds },
    ...(precision === undefined ? {} : { precision }),
    ...(native === undefined ? {} : { native }),
  });
  const start = parametersOf(network);
  const lengths = start.map(({ data }) => data.length);
  // No step to compute here: memory for the optimiser's kernels.
  const memory = createProgram(() => [], start, {
    ...(precision === undefined ? {} : { precision }),
    ...(native === undefined ? {} : { native }),
    reserve: Array.from({ length: slots + 1 }, () => lengths).flat(),
  });
  const parameters = memory.inputs.map(({ data }) => data);
  const gradients = memory.reserved.slice(0, lengths.length);
  const parts = start.map((_, p) => shared.gradients.map(own => own[p]!));
  const [x, targets] = [shared.x.slice(), shared.targets.slice()];
  const { shares, losses, lossSums } = shared;
  const dot = (numbers: Float64Array): number =>
    numbers.reduce((total, value, k) => (shares[k] === 0 ? total : total + shares[k]! * value), 0);
  return {
    ...{ x, targets, parameters, gradients, kernels: memory.kernels },
    reserved: memory.reserved.slice(lengths.length),
    begin(): void {
      for (let k = 0; k < shares.length; k++) {
        const own = targets.subarray(bounds[k]! * targetColumns, bounds[k + 1]! * targetColumns);
        shares[k] = trainingLoss.weightOf(own);
      }
      const total = shares.reduce((sum, weight) => sum + weight, 0);
      // A batch without weight has no loss; the last worker, which always has rows, computes that it is NaN.
      if (total === 0) shares[shares.length - 1] = 1;
      else for (let k = 0; k < shares.length; k++) shares[k]! /= total;
      shared.x.set(x);
      shared.targets.set(targets);
      for (let p = 0; p < parameters.length; p++) shared.parameters[p]!.set(parameters[p]!);
      shared.begin();
    },
    finish(): number {
      shared.finish();
      for (let p = 0; p < gradients.length; p++) weightedMean(gradients[p]!, parts[p]!, shares);
      return dot(losses);
    },
    lossSum: () => lossSums.reduce((total, own, k) => (shares[k] === 0 ? total : total + own), 0),
  };
}
