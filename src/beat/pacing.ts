/**
 * Pacing spikes: pacemaker stimuli as recorded. A stimulus lasts 0.1 to 2 ms, and no cardiac wave has such steep edges.
 * It is detected by its curvature: the second difference over 3 ms is nearly as large as the whole excursion, whereas
 * at the tip of an R wave of standard deviation σ it is h²/σ² of the height. It rises from a constant level within 5
 * ms, is much larger than the fluctuations around it, and returns at once or by an exponential tail (`pacing-tail.ts`).
 *
 * A spike is evaluated from the signal within 0.6 s of it. Nothing depends on gain, offset or polarity.
 */
import { requireSamplingFrequency } from '../sampling-frequency.ts';
import { pacingTail, subtractTail, type Tail } from './pacing-tail.ts';

/** A pacing spike; sample indices. */
export interface PacingSpike {
  /** The sample that is furthest from the level before the spike. */
  readonly sample: number;
  /** Its signed distance from that level, in the unit of the signal. */
  readonly amplitude: number;
  /** The last sample before and the first sample after the spike itself, without its tail. */
  readonly onset: number;
  readonly end: number;
  /** Time from onset to end, ms: an upper limit of the width. */
  readonly widthMs: number;
  /** The exponential tail; undefined where the signal returns at once. */
  readonly tail: Tail | undefined;
}

/** Below this sampling frequency a spike cannot be told from a narrow R wave, Hz. */
const lowestFrequency = 240;

// Candidates, by curvature: the second difference over `lagMs`.
const lagMs = 3;
/**
 * Smallest curvature as a fraction of the excursion over the last 12 ms; a pulse that is over at once has as much
 * curvature as height.
 */
const leastCurvature = { candidate: 0.5, narrow: 0.75, oscillation: 1.2 };
const excursionMs = 12;
/** Smallest ratio to the mean curvature around it, and to the largest shortly before it. */
const overMean = 14;
const overBefore = 6;
const aroundMs = 100;
const shortlyMs = 20;
/** The curvature of another spike nearby counts as at most this fraction of the candidate's own. */
const mostOther = 1 / 2;
/** Samples nearer than this belong to the spike itself, ms. */
const ownMs = { before: 6, after: 10 };

// Tests of the waveform.
/**
 * The signal is constant where it changes by less than this fraction of the excursion over this time; edges are
 * searched within 10 ms.
 */
const restMs = 2;
const restPart = 0.12;
const edgeMs = 10;
/** Smallest ratio of the change between samples to the changes before, over this time, and after it. */
const usualMs = 24;
const overUsual = 2;
const overDecay = 2.5;
/** Before the spike the signal changes by at most this fraction of its height for this long, or three samples. */
const flatMs = 8;
const flatPart = 0.2;
/** It reaches this fraction of its height within this time, or two samples. */
const risenPart = 0.75;
const riseMs = 5;
/** A narrow spike has fallen to half after this time, or three samples, and to nothing two samples later. */
const narrowMs = 10;
/** Any other has a tail of at least this fraction of the height, and this many times the residual of the fit. */
const leastTail = 0.25;
const overResidual = 8;
/** Smallest height as a fraction of the peak-to-peak amplitude within this time on either side. */
const leastHeight = { narrow: 0.1, oscillation: 0.2, wide: 0.5 };
const heightMs = 600;

/**
 * The pacing spikes of one lead, in order of time. `voltage` is in mV or any unit, invalid samples NaN or infinite; a
 * spike next to one is not found. Below 240 Hz none are found, because the samples are too far apart. Atrial and
 * ventricular stimuli are found alike; two within 30 ms are found as one. Throws `RangeError` for a sampling frequency
 * that is not positive.
 *
 * @example findPacingSpikes(voltage, samplingFrequency) // => []
 */
export function findPacingSpikes(voltage: Float64Array, samplingFrequency: number): PacingSpike[] {
  requireSamplingFrequency(samplingFrequency);
  if (samplingFrequency < lowestFrequency) return [];
  const perMs = samplingFrequency / 1000;
  const lag = Math.max(1, Math.round(lagMs * perMs));
  const reach = Math.max(3, Math.round(excursionMs * perMs));
  const spikes: PacingSpike[] = [];
  const before = Math.round(ownMs.before * perMs) + lag;
  const earlier = before + Math.round((shortlyMs / 2) * perMs);
  const nextCurved = curvedSamples(voltage, lag, before, earlier);
  const end = voltage.length - 2 * lag;
  for (let i = nextCurved(Math.max(reach, earlier + lag), end); i < end; i = nextCurved(i + 1, end)) {
    const curvature = curvatureAt(voltage, i, lag);
    if (!(curvature > leastCurvature.candidate * Math.abs(voltage[i]! - voltage[i - reach]!))) continue;
    if (!isMostCurvature(voltage, i, curvature, lag, reach)) continue;
    const centre = mostCurved(voltage, i, lag);
    if (!standsOut(voltage, centre, lag, perMs)) continue;
    const spike = measureSpike(voltage, centre, lag, perMs);
    // Curvature at the end of the last spike belongs to that spike.
    if (spike === undefined || spike.onset < (spikes.at(-1)?.end ?? 0)) continue;
    spikes.push(spike);
    i = Math.max(i, spike.end);
  }
  return spikes;
}

/**
 * The signal without its spikes: each is replaced by a straight line from the sample before to the sample after it, and
 * its tail is subtracted. The samples before each spike are unchanged; without spikes the signal itself is returned.
 *
 * @example
 * const paced = Float64Array.from({ length: 1000 }, (_, i) => (i === 500 ? 5 : 0)); // a spike of 5 mV
 * removePacingSpikes(paced, findPacingSpikes(paced, 500))[500] // => 0
 */
export function removePacingSpikes(voltage: Float64Array, spikes: readonly PacingSpike[]): Float64Array {
  if (spikes.length === 0) return voltage;
  const clean = voltage.slice();
  for (const { onset, end, tail } of spikes) {
    if (tail !== undefined) subtractTail(clean, end, tail);
    const step = (clean[end]! - clean[onset]!) / (end - onset);
    for (let i = onset + 1; i < end; i++) clean[i] = clean[onset]! + step * (i - onset);
  }
  return clean;
}

/** Spikes of several leads within this time are one stimulus, ms. */
const sameMs = 6;
/** A stimulus that is found in this many leads is removed from all. */
const fewestLeads = 2;

/**
 * Simultaneously recorded leads without pacing spikes: a stimulus found in two leads is removed from the others too,
 * where it may be too small to be told from a notch.
 */
export function leadsWithoutPacing(
  leads: readonly Float64Array[],
  samplingFrequency: number,
): readonly Float64Array[] {
  const found = leads.map(lead => findPacingSpikes(lead, samplingFrequency));
  const all = found.flat();
  if (all.length === 0) return leads;
  const same = (sameMs * samplingFrequency) / 1000;
  const near = (spikes: readonly PacingSpike[], { sample }: PacingSpike): boolean =>
    spikes.some(other => Math.abs(other.sample - sample) <= same);
  const stimuli = all.filter(spike => found.filter(spikes => near(spikes, spike)).length >= fewestLeads);
  return leads.map((lead, k) => {
    const own = found[k]!;
    const others = stimuli.filter(spike => !near(own, spike)).map(spike => ({ ...spike, tail: undefined }));
    return removePacingSpikes(lead, [...own, ...others]);
  });
}

/** A lead without its pacing spikes. */
export const withoutPacing = (voltage: Float64Array, samplingFrequency: number): Float64Array =>
  removePacingSpikes(voltage, findPacingSpikes(voltage, samplingFrequency));

const curvatureAt = (voltage: Float64Array, i: number, lag: number): number =>
  Math.abs(voltage[i - lag]! - 2 * voltage[i]! + voltage[i + lag]!);

/** Curvatures are computed in blocks of this many samples. */
const chunkSamples = 2048;

/**
 * Finds the first sample in [start, end) whose curvature exceeds those `before` and `earlier` samples back by the
 * factor `overBefore`: two comparisons that reject almost every sample. To be called with ascending samples.
 */
function curvedSamples(
  voltage: Float64Array,
  lag: number,
  before: number,
  earlier: number,
): (from: number, to: number) => number {
  const curvatures = new Float64Array(earlier + chunkSamples);
  const found = new Int32Array(chunkSamples);
  let count = 0;
  let next = 0;
  /** The sample after the last one examined. */
  let known = 0;
  const lookFrom = (sample: number, to: number): void => {
    known = Math.min(to, sample + chunkSamples);
    const first = sample - earlier;
    for (let k = 0; k < earlier; k++) curvatures[k] = curvatureAt(voltage, first + k, lag);
    count = 0;
    next = 0;
    for (let k = earlier; k < known - first; k++) {
      const curvature = curvatureAt(voltage, first + k, lag);
      curvatures[k] = curvature;
      const one = curvatures[k - before]!;
      const other = curvatures[k - earlier]!;
      // A sample that exceeds both exceeds their mean; one comparison rejects almost all.
      if (!(curvature > (overBefore / 2) * (one + other))) continue;
      if (curvature > overBefore * one && curvature > overBefore * other) found[count++] = first + k;
    }
  };
  return (from, to) => {
    for (;;) {
      while (next < count) {
        const sample = found[next++]!;
        if (sample >= from) return sample;
      }
      if (known >= to) return to;
      lookFrom(Math.max(from, known), to);
    }
  };
}

/** Whether the excursion up to this sample consists mostly of curvature. False for invalid samples. */
function isMostCurvature(
  voltage: Float64Array,
  i: number,
  curvature: number,
  lag: number,
  reach: number,
): boolean {
  let lowest = voltage[i]!;
  let highest = lowest;
  for (let j = i - reach; j <= i + 2 * lag; j++) {
    const value = voltage[j]!;
    if (value < lowest) lowest = value;
    else if (value > highest) highest = value;
    else if (Number.isNaN(value)) return false;
  }
  return curvature >= leastCurvature.candidate * (highest - lowest) && highest > lowest;
}

/** The sample of the greatest curvature within twice the lag from `i` on: an edge alone is curved already. */
function mostCurved(voltage: Float64Array, i: number, lag: number): number {
  let best = i;
  let most = curvatureAt(voltage, i, lag);
  // From a better sample the search continues.
  for (let j = i + 1; j <= best + 2 * lag && j < voltage.length - lag; j++) {
    const curvature = curvatureAt(voltage, j, lag);
    if (curvature > most) {
      best = j;
      most = curvature;
    }
  }
  return best;
}

/** Whether its curvature is exceptional, in particular compared with the samples before. */
function standsOut(voltage: Float64Array, centre: number, lag: number, perMs: number): boolean {
  const samples = (ms: number): number => Math.round(ms * perMs);
  const curvature = curvatureAt(voltage, centre, lag);
  const before = centre - samples(ownMs.before) - lag;
  const earliest = Math.max(lag, before - samples(shortlyMs));
  for (let j = before; j >= earliest; j--) {
    if (curvatureAt(voltage, j, lag) * overBefore > curvature) return false;
  }
  const to = Math.min(voltage.length - lag, centre + samples(aroundMs));
  let sum = 0;
  let count = 0;
  for (let j = Math.max(lag, centre - samples(aroundMs)); j < to; j++) {
    if (j >= before && j <= centre + samples(ownMs.after)) continue;
    // An invalid sample makes the sum invalid.
    const other = curvatureAt(voltage, j, lag);
    sum += other < mostOther * curvature ? other : mostOther * curvature + (other - other);
    count++;
  }
  return count > samples(aroundMs) && curvature * count > overMean * sum;
}

/** Edges, height and tail of the spike at sample `centre`; undefined where the waveform is not that of a spike. */
function measureSpike(
  voltage: Float64Array,
  centre: number,
  lag: number,
  perMs: number,
): PacingSpike | undefined {
  const [onset, restEnd] = edgesAround(voltage, centre, perMs);
  const level = voltage[onset]!;
  const above = (i: number): number => Math.abs(voltage[i]! - level);
  let sample = centre;
  for (let j = onset + 1; j < restEnd; j++) if (above(j) > above(sample)) sample = j;
  const amplitude = voltage[sample]! - level;
  if (!Number.isFinite(amplitude + voltage[restEnd]!)) return undefined;
  const height = Math.abs(amplitude);
  const samples = (ms: number, fewest: number): number => Math.max(fewest, Math.round(ms * perMs));
  let halved = sample;
  while (halved <= restEnd && above(halved) >= height / 2) halved++;
  const curvature = curvatureAt(voltage, centre, lag);
  const isOscillation =
    curvature >= leastCurvature.oscillation * spanAround(voltage, centre, samples(excursionMs, 3));
  if (!isOscillation) {
    if (!isFlatBefore(voltage, onset, samples(flatMs, 3), flatPart * height)) return undefined;
    let risen = onset;
    while (above(risen) < risenPart * height) risen++;
    if (risen > onset + samples(riseMs, 2)) return undefined;
  }
  const isNarrow =
    isOscillation ||
    (restEnd <= onset + samples(narrowMs, 3) + 2 &&
      halved <= Math.min(restEnd, onset + samples(narrowMs, 3)) &&
      curvature >= leastCurvature.narrow * height);
  const least = isOscillation ? leastHeight.oscillation : isNarrow ? leastHeight.narrow : leastHeight.wide;
  const around = heightAround(voltage, sample, Math.round(heightMs * perMs), lag, height / 2);
  if (!(height > least * around)) return undefined;

  let end = restEnd;
  let tail = pacingTail(voltage, onset, end, amplitude, perMs);
  const isDecay = (): boolean =>
    tail !== undefined && Math.abs(tail.size) > Math.max(leastTail * height, overResidual * tail.residual);
  // Whatever is not a pulse must decay exponentially, right from its peak or soon after.
  if (!isNarrow) {
    for (end = sample + 1; end <= restEnd; end++) {
      tail = pacingTail(voltage, onset, end, amplitude, perMs);
      if (isDecay()) break;
    }
    if (end > restEnd) return undefined;
  }
  return { sample, amplitude, onset, end, widthMs: (end - onset) / perMs, tail };
}

/** The last sample of the constant level before `centre` and the first after it; at most 10 ms away. */
function edgesAround(voltage: Float64Array, centre: number, perMs: number): [onset: number, end: number] {
  const rest = Math.max(1, Math.round(restMs * perMs));
  const edge = Math.max(3, Math.round(edgeMs * perMs));
  const from = Math.max(rest, centre - edge);
  const to = Math.min(voltage.length - 1 - rest, centre + edge);
  let excursion = 0;
  for (let j = from; j <= to; j++) excursion = Math.max(excursion, Math.abs(voltage[j]! - voltage[from]!));
  const isAtRest = (sample: number, step: 1 | -1): boolean => {
    for (let k = 1; k <= rest; k++) {
      if (Math.abs(voltage[sample + step * k]! - voltage[sample]!) > restPart * excursion) return false;
    }
    return true;
  };
  let onset = centre - 1;
  while (onset > from && !isAtRest(onset, -1)) onset--;
  let end = centre + 1;
  while (end < to && !isAtRest(end, 1)) end++;

  // A small fraction of a tall spike is still large: continue until the signal changes no more than before, or decays.
  const moves = (i: number): number => Math.abs(voltage[i + 1]! - voltage[i]!);
  let usual = 0;
  for (let j = Math.max(0, from - Math.max(6, Math.round(usualMs * perMs))); j < from; j++) {
    usual = Math.max(usual, moves(j));
  }
  while (onset > from && moves(onset - 1) > overUsual * usual) onset--;
  while (
    end < to &&
    moves(end) > Math.max(overUsual * usual, overDecay * Math.max(moves(end + 1), moves(end + 2)))
  ) {
    end++;
  }
  return [onset, end];
}

/**
 * Peak-to-peak amplitude within `reach` samples on either side, without other spikes: samples with a curvature over
 * `mostCurvature`. Invalid samples are skipped.
 */
function heightAround(
  voltage: Float64Array,
  sample: number,
  reach: number,
  lag: number,
  mostCurvature: number,
): number {
  let lowest = Number.POSITIVE_INFINITY;
  let highest = Number.NEGATIVE_INFINITY;
  const to = Math.min(voltage.length - lag, sample + reach);
  for (let i = Math.max(lag, sample - reach); i < to; i++) {
    const value = voltage[i]!;
    if (!(curvatureAt(voltage, i, lag) < mostCurvature)) continue;
    if (value < lowest) lowest = value;
    if (value > highest) highest = value;
  }
  return highest - lowest;
}

/** Whether the signal stays within `most` for `samples` before `onset`. */
function isFlatBefore(voltage: Float64Array, onset: number, samples: number, most: number): boolean {
  if (onset < samples) return false;
  let lowest = voltage[onset]!;
  let highest = lowest;
  for (let i = onset - samples; i < onset; i++) {
    lowest = Math.min(lowest, voltage[i]!);
    highest = Math.max(highest, voltage[i]!);
  }
  return highest - lowest <= most;
}

/** Peak-to-peak amplitude within `reach` samples on either side. */
function spanAround(voltage: Float64Array, centre: number, reach: number): number {
  let lowest = voltage[centre]!;
  let highest = lowest;
  for (let i = Math.max(0, centre - reach); i <= Math.min(voltage.length - 1, centre + reach); i++) {
    lowest = Math.min(lowest, voltage[i]!);
    highest = Math.max(highest, voltage[i]!);
  }
  return highest - lowest;
}
