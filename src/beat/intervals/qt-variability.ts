/**
 * Beat-to-beat variability of QT after R. D. Berger et al., Circulation 96:1557–1565, 1997: how far the T wave of a
 * template must be stretched in time to lie over that of a beat gives the beat's QT, without finding its end anew.
 */
import { mean, standardDeviation } from '../../statistics.ts';
import type { MedianBeat } from '../median-beat.ts';
import type { WaveBorders } from './beat-intervals.ts';

export interface QtVariability {
  /** log₁₀ of the variance of QT over its squared mean, over the same of the heart rate. */
  readonly index: number;
  /** s. */
  readonly meanQt: number;
  readonly sdQt: number;
  /** Per minute. */
  readonly meanHeartRate: number;
  readonly sdHeartRate: number;
  readonly beats: number;
}

/** A beat's T wave is looked for stretched by no more than this. */
const mostStretch = 0.15;
const steps = 15;
/** A beat is left out whose T wave differs from the stretched template by more than this share of the template's power. */
const mostResidual = 0.5;
/** Fewer beats have no variability worth the name. */
const fewestBeats = 20;

/**
 * QT of each beat, s, of a lead in mV: the template's from QRS onset to R peak, and its R peak to T offset stretched by
 * the factor at which the T wave fits best. Undefined where the beat reaches outside the signal, holds an invalid sample or
 * fits badly.
 */
export function stretchedQt(
  voltage: Float64Array,
  samplingFrequency: number,
  rPeaks: ArrayLike<number>,
  template: MedianBeat,
  { qrsOnset, tOnset, tOffset }: WaveBorders,
): (number | undefined)[] {
  if (qrsOnset === undefined || tOnset === undefined || tOffset === undefined) {
    return Array.from(rPeaks, () => undefined);
  }
  const [from, to] = [tOnset - template.rPeak, tOffset - template.rPeak];
  const wave = template.voltage.slice(tOnset, tOffset + 1);
  const level = mean(wave);
  const power = wave.reduce((sum, v) => sum + (v - level) ** 2, 0);
  return Array.from(rPeaks, rPeak => {
    const residual = (stretch: number): number => residualOf(voltage, rPeak, wave, from, stretch);
    const best = lowest(residual, 1 - mostStretch, 1 + mostStretch);
    if (best === undefined || !(residual(best) <= mostResidual * power)) return undefined;
    return (template.rPeak - qrsOnset + best * to) / samplingFrequency;
  });
}

/** Squared differences of the beat from the template whose time from the R peak is stretched, each to its own mean. */
function residualOf(
  voltage: Float64Array,
  rPeak: number,
  wave: Float64Array,
  from: number,
  stretch: number,
): number {
  let sum = 0;
  let squares = 0;
  for (let k = 0; k < wave.length; k++) {
    const place = rPeak + stretch * (from + k);
    const at = Math.floor(place);
    // Outside the signal undefined becomes NaN, and so the sum.
    const value = voltage[at]! + (place - at) * (voltage[at + 1]! - voltage[at]!);
    const difference = value - wave[k]!;
    sum += difference;
    squares += difference * difference;
  }
  return squares - (sum * sum) / wave.length;
}

/** Where a function is lowest between two values: on a grid, then on the parabola; undefined at the ends. */
function lowest(of: (x: number) => number, from: number, to: number): number | undefined {
  const step = (to - from) / (2 * steps);
  const values = Array.from({ length: 2 * steps + 1 }, (_, k) => of(from + k * step));
  let at = 0;
  for (let k = 1; k < values.length; k++) if (values[k]! < values[at]!) at = k;
  if (at === 0 || at === values.length - 1 || !values.every(Number.isFinite)) return undefined;
  // Twice on parabolas: the second around the first's lowest point, a fifth as wide.
  const first = from + at * step + vertex(values[at - 1]!, values[at]!, values[at + 1]!) * step;
  const near = step / 5;
  return first + vertex(of(first - near), of(first), of(first + near)) * near;
}

/** Place of the lowest point of the parabola through values at −1, 0 and 1, no further than one step. */
function vertex(before: number, middle: number, after: number): number {
  const curvature = before - 2 * middle + after;
  return curvature > 0 ? Math.max(-1, Math.min(1, (before - after) / (2 * curvature))) : 0;
}

/**
 * The index from QT and the RR interval before each beat, s; beats without either are left out. Undefined with fewer
 * than 20 beats, or where QT or RR do not vary.
 *
 * @example
 * const qt = Array.from({ length: 50 }, (_, k) => 0.4 + 0.004 * (k % 2));
 * qtVariability(qt, qt.map((_, k) => 0.8 + 0.08 * (k % 2))).index // => -1.9…
 */
export function qtVariability(
  qt: readonly (number | undefined)[],
  rr: readonly (number | undefined)[],
): QtVariability | undefined {
  const pairs = qt.flatMap((value, k) => {
    const before = rr[k];
    return value === undefined || before === undefined ? [] : [[value, 60 / before] as const];
  });
  if (pairs.length < fewestBeats) return undefined;
  const times = pairs.map(([value]) => value);
  const rates = pairs.map(([, rate]) => rate);
  const [meanQt, sdQt] = [mean(times), standardDeviation(times)!];
  const [meanHeartRate, sdHeartRate] = [mean(rates), standardDeviation(rates)!];
  if (sdQt === 0 || sdHeartRate === 0) return undefined;
  const index = Math.log10((sdQt / meanQt) ** 2 / (sdHeartRate / meanHeartRate) ** 2);
  return { index, meanQt, sdQt, meanHeartRate, sdHeartRate, beats: pairs.length };
}
