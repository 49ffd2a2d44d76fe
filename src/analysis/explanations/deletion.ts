/**
 * The deletion test of an explanation (Samek et al. 2017, IEEE TNNLS 28:2660; Petsiuk, Das & Saenko 2018, BMVC): the
 * samples are replaced by a baseline in the order in which the explanation ranks them. The sooner the probability of
 * the explained class falls, the better the explanation has found the samples that it rests on.
 */
import { InputError } from '../../input-error.ts';

/** Shares of the samples that have been replaced: 0, 5, …, 100 %. */
export const deletedShares: readonly number[] = Array.from({ length: 21 }, (_, k) => k / 20);

/** Sample indices in descending order of importance; samples of equal importance keep their order in time. */
export const rankedSamples = (importance: ArrayLike<number>): Int32Array =>
  Int32Array.from({ length: importance.length }, (_, k) => k).sort(
    (a, b) => importance[b]! - importance[a]! || a - b,
  );

/**
 * What is left of a score after replacing the first samples of `order` in `x` by those of `baseline`, at each of
 * `deletedShares`: 1 with none replaced, 0 with all. Throws `InputError` if the score at the baseline is not below
 * that at `x`, where nothing could be deleted.
 */
export function deletionCurve(
  score: (x: Float64Array) => number,
  x: Float64Array,
  baseline: Float64Array,
  order: Int32Array,
): Float64Array {
  const [whole, none] = [score(x), score(baseline)];
  if (!(whole > none))
    throw new InputError(`deletionCurve: the score ${none} at the baseline is not below ${whole}`);
  const partly = x.slice();
  let deleted = 0;
  return Float64Array.from(deletedShares, share => {
    for (; deleted < Math.round(share * x.length); deleted++) {
      const sample = order[deleted]!;
      partly[sample] = baseline[sample]!;
    }
    return (score(partly) - none) / (whole - none);
  });
}

/** Area under a curve over `deletedShares` by the trapezoidal rule: the smaller, the better the ranking. */
export function areaUnder(curve: ArrayLike<number>): number {
  let area = 0;
  for (let k = 1; k < curve.length; k++) {
    area += ((curve[k]! + curve[k - 1]!) / 2) * (deletedShares[k]! - deletedShares[k - 1]!);
  }
  return area;
}
