/**
 * Selects the beat that the user should label next: by uncertainty sampling (Lewis & Gale 1994, SIGIR) the beat whose
 * class the model is least certain of, as long as some beats are unconfirmed; after that the beat whose label the model
 * contradicts most.
 */
import type { Mark } from '../annotate/mark-document.ts';

export interface NextBeat {
  readonly mark: Mark;
  /** The class predicted by the model, and its probability. */
  readonly predicted: string;
  readonly probability: number;
  /** Why the beat is suggested: its prediction is uncertain, or the model contradicts its label. */
  readonly reason: 'uncertain' | 'contradicted';
}

export interface PredictedBeats {
  readonly predicted: Int8Array;
  readonly probability: Float64Array;
}

/** The beat to label next; undefined when all beats are confirmed and the model agrees with every label. */
export function nextBeatToLabel(
  beatMarks: readonly (Mark | undefined)[],
  { predicted, probability }: PredictedBeats,
  classes: readonly string[],
  classOf: (symbol: string) => string | undefined,
): NextBeat | undefined {
  const beats = beatMarks.flatMap((mark, beat) => {
    const name = classes[predicted[beat]!];
    if (mark === undefined || name === undefined || !Number.isFinite(probability[beat])) return [];
    return [{ mark, predicted: name, probability: probability[beat]! }];
  });
  const proposed = beats.filter(({ mark }) => mark.isProposed);
  if (proposed.length > 0) {
    const beat = proposed.reduce((least, next) => (next.probability < least.probability ? next : least));
    return { ...beat, reason: 'uncertain' };
  }
  const contradicted = beats.filter(beat => {
    const label = classOf(beat.mark.symbol);
    return label !== undefined && label !== beat.predicted;
  });
  if (contradicted.length === 0) return undefined;
  const beat = contradicted.reduce((most, next) => (next.probability > most.probability ? next : most));
  return { ...beat, reason: 'contradicted' };
}
