/**
 * Agreement of QRS bounds among beats of the same shape. In noise a boundary can be found at a notch of one beat and
 * beyond it in the next, or a slow terminal deflection be taken for noise. What recurs in each of them remains in their
 * average: where a bound differs from those around it, or a late deflection may have been missed, the neighbouring beats
 * of the same shape are averaged, and a bound far from that of the average is moved to it. Beats near each other share an
 * average: that around the smoothest of them. It depends on the signal nearby only, not on where the lead begins, so that
 * a lead gives the same bounds in parts (`LeadPart`) as whole.
 */
import { correlation } from './correlation.ts';
import { type QrsBounds, settledFrom } from './qrs-end.ts';

/**
 * The neighbours of a beat: at most this many on either side, and no farther than this, ms. The average that a beat is
 * compared with may be around a neighbour, so that beats up to twice as far away count; with the length averaged this is
 * less than the margin of a part, 20 s.
 */
const neighbours = 8;
const farthestMs = 9000;
/** The fewest neighbours of the same shape, and the most beats that are averaged. */
const fewest = 4;
const mostAveraged = 11;
/** A bound is in question when this many of the beats have it elsewhere, or may have a late deflection. */
const fewestInQuestion = 4;
/** Least correlation of beats of the same shape, in this part of the beat, ms from the R peak. */
const leastCorrelation = 0.9;
const comparedMs = { from: -80, to: 140 };
/** Beats are averaged in this part, ms from the R peak. */
const averagedMs = { from: -300, to: 700 };
/** A boundary this far from that of the average is moved to it, and is elsewhere than that of another beat, ms. */
const apartMs = 12;

/** The bounds of one beat, and whether a late deflection may have been missed. */
export interface SingleBeatBounds extends QrsBounds {
  readonly isDoubtful: boolean;
}

/** A lead whose beats are compared: mV, sample indices, and the number of samples in a millisecond. */
export interface ComparedLead {
  readonly voltage: Float64Array;
  readonly rPeaks: ArrayLike<number>;
  readonly perMs: number;
}

/** Finds the bounds in the average of beats around `beat`, with its R peak at sample `rPeak`. */
export type AverageBounds = (average: Float64Array, rPeak: number, beat: number) => QrsBounds;

/** The bounds with outliers among beats of the same shape replaced; places in samples. */
export function recurringBounds(
  lead: ComparedLead,
  bounds: readonly SingleBeatBounds[],
  boundsOf: AverageBounds,
): QrsBounds[] {
  const { rPeaks, perMs } = lead;
  const rPeak = -Math.round(averagedMs.from * perMs);
  const compared = comparedBounds(lead, bounds);
  const roughness = new Float64Array(rPeaks.length).fill(-1);
  // By the beat that it is around, the bounds of each average; undefined with too few beats of the same shape.
  const averages = new Map<number, QrsBounds | undefined>();
  return bounds.map((own, k) => {
    if (!isInQuestion(lead, compared, k)) return own;
    const centre = smoothestAround(lead, roughness, k);
    if (!averages.has(centre)) {
      const average = averageAround(lead, centre);
      averages.set(centre, average && boundsOf(average, rPeak, centre));
    }
    const of = averages.get(centre);
    if (of === undefined) return own;
    const onset = agreed(own.onset, of.onset, rPeaks[k]! - rPeak, compared.apart);
    const offset = agreed(own.offset, of.offset, rPeaks[k]! - rPeak, compared.apart);
    if (onset === own.onset && offset === own.offset) return own;
    return isSettled(lead, { onset, offset }, k) ? { onset, offset } : own;
  });
}

/**
 * The times of all bounds from the R peaks, NaN where there is none, the beats in doubt (1), and by how much times
 * differ that are apart; in samples.
 */
interface ComparedBounds {
  readonly onsets: Float64Array;
  readonly offsets: Float64Array;
  readonly doubts: Uint8Array;
  readonly apart: number;
}

function comparedBounds(
  { rPeaks, perMs }: ComparedLead,
  bounds: readonly SingleBeatBounds[],
): ComparedBounds {
  const onsets = new Float64Array(bounds.length);
  const offsets = new Float64Array(bounds.length);
  const doubts = new Uint8Array(bounds.length);
  for (let k = 0; k < bounds.length; k++) {
    const { onset, offset, isDoubtful } = bounds[k]!;
    onsets[k] = (onset ?? Number.NaN) - rPeaks[k]!;
    offsets[k] = (offset ?? Number.NaN) - rPeaks[k]!;
    doubts[k] = isDoubtful ? 1 : 0;
  }
  return { onsets, offsets, doubts, apart: apartMs * perMs };
}

/** Whether enough of the beats around a beat, which is one of them, are in doubt or have a bound elsewhere. */
function isInQuestion(
  lead: ComparedLead,
  { onsets, offsets, doubts, apart }: ComparedBounds,
  beat: number,
): boolean {
  const onset = onsets[beat]!;
  const offset = offsets[beat]!;
  let doubtful = 0;
  let farOnsets = 0;
  let farOffsets = 0;
  const to = lastNeighbour(lead, beat);
  for (let j = firstNeighbour(lead, beat); j <= to; j++) {
    doubtful += doubts[j]!;
    if (Math.abs(onsets[j]! - onset) > apart) farOnsets++;
    if (Math.abs(offsets[j]! - offset) > apart) farOffsets++;
  }
  return doubtful >= fewestInQuestion || farOnsets >= fewestInQuestion || farOffsets >= fewestInQuestion;
}

/** A place, or that in the average, which begins at sample `start`, if it is farther than `apart`. */
function agreed(
  place: number | undefined,
  inAverage: number | undefined,
  start: number,
  apart: number,
): number | undefined {
  if (place === undefined || inAverage === undefined) return place;
  return Math.abs(inAverage + start - place) > apart ? inAverage + start : place;
}

/** Whether the voltage no longer changes after the offset of a beat, relative to its amplitude from the onset on. */
function isSettled(
  { voltage, rPeaks, perMs }: ComparedLead,
  { onset, offset }: QrsBounds,
  beat: number,
): boolean {
  if (offset === undefined) return true;
  const sample = Math.round(offset);
  return settledFrom(voltage, Math.round(onset ?? rPeaks[beat]!), sample, sample, perMs) !== undefined;
}

function firstNeighbour({ rPeaks, perMs }: ComparedLead, beat: number): number {
  let first = Math.max(0, beat - neighbours);
  while (rPeaks[beat]! - rPeaks[first]! > farthestMs * perMs) first++;
  return first;
}

function lastNeighbour({ rPeaks, perMs }: ComparedLead, beat: number): number {
  let last = Math.min(rPeaks.length - 1, beat + neighbours);
  while (rPeaks[last]! - rPeaks[beat]! > farthestMs * perMs) last--;
  return last;
}

/**
 * The smoothest of a beat and its neighbours of the same shape. `roughness` holds that of each beat once it is known, and
 * −1 until then. Neighbouring beats mostly have the same smoothest one.
 */
function smoothestAround(lead: ComparedLead, roughness: Float64Array, beat: number): number {
  const { voltage, rPeaks, perMs } = lead;
  const first = firstNeighbour(lead, beat);
  const last = lastNeighbour(lead, beat);
  for (let j = first; j <= last; j++) {
    if (roughness[j]! < 0) roughness[j] = roughnessAt(voltage, rPeaks[j]!, perMs);
  }
  // From the smoothest on, up to one of the same shape.
  for (let tried = Number.NEGATIVE_INFINITY; ; ) {
    let smoothest = beat;
    for (let j = first; j <= last; j++) {
      if (isRougher(roughness[j]!, tried) && isRougher(roughness[smoothest]!, roughness[j]!)) smoothest = j;
    }
    if (smoothest === beat || isAlike(voltage, rPeaks[beat]!, rPeaks[smoothest]!, perMs)) return smoothest;
    tried = roughness[smoothest]!;
  }
}

/** Whether the difference is more than that of rounding, which depends on gain. */
const isRougher = (roughness: number, other: number): boolean => roughness > other * (1 + 1e-9);

/** Sum of the absolute second differences of a beat, mV; infinite near an end of the signal. */
function roughnessAt(voltage: Float64Array, rPeak: number, perMs: number): number {
  const from = rPeak + Math.round(comparedMs.from * perMs);
  const to = rPeak + Math.round(comparedMs.to * perMs);
  if (from < 1 || to >= voltage.length) return Number.POSITIVE_INFINITY;
  let sum = 0;
  for (let i = from; i < to; i++) sum += Math.abs(voltage[i - 1]! - 2 * voltage[i]! + voltage[i + 1]!);
  return sum;
}

/** Working memory of `averageAround`. */
let sums = new Float64Array(0);

/**
 * The average of a beat and the nearest of its neighbours of the same shape, valid until the next one; undefined with too
 * few of them.
 */
function averageAround(lead: ComparedLead, beat: number): Float64Array | undefined {
  const { voltage, rPeaks, perMs } = lead;
  const from = Math.round(averagedMs.from * perMs);
  const length = Math.round(averagedMs.to * perMs) - from;
  const first = firstNeighbour(lead, beat);
  const last = lastNeighbour(lead, beat);
  const beats: number[] = [];
  for (let away = 0; away <= 2 * neighbours && beats.length < mostAveraged; away++) {
    // 0, 1 after, 1 before, 2 after …
    const j = away % 2 === 0 ? beat - away / 2 : beat + (away + 1) / 2;
    if (j < first || j > last) continue;
    const start = rPeaks[j]! + from;
    if (start < 0 || start + length > voltage.length) continue;
    if (j === beat || isAlike(voltage, rPeaks[beat]!, rPeaks[j]!, perMs)) beats.push(j);
  }
  if (beats.length <= fewest) return undefined;
  if (sums.length !== length) sums = new Float64Array(length);
  const average = sums.fill(0);
  for (const j of beats) {
    const start = rPeaks[j]! + from;
    for (let i = 0; i < length; i++) average[i]! += voltage[start + i]!;
  }
  for (let i = 0; i < length; i++) average[i]! /= beats.length;
  return average;
}

function isAlike(voltage: Float64Array, a: number, b: number, perMs: number): boolean {
  const from = Math.round(comparedMs.from * perMs);
  const length = Math.round(comparedMs.to * perMs) - from;
  if (Math.min(a, b) + from < 0 || Math.max(a, b) + from + length > voltage.length) return false;
  return correlation(voltage, a + from, b + from, length) >= leastCorrelation;
}
