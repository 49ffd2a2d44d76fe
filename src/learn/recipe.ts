/**
 * The training settings for the beat classifier, chosen by cross-validation over groups of DS1 records (201 left
 * out), never on DS2.
 */
import { inverseFrequencyWeights, type TrainOptions } from './train.ts';

/** The two models: softmax regression has no hidden layer. */
export type ModelKind = 'softmax' | 'mlp';

const hiddenLayers: Readonly<Record<ModelKind, readonly number[]>> = { softmax: [], mlp: [24] };

/** Settings to train `model` on rows with these labels. */
export function beatRecipe(
  model: ModelKind,
  labels: Int32Array,
  classes: number,
  seed: number,
): TrainOptions {
  return {
    hidden: hiddenLayers[model],
    activation: 'tanh',
    optimizer: 'adam',
    learningRate: 3e-3,
    epochs: 8,
    batchSize: 512,
    l2: 1e-3,
    // Rare classes count more than their share, but not as much as the common ones: at power 1 training collapses.
    classWeights: inverseFrequencyWeights(labels, classes, 0.35),
    cosineDecay: true,
    seed,
  };
}
