/**
 * Groups the beats of a recording by the shape of their QRS complexes, and tells which of them have the dominant shape.
 * Each complex joins the group whose mean it resembles most, or begins a new one (leader clustering: J. A. Hartigan,
 * Clustering Algorithms, Wiley, 1975, ch. 3), so that one pass over the recording is enough.
 */

import { median } from '../statistics.ts';
import { bestShift } from './best-shift.ts';
import { leadsWithoutPacing } from './pacing/pacing.ts';

/** Extent of the compared part around the R peak, and largest shift in the comparison, ms. */
const extentMs = { before: 80, after: 120 };
const shiftMs = 24;
/** Duration of a bin, the mean of which stands for its samples, ms. */
const binMs = 8;
/** Least similarity of beats of one group. */
const leastSimilarity = 0.8;
/** Largest number of groups; beats unlike all of them belong to none. */
const mostGroups = 32;
/** A group with this fraction of the beats of the largest one may be the dominant one … */
const comparableShare = 0.5;
/** … if its beats come later, in relation to the RR interval after them, by this factor. */
const laterBy = 1.2;

/** Mean of the beats of a shape, NaN in the bins of a lead in which none was valid. */
interface Group {
  readonly mean: Float64Array;
  readonly counts: Int32Array;
}

export interface BeatShapes {
  /** Adds beats in order of time: `leads` without pacing spikes (mV, of equal length, NaN where invalid) and R peaks as sample indices. */
  extend(leads: readonly Float64Array[], rPeaks: ArrayLike<number>): void;
  /**
   * For each beat, 1 if it has the dominant shape. `rr` are the intervals before the beats, s, undefined for the first:
   * of shapes that are about as frequent, as in bigeminy, the one whose beats are not premature is dominant.
   * Where no beat can be compared, all are.
   */
  dominant(rr: readonly (number | undefined)[]): Uint8Array;
}

/** Bins of a beat in one lead, including those by which it may be shifted on either side. */
interface Binning {
  readonly samplesPerBin: number;
  readonly before: number;
  readonly length: number;
  readonly shift: number;
}

/** Creates empty groups; `samplingFrequency` is in Hz. */
export function createBeatShapes(samplingFrequency: number): BeatShapes {
  const samplesPerBin = Math.max(1, Math.round((binMs * samplingFrequency) / 1000));
  const bins = (ms: number): number => Math.round((ms * samplingFrequency) / 1000 / samplesPerBin);
  const shift = bins(shiftMs);
  const before = bins(extentMs.before) + shift;
  const length = before + bins(extentMs.after) + shift + 1;
  const binning = { samplesPerBin, before, length, shift };
  const groups: Group[] = [];
  const groupOf: number[] = [];
  return {
    extend(leads, rPeaks) {
      for (let k = 0; k < rPeaks.length; k++) {
        groupOf.push(join(groups, binned(leads, rPeaks[k]!, binning), binning));
      }
    },
    dominant(rr) {
      const chosen = dominantGroup(groups.length, groupOf, rr);
      if (chosen < 0) return new Uint8Array(groupOf.length).fill(1);
      // A group may have begun with a noisy beat of the dominant shape.
      const isAlike = groups.map(
        (group, index) =>
          index === chosen || similarity(groups[chosen]!.mean, group.mean, binning) >= leastSimilarity,
      );
      return Uint8Array.from(groupOf, group => (isAlike[group] ? 1 : 0));
    },
  };
}

/**
 * For each beat of leads in memory, 1 if it has the dominant shape. `leads` are in mV and of equal length, NaN where
 * invalid; `samplingFrequency` is in Hz, `rPeaks` are ascending sample indices. Pacing spikes are removed first.
 */
export function dominantBeats(
  leads: readonly Float64Array[],
  samplingFrequency: number,
  rPeaks: ArrayLike<number>,
): Uint8Array {
  const shapes = createBeatShapes(samplingFrequency);
  shapes.extend(leadsWithoutPacing(leads, samplingFrequency), rPeaks);
  return shapes.dominant(
    Array.from(rPeaks, (rPeak, k) => (k === 0 ? undefined : (rPeak - rPeaks[k - 1]!) / samplingFrequency)),
  );
}

/** The bins of a beat, lead after lead, relative to the mean of the lead; all NaN if one has no valid sample. */
function binned(
  leads: readonly Float64Array[],
  rPeak: number,
  { samplesPerBin, before, length }: Binning,
): Float64Array {
  const beat = new Float64Array(leads.length * length);
  const first = rPeak - before * samplesPerBin - (samplesPerBin >> 1);
  for (const [lead, voltage] of leads.entries()) {
    const own = beat.subarray(lead * length, (lead + 1) * length);
    let total = 0;
    for (let bin = 0; bin < length; bin++) {
      const from = first + bin * samplesPerBin;
      let [sum, valid] = [0, 0];
      for (let i = Math.max(0, from); i < Math.min(voltage.length, from + samplesPerBin); i++) {
        const v = voltage[i]!;
        if (Number.isNaN(v)) continue;
        sum += v;
        valid++;
      }
      own[bin] = sum / valid;
      total += own[bin]!;
    }
    for (let bin = 0; bin < length; bin++) own[bin]! -= total / length;
  }
  return beat;
}

/** Adds a beat to the group it resembles most, or to a new one; returns its index, −1 without one. */
function join(groups: Group[], beat: Float64Array, binning: Binning): number {
  let chosen = -1;
  let greatest = leastSimilarity;
  for (const [index, { mean }] of groups.entries()) {
    const here = similarity(mean, beat, binning);
    if (here >= greatest) [chosen, greatest] = [index, here];
  }
  if (chosen < 0) {
    if (groups.length === mostGroups || beat.every(Number.isNaN)) return -1;
    chosen = groups.length;
    groups.push({ mean: beat.slice().fill(Number.NaN), counts: new Int32Array(beat.length) });
  }
  const { mean, counts } = groups[chosen]!;
  for (let i = 0; i < beat.length; i++) {
    const value = beat[i]!;
    if (Number.isNaN(value)) continue;
    const count = ++counts[i]!;
    mean[i] = count === 1 ? value : mean[i]! + (value - mean[i]!) / count;
  }
  return chosen;
}

/**
 * Similarity of two beats at the shift where it is greatest: 2⟨a, b⟩ / (|a|² + |b|²) over the leads in which both are
 * valid. It is the correlation for beats of equal size, and 0.8 for beats of one shape of which one is twice as large;
 * −∞ when no lead is valid in both.
 */
function similarity(a: Float64Array, b: Float64Array, { length, shift }: Binning): number {
  const at = (moved: number): number => {
    let [products, squares] = [0, 0];
    for (let lead = 0; lead < a.length; lead += length) {
      if (Number.isNaN(a[lead]!) || Number.isNaN(b[lead]!)) continue;
      for (let bin = lead + shift; bin < lead + length - shift; bin++) {
        const [x, y] = [a[bin]!, b[bin + moved]!];
        products += x * y;
        squares += x * x + y * y;
      }
    }
    return (2 * products) / squares;
  };
  return bestShift(shift, at)?.similarity ?? Number.NEGATIVE_INFINITY;
}

/** Index of the dominant group, −1 without any. */
function dominantGroup(
  count: number,
  groupOf: readonly number[],
  rr: readonly (number | undefined)[],
): number {
  const sizes = new Int32Array(count);
  const lateness: number[][] = Array.from({ length: count }, () => []);
  for (const [k, group] of groupOf.entries()) {
    if (group < 0) continue;
    sizes[group]!++;
    const ratio = (rr[k] ?? Number.NaN) / (rr[k + 1] ?? Number.NaN);
    if (ratio > 0) lateness[group]!.push(ratio);
  }
  const most = sizes.reduce((a, b) => Math.max(a, b), 0);
  let chosen = sizes.indexOf(most);
  for (let group = 0; group < count; group++) {
    if (sizes[group]! < comparableShare * most) continue;
    if (median(lateness[group]!) > laterBy * median(lateness[chosen]!)) chosen = group;
  }
  return chosen;
}
