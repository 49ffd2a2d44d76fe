/** Spearman's rank correlation. */
import { InputError } from '../../input-error.ts';
import { mean } from '../../statistics.ts';

/** Ranks from 1; equal values share their mean rank. */
function ranks(values: ArrayLike<number>): Float64Array {
  const order = Int32Array.from({ length: values.length }, (_, k) => k).sort(
    (a, b) => values[a]! - values[b]!,
  );
  const result = new Float64Array(values.length);
  for (let first = 0; first < order.length; ) {
    let end = first + 1;
    while (end < order.length && values[order[end]!] === values[order[first]!]) end++;
    for (let k = first; k < end; k++) result[order[k]!] = (first + end + 1) / 2;
    first = end;
  }
  return result;
}

/**
 * Spearman's ρ of two series of equal length: the correlation of their ranks. NaN if one of them is constant. Throws
 * `InputError` for different lengths.
 */
export function rankCorrelation(x: ArrayLike<number>, y: ArrayLike<number>): number {
  if (x.length !== y.length) throw new InputError(`rankCorrelation: ${x.length} values and ${y.length}`);
  const [a, b] = [ranks(x), ranks(y)];
  const [meanA, meanB] = [mean(a), mean(b)];
  let [product, squaresA, squaresB] = [0, 0, 0];
  for (let k = 0; k < a.length; k++) {
    const [deviationA, deviationB] = [a[k]! - meanA, b[k]! - meanB];
    product += deviationA * deviationB;
    squaresA += deviationA ** 2;
    squaresB += deviationB ** 2;
  }
  return product / Math.sqrt(squaresA * squaresB);
}
