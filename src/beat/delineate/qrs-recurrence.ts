/**
 * Agreement of QRS bounds among beats of the same shape. In noise a boundary can be found at a notch of one beat and
 * beyond it in the next; where most of the neighbouring beats of the same shape agree on another place, it is moved there.
 */
import { median } from '../../statistics.ts';
import { correlation } from './correlation.ts';
import { type QrsBounds, settledFrom } from './qrs-end.ts';

/** Number of beats on either side that are compared, and the fewest of the same shape. */
const neighbours = 8;
const fewest = 4;
/** Least correlation of beats of the same shape, in this part of the beat, ms from the R peak. */
const leastCorrelation = 0.9;
const comparedMs = { from: -80, to: 140 };
/** A boundary this far from the median of the neighbours is moved to it, ms, when so many of them are within this of it, ms. */
const apartMs = 24;
const agreement = { share: 0.6, withinMs: 12 };

/** The bounds with outliers among beats of the same shape replaced; places in samples. */
export function recurringBounds(
  voltage: Float64Array,
  rPeaks: ArrayLike<number>,
  bounds: readonly QrsBounds[],
  perMs: number,
): QrsBounds[] {
  const moved = (border: 'onset' | 'offset', k: number): number | undefined => {
    const own = bounds[k]![border];
    if (own === undefined) return undefined;
    const time = own - rPeaks[k]!;
    const to = Math.min(bounds.length - 1, k + neighbours);
    const times: number[] = [];
    const beats: number[] = [];
    let far = 0;
    for (let j = Math.max(0, k - neighbours); j <= to; j++) {
      const other = bounds[j]![border];
      if (j === k || other === undefined) continue;
      times.push(other - rPeaks[j]!);
      beats.push(j);
      if (Math.abs(other - rPeaks[j]! - time) > apartMs * perMs) far++;
    }
    if (far < fewest) return own;
    const similar = times.filter((_, i) => isAlike(voltage, rPeaks[k]!, rPeaks[beats[i]!]!, perMs));
    if (similar.length < fewest) return own;
    const usual = median(similar);
    const close = similar.filter(other => Math.abs(other - usual) <= agreement.withinMs * perMs);
    const isOutlier =
      Math.abs(usual - time) > apartMs * perMs && close.length >= agreement.share * similar.length;
    return isOutlier ? rPeaks[k]! + usual : own;
  };
  return bounds.map((own, k) => {
    const onset = moved('onset', k);
    const offset = moved('offset', k);
    if (offset === undefined || offset === own.offset) return { onset, offset };
    // An offset is never moved to where the voltage still changes.
    const sample = Math.round(offset);
    const begin = Math.round(onset ?? rPeaks[k]!);
    const isSettled = settledFrom(voltage, begin, sample, sample, perMs) !== undefined;
    return { onset, offset: isSettled ? offset : own.offset };
  });
}

function isAlike(voltage: Float64Array, a: number, b: number, perMs: number): boolean {
  const from = Math.round(comparedMs.from * perMs);
  const length = Math.round(comparedMs.to * perMs) - from;
  if (Math.min(a, b) + from < 0 || Math.max(a, b) + from + length > voltage.length) return false;
  return correlation(voltage, a + from, b + from, length) >= leastCorrelation;
}
