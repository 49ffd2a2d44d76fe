/**
 * Respiratory rate from the ECG: breathing turns the heart's axis and changes the chest's impedance, and with them the
 * slopes of the QRS complex and the angle between them (J. Lázaro, A. Alcaine, D. Romero, E. Gil, P. Laguna, E. Pueyo &
 * R. Bailón, Ann. Biomed. Eng. 42:2072–2083, 2014), the R amplitude, and, by sinus arrhythmia, the RR intervals.
 *
 * Where we deviate: each series' spectrum is Lomb's of the values at the times of their beats, which needs no
 * resampling, and not Welch's of a series interpolated at 4 Hz; and the rate is not tracked from window to window.
 */
import { InputError } from '../../input-error.ts';
import { lombScargle } from '../../signal/lomb-scargle.ts';
import { median } from '../../statistics.ts';
import type { BeatSlopes } from '../slopes/measure-slopes.ts';
import { type BeatSeries, beatSeries, type RespiratoryQuantity, within } from './beat-series.ts';

export interface RespirationOptions {
  /** s; default 60. */
  readonly windowSeconds?: number;
  /** From window to window, s; default half a window. */
  readonly stepSeconds?: number;
}

/**
 * Why a window has no rate: too few beats; no rate that two of the series agree on; or breathing faster than one value
 * a beat can follow.
 */
export type NoRespiratoryRate = 'too few beats' | 'no agreement' | 'faster than the beats can follow';

/** What one series says of a window. */
export interface SeriesRate {
  readonly quantity: RespiratoryQuantity;
  /** Index of the lead among those given; undefined for RR. */
  readonly lead: number | undefined;
  /** Breaths per minute at the highest peak of its spectrum. */
  readonly rate: number;
  /** The fraction (0 to 1) of the series' variance that a sine of that rate explains. */
  readonly explainedShare: number;
  /** Whether the peak is no chance and is at the rate of all series together. */
  readonly agrees: boolean;
}

export interface RespirationWindow {
  /** s from the first sample. */
  readonly from: number;
  readonly to: number;
  /** Breaths per minute. */
  readonly rate: number | undefined;
  readonly undefinedBecause: NoRespiratoryRate | undefined;
  /** The fraction (0 to 1) of the series that agree on one rate. */
  readonly confidence: number;
  /** Breaths per minute that can be told by these beats: the heart rate over 2.2. */
  readonly highestRate: number | undefined;
  readonly series: readonly SeriesRate[];
}

export interface Respiration {
  /** Median of the windows' rates, breaths per minute; undefined where none has one. */
  readonly rate: number | undefined;
  /** Mean of the windows' confidence, 0 to 1. */
  readonly confidence: number;
  readonly windows: readonly RespirationWindow[];
}

/** Breaths per minute: what is looked for. */
const lowestRate = 4;
const fastestRate = 72;
/** Beats per breath: the two of the sampling theorem, and a margin. */
const beatsPerBreath = 2.2;
const leastBeats = 16;
const leastSeconds = 20;
/** Series that must agree. */
const leastAgreeing = 2;
/** How much higher than any slow peak that of fast breathing is: its alias of even beats is as high. */
const fastMargin = 1.02;
/** Chance that the peak of a series of white noise is taken for breathing. */
const falseAlarm = 0.001;

/**
 * The respiratory rate over windows, of one or several leads that `measureSlopes` measured at the same R peaks: the
 * highest peak of the mean spectrum of all series from 4 breaths per minute to the heart rate over 2.2. A window has a
 * rate only where two series or more agree on it. Breathing faster than that is recognised by a higher peak beyond, and
 * then has no rate. This takes beats that come unevenly: with RR intervals that vary by 2 % beside breathing it is
 * recognised in nine of ten synthetic windows, with 1 % in a third, with less hardly ever, and its alias is then given
 * as a rate. A recording shorter than a window is one window.
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
  if (beats.length === 0) return { rate: undefined, confidence: 0, windows: [] };
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
    rate: rates.length === 0 ? undefined : median(rates),
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
  if (!(samplingFrequency > 0)) {
    throw new InputError(`the sampling frequency must be positive, not ${samplingFrequency}`);
  }
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
  const none = { from, to, rate: undefined, confidence: 0 };
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
  return { from, to, rate: peak.rate, undefinedBecause: undefined, confidence, highestRate, series };
}

/** The share of a series' variance that a sine explains, by its rate; undefined for too few or equal values. */
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
  // A sine's density is its variance times the duration, which is 1/(4·resolution).
  const scale = (4 * resolution) / variance;
  const explainedAt = (rate: number): number => {
    const place = rate / 60 / resolution - 1;
    const before = Math.min(Math.max(Math.floor(place), 0), density.length - 2);
    const share = Math.min(Math.max(place - before, 0), 1);
    return scale * (density[before]! * (1 - share) + density[before + 1]! * share);
  };
  return { part, explainedAt };
}

/** The highest value between two rates, on the parabola through it and its neighbours. */
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
 * The share of the variance of `count` values of white noise that the best sine explains with a chance of `falseAlarm`:
 * for one frequency P(z) = (1 − z)^((n − 3)/2), with as many independent frequencies as half the values.
 */
const chanceHeight = (count: number): number =>
  1 - (1 - (1 - falseAlarm) ** (2 / count)) ** (2 / (count - 3));
