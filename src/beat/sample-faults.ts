/**
 * Faults of single samples: invalid, constant, or at a limit of the converter's range. All three are found from equal
 * and extreme values alone, so that gain, offset and polarity do not matter. A lead that was filtered after
 * digitisation no longer repeats values, so that flat and clipped segments are not found.
 */

/** The bits of a sample's faults. */
export const sampleFault = { invalid: 1, flat: 2, clipped: 4 } as const;

/**
 * A constant value for this long is a flat line, s; between two beats even a noiseless signal is seldom constant for
 * longer.
 */
const flatSeconds = 1;
/**
 * The highest or lowest value of the lead is a limit of the converter when it is held for this long, s, and for three
 * samples …
 */
const railSeconds = 0.008;
const railSamples = 3;
/**
 * … lies at least this far from the median, as a fraction of the range (else it is the baseline), and the signal leaves
 * it by this much within half that time (else it is the round top of a wave), or it lasts longer than any wave's top.
 */
const railDistance = 0.1;
const railDrop = 0.05;
const surelyRailSeconds = 0.05;

/** The extreme values of a lead; NaN, which equals nothing, for one that is not away from the median. */
export interface Rails {
  readonly lowest: number;
  readonly highest: number;
  readonly range: number;
}

/**
 * Finds the rails of a lead in two passes over its parts: first `extend`, then `count`. The median is further from an
 * extreme value than a distance when fewer than half the samples are within it, so that no sorted copy of the lead is
 * needed.
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
      for (let i = 0; i < voltage.length; i++) {
        const v = voltage[i]!;
        if (!Number.isFinite(v)) continue;
        if (v < lowest) lowest = v;
        if (v > highest) highest = v;
      }
    },
    count(voltage) {
      const distance = railDistance * (highest - lowest);
      for (let i = 0; i < voltage.length; i++) {
        const v = voltage[i]!;
        if (!Number.isFinite(v)) continue;
        valid++;
        if (v - lowest <= distance) low++;
        if (highest - v <= distance) high++;
      }
    },
    result: () => ({
      range: highest - lowest,
      lowest: 2 * low < valid ? lowest : Number.NaN,
      highest: 2 * high < valid ? highest : Number.NaN,
    }),
  };
}

/** The rails of a complete lead. */
export function railsOf(voltage: Float64Array): Rails {
  const rails = createRails();
  rails.extend(voltage);
  rails.count(voltage);
  return rails.result();
}

/**
 * The faults of each sample, as bits of `sampleFault`. `voltage` is in any unit, of a lead with these rails; values
 * that are not finite are invalid.
 */
export function sampleFaults(
  voltage: Float64Array,
  samplingFrequency: number,
  { lowest, highest, range }: Rails = railsOf(voltage),
): Uint8Array {
  const faults = new Uint8Array(voltage.length);
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

/**
 * The distance of the signal from the value of a run, half the run's length away from it, on the side where it is
 * larger.
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
