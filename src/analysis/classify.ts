/** Classification of the beats of a lead, and explanation of a beat's class. */

import { createBeatInputs, describeInputs, needsMoreThanFeatures } from '../beat/beat-inputs.ts';
import {
  type BeatFeatures,
  beatFeatures,
  createBeatFeatures,
  windowOf,
} from '../beat/features/beat-features.ts';
import { definitionConflict } from '../beat/features/feature-definition.ts';
import { type PlacedPart, wholeLead } from '../beat/lead-part.ts';
import { fibrillationOf } from '../beat/rhythm-estimate/fibrillation.ts';
import { createRhythmFeatures, rhythmFeatures } from '../beat/rhythm-estimate/rhythm-features.ts';
import type { Tensor } from '../diff/tensor.ts';
import { InputError } from '../input-error.ts';
import { decide, recordContexts } from '../learn/decision.ts';
import { type Explanation, explain } from '../learn/explain.ts';
import { type Classifier, classProbabilities, predictedClasses } from '../learn/model/classifier.ts';
import { artefactSymbol } from './artefact-marks.ts';
import { classificationNotes, distanceFromTraining, typicalBeatSummary } from './classification-notes.ts';
import { atMarks, type ClassifiedBeats, numbersOfBeats } from './classified-marks.ts';
import type { LeadBeats } from './lead-beats.ts';

export type { ClassifiedBeats };

/**
 * Throws `InputError` unless the model uses the features computed here: the same names, windows, derivative scheme and
 * constants.
 */
export function requireBeatModel({ features, definition }: Classifier): void {
  if (definition === undefined) {
    throw new InputError('the model has no feature definition, so it cannot be applied to beats');
  }
  const conflict = definitionConflict(definition);
  if (conflict !== undefined) {
    throw new InputError(`the model cannot be applied: ${conflict}; train it again`);
  }
  const defined = new Map(definition.features.map(feature => [feature.name, feature]));
  for (const { name, unit } of features) {
    const known = defined.get(name);
    if (known === undefined) {
      throw new InputError(`the model takes the feature ${name}, which its definition does not have`);
    }
    if (known.unit !== unit) {
      throw new InputError(
        `the model's feature ${name} is in '${unit}', in its definition in '${known.unit}'`,
      );
    }
  }
}

/**
 * Classifies every beat, with class probabilities between 0 and 1. What has the symbol `|` is no beat and has no class,
 * nor is an RR interval or typical beat of it. Throws `InputError` if there are fewer than two
 * beats, or if the features of the model differ from those computed here.
 *
 * @example classifyBeats(model, beats).classes.filter(name => name === 'V').length // => 124
 */
export function classifyBeats(model: Classifier, beats: LeadBeats): ClassifiedBeats {
  const { record, lead, voltage, samplingFrequency } = beats;
  requireModelFor(model, record, beats.rPeaks);
  const numbers = numbersOfBeats(beats);
  const rPeaks = numbers.map(k => beats.rPeaks[k]!);
  const features = beatFeatures(voltage, samplingFrequency, rPeaks);
  const rhythm = rhythmFeatures(voltage, rPeaks, features);
  const inputs = createBeatInputs(model.features, features, rhythm, rPeaks);
  if (needsMoreThanFeatures(model.features)) inputs.add(wholeLead(voltage));
  const found = classesOf(model, { lead, length: voltage.length, rPeaks }, { features, rhythm, x: inputs.x });
  return atMarks(found, beats, numbers);
}

/**
 * Classifies every beat of a lead that is read in parts, with the same result as `classifyBeats`, in memory that
 * grows with the number of beats and not with the length of the lead. Each call of `parts` returns the lead from its
 * start, with margins of at least one second. Throws as `classifyBeats` does.
 */
export async function classifyInParts(
  model: Classifier,
  beats: Omit<LeadBeats, 'voltage'>,
  parts: () => AsyncIterable<PlacedPart>,
): Promise<ClassifiedBeats> {
  const { record, lead, samplingFrequency } = beats;
  requireModelFor(model, record, beats.rPeaks);
  const numbers = numbersOfBeats(beats);
  const rPeaks = numbers.map(k => beats.rPeaks[k]!);
  const gathered = createBeatFeatures(samplingFrequency, rPeaks);
  const rhythm = createRhythmFeatures(gathered.window, rPeaks);
  for await (const part of parts()) gathered.take(part);
  for await (const part of parts()) gathered.align(part);
  let length = 0;
  for await (const part of parts()) {
    gathered.describe(part);
    rhythm.add(part, gathered.aligned);
    length = part.offset + part.end;
  }
  const features = gathered.result();
  const rhythmRows = rhythm.result(features);
  const inputs = createBeatInputs(model.features, features, rhythmRows, rPeaks);
  if (needsMoreThanFeatures(model.features)) {
    for await (const part of parts()) inputs.add(part);
  }
  const found = classesOf(model, { lead, length, rPeaks }, { features, rhythm: rhythmRows, x: inputs.x });
  return atMarks(found, beats, numbers);
}

function requireModelFor(model: Classifier, record: string, rPeaks: ArrayLike<number>): void {
  requireBeatModel(model);
  if (rPeaks.length < 2) {
    throw new InputError(`${record} has ${rPeaks.length} beat; RR intervals need two`);
  }
}

function classesOf(
  model: Classifier,
  { lead, length, rPeaks }: Pick<LeadBeats, 'lead' | 'rPeaks'> & { readonly length: number },
  { features, rhythm, x }: Pick<ClassifiedBeats, 'features' | 'rhythm'> & { readonly x: Tensor },
): ClassifiedBeats {
  const ofNetwork = classProbabilities(model, x);
  const fibrillation = fibrillationOf(rhythm);
  const { decision } = model;
  const contexts =
    decision &&
    recordContexts(ofNetwork, model.classes, decision, fibrillation, { x, features: model.features });
  const probabilities =
    decision && contexts ? decide(ofNetwork, model.classes, decision, contexts) : ofNetwork;
  const width = model.classes.length;
  const called = [...predictedClasses(probabilities)].map((k, beat) =>
    isInside(features, beat, length) ? k : -1,
  );
  const { leadRule } = model.definition!;
  const isUsual = leadRule.some(usual => usual.toUpperCase() === lead.toUpperCase());
  const typicalBeat = typicalBeatSummary(features, rPeaks);
  return {
    ...{ features, rhythm, fibrillation },
    ...(contexts === undefined ? {} : { contexts }),
    typicalBeat,
    notes: [
      ...(isUsual ? [] : [`the model is made for lead ${leadRule.join(' or ')}, not for ${lead}`]),
      ...classificationNotes(typicalBeat, distanceFromTraining(model, x), features.window.samplingFrequency),
    ],
    classes: called.map(k => (k < 0 ? undefined : model.classes[k])),
    probabilities: called.map((k, beat) => (k < 0 ? undefined : probabilities.data[beat * width + k])),
  };
}

/** Whether the beat's window lies within the lead, and not in the padding beyond its ends. */
function isInside({ aligned, window }: BeatFeatures, beat: number, length: number): boolean {
  const start = aligned[beat]! - window.rIndex;
  return start >= 0 && start + window.length <= length;
}

/** An explanation with the window that it refers to. */
export interface BeatExplanation extends Explanation {
  /** Sample index in the lead of the window's first sample. */
  readonly windowStart: number;
  /** mV */
  readonly voltage: Float64Array;
}

/**
 * Explains the probability of class `target`, by default the predicted class, for beat `beat` (from 0): its gradients
 * with respect to the features and the voltage (1/mV). Throws `InputError` if there is no such beat or class, or the
 * beat has no class.
 *
 * @example
 * const classified = classifyBeats(model, beats);
 * const { target, voltageGradient } = explainBeat(model, beats, classified, 104);
 * `${target}: ${voltageGradient.length} samples` // => 'V: 311 samples'
 */
export function explainBeat(
  model: Classifier,
  beats: LeadBeats,
  classified: ClassifiedBeats,
  beat: number,
  target?: string,
): BeatExplanation {
  requireExplainable(beats, classified, beat);
  return explainWindow(model, classified, beat, windowOf(beats.voltage, classified.features, beat), target);
}

/** Throws `InputError` if there is no beat of that number or it has no class. */
export function requireExplainable(
  { record, rPeaks, symbols }: Pick<LeadBeats, 'record' | 'rPeaks' | 'symbols'>,
  { classes }: Pick<ClassifiedBeats, 'classes'>,
  beat: number,
): void {
  if (!Number.isInteger(beat) || beat < 0 || beat >= rPeaks.length) {
    throw new InputError(`${record} has beats 0 to ${rPeaks.length - 1}, not ${beat}`);
  }
  if (classes[beat] === undefined) {
    const why =
      symbols[beat] === artefactSymbol
        ? 'it lies where there are no QRS complexes'
        : 'its window reaches past the lead or over invalid samples';
    throw new InputError(`beat ${beat} of ${record} has no class to explain: ${why}`);
  }
}

/** Like `explainBeat`, for a beat that has a class, using only the voltage of its window (`[length]`, mV). */
export function explainWindow(
  model: Classifier,
  { features, rhythm, classes, contexts }: ClassifiedBeats,
  beat: number,
  window: Tensor,
  target?: string,
): BeatExplanation {
  if (target !== undefined && !model.classes.includes(target)) {
    throw new InputError(`the model's classes are ${model.classes.join(', ')}, not ${target}`);
  }
  return {
    ...explain(
      model,
      window,
      describeInputs(model.features, features, rhythm, beat),
      target ?? classes[beat]!,
      contexts?.[beat],
    ),
    windowStart: features.aligned[beat]! - features.window.rIndex,
    voltage: window.data,
  };
}
