/** Classes of the beats of a lead, and their places among all that was detected or annotated. */

import type { BeatFeatures } from '../beat/features/beat-features.ts';
import { type Tensor, tensor } from '../diff/tensor.ts';
import { type BeatContext, noContext } from '../learn/decision.ts';
import { artefactSymbol } from './artefact-marks.ts';
import type { TypicalBeatSummary } from './classification-notes.ts';
import type { LeadBeats } from './lead-beats.ts';

export interface ClassifiedBeats {
  readonly features: BeatFeatures;
  /** The rhythm features of every beat, `[beats · 5]`. */
  readonly rhythm: Float64Array;
  /**
   * Predicted class of each beat; undefined if its window extends beyond the lead or contains invalid samples, or where
   * its symbol `|` says that it is no beat. Then features, rhythm and probabilities are NaN.
   */
  readonly classes: readonly (string | undefined)[];
  /** Probability of the predicted class. */
  readonly probabilities: readonly (number | undefined)[];
  /** Probability of atrial fibrillation or flutter at each beat; NaN if unknown. */
  readonly fibrillation: Float64Array;
  /** Rhythm and record context used to adjust each beat's probabilities; absent if the model uses none. */
  readonly contexts?: readonly BeatContext[];
  readonly typicalBeat: TypicalBeatSummary;
  /** Reservations about all classes, as text: a lead or a typical beat unlike those that the model was trained on. */
  readonly notes: readonly string[];
}

type Marks = Pick<LeadBeats, 'rPeaks' | 'symbols'>;

const isArtefact = ({ symbols }: Marks, k: number): boolean => symbols[k] === artefactSymbol;

/** The indices of the beats among the marks; of all marks where fewer than two are beats, as RR intervals need two. */
export function numbersOfBeats(marks: Marks): Int32Array {
  const numbers = Int32Array.from(marks.rPeaks.keys());
  const ofBeats = numbers.filter(k => !isArtefact(marks, k));
  return ofBeats.length < 2 ? numbers : ofBeats;
}

/** Classified beats among all marks; `numbers` are the indices of the beats. */
export function atMarks(found: ClassifiedBeats, marks: Marks, numbers: Int32Array): ClassifiedBeats {
  const count = marks.rPeaks.length;
  if (!marks.symbols.includes(artefactSymbol)) return found;
  if (numbers.length === count) return withoutClasses(found);
  const beats = new Int32Array(count).fill(-1);
  for (const [beat, k] of numbers.entries()) beats[k] = beat;
  const spread = <V>(values: readonly V[]): (V | undefined)[] =>
    Array.from(beats, beat => (beat < 0 ? undefined : values[beat]));
  const spreadRows = (rows: Float64Array): Float64Array => {
    const width = rows.length / numbers.length;
    const all = new Float64Array(count * width).fill(Number.NaN);
    for (const [beat, k] of numbers.entries())
      all.set(rows.subarray(beat * width, (beat + 1) * width), k * width);
    return all;
  };
  const { features, rhythm, contexts } = found;
  const spreadTensor = ({ shape, data }: Tensor): Tensor =>
    tensor(spreadRows(data), [count, ...shape.slice(1)]);
  return {
    ...found,
    features: {
      ...features,
      x: spreadTensor(features.x),
      rr: spreadTensor(features.rr),
      aligned: marks.rPeaks.map((rPeak, k) => (beats[k]! < 0 ? rPeak : features.aligned[beats[k]!]!)),
      typicalBeats: features.typicalBeats.map(beat => numbers[beat]!),
    },
    rhythm: spreadRows(rhythm),
    fibrillation: spreadRows(found.fibrillation),
    classes: spread(found.classes),
    probabilities: spread(found.probabilities),
    ...(contexts && { contexts: spread(contexts).map(context => context ?? noContext) }),
  };
}

/** Classified marks that are no beats: none has a class, and there is nothing to note. */
const withoutClasses = (found: ClassifiedBeats): ClassifiedBeats => ({
  ...found,
  fibrillation: found.fibrillation.map(() => Number.NaN),
  classes: found.classes.map(() => undefined),
  probabilities: found.probabilities.map(() => undefined),
  notes: [],
});
