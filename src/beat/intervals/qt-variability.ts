/**
 * Beat-to-beat QT variability after R. D. Berger et al., Circulation 96:1557–1565, 1997: the factor by which the T wave
 * of a template is scaled in time to match that of a beat gives the beat's QT, without locating the end of its T wave.
 */
import { mean, standardDeviation } from '../../statistics.ts';
import type { MedianBeat } from '../median-beat.ts';
import type { WaveBorders } from './beat-intervals.ts';

/** QT variability over a number of beats. */
export interface QtVariability {
  /**
   * QT variability index, log₁₀ of the normalised variance (variance/mean²) of QT over that of heart rate,
   * dimensionless.
   */
  readonly index: number;
  /** Mean and standard deviation of QT, s. */
  readonly meanQt: number;
  readonly sdQt: number;
  /** Mean and standard deviation of the heart rate, beats/min. */
  readonly meanHeartRate: number;
  readonly sdHeartRate: number;
  readonly beats: number;
}

/** Largest deviation of the scale factor from 1. */
const largestScaleDeviation = 0.15;
const steps = 15;
/**
 * A beat is omitted when the squared difference from the scaled template exceeds this fraction of the template's power.
 */
const mostResidual = 0.5;
/** Smallest number of beats for which variability is reported. */
const fewestBeats = 20;

/**
 * QT of each beat of a lead, s: the template's time from QRS onset to R peak plus its time from R peak to T offset
 * multiplied by the scale factor at which its T wave matches that of the beat best. `voltage` is in mV,
 * `samplingFrequency` in Hz, and `rPeaks` are sample indices; the boundaries are sample indices of `template`.
 * Undefined for a beat that extends beyond the signal, contains an invalid sample or differs too much from the
 * template.
 */
export function qtByScaledTemplate(
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
    const best = lowest(residual, 1 - largestScaleDeviation, 1 + largestScaleDeviation);
    if (best === undefined || !(residual(best) <= mostResidual * power)) return undefined;
    return (template.rPeak - qrsOnset + best * to) / samplingFrequency;
  });
}

/**
 * Sum of squared differences between the beat and the template scaled in time about the R peak by `stretch`, each minus
 * its own mean.
 */
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
    // Beyond the signal `undefined` becomes NaN, and so does the sum.
    const value = voltage[at]! + (place - at) * (voltage[at + 1]! - voltage[at]!);
    const difference = value - wave[k]!;
    sum += difference;
    squares += difference * difference;
  }
  return squares - (sum * sum) / wave.length;
}

/**
 * Location of the minimum of a function between two values: the smallest value on a grid, refined by parabolas.
 * Undefined when it lies at an end or a value is not finite.
 */
function lowest(of: (x: number) => number, from: number, to: number): number | undefined {
  const step = (to - from) / (2 * steps);
  const values = Array.from({ length: 2 * steps + 1 }, (_, k) => of(from + k * step));
  let at = 0;
  for (let k = 1; k < values.length; k++) if (values[k]! < values[at]!) at = k;
  if (at === 0 || at === values.length - 1 || !values.every(Number.isFinite)) return undefined;
  // Refined twice: the second parabola is centred on the vertex of the first, with a fifth of its spacing.
  const first = from + at * step + vertex(values[at - 1]!, values[at]!, values[at + 1]!) * step;
  const near = step / 5;
  return first + vertex(of(first - near), of(first), of(first + near)) * near;
}

/** Location of the minimum of the parabola through values at −1, 0 and 1, limited to −1 to 1. */
function vertex(before: number, middle: number, after: number): number {
  const curvature = before - 2 * middle + after;
  return curvature > 0 ? Math.max(-1, Math.min(1, (before - after) / (2 * curvature))) : 0;
}

/**
 * The QT variability index from the QT and the preceding RR interval of each beat, s; beats in which either is
 * undefined are left out. Undefined with fewer than 20 beats, or when QT or RR does not vary.
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
