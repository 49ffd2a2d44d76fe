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
/** A boundary this far from the median of the neighbours is moved to it, ms, when this share of them is within so many ms of it. */
const apartMs = 24;
const agreement = { share: 0.6, withinMs: 12 };

/** The bounds with outliers among beats of the same shape replaced; places in samples. */
export function recurringBounds(
  voltage: Float64Array,
  rPeaks: ArrayLike<number>,
  bounds: readonly QrsBounds[],
  perMs: number,
): QrsBounds[] {
  const agreed: QrsBounds[] = [];
  for (let k = 0; k < bounds.length; k++) {
    const own = bounds[k]!;
    const onset = agreedBound(voltage, rPeaks, bounds, { border: 'onset', beat: k }, perMs);
    const offset = agreedBound(voltage, rPeaks, bounds, { border: 'offset', beat: k }, perMs);
    if (offset === undefined || offset === own.offset) {
      agreed.push({ onset, offset });
      continue;
    }
    // An offset is never moved to where the voltage still changes.
    const sample = Math.round(offset);
    const begin = Math.round(onset ?? rPeaks[k]!);
    const isSettled = settledFrom(voltage, begin, sample, sample, perMs) !== undefined;
    agreed.push({ onset, offset: isSettled ? offset : own.offset });
  }
  return agreed;
}

/** A boundary of a beat, or the place on which its neighbours of the same shape agree. */
function agreedBound(
  voltage: Float64Array,
  rPeaks: ArrayLike<number>,
  bounds: readonly QrsBounds[],
  { border, beat }: { readonly border: keyof QrsBounds; readonly beat: number },
  perMs: number,
): number | undefined {
  const own = bounds[beat]![border];
  if (own === undefined) return undefined;
  const time = own - rPeaks[beat]!;
  const from = Math.max(0, beat - neighbours);
  const to = Math.min(bounds.length - 1, beat + neighbours);
  let far = 0;
  for (let j = from; j <= to; j++) {
    const other = bounds[j]![border];
    if (other !== undefined && Math.abs(other - rPeaks[j]! - time) > apartMs * perMs) far++;
  }
  if (far < fewest) return own;
  const similar: number[] = [];
  for (let j = from; j <= to; j++) {
    const other = bounds[j]![border];
    if (j === beat || other === undefined) continue;
    if (isAlike(voltage, rPeaks[beat]!, rPeaks[j]!, perMs)) similar.push(other - rPeaks[j]!);
  }
  if (similar.length < fewest) return own;
  const usual = median(similar);
  const close = similar.filter(other => Math.abs(other - usual) <= agreement.withinMs * perMs);
  const isOutlier =
    Math.abs(usual - time) > apartMs * perMs && close.length >= agreement.share * similar.length;
  return isOutlier ? rPeaks[beat]! + usual : own;
}

function isAlike(voltage: Float64Array, a: number, b: number, perMs: number): boolean {
  const from = Math.round(comparedMs.from * perMs);
  const length = Math.round(comparedMs.to * perMs) - from;
  if (Math.min(a, b) + from < 0 || Math.max(a, b) + from + length > voltage.length) return false;
  return correlation(voltage, a + from, b + from, length) >= leastCorrelation;
}
