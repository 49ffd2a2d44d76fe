/**
 * The spectrum of values at uneven times, without resampling them: N. R. Lomb, Astrophys. Space Sci. 39:447–462,
 * 1976, with the time shift that makes it a least-squares fit of a sine; for RR intervals after P. Laguna,
 * G. B. Moody & R. G. Mark, IEEE Trans. Biomed. Eng. 45:698–715, 1998.
 */

/** One-sided power spectral density on an even grid of frequencies. */
export interface Spectrum {
  /** Hz, ascending, `resolution` apart. */
  readonly frequency: Float64Array;
  readonly resolution: number;
  /** Input units² per Hz. */
  readonly density: Float64Array;
}

/** Frequencies per 1/duration: neighbouring values of the spectrum overlap by as much. */
const oversampling = 4;

/**
 * Density from 1/(4·duration) up to `highest` Hz, after the least-squares line is taken out; its integral over a band
 * is the variance that the band holds. `time` in s, ascending, one for each value. The work grows with the number of
 * values times the number of frequencies.
 *
 * Throws `RangeError` for under three values, unequal lengths, times that do not ascend, a time or a value that is not
 * finite, or a `highest` not positive.
 *
 * @example
 * const time = Float64Array.from({ length: 300 }, (_, k) => k + 0.3 * Math.sin(k));
 * const { frequency, density } = lombScargle(time, time.map(t => Math.sin(2 * Math.PI * 0.1 * t)), 0.4);
 * frequency[density.indexOf(Math.max(...density))] // => 0.1000…
 */
export function lombScargle(time: Float64Array, value: Float64Array, highest: number): Spectrum {
  const n = time.length;
  if (n < 3 || value.length !== n)
    throw new RangeError(`${n} times and ${value.length} values: take three or more pairs`);
  if (!(highest > 0 && Number.isFinite(highest))) {
    throw new RangeError(`the highest frequency must be a positive number of Hz, not ${highest}`);
  }
  for (let i = 0; i < n; i++) {
    if (!Number.isFinite(time[i]!)) throw new RangeError(`time ${i} is ${time[i]}: leave it out`);
    if (!Number.isFinite(value[i]!)) throw new RangeError(`value ${i} is ${value[i]}: leave it out`);
    if (i > 0 && !(time[i]! > time[i - 1]!))
      throw new RangeError(`time ${i}, ${time[i]} s, does not follow ${time[i - 1]} s`);
  }
  const residual = withoutLine(time, value);
  // The mean sampling interval turns power into density, and n of them are the duration.
  const interval = (time[n - 1]! - time[0]!) / (n - 1);
  const resolution = 1 / (oversampling * interval * n);
  const count = Math.floor(highest / resolution);
  const frequency = Float64Array.from({ length: count }, (_, k) => (k + 1) * resolution);
  const density = frequency.map(f => 2 * interval * power(time, residual, 2 * Math.PI * f));
  return { frequency, resolution, density };
}

/** Half the sum of squares that a sine of angular frequency ω explains. */
function power(time: Float64Array, value: Float64Array, omega: number): number {
  let s2 = 0;
  let c2 = 0;
  for (let i = 0; i < time.length; i++) {
    s2 += Math.sin(2 * omega * time[i]!);
    c2 += Math.cos(2 * omega * time[i]!);
  }
  const shift = Math.atan2(s2, c2) / 2;
  let xc = 0;
  let xs = 0;
  let cc = 0;
  let ss = 0;
  for (let i = 0; i < time.length; i++) {
    const c = Math.cos(omega * time[i]! - shift);
    const s = Math.sin(omega * time[i]! - shift);
    xc += value[i]! * c;
    xs += value[i]! * s;
    cc += c * c;
    ss += s * s;
  }
  return ((cc > 0 ? (xc * xc) / cc : 0) + (ss > 0 ? (xs * xs) / ss : 0)) / 2;
}

function withoutLine(time: Float64Array, value: Float64Array): Float64Array {
  const n = time.length;
  const meanTime = time.reduce((sum, t) => sum + t, 0) / n;
  const mean = value.reduce((sum, v) => sum + v, 0) / n;
  let product = 0;
  let squares = 0;
  for (let i = 0; i < n; i++) {
    product += (time[i]! - meanTime) * (value[i]! - mean);
    squares += (time[i]! - meanTime) ** 2;
  }
  return value.map((v, i) => v - mean - (product / squares) * (time[i]! - meanTime));
}
