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
  const onsets = timesOf(rPeaks, bounds, 'onset');
  const offsets = timesOf(rPeaks, bounds, 'offset');
  const lead: ComparedLead = { voltage, rPeaks, perMs };
  const agreed: QrsBounds[] = [];
  for (let k = 0; k < bounds.length; k++) {
    const own = bounds[k]!;
    const onset = own.onset === undefined ? undefined : agreedBound(lead, own.onset, onsets, k);
    const offset = own.offset === undefined ? undefined : agreedBound(lead, own.offset, offsets, k);
    if (offset === undefined || offset === own.offset) {
      agreed.push(onset === own.onset ? own : { onset, offset });
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

/** A lead whose beats are compared. */
interface ComparedLead {
  readonly voltage: Float64Array;
  readonly rPeaks: ArrayLike<number>;
  readonly perMs: number;
}

/** The boundary `own` of a beat, or the place on which its neighbours of the same shape agree, from the times of all. */
function agreedBound(
  { voltage, rPeaks, perMs }: ComparedLead,
  own: number,
  times: Float64Array,
  beat: number,
): number {
  const time = times[beat]!;
  const from = Math.max(0, beat - neighbours);
  const to = Math.min(times.length - 1, beat + neighbours);
  const apart = apartMs * perMs;
  let far = 0;
  for (let j = from; j <= to; j++) if (Math.abs(times[j]! - time) > apart) far++;
  if (far < fewest) return own;
  const similar: number[] = [];
  for (let j = from; j <= to; j++) {
    if (j === beat || Number.isNaN(times[j]!)) continue;
    if (isAlike(voltage, rPeaks[beat]!, rPeaks[j]!, perMs)) similar.push(times[j]!);
  }
  if (similar.length < fewest) return own;
  const usual = median(similar);
  const close = similar.filter(other => Math.abs(other - usual) <= agreement.withinMs * perMs);
  const isOutlier = Math.abs(usual - time) > apart && close.length >= agreement.share * similar.length;
  return isOutlier ? rPeaks[beat]! + usual : own;
}

function isAlike(voltage: Float64Array, a: number, b: number, perMs: number): boolean {
  const from = Math.round(comparedMs.from * perMs);
  const length = Math.round(comparedMs.to * perMs) - from;
  if (Math.min(a, b) + from < 0 || Math.max(a, b) + from + length > voltage.length) return false;
  return correlation(voltage, a + from, b + from, length) >= leastCorrelation;
}
