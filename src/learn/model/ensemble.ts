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
 * One classifier whose logits are the mean of the members': their hidden layers side by side. The members must have
 * been trained on the same rows (same classes, features and standardisation). One member may have a front end; the
 * others then take its side inputs. Throws `RangeError` when they do not match, when several have a front end, or when one
 * has more than one hidden layer.
 */
export function mergeClassifiers(members: readonly Classifier[]): Classifier {
  const withFrontEnd = members.filter(({ network }) => network.frontEnd !== undefined);
  const base = withFrontEnd[0] ?? members[0];
  if (base === undefined) throw new InputError('mergeClassifiers: no members');
  if (withFrontEnd.length > 1) throw new InputError('mergeClassifiers: several members have a front end');
  if (members.length === 1) return base;
  const { frontEnd } = base.network;
  const convolved = frontEnd === undefined ? 0 : (frontEnd.inputs ?? base.features.length);
  const rowsBefore =
    frontEnd === undefined
      ? 0
      : frontEndWidth(frontEnd, base.features.length) - base.features.length + convolved;
  for (const member of members) {
    if (!fits(member, base, member === base ? 0 : convolved)) {
      throw new InputError('mergeClassifiers: the members differ in shape, features or standardisation');
    }
  }
  // The members without front end see nothing of what it computes.
  const first = members.map(member =>
    member === base ? member.network.layers[0]! : withRowsBefore(member.network.layers[0]!, rowsBefore),
  );
  const last = members.map(({ network }) => network.layers.at(-1)!);
  const layers = base.network.layers.length === 1 ? [mean(first)] : [sideBySide(first), stacked(last)];
  return { ...base, network: { ...base.network, layers } };
}

/** Whether a member takes the features of `base` from number `from` on, and has the layers and classes of `base`. */
function fits(
  { network, classes, features, standardization }: Classifier,
  base: Classifier,
  from: number,
): boolean {
  return (
    network.layers.length === base.network.layers.length &&
    network.layers.length <= 2 &&
    network.activation === base.network.activation &&
    classes.join() === base.classes.join() &&
    features.length === base.features.length - from &&
    features.every(({ name }, k) => name === base.features[from + k]!.name) &&
    standardization.mean.every((value, k) => value === base.standardization.mean[from + k]) &&
    standardization.scale.every((value, k) => value === base.standardization.scale[from + k])
  );
}

/** The layer with further inputs before its own, of weight 0. */
function withRowsBefore({ weights, bias }: Layer, rows: number): Layer {
  const [inputs, outputs] = weights.shape as [number, number];
  const padded = full([rows + inputs, outputs], 0);
  padded.data.set(weights.data, rows * outputs);
  return { weights: padded, bias };
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
