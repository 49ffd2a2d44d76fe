/** Alignment of a beat with a template by trying shifts. */

/** A shift in samples, and the similarity reached there. */
export interface Shift {
  readonly shift: number;
  readonly similarity: number;
}

/**
 * The shift of at most `reach` samples to either side with the greatest `similarity`; NaN is skipped, and undefined is
 * returned when every similarity is NaN. Shifts are tried outwards from 0, and a further one is taken only for a
 * similarity that is greater by more than `leastGain`.
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
