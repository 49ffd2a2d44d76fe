/** The correlation of two beats, shifted against each other. */

/** R peaks are located in noise with an error of up to this many bins. */
const mostShift = 2;

/** Largest correlation of two signals around an index of each, shifted by at most `mostShift`. */
export function likeness(
  one: Float64Array,
  a: number,
  other: Float64Array,
  b: number,
  reach: number,
): number {
  let most = -1;
  for (let shift = -mostShift; shift <= mostShift; shift++) {
    most = Math.max(most, correlation(one, a, other, b + shift, reach));
  }
  return most;
}

/** Correlation within `reach` of index `a` of one signal and `b` of another, over valid values; −1 without variance. */
function correlation(one: Float64Array, a: number, other: Float64Array, b: number, reach: number): number {
  // Outside either signal nothing is valid.
  const from = Math.max(-reach, -a, -b);
  const to = Math.min(reach, one.length - 1 - a, other.length - 1 - b);
  let sumA = 0;
  let sumB = 0;
  let aa = 0;
  let bb = 0;
  let ab = 0;
  let count = 0;
  for (let i = from; i <= to; i++) {
    const x = one[a + i]!;
    const y = other[b + i]!;
    if (Number.isNaN(x + y)) continue;
    sumA += x;
    sumB += y;
    aa += x * x;
    bb += y * y;
    ab += x * y;
    count++;
  }
  const product = (aa - (sumA * sumA) / count) * (bb - (sumB * sumB) / count);
  return product > 0 ? (ab - (sumA * sumB) / count) / Math.sqrt(product) : -1;
}
