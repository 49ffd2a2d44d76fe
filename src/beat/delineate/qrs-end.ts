/**
 * Checks of QRS onsets and offsets: at a notch or on a plateau the complex may appear to have ended. A sample is rejected as the
 * offset when the voltage changes by more than a quarter of the QRS amplitude within the next 40 ms; a T wave, even a
 * steep one, takes longer.
 */

import { slidingLineSlopes } from '../slopes/line-slope.ts';

/** The first and last sample of a QRS complex, sample indices; undefined where no boundary was found. */
export interface QrsBounds {
  readonly onset: number | undefined;
  readonly offset: number | undefined;
}

const withinMs = 40;
const mostPart = 0.25;

/** Slopes before the onset are measured from this long before to this long after a sample, ms. */
const slopeHalfMs = 14;
/**
 * A late deflection is steepest within this time after the presumed offset, ms. A line over `lineMs` has this fraction of
 * the QRS amplitude there, the voltage changes by that one in total, and the slope is above half of its maximum for this
 * long, ms: less is the end of the complex, more a T wave.
 */
const late = {
  fromMs: 10,
  toMs: 80,
  lineMs: 28,
  leastPart: 0.09,
  leastChange: 0.12,
  leastHalfWidthMs: 20,
  mostHalfWidthMs: 75,
};
/**
 * It is this many times as steep as any slope in the interval of the T wave, which begins and ends this long after it,
 * ms.
 */
const overTWave = 1.05;
const tWaveMs = { from: 60, to: 330, least: 150 };

/**
 * The sample at which a late deflection of the QRS complex, such as a terminal S or R′ wave, is steepest, after a trough
 * that was taken for its offset; undefined when there is none. It is shorter than a T wave, and steeper than the T wave
 * after it. `limit` is the last sample of the beat.
 */
export function lateDeflection(
  voltage: Float64Array,
  onset: number,
  sample: number,
  limit: number,
  perMs: number,
): number | undefined {
  const half = Math.max(1, Math.round((late.lineMs / 2) * perMs));
  const length = Math.min(
    Math.round((late.toMs + tWaveMs.to) * perMs) + 1,
    Math.min(limit, voltage.length - 1 - half) + 1 - sample,
  );
  if (length < (late.fromMs + tWaveMs.from + tWaveMs.least) * perMs) return undefined;
  // Most offsets are rejected by the slopes just after them; those of the T wave are computed only for the others.
  const near = lineSlopesFrom(voltage, half, perMs, sample, Math.floor(late.toMs * perMs) + 1);
  let steepest = Math.round((late.fromMs / 2) * perMs);
  for (let i = steepest; i < near.length; i++) {
    if (Math.abs(near[i]!) > Math.abs(near[steepest]!)) steepest = i;
  }
  if (steepest < late.fromMs * perMs) return undefined;
  const most = Math.abs(near[steepest]!);
  const amplitude = peakToPeak(voltage, Math.max(0, onset), sample);
  if (!((most * late.lineMs) / 1000 > late.leastPart * amplitude)) return undefined;
  const slope = lineSlopesFrom(voltage, half, perMs, sample, length);
  let later = 0;
  const to = Math.min(length - 1, steepest + Math.round(tWaveMs.to * perMs));
  const from = steepest + Math.round(tWaveMs.from * perMs);
  if (to - from < tWaveMs.least * perMs) return undefined;
  for (let i = from; i <= to; i++) later = Math.max(later, Math.abs(slope[i]!));
  if (!(most > overTWave * later)) return undefined;
  const sign = Math.sign(slope[steepest]!);
  let first = steepest;
  while (first > 0 && slope[first]! * sign > most / 2) first--;
  let last = steepest;
  while (last < length - 1 && slope[last]! * sign > most / 2) last++;
  const halfWidthMs = (last - first) / perMs;
  if (halfWidthMs < late.leastHalfWidthMs || halfWidthMs > late.mostHalfWidthMs) return undefined;
  const change = Math.abs(voltage[sample + last]! - voltage[sample]!);
  return change > late.leastChange * amplitude ? sample + steepest : undefined;
}

/** Working memory of `lineSlopesFrom`. */
let lineSlopes = new Float64Array(512);

/** The slopes of `count` samples from `sample` on, of lines over `half` samples to either side; valid until the next call. */
function lineSlopesFrom(
  voltage: Float64Array,
  half: number,
  perMs: number,
  sample: number,
  count: number,
): Float64Array {
  if (count > lineSlopes.length) lineSlopes = new Float64Array(count);
  const slopes = lineSlopes.subarray(0, count);
  slidingLineSlopes(voltage, half, perMs * 1000, sample, slopes);
  return slopes;
}

/** Peak-to-peak height of samples `first` to `last`; NaN with an invalid one. */
function peakToPeak(voltage: Float64Array, first: number, last: number): number {
  let lowest = Number.POSITIVE_INFINITY;
  let highest = Number.NEGATIVE_INFINITY;
  for (let i = first; i <= last; i++) {
    lowest = Math.min(lowest, voltage[i]!);
    highest = Math.max(highest, voltage[i]!);
  }
  return highest - lowest;
}

/**
 * The first sample from `sample` to `last` after which the voltage does not change further; undefined when there is
 * none.
 */
export function settledFrom(
  voltage: Float64Array,
  onset: number,
  sample: number,
  last: number,
  perMs: number,
): number | undefined {
  const reach = Math.round(withinMs * perMs);
  let lowest = Number.POSITIVE_INFINITY;
  let highest = Number.NEGATIVE_INFINITY;
  for (let i = Math.max(0, onset); i < sample; i++) {
    const value = voltage[i]!;
    if (value < lowest) lowest = value;
    if (value > highest) highest = value;
  }
  for (let i = sample; i <= last; i++) {
    const value = voltage[i]!;
    if (value < lowest) lowest = value;
    if (value > highest) highest = value;
    if (!runsOn(voltage, i, reach, mostPart * (highest - lowest))) return i;
  }
  return undefined;
}

/**
 * Whether the voltage changes by more than `most` from its value at `sample` within the next `reach` samples, or, where
 * `reach` is negative, within those before it.
 */
function runsOn(voltage: Float64Array, sample: number, reach: number, most: number): boolean {
  const value = voltage[sample]!;
  const [from, to] = [
    Math.min(sample, sample + reach),
    Math.min(voltage.length - 1, Math.max(sample, sample + reach)),
  ];
  for (let i = from; i <= to; i++) {
    const apart = voltage[i]! - value;
    if (apart > most || -apart > most) return true;
  }
  return false;
}

/** The QRS complex extends at least this far after the R peak, ms. */
const afterRPeakMs = 60;
/**
 * An early deflection begins within this time before the presumed onset, ms, has this fraction of the QRS amplitude
 * during `2 · slopeHalfMs`, and is this steep relative to the rest of the complex, which a P wave is not.
 */
const early = { ms: 120, leastPart: 0.4, leastSteepness: 0.7 };
/** A deflection before the onset that is no larger may be a P wave, mV (the upper limit of normal in limb leads). */
const largestPWave = 0.25;

/**
 * The last sample from `sample` back to `first` before which the voltage does not change by more than 0.4 of the
 * QRS amplitude and 0.25 mV within 40 ms, nor has a deflection as steep as the complex; undefined when there is none.
 */
export function settledBefore(
  voltage: Float64Array,
  { sample, first, rPeak }: { readonly sample: number; readonly first: number; readonly rPeak: number },
  perMs: number,
): number | undefined {
  const reach = Math.round(withinMs * perMs);
  const end = Math.min(voltage.length - 1, rPeak + Math.round(afterRPeakMs * perMs));
  let lowest = Number.POSITIVE_INFINITY;
  let highest = Number.NEGATIVE_INFINITY;
  for (let i = sample + 1; i <= end; i++) {
    lowest = Math.min(lowest, voltage[i]!);
    highest = Math.max(highest, voltage[i]!);
  }
  for (let i = sample; i >= first; i--) {
    lowest = Math.min(lowest, voltage[i]!);
    highest = Math.max(highest, voltage[i]!);
    const least = Math.max(early.leastPart * (highest - lowest), largestPWave);
    if (runsOn(voltage, i, -Math.min(i, reach), least)) continue;
    return i < sample ? i : (earlyDeflection(voltage, { sample, first, end }, least, perMs) ?? i);
  }
  return undefined;
}

/** The sample at which a deflection before the presumed onset is steepest; undefined when there is none. */
function earlyDeflection(
  voltage: Float64Array,
  { sample, first, end }: { readonly sample: number; readonly first: number; readonly end: number },
  least: number,
  perMs: number,
): number | undefined {
  const half = Math.max(1, Math.round(slopeHalfMs * perMs));
  const rise = (i: number): number => Math.abs(voltage[i + half]! - voltage[i - half]!);
  const from = Math.max(first, half, sample - Math.round(early.ms * perMs));
  let steepest = sample - half;
  if (steepest < from) return undefined;
  for (let i = steepest - 1; i >= from; i--) if (rise(i) > rise(steepest)) steepest = i;
  let inside = 0;
  const last = Math.min(end, voltage.length - 1 - half);
  for (let i = sample; i <= last; i++) inside = Math.max(inside, rise(i));
  return rise(steepest) > Math.max(least, early.leastSteepness * inside) ? steepest : undefined;
}

/** A boundary is on a flank of the complex while the slope has this fraction of the steepest one. */
const flankPart = 0.15;

/**
 * The sample, from a presumed boundary to `limit` in the direction away from `inside`, at which the flank it lies on has
 * ended: the delta wave before, or a late S wave after the complex. `slope` is in mV/s, `inside` a sample of the complex.
 */
export function flankEnd(slope: Float64Array, boundary: number, inside: number, limit: number): number {
  const step = boundary < inside ? -1 : 1;
  let steepest = 0;
  for (let i = boundary; i !== inside; i -= step) steepest = Math.max(steepest, Math.abs(slope[i]!));
  const least = flankPart * steepest;
  const direction = Math.sign(slope[boundary]!);
  let end = boundary;
  while (end !== limit && slope[end]! * direction > least) end += step;
  return end;
}
