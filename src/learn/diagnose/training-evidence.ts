/** What is known of a training when it is judged: losses, gradients, the network at its end, and the settings that matter. */
import type { LayerHealth, ParameterHealth } from './network-health.ts';
import type { Saddle } from './saddle.ts';

/** Norms of the gradient of the loss, before and after training, and of the parameters after. */
export interface GradientNorms {
  readonly before: number;
  readonly after: number;
  readonly parameters: number;
}

/** How a class fares: its share of the rows, and whether any row is predicted to be of it. */
export interface ClassShare {
  readonly name: string;
  readonly share: number;
  readonly predicted: boolean;
}

/** Everything besides the losses and the gradient. What is absent is not looked at. */
export interface TrainingEvidence {
  /** The loss with its penalty over the rows as they are, before and after: not the mean over an epoch's moving steps. */
  readonly fullLoss?: { readonly before: number; readonly after: number };
  /** The loss without the penalty at the end, and that of the best constant answer (the entropy of the classes). */
  readonly dataLoss?: number;
  readonly constantLoss?: number;
  /** After each epoch. */
  readonly validationLosses?: readonly number[];
  /** With early stopping: the epoch whose parameters are kept. */
  readonly keptEpoch?: number;
  /** Whether training was ended before its last epoch because the loss rose. */
  readonly cut?: boolean;
  readonly layers?: readonly LayerHealth[];
  readonly parameters?: readonly ParameterHealth[];
  readonly classes?: readonly ClassShare[];
  /** A hidden layer whose units all have the same weights. */
  readonly alike?: { readonly name: string; readonly units: number };
  /** Looks for a direction in which the loss curves down. Asked for only when little was learned, for it takes a while. */
  readonly saddle?: () => Saddle | undefined;
  readonly l2?: number;
  readonly clipNorm?: number;
  readonly batchSize?: number;
  /** What the schedule multiplies the learning rate by when three quarters of the epochs are done. */
  readonly lateRateFactor?: number;
}

export type VerdictKind =
  | 'diverged'
  | 'stopped'
  | 'stalled'
  | 'dead-units'
  | 'vanishing-gradient'
  | 'saddle'
  | 'chance-level'
  | 'one-class'
  | 'imbalanced'
  | 'overfitting'
  | 'oscillating'
  | 'plateau'
  | 'converged'
  | 'improving';

export interface Verdict {
  readonly kind: VerdictKind;
  /** One sentence for a person, with the learning rate and the losses; and what to try, where there is something. */
  readonly words: string;
}

/** All that the rules look at. `losses[0]` is the loss before training, then one per epoch. */
export interface TrainingHistory {
  readonly losses: readonly number[];
  readonly start: number;
  readonly last: number;
  readonly best: number;
  readonly gradient: GradientNorms | undefined;
  readonly evidence: TrainingEvidence;
  /** Such as `sgd at learning rate 0.1, the loss went from 0.69 to 0.31 in 8 epochs`. */
  readonly story: string;
  /** The same without the losses. */
  readonly optimizer: string;
  /** False for an optimiser that finds its own steps. */
  readonly hasRate: boolean;
}

/** Less than this share of the whole gain made in the last quarter of the run: settled. */
export const settledShare = 0.01;
/** Less than this relative gain over the whole run: no progress. */
export const stallGain = 0.01;
