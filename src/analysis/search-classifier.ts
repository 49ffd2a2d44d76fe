/**
 * Selection of the classifier's settings: grouped cross-validation of candidates over the training records of a
 * protocol. Test records are not read.
 */
import { type InputName, rhythmInputNames } from '../beat/beat-inputs.ts';
import { beatFeatureNames } from '../beat/features/beat-features.ts';
import type { Tensor } from '../diff/tensor.ts';
import type { Decision } from '../learn/decision.ts';
import { adjustedProbabilities, decidedProbabilities } from '../learn/evaluation.ts';
import { type Counts, pooled } from '../learn/metric-intervals.ts';
import { accuracy, classMetrics, cohensKappa, confusionMatrix } from '../learn/metrics.ts';
import { type Classifier, predictedClasses } from '../learn/model/classifier.ts';
import { groupFolds } from '../learn/protocol.ts';
import type { Dataset } from '../learn/train/train.ts';
import { beatDecision, type ModelKind, modelInputs, similarBeats, trainBeatClassifier } from './recipe.ts';
import { rowsOfGroups, withFeatures } from './select-rows.ts';

/** Networks that are trained alike: their number and kind, and their inputs. */
export interface Member {
  readonly kind: ModelKind;
  readonly count: number;
  readonly inputs: readonly InputName[];
}

/** An ensemble of members whose logits are averaged, and a decision rule. */
export interface Candidate {
  readonly model: string;
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
 * operating point), then widths and shares of the smoothing over similar beats.
 */
export function decisionsTried(): Decision[] {
  const { rhythmGate, operatingPoint } = beatDecision;
  const smoothed = [0.15, 0.3, 0.5].flatMap(width =>
    [0.5, 0.8].map(share => ({ ...beatDecision, similarBeats: { ...similarBeats, width, share } })),
  );
  const others = [0, 0.5, 1, 2].flatMap(exponent =>
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
  return [...others, ...smoothed];
}

const member = (kind: ModelKind, count: number): Member => ({ kind, count, inputs: modelInputs(kind) });
const members: Readonly<Record<string, Member>> = {
  softmax: member('softmax', 1),
  mlp: member('mlp', 1),
  'mlp × 3': member('mlp', 3),
  'mlp with rhythm inputs': { kind: 'mlp', count: 1, inputs: [...beatFeatureNames, ...rhythmInputNames] },
  cnn: member('cnn', 1),
  stencil: member('stencil', 1),
};

/** The names of the members that a search over these kinds of model trains. */
export const membersOf = (kinds: readonly ModelKind[]): string[] =>
  Object.keys(members).filter(name => kinds.includes(members[name]!.kind));

/** Candidate models: names of members, whose logits are averaged. */
const modelsTried: readonly (readonly string[])[] = [
  ...Object.keys(members).map(name => [name]),
  ['mlp × 3', 'cnn'],
  ['mlp × 3', 'stencil'],
  // The ensemble of the recipe: each network counts once.
  ['mlp × 3', 'mlp × 3', 'mlp × 3', 'stencil'],
];

/** Splits groups into folds, each with training rows and held-out rows. */
export function foldsOf(data: Dataset, count: number): { readonly train: Dataset; readonly held: Dataset }[] {
  return groupFolds(data.groups, count).map(groups => ({
    train: rowsOfGroups(data, groups, false),
    held: rowsOfGroups(data, groups, true),
  }));
}

/** Confusion counts of each held-out record. */
export const countsByRecord = (model: Classifier, held: Dataset): Map<string, Counts> =>
  countsOf(decidedProbabilities(model, held), held);

function countsOf(probabilities: Tensor, held: Dataset): Map<string, Counts> {
  const called = predictedClasses(probabilities);
  return new Map(
    [...new Set(held.groups)].map(record => {
      const rows = held.groups.flatMap((group, row) => (group === record ? [row] : []));
      const at = (values: Int32Array): number[] => rows.map(row => values[row]!);
      return [record, confusionMatrix(held.classes, at(held.labels), at(called)).counts];
    }),
  );
}

/** The probabilities of the mean logits of networks, from their probabilities `[rows, classes]`. */
function meanOfLogits(probabilities: readonly Tensor[]): Tensor {
  const { shape } = probabilities[0]!;
  const [rows, width] = shape as [number, number];
  const data = new Float64Array(rows * width);
  for (let i = 0; i < data.length; i++) {
    const sum = probabilities.reduce((total, p) => total + Math.log(p.data[i]! + Number.MIN_VALUE), 0);
    data[i] = Math.exp(sum / probabilities.length);
  }
  for (let row = 0; row < rows; row++) {
    const part = data.subarray(row * width, (row + 1) * width);
    const sum = part.reduce((a, b) => a + b, 0);
    for (let k = 0; k < width; k++) part[k]! /= sum;
  }
  return { shape, data };
}

/**
 * Cross-validates every model of the given kinds with every decision rule over `folds` folds of the records. `data` has
 * all inputs of the candidates.
 */
export function searchClassifier(
  data: Dataset,
  folds: number,
  kinds: readonly ModelKind[],
  onMember: (done: number, name: string) => void,
): CandidateResult[] {
  const parts = foldsOf(data, folds);
  const ofMember = new Map<string, Tensor[]>();
  membersOf(kinds).forEach((name, done) => {
    const { kind, count, inputs } = members[name]!;
    onMember(done, name);
    const names = inputs.map(input => input.name);
    const trained = parts.map(({ train, held }) => {
      const { decision: _, ...network } = trainBeatClassifier(kind, withFeatures(train, names), 1, count);
      return decidedProbabilities(network, withFeatures(held, names));
    });
    ofMember.set(name, trained);
  });
  const candidates = modelsTried.filter(names => names.every(name => ofMember.has(name)));
  return candidates.flatMap(names => {
    const probabilities = parts.map((_, k) => meanOfLogits(names.map(name => ofMember.get(name)![k]!)));
    return decisionsTried().map(decision => {
      const counts = parts.flatMap(({ held }, k) => [
        ...countsOf(adjustedProbabilities(probabilities[k]!, decision, held), held).values(),
      ]);
      const confusion = pooled(data.classes, counts);
      return {
        candidate: { model: names.join(' + '), decision },
        accuracy: accuracy(confusion),
        kappa: cohensKappa(confusion),
        f1: Object.fromEntries(data.classes.map((name, k) => [name, classMetrics(confusion, k).f1])),
      };
    });
  });
}
