/**
 * Sums of Gaussian waves, V(t) = Σ Aᵢ exp(−(t − tᵢ)² / 2sᵢ²), with every derivative in closed form: the signal
 * whose slopes are known exactly. McSharry, Clifford, Tarassenko & Smith 2003 (IEEE Trans Biomed Eng 50:289–294)
 * build the ECG from such waves. One wave alone is steepest at t = tᵢ ∓ sᵢ, with |dV/dt| = |Aᵢ| e^(−1/2) / sᵢ.
 */

/** One Gaussian wave. */
export interface GaussianWave {
  /** Amplitude, mV, of either sign. */
  readonly amplitude: number;
  /** Time of the peak, s. */
  readonly center: number;
  /** Standard deviation, s; positive. */
  readonly width: number;
}

/** Distance from the centre, in widths, beyond which a wave is below 3·10⁻¹⁸ of its peak: 0 in double precision. */
export const reachInWidths = 9;

/** The order of the derivative: 0 is V (mV), 1 dV/dt (mV/s), 2 d²V/dt² (mV/s²), 3 d³V/dt³ (mV/s³). */
export type DerivativeOrder = 0 | 1 | 2 | 3;

/**
 * The `order`-th derivative of the sum at time `t` (s), exact to rounding; in mV/s^order for amplitudes in mV.
 *
 * @example gaussianSum([{ amplitude: 1, center: 0, width: 0.01 }], -0.01, 1) // => 60.6530…
 */
export function gaussianSum(waves: readonly GaussianWave[], t: number, order: DerivativeOrder): number {
  let sum = 0;
  for (const { amplitude, center, width } of waves) {
    const u = (t - center) / width;
    if (u > reachInWidths || u < -reachInWidths) continue;
    const g = amplitude * Math.exp(-0.5 * u * u);
    // The n-th derivative of exp(−u²/2) is (−1)ⁿ Heₙ(u) exp(−u²/2), Heₙ the probabilists' Hermite polynomial.
    if (order === 0) sum += g;
    else if (order === 1) sum -= (g * u) / width;
    else if (order === 2) sum += (g * (u * u - 1)) / (width * width);
    else sum -= (g * u * (u * u - 3)) / (width * width * width);
  }
  return sum;
}

/**
 * All times in [`from`, `to`] (s) at which the `order`-th derivative of the sum crosses zero, ascending: order 1 gives
 * the extrema of V, order 2 the points of steepest slope. Each is accurate to 10⁻¹² s or to the spacing of doubles at
 * that time, whichever is wider. Crossings are bracketed on a grid of an eighth of the narrowest wave, so two that are
 * closer may be missed; realistic sums of waves have none so close.
 */
export function zeroCrossings(
  waves: readonly GaussianWave[],
  order: 1 | 2,
  from: number,
  to: number,
): number[] {
  const found: number[] = [];
  if (waves.length === 0 || !(to > from)) return found;
  const narrowest = Math.min(...waves.map(wave => wave.width));
  const steps = Math.ceil((to - from) / (narrowest / 8));
  let left = from;
  let leftValue = gaussianSum(waves, left, order);
  for (let i = 1; i <= steps; i++) {
    const right = i === steps ? to : from + ((to - from) * i) / steps;
    const rightValue = gaussianSum(waves, right, order);
    if (rightValue === 0 && leftValue !== 0) found.push(right);
    else if (leftValue * rightValue < 0) {
      found.push(
        refineRoot(
          t => gaussianSum(waves, t, order),
          t => gaussianSum(waves, t, order === 1 ? 2 : 3),
          left,
          right,
        ),
      );
    }
    left = right;
    leftValue = rightValue;
  }
  return found;
}

/**
 * The root of `f` in [`left`, `right`], at whose ends it has opposite signs: Newton steps with `derivative`, and
 * bisection wherever Newton would leave the bracket or converge too slowly.
 */
export function refineRoot(
  f: (t: number) => number,
  derivative: (t: number) => number,
  left: number,
  right: number,
): number {
  const rising = f(left) < 0;
  let [low, high] = [left, right];
  let t = 0.5 * (low + high);
  for (let i = 0; i < 200; i++) {
    const value = f(t);
    if (value === 0) return t;
    if (value < 0 === rising) low = t;
    else high = t;
    const newton = t - value / derivative(t);
    const next = newton > low && newton < high && i % 4 !== 3 ? newton : 0.5 * (low + high);
    if (Math.abs(next - t) <= 1e-13 || next === low || next === high) return next;
    t = next;
  }
  return t;
}

/**
 * The sum of the waves (mV) and its first derivative (mV/s) at the times n / `samplingFrequency` of `length` samples.
 */
export function sampleWaves(
  waves: Iterable<GaussianWave>,
  length: number,
  samplingFrequency: number,
): { readonly voltage: Float64Array; readonly derivative: Float64Array } {
  const voltage = new Float64Array(length);
  const derivative = new Float64Array(length);
  for (const { amplitude, center, width } of waves) {
    const first = Math.max(Math.ceil((center - reachInWidths * width) * samplingFrequency), 0);
    const last = Math.min(Math.floor((center + reachInWidths * width) * samplingFrequency), length - 1);
    for (let n = first; n <= last; n++) {
      const u = (n / samplingFrequency - center) / width;
      const g = amplitude * Math.exp(-0.5 * u * u);
      voltage[n]! += g;
      derivative[n]! -= (g * u) / width;
    }
  }
  return { voltage, derivative };
}
