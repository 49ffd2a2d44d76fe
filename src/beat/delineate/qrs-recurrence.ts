/**
 * Agreement of QRS bounds among beats of the same shape. In noise a boundary can be found at a notch of one beat and
 * beyond it in the next, or a slow terminal deflection be taken for noise. What recurs in each of them remains in their
 * average: where a bound differs from those around it, or a late deflection may have been missed, the neighbouring beats
 * of the same shape are averaged, and a bound far from that of the average is moved to it.
 */
import { correlation } from './correlation.ts';
import { type QrsBounds, settledFrom } from './qrs-end.ts';

/** Number of beats on either side that are compared; the fewest of the same shape, and the most that are averaged. */
const neighbours = 8;
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

/** Finds the bounds in an average of beats around `beat`, with its R peak at sample `rPeak`. */
export type AverageBounds = (average: Float64Array, rPeak: number, beat: number) => QrsBounds;

/** The bounds with outliers among beats of the same shape replaced; places in samples. */
export function recurringBounds(
  lead: ComparedLead,
  bounds: readonly SingleBeatBounds[],
  boundsOf: AverageBounds,
): QrsBounds[] {
  const { rPeaks, perMs } = lead;
  const apart = apartMs * perMs;
  const from = Math.round(averagedMs.from * perMs);
  const times = { onset: timesOf(rPeaks, bounds, 'onset'), offset: timesOf(rPeaks, bounds, 'offset') };
  const isFar = (border: keyof QrsBounds, k: number, j: number): boolean =>
    Math.abs(times[border][j]! - times[border][k]!) > apart;
  return bounds.map(({ onset, offset }, k) => {
    const own = { onset, offset };
    const isInQuestion =
      countAround(k, bounds.length, j => bounds[j]!.isDoubtful) >= fewestInQuestion ||
      countAround(k, bounds.length, j => isFar('onset', k, j)) >= fewestInQuestion ||
      countAround(k, bounds.length, j => isFar('offset', k, j)) >= fewestInQuestion;
    const average = isInQuestion ? averageAround(lead, k) : undefined;
    if (average === undefined) return own;
    const common = boundsOf(average, -from, k);
    const agreed = (border: keyof QrsBounds): number | undefined => {
      const [place, other] = [own[border], common[border]];
      if (place === undefined || other === undefined) return place;
      const moved = other + rPeaks[k]! + from;
      return Math.abs(moved - place) > apart ? moved : place;
    };
    return settled(lead, { onset: agreed('onset'), offset: agreed('offset') }, own, k);
  });
}

/** The agreed bounds of a beat; its own offset where the voltage still changes after the agreed one. */
function settled(
  { voltage, rPeaks, perMs }: ComparedLead,
  { onset, offset }: QrsBounds,
  own: QrsBounds,
  beat: number,
): QrsBounds {
  if (offset === undefined || offset === own.offset) return { onset, offset };
  const sample = Math.round(offset);
  const begin = Math.round(onset ?? rPeaks[beat]!);
  const isSettled = settledFrom(voltage, begin, sample, sample, perMs) !== undefined;
  return { onset, offset: isSettled ? offset : own.offset };
}

/** The time of a boundary of each beat from its R peak, in samples; NaN where there is none. */
function timesOf(
  rPeaks: ArrayLike<number>,
  bounds: readonly QrsBounds[],
  border: keyof QrsBounds,
): Float64Array {
  const times = new Float64Array(bounds.length);
  for (let k = 0; k < times.length; k++) times[k] = (bounds[k]![border] ?? Number.NaN) - rPeaks[k]!;
  return times;
}

/** How many of the beats around a beat, which is one of them, satisfy a condition. */
function countAround(beat: number, beats: number, isCounted: (other: number) => boolean): number {
  let count = 0;
  const to = Math.min(beats - 1, beat + neighbours);
  for (let j = Math.max(0, beat - neighbours); j <= to; j++) if (isCounted(j)) count++;
  return count;
}

/** Working memory of `averageAround`. */
let sums = new Float64Array(0);

/**
 * The average of a beat and the nearest of its neighbours of the same shape, valid until the next call; undefined with too
 * few of them.
 */
function averageAround({ voltage, rPeaks, perMs }: ComparedLead, beat: number): Float64Array | undefined {
  const from = Math.round(averagedMs.from * perMs);
  const length = Math.round(averagedMs.to * perMs) - from;
  if (sums.length !== length) sums = new Float64Array(length);
  const sum = sums.fill(0);
  const last = rPeaks.length - 1;
  let count = 0;
  for (let away = 0; away <= 2 * neighbours && count < mostAveraged; away++) {
    // 0, 1 after, 1 before, 2 after …
    const j = away % 2 === 0 ? beat - away / 2 : beat + (away + 1) / 2;
    if (j < 0 || j > last) continue;
    const start = rPeaks[j]! + from;
    if (start < 0 || start + length > voltage.length) continue;
    if (j !== beat && !isAlike(voltage, rPeaks[beat]!, rPeaks[j]!, perMs)) continue;
    for (let i = 0; i < length; i++) sum[i]! += voltage[start + i]!;
    count++;
  }
  if (count <= fewest) return undefined;
  for (let i = 0; i < length; i++) sum[i]! /= count;
  return sum;
}

function isAlike(voltage: Float64Array, a: number, b: number, perMs: number): boolean {
  const from = Math.round(comparedMs.from * perMs);
  const length = Math.round(comparedMs.to * perMs) - from;
  if (Math.min(a, b) + from < 0 || Math.max(a, b) + from + length > voltage.length) return false;
  return correlation(voltage, a + from, b + from, length) >= leastCorrelation;
}
