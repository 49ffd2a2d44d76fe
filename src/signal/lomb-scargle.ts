/**
 * The Lomb–Scargle spectrum of unevenly sampled values: N. R. Lomb, Astrophys. Space Sci. 39:447–462, 1976, with the
 * time shift that makes it a least-squares fit of a sine; for RR intervals after P. Laguna, G. B. Moody & R. G. Mark,
 * IEEE Trans. Biomed. Eng. 45:698–715, 1998.
 */
import { InputError } from '../input-error.ts';
import { median } from '../statistics.ts';

/** One-sided power spectral density on an even grid of frequencies. */
export interface Spectrum {
  /** Frequencies, Hz, ascending, `resolution` apart. */
  readonly frequency: Float64Array;
  readonly resolution: number;
  /** Input units² per Hz. */
  readonly density: Float64Array;
}

/** Frequencies per 1/duration, that is, oversampling of the spectrum. */
const oversampling = 4;

/**
 * Density up to `highest` Hz, from 1/(4·duration) on, after the least-squares line, or just the mean, is taken out. Its
 * integral up to half the usual rate of the values (the inverse of twice their median distance) is the variance about
 * it, however many values are missing; what a sine loses to a gap appears around its own frequency. `time` in s, ascending, one for
 * each value. The work grows with the number of values times the number of frequencies.
 *
 * Throws `RangeError` for under three values, unequal lengths, times that do not ascend, a time or a value that is not
 * finite, or a `highest` not positive.
 *
 * @example
 * const time = Float64Array.from({ length: 300 }, (_, k) => k + 0.3 * Math.sin(k));
 * const { frequency, density } = lombScargle(time, time.map(t => Math.sin(2 * Math.PI * 0.1 * t)), 0.4);
 * frequency[density.indexOf(Math.max(...density))] // => 0.1000…
 */
export function lombScargle(
  time: Float64Array,
  value: Float64Array,
  highest: number,
  trend: 'line' | 'mean' = 'line',
): Spectrum {
  const n = time.length;
  if (n < 3 || value.length !== n)
    throw new InputError(`${n} times and ${value.length} values: take three or more pairs`);
  if (!(highest > 0 && Number.isFinite(highest))) {
    throw new InputError(`the highest frequency must be a positive number of Hz, not ${highest}`);
  }
  for (let i = 0; i < n; i++) {
    if (!Number.isFinite(time[i]!)) throw new InputError(`time ${i} is ${time[i]}: leave it out`);
    if (!Number.isFinite(value[i]!)) throw new InputError(`value ${i} is ${value[i]}: leave it out`);
    if (i > 0 && !(time[i]! > time[i - 1]!))
      throw new InputError(`time ${i}, ${time[i]} s, does not follow ${time[i - 1]} s`);
  }
  const residual = withoutTrend(time, value, trend);
  const duration = ((time[n - 1]! - time[0]!) * n) / (n - 1);
  const resolution = 1 / (oversampling * duration);
  const halfRate = 1 / (2 * median(time.subarray(1).map((t, i) => t - time[i]!)));
  const whole = Math.max(1, Math.round(halfRate / resolution));
  const count = Math.floor(highest / resolution);
  const explained = Float64Array.from({ length: Math.max(count, whole) }, (_, k) =>
    power(time, residual, 2 * Math.PI * (k + 1) * resolution),
  );
  let total = 0;
  for (let k = 0; k < whole; k++) total += explained[k]! * resolution;
  const variance = residual.reduce((sum, v) => sum + v * v, 0) / n;
  const scale = total > 0 ? variance / total : 0;
  return {
    frequency: Float64Array.from({ length: count }, (_, k) => (k + 1) * resolution),
    resolution,
    density: explained.subarray(0, count).map(p => p * scale),
  };
}

/** Half the sum of squares explained by a sine of angular frequency ω. */
function power(time: Float64Array, value: Float64Array, omega: number): number {
  let vc = 0;
  let vs = 0;
  let cc = 0;
  let cs = 0;
  for (let i = 0; i < time.length; i++) {
    const c = Math.cos(omega * time[i]!);
    const s = Math.sin(omega * time[i]!);
    vc += value[i]! * c;
    vs += value[i]! * s;
    cc += c * c;
    cs += c * s;
  }
  const ss = time.length - cc;
  const determinant = cc * ss - cs * cs;
  // Where both parts are the same wave at these times, as at half an even rate, they count as one.
  if (determinant < 1e-9 * time.length ** 2) return (vc * vc + vs * vs) / time.length / 2;
  return (vc * vc * ss - 2 * vc * vs * cs + vs * vs * cc) / determinant / 2;
}

function withoutTrend(time: Float64Array, value: Float64Array, trend: 'line' | 'mean'): Float64Array {
  const n = time.length;
  const meanTime = time.reduce((sum, t) => sum + t, 0) / n;
  const mean = value.reduce((sum, v) => sum + v, 0) / n;
  if (trend === 'mean') return value.map(v => v - mean);
  let product = 0;
  let squares = 0;
  for (let i = 0; i < n; i++) {
    product += (time[i]! - meanTime) * (value[i]! - mean);
    squares += (time[i]! - meanTime) ** 2;
  }
  return value.map((v, i) => v - mean - (product / squares) * (time[i]! - meanTime));
}
