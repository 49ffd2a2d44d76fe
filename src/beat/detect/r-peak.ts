/**
 * The R peak on the raw signal: the largest deflection, up or down, near the middle of the QRS envelope. Deflection is
 * measured from the mean voltage around it, so that a slow drift or a raised ST segment does not win, and a place on a
 * slope is no peak.
 */

// s, on either side of the envelope's maximum.
const searchSeconds = 0.07;
const levelSeconds = 0.1;

/** s of signal on either side that the search looks at. */
export const rPeakReach = levelSeconds;

/** The latest samples of a lead: sample i is at `values[i & mask]`, for i in [from, to). */
export interface SampleRing {
  readonly values: Float64Array;
  readonly mask: number;
  from: number;
  to: number;
}

/**
 * The sample of the largest deflection within 70 ms of sample `centre` that is a local extremum; of equal ones the
 * first. Invalid samples (NaN, infinite) are passed over, and are not larger than their neighbours. Undefined where
 * there is no extremum: a wave cut off by the end of the signal has its peak elsewhere.
 */
export function findRPeak(ring: SampleRing, centre: number, samplingFrequency: number): number | undefined {
  const { values, mask } = ring;
  const level = meanAround(ring, centre, Math.round(levelSeconds * samplingFrequency));
  const reach = Math.round(searchSeconds * samplingFrequency);
  const end = Math.min(ring.to - 1, centre + reach + 1);
  let largest = 0;
  let sample: number | undefined;
  for (let i = Math.max(ring.from + 1, centre - reach); i < end; i++) {
    const deflection = values[i & mask]! - level;
    const size = Math.abs(deflection);
    if (!(size > largest && size < Number.POSITIVE_INFINITY)) continue;
    const sign = Math.sign(deflection);
    const before = (values[(i - 1) & mask]! - level) * sign;
    const after = (values[(i + 1) & mask]! - level) * sign;
    if (before > size || after > size) continue;
    largest = size;
    sample = i;
  }
  return sample;
}

function meanAround(ring: SampleRing, centre: number, reach: number): number {
  let sum = 0;
  let count = 0;
  for (let i = Math.max(ring.from, centre - reach); i < Math.min(ring.to, centre + reach + 1); i++) {
    const value = ring.values[i & ring.mask]!;
    if (value - value === 0) {
      sum += value;
      count++;
    }
  }
  return sum / count;
}
