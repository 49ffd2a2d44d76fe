/** What a classifier says of each beat of a lead. */
import {
  type BeatFeatures,
  beatFeatureNames,
  beatFeatures,
  describeBeat,
  windowOf,
} from '../beat/features/beat-features.ts';
import { definitionConflict } from '../beat/features/feature-definition.ts';
import { fibrillationProbability } from '../beat/rhythm-estimate/fibrillation.ts';
import { InputError } from '../input-error.ts';
import { type BeatContext, decide, recordContexts } from '../learn/decision.ts';
import { type Explanation, explain } from '../learn/explain.ts';
import { type Classifier, classProbabilities, predictedClasses } from '../learn/model/classifier.ts';
import type { LeadBeats } from './lead-beats.ts';

export interface ClassifiedBeats {
  readonly features: BeatFeatures;
  /** The model's class for each beat; undefined where its window reaches past the lead or holds invalid samples. */
  readonly classes: readonly (string | undefined)[];
  /** The probability of that class. */
  readonly probabilities: readonly (number | undefined)[];
  /** Probability of atrial fibrillation or flutter at each beat, NaN where unknown. */
  readonly fibrillation: Float64Array;
  /** What rhythm and record make of each beat's probabilities; absent when the model does without. */
  readonly contexts?: readonly BeatContext[];
  /** In words, what makes these classes doubtful as a whole: a lead that the model was not made for. */
  readonly notes: readonly string[];
}

/**
 * Throws `InputError` unless the model's features are the ones that are computed here: the same names, from the same
 * windows, scheme and constants.
 */
export function requireBeatModel({ features, definition }: Classifier): void {
  if (definition === undefined) {
    throw new InputError('the model does not say what its features are, so it is not applied to beats');
  }
  const conflict = definitionConflict(definition);
  if (conflict !== undefined) {
    throw new InputError(`the model can't be applied: ${conflict}; train it anew`);
  }
  const names = (list: readonly { name: string }[]): string => list.map(({ name }) => name).join(', ');
  if (names(features) !== names(beatFeatureNames)) {
    throw new InputError(
      `the model takes the features ${names(features)}; beats have ${names(beatFeatureNames)}`,
    );
  }
}

/**
 * Classifies every beat. Throws `InputError` when there are too few beats, or the model's features are others than
 * those computed here.
 *
 * @example classifyBeats(model, beats).classes.filter(name => name === 'V').length // => 126
 */
export function classifyBeats(model: Classifier, beats: LeadBeats): ClassifiedBeats {
  requireBeatModel(model);
  if (beats.rPeaks.length < 2) {
    throw new InputError(`${beats.record} has ${beats.rPeaks.length} beat; RR intervals need two`);
  }
  const features = beatFeatures(beats.voltage, beats.samplingFrequency, beats.rPeaks);
  const fibrillation = fibrillationProbability(beats.voltage, beats.rPeaks, features);
  const ofNetwork = classProbabilities(model, features.x);
  const { decision } = model;
  const contexts = decision && recordContexts(ofNetwork, model.classes, decision, fibrillation);
  const probabilities =
    decision && contexts ? decide(ofNetwork, model.classes, decision, contexts) : ofNetwork;
  const width = model.classes.length;
  const called = [...predictedClasses(probabilities)].map((k, beat) =>
    isInside(features, beat, beats.voltage.length) ? k : -1,
  );
  const { leadRule } = model.definition!;
  const isUsual = leadRule.some(lead => lead.toUpperCase() === beats.lead.toUpperCase());
  return {
    features,
    fibrillation,
    ...(contexts === undefined ? {} : { contexts }),
    notes: isUsual ? [] : [`the model is made for lead ${leadRule.join(' or ')}, not for ${beats.lead}`],
    classes: called.map(k => (k < 0 ? undefined : model.classes[k])),
    probabilities: called.map((k, beat) => (k < 0 ? undefined : probabilities.data[beat * width + k])),
  };
}

/** Does the beat's window lie within the lead? Past its ends there is only padding, which says nothing of the heart. */
function isInside({ aligned, window }: BeatFeatures, beat: number, length: number): boolean {
  const start = aligned[beat]! - window.rIndex;
  return start >= 0 && start + window.length <= length;
}

/** An explanation with the window it explains. */
export interface BeatExplanation extends Explanation {
  /** Sample index in the lead of the window's first sample. */
  readonly windowStart: number;
  /** mV */
  readonly voltage: Float64Array;
}

/**
 * Explains the probability of `target`, by default of the class that beat number `beat` (from 0) was given. Throws
 * `InputError` when there is no such beat or class, or the beat has none.
 *
 * @example
 * const classified = classifyBeats(model, beats);
 * const { target, voltageGradient } = explainBeat(model, beats, classified, 104);
 * `${target}: ${voltageGradient.length} samples` // => 'V: 311 samples'
 */
export function explainBeat(
  model: Classifier,
  beats: LeadBeats,
  { features, classes, contexts }: ClassifiedBeats,
  beat: number,
  target?: string,
): BeatExplanation {
  if (!Number.isInteger(beat) || beat < 0 || beat >= beats.rPeaks.length) {
    throw new InputError(`${beats.record} has beats 0 to ${beats.rPeaks.length - 1}, not ${beat}`);
  }
  const called = classes[beat];
  if (called === undefined) {
    throw new InputError(
      `beat ${beat} of ${beats.record} has no class to explain: its window reaches past the lead or over invalid samples`,
    );
  }
  if (target !== undefined && !model.classes.includes(target)) {
    throw new InputError(`the model's classes are ${model.classes.join(', ')}, not ${target}`);
  }
  const window = windowOf(beats.voltage, features, beat);
  return {
    ...explain(model, window, describeBeat(features, beat), target ?? called, contexts?.[beat]),
    windowStart: features.aligned[beat]! - features.window.rIndex,
    voltage: window.data,
  };
}
