/**
 * Why a beat was called what it was called: the derivative of a class probability by each feature and, carried on
 * through the features by the chain rule, by the voltage of each sample.
 */
import { reshape, slice } from '../diff/arrangement.ts';
import { grad, vjp } from '../diff/grad.ts';
import type { Tensor } from '../diff/tensor.ts';
import { type Classifier, classProbabilities } from './model/classifier.ts';

/** What one feature contributes around this beat. */
export interface FeatureInfluence {
  readonly name: string;
  readonly unit: string;
  readonly value: number;
  /** ∂p/∂feature, in 1/unit. */
  readonly gradient: number;
  /** ∂p/∂feature times the feature's standard deviation over the training set: comparable between features. */
  readonly perDeviation: number;
}

export interface Explanation {
  readonly classes: readonly string[];
  readonly probabilities: readonly number[];
  /** The class whose probability is explained. */
  readonly target: string;
  /** Most influential first: by the size of `perDeviation`. */
  readonly features: readonly FeatureInfluence[];
  /** ∂p/∂V for each sample of the window, 1/mV. */
  readonly voltageGradient: Float64Array;
}

/**
 * Explains the probability of `target` for one beat. `window` is the voltage (mV) of the beat's samples; `describe`
 * turns it into the model's features, `[features]`, with differentiable operations, everything it knows besides the
 * voltage (fiducial points, RR intervals, statistics of the record) held fixed. The gradient is first order: what a
 * small change does, not what a large one would. Throws `RangeError` when the model has no such class or another
 * number of features.
 *
 * @example
 * const { features } = classifyBeats(model, beats);
 * const { target, probabilities } = explain(model, windowOf(voltage, features, 104), describeBeat(features, 104), 'V');
 * probabilities[model.classes.indexOf(target)] // => 0.8129…
 */
export function explain(
  model: Classifier,
  window: Tensor,
  describe: (window: Tensor) => Tensor,
  target: string,
): Explanation {
  const index = model.classes.indexOf(target);
  if (index < 0)
    throw new RangeError(`explain: the model's classes are ${model.classes.join(', ')}, not ${target}`);
  const { value: features, pullback } = vjp(describe, window);
  const probabilities = (f: Tensor): Tensor => classProbabilities(model, reshape(f, [1, f.shape[0] ?? 1]));
  const ofTarget = (f: Tensor): Tensor => slice(probabilities(f), [0, index], [1, index + 1]);
  const byFeature = grad(ofTarget)(features);
  const byVoltage = pullback(byFeature)[0]!;
  const influences = model.features.map(({ name, unit }, k) => ({
    name,
    unit,
    value: features.data[k]!,
    gradient: byFeature.data[k]!,
    perDeviation: byFeature.data[k]! * model.standardization.scale[k]!,
  }));
  return {
    classes: model.classes,
    probabilities: [...probabilities(features).data],
    target,
    features: influences.sort((a, b) => Math.abs(b.perDeviation) - Math.abs(a.perDeviation)),
    voltageGradient: byVoltage.data,
  };
}
