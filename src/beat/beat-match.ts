/** Alignment of a beat with a template, such as the median beat, where it correlates best with it. */

/** The best alignment of a beat with a template: the shift in samples, and Pearson's correlation at it, −1 to 1. */
export interface BeatMatch {
  readonly shift: number;
  readonly correlation: number;
}

/** The samples of a template, prepared for `matchBeat`, with its working memory. */
export interface BeatMatcher {
  /** Deviations of the samples from their mean, and the root of the sum of their squares. */
  readonly deviations: Float64Array;
  readonly norm: number;
  segment: Float64Array;
  /** For each shift, the sum of the squared deviations of the segment from its mean, and its product with the template. */
  energies: Float64Array;
  products: Float64Array;
}

/** Prepares the samples of a template. */
export function createBeatMatcher(template: Float64Array): BeatMatcher {
  const { length } = template;
  let sum = 0;
  for (let i = 0; i < length; i++) sum += template[i]!;
  const deviations = new Float64Array(length);
  let energy = 0;
  for (let i = 0; i < length; i++) {
    const deviation = template[i]! - sum / length;
    deviations[i] = deviation;
    energy += deviation ** 2;
  }
  const none = new Float64Array(0);
  return { deviations, norm: Math.sqrt(energy), segment: none, energies: none, products: none };
}

/**
 * Aligns a segment of a signal with a template. Returns the shift of at most `most` samples at which the signal from
 * `start` correlates best with it, of equal ones the nearest to 0; undefined when at every shift the segment extends
 * beyond the signal or contains an invalid sample, or when either is constant. `most` is less than half the length of
 * the template.
 */
export function matchBeat(
  matcher: BeatMatcher,
  voltage: Float64Array,
  start: number,
  most: number,
): BeatMatch | undefined {
  const { deviations, norm } = matcher;
  const { length } = deviations;
  const from = Math.max(0, start - most);
  const to = Math.min(voltage.length, start + length + most);
  const shifts = to - from - length + 1;
  if (shifts < 1) return undefined;
  if (shifts > matcher.energies.length) {
    matcher.segment = new Float64Array(length + shifts + together);
    matcher.energies = new Float64Array(shifts);
    matcher.products = new Float64Array(shifts + together);
  }
  const { segment, energies, products } = matcher;
  // Relative to a sample of every shift, because a large offset would reduce precision.
  const level = voltage[Math.min(to - 1, Math.max(from, start + (length >> 1)))]!;
  for (let i = from; i < to; i++) segment[i - from] = voltage[i]! - level;
  slidingEnergies(segment, length, energies, shifts);
  slidingProducts(segment, deviations, products, shifts);
  let best = 0;
  /** Square of the correlation times the energy of the template, with the sign of the correlation. */
  let greatest = Number.NEGATIVE_INFINITY;
  for (let step = 0; step <= 2 * most; step++) {
    const shift = step % 2 === 1 ? -((step + 1) >> 1) : step >> 1;
    const at = start + shift - from;
    if (at < 0 || at >= shifts) continue;
    const product = products[at]!;
    const here = (product * Math.abs(product)) / energies[at]!;
    if (!(here > greatest)) continue;
    best = shift;
    greatest = here;
  }
  // Every comparison with NaN is false.
  if (greatest === Number.NEGATIVE_INFINITY || norm === 0) return undefined;
  const correlation = (Math.sign(greatest) * Math.sqrt(Math.abs(greatest))) / norm;
  return { shift: best, correlation: Math.max(-1, Math.min(1, correlation)) };
}

/**
 * For each of `count` windows of `length` samples, the sum of the squared deviations from its mean; NaN with an invalid sample and
 * for a constant window.
 */
function slidingEnergies(voltage: Float64Array, length: number, out: Float64Array, count: number): void {
  let sum = Number.NaN;
  let squares = Number.NaN;
  let largest = 0;
  for (let k = 0; k < count; k++) {
    if (sum - sum === 0 && squares - squares === 0) {
      const entering = voltage[k + length - 1]!;
      const leaving = voltage[k - 1]!;
      sum += entering - leaving;
      squares += entering * entering - leaving * leaving;
    } else {
      sum = 0;
      squares = 0;
      for (let i = k; i < k + length; i++) {
        const v = voltage[i]!;
        sum += v;
        squares += v * v;
      }
    }
    if (squares > largest && squares < Number.POSITIVE_INFINITY) largest = squares;
    const energy = squares - (sum * sum) / length;
    // A smaller one is the rounding error of the samples that left the window.
    out[k] = energy > 1e-13 * largest ? energy : Number.NaN;
  }
}

/** Number of scalar products computed in one pass. */
const together = 5;

/**
 * The scalar products of the weights with the signal from each of the first `count` indices on. Five are computed
 * together, so that every value is loaded once for them; up to four more than `count` are written.
 */
function slidingProducts(
  signal: Float64Array,
  weights: Float64Array,
  out: Float64Array,
  count: number,
): void {
  const { length } = weights;
  for (let from = 0; from < count; from += together) {
    let sum0 = 0;
    let sum1 = 0;
    let sum2 = 0;
    let sum3 = 0;
    let sum4 = 0;
    let v0 = signal[from]!;
    let v1 = signal[from + 1]!;
    let v2 = signal[from + 2]!;
    let v3 = signal[from + 3]!;
    for (let i = 0; i < length; i++) {
      const weight = weights[i]!;
      const v4 = signal[from + 4 + i]!;
      sum0 += weight * v0;
      sum1 += weight * v1;
      sum2 += weight * v2;
      sum3 += weight * v3;
      sum4 += weight * v4;
      v0 = v1;
      v1 = v2;
      v2 = v3;
      v3 = v4;
    }
    out[from] = sum0;
    out[from + 1] = sum1;
    out[from + 2] = sum2;
    out[from + 3] = sum3;
    out[from + 4] = sum4;
  }
}
