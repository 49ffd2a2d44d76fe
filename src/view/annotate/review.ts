/** Review of proposals in order of increasing certainty. */
import type { Mark } from './mark-document.ts';

/** Proposed marks in order of increasing certainty; those without a probability first. */
export function reviewOrder(
  beatMarks: readonly (Mark | undefined)[],
  probability: Float64Array,
): readonly Mark[] {
  const certainty = (beat: number): number => {
    const p = probability[beat]!;
    return Number.isNaN(p) ? 0 : p;
  };
  return beatMarks
    .flatMap((mark, beat) => (mark?.isProposed ? [{ mark, certainty: certainty(beat) }] : []))
    .sort((a, b) => a.certainty - b.certainty || a.mark.sample - b.mark.sample)
    .map(({ mark }) => mark);
}

/** The number of beats, and how many of them are confirmed. */
export function reviewProgress(marks: readonly Mark[], isBeat: (symbol: string) => boolean) {
  const beats = marks.filter(mark => isBeat(mark.symbol));
  return { total: beats.length, done: beats.filter(mark => !mark.isProposed).length };
}
