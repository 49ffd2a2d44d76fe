/**
 * Pacing spikes: pacemaker stimuli as they appear in a recording. A stimulus lasts 0.1 to 2 ms, and no cardiac wave has
 * edges as steep. It is detected by its curvature: the second difference over a lag h of 3 ms is nearly as large as the
 * whole excursion, whereas at the peak of an R wave of standard deviation σ it is only h²/σ² of the height. A spike
 * rises from a constant level within 5 ms, is much larger than the fluctuations around it, and returns at once or with
 * an exponential tail (`spike-tail.ts`).
 *
 * Detection of a spike uses the signal within 0.6 s of it, and does not depend on gain, offset or polarity.
 */
import { requireSamplingFrequency } from '../../sampling-frequency.ts';
import {
  curvatureAt,
  excursionMs,
  isMostCurvature,
  lagMs,
  leastCurvature,
  mostCurved,
  nextCurved,
  ownMs,
  shortlyMs,
  standsOut,
} from './spike-candidates.ts';
import { subtractTail } from './spike-tail.ts';
import { measureSpike, type PacingSpike } from './spike-waveform.ts';

export type { PacingSpike };

/** Lowest sampling frequency at which a spike can be distinguished from a narrow R wave, Hz. */
export const lowestPacingFrequency = 240;

/**
 * Finds the pacing spikes of one lead, in order of time. `voltage` is in mV or any other unit, `samplingFrequency` in
 * Hz; invalid samples are NaN or infinite, and a spike next to one is not found. No spikes are found below 240 Hz,
 * because the samples are too far apart. Atrial and ventricular stimuli are found alike; two within 30 ms are reported
 * as one.
 *
 * Throws `RangeError` for a sampling frequency that is not positive.
 *
 * @example findPacingSpikes(voltage, samplingFrequency) // => []
 */
export function findPacingSpikes(voltage: Float64Array, samplingFrequency: number): PacingSpike[] {
  requireSamplingFrequency(samplingFrequency);
  const spikes: PacingSpike[] = [];
  searchSpikes(voltage, samplingFrequency, 0, voltage.length, spikes);
  return spikes;
}

/**
 * Appends to `spikes` those that begin between the samples `from` and `to`, and returns the sample from which to search
 * on. `spikes` ends with the spikes before `from`.
 */
export function searchSpikes(
  voltage: Float64Array,
  samplingFrequency: number,
  from: number,
  to: number,
  spikes: PacingSpike[],
): number {
  if (samplingFrequency < lowestPacingFrequency) return to;
  const perMs = samplingFrequency / 1000;
  const lag = Math.max(1, Math.round(lagMs * perMs));
  const reach = Math.max(3, Math.round(excursionMs * perMs));
  const before = Math.round(ownMs.before * perMs) + lag;
  const earlier = before + Math.round(shortlyMs * perMs);
  const curved = { lag, before, earlier };
  const end = Math.min(to, voltage.length - 2 * lag);
  const first = Math.max(from, reach, earlier + lag);
  let last = to - 1;
  for (
    let i = nextCurved(voltage, first, end, curved);
    i < end;
    i = nextCurved(voltage, i + 1, end, curved)
  ) {
    const curvature = curvatureAt(voltage, i, lag);
    if (!(curvature > leastCurvature.candidate * Math.abs(voltage[i]! - voltage[i - reach]!))) continue;
    const centre = mostCurved(voltage, i, lag);
    if (!standsOut(voltage, centre, lag, perMs)) continue;
    if (!isMostCurvature(voltage, i, curvature, lag, reach)) continue;
    const spike = measureSpike(voltage, centre, lag, perMs);
    // Curvature near the end of the previous spike belongs to that spike.
    if (spike === undefined || spike.onset < (spikes.at(-1)?.end ?? 0)) continue;
    spikes.push(spike);
    i = Math.max(i, spike.end);
    last = Math.max(last, i);
  }
  return last + 1;
}

/**
 * The signal without its spikes: each is replaced by a straight line from the sample before to the sample after it, and
 * its tail is subtracted. The unit is that of `voltage`. Samples outside spikes and tails are unchanged; without spikes
 * `voltage` itself is returned.
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

/** Spikes of different leads within this time are the same stimulus, ms. */
const sameMs = 6;
/** A stimulus that is found in at least this many leads is removed from all leads. */
const fewestLeads = 2;

/**
 * Removes pacing spikes from simultaneously recorded leads. A stimulus found in two leads is removed from the others
 * too, where it may be too small to be distinguished from a notch.
 */
export function leadsWithoutPacing(
  leads: readonly Float64Array[],
  samplingFrequency: number,
): readonly Float64Array[] {
  return leadsWithoutSpikes(
    leads,
    leads.map(lead => findPacingSpikes(lead, samplingFrequency)),
    samplingFrequency,
  );
}

/** As `leadsWithoutPacing`, with the spikes found in each lead. */
export function leadsWithoutSpikes(
  leads: readonly Float64Array[],
  found: readonly (readonly PacingSpike[])[],
  samplingFrequency: number,
): readonly Float64Array[] {
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

/** The lead without its pacing spikes; see `removePacingSpikes`. */
export const withoutPacing = (voltage: Float64Array, samplingFrequency: number): Float64Array =>
  removePacingSpikes(voltage, findPacingSpikes(voltage, samplingFrequency));

/** A lead, the pacing spikes found in it, and the lead without them. */
export interface UnpacedLead {
  /** As recorded. */
  readonly lead: Float64Array;
  readonly spikes: readonly PacingSpike[];
  readonly voltage: Float64Array;
}

/** Finds the pacing spikes of a lead and removes them. Throws `RangeError` as `findPacingSpikes` does. */
export function unpacedLead(lead: Float64Array, samplingFrequency: number): UnpacedLead {
  const spikes = findPacingSpikes(lead, samplingFrequency);
  return { lead, spikes, voltage: removePacingSpikes(lead, spikes) };
}
