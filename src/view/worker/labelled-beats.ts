/** The labelled beats of the open recording as training data. */
import { beatFeatureNames } from '../../beat/features/beat-features.ts';
import { tensor } from '../../diff/tensor.ts';
import { InputError } from '../../input-error.ts';
import { aamiClasses } from '../../learn/protocol.ts';
import type { OptimizerName } from '../../learn/train/optimizers.ts';
import { type Dataset, inverseFrequencyWeights, type TrainOptions } from '../../learn/train/train.ts';
import type { AnalysisState } from './analysis-worker.ts';

export interface TrainingRequest {
  /** Class of each beat of the record as an index into the AAMI classes; −1 for none. */
  readonly labels: Int8Array;
  readonly optimizer: OptimizerName;
  readonly learningRate: number;
  readonly epochs: number;
  /** Number of units in the hidden layer; 0 for softmax regression. */
  readonly hidden: number;
  readonly seed: number;
}

/** Fraction of the record, at its end, that is used for validation. */
export const validationShare = 0.25;
/** Fewest labelled beats for training. */
export const fewestRows = 20;

/**
 * The beats that have a label and features, in order of time, divided into training data and, at the end, validation
 * data. Throws `InputError` when there are too few or all have the same class.
 */
export function labelledBeats(
  state: AnalysisState,
  labels: Int8Array,
): { readonly training: Dataset; readonly validation: Dataset } {
  const rows = labelledRows(state, labels);
  const cut = Math.round((1 - validationShare) * rows.length);
  const training = datasetOf(rows.slice(0, cut), 'earlier');
  if (rows.length < fewestRows || new Set(training.labels).size < 2) {
    throw new InputError(`training needs ${fewestRows} labelled beats of two classes, not ${rows.length}`);
  }
  return { training, validation: datasetOf(rows.slice(cut), 'later') };
}

/** Training options for these labelled beats. */
export function trainingOptions(request: TrainingRequest, { labels }: Dataset) {
  return {
    hidden: request.hidden > 0 ? [request.hidden] : [],
    activation: 'tanh',
    optimizer: request.optimizer,
    learningRate: request.learningRate,
    epochs: request.epochs,
    batchSize: Math.min(64, labels.length),
    l2: 1e-3,
    classWeights: inverseFrequencyWeights(labels, aamiClasses.length, 0.5),
    seed: request.seed,
  } as const satisfies TrainOptions;
}

interface Row {
  readonly features: Float64Array;
  readonly label: number;
}

function labelledRows(state: AnalysisState, labels: Int8Array): Row[] {
  const width = beatFeatureNames.length;
  return state.pieces.flatMap(({ classified, own, first }) =>
    Array.from({ length: own[1] - own[0] }, (_, k) => k).flatMap(k => {
      const label = labels[first + k] ?? -1;
      const row = classified?.features.x.data.subarray((own[0] + k) * width, (own[0] + k + 1) * width);
      return label >= 0 && row?.every(Number.isFinite) ? [{ features: Float64Array.from(row), label }] : [];
    }),
  );
}

function datasetOf(rows: readonly Row[], group: string): Dataset {
  const width = beatFeatureNames.length;
  const x = new Float64Array(rows.length * width);
  rows.forEach(({ features }, k) => {
    x.set(features, k * width);
  });
  return {
    classes: aamiClasses,
    features: beatFeatureNames,
    x: tensor(x, [rows.length, width]),
    labels: Int32Array.from(rows, ({ label }) => label),
    groups: rows.map(() => group),
  };
}
