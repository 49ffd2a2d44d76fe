/**
 * The slope of the least-squares line over a short window (Pueyo, Sörnmo & Laguna, IEEE Trans. Biomed. Eng. 55:468–477,
 * 2008: 8 ms at 1000 Hz). At lower sampling frequencies such a window has too few samples for a fit: windows shorter
 * than three sampling intervals are first interpolated by band-limited interpolation. Interpolation and fit are both
 * linear in the samples, so they are combined into one stencil for each position between two samples.
 */

import { oddWindowSamples } from '../../diff/savitzky-golay.ts';
import type { Stencil } from '../../diff/stencils.ts';
import { InputError } from '../../input-error.ts';
import { requireSamplingFrequency } from '../../sampling-frequency.ts';
import { sincReach, sincWeights } from '../../signal/sinc.ts';

/** Windows shorter than this many sampling intervals are interpolated. */
const fewestIntervals = 3;

/** … by the smallest factor for which they span at least this many intervals, as 8 ms do at 1000 Hz. */
const wantedIntervals = 8;

/** Longest window, ms: a longer line does not measure the slope of a QRS complex. */
const longestWindowMs = 1000;
/** Limit of the interpolation factor, since there is one stencil for each position. */
const mostUpsampling = 1000;

/** The stencils of least-squares line slopes at `upsampling` positions per sample. */
export interface LineSlope {
  readonly windowMs: number;
  /** Number of points that the line is fitted to. */
  readonly windowSamples: number;
  /** Points per sample of the record: 1 without interpolation. */
  readonly upsampling: number;
  /** `stencils[p]`: the slope in mV/s of the window centred p/upsampling samples after a sample. */
  readonly stencils: readonly Stencil[];
}

/** The last one is kept, because a batch measures many leads of the same sampling frequency. */
let latest: { readonly samplingFrequency: number; readonly line: LineSlope } | undefined;

/**
 * The stencils for a window of `windowMs`; `samplingFrequency` is in Hz. Throws `RangeError` for a sampling frequency
 * that is not positive, or a window over 1000 ms or under 1/125 of a sampling interval.
 */
export function lineSlope(windowMs: number, samplingFrequency: number): LineSlope {
  if (latest?.samplingFrequency === samplingFrequency && latest.line.windowMs === windowMs)
    return latest.line;
  requireSamplingFrequency(samplingFrequency);
  const intervals = (windowMs * samplingFrequency) / 1000;
  const upsampling = intervals >= fewestIntervals ? 1 : Math.ceil(wantedIntervals / intervals);
  if (!(windowMs > 0 && windowMs <= longestWindowMs && upsampling <= mostUpsampling)) {
    const shortest = (1000 * wantedIntervals) / mostUpsampling / samplingFrequency;
    throw new InputError(
      `a line over ${windowMs} ms: at ${samplingFrequency} Hz take ${shortest} to ${longestWindowMs} ms`,
    );
  }
  const windowSamples = oddWindowSamples(windowMs, samplingFrequency * upsampling);
  const half = (windowSamples - 1) / 2;
  // The slope of the line is Σ j·v[j] over Σ j², with j from −half to half.
  const norm = (half * (half + 1) * (2 * half + 1)) / 3;
  const scale = (samplingFrequency * upsampling) / norm;
  const first = Math.floor(-half / upsampling) - sincReach + 1;
  const last = Math.floor((upsampling - 1 + half) / upsampling) + sincReach;
  const stencils = Array.from({ length: upsampling }, (_, phase): Stencil => {
    const weights = new Float64Array(last - first + 1);
    for (let j = -half; j <= half; j++) {
      const whole = Math.floor((phase + j) / upsampling);
      const sinc = sincWeights((phase + j) / upsampling - whole);
      for (let k = 0; k < sinc.length; k++) {
        weights[whole - sincReach + 1 + k - first]! += j * scale * sinc[k]!;
      }
    }
    return upsampling === 1
      ? { first: -half, weights: weights.subarray(-half - first, half - first + 1) }
      : { first, weights };
  });
  const line = { windowMs, windowSamples, upsampling, stencils };
  latest = { samplingFrequency, line };
  return line;
}

/**
 * The slope (mV/s) of the line over the window centred at `position`, in samples, rounded to the nearest position that
 * has a stencil; undefined where the window reaches outside the signal or contains an invalid sample.
 */
export function lineSlopeAt(line: LineSlope, voltage: Float64Array, position: number): number | undefined {
  const place = Math.round(position * line.upsampling);
  const at = Math.floor(place / line.upsampling);
  const { first, weights } = line.stencils[place - at * line.upsampling]!;
  const from = at + first;
  if (from < 0 || from + weights.length > voltage.length) return undefined;
  let slope = 0;
  for (let k = 0; k < weights.length; k++) slope += weights[k]! * voltage[from + k]!;
  return Number.isFinite(slope) ? slope : undefined;
}

/** A line over `half` samples to either side, at a sampling frequency in Hz. */
export interface SlidingLine {
  readonly half: number;
  readonly samplingFrequency: number;
}

/**
 * The slopes (mV/s) of the lines around `count` samples from index `from` on, by default as many as `out` holds. Near
 * the ends, where no window is centred, the slope of the first or last window, as in Savitzky–Golay filters. Equal
 * samples give exactly zero. The signal must be at least as long as the window.
 */
export function slidingLineSlopes(
  voltage: Float64Array,
  { half, samplingFrequency }: SlidingLine,
  from: number,
  out: Float64Array,
  count = out.length,
): void {
  // Σ j² over −half … half.
  const scale = samplingFrequency / ((half * (half + 1) * (2 * half + 1)) / 3);
  const begin = Math.min(count, Math.max(0, half - from));
  const end = Math.max(begin, Math.min(count, voltage.length - half - from));
  let i = begin;
  // Four at a time, because their windows have most samples in common: for each j only one to either side is new.
  for (; i + 3 < end; i += 4) {
    let left = from + i - 1;
    let right = from + i + 4;
    let sum0 = 0;
    let sum1 = 0;
    let sum2 = 0;
    let sum3 = 0;
    let left0 = voltage[left]!;
    let left1 = voltage[left + 1]!;
    let left2 = voltage[left + 2]!;
    let left3 = voltage[left + 3]!;
    let right0 = voltage[right - 3]!;
    let right1 = voltage[right - 2]!;
    let right2 = voltage[right - 1]!;
    for (let j = 1; ; j++) {
      const right3 = voltage[right]!;
      sum0 += j * (right0 - left0);
      sum1 += j * (right1 - left1);
      sum2 += j * (right2 - left2);
      sum3 += j * (right3 - left3);
      if (j === half) break;
      right++;
      right0 = right1;
      right1 = right2;
      right2 = right3;
      left--;
      left3 = left2;
      left2 = left1;
      left1 = left0;
      left0 = voltage[left]!;
    }
    out[i] = sum0 * scale;
    out[i + 1] = sum1 * scale;
    out[i + 2] = sum2 * scale;
    out[i + 3] = sum3 * scale;
  }
  for (; i < end; i++) out[i] = scale * slopeSum(voltage, half, from + i);
  if (begin > 0) out.fill(scale * slopeSum(voltage, half, half), 0, begin);
  if (end < count) out.fill(scale * slopeSum(voltage, half, voltage.length - 1 - half), end, count);
}

/** Σ j·v[j] over the window around a sample. */
function slopeSum(voltage: Float64Array, half: number, sample: number): number {
  let sum = 0;
  for (let j = 1; j <= half; j++) sum += j * (voltage[sample + j]! - voltage[sample - j]!);
  return sum;
}
