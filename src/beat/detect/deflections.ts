/** The deflections of a QRS complex: its local extrema, without pacing spikes and artefacts. */

// Search range on either side of the envelope's maximum, s.
const searchSeconds = 0.07;
const levelSeconds = 0.1;
/** Samples needed on either side of the envelope's maximum, s. */
export const rPeakReach = levelSeconds;
/**
 * A deflection that falls to half its height within this time on both sides is a pacing spike or an artefact, s; not
 * tested below 200 Hz.
 */
const spikeSeconds = 0.003;
/** A jump between adjacent samples of this fraction of the range within this time, s, is not part of a complex. */
const spikeJump = 0.7;
const jumpSeconds = 0.012;
/** The jump is considered only if that range is at least this fraction of the deflection. */
const spikeRange = 0.3;
const spikeFrequency = 200;
/** Smallest deflection that may locate a beat, relative to the largest of the beat. */
const leastShare = 0.3;
/**
 * Smallest return of the signal between two deflections of the same sign, relative to the largest; with a smaller one
 * they are merged.
 */
const leastReturn = 0.05;
/** Ring buffer of the latest samples of a lead: sample i is at `values[i & mask]`, for i in [from, to). */
export interface SampleRing {
  readonly values: Float64Array;
  readonly mask: number;
  from: number;
  to: number;
}

/** A local extremum within a complex. */
export interface Deflection {
  readonly sample: number;
  /** 1 up, −1 down. */
  readonly sign: number;
  /** Its size relative to the largest of the complex. */
  readonly share: number;
  /** Time relative to the maximum of the envelope, s. */
  readonly place: number;
}

/**
 * The local extrema within 70 ms of sample `centre`, in order of time. Sizes are relative to the mean voltage around
 * it, so that slow drift or a raised ST segment has no influence; points on a monotonic slope are not extrema. Invalid
 * samples (NaN, infinite) are skipped. Empty for a wave cut off by the end of the signal, because its peak is not
 * recorded.
 */
export function deflections(ring: SampleRing, centre: number, samplingFrequency: number): Deflection[] {
  const { values, mask } = ring;
  const level = meanAround(ring, centre, Math.round(levelSeconds * samplingFrequency));
  const reach = Math.round(searchSeconds * samplingFrequency);
  const end = Math.min(ring.to - 1, centre + reach + 1);
  const found: { sample: number; size: number }[] = [];
  let largest = 0;
  for (let i = Math.max(ring.from + 1, centre - reach); i < end; i++) {
    const deflection = values[i & mask]! - level;
    const size = Math.abs(deflection);
    if (!(size > leastShare * largest && size < Number.POSITIVE_INFINITY)) continue;
    const sign = Math.sign(deflection);
    const before = (values[(i - 1) & mask]! - level) * sign;
    const after = (values[(i + 1) & mask]! - level) * sign;
    if (before > size || after > size) continue;
    found.push({ sample: i, size: deflection });
    largest = Math.max(largest, size);
  }
  const waves = found.filter(({ sample, size }) => !isSpike(ring, sample, level, size, samplingFrequency));
  const kept = waves.length > 0 ? waves : found;
  const whole = kept.filter(
    (one, k) => !isPartOf(ring, one, kept[k - 1], largest) && !isPartOf(ring, one, kept[k + 1], largest),
  );
  return inShares(whole, centre, samplingFrequency);
}

interface Extremum {
  readonly sample: number;
  /** Signed distance from the mean level. */
  readonly size: number;
}

/**
 * Whether an extremum belongs to its larger neighbour: it has the same sign, and the signal hardly returns between
 * them.
 */
function isPartOf(
  { values, mask }: SampleRing,
  { sample, size }: Extremum,
  neighbour: Extremum | undefined,
  largest: number,
): boolean {
  if (neighbour === undefined) return false;
  const sign = Math.sign(size);
  const isLess =
    Math.abs(neighbour.size) > Math.abs(size) || (neighbour.size === size && neighbour.sample < sample);
  if (Math.sign(neighbour.size) !== sign || !isLess) return false;
  const step = neighbour.sample < sample ? -1 : 1;
  for (let i = sample; i !== neighbour.sample; i += step) {
    if ((values[sample & mask]! - values[i & mask]!) * sign > leastReturn * largest) return false;
  }
  return true;
}

function inShares(
  found: readonly { readonly sample: number; readonly size: number }[],
  centre: number,
  samplingFrequency: number,
): Deflection[] {
  const largest = found.reduce((most, { size }) => Math.max(most, Math.abs(size)), 0);
  return found
    .filter(({ size }) => Math.abs(size) >= leastShare * largest)
    .map(({ sample, size }) => ({
      sample,
      sign: Math.sign(size),
      share: Math.abs(size) / largest,
      place: (sample - centre) / samplingFrequency,
    }));
}

/**
 * Whether the signal falls to half the deflection on both sides within fewer samples than any cardiac wave takes, or
 * jumps to or from the extremum.
 */
function isSpike(
  ring: SampleRing,
  at: number,
  level: number,
  deflection: number,
  samplingFrequency: number,
): boolean {
  const flank = Math.max(1, Math.round(spikeSeconds * samplingFrequency));
  const around = Math.round(jumpSeconds * samplingFrequency);
  if (samplingFrequency < spikeFrequency) return false;
  const { values, mask } = ring;
  const before = (values[(at - flank) & mask]! - level) / deflection;
  const after = (values[(at + flank) & mask]! - level) / deflection;
  if (before < 0.5 && after < 0.5) return true;
  let jump = 0;
  let lowest = Number.POSITIVE_INFINITY;
  let highest = Number.NEGATIVE_INFINITY;
  for (let i = Math.max(ring.from + 1, at - around); i <= Math.min(ring.to - 1, at + around); i++) {
    const value = values[i & mask]!;
    if (value < lowest) lowest = value;
    if (value > highest) highest = value;
    const step = Math.abs(value - values[(i - 1) & mask]!);
    if (step > jump) jump = step;
  }
  // On a plateau noise alone may jump by the whole range, which is small.
  const range = highest - lowest;
  return jump > spikeJump * range && range > spikeRange * Math.abs(deflection);
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
