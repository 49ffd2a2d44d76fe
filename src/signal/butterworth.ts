/**
 * Recursive (IIR) filters as cascades of second-order sections: Butterworth low- and high-pass filters, and a notch, by
 * the bilinear transform with prewarped cut-offs (Oppenheim & Schafer, Discrete-Time Signal Processing, ch. 7).
 */

import { InputError } from '../input-error.ts';
import { requireSamplingFrequency } from '../sampling-frequency.ts';

/** y[i] = b0·x[i] + b1·x[i−1] + b2·x[i−2] − a1·y[i−1] − a2·y[i−2]. */
export interface Section {
  readonly b0: number;
  readonly b1: number;
  readonly b2: number;
  readonly a1: number;
  readonly a2: number;
}

/**
 * The sections of a Butterworth filter of the given order, 3 dB down at `cutHz`. Throws `RangeError` for an order that
 * is not an integer from 1 to 20, a sampling frequency that is not positive, or a cut-off within a millionth of the
 * sampling frequency of 0 or of half the sampling frequency, where the coefficients would lose precision.
 *
 * @example butterworth('low-pass', 4, 40, 360).length // => 2
 */
export function butterworth(
  kind: 'low-pass' | 'high-pass',
  order: number,
  cutHz: number,
  samplingFrequency: number,
): Section[] {
  requireSamplingFrequency(samplingFrequency);
  if (!Number.isInteger(order) || order < 1 || order > 20) {
    throw new InputError(`a Butterworth filter has order 1 to 20, not ${order}`);
  }
  requireBelowNyquist('cut-off', cutHz, samplingFrequency);
  const k = Math.tan((Math.PI * cutHz) / samplingFrequency);
  const low = kind === 'low-pass';
  const sections: Section[] = [];
  for (let pair = 0; pair < Math.floor(order / 2); pair++) {
    const damping = 2 * Math.sin((Math.PI * (2 * pair + 1)) / (2 * order));
    const norm = 1 + damping * k + k * k;
    const b = (low ? k * k : 1) / norm;
    sections.push({
      b0: b,
      b1: low ? 2 * b : -2 * b,
      b2: b,
      a1: (2 * (k * k - 1)) / norm,
      a2: (1 - damping * k + k * k) / norm,
    });
  }
  if (order % 2 === 1) {
    const b = (low ? k : 1) / (1 + k);
    sections.push({ b0: b, b1: low ? b : -b, b2: 0, a1: (k - 1) / (k + 1), a2: 0 });
  }
  return sections;
}

/**
 * The section of a notch filter that removes `centreHz`, is 3 dB down over `widthHz`, and has unit gain at 0 Hz. Throws
 * `RangeError` for a centre or width that `butterworth` would not accept as a cut-off.
 *
 * @example zeroPhase([notch(50, 2, 500)], 5000, 500).apply(new Float64Array(5000).fill(1))[2500] // => 1
 */
export function notch(centreHz: number, widthHz: number, samplingFrequency: number): Section {
  requireSamplingFrequency(samplingFrequency);
  requireBelowNyquist('notch', centreHz, samplingFrequency);
  requireBelowNyquist('width', widthHz, samplingFrequency);
  const gain = 1 / (1 + Math.tan((Math.PI * widthHz) / samplingFrequency));
  const cosine = Math.cos((2 * Math.PI * centreHz) / samplingFrequency);
  return { b0: gain, b1: -2 * gain * cosine, b2: gain, a1: -2 * gain * cosine, a2: 2 * gain - 1 };
}

/** The magnitude response |H| of the cascade at a frequency. */
export function magnitude(
  sections: readonly Section[],
  frequencyHz: number,
  samplingFrequency: number,
): number {
  const omega = (2 * Math.PI * frequencyHz) / samplingFrequency;
  const size = (c0: number, c1: number, c2: number): number =>
    Math.hypot(
      c0 + c1 * Math.cos(omega) + c2 * Math.cos(2 * omega),
      c1 * Math.sin(omega) + c2 * Math.sin(2 * omega),
    );
  return sections.reduce((product, s) => (product * size(s.b0, s.b1, s.b2)) / size(1, s.a1, s.a2), 1);
}

/** The number of samples after which the response of the slowest pole has decayed below 10⁻⁴; for stable sections. */
export function settlingSamples(sections: readonly Section[]): number {
  const slowest = slowestPole(sections);
  return slowest === 0 ? 1 : Math.ceil(Math.log(1e-4) / Math.log(slowest));
}

/** Throws `RangeError` for sections that are not stable. */
export function requireStable(sections: readonly Section[]): void {
  const slowest = slowestPole(sections);
  if (!(slowest < 1)) throw new InputError(`a filter with a pole at radius ${slowest} is not stable`);
}

/** The radius of the pole nearest to, or outside, the unit circle. */
function slowestPole(sections: readonly Section[]): number {
  return sections.reduce((largest, { a1, a2 }) => {
    const discriminant = a1 * a1 - 4 * a2;
    const radius = discriminant < 0 ? Math.sqrt(a2) : (Math.abs(a1) + Math.sqrt(discriminant)) / 2;
    return Math.max(largest, radius);
  }, 0);
}

/** Applies the cascade to `x` in place, with zero initial state. */
export function runForward(sections: readonly Section[], x: Float64Array): void {
  for (const { b0, b1, b2, a1, a2 } of sections) {
    let s1 = 0;
    let s2 = 0;
    for (let i = 0; i < x.length; i++) {
      const value = x[i]!;
      const y = b0 * value + s1;
      s1 = b1 * value - a1 * y + s2;
      s2 = b2 * value - a2 * y;
      x[i] = y;
    }
  }
}

/** Applies it from the last sample to the first: the adjoint of `runForward`. */
export function runBackward(sections: readonly Section[], x: Float64Array): void {
  for (const { b0, b1, b2, a1, a2 } of sections) {
    let s1 = 0;
    let s2 = 0;
    for (let i = x.length - 1; i >= 0; i--) {
      const value = x[i]!;
      const y = b0 * value + s1;
      s1 = b1 * value - a1 * y + s2;
      s2 = b2 * value - a2 * y;
      x[i] = y;
    }
  }
}

function requireBelowNyquist(what: string, hertz: number, samplingFrequency: number): void {
  const margin = 1e-6 * samplingFrequency;
  if (!(hertz >= margin && hertz <= samplingFrequency / 2 - margin)) {
    throw new InputError(
      `${what} of ${hertz} Hz: it must be at least ${Number(margin.toPrecision(3))} Hz and below ${samplingFrequency / 2} Hz, half the sampling frequency`,
    );
  }
}

/** Cut-offs in Hz; a missing one leaves that side open. */
export interface Passband {
  readonly lowCutHz?: number;
  readonly highCutHz?: number;
}

/** The sections of `zeroPhaseBand`. */
export function bandSections(
  { lowCutHz, highCutHz }: Passband,
  order: number,
  samplingFrequency: number,
): Section[] {
  if (lowCutHz === undefined && highCutHz === undefined)
    throw new InputError('a band has a low or a high cut-off');
  if (lowCutHz !== undefined && highCutHz !== undefined && lowCutHz >= highCutHz) {
    throw new InputError(`low cut-off ${lowCutHz} Hz is not below high cut-off ${highCutHz} Hz`);
  }
  return [
    ...(lowCutHz === undefined ? [] : butterworth('high-pass', order, lowCutHz, samplingFrequency)),
    ...(highCutHz === undefined ? [] : butterworth('low-pass', order, highCutHz, samplingFrequency)),
  ];
}

/** The sections of `mainsNotch`. */
export function notchSections(mainsHz: number, widthHz: number, samplingFrequency: number): Section[] {
  const sections = [notch(mainsHz, widthHz, samplingFrequency)];
  for (let harmonic = 2; harmonic * mainsHz + widthHz < samplingFrequency / 2; harmonic++) {
    sections.push(notch(harmonic * mainsHz, widthHz, samplingFrequency));
  }
  return sections;
}
