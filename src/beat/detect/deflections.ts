/** The deflections of a QRS complex: its local extrema, without pacing spikes and artefacts. */
import { type SampleRing, validRange } from './sample-ring.ts';

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
  const level = meanAround(ring, centre, Math.round(levelSeconds * samplingFrequency));
  const found = extrema(ring, centre, level, Math.round(searchSeconds * samplingFrequency));
  const waves = withoutSpikes(ring, found, level, samplingFrequency);
  const kept = waves.length > 0 ? waves : found;
  let largest = 0;
  for (const { size } of found) largest = Math.max(largest, Math.abs(size));
  const whole: Extremum[] = [];
  let wholeLargest = 0;
  for (let k = 0; k < kept.length; k++) {
    const one = kept[k]!;
    if (k > 0 && isPartOf(ring, one, kept[k - 1]!, largest)) continue;
    if (k + 1 < kept.length && isPartOf(ring, one, kept[k + 1]!, largest)) continue;
    whole.push(one);
    wholeLargest = Math.max(wholeLargest, Math.abs(one.size));
  }
  return inShares(whole, wholeLargest, centre, samplingFrequency);
}

/** A local extremum, before sizes are relative. */
interface Extremum {
  readonly sample: number;
  /** Signed distance from the mean level. */
  readonly size: number;
}

/** The local extrema within `reach` samples of `centre`, except those much smaller than one before them. */
function extrema(
  { values, mask, from, to }: SampleRing,
  centre: number,
  level: number,
  reach: number,
): Extremum[] {
  const found: Extremum[] = [];
  const end = Math.min(to - 1, centre + reach + 1);
  let least = 0;
  let i = Math.max(from + 1, centre - reach);
  if (i >= end) return found;
  let before = values[(i - 1) & mask]! - level;
  let size = values[i & mask]! - level;
  for (; i < end; i++) {
    const after = values[(i + 1) & mask]! - level;
    const height = Math.abs(size);
    if (height > least && height < Number.POSITIVE_INFINITY) {
      const isExtremum = size > 0 ? !(before > size || after > size) : !(before < size || after < size);
      if (isExtremum) {
        found.push({ sample: i, size });
        if (leastShare * height > least) least = leastShare * height;
      }
    }
    before = size;
    size = after;
  }
  return found;
}

/**
 * Whether an extremum belongs to its larger neighbour: it has the same sign, and the signal hardly returns between
 * them.
 */
function isPartOf(
  { values, mask }: SampleRing,
  { sample, size }: Extremum,
  neighbour: Extremum,
  largest: number,
): boolean {
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
  found: readonly Extremum[],
  largest: number,
  centre: number,
  samplingFrequency: number,
): Deflection[] {
  const all: Deflection[] = [];
  for (const { sample, size } of found) {
    const share = Math.abs(size) / largest;
    if (Math.abs(size) < leastShare * largest) continue;
    all.push({ sample, sign: Math.sign(size), share, place: (sample - centre) / samplingFrequency });
  }
  return all;
}

/** The extrema that are no spikes, except those too small to locate a beat beside the largest of them. */
function withoutSpikes(
  ring: SampleRing,
  found: readonly Extremum[],
  level: number,
  samplingFrequency: number,
): Extremum[] {
  if (samplingFrequency < spikeFrequency) return found.slice();
  const waves: Extremum[] = [];
  let least = 0;
  for (let k = found.length - 1; k >= 0; k--) {
    const one = found[k]!;
    const size = Math.abs(one.size);
    if (size < least || isSpike(ring, one.sample, level, one.size, samplingFrequency)) continue;
    waves.push(one);
    if (leastShare * size > least) least = leastShare * size;
  }
  return waves.reverse();
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
  const { values, mask } = ring;
  const before = (values[Math.max(ring.from, at - flank) & mask]! - level) / deflection;
  const after = (values[Math.min(ring.to - 1, at + flank) & mask]! - level) / deflection;
  if (before < 0.5 && after < 0.5) return true;
  const from = Math.max(ring.from + 1, at - around);
  const to = Math.min(ring.to - 1, at + around);
  let jump = 0;
  for (let i = from; i <= to; i++) {
    const step = Math.abs(values[i & mask]! - values[(i - 1) & mask]!);
    if (step > jump) jump = step;
  }
  // On a plateau noise alone may jump by the whole range, which is small.
  const leastRange = spikeRange * Math.abs(deflection);
  if (!(jump > spikeJump * leastRange)) return false;
  const range = validRange(ring, from, to + 1);
  return jump > spikeJump * range && range > leastRange;
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
