/**
 * What is wrong with single samples: no number, no change, or the end of the converter's range. All three are told from
 * equal and extreme values alone, so neither gain nor offset nor polarity matters. A lead that was filtered after it was
 * digitised no longer repeats values: then flat and clipped stretches go unseen.
 */
import { median } from '../statistics.ts';

/** Bits of a sample's faults. */
export const sampleFault = { invalid: 1, flat: 2, clipped: 4 } as const;

/** One value for as long as this is a flat line; between two beats even a signal without noise seldom rests longer. */
const flatSeconds = 1;
/** The highest or lowest value of the lead, for as long as this and for three samples, may be a rail … */
const railSeconds = 0.008;
const railSamples = 3;
/**
 * … when it lies at least this far from the median, as a fraction of the range (else it is a resting baseline), and the
 * signal, gone half as long again, has left it by this much (else it is the round top of a wave), or it lasts longer
 * than any such top.
 */
const railDistance = 0.1;
const railDrop = 0.05;
const surelyRailSeconds = 0.05;

/** The faults of each sample. `voltage` in any unit; a sample that is not finite is invalid. */
export function sampleFaults(voltage: Float64Array, samplingFrequency: number): Uint8Array {
  const faults = new Uint8Array(voltage.length);
  const { lowest, highest, range } = railsOf(voltage);
  const flatRun = Math.max(2, Math.ceil(flatSeconds * samplingFrequency));
  const railRun = Math.max(railSamples, Math.ceil(railSeconds * samplingFrequency));
  const surelyRail = surelyRailSeconds * samplingFrequency;
  for (let from = 0; from < voltage.length; ) {
    const value = voltage[from]!;
    if (!Number.isFinite(value)) {
      faults[from++] = sampleFault.invalid;
      continue;
    }
    let to = from + 1;
    while (to < voltage.length && voltage[to] === value) to++;
    const isFlat = to - from >= flatRun;
    const isRail =
      to - from >= railRun &&
      (value === lowest || value === highest) &&
      (to - from >= surelyRail || dropBeside(voltage, from, to) > railDrop * range);
    faults.fill((isFlat ? sampleFault.flat : 0) | (isRail ? sampleFault.clipped : 0), from, to);
    from = to;
  }
  return faults;
}

/** The extreme values that lie away from the median; NaN, which equals nothing, for one that does not. */
function railsOf(voltage: Float64Array): { lowest: number; highest: number; range: number } {
  const valid = new Float64Array(voltage.length);
  let count = 0;
  let lowest = Number.POSITIVE_INFINITY;
  let highest = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < voltage.length; i++) {
    const v = voltage[i]!;
    if (!Number.isFinite(v)) continue;
    valid[count++] = v;
    if (v < lowest) lowest = v;
    if (v > highest) highest = v;
  }
  const middle = median(valid.subarray(0, count));
  const range = highest - lowest;
  const distance = railDistance * range;
  return {
    range,
    lowest: middle - lowest > distance ? lowest : Number.NaN,
    highest: highest - middle > distance ? highest : Number.NaN,
  };
}

/** How far the signal is from the value of a run, half the run's length away from it, on the side where it is farther. */
function dropBeside(voltage: Float64Array, from: number, to: number): number {
  const half = Math.ceil((to - from) / 2);
  let drop = 0;
  for (const at of [from - half, to - 1 + half]) {
    const beside = Math.abs(voltage[at]! - voltage[from]!);
    if (beside > drop) drop = beside;
  }
  return drop;
}
