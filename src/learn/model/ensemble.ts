/**
 * Merges an ensemble of networks into one whose logits are the mean of theirs, which is possible when each has at most
 * one hidden layer and at most one has a convolutional front end.
 */

import { full } from '../../diff/tensor.ts';
import { InputError } from '../../input-error.ts';
import type { Classifier } from './classifier.ts';
import { frontEndWidth } from './convolutional-layers.ts';
import type { Layer } from './network.ts';

/**
 * One classifier whose logits are the mean of the members': their hidden layers side by side. Members must have the same
 * classes, and the same standardisation of each feature that they share; the result takes the features of all. One member
 * may have a front end, and its features then come first. Throws `RangeError` when they do not match, when several have a
 * front end, or when one has more than one hidden layer.
 */
export function mergeClassifiers(members: readonly Classifier[]): Classifier {
  const withFrontEnd = members.filter(({ network }) => network.frontEnd !== undefined);
  const base = withFrontEnd[0] ?? members[0];
  if (base === undefined) throw new InputError('mergeClassifiers: no members');
  if (withFrontEnd.length > 1) throw new InputError('mergeClassifiers: several members have a front end');
  if (members.length === 1) return base;
  const { frontEnd } = base.network;
  const convolved = frontEnd === undefined ? 0 : (frontEnd.inputs ?? base.features.length);
  const inputs = new Map(inputsOf(base).map(input => [input.name, input]));
  for (const member of members) {
    if (!fits(member, base)) throw new InputError('mergeClassifiers: the members differ in shape or classes');
    for (const input of inputsOf(member)) {
      const { mean, scale } = inputs.get(input.name) ?? input;
      if (mean !== input.mean || scale !== input.scale) {
        throw new InputError(`mergeClassifiers: the members differ in the standardisation of ${input.name}`);
      }
      inputs.set(input.name, input);
    }
  }
  const features = [...inputs.values()];
  const side = features.slice(convolved).map(({ name }) => name);
  const computed =
    frontEnd === undefined
      ? 0
      : frontEndWidth(frontEnd, base.features.length) - base.features.length + convolved;
  const first = members.map(({ network, features: own }) => {
    const ownConvolved = network.frontEnd === undefined ? 0 : convolved;
    const rows = own.slice(ownConvolved).map(({ name }) => computed + side.indexOf(name));
    const all = ownConvolved === 0 ? rows : [...Array.from({ length: computed }, (_, k) => k), ...rows];
    return withRowsAt(network.layers[0]!, all, computed + side.length);
  });
  const last = members.map(({ network }) => network.layers.at(-1)!);
  const layers = base.network.layers.length === 1 ? [mean(first)] : [sideBySide(first), stacked(last)];
  return {
    ...base,
    features: features.map(({ name, unit }) => ({ name, unit })),
    standardization: {
      mean: Float64Array.from(features, input => input.mean),
      scale: Float64Array.from(features, input => input.scale),
    },
    network: {
      ...base.network,
      ...(frontEnd === undefined ? {} : { frontEnd: { ...frontEnd, inputs: convolved } }),
      layers,
    },
  };
}

/** The features of a classifier with their standardisation. */
const inputsOf = ({ features, standardization: { mean, scale } }: Classifier) =>
  features.map(({ name, unit }, k) => ({ name, unit, mean: mean[k]!, scale: scale[k]! }));

/** Whether a member has the layers and classes of `base`. */
const fits = ({ network, classes }: Classifier, base: Classifier): boolean =>
  network.layers.length === base.network.layers.length &&
  network.layers.length <= 2 &&
  network.activation === base.network.activation &&
  classes.join() === base.classes.join();

/** The layer with its inputs at the given rows of `count`, and weight 0 for the others. */
function withRowsAt({ weights, bias }: Layer, rows: readonly number[], count: number): Layer {
  const outputs = weights.shape[1]!;
  const placed = full([count, outputs], 0);
  rows.forEach((row, k) => {
    placed.data.set(weights.data.subarray(k * outputs, (k + 1) * outputs), row * outputs);
  });
  return { weights: placed, bias };
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
