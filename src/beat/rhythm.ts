/**
 * RR and NN intervals and heart-rate variability, with the definitions of the Task Force of the European Society of
 * Cardiology and the North American Society of Pacing and Electrophysiology, Circulation 93:1043–1065, 1996.
 */

import { InputError } from '../input-error.ts';
import { requireSamplingFrequency } from '../sampling-frequency.ts';
import { lombScargle } from '../signal/lomb-scargle.ts';
import { mean, standardDeviation } from '../statistics.ts';

/** From one beat to the next. */
export interface RrInterval {
  /** When it ends, s from the start of the signal. */
  readonly time: number;
  /** s. */
  readonly duration: number;
  /** Between two normal (sinus) beats. */
  readonly isNormal: boolean;
}

/** A stretch in which beats cannot be told, e.g. of flutter, noise or missing signal: sample indices, both within it. */
export interface Unreadable {
  readonly from: number;
  readonly to: number;
}

/** Beats that the sinus node drives, also through a blocked bundle branch. */
const sinusSymbols = new Set(['N', 'L', 'R']);
/** Without labels, an interval is taken for normal in this range, s, … */
const plausible = [0.3, 2] as const;
/** … and within this fraction of the median of the intervals around it, this many on either side. */
const tolerance = 0.2;
const neighbours = 5;

/**
 * The intervals between successive beats. With `symbols`, one per beat, an interval is normal when both its beats are
 * N, L or R. Without, when it lasts 0.3 to 2 s and lies within 20 % of the median of its neighbourhood (five
 * intervals on either side): a substitute for labels, not for looking. Either way an interval that reaches into one of
 * the `unreadable` stretches is not normal: beats may be missing there.
 *
 * Throws `RangeError` for beats that do not ascend, a number of symbols other than that of the beats, or a sampling
 * frequency that is not positive.
 *
 * @example
 * rrIntervals([0, 360, 756], 360).map(interval => interval.duration) // => [1, 1.1]
 */
export function rrIntervals(
  rPeaks: ArrayLike<number>,
  samplingFrequency: number,
  symbols?: readonly string[],
  unreadable: readonly Unreadable[] = [],
): RrInterval[] {
  requireSamplingFrequency(samplingFrequency);
  if (symbols !== undefined && symbols.length !== rPeaks.length) {
    throw new InputError(`${symbols.length} symbols for ${rPeaks.length} beats`);
  }
  const durations = Array.from({ length: Math.max(0, rPeaks.length - 1) }, (_, k) => {
    const duration = (rPeaks[k + 1]! - rPeaks[k]!) / samplingFrequency;
    if (!(duration > 0)) {
      throw new InputError(`R peak ${k + 1} at ${rPeaks[k + 1]} does not follow R peak ${k} at ${rPeaks[k]}`);
    }
    return duration;
  });
  const isNormal = (k: number): boolean => {
    if (unreadable.some(({ from, to }) => from <= rPeaks[k + 1]! && to >= rPeaks[k]!)) return false;
    if (symbols !== undefined) return sinusSymbols.has(symbols[k]!) && sinusSymbols.has(symbols[k + 1]!);
    const duration = durations[k]!;
    const around = durations.slice(Math.max(0, k - neighbours), k + neighbours + 1).sort((a, b) => a - b);
    const middle = around[around.length >> 1]!;
    return (
      duration >= plausible[0] &&
      duration <= plausible[1] &&
      Math.abs(duration - middle) <= tolerance * middle
    );
  };
  return durations.map((duration, k) => ({
    time: rPeaks[k + 1]! / samplingFrequency,
    duration,
    isNormal: isNormal(k),
  }));
}

/** Variability of the NN intervals. What too few of them cannot tell is undefined. */
export interface HeartRateVariability {
  /** NN intervals, and all intervals they were chosen from. */
  readonly nnCount: number;
  readonly rrCount: number;
  /** Mean NN, s, and the rate it means, beats per minute. */
  readonly meanNn: number | undefined;
  readonly meanHeartRate: number | undefined;
  /** Standard deviation of NN, s. */
  readonly sdnn: number | undefined;
  /** Root mean square of differences of adjacent NN, s. */
  readonly rmssd: number | undefined;
  /** How many of those differences are beyond 50 ms, as a fraction (0 to 1) of all NN intervals. */
  readonly pnn50: number | undefined;
  /** Standard deviations across and along the diagonal of the Poincaré plot, s (Brennan et al. 2001). */
  readonly sd1: number | undefined;
  readonly sd2: number | undefined;
  /** Power of the bands, s²: averaged over whole stretches of five minutes, the rest left out, or of one shorter one. */
  readonly frequency: FrequencyDomain | undefined;
}

/** Band power, s². VLF needs a stretch of five minutes, LF of two, HF of one. */
export interface FrequencyDomain {
  /** 0.003–0.04 Hz. */
  readonly vlf: number | undefined;
  /** 0.04–0.15 Hz. */
  readonly lf: number | undefined;
  /** 0.15–0.4 Hz. */
  readonly hf: number;
  readonly lfOverHf: number | undefined;
  /** How many stretches were averaged, and how long they are, s. */
  readonly stretches: number;
  readonly stretchDuration: number;
}

/** s. */
const nn50 = 0.05;
const stretchLimit = 300;
const bands = { vlf: [0.003, 0.04], lf: [0.04, 0.15], hf: [0.15, 0.4] } as const;
/** A stretch is used when its NN intervals fill this much of it. */
const coverage = 0.8;

/**
 * Time- and frequency-domain variability. Differences are taken only between NN intervals that follow each other
 * directly. Spectra are Lomb's, on the intervals as they are, without resampling (`lombScargle`).
 *
 * @example heartRateVariability(rrIntervals(rPeaks, samplingFrequency)).meanNn // => 0.5689…
 */
export function heartRateVariability(intervals: readonly RrInterval[]): HeartRateVariability {
  const nn = intervals.filter(interval => interval.isNormal);
  const durations = nn.map(interval => interval.duration);
  const pairs: [number, number][] = [];
  for (const [k, interval] of intervals.entries()) {
    const next = intervals[k + 1];
    if (interval.isNormal && next?.isNormal) pairs.push([interval.duration, next.duration]);
  }
  const differences = pairs.map(([a, b]) => b - a);
  const meanNn = durations.length === 0 ? undefined : mean(durations);
  return {
    nnCount: nn.length,
    rrCount: intervals.length,
    meanNn,
    meanHeartRate: meanNn === undefined ? undefined : 60 / meanNn,
    sdnn: standardDeviation(durations),
    rmssd: pairs.length === 0 ? undefined : Math.sqrt(mean(differences.map(d => d * d))),
    pnn50: pairs.length === 0 ? undefined : differences.filter(d => Math.abs(d) > nn50).length / nn.length,
    sd1: standardDeviation(pairs.map(([a, b]) => (b - a) / Math.SQRT2)),
    sd2: standardDeviation(pairs.map(([a, b]) => (a + b) / Math.SQRT2)),
    frequency: frequencyDomain(nn),
  };
}

function frequencyDomain(nn: readonly RrInterval[]): FrequencyDomain | undefined {
  if (nn.length < 3) return undefined;
  const begin = nn[0]!.time - nn[0]!.duration;
  const total = nn.at(-1)!.time - begin;
  // A beat's length short of five minutes is five minutes.
  const count = Math.max(1, Math.floor((total + 1) / stretchLimit));
  const stretchDuration = Math.min(total, stretchLimit);
  if (stretchDuration < 60) return undefined;
  const power = { vlf: 0, lf: 0, hf: 0 };
  let stretches = 0;
  for (let k = 0; k < count; k++) {
    const from = begin + k * stretchDuration;
    const inside = nn.filter(({ time }) => time > from && time <= from + stretchDuration);
    const filled = inside.reduce((sum, { duration }) => sum + duration, 0);
    if (inside.length < 3 || filled < coverage * stretchDuration) continue;
    stretches++;
    const { frequency, resolution, density } = lombScargle(
      Float64Array.from(inside, ({ time }) => time),
      Float64Array.from(inside, ({ duration }) => duration),
      bands.hf[1],
    );
    for (const band of ['vlf', 'lf', 'hf'] as const) {
      const [low, high] = bands[band];
      for (let i = 0; i < frequency.length; i++) {
        if (frequency[i]! >= low && frequency[i]! < high) power[band] += density[i]! * resolution;
      }
    }
  }
  if (stretches === 0) return undefined;
  const lf = stretchDuration >= 120 ? power.lf / stretches : undefined;
  const hf = power.hf / stretches;
  return {
    vlf: stretchDuration >= stretchLimit - 1 ? power.vlf / stretches : undefined,
    lf,
    hf,
    lfOverHf: lf === undefined || hf === 0 ? undefined : lf / hf,
    stretches,
    stretchDuration,
  };
}
