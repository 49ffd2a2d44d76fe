/**
 * Faults of single samples: invalid, constant, or at a limit of the converter's range. They are detected from repeated
 * and extreme values only, so that gain, offset and polarity do not matter. In a lead that was filtered after
 * digitisation values do not repeat, and flat and clipped segments are not detected.
 */

/** Bit masks of the faults of a sample. */
export const sampleFault = { invalid: 1, flat: 2, clipped: 4 } as const;

/**
 * Shortest duration of a constant value that counts as a flat line, s; between beats even a noiseless signal is seldom
 * constant for longer.
 */
const flatSeconds = 1;
/**
 * The highest or lowest value of the lead is a limit of the converter when it is held for this long, s, and for three
 * samples, …
 */
const railSeconds = 0.008;
const railSamples = 3;
/**
 * … when it lies at least this far from the median, as a fraction of the range (otherwise it is the baseline), and when
 * the signal moves away from it by this much within half that time (otherwise it is the rounded peak of a wave), or
 * stays at it for longer than the peak of any wave.
 */
const railDistance = 0.1;
const railDrop = 0.05;
const surelyRailSeconds = 0.05;

/**
 * The extreme values of a lead that may be limits of the converter; NaN, which equals no value, for one that is too
 * close to the median.
 */
export interface Rails {
  readonly lowest: number;
  readonly highest: number;
  readonly range: number;
}

/**
 * Finds the limits of a lead in two passes over its parts: first `extend`, then `count`. Whether the median is further
 * than a distance from an extreme value is decided by counting samples: it is when fewer than half of them lie within
 * that distance. No sorted copy of the lead is needed.
 */
export function createRails(): {
  extend(voltage: Float64Array): void;
  count(voltage: Float64Array): void;
  result(): Rails;
} {
  let lowest = Number.POSITIVE_INFINITY;
  let highest = Number.NEGATIVE_INFINITY;
  let [valid, low, high] = [0, 0, 0];
  return {
    extend(voltage) {
      const [least, most] = validRange(voltage);
      lowest = Math.min(lowest, least);
      highest = Math.max(highest, most);
    },
    count(voltage) {
      const counts = countNear(voltage, lowest, highest, railDistance * (highest - lowest));
      valid += counts.valid;
      low += counts.low;
      high += counts.high;
    },
    result: () => ({
      range: highest - lowest,
      lowest: 2 * low < valid ? lowest : Number.NaN,
      highest: 2 * high < valid ? highest : Number.NaN,
    }),
  };
}

/** The smallest and the largest valid value; ∞ and −∞ if there is none. */
function validRange(voltage: Float64Array): readonly [number, number] {
  let lowest = Number.POSITIVE_INFINITY;
  let highest = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < voltage.length; i++) {
    const v = voltage[i]!;
    if (v < lowest && v > Number.NEGATIVE_INFINITY) lowest = v;
    if (v > highest && v < Number.POSITIVE_INFINITY) highest = v;
  }
  return [lowest, highest];
}

/** The number of valid values, and of those within a distance of the lowest and of the highest. */
function countNear(voltage: Float64Array, lowest: number, highest: number, distance: number) {
  let [valid, low, high] = [0, 0, 0];
  for (let i = 0; i < voltage.length; i++) {
    const v = voltage[i]!;
    if (!(v >= lowest && v <= highest)) continue;
    valid++;
    if (v - lowest <= distance) low++;
    if (highest - v <= distance) high++;
  }
  return { valid, low, high };
}

/** The converter limits of a complete lead. */
export function railsOf(voltage: Float64Array): Rails {
  const rails = createRails();
  rails.extend(voltage);
  rails.count(voltage);
  return rails.result();
}

/**
 * The faults of each sample, as bits of `sampleFault`. `voltage` is in any unit and belongs to a lead with the given
 * limits; values that are not finite are invalid.
 */
export function sampleFaults(
  voltage: Float64Array,
  samplingFrequency: number,
  { lowest, highest, range }: Rails = railsOf(voltage),
): Uint8Array {
  const faults = new Uint8Array(voltage.length);
  const { length } = voltage;
  const flatRun = Math.max(2, Math.ceil(flatSeconds * samplingFrequency));
  const railRun = Math.max(railSamples, Math.ceil(railSeconds * samplingFrequency));
  const surelyRail = surelyRailSeconds * samplingFrequency;
  const endOfRun = (from: number): number => {
    let to = from + 1;
    while (to < length && voltage[to] === voltage[from]) to++;
    return to;
  };
  for (let from = 0; from < length; from++) {
    const value = voltage[from]!;
    if (value - value !== 0) {
      faults[from] = sampleFault.invalid;
    } else if (value === lowest || value === highest) {
      const to = endOfRun(from);
      const isRail =
        to - from >= railRun && (to - from >= surelyRail || dropBeside(voltage, from, to) > railDrop * range);
      if (isRail) faults.fill(sampleFault.clipped, from, to);
      from = to - 1;
    }
  }
  // A run of equal samples this long includes a sample whose index is a multiple of its length, less one.
  for (let at = flatRun - 1, to = 0; at < length; at += flatRun) {
    const isConstant = voltage[at] === voltage[at - 1] || voltage[at] === voltage[at + 1];
    if (!isConstant || at < to || faults[at] === sampleFault.invalid) continue;
    let from = at;
    while (voltage[from - 1] === voltage[at]) from--;
    to = endOfRun(at);
    if (to - from >= flatRun) for (let i = from; i < to; i++) faults[i]! |= sampleFault.flat;
  }
  return faults;
}

/**
 * Distance between the value of a run of equal samples and the signal half the run's length away from it, on the side
 * where the distance is larger.
 */
function dropBeside(voltage: Float64Array, from: number, to: number): number {
  const half = Math.ceil((to - from) / 2);
  let drop = 0;
  for (const at of [from - half, to - 1 + half]) {
    const beside = Math.abs(voltage[at]! - voltage[from]!);
    if (beside > drop) drop = beside;
  }
  return drop;
}
