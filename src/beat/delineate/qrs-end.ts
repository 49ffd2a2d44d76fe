/**
 * Whether a QRS complex is over: behind a notch or on a plateau it seems to be, and then the signal runs on. So a place
 * is no end where the voltage moves on by more than a quarter of the complex within 40 ms; a T wave, even a steep one,
 * takes longer.
 */

const withinMs = 40;
const mostPart = 0.25;

/** Slopes are those from so long before to so long after a sample, ms. */
const slopeHalfMs = 14;
/** A late deflection begins within this after the supposed end, and is this part of the complex over this time, ms. */
const lateMs = 120;
const leastLate = 0.12;
/** So many times as steep as anything in the stretch that the T wave has, from so long after it to so long, ms. */
const overTWave = 2;
const tWaveMs = { from: 60, to: 330, least: 150 };

/**
 * Where a late deflection of the complex is steepest, behind a trough that was taken for its end; undefined where there
 * is none. It is steeper than what comes later by far, while the flank of an early T wave is no steeper than the other.
 */
export function lateDeflection(
  voltage: Float64Array,
  onset: number,
  sample: number,
  limit: number,
  perMs: number,
): number | undefined {
  const half = Math.max(1, Math.round(slopeHalfMs * perMs));
  const rise = (i: number): number => Math.abs(voltage[i + half]! - voltage[i - half]!);
  const end = Math.min(voltage.length - 1 - half, limit);
  let steepest = sample + half;
  for (let i = steepest; i <= Math.min(end, sample + Math.round(lateMs * perMs)); i++) {
    if (rise(i) > rise(steepest)) steepest = i;
  }
  const from = steepest + Math.round(tWaveMs.from * perMs);
  const to = Math.min(end, steepest + Math.round(tWaveMs.to * perMs));
  if (to - from < tWaveMs.least * perMs) return undefined;
  let later = 0;
  for (let i = from; i <= to; i++) later = Math.max(later, rise(i));
  let lowest = Number.POSITIVE_INFINITY;
  let highest = Number.NEGATIVE_INFINITY;
  for (let i = Math.max(0, onset); i <= sample; i++) {
    lowest = Math.min(lowest, voltage[i]!);
    highest = Math.max(highest, voltage[i]!);
  }
  const isLate = rise(steepest) > Math.max(overTWave * later, leastLate * (highest - lowest));
  return isLate ? steepest : undefined;
}

/** The first sample from `sample` up to `last` after which the signal does not run on; undefined where there is none. */
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

/** Whether the voltage is anywhere more than `most` from that of `sample` within `reach` samples after it. */
function runsOn(voltage: Float64Array, sample: number, reach: number, most: number): boolean {
  const value = voltage[sample]!;
  const to = Math.min(voltage.length - 1, sample + reach);
  for (let i = sample + 1; i <= to; i++) {
    const apart = voltage[i]! - value;
    if (apart > most || -apart > most) return true;
  }
  return false;
}
