/** Pearson's correlation of the `length` samples of a signal from `a` on with those from `b` on; NaN for a flat part. */
export function correlation(voltage: Float64Array, a: number, b: number, length: number): number {
  const levelA = voltage[a]!;
  const levelB = voltage[b]!;
  let sumA = 0;
  let sumB = 0;
  let squareA = 0;
  let squareB = 0;
  let product = 0;
  for (let i = 0; i < length; i++) {
    const x = voltage[a + i]! - levelA;
    const y = voltage[b + i]! - levelB;
    sumA += x;
    sumB += y;
    squareA += x * x;
    squareB += y * y;
    product += x * y;
  }
  const covariance = product - (sumA * sumB) / length;
  return covariance / Math.sqrt((squareA - sumA ** 2 / length) * (squareB - sumB ** 2 / length));
}
