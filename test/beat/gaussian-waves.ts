/** Sums of Gaussian waves, whose slopes are known in closed form. */

/** amplitude (mV) · exp(−(t − centre)²/2width²), times in s. */
export interface Wave {
  readonly amplitude: number;
  readonly centre: number;
  readonly width: number;
}

/** Distance from the centre, in widths, beyond which a wave is 0: exp(−39²/2) is below the smallest double. */
const reach = 39;

/** The sum of the waves at `length` samples. */
export function sampled(waves: readonly Wave[], length: number, samplingFrequency: number): Float64Array {
  const sum = new Float64Array(length);
  for (const { amplitude, centre, width } of waves) {
    const from = Math.max(0, Math.ceil((centre - reach * width) * samplingFrequency));
    const to = Math.min(length - 1, Math.floor((centre + reach * width) * samplingFrequency));
    for (let i = from; i <= to; i++) {
      sum[i]! += amplitude * Math.exp(-((i / samplingFrequency - centre) ** 2) / (2 * width * width));
    }
  }
  return sum;
}

/** P, Q, R, S and T around an R wave at `at` seconds. */
export const beatAt = (at: number, size = 1): Wave[] => [
  { amplitude: 0.12 * size, centre: at - 0.17, width: 0.022 },
  { amplitude: -0.12 * size, centre: at - 0.026, width: 0.008 },
  { amplitude: 1.1 * size, centre: at, width: 0.011 },
  { amplitude: -0.25 * size, centre: at + 0.028, width: 0.009 },
  { amplitude: 0.28 * size, centre: at + 0.26, width: 0.045 },
];
