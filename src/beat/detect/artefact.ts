/**
 * Artefacts that resemble a QRS complex: the edges of a square pulse (calibration, saturation from one limit of the
 * converter to the other), the edges of a segment in which the signal was lost and replaced by a constant, a slow drift
 * of the baseline, and a wave cut off by the start or the end of the recording.
 */
import { type SampleRing, validRange } from './sample-ring.ts';

/** Samples examined on either side, s. */
const reachSeconds = 0.1;
/** Two samples no further apart than this have nearly the same surroundings, s. */
const apartSeconds = 0.02;
/**
 * At an edge at least this fraction of the samples is near one of two levels, i.e. within `levelBand` of the range, …
 */
const levelShare = 0.9;
const levelBand = 0.1;
/** … and at least this fraction at each of them. */
const leastOnLevel = 0.2;
/**
 * An edge is also a change by this fraction of the range within this time, s, after which the mean stays changed by half
 * the range: of a pulse through a high-pass filter, whose levels decay. Not tested below 200 Hz, where a QRS complex has
 * few samples.
 */
const edgeShare = 0.7;
const edgeSeconds = 0.004;
const edgeFrequency = 200;
const leastShift = 0.5;
/** Of the change at an edge at least this fraction is still there 12 ms after it. */
const leastKept = 0.5;
/** A value held for this long is not a signal if it begins or ends with a jump of half the range, s. */
const keptSeconds = 0.04;
const jumpShare = 0.5;
/** Duration before the deflection over which the range of a drift is measured, on samples this far apart, s. */
const driftSeconds = 1;
const driftStepSeconds = 0.02;
/**
 * Smallest deflection from the chord over `reachSeconds` on either side, relative to the range over `driftSeconds`. A sine
 * of several seconds has less; a QRS complex has more unless the baseline moves by 60 times its height within a second.
 */
const leastOverDrift = 1 / 60;
/** Smallest distance of a QRS peak from the start or end of the recording, s. */
export const endSeconds = 0.03;

/**
 * Whether the complex whose envelope is highest at sample `centre` and whose largest deflection is at `peak` is an
 * artefact. At an edge the largest deflection is anywhere on its two levels, so the edge is looked for at both.
 */
export function isArtefact(
  ring: SampleRing,
  centre: number,
  peak: number,
  samplingFrequency: number,
): boolean {
  return (
    isStep(ring, peak, samplingFrequency) ||
    isDrift(ring, peak, samplingFrequency) ||
    (Math.abs(centre - peak) > apartSeconds * samplingFrequency && isStep(ring, centre, samplingFrequency))
  );
}

/** Whether the signal around sample `centre` goes from one level to another, or from or to a value that it keeps. */
function isStep(ring: SampleRing, centre: number, samplingFrequency: number): boolean {
  const reach = Math.round(reachSeconds * samplingFrequency);
  const from = Math.max(ring.from, centre - reach);
  const to = Math.min(ring.to, centre + reach + 1);
  const { values, mask } = ring;
  let lowest = Number.POSITIVE_INFINITY;
  let highest = Number.NEGATIVE_INFINITY;
  // The largest step between successive valid samples, also to those just outside.
  let largestStep = 0;
  let before = values[Math.max(ring.from, from - 1) & mask]!;
  for (let i = from; i < to; i++) {
    const value = values[i & mask]!;
    if (value < lowest) lowest = value;
    if (value > highest) highest = value;
    const step = Math.abs(value - before);
    if (step > largestStep) largestStep = step;
    if (!Number.isNaN(value)) before = value;
  }
  const nextStep = to < ring.to ? Math.abs(values[to & mask]! - before) : 0;
  if (nextStep > largestStep) largestStep = nextStep;
  const range = highest - lowest;
  if (!(range > 0 && range < Number.POSITIVE_INFINITY)) return false;
  const kept = Math.max(4, Math.round(keptSeconds * samplingFrequency));
  const jump = jumpShare * range;
  const lag = Math.max(1, Math.round(edgeSeconds * samplingFrequency));
  return (
    isEdge(ring, from, to, lowest, range) ||
    (samplingFrequency >= edgeFrequency &&
      largestStep * lag >= edgeShare * range &&
      isDecayingEdge(ring, from, to, range, lag)) ||
    (largestStep >= jump && leavesKeptValue(ring, from, to, kept, jump))
  );
}

/** Whether the signal around `peak` deflects from its chord by much less than it has changed in the second before. */
function isDrift(ring: SampleRing, peak: number, samplingFrequency: number): boolean {
  const { values, mask } = ring;
  const reach = Math.round(reachSeconds * samplingFrequency);
  const from = Math.max(ring.from, peak - reach);
  const to = Math.min(ring.to, peak + reach + 1);
  const first = values[from & mask]!;
  const slope = (values[(to - 1) & mask]! - first) / (to - 1 - from);
  // Next to invalid samples there is no chord.
  if (!Number.isFinite(slope)) return false;
  const earliest = Math.max(ring.from, peak - Math.round(driftSeconds * samplingFrequency));
  const step = Math.max(1, Math.round(driftStepSeconds * samplingFrequency));
  // Almost always the peak alone deflects enough, whatever the range is within these limits.
  const top = values[peak & mask]!;
  const mostApart = (0.49 / leastOverDrift) * Math.abs(top - first - slope * (peak - from));
  let i = earliest;
  while (i < to && !(Math.abs(values[i & mask]! - top) > mostApart)) i += step;
  if (i >= to && mostApart > 0) return false;
  const least = leastOverDrift * validRange(ring, earliest, to, step);
  for (let k = from; k < to; k++) {
    if (Math.abs(values[k & mask]! - first - slope * (k - from)) >= least) return false;
  }
  return least > 0;
}

/** Whether almost all samples in the interval are at one of two levels. */
function isEdge(ring: SampleRing, from: number, to: number, lowest: number, range: number): boolean {
  let low = 0;
  let high = 0;
  let valid = 0;
  const mostBetween = (1 - levelShare) * (to - from) + 1;
  // From the middle on, where a complex is soon known not to be an edge.
  const middle = (from + to) >> 1;
  for (let k = middle; k < middle + to - from; k++) {
    const i = k < to ? k : k - to + from;
    const height = (ring.values[i & ring.mask]! - lowest) / range;
    if (!(height >= 0)) continue;
    valid++;
    if (height < levelBand) low++;
    else if (height > 1 - levelBand) high++;
    else if (valid - low - high > mostBetween) return false;
  }
  return low + high >= levelShare * valid && Math.min(low, high) >= leastOnLevel * valid;
}

/** Whether the signal jumps within `lag` samples and does not come back in [from, to). */
function isDecayingEdge(
  { values, mask }: SampleRing,
  from: number,
  to: number,
  range: number,
  lag: number,
): boolean {
  let jump = 0;
  let at = from;
  for (let i = from + lag; i < to; i++) {
    const change = Math.abs(values[i & mask]! - values[(i - lag) & mask]!);
    if (change > jump) {
      jump = change;
      at = i;
    }
  }
  if (!(jump >= edgeShare * range)) return false;
  // A pacing spike that was not recognised returns before the complex rises.
  const start = values[(at - lag) & mask]!;
  for (let i = at; i < Math.min(to, at + 3 * lag); i++) {
    if (!(Math.abs(values[i & mask]! - start) >= leastKept * jump)) return false;
  }
  const mean = (start: number, end: number): number => {
    let sum = 0;
    for (let i = start; i < end; i++) sum += values[i & mask]!;
    return sum / (end - start);
  };
  return Math.abs(mean(at, to) - mean(from, at - lag + 1)) >= leastShift * range;
}

/** Whether one value is held for `kept` samples whose first or last one is in `[from, to)`, with a jump next to it. */
function leavesKeptValue(ring: SampleRing, from: number, to: number, kept: number, jump: number): boolean {
  const { values, mask } = ring;
  let run = 1;
  let jumped = false;
  for (let i = Math.max(ring.from + 1, from - kept); i < Math.min(ring.to, to + kept); i++) {
    const step = values[i & mask]! - values[(i - 1) & mask]!;
    if (step === 0) {
      run++;
      if (jumped && run >= kept) return true;
      continue;
    }
    const isJump = Math.abs(step) >= jump && i >= from && i <= to;
    if (isJump && run >= kept) return true;
    jumped = isJump;
    run = 1;
  }
  return false;
}
