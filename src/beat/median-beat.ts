/**
 * The median beat of a lead, which suppresses noise and occasional ectopic beats. Slopes of averaged beats are more
 * reproducible (Firoozabadi et al., J. Electrocardiol. 49:10–17, 2016).
 */

import { InputError } from '../input-error.ts';
import { requireSamplingFrequency } from '../sampling-frequency.ts';
import { medianInPlace } from '../statistics.ts';
import { createBeatMatcher, matchBeat } from './beat-match.ts';
import { requireRPeaks } from './delineate/qrs-bounds.ts';
import { withoutPacing } from './pacing/pacing.ts';

/** A median beat: voltage in mV relative to the median of its first 40 ms. */
export interface MedianBeat {
  readonly voltage: Float64Array;
  /** Index of the R peak in `voltage`. */
  readonly rPeak: number;
  /** Number of beats averaged. */
  readonly beats: number;
}

const levelMs = 40;
/** Largest shift of a beat during alignment, ms. */
const shiftMs = 20;
/** Largest number of beats used, evenly spaced; more would need memory without changing the result noticeably. */
const mostBeats = 4096;

/**
 * The sample-by-sample median of the beats, each from `before` seconds before to `after` seconds after its R peak.
 * `voltage` is in mV, `samplingFrequency` in Hz, and `rPeaks` are ascending sample indices. Pacing spikes are removed
 * first. Each beat is offset to a common level and shifted, by whole samples up to 20 ms, to where it correlates best
 * with the median of the unshifted beats, because jitter of the R peaks would reduce slopes. Beats that extend beyond
 * the signal or contain an invalid sample are left out; undefined when none remains. `measureSlopes` accepts the result
 * as a signal of one beat, and finds the QRS boundaries when the beat extends at least 0.25 s before and 0.32 s after
 * the R peak.
 *
 * Throws `RangeError` for R peaks outside the signal or out of order, a sampling frequency that is not positive, or a
 * `reach` that is not positive.
 *
 * @example
 * medianBeat(voltage, samplingFrequency, rPeaks, { before: 0.25, after: 0.4 }).voltage.length // => 235
 */
export function medianBeat(
  lead: Float64Array,
  samplingFrequency: number,
  rPeaks: ArrayLike<number>,
  reach: { readonly before: number; readonly after: number },
): MedianBeat | undefined {
  requireSamplingFrequency(samplingFrequency);
  requireRPeaks(rPeaks, lead.length);
  if (!(reach.before > 0 && reach.after > 0)) {
    throw new InputError(
      `a beat reaches before and after its R peak, not ${reach.before} and ${reach.after} s`,
    );
  }
  const chosen = evenly(Array.from(rPeaks), mostBeats);
  const cuts = createCuts(samplingFrequency, chosen.length, reach);
  cutBeats(cuts, withoutPacing(lead, samplingFrequency), chosen);
  return medianOfCuts(cuts);
}

/** Indices, among `count` beats, of those that the median beat is computed from. */
export const medianBeatPlaces = (count: number): readonly number[] =>
  evenly(
    Array.from({ length: count }, (_, k) => k),
    mostBeats,
  );

type Reach = Parameters<typeof medianBeat>[3];

/** Segments that a median beat is computed from, one after another, each with margins for the shift on either side. */
export interface BeatCuts {
  /** Hz */
  readonly samplingFrequency: number;
  /** Samples of a segment before the R peak, in all, and of each margin; the latter two without the margins. */
  readonly before: number;
  readonly length: number;
  readonly shift: number;
  readonly samples: Float64Array;
  count: number;
}

/** Prepares `cutBeats` for at most `most` beats. */
export function createCuts(samplingFrequency: number, most: number, reach: Reach): BeatCuts {
  const { before, length, shift } = samplesOf(reach, samplingFrequency);
  const samples = new Float64Array(most * (length + 2 * shift));
  return { samplingFrequency, before, length, shift, samples, count: 0 };
}

/** Converts to samples: the length before the R peak, the total length, and the largest shift. */
function samplesOf({ before, after }: Reach, samplingFrequency: number) {
  const samplesBefore = Math.round(before * samplingFrequency);
  return {
    before: samplesBefore,
    length: samplesBefore + Math.round(after * samplingFrequency) + 1,
    shift: Math.round((shiftMs * samplingFrequency) / 1000),
  };
}

/**
 * Adds the segments around R peaks. Beats that extend beyond the signal or contain an invalid sample are left out.
 * `voltage` has no pacing spikes (`withoutPacing`).
 */
export function cutBeats(cuts: BeatCuts, voltage: Float64Array, rPeaks: readonly number[]): void {
  const { before, length, shift, samples } = cuts;
  const width = length + 2 * shift;
  for (const rPeak of rPeaks) {
    const from = rPeak - before - shift;
    if (from < 0 || from + width > voltage.length) continue;
    if (copyValid(voltage, from, width, samples, cuts.count * width)) cuts.count++;
  }
}

/** Copies `count` samples from index `from` on to `out` at index `at`; false if one of them is invalid. */
function copyValid(
  voltage: Float64Array,
  from: number,
  count: number,
  out: Float64Array,
  at: number,
): boolean {
  for (let i = 0; i < count; i++) {
    const value = voltage[from + i]!;
    if (value - value !== 0) return false;
    out[at + i] = value;
  }
  return true;
}

/** The median beat of the segments, or of a shorter part of them; undefined when there are none. */
export function medianOfCuts(cuts: BeatCuts, reach?: Reach): MedianBeat | undefined {
  const { samplingFrequency, samples, shift, count } = cuts;
  if (count === 0) return undefined;
  const { before, length } = reach === undefined ? cuts : samplesOf(reach, samplingFrequency);
  const width = cuts.length + 2 * shift;
  const levelSamples = Math.min(length, Math.max(1, Math.round((levelMs * samplingFrequency) / 1000)));
  const starts = new Int32Array(count);
  const levels = new Float64Array(count);
  for (let k = 0; k < count; k++) {
    starts[k] = k * width + cuts.before - before + shift;
    levels[k] = levelFrom(samples, starts[k]!, levelSamples);
  }
  const matcher = createBeatMatcher(medianOf(samples, starts, levels, length));
  for (let k = 0; k < count; k++) {
    const moved = matchBeat(matcher, samples, starts[k]!, shift)?.shift ?? 0;
    if (moved === 0) continue;
    starts[k]! += moved;
    levels[k] = levelFrom(samples, starts[k]!, levelSamples);
  }
  return { voltage: medianOf(samples, starts, levels, length), rPeak: before, beats: count };
}

const beginning = new Float64Array(1024);

/** The median of `count` samples from `start` on. */
function levelFrom(samples: Float64Array, start: number, count: number): number {
  const own = count > beginning.length ? new Float64Array(count) : beginning;
  for (let i = 0; i < count; i++) own[i] = samples[start + i]!;
  return medianInPlace(own, count);
}

/** Sample-by-sample median of the `length` samples from each of the starts on, relative to the level of each. */
function medianOf(
  samples: Float64Array,
  starts: Int32Array,
  levels: Float64Array,
  length: number,
): Float64Array {
  const values = new Float64Array(starts.length);
  const medians = new Float64Array(length);
  for (let i = 0; i < length; i++) {
    for (let k = 0; k < values.length; k++) values[k] = samples[starts[k]! + i]! - levels[k]!;
    medians[i] = medianInPlace(values, values.length);
  }
  return medians;
}

/** At most `most` of the values, evenly spaced. */
const evenly = (values: readonly number[], most: number): readonly number[] =>
  values.length <= most
    ? values
    : Array.from({ length: most }, (_, k) => values[Math.floor((k * values.length) / most)]!);
