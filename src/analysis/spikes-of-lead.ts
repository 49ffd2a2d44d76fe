/** The pacing spikes of leads in memory, found once for detection and for every measurement of the lead. */
import { findPacingSpikes, type PacingSpike } from '../beat/pacing/pacing.ts';

const known = new WeakMap<Float64Array, readonly PacingSpike[]>();

/**
 * `findPacingSpikes` of a lead whose samples and sampling frequency never change, such as a whole lead that was read
 * from a file; the second call for the same array takes no time.
 */
export function spikesOfLead(voltage: Float64Array, samplingFrequency: number): readonly PacingSpike[] {
  let spikes = known.get(voltage);
  if (spikes === undefined) {
    spikes = findPacingSpikes(voltage, samplingFrequency);
    known.set(voltage, spikes);
  }
  return spikes;
}
