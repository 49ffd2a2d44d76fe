/** The evidence for a verdict on a training: losses, gradients, the final network, and the relevant settings. */
import type { LayerHealth, ParameterHealth } from './network-health.ts';
import type { Saddle } from './saddle.ts';
import type { TargetEvidence } from './target-evidence.ts';

/** Norms of the loss gradient before and after training, and of the parameters after and before it. */
export interface GradientNorms {
  readonly before: number;
  readonly after: number;
  readonly parameters: number;
  readonly parametersBefore?: number;
}

/** A class: its fraction of the rows, and whether it is ever predicted. */
export interface ClassShare {
  readonly name: string;
  readonly share: number;
  readonly predicted: boolean;
}

/** The evidence besides the losses and the gradient. Absent items are not considered. */
export interface TrainingEvidence {
  /**
   * The penalised loss over all rows before and after training, without noise; not the mean over the steps of an epoch.
   */
  readonly fullLoss?: { readonly before: number; readonly after: number };
  /** The final loss without the penalty, and that of the best constant prediction (the entropy of the classes). */
  readonly dataLoss?: number;
  readonly constantLoss?: number;
  /** Validation loss after each epoch. */
  readonly validationLosses?: readonly number[];
  /** With early stopping: the epoch whose parameters were kept. */
  readonly keptEpoch?: number;
  /** Whether training was stopped early because the loss diverged. */
  readonly cut?: boolean;
  readonly layers?: readonly LayerHealth[];
  readonly parameters?: readonly ParameterHealth[];
  readonly classes?: readonly ClassShare[];
  /** Of a regression: the problems that its targets alone show. */
  readonly targets?: TargetEvidence;
  /** A hidden layer whose units all have equal weights. */
  readonly alike?: { readonly name: string; readonly units: number };
  /** Searches for a direction of negative curvature. Only called when little was learned, as it is slow. */
  readonly saddle?: () => Saddle | undefined;
  readonly l2?: number;
  readonly clipNorm?: number;
  readonly batchSize?: number;
  /** The factor of the schedule on the learning rate after three quarters of the epochs. */
  readonly lateRateFactor?: number;
}

/** Every kind of verdict. */
export const verdictKinds = [
  'diverged',
  'stopped',
  'stalled',
  'dead-units',
  'vanishing-gradient',
  'saddle',
  'chance-level',
  'one-class',
  'constant-target',
  'outlier',
  'unbounded',
  'imbalanced',
  'overfitting',
  'oscillating',
  'plateau',
  'converged',
  'improving',
] as const;

export type VerdictKind = (typeof verdictKinds)[number];

export interface Verdict {
  readonly kind: VerdictKind;
  /** A sentence with the learning rate and the losses, and advice where there is any. */
  readonly text: string;
}

/** The input of the rules. `losses[0]` is the loss before training, followed by one per epoch. */
export interface TrainingHistory {
  readonly losses: readonly number[];
  readonly start: number;
  readonly last: number;
  readonly best: number;
  /** What a change of the loss is compared with. */
  readonly scale: number;
  readonly gradient: GradientNorms | undefined;
  readonly evidence: TrainingEvidence;
  /** Such as `sgd at learning rate 0.1, the loss went from 0.69 to 0.31 in 8 epochs`. */
  readonly summary: string;
  /** The first part of it, without the losses. */
  readonly optimizer: string;
  /** False for an optimiser without a learning rate (L-BFGS). */
  readonly hasRate: boolean;
}

/**
 * The scale of the loss: its initial value; for a user-defined loss that is negative at times, whose zero means nothing,
 * the largest of its initial size and its improvement.
 */
export function lossScale(losses: readonly number[]): number {
  const start = losses[0]!;
  const best = Math.min(...losses);
  return best >= 0 ? start : Math.max(Math.abs(start), start - best);
}

/** Converged: less than this fraction of the total improvement was made in the last quarter of the epochs. */
export const settledShare = 0.01;
/** Stalled: less than this relative improvement over the whole training. */
export const stallGain = 0.01;
