/**
 * Explanation of a beat's class: the derivative of a class probability with respect to each feature and, by the chain
 * rule through the features, with respect to the voltage of each sample.
 */

import { sub } from '../diff/arithmetic.ts';
import { log } from '../diff/elementwise.ts';
import { grad, vjp } from '../diff/grad.ts';
import { matmul } from '../diff/product.ts';
import { reshape } from '../diff/reshape.ts';
import { slice } from '../diff/slice.ts';
import { full, type Tensor } from '../diff/tensor.ts';
import { InputError } from '../input-error.ts';
import { createRandom } from '../random.ts';
import { type BeatContext, decide, noContext } from './decision.ts';
import { type Classifier, classProbabilities } from './model/classifier.ts';

/** The influence of one feature at this beat. */
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
  /** In descending order of |`perDeviation`|. */
  readonly features: readonly FeatureInfluence[];
  /** The log-odds log(p / (1 − p)), which still vary where p saturates. */
  readonly logOdds: number;
  /** ∂p/∂V for each sample of the window, 1/mV. */
  readonly voltageGradient: Float64Array;
  /** ∂(log-odds)/∂V, 1/mV. */
  readonly logOddsGradient: Float64Array;
  /**
   * Features that are not differentiable at this beat: a maximum, minimum or absolute value whose one-sided derivatives
   * differ, as ties between quantised samples cause. The gradient is then one of several subgradients.
   */
  readonly kinks: readonly string[];
}

/** The log-odds `[1, 1]` of a class from probabilities `[1, classes]`. Differentiable; accurate where p is near 1. */
export function logOdds(probabilities: Tensor, index: number): Tensor {
  const classes = probabilities.shape[1]!;
  const others = full([classes, 1], 1);
  others.data[index] = 0;
  const own = full([classes, 1], 0);
  own.data[index] = 1;
  return sub(log(matmul(probabilities, own)), log(matmul(probabilities, others)));
}

/** Class probabilities `[1, classes]` of one beat's features in its context. Differentiable. */
export function beatProbabilities(model: Classifier, features: Tensor, context: BeatContext): Tensor {
  const { decision, classes } = model;
  const ofNetwork = classProbabilities(model, reshape(features, [1, features.shape[0] ?? 1]));
  return decision === undefined ? ofNetwork : decide(ofNetwork, classes, decision, [context]);
}

/** A step, mV, small enough to cross no other point of non-differentiability. */
const kinkStep = 1e-7;

/** Indices of the elements of a function of tensors whose one-sided derivatives along some direction differ. */
export function kinkedOutputs(f: (...inputs: Tensor[]) => Tensor, ...inputs: readonly Tensor[]): number[] {
  const random = createRandom(1);
  const kinked = new Set<number>();
  const here = f(...inputs).data;
  for (let direction = 0; direction < 3; direction++) {
    const steps = inputs.map(({ data }) => Float64Array.from(data, () => kinkStep * random.normal()));
    const [ahead, behind] = [1, -1].map(sign => {
      const moved = inputs.map((x, i) => ({ ...x, data: x.data.map((v, k) => v + sign * steps[i]![k]!) }));
      return f(...moved).data;
    });
    here.forEach((value, k) => {
      const [forwards, backwards] = [ahead![k]! - value, value - behind![k]!];
      const size = Math.max(Math.abs(forwards), Math.abs(backwards));
      if (size > 1e-11 && Math.abs(forwards - backwards) > 0.01 * size) kinked.add(k);
    });
  }
  return [...kinked];
}

/**
 * Explains the probability of `target` for one beat. `window` is the voltage (mV) of the beat's samples; `describe`
 * computes the model's features `[features]` from it by differentiable operations, with everything else (fiducial
 * points, RR intervals, statistics of the record and, in `context`, the rhythm) held fixed. The gradient is of first
 * order: the effect of a small change, not of a large one. Throws `RangeError` for a class that the model does not
 * have, or another number of features.
 *
 * @example
 * const { features } = classifyBeats(model, beats);
 * const { target, probabilities } = explain(model, windowOf(voltage, features, 104), describeBeat(features, 104), 'V');
 * probabilities[model.classes.indexOf(target)] // => 0.7985…
 */
export function explain(
  model: Classifier,
  window: Tensor,
  describe: (window: Tensor) => Tensor,
  target: string,
  context: BeatContext = noContext,
): Explanation {
  const index = model.classes.indexOf(target);
  if (index < 0)
    throw new InputError(`explain: the model's classes are ${model.classes.join(', ')}, not ${target}`);
  const { value: features, pullback } = vjp(describe, window);
  const probabilities = (f: Tensor): Tensor => beatProbabilities(model, f, context);
  const odds = (f: Tensor): Tensor => logOdds(probabilities(f), index);
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
    logOdds: odds(features).data[0]!,
    voltageGradient: byVoltage.data,
    logOddsGradient: pullback(grad(odds)(features))[0]!.data,
    kinks: kinkedOutputs(describe, window).map(k => model.features[k]!.name),
  };
}
