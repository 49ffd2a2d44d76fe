/**
 * Whether a QRS complex is over: behind a notch or on a plateau it seems to be, and then the signal runs on. So a place
 * is no end where the voltage moves on by more than a quarter of the complex within 40 ms; a T wave, even a steep one,
 * takes longer.
 */

const withinMs = 40;
const mostPart = 0.25;

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
