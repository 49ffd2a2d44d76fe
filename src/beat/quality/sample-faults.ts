/**
 * Faults of single samples: invalid, constant, or at a limit of the converter's range. They are detected from repeated
 * and extreme values only, so that gain, offset and polarity do not matter. In a lead that was filtered after
 * digitisation values do not repeat, and flat and clipped segments are not detected.
 */

import type { SampleSpan } from '../sample-span.ts';

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
  /** Whether every sample of the lead is finite. */
  readonly isValid: boolean;
}

/**
 * The state of the search for the limits of a lead: the extreme values, how often they occur, whether there was an
 * invalid value, and the numbers of values near the extreme ones.
 */
export interface RailCounts {
  lowest: number;
  highest: number;
  atLowest: number;
  atHighest: number;
  isValid: boolean;
  valid: number;
  low: number;
  high: number;
}

/**
 * Starts the search for the limits of a lead in two passes over its parts: first `extendRange`, then `countNearRails`.
 * Whether the median is further than a distance from an extreme value is decided by counting samples: it is when fewer
 * than half of them lie within that distance. No sorted copy of the lead is needed.
 */
export const createRailCounts = (): RailCounts => ({
  lowest: Number.POSITIVE_INFINITY,
  highest: Number.NEGATIVE_INFINITY,
  atLowest: 0,
  atHighest: 0,
  isValid: true,
  valid: 0,
  low: 0,
  high: 0,
});

/** Extends the range of the lead by samples `[from, to)` of a part. */
export function extendRange(counts: RailCounts, voltage: Float64Array, from: number, to: number): void {
  for (
    let i = firstOutside(voltage, from, to, counts);
    i < to;
    i = firstOutside(voltage, i + 1, to, counts)
  ) {
    const v = voltage[i]!;
    if (v - v !== 0) {
      counts.isValid = false;
      continue;
    }
    if (v <= counts.lowest) {
      counts.atLowest = v < counts.lowest ? 1 : counts.atLowest + 1;
      counts.lowest = v;
    }
    if (v >= counts.highest) {
      counts.atHighest = v > counts.highest ? 1 : counts.atHighest + 1;
      counts.highest = v;
    }
  }
}

/** The first sample of `[from, to)` that does not lie between the extreme values, or `to`. */
function firstOutside(
  voltage: Float64Array,
  from: number,
  to: number,
  { lowest, highest }: Pick<RailCounts, 'lowest' | 'highest'>,
): number {
  let i = from;
  while (i < to && voltage[i]! > lowest && voltage[i]! < highest) i++;
  return i;
}

/**
 * Counts the values of samples `[from, to)` of a part that are near the limits of the range, unless the extreme values
 * occur too seldom to be limits of the converter.
 */
export function countNearRails(counts: RailCounts, voltage: Float64Array, from: number, to: number): void {
  const { lowest, highest, atLowest, atHighest } = counts;
  if (atLowest < railSamples && atHighest < railSamples) return;
  const distance = railDistance * (highest - lowest);
  let valid = 0;
  let low = 0;
  let high = 0;
  for (let i = from; i < to; i++) {
    const v = voltage[i]!;
    if (!(v >= lowest && v <= highest)) continue;
    valid++;
    if (v - lowest <= distance) low++;
    if (highest - v <= distance) high++;
  }
  counts.valid += valid;
  counts.low += low;
  counts.high += high;
}

/** The limits after both passes. */
export const railsFrom = ({ lowest, highest, isValid, valid, low, high }: RailCounts): Rails => ({
  isValid,
  range: highest - lowest,
  lowest: 2 * low < valid ? lowest : Number.NaN,
  highest: 2 * high < valid ? highest : Number.NaN,
});

/** The converter limits of a complete lead. */
function railsOf(voltage: Float64Array): Rails {
  const counts = createRailCounts();
  extendRange(counts, voltage, 0, voltage.length);
  countNearRails(counts, voltage, 0, voltage.length);
  return railsFrom(counts);
}

/**
 * The faults of each sample, as bits of `sampleFault`. `voltage` is in any unit and belongs to a lead with the given
 * limits; values that are not finite are invalid.
 */
export function sampleFaults(
  voltage: Float64Array,
  samplingFrequency: number,
  rails: Rails = railsOf(voltage),
): Uint8Array {
  const faults = new Uint8Array(voltage.length);
  const { length } = voltage;
  const flatRun = Math.max(2, Math.ceil(flatSeconds * samplingFrequency));
  const { lowest, highest, isValid } = rails;
  const hasNone = isValid && Number.isNaN(lowest) && Number.isNaN(highest);
  if (!hasNone) markInvalidAndClipped(voltage, samplingFrequency, rails, faults);
  // A run of equal samples this long includes a sample whose index is a multiple of its length, less one.
  for (let at = flatRun - 1, to = 0; at < length; at += flatRun) {
    const isConstant = voltage[at] === voltage[at - 1] || voltage[at] === voltage[at + 1];
    if (!isConstant || at < to || faults[at] === sampleFault.invalid) continue;
    let from = at;
    while (voltage[from - 1] === voltage[at]) from--;
    to = endOfRun(voltage, at);
    if (to - from >= flatRun) for (let i = from; i < to; i++) faults[i]! |= sampleFault.flat;
  }
  return faults;
}

/** Marks the invalid samples, and those at a limit of the converter. */
function markInvalidAndClipped(
  voltage: Float64Array,
  samplingFrequency: number,
  { lowest, highest, range }: Rails,
  faults: Uint8Array,
): void {
  const { length } = voltage;
  const railRun = Math.max(railSamples, Math.ceil(railSeconds * samplingFrequency));
  const surelyRail = surelyRailSeconds * samplingFrequency;
  // All but invalid values and the limits lie between; where there is no limit, it is NaN.
  const between = {
    lowest: Number.isNaN(lowest) ? Number.NEGATIVE_INFINITY : lowest,
    highest: Number.isNaN(highest) ? Number.POSITIVE_INFINITY : highest,
  };
  const next = (at: number): number => firstOutside(voltage, at, length, between);
  for (let from = next(0); from < length; from = next(from + 1)) {
    const value = voltage[from]!;
    if (value - value !== 0) {
      faults[from] = sampleFault.invalid;
    } else if (value === lowest || value === highest) {
      const to = endOfRun(voltage, from);
      const isRail =
        to - from >= railRun && (to - from >= surelyRail || dropBeside(voltage, from, to) > railDrop * range);
      if (isRail) faults.fill(sampleFault.clipped, from, to);
      from = to - 1;
    }
  }
}

/** The end of the run of equal samples that begins at `from`. */
function endOfRun(voltage: Float64Array, from: number): number {
  let to = from + 1;
  while (to < voltage.length && voltage[to] === voltage[from]) to++;
  return to;
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

/** The faults of samples, also as words of four of them each, without the last ones that are fewer. */
export interface FaultWords {
  readonly faults: Uint8Array;
  readonly words: Int32Array;
}

/** The result of `sampleFaults` with its words. */
export const faultWords = (faults: Uint8Array): FaultWords => ({
  faults,
  words: new Int32Array(faults.buffer, faults.byteOffset, faults.length >> 2),
});

/** Fractions (0 to 1) of samples with each fault. */
export interface FaultShares {
  readonly invalidShare: number;
  readonly flatShare: number;
  readonly clippedShare: number;
}

/** The fractions of the samples `[from, to)` with each fault. */
export function faultShares({ faults, words }: FaultWords, from: number, to: number): FaultShares {
  let invalid = 0;
  let flat = 0;
  let clipped = 0;
  for (let i = from; i < to; i++) {
    // Nearly everywhere four samples at once have none.
    if ((i & 3) === 0 && words[i >> 2] === 0) {
      i += 3;
      continue;
    }
    const fault = faults[i]!;
    if (fault === 0) continue;
    if (fault & sampleFault.invalid) invalid++;
    if (fault & sampleFault.flat) flat++;
    if (fault & sampleFault.clipped) clipped++;
  }
  const count = to - from;
  return { invalidShare: invalid / count, flatShare: flat / count, clippedShare: clipped / count };
}

/** Shortest lost signal that may hide a QRS complex, s. */
const leastLostSeconds = 0.1;

/** The runs of samples in which the signal is invalid or constant for the duration of a QRS complex or longer; as `sampleFaults`. */
export function lostSpans(voltage: Float64Array, samplingFrequency: number, rails?: Rails): SampleSpan[] {
  const lost = sampleFault.invalid | sampleFault.flat;
  const faults = sampleFaults(voltage, samplingFrequency, rails);
  const spans: SampleSpan[] = [];
  for (let start = 0; start < faults.length; start++) {
    if ((faults[start]! & lost) === 0) continue;
    let end = start;
    while (end < faults.length && (faults[end]! & lost) !== 0) end++;
    if (end - start >= leastLostSeconds * samplingFrequency) spans.push({ start, end });
    start = end;
  }
  return spans;
}
