/**
 * The median beat of a lead, which suppresses noise and occasional ectopic beats. Slopes of averaged beats are more
 * reproducible (Firoozabadi et al., J. Electrocardiol. 49:10–17, 2016).
 */

import { InputError } from '../input-error.ts';
import { requireSamplingFrequency } from '../sampling-frequency.ts';
import { medianInPlace } from '../statistics.ts';
import { createBeatMatcher, matchBeat } from './beat-match.ts';
import { requireRPeaks } from './delineate/qrs-bounds.ts';
import { withoutPacing } from './pacing.ts';

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
  const voltage = withoutPacing(lead, samplingFrequency);
  return medianOfCuts(cutBeats(voltage, samplingFrequency, chosen, reach), samplingFrequency, reach);
}

/** Indices, among `count` beats, of those that the median beat is computed from. */
export const medianBeatPlaces = (count: number): readonly number[] =>
  evenly(
    Array.from({ length: count }, (_, k) => k),
    mostBeats,
  );

type Reach = Parameters<typeof medianBeat>[3];

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
 * Segments that a median beat is computed from, each with margins for the shift on either side. Beats that extend
 * beyond the signal or contain an invalid sample are left out. `voltage` has no pacing spikes (`withoutPacing`).
 */
export function cutBeats(
  voltage: Float64Array,
  samplingFrequency: number,
  rPeaks: readonly number[],
  reach: Reach,
): Float64Array[] {
  const { before, length, shift } = samplesOf(reach, samplingFrequency);
  const width = length + 2 * shift;
  // Views of one buffer cost much less than a buffer each.
  const all = new Float64Array(rPeaks.length * width);
  const cuts: Float64Array[] = [];
  for (const rPeak of rPeaks) {
    const from = rPeak - before - shift;
    if (from < 0 || from + width > voltage.length) continue;
    const at = cuts.length * width;
    if (copyValid(voltage, from, width, all, at)) cuts.push(all.subarray(at, at + width));
  }
  return cuts;
}

/** The segments that `cutBeats` cuts with a smaller reach, as parts of those with a larger one. */
export function narrowCuts(
  cuts: readonly Float64Array[],
  samplingFrequency: number,
  wide: Reach,
  narrow: Reach,
): Float64Array[] {
  const { before, length, shift } = samplesOf(narrow, samplingFrequency);
  const from = samplesOf(wide, samplingFrequency).before - before;
  return cuts.map(cut => cut.subarray(from, from + length + 2 * shift));
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

/** The median beat of the given segments; undefined when there are none. */
export function medianOfCuts(
  cuts: readonly Float64Array[],
  samplingFrequency: number,
  reach: Reach,
): MedianBeat | undefined {
  if (cuts.length === 0) return undefined;
  const { before, length, shift } = samplesOf(reach, samplingFrequency);
  const levelSamples = Math.min(length, Math.max(1, Math.round((levelMs * samplingFrequency) / 1000)));
  const starts = new Int32Array(cuts.length).fill(shift);
  const levels = Float64Array.from(cuts, cut => levelFrom(cut, shift, levelSamples));
  /** One row per sample, with a value of each segment. */
  const values = new Float64Array(length * cuts.length);
  const template = medianOf(cuts, starts, levels, values);
  const matcher = createBeatMatcher(template);
  for (let k = 0; k < cuts.length; k++) {
    const moved = matchBeat(matcher, cuts[k]!, shift, shift)?.shift ?? 0;
    if (moved === 0) continue;
    starts[k] = shift + moved;
    levels[k] = levelFrom(cuts[k]!, shift + moved, levelSamples);
  }
  return { voltage: medianOf(cuts, starts, levels, values), rPeak: before, beats: cuts.length };
}

const beginning = new Float64Array(1024);

/** The median of `count` samples of a segment from `start` on. */
function levelFrom(cut: Float64Array, start: number, count: number): number {
  const own = count > beginning.length ? new Float64Array(count) : beginning;
  for (let i = 0; i < count; i++) own[i] = cut[start + i]!;
  return medianInPlace(own, count);
}

/**
 * Sample-by-sample median of the segments from their starts on, each relative to its level. `values` is working memory,
 * with a row for each sample of the result.
 */
function medianOf(
  cuts: readonly Float64Array[],
  starts: Int32Array,
  levels: Float64Array,
  values: Float64Array,
): Float64Array {
  const count = cuts.length;
  const length = values.length / count;
  for (let k = 0; k < count; k++) {
    const cut = cuts[k]!;
    const start = starts[k]!;
    const level = levels[k]!;
    for (let i = 0, at = k; i < length; i++, at += count) values[at] = cut[start + i]! - level;
  }
  const medians = new Float64Array(length);
  for (let i = 0; i < length; i++) {
    medians[i] = medianInPlace(values.subarray(i * count, (i + 1) * count), count);
  }
  return medians;
}

/** At most `most` of the values, evenly spaced. */
const evenly = (values: readonly number[], most: number): readonly number[] =>
  values.length <= most
    ? values
    : Array.from({ length: most }, (_, k) => values[Math.floor((k * values.length) / most)]!);
