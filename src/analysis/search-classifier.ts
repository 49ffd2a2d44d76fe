/**
 * Selection of the classifier's settings: grouped cross-validation of candidates over the training records of a
 * protocol. Test records are not read.
 */
import type { Decision } from '../learn/decision.ts';
import { decidedProbabilities } from '../learn/evaluation.ts';
import { type Counts, pooled } from '../learn/metric-intervals.ts';
import { accuracy, classMetrics, cohensKappa, confusionMatrix } from '../learn/metrics.ts';
import { type Classifier, predictedClasses } from '../learn/model/classifier.ts';
import { groupFolds } from '../learn/protocol.ts';
import type { Dataset } from '../learn/train/train.ts';
import { beatDecision, type ModelKind, trainBeatClassifier } from './recipe.ts';
import { rowsOfGroups } from './select-rows.ts';

export interface Candidate {
  readonly model: ModelKind;
  readonly ensemble: number;
  readonly decision: Decision;
}

export interface CandidateResult {
  readonly candidate: Candidate;
  readonly accuracy: number | undefined;
  readonly kappa: number | undefined;
  readonly f1: Readonly<Record<string, number | undefined>>;
}

/**
 * Candidate decision rules: combinations of rhythm gates and operating points (a very large strength disables the
 * operating point).
 */
export function decisionsTried(): Decision[] {
  const { rhythmGate, operatingPoint } = beatDecision;
  return [0, 0.5, 1, 2].flatMap(exponent =>
    [
      [0.05, 1e12],
      [0.05, 100],
      [0.05, 500],
      [0.02, 500],
      [0.1, 100],
    ].map(([share, strength]) => ({
      rhythmGate: { ...rhythmGate, exponent },
      operatingPoint: { ...operatingPoint, share: share!, strength: strength! },
    })),
  );
}

/** Candidate models. */
export const modelsTried: readonly Pick<Candidate, 'model' | 'ensemble'>[] = [
  { model: 'softmax', ensemble: 1 },
  { model: 'mlp', ensemble: 1 },
  { model: 'mlp', ensemble: 3 },
];

/** Splits groups into folds, each with training rows and held-out rows. */
export function foldsOf(data: Dataset, count: number): { readonly train: Dataset; readonly held: Dataset }[] {
  return groupFolds(data.groups, count).map(groups => ({
    train: rowsOfGroups(data, groups, false),
    held: rowsOfGroups(data, groups, true),
  }));
}

/** Confusion counts of each held-out record. */
export function countsByRecord(model: Classifier, held: Dataset): Map<string, Counts> {
  const called = predictedClasses(decidedProbabilities(model, held));
  return new Map(
    [...new Set(held.groups)].map(record => {
      const rows = held.groups.flatMap((group, row) => (group === record ? [row] : []));
      const at = (values: Int32Array): number[] => rows.map(row => values[row]!);
      return [record, confusionMatrix(held.classes, at(held.labels), at(called)).counts];
    }),
  );
}

/** Cross-validates every model with every decision rule over `folds` folds of the records. */
export function searchClassifier(
  data: Dataset,
  folds: number,
  onModel: (done: number) => void,
): CandidateResult[] {
  const parts = foldsOf(data, folds);
  const decisions = decisionsTried();
  return modelsTried.flatMap(({ model, ensemble }, done) => {
    onModel(done);
    const trained = parts.map(({ train }) => trainBeatClassifier(model, train, 1, ensemble));
    return decisions.map(decision => {
      const counts = parts.flatMap(({ held }, k) => [
        ...countsByRecord({ ...trained[k]!, decision }, held).values(),
      ]);
      const confusion = pooled(data.classes, counts);
      return {
        candidate: { model, ensemble, decision },
        accuracy: accuracy(confusion),
        kappa: cohensKappa(confusion),
        f1: Object.fromEntries(data.classes.map((name, k) => [name, classMetrics(confusion, k).f1])),
      };
    });
  });
}
