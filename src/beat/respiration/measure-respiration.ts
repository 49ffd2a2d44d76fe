/**
 * Respiratory rate from the ECG. Respiration rotates the heart's electrical axis and changes thoracic impedance, which
 * modulates the QRS slopes and the R-wave angle (J. Lázaro, A. Alcaine, D. Romero, E. Gil, P. Laguna, E. Pueyo & R.
 * Bailón, Ann. Biomed. Eng. 42:2072–2083, 2014) and the R amplitude; respiratory sinus arrhythmia modulates the RR
 * intervals.
 *
 * Deviations from the paper: the spectrum of each series is a Lomb–Scargle periodogram of the values at the times of
 * the beats, which needs no resampling, instead of Welch's method on a series interpolated at 4 Hz; and the rate is not
 * tracked from window to window.
 */
import { InputError } from '../../input-error.ts';
import { requireSamplingFrequency } from '../../sampling-frequency.ts';
import { lombScargle } from '../../signal/lomb-scargle.ts';
import { median } from '../../statistics.ts';
import type { BeatSlopes } from '../slopes/measure-slopes.ts';
import { type BeatSeries, beatSeries, type RespiratoryQuantity, within } from './beat-series.ts';

/** Windows in which the respiratory rate is estimated. */
export interface RespirationOptions {
  /** Duration of a window, s; default 60. */
  readonly windowSeconds?: number;
  /** Time between the starts of successive windows, s; default half a window. */
  readonly stepSeconds?: number;
}

/**
 * Why a window has no rate: too few beats; no two series agree on a rate; or respiration too fast to be sampled by one
 * value per beat.
 */
export type NoRespiratoryRate = 'too few beats' | 'no agreement' | 'faster than the beats can follow';

/** The rate estimated from one series in a window. */
export interface SeriesRate {
  readonly quantity: RespiratoryQuantity;
  /** Index of the lead among those given; undefined for RR. */
  readonly lead: number | undefined;
  /** Rate at the highest peak of the series' spectrum, breaths/min. */
  readonly rate: number;
  /** Fraction (0 to 1) of the series' variance explained by a sinusoid of that rate. */
  readonly explainedShare: number;
  /** Whether the peak is significant and lies at the rate of the mean spectrum of all series. */
  readonly agrees: boolean;
}

/** The respiratory rate in one window. */
export interface RespirationWindow {
  /** Start and end of the window, s from the first sample. */
  readonly startSeconds: number;
  readonly endSeconds: number;
  /** Respiratory rate, breaths/min; undefined for the reason in `undefinedBecause`. */
  readonly rate: number | undefined;
  readonly undefinedBecause: NoRespiratoryRate | undefined;
  /**
   * Faster rate that explains the series nearly as well, breaths/min: the heart rate minus the rate. With evenly spaced
   * beats one value per beat cannot tell the two apart. Undefined when the beats exclude it.
   */
  readonly alias: number | undefined;
  /** Fraction (0 to 1) of the series that agree on one rate. */
  readonly confidence: number;
  /** Highest rate that the beats can sample, breaths/min: the heart rate divided by 2.2. */
  readonly highestRate: number | undefined;
  readonly series: readonly SeriesRate[];
}

/** The respiratory rate of a recording. */
export interface Respiration {
  /** Median rate of the windows, breaths/min; undefined when fewer than half of the windows have a rate. */
  readonly rate: number | undefined;
  /** Number of windows that have a rate. */
  readonly windowsWithRate: number;
  /** Mean confidence of the windows, 0 to 1. */
  readonly confidence: number;
  readonly windows: readonly RespirationWindow[];
}

/** Range of rates searched, breaths/min. */
const lowestRate = 4;
const fastestRate = 72;
/** Fewest beats per breath: the two required by the sampling theorem, and a margin. */
const beatsPerBreath = 2.2;
const leastBeats = 16;
const leastSeconds = 20;
/** Smallest number of series that must agree. */
const leastAgreeing = 2;
/**
 * Smallest fraction of the windows that must have a rate for the recording to have one. Without respiratory modulation up
 * to one window in fifty has a rate by chance.
 */
const fewestWindows = 0.5;
/**
 * Smallest ratio of the peak of fast respiration to the highest slow peak. With evenly spaced beats the slow alias of
 * fast respiration is equally high.
 */
const fastMargin = 1.02;
/** The alias is stated when its peak has at least this fraction of the height of that of the rate. */
const aliasShare = 0.9;
/** Probability that the peak of a series of white noise is significant. */
const falseAlarm = 0.001;

/**
 * Respiratory rate in sliding windows, from one or several leads that `measureSlopes` measured at the same R peaks;
 * `samplingFrequency` is in Hz. The rate of a window is that of the highest peak of the mean spectrum of all series,
 * from 4 breaths/min to the heart rate divided by 2.2, and is given only when at least two series agree on it. A
 * recording shorter than a window is analysed as one window.
 *
 * A higher peak above that range indicates faster respiration, and the window then has no rate. This requires unevenly
 * spaced beats. In synthetic windows, with RR intervals that vary by 2 % apart from respiration, fast respiration is
 * recognised in nine of ten windows; with 1 %, in a third; with less, hardly ever: the rate is then its alias, and
 * `alias` states the faster rate.
 *
 * Throws `RangeError` for no lead, leads of different numbers of beats, a sampling frequency or step that is not
 * positive, or a window under 20 s.
 *
 * @example
 * const { beats } = measureSlopes(voltage, samplingFrequency, rPeaks);
 * measureRespiration([beats], samplingFrequency).windows.length // => 8
 */
export function measureRespiration(
  leads: readonly (readonly BeatSlopes[])[],
  samplingFrequency: number,
  options: RespirationOptions = {},
): Respiration {
  const { windowSeconds = 60, stepSeconds = windowSeconds / 2 } = options;
  check(leads, samplingFrequency, windowSeconds, stepSeconds);
  const beats = leads[0]!;
  if (beats.length === 0) return { rate: undefined, windowsWithRate: 0, confidence: 0, windows: [] };
  const all = beatSeries(leads, samplingFrequency);
  const times = Float64Array.from(beats, ({ rPeak }) => rPeak / samplingFrequency);
  const begin = times[0]!;
  const end = times.at(-1)!;
  const windows: RespirationWindow[] = [];
  for (let k = 0; k === 0 || begin + k * stepSeconds + windowSeconds <= end; k++) {
    const from = begin + k * stepSeconds;
    const to = from + windowSeconds;
    windows.push(measureWindow(all, times, from, k === 0 && to > end ? end : to));
  }
  const rates = windows.flatMap(({ rate }) => rate ?? []);
  return {
    rate: rates.length === 0 || rates.length < fewestWindows * windows.length ? undefined : median(rates),
    windowsWithRate: rates.length,
    confidence: windows.reduce((sum, { confidence }) => sum + confidence, 0) / windows.length,
    windows,
  };
}

function check(
  leads: readonly (readonly BeatSlopes[])[],
  samplingFrequency: number,
  windowSeconds: number,
  stepSeconds: number,
): void {
  if (leads.length === 0) throw new InputError('respiration needs a lead');
  for (const [k, { length }] of leads.entries()) {
    if (length !== leads[0]!.length)
      throw new InputError(`lead ${k} has ${length} beats, lead 0 has ${leads[0]!.length}`);
  }
  requireSamplingFrequency(samplingFrequency);
  if (!(windowSeconds >= leastSeconds && stepSeconds > 0)) {
    throw new InputError(
      `windows of ${windowSeconds} s every ${stepSeconds} s: take ${leastSeconds} s or more, and a positive step`,
    );
  }
}

function measureWindow(
  all: readonly BeatSeries[],
  times: Float64Array,
  from: number,
  to: number,
): RespirationWindow {
  const span = { startSeconds: from, endSeconds: to };
  const none = { ...span, rate: undefined, alias: undefined, confidence: 0 };
  const parts = all.map(series => within(series, from, to));
  const beatTimes = times.filter(time => time >= from && time < to);
  const spectra = parts.flatMap(part => spectrumOf(part, to - from) ?? []);
  if (beatTimes.length < leastBeats || to - from < leastSeconds || spectra.length < leastAgreeing) {
    return { ...none, undefinedBecause: 'too few beats', highestRate: undefined, series: [] };
  }
  const usualRr = median(beatTimes.subarray(1).map((time, k) => time - beatTimes[k]!));
  const highestRate = 60 / usualRr / beatsPerBreath;
  const together = (rate: number): number =>
    spectra.reduce((sum, { explainedAt }) => sum + explainedAt(rate), 0) / spectra.length;
  const step = 60 / (8 * (to - from));
  const peak = highestPeak(together, lowestRate, highestRate, step);
  const fast = highestPeak(together, highestRate, fastestRate, step);
  const tolerance = 60 / (to - from);
  const ratesBetween = (low: number, high: number, common: number): SeriesRate[] =>
    spectra.map(({ part: { quantity, lead, time }, explainedAt }) => {
      const own = highestPeak(explainedAt, low, high, step);
      const isChance = own.height < chanceHeight(time.length);
      const agrees = !isChance && Math.abs(own.rate - common) <= tolerance;
      return { quantity, lead, rate: own.rate, explainedShare: own.height, agrees };
    });
  const agreeingIn = (rates: readonly SeriesRate[]): number => rates.filter(({ agrees }) => agrees).length;
  const series = ratesBetween(lowestRate, highestRate, peak.rate);
  const agreeing = agreeingIn(series);
  if (
    fast.height > fastMargin * peak.height &&
    agreeingIn(ratesBetween(highestRate, fastestRate, fast.rate)) >= leastAgreeing
  ) {
    return { ...none, undefinedBecause: 'faster than the beats can follow', highestRate, series };
  }
  const confidence = agreeing / all.length;
  if (agreeing < leastAgreeing) {
    return { ...none, confidence, undefinedBecause: 'no agreement', highestRate, series };
  }
  const mirrored = 60 / usualRr - peak.rate;
  const beyond = highestPeak(together, mirrored - tolerance, mirrored + tolerance, step);
  const isAmbiguous = mirrored <= fastestRate && beyond.height >= aliasShare * peak.height;
  const alias = isAmbiguous ? beyond.rate : undefined;
  return { ...span, rate: peak.rate, alias, undefinedBecause: undefined, confidence, highestRate, series };
}

/**
 * Fraction of a series' variance explained by a sinusoid, as a function of its rate (breaths/min); undefined for too
 * few values or equal ones.
 */
function spectrumOf(part: BeatSeries, seconds: number) {
  const { time, value } = part;
  if (time.length < leastBeats || time.at(-1)! - time[0]! < 0.8 * seconds) return undefined;
  const halfRate = 1 / (2 * median(time.subarray(1).map((at, k) => at - time[k]!)));
  const top = fastestRate / 60 + 0.1;
  const { density, resolution } = lombScargle(time, value, Math.max(top, halfRate));
  const whole = Math.round(halfRate / resolution);
  let variance = 0;
  for (let k = 0; k < whole && k < density.length; k++) variance += density[k]! * resolution;
  if (!(variance > 0)) return undefined;
  // The density of a sinusoid is its variance times the duration, which is 1/(4·resolution).
  const scale = (4 * resolution) / variance;
  const explainedAt = (rate: number): number => {
    const place = rate / 60 / resolution - 1;
    const before = Math.min(Math.max(Math.floor(place), 0), density.length - 2);
    const share = Math.min(Math.max(place - before, 0), 1);
    return scale * (density[before]! * (1 - share) + density[before + 1]! * share);
  };
  return { part, explainedAt };
}

/**
 * Rate and height of the largest value between two rates; the rate is refined by the parabola through it and its
 * neighbours.
 */
function highestPeak(
  of: (rate: number) => number,
  low: number,
  high: number,
  step: number,
): { readonly rate: number; readonly height: number } {
  let rate = low;
  let height = of(low);
  for (let at = low + step; at <= high; at += step) {
    const here = of(at);
    if (here > height) [rate, height] = [at, here];
  }
  const [before, after] = [of(rate - step), of(rate + step)];
  const curvature = before - 2 * height + after;
  const isInside = height >= before && height >= after && curvature < 0;
  return { rate: isInside ? rate + (step * (before - after)) / (2 * curvature) : rate, height };
}

/**
 * Significance threshold: the fraction of the variance of `count` values of white noise that the best-fitting sinusoid
 * exceeds with probability `falseAlarm`. For one frequency P(z) = (1 − z)^((n − 3)/2); the number of independent
 * frequencies is taken as half the number of values.
 */
const chanceHeight = (count: number): number =>
  1 - (1 - (1 - falseAlarm) ** (2 / count)) ** (2 / (count - 3));
