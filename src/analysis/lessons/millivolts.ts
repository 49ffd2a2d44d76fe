/**
 * Lesson 9: the gradient of a class probability with respect to the voltage of each sample, and the smallest change
 * of the waveform that changes the predicted class.
 */
import { describeBeat, windowOf } from '../../beat/features/beat-features.ts';
import { noContext } from '../../learn/decision.ts';
import { beatProbabilities } from '../../learn/explain.ts';
import { type BeatReasons, beatReasons } from '../beat-reasons.ts';
import { type Figures, type LessonInputs, shown } from './lesson-inputs.ts';

/** The ventricular beat that is explained; index from 0. */
const explainedBeat = 104;

export interface Millivolts extends BeatReasons {
  /** Hz */
  readonly samplingFrequency: number;
  /** Index of the R peak in the window. */
  readonly rIndex: number;
  /** The smallest change found, in mV for each sample. */
  readonly change: Float64Array;
  /** Class probabilities of the beat after adding `added` (mV) to its samples. */
  readonly probabilitiesWith: (added: Float64Array) => readonly number[];
}

/** Explains the beat of the lesson. Throws `InputError` as `beatReasons` does. */
export function readMillivolts({ classifier, beats, classified }: LessonInputs): Millivolts {
  const reasons = beatReasons(classifier, beats, classified, explainedBeat);
  const { features, contexts } = classified;
  const window = windowOf(beats.voltage, features, explainedBeat);
  const describe = describeBeat(features, explainedBeat);
  const context = contexts?.[explainedBeat] ?? noContext;
  return {
    ...reasons,
    samplingFrequency: beats.samplingFrequency,
    rIndex: features.window.rIndex,
    change: reasons.counterfactual.voltage!.change,
    probabilitiesWith: added => [
      ...beatProbabilities(
        classifier,
        describe({ ...window, data: window.data.map((value, k) => value + added[k]!) }),
        context,
      ).data,
    ],
  };
}

/** Step of the central difference, mV: small enough for the truncation error, large enough for rounding errors. */
const h = 1e-4;

/** ∂p/∂V of one sample by finite differences, 1/mV. */
function byChangingSample(
  { probabilitiesWith, voltage, classes, target }: Millivolts,
  sample: number,
): number {
  const at = (change: number): number => {
    const added = new Float64Array(voltage.length);
    added[sample] = change;
    return probabilitiesWith(added)[classes.indexOf(target)]!;
  };
  return (at(h) - at(-h)) / (2 * h);
}

/** The numbers quoted in lesson 9. */
export function millivoltFigures(inputs: LessonInputs): Figures {
  const found = readMillivolts(inputs);
  const { voltageGradient, classes, target, probabilities, counterfactual, change } = found;
  const strongest = voltageGradient.reduce(
    (most, value, k) => (Math.abs(value) > Math.abs(voltageGradient[most]!) ? k : most),
    0,
  );
  const flipped = counterfactual.voltage!;
  const index = classes.indexOf(target);
  const after = found.probabilitiesWith(change);
  const first = voltageGradient.reduce((sum, value, k) => sum + value * change[k]!, 0);
  return {
    samples: String(voltageGradient.length),
    probability: shown(probabilities[index]!, 3),
    'strongest-ms': shown((1000 * (strongest - found.rIndex)) / found.samplingFrequency, 0),
    'strongest-gradient': shown(voltageGradient[strongest]!, 2),
    'strongest-by-changing': shown(byChangingSample(found, strongest), 2),
    'change-rms': shown(1000 * flipped.rmsMillivolts, 1),
    'change-most': shown(1000 * Math.max(...change.map(Math.abs)), 0),
    'flips-to': flipped.to,
    'probability-after': shown(after[index]!, 3),
    'probability-to-after': shown(after[classes.indexOf(flipped.to)]!, 3),
    'promised-after': shown(probabilities[index]! + first, 3),
  };
}
