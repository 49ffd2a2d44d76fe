/**
 * The RR-interval process of McSharry et al. 2003 (IEEE Trans Biomed Eng 50:289–294, §III): a power spectrum of two
 * Gaussian peaks, Mayer waves at 0.1 Hz (LF) and respiratory sinus arrhythmia at 0.25 Hz (HF), given random
 * phases, transformed back and scaled to a mean and a standard deviation.
 */
import { InputError } from '../input-error.ts';
import type { Random } from '../random.ts';
import { spectralProcess } from './spectral-process.ts';

/** Parameters of the heart-rate process. */
export interface HeartRate {
  /** Mean heart rate, beats/min. */
  readonly mean: number;
  /** Standard deviation of the heart rate, beats/min. */
  readonly sd: number;
  /** Power at 0.1 Hz over power at 0.25 Hz; 0.5 in the paper. */
  readonly lfHfRatio: number;
}

/** Centre frequencies and widths of the two peaks, Hz. */
export const heartRateSpectrum = {
  lfHz: 0.1,
  hfHz: 0.25,
  widthHz: 0.01,
} as const;

/** RR intervals as a function of time, RR(t), sampled evenly from t = 0. */
export interface Tachogram {
  /** Sampling frequency, Hz. */
  readonly samplingFrequency: number;
  /** RR interval at each sample, s. */
  readonly rr: Float64Array;
}

/**
 * Sampling frequency of the tachogram, Hz: eight times the highest frequency of interest, so that linear interpolation
 * between samples is accurate.
 */
const tachogramFrequency = 4;

/** Longest duration, s: thirty days. */
const longestSeconds = 30 * 86_400;

/** Smallest number of samples, which resolves the peaks of width 0.01 Hz: 1024 s. */
const shortest = 4096;

/**
 * An RR process of at least `seconds` (and at least 1024 s) with mean 60/`mean` s and standard deviation 60
 * `sd`/`mean`² s, both exact over the whole series; shorter segments deviate from them, as in real recordings. Throws
 * `RangeError` for an invalid rate, deviation, ratio or duration.
 */
export function createTachogram(heartRate: HeartRate, seconds: number, random: Random): Tachogram {
  const { mean, sd, lfHfRatio } = heartRate;
  if (!(mean >= 10 && mean <= 400)) {
    throw new InputError(`a mean heart rate is 10 to 400 beats/min, not ${mean}`);
  }
  if (!(sd >= 0 && sd <= mean / 5)) {
    throw new InputError(
      `the heart rate's standard deviation is 0 to a fifth of its mean ${mean}, not ${sd}`,
    );
  }
  if (!(lfHfRatio >= 0 && Number.isFinite(lfHfRatio))) {
    throw new InputError(`an LF/HF ratio is 0 or more, not ${lfHfRatio}`);
  }
  if (!(seconds >= 0 && seconds <= longestSeconds)) {
    throw new InputError(`an RR process lasts 0 to ${longestSeconds} s, not ${seconds}`);
  }
  const length = Math.max(shortest, 2 ** Math.ceil(Math.log2(seconds * tachogramFrequency + 1)));
  const fluctuation = spectralProcess(f => density(f, lfHfRatio), length, tachogramFrequency, random);

  const variance = fluctuation.reduce((sum, x) => sum + x * x, 0) / length;
  const scale = (60 * sd) / (mean * mean) / Math.sqrt(variance);
  return {
    samplingFrequency: tachogramFrequency,
    rr: fluctuation.map(x => 60 / mean + scale * x),
  };
}

/** Power spectral density S(f) with σ²(HF) = 1, up to a factor. */
function density(f: number, lfHfRatio: number): number {
  const { lfHz, hfHz, widthHz } = heartRateSpectrum;
  const peak = (center: number): number => Math.exp(-((f - center) ** 2) / (2 * widthHz * widthHz));
  return lfHfRatio * peak(lfHz) + peak(hfHz);
}

/** RR (s) at time `t` (s) by linear interpolation; constant beyond the ends. */
export function rrAt(tachogram: Tachogram, t: number): number {
  const { rr, samplingFrequency } = tachogram;
  const position = Math.min(Math.max(t * samplingFrequency, 0), rr.length - 1);
  const index = Math.min(Math.floor(position), rr.length - 2);
  const fraction = position - index;
  return rr[index]! * (1 - fraction) + rr[index + 1]! * fraction;
}
