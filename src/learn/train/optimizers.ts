/**
 * Optimisers: the update of the parameters from a gradient. Each defines the number of its state arrays and one step.
 * The state is plain data, so that a checkpoint is a copy of it.
 */

import type { Floats } from '../../diff/tensor.ts';
import type { NativeKernels } from '../../diff/wasm-kernels.ts';

export type OptimizerName = 'sgd' | 'momentum' | 'nesterov' | 'rmsprop' | 'adam' | 'adamw';

/** The state arrays of an optimiser, and the number of steps taken. */
export interface OptimizerState {
  readonly optimizer: OptimizerName;
  steps: number;
  /** `slots[s][p]`: state array s of parameter array p. */
  readonly slots: readonly (readonly Floats[])[];
}

/** The constants of an optimiser besides the learning rate. */
export interface OptimizerConstants {
  /** Decay of the velocity (momentum, nesterov). */
  readonly momentum: number;
  /** Decay of the running mean square (rmsprop). */
  readonly decay: number;
  /** Decay of the running mean and mean square (adam, adamw). */
  readonly beta1: number;
  readonly beta2: number;
  /** Added to the square root in the denominator. */
  readonly epsilon: number;
  /** Decoupled weight decay, per unit of learning rate (adamw). */
  readonly weightDecay: number;
}

export const usualConstants: OptimizerConstants = {
  momentum: 0.9,
  decay: 0.9,
  beta1: 0.9,
  beta2: 0.999,
  epsilon: 1e-8,
  weightDecay: 0.01,
};

interface OptimizerRow {
  readonly slots: number;
  /**
   * Updates `w`, parameter array p, in place by the gradient `g` and the state arrays `slots[…][p]`; `t` counts steps
   * from 1.
   */
  step(
    w: Floats,
    g: Floats,
    slots: readonly (readonly Floats[])[],
    p: number,
    rate: number,
    t: number,
    c: OptimizerConstants,
    kernels: NativeKernels | undefined,
  ): void;
}

const optimizers: Readonly<Record<OptimizerName, OptimizerRow>> = {
  /** w ← w − η g (Cauchy 1847; Robbins & Monro 1951 for the stochastic form). */
  sgd: {
    slots: 0,
    step(w, g, _slots, _p, rate) {
      for (let i = 0; i < w.length; i++) w[i]! -= rate * g[i]!;
    },
  },
  /** v ← μ v + g; w ← w − η v (Polyak 1964). */
  momentum: {
    slots: 1,
    step(w, g, slots, p, rate, _, { momentum }) {
      const v = slots[0]![p]!;
      for (let i = 0; i < w.length; i++) {
        v[i] = momentum * v[i]! + g[i]!;
        w[i]! -= rate * v[i]!;
      }
    },
  },
  /** v ← μ v + g; w ← w − η (g + μ v): Nesterov 1983 as Sutskever et al. 2013 rewrite it. */
  nesterov: {
    slots: 1,
    step(w, g, slots, p, rate, _, { momentum }) {
      const v = slots[0]![p]!;
      for (let i = 0; i < w.length; i++) {
        v[i] = momentum * v[i]! + g[i]!;
        w[i]! -= rate * (g[i]! + momentum * v[i]!);
      }
    },
  },
  /** s ← ρ s + (1−ρ) g²; w ← w − η g / (√s + ε) (Tieleman & Hinton 2012). */
  rmsprop: {
    slots: 1,
    step(w, g, slots, p, rate, _, { decay, epsilon }) {
      const s = slots[0]![p]!;
      for (let i = 0; i < w.length; i++) {
        s[i] = decay * s[i]! + (1 - decay) * g[i]! * g[i]!;
        w[i]! -= (rate * g[i]!) / (Math.sqrt(s[i]!) + epsilon);
      }
    },
  },
  /** Kingma & Ba 2014, algorithm 1, with bias correction of both moments. */
  adam: {
    slots: 2,
    step: (w, g, slots, p, rate, t, c, kernels) =>
      adamStep(w, g, slots[0]![p]!, slots[1]![p]!, rate, t, c, 0, kernels),
  },
  /** Adam with decoupled weight decay (Loshchilov & Hutter 2019). */
  adamw: {
    slots: 2,
    step: (w, g, slots, p, rate, t, c, kernels) =>
      adamStep(w, g, slots[0]![p]!, slots[1]![p]!, rate, t, c, c.weightDecay, kernels),
  },
};

function adamStep(
  w: Floats,
  g: Floats,
  m: Floats,
  v: Floats,
  rate: number,
  t: number,
  { beta1, beta2, epsilon }: OptimizerConstants,
  weightDecay: number,
  kernels: NativeKernels | undefined,
): void {
  const correction1 = 1 - beta1 ** t;
  const correction2 = 1 - beta2 ** t;
  if (kernels !== undefined) {
    kernels.adam(
      w.byteOffset,
      g.byteOffset,
      m.byteOffset,
      v.byteOffset,
      w.length,
      rate,
      beta1,
      1 - beta1,
      correction1,
      beta2,
      1 - beta2,
      correction2,
      epsilon,
      weightDecay,
    );
    return;
  }
  for (let i = 0; i < w.length; i++) {
    m[i] = beta1 * m[i]! + (1 - beta1) * g[i]!;
    v[i] = beta2 * v[i]! + (1 - beta2) * g[i]! * g[i]!;
    const step = m[i]! / correction1 / (Math.sqrt(v[i]! / correction2) + epsilon);
    w[i]! -= rate * (step + weightDecay * w[i]!);
  }
}

/**
 * The names of the optimisers.
 *
 * @example optimizerNames // => ['sgd', 'momentum', 'nesterov', 'rmsprop', 'adam', 'adamw']
 */
export const optimizerNames = Object.keys(optimizers) as readonly OptimizerName[];

/** The number of state arrays of an optimiser per parameter array. */
export const optimizerSlots = (optimizer: OptimizerName): number => optimizers[optimizer].slots;

/**
 * The initial state for parameter arrays of the given lengths. `memory` provides zeroed arrays for it, slot by slot,
 * when they must lie in a program's memory; otherwise they are allocated.
 *
 * @example startOptimizer('momentum', [2]).slots // => [[[0, 0]]]
 */
export function startOptimizer(
  optimizer: OptimizerName,
  lengths: readonly number[],
  memory?: readonly Floats[],
): OptimizerState {
  const slots = Array.from({ length: optimizers[optimizer].slots }, (_, s) =>
    lengths.map((length, p) => memory?.[s * lengths.length + p] ?? new Float64Array(length)),
  );
  return { optimizer, steps: 0, slots };
}

/**
 * Takes one step: updates the parameters and the state in place. With `kernels`, of the program in whose memory
 * parameters, gradients and state lie, it is faster where a kernel exists.
 *
 * @example
 * const w = [Float64Array.of(1, 2)];
 * optimizerStep(startOptimizer('sgd', [2]), w, [Float64Array.of(1, -1)], 0.1);
 * w[0] // => [0.9, 2.1]
 */
export function optimizerStep(
  state: OptimizerState,
  parameters: readonly Floats[],
  gradients: readonly Floats[],
  learningRate: number,
  constants: OptimizerConstants = usualConstants,
  kernels?: NativeKernels,
): void {
  const { step } = optimizers[state.optimizer];
  state.steps++;
  for (let p = 0; p < parameters.length; p++) {
    step(parameters[p]!, gradients[p]!, state.slots, p, learningRate, state.steps, constants, kernels);
  }
}
