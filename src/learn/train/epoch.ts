/** One epoch of training: seeded minibatches for stochastic optimisers, one full-batch iteration for L-BFGS. */
import type { Floats } from '../../diff/tensor.ts';
import { createRandom, type Random } from '../../random.ts';
import { ModelError } from '../model/json-validation.ts';
import { type LbfgsState, lbfgsStep, startLbfgs } from './lbfgs.ts';
import type { Learner } from './learner.ts';
import { type Schedule, scheduleFactor } from './schedules.ts';
import type { CompleteTrainOptions } from './train-options.ts';
import { fillBatch, type Rows } from './training-rows.ts';

/** Fisher–Yates shuffle in place. */
function shuffle(order: Int32Array, random: Random): void {
  for (let i = order.length - 1; i > 0; i--) {
    const j = Math.floor(random.uniform() * (i + 1));
    const kept = order[i]!;
    order[i] = order[j]!;
    order[j] = kept;
  }
}

/** Runs the epochs of an optimiser, and gives the part of its state that a checkpoint stores. */
export interface EpochRunner<Loss> {
  epoch(epoch: number): Loss;
  /** Whether the optimiser has converged. */
  readonly done: boolean;
  steps(): number;
  slots(): Float64Array[][];
  restore(steps: number, slots: readonly (readonly Float64Array[])[]): void;
}

/** The state of a stochastic optimiser, as a checkpoint stores it. */
export const stateOf = (learner: Learner): Omit<EpochRunner<unknown>, 'epoch'> => ({
  done: false,
  steps: () => learner.state.steps,
  slots: () => learner.state.slots.map(slot => slot.map(array => Float64Array.from(array))),
  restore(steps, slots) {
    learner.state.steps = steps;
    copyAll('slots', learner.state.slots.flat(), slots.flat());
  },
});

/**
 * The steps of one epoch, with the learning rate of the schedule and the input noise of the options, and their mean
 * loss.
 */
export function epochSteps(learner: Learner, options: CompleteTrainOptions, epoch: number) {
  const { learningRate, epochs, inputNoise, cosineDecay } = options;
  const schedule: Schedule = options.schedule ?? { kind: cosineDecay ? 'cosine' : 'constant' };
  // A random stream per epoch, so that a resumed training draws the same numbers.
  const noise = createRandom(options.seed, epoch);
  let total = 0;
  let weight = 0;
  let started: { readonly weight: number; readonly rate: number } | undefined;
  const finish = (): void => {
    if (started !== undefined) total += started.weight * learner.finishStep(started.rate);
    weight += started?.weight ?? 0;
    started = undefined;
  };
  return {
    /**
     * Starts a step on the learner's batch when the given fraction of the epoch is done, and finishes the one before it,
     * which workers computed while this batch was prepared.
     */
    step(share: number): void {
      if (inputNoise) noise.addNormal(learner.x, inputNoise);
      finish();
      const at = epoch - 1 + (cosineDecay ? 0 : share);
      const rate = learningRate * scheduleFactor(schedule, at, epochs);
      learner.startStep();
      started = { weight: learner.batchWeight(), rate };
    },
    /** Finishes the last step; the mean loss. */
    loss(): number {
      finish();
      return total / weight;
    },
  };
}

/** Minibatches in a random order, determined by the seed and drawn anew each epoch. */
export function minibatches(
  learner: Learner,
  rows: Rows,
  options: CompleteTrainOptions,
  random: Random,
): EpochRunner<number> {
  const order = Int32Array.from({ length: rows.count }, (_, row) => row);
  const batches = Math.ceil(rows.count / learner.batchSize);
  let shuffled = 0;
  return {
    ...stateOf(learner),
    epoch(epoch) {
      // The order of an epoch is that of the previous one, shuffled; a resumed training repeats the earlier shuffles.
      for (; shuffled < epoch; shuffled++) shuffle(order, random);
      const steps = epochSteps(learner, options, epoch);
      for (let k = 0; k < batches; k++) {
        fillBatch(learner, rows, order, k * learner.batchSize);
        steps.step(k / batches);
      }
      return steps.loss();
    },
  };
}

/** One L-BFGS iteration per epoch; the learner's batch holds all rows. */
export function fullBatch(learner: Learner, rows: Rows): EpochRunner<number> {
  fillBatch(
    learner,
    rows,
    Int32Array.from({ length: rows.count }, (_, row) => row),
    0,
  );
  const join = (parts: readonly Floats[]): Float64Array =>
    Float64Array.from(parts.flatMap(part => [...part]));
  const split = (whole: Float64Array): void => {
    let from = 0;
    for (const p of learner.parameters) {
      p.set(whole.subarray(from, from + p.length));
      from += p.length;
    }
  };
  const objective = (w: Float64Array, gradient: Float64Array): number => {
    split(w);
    const loss = learner.evaluate();
    let from = 0;
    for (const g of learner.gradients) {
      gradient.set(g, from);
      from += g.length;
    }
    return loss;
  };
  let state: LbfgsState | undefined;
  let done = false;
  return {
    get done() {
      return done;
    },
    epoch() {
      state ??= startLbfgs(objective, join(learner.parameters));
      done = !lbfgsStep(state, objective);
      split(state.w);
      return state.value;
    },
    steps: () => state?.iterations ?? 0,
    slots: () => (state?.pairs ?? []).map(({ s, y }) => [s.slice(), y.slice()]),
    restore(steps, pairs) {
      state = startLbfgs(objective, join(learner.parameters));
      state.iterations = steps;
      for (const pair of pairs) {
        const [s, y] = [new Float64Array(state.w.length), new Float64Array(state.w.length)];
        copyAll('pairs', [s, y], pair);
        state.pairs.push({ s, y });
      }
    },
  };
}

/** Copies arrays into arrays; throws `ModelError` when their lengths differ. */
export function copyAll(what: string, to: readonly Floats[], from: readonly Float64Array[]): void {
  if (to.length !== from.length || to.some((array, k) => array.length !== from[k]!.length)) {
    throw new ModelError(`checkpoint: its ${what} are not those of this network and optimiser`);
  }
  to.forEach((array, k) => {
    array.set(from[k]!);
  });
}
