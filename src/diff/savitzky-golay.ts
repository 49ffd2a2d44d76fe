/**
 * Savitzky–Golay filters: the derivative of a polynomial fitted by least squares to a sliding window. After Savitzky &
 * Golay, Anal. Chem. 36:1627–1639, 1964; near the ends, where no window is centred, the derivative of the first or last
 * window's polynomial is used (Gorry, Anal. Chem. 62:570–573, 1990). The weights are computed from discrete orthogonal
 * (Gram) polynomials, without inverting a matrix.
 */
import { InputError } from '../input-error.ts';
import { requireSamplingFrequency } from '../sampling-frequency.ts';
import type { LinearOperator } from './operator.ts';
import { requireSamples, type Stencil, stencilOperator } from './stencils.ts';

/** The window in samples (odd), the degree of the polynomial, and the order of the derivative (0 smooths). */
export interface SavitzkyGolayOptions {
  readonly windowSamples: number;
  readonly degree: number;
  readonly derivativeOrder: number;
}

/**
 * The Savitzky–Golay derivative, in input units per second^derivativeOrder. Exact for polynomials up to `degree` (in
 * the interior, by symmetry, up to degree + 1 when degree − derivativeOrder is even). Degree 1 or 2 with
 * derivativeOrder 1 is the slope of the least-squares line over the window.
 *
 * Throws `RangeError` for an even window, a window no longer than the degree, a derivative order above the degree, or a
 * signal shorter than the window.
 *
 * @example
 * savitzkyGolay({ windowSamples: 3, degree: 1, derivativeOrder: 1 }, 4, 10).apply(Float64Array.of(0, 1, 2, 3)) // => [10, 10, 10, 10]
 */
export function savitzkyGolay(
  options: SavitzkyGolayOptions,
  length: number,
  samplingFrequency: number,
): LinearOperator {
  const { windowSamples, degree, derivativeOrder } = options;
  requireSamplingFrequency(samplingFrequency);
  requireSamples(`a Savitzky–Golay window of ${windowSamples} samples`, length, windowSamples);
  const half = (windowSamples - 1) / 2;
  const scale = samplingFrequency ** derivativeOrder;
  const row = (place: number): Stencil => ({
    first: -half - place,
    weights: savitzkyGolayWeights(windowSamples, degree, derivativeOrder, place).map(w => w * scale),
  });
  return stencilOperator(
    row(0),
    Array.from({ length: half }, (_, i) => row(i - half)),
    Array.from({ length: half }, (_, j) => row(j + 1)),
    length,
  );
}

/**
 * The number of samples of a window of `windowMs` milliseconds: the odd number, at least 1, whose span from first to
 * last sample is nearest to it. 8 ms are 9 samples at 1000 Hz and 3 at 360 Hz.
 */
export function oddWindowSamples(windowMs: number, samplingFrequency: number): number {
  requireSamplingFrequency(samplingFrequency);
  if (!(windowMs > 0 && Number.isFinite(windowMs))) {
    throw new InputError(`a window must be a positive number of ms, not ${windowMs}`);
  }
  return 2 * Math.round((windowMs * samplingFrequency) / 2000) + 1;
}

/**
 * The weights whose weighted sum over a window of `windowSamples` is the derivative of the fitted polynomial at
 * `place`, in samples from the centre of the window; per sample^derivativeOrder. Throws `RangeError` as
 * `savitzkyGolay`.
 *
 * @example savitzkyGolayWeights(5, 2, 1, 0) // => [-0.2, -0.1, 0, 0.1, 0.2]
 */
export function savitzkyGolayWeights(
  windowSamples: number,
  degree: number,
  derivativeOrder: number,
  place: number,
): Float64Array<ArrayBuffer> {
  if (!Number.isInteger(windowSamples) || windowSamples < 1 || windowSamples % 2 === 0) {
    throw new InputError(`a Savitzky–Golay window is an odd number of samples, not ${windowSamples}`);
  }
  if (!Number.isInteger(degree) || degree < 0 || degree >= windowSamples) {
    throw new InputError(
      `a polynomial of degree ${degree} needs a window of more than ${degree} samples, not ${windowSamples}`,
    );
  }
  if (!Number.isInteger(derivativeOrder) || derivativeOrder < 0 || derivativeOrder > degree) {
    throw new InputError(
      `derivative ${derivativeOrder} of a polynomial of degree ${degree}: take 0 to ${degree}`,
    );
  }
  const half = (windowSamples - 1) / 2;
  const weights = new Float64Array(windowSamples);
  // P[k] on the window, its squared norm, and its derivatives 0…derivativeOrder at `place`; likewise for P[k−1].
  let current = new Float64Array(windowSamples).fill(1);
  let previous = new Float64Array(windowSamples);
  let norm = windowSamples;
  let previousNorm = 1;
  let atPlace = new Float64Array(derivativeOrder + 1);
  let previousAtPlace = new Float64Array(derivativeOrder + 1);
  atPlace[0] = 1;
  for (let k = 0; ; k++) {
    const share = atPlace[derivativeOrder]! / norm;
    for (let j = 0; j < windowSamples; j++) weights[j]! += share * current[j]!;
    if (k === degree) return weights;
    // P[k+1](x) = x·P[k](x) − b·P[k−1](x), and the same differentiated.
    const b = k === 0 ? 0 : norm / previousNorm;
    const next = new Float64Array(windowSamples);
    previousNorm = norm;
    norm = 0;
    for (let j = 0; j < windowSamples; j++) {
      next[j] = (j - half) * current[j]! - b * previous[j]!;
      norm += next[j]! * next[j]!;
    }
    const nextAtPlace = new Float64Array(derivativeOrder + 1);
    for (let d = 0; d <= derivativeOrder; d++) {
      nextAtPlace[d] = place * atPlace[d]! + (d > 0 ? d * atPlace[d - 1]! : 0) - b * previousAtPlace[d]!;
    }
    [previous, current, previousAtPlace, atPlace] = [current, next, atPlace, nextAtPlace];
  }
}
