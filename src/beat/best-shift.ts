/** Alignment of a beat with a template by an exhaustive search over shifts. */

/** A shift in samples, and the similarity at it. */
export interface Shift {
  readonly shift: number;
  readonly similarity: number;
}

/**
 * The shift of at most `reach` samples to either side with the greatest `similarity`. Shifts are tried in order of
 * increasing distance from 0, and a larger one is preferred only when its similarity is greater by more than
 * `leastGain`. NaN is skipped; undefined when every similarity is NaN.
 */
export function bestShift(
  reach: number,
  similarity: (shift: number) => number,
  leastGain = 0,
): Shift | undefined {
  let best: Shift | undefined;
  for (let step = 0; step <= 2 * reach; step++) {
    const shift = step % 2 === 1 ? -(step + 1) / 2 : step / 2;
    const here = similarity(shift);
    if (here > (best?.similarity ?? Number.NEGATIVE_INFINITY) + leastGain) best = { shift, similarity: here };
  }
  return best;
}
