/**
 * Merges an ensemble of networks into one whose logits are the mean of theirs, which is possible when each has at most
 * one hidden layer.
 */

import { full } from '../../diff/tensor.ts';
import { InputError } from '../../input-error.ts';
import type { Classifier } from './classifier.ts';
import type { Layer } from './network.ts';

/**
 * One classifier whose logits are the mean of the members': their hidden layers side by side. The members must have
 * been trained on the same rows (same classes, features and standardisation). Throws `RangeError` when they do not
 * match, or have a front end or more than one hidden layer.
 */
export function mergeClassifiers(members: readonly Classifier[]): Classifier {
  const [first] = members;
  if (first === undefined) throw new InputError('mergeClassifiers: no members');
  for (const { network, classes, features, standardization } of members) {
    const fits =
      network.frontEnd === undefined &&
      network.layers.length === first.network.layers.length &&
      network.layers.length <= 2 &&
      network.activation === first.network.activation &&
      classes.join() === first.classes.join() &&
      features.map(({ name }) => name).join() === first.features.map(({ name }) => name).join() &&
      standardization.mean.every((value, k) => value === first.standardization.mean[k]);
    if (!fits)
      throw new InputError('mergeClassifiers: the members differ in shape, features or standardisation');
  }
  if (members.length === 1) return first;
  const last = members.map(({ network }) => network.layers.at(-1)!);
  const hidden = members.map(({ network }) => network.layers[0]!);
  const layers = first.network.layers.length === 1 ? [mean(last)] : [sideBySide(hidden), stacked(last)];
  return { ...first, network: { ...first.network, layers } };
}

/** The elementwise mean of layers. */
function mean(layers: readonly Layer[]): Layer {
  const average = (of: (layer: Layer) => Layer['bias']): Layer['bias'] => {
    const result = full(of(layers[0]!).shape, 0);
    for (const layer of layers) {
      of(layer).data.forEach((value, i) => {
        result.data[i]! += value / layers.length;
      });
    }
    return result;
  };
  return { weights: average(layer => layer.weights), bias: average(layer => layer.bias) };
}

/** `[inputs, Σ outputs]` */
function sideBySide(layers: readonly Layer[]): Layer {
  const inputs = layers[0]!.weights.shape[0]!;
  const outputs = layers.reduce((total, { bias }) => total + bias.shape[0]!, 0);
  const weights = full([inputs, outputs], 0);
  const bias = full([outputs], 0);
  let at = 0;
  for (const layer of layers) {
    const width = layer.bias.shape[0]!;
    for (let row = 0; row < inputs; row++) {
      weights.data.set(layer.weights.data.subarray(row * width, (row + 1) * width), row * outputs + at);
    }
    bias.data.set(layer.bias.data, at);
    at += width;
  }
  return { weights, bias };
}

/** `[Σ inputs, outputs]`, each member's share divided by their number. */
function stacked(layers: readonly Layer[]): Layer {
  const outputs = layers[0]!.bias.shape[0]!;
  const weights = layers.flatMap(layer => Array.from(layer.weights.data, value => value / layers.length));
  return {
    weights: { shape: [weights.length / outputs, outputs], data: Float64Array.from(weights) },
    bias: mean(layers).bias,
  };
}
