/** Sums of Gaussian waves, whose slopes are known in closed form. */

/** amplitude (mV) · exp(−(t − centre)²/2width²), times in s. */
export interface Wave {
  readonly amplitude: number;
  readonly centre: number;
  readonly width: number;
}

/** The sum of the waves at `length` samples. */
export function sampled(waves: readonly Wave[], length: number, samplingFrequency: number): Float64Array {
  return Float64Array.from({ length }, (_, i) =>
    waves.reduce(
      (sum, { amplitude, centre, width }) =>
        sum + amplitude * Math.exp(-((i / samplingFrequency - centre) ** 2) / (2 * width * width)),
      0,
    ),
  );
}

/** P, Q, R, S and T around an R wave at `at` seconds. */
export const beatAt = (at: number, size = 1): Wave[] => [
  { amplitude: 0.12 * size, centre: at - 0.17, width: 0.022 },
  { amplitude: -0.12 * size, centre: at - 0.026, width: 0.008 },
  { amplitude: 1.1 * size, centre: at, width: 0.011 },
  { amplitude: -0.25 * size, centre: at + 0.028, width: 0.009 },
  { amplitude: 0.28 * size, centre: at + 0.26, width: 0.045 },
];
