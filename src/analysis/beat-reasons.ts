/**
 * The full explanation of a beat's class: gradients, contributions of the samples, and the smallest changes that alter
 * the class (counterfactuals).
 */
import { describeInputs } from '../beat/beat-inputs.ts';
import { windowOf } from '../beat/features/beat-features.ts';
import { featureConstants } from '../beat/features/feature-constants.ts';
import { type Tensor, tensor } from '../diff/tensor.ts';
import { smallestCounterfactual } from '../learn/counterfactual.ts';
import { noContext } from '../learn/decision.ts';
import { beatProbabilities, logOdds } from '../learn/explain.ts';
import { type IntegratedGradients, integratedGradients } from '../learn/integrated-gradients.ts';
import type { Classifier } from '../learn/model/classifier.ts';
import { median } from '../statistics.ts';
import { type BeatExplanation, type ClassifiedBeats, explainWindow, requireExplainable } from './classify.ts';
import type { LeadBeats } from './lead-beats.ts';

export interface BeatReasons extends BeatExplanation {
  /** ∂p/∂V smoothed by a Gaussian of 8 ms standard deviation, for display, 1/mV. */
  readonly smoothedGradient: Float64Array;
  /**
   * Contribution of each sample to the log-odds of the target (integrated gradients), from the record's typical beat,
   * shifted to the level of this beat, to the beat.
   */
  readonly integrated: IntegratedGradients;
  /** The contributions smoothed by a Gaussian of 16 ms standard deviation, for display. */
  readonly smoothedContributions: Float64Array;
  readonly counterfactual: {
    /** The change of at most six features, each by at most five standard deviations; undefined if none was found. */
    readonly features:
      | {
          readonly to: string;
          readonly changes: readonly {
            readonly name: string;
            readonly from: number;
            readonly to: number;
            /** Change in standard deviations over the training set. */
            readonly deviations: number;
          }[];
        }
      | undefined;
    /** The smallest voltage change found, in mV, limited to frequencies below 40 Hz and to 0.5 mV. */
    readonly voltage:
      | { readonly to: string; readonly change: Float64Array; readonly rmsMillivolts: number }
      | undefined;
  };
}

const gradientSmoothingMs = 8;
const contributionSmoothingMs = 16;
/** Numbers of features that may change: the most influential ones, and more only where those do not suffice. */
const changedFeatures = [3, 6];
/** Largest change of a feature, standard deviations over the training set: beyond it no beat is real. */
const largestDeviations = 5;
const highestHz = 40;
const largestMillivolts = 0.5;

/** A beat prepared for explanation, with the functions from voltage to features and from features to probabilities. */
export interface PreparedExplanation {
  readonly model: Classifier;
  readonly features: ClassifiedBeats['features'];
  readonly explanation: BeatExplanation;
  /** The voltage of the beat's window, mV. */
  readonly window: Tensor;
  readonly describe: (voltage: Tensor) => Tensor;
  readonly probabilities: (described: Tensor) => Tensor;
  /** Index of the predicted class. */
  readonly predicted: number;
}

/** Prepares a beat for the explanations below. Throws `InputError` as `explainBeat` does. */
export function prepareExplanation(
  model: Classifier,
  beats: LeadBeats,
  classified: ClassifiedBeats,
  beat: number,
  target?: string,
): PreparedExplanation {
  requireExplainable(beats, classified, beat);
  return askWindow(model, classified, beat, windowOf(beats.voltage, classified.features, beat), target);
}

/** Like `prepareExplanation`, for a beat that has a class, using only the voltage of its window (`[length]`, mV). */
export function askWindow(
  model: Classifier,
  classified: ClassifiedBeats,
  beat: number,
  window: Tensor,
  target?: string,
): PreparedExplanation {
  const { features, rhythm, contexts } = classified;
  const context = contexts?.[beat] ?? noContext;
  return {
    ...{ model, features, window },
    explanation: explainWindow(model, classified, beat, window, target),
    describe: describeInputs(model.features, features, rhythm, beat),
    probabilities: described => beatProbabilities(model, described, context),
    predicted: model.classes.indexOf(classified.classes[beat]!),
  };
}

/**
 * Contribution of each sample to the log-odds of the target class, by integrated gradients along the path from the
 * record's typical beat, shifted to the level of this beat, to the beat.
 */
export function sampleContributions(prepared: PreparedExplanation): IntegratedGradients {
  return integratedGradients(logOddsOf(prepared), prepared.window, tensor(typicalWindow(prepared)));
}

/** The log-odds of the target class as a function of the voltage of the beat's window. Differentiable. */
export function logOddsOf({
  model,
  explanation,
  describe,
  probabilities,
}: PreparedExplanation): (voltage: Tensor) => Tensor {
  const index = model.classes.indexOf(explanation.target);
  return voltage => logOdds(probabilities(describe(voltage)), index);
}

/** The record's typical beat, mV, shifted by the median difference to the level of this beat. */
export function typicalWindow({ features: { typicalVoltage }, window }: PreparedExplanation): Float64Array {
  const level = median(window.data.map((value, k) => value - typicalVoltage[k]!));
  return typicalVoltage.map(value => value + level);
}

/** ∂p/∂V smoothed by a Gaussian of 8 ms standard deviation, 1/mV. */
export const smoothedGradientOf = ({ explanation, features }: PreparedExplanation): Float64Array =>
  smoothed(explanation.voltageGradient, (gradientSmoothingMs * features.window.samplingFrequency) / 1000);

/**
 * Contributions of samples smoothed by a Gaussian of 16 ms standard deviation. Deleting samples in their order lowers
 * the probability sooner than in the order of the contributions themselves, which change sign from sample to sample.
 */
export const smoothedContributionsOf = (
  { features }: Pick<PreparedExplanation, 'features'>,
  { contributions }: IntegratedGradients,
): Float64Array =>
  smoothed(contributions, (contributionSmoothingMs * features.window.samplingFrequency) / 1000);

/**
 * The smallest change of the three most influential features, or else of the six, each by at most five standard
 * deviations, that changes the predicted class; undefined if none was found.
 */
export function smallestFeatureChange(
  prepared: PreparedExplanation,
): BeatReasons['counterfactual']['features'] {
  const { model, explanation, window, describe, probabilities, predicted } = prepared;
  const described = describe(window);
  const farthest = (k: number): number => largestDeviations * model.standardization.scale[k]!;
  const flipOf = (count: number) => {
    const strongest = explanation.features.slice(0, count).map(({ name }) => name);
    return smallestCounterfactual(probabilities, described, predicted, {
      project: change => change.map((value, k) => (strongest.includes(model.features[k]!.name) ? value : 0)),
      least: k =>
        Math.max(-farthest(k), Math.min(0, rangeOf(model.features[k]!.name)[0] - described.data[k]!)),
      most: k => Math.min(farthest(k), Math.max(0, rangeOf(model.features[k]!.name)[1] - described.data[k]!)),
      scale: k => model.standardization.scale[k]!,
    });
  };
  let flip: ReturnType<typeof flipOf>;
  for (const count of changedFeatures) flip ??= flipOf(count);
  if (flip === undefined) return undefined;
  const changes = model.features.map(({ name }, k) => ({
    name,
    from: described.data[k]!,
    to: described.data[k]! + flip.change[k]!,
    deviations: flip.change[k]! / model.standardization.scale[k]!,
  }));
  return { to: model.classes[flip.to]!, changes: changes.filter((_, k) => flip.change[k] !== 0) };
}

const unbounded = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY] as const;

/** Smallest and largest value that a feature can have. */
function rangeOf(name: string): readonly [least: number, most: number] {
  if (/(Correlation|Consistency|Periodicity)$/.test(name)) return [-1, 1];
  if (name === 'rrRegularShare') return [0, 1];
  const { shortest, longest } = featureConstants.rr;
  const widest = Math.log(longest / shortest);
  return /^rr(Before|After)To/.test(name) ? [-widest, widest] : unbounded;
}

/**
 * The smallest voltage change, below 40 Hz and within 0.5 mV, that changes the predicted class; undefined if none was
 * found.
 */
export function smallestVoltageChange(
  prepared: PreparedExplanation,
): BeatReasons['counterfactual']['voltage'] {
  const { model, features, window, describe, probabilities, predicted } = prepared;
  const rate = features.window.samplingFrequency;
  const flip = smallestCounterfactual(x => probabilities(describe(x)), window, predicted, {
    project: change => lowPassed(change, rate, highestHz),
    least: () => -largestMillivolts,
    most: () => largestMillivolts,
    scale: () => 1,
  });
  return (
    flip && {
      to: model.classes[flip.to]!,
      change: flip.change,
      rmsMillivolts: Math.hypot(...flip.change) / Math.sqrt(flip.change.length),
    }
  );
}

/**
 * Computes the full explanation of the probability of class `target`, by default the predicted class, for beat `beat`
 * (from 0). Takes about a second. Throws `InputError` as `explainBeat` does.
 *
 * @example
 * const { counterfactual, integrated } = beatReasons(model, beats, classifyBeats(model, beats), 104);
 * [counterfactual.voltage?.to, integrated.completenessError < 0.01] // => ['N', true]
 */
export function beatReasons(
  model: Classifier,
  beats: LeadBeats,
  classified: ClassifiedBeats,
  beat: number,
  target?: string,
): BeatReasons {
  return reasonsOf(prepareExplanation(model, beats, classified, beat, target));
}

/** The full explanation of a prepared beat. */
export function reasonsOf(prepared: PreparedExplanation): BeatReasons {
  const integrated = sampleContributions(prepared);
  return {
    ...prepared.explanation,
    smoothedGradient: smoothedGradientOf(prepared),
    integrated,
    smoothedContributions: smoothedContributionsOf(prepared, integrated),
    counterfactual: { features: smallestFeatureChange(prepared), voltage: smallestVoltageChange(prepared) },
  };
}

/** Gaussian smoothing with a standard deviation of `deviation` samples; weights are renormalised at the ends. */
function smoothed(x: Float64Array, deviation: number): Float64Array {
  const reach = Math.ceil(3 * deviation);
  return x.map((_, place) => {
    let sum = 0;
    let weights = 0;
    for (let k = Math.max(0, place - reach); k <= Math.min(x.length - 1, place + reach); k++) {
      const weight = Math.exp(-((k - place) ** 2) / (2 * deviation ** 2));
      sum += weight * x[k]!;
      weights += weight;
    }
    return sum / weights;
  });
}

/** Orthogonal projection of `x` onto the cosines (DCT-II) of frequencies up to `highest` Hz. */
export function lowPassed(x: Float64Array, samplingFrequency: number, highest: number): Float64Array {
  const n = x.length;
  const result = new Float64Array(n);
  for (let k = 0; (k * samplingFrequency) / (2 * n) <= highest && k < n; k++) {
    const cosine = (i: number): number => Math.cos((Math.PI * k * (i + 0.5)) / n);
    let product = 0;
    for (let i = 0; i < n; i++) product += x[i]! * cosine(i);
    const amplitude = (product * (k === 0 ? 1 : 2)) / n;
    for (let i = 0; i < n; i++) result[i]! += amplitude * cosine(i);
  }
  return result;
}
