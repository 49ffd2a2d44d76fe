/** QRS detection in a complete recording, by the streaming detector of `streaming-detector.ts`. */
import { InputError } from '../../input-error.ts';
import { detectInLeads } from './streaming-detector.ts';

/**
 * Detects the R peaks of a lead: ascending sample indices, empty when there are none. The voltage may have any unit,
 * offset and polarity; an invalid sample is NaN. `samplingFrequency` is in Hz. An R peak is the largest deflection of
 * its QRS complex, up or down, in the given signal without its pacing spikes.
 *
 * Throws `RangeError` for an empty lead or a sampling frequency under 50 Hz.
 *
 * @example detectQrs(voltage, samplingFrequency).slice(0, 3) // => [125, 343, 552]
 */
export function detectQrs(voltage: Float64Array, samplingFrequency: number): Int32Array {
  return detectQrsMultiLead([voltage], samplingFrequency);
}

/**
 * Detects the R peaks of a recording from several simultaneous leads; they are located in the first lead, or in the
 * next one where the first is invalid or flat. Leads may differ in unit, gain and polarity; noisy leads have less
 * weight. `samplingFrequency` is in Hz.
 *
 * Throws `RangeError` without leads, for leads of different length, empty leads or a sampling frequency under 50 Hz.
 *
 * @example
 * const { signals, samplingFrequency: fs } = await readRecord(source, 'synth/twelve');
 * detectQrsMultiLead(signals.map(({ physical }) => physical), fs).length // => 10
 */
export function detectQrsMultiLead(leads: readonly Float64Array[], samplingFrequency: number): Int32Array {
  if (leads.length === 0) throw new InputError('QRS detection needs a lead');
  if (leads[0]!.length === 0) throw new InputError('QRS detection needs samples, but the lead is empty');
  return detectInLeads(leads, samplingFrequency);
}
