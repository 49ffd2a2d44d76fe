/**
 * Everything there is to say about why a beat was called what it was called: gradients, contributions of the samples,
 * and the smallest changes after which it would be called otherwise.
 */
import { describeBeat, windowOf } from '../beat/features/beat-features.ts';
import { tensor } from '../diff/tensor.ts';
import { smallestCounterfactual } from '../learn/counterfactual.ts';
import { noContext } from '../learn/decision.ts';
import { beatProbabilities, logOdds } from '../learn/explain.ts';
import { type IntegratedGradients, integratedGradients } from '../learn/integrated-gradients.ts';
import type { Classifier } from '../learn/model/classifier.ts';
import { median } from '../statistics.ts';
import { type BeatExplanation, type ClassifiedBeats, explainBeat } from './classify.ts';
import type { LeadBeats } from './lead-beats.ts';

export interface BeatReasons extends BeatExplanation {
  /** ∂p/∂V under a Gaussian of 8 ms standard deviation: what a reader can follow on paper, 1/mV. */
  readonly smoothedGradient: Float64Array;
  /**
   * What each sample adds to the log-odds of the target, from the record's typical beat (moved to the beat's own level)
   * to the beat.
   */
  readonly integrated: IntegratedGradients;
  readonly counterfactual: {
    /** The fewest-features change: up to three named features, in their own units; undefined when none was found. */
    readonly features:
      | {
          readonly to: string;
          readonly changes: readonly {
            readonly name: string;
            readonly from: number;
            readonly to: number;
            /** In standard deviations over the training set. */
            readonly deviations: number;
          }[];
        }
      | undefined;
    /** The smallest change of the voltage below 40 Hz and within 0.5 mV. */
    readonly voltage:
      | { readonly to: string; readonly change: Float64Array; readonly rmsMillivolts: number }
      | undefined;
  };
}

const smoothingMs = 8;
const changedFeatures = 3;
const highestHz = 40;
const largestMillivolts = 0.5;

/** Explains one beat in full. Throws `InputError` as `explainBeat` does. */
export function beatReasons(
  model: Classifier,
  beats: LeadBeats,
  classified: ClassifiedBeats,
  beat: number,
  target?: string,
): BeatReasons {
  const explanation = explainBeat(model, beats, classified, beat, target);
  const { features, contexts } = classified;
  const context = contexts?.[beat] ?? noContext;
  const window = windowOf(beats.voltage, features, beat);
  const describe = describeBeat(features, beat);
  const index = model.classes.indexOf(explanation.target);
  const rate = features.window.samplingFrequency;
  const level = median(window.data.map((value, k) => value - features.typicalVoltage[k]!));
  const baseline = tensor(features.typicalVoltage.map(value => value + level));
  const integrated = integratedGradients(
    x => logOdds(beatProbabilities(model, describe(x), context), index),
    window,
    baseline,
  );

  const called = model.classes.indexOf(classified.classes[beat]!);
  const strongest = explanation.features.slice(0, changedFeatures).map(({ name }) => name);
  const described = describe(window);
  const inFeatures = smallestCounterfactual(x => beatProbabilities(model, x, context), described, called, {
    project: change => change.map((value, k) => (strongest.includes(model.features[k]!.name) ? value : 0)),
    bound: Number.POSITIVE_INFINITY,
    scale: k => model.standardization.scale[k]!,
  });
  const inVoltage = smallestCounterfactual(
    x => beatProbabilities(model, describe(x), context),
    window,
    called,
    {
      project: change => lowPassed(change, rate, highestHz),
      bound: largestMillivolts,
      scale: () => 1,
    },
  );
  return {
    ...explanation,
    smoothedGradient: smoothed(explanation.voltageGradient, (smoothingMs * rate) / 1000),
    integrated,
    counterfactual: {
      features: inFeatures && {
        to: model.classes[inFeatures.to]!,
        changes: model.features.flatMap(({ name }, k) =>
          inFeatures.change[k] === 0
            ? []
            : [
                {
                  name,
                  from: described.data[k]!,
                  to: described.data[k]! + inFeatures.change[k]!,
                  deviations: inFeatures.change[k]! / model.standardization.scale[k]!,
                },
              ],
        ),
      },
      voltage: inVoltage && {
        to: model.classes[inVoltage.to]!,
        change: inVoltage.change,
        rmsMillivolts: Math.hypot(...inVoltage.change) / Math.sqrt(inVoltage.change.length),
      },
    },
  };
}

/** Under a Gaussian of `deviation` samples, the ends weighed by what there is. */
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

/** Orthogonal projection onto the cosines (DCT-II) up to a frequency in Hz. */
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
