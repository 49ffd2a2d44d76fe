/** Ratios of frequencies as ratios of whole numbers. */

/**
 * numerator/denominator in whole numbers without a common factor, by continued fractions; undefined where no ratio of
 * numbers up to `most` is the same.
 */
export function wholeRatio(
  numerator: number,
  denominator: number,
  most: number,
): { up: number; down: number } | undefined {
  const ratio = numerator / denominator;
  let [up, before] = [1, 0];
  let [down, downBefore] = [0, 1];
  let rest = ratio;
  for (let step = 0; step < 40; step++) {
    const whole = Math.floor(rest);
    [up, before] = [whole * up + before, up];
    [down, downBefore] = [whole * down + downBefore, down];
    if (up > most || down > most) return undefined;
    if (Math.abs(up / down / ratio - 1) < 1e-14) return { up, down };
    rest = 1 / (rest - whole);
  }
  return undefined;
}
