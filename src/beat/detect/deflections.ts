/** The deflections of a QRS complex: its local extrema, without pacing spikes and artefacts. */
import { type SampleRing, validRange } from './sample-ring.ts';

// Search range on either side of the envelope's maximum, s.
const searchSeconds = 0.07;
const levelSeconds = 0.1;
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
  const count = findExtrema(ring, centre, level, Math.round(searchSeconds * samplingFrequency));
  let largest = 0;
  for (let k = 0; k < count; k++) largest = Math.max(largest, Math.abs(sizes[k]!));
  const first = samplingFrequency < spikeFrequency ? 0 : dropSpikes(ring, count, level, samplingFrequency);
  const whole = keepWhole(ring, first, count, largest);
  return inShares(first, whole, centre, samplingFrequency);
}

/** The largest of the deflections of a complex, the first of equal ones; undefined without any. */
export function largestOf(all: readonly Deflection[]): Deflection | undefined {
  for (const deflection of all) if (deflection.share === 1) return deflection;
  return undefined;
}

/** Working memory: the local extrema of a complex, in order of time, and their signed distances from the mean level. */
let samples = new Int32Array(0);
let sizes = new Float64Array(0);

/**
 * Finds the local extrema within `reach` samples of `centre`, except those much smaller than one before them, and returns
 * their number.
 */
function findExtrema(
  { values, mask, from, to }: SampleRing,
  centre: number,
  level: number,
  reach: number,
): number {
  if (samples.length < 2 * reach + 1) {
    samples = new Int32Array(2 * reach + 1);
    sizes = new Float64Array(2 * reach + 1);
  }
  const end = Math.min(to - 1, centre + reach + 1);
  let count = 0;
  let least = 0;
  let i = Math.max(from + 1, centre - reach);
  if (i >= end) return 0;
  let before = values[(i - 1) & mask]! - level;
  let size = values[i & mask]! - level;
  for (; i < end; i++) {
    const after = values[(i + 1) & mask]! - level;
    const height = Math.abs(size);
    if (height > least && height < Number.POSITIVE_INFINITY) {
      const isExtremum = size > 0 ? !(before > size || after > size) : !(before < size || after < size);
      if (isExtremum) {
        samples[count] = i;
        sizes[count++] = size;
        if (leastShare * height > least) least = leastShare * height;
      }
    }
    before = size;
    size = after;
  }
  return count;
}

/**
 * Moves the extrema that are no spikes to the end, except those too small to locate a beat beside the largest of them, and
 * returns the place of the first; 0 when all are spikes, which then remain.
 */
function dropSpikes(ring: SampleRing, count: number, level: number, samplingFrequency: number): number {
  let first = count;
  let least = 0;
  for (let k = count - 1; k >= 0; k--) {
    const size = Math.abs(sizes[k]!);
    if (size < least || isSpike(ring, samples[k]!, level, sizes[k]!, samplingFrequency)) continue;
    first--;
    samples[first] = samples[k]!;
    sizes[first] = sizes[k]!;
    if (leastShare * size > least) least = leastShare * size;
  }
  return first === count ? 0 : first;
}

/** Keeps from place `first` on the extrema that belong to no larger neighbour, and returns the place after the last. */
function keepWhole(ring: SampleRing, first: number, count: number, largest: number): number {
  let next = first;
  for (let k = first; k < count; k++) {
    if (k > first && isPartOf(ring, k, k - 1, largest)) continue;
    if (k + 1 < count && isPartOf(ring, k, k + 1, largest)) continue;
    samples[next] = samples[k]!;
    sizes[next++] = sizes[k]!;
  }
  return next;
}

/**
 * Whether extremum `k` belongs to its larger `neighbour`: it has the same sign, and the signal hardly returns between
 * them.
 */
function isPartOf({ values, mask }: SampleRing, k: number, neighbour: number, largest: number): boolean {
  const size = sizes[k]!;
  const other = sizes[neighbour]!;
  const sign = Math.sign(size);
  const isLess = Math.abs(other) > Math.abs(size) || (other === size && neighbour < k);
  if (Math.sign(other) !== sign || !isLess) return false;
  const sample = samples[k]!;
  const to = samples[neighbour]!;
  const step = to < sample ? -1 : 1;
  for (let i = sample; i !== to; i += step) {
    if ((values[sample & mask]! - values[i & mask]!) * sign > leastReturn * largest) return false;
  }
  return true;
}

/** The extrema `[from, to)`, except those much smaller than the largest of them. */
function inShares(from: number, to: number, centre: number, samplingFrequency: number): Deflection[] {
  let largest = 0;
  for (let k = from; k < to; k++) largest = Math.max(largest, Math.abs(sizes[k]!));
  const all: Deflection[] = [];
  for (let k = from; k < to; k++) {
    const size = Math.abs(sizes[k]!);
    if (size < leastShare * largest) continue;
    const place = (samples[k]! - centre) / samplingFrequency;
    all.push({ sample: samples[k]!, sign: Math.sign(sizes[k]!), share: size / largest, place });
  }
  return all;
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
