/**
 * QRS detection: where the beats are. See `stream.ts` for how; this is the detector fed one whole record.
 */
import { leadsWithoutPacing } from '../pacing.ts';
import { createDetector } from './streaming-detector.ts';

/**
 * The R peaks of a lead, as sample indices, growing; none where there are none. The voltage may have any unit, offset
 * and polarity; an invalid sample is NaN. A peak is the largest deflection of its QRS complex, up or down, on the
 * signal as given but without its pacing spikes.
 *
 * Throws `RangeError` for an empty lead or a sampling frequency under 50 Hz.
 *
 * @example detectQrs(voltage, samplingFrequency).slice(0, 3) // => [125, 343, 552]
 */
export function detectQrs(voltage: Float64Array, samplingFrequency: number): Int32Array {
  return detectQrsMultiLead([voltage], samplingFrequency);
}

/**
 * The R peaks of a record from several of its leads at once, marked on the first lead (on the next where the first is
 * invalid or flat). Leads may differ in unit, gain and polarity; a noisy one has less say.
 *
 * Throws `RangeError` for no lead, leads of different length, empty leads or a sampling frequency under 50 Hz.
 *
 * @example
 * const { signals, samplingFrequency: fs } = await readRecord(source, 'synth/twelve');
 * detectQrsMultiLead(signals.map(({ physical }) => physical), fs).length // => 10
 */
export function detectQrsMultiLead(leads: readonly Float64Array[], samplingFrequency: number): Int32Array {
  if (leads.length === 0) throw new RangeError('QRS detection needs a lead');
  if (leads[0]!.length === 0) throw new RangeError('QRS detection needs samples, the lead has none');
  const detector = createDetector(samplingFrequency, leads.length);
  const first = detector.push(...leadsWithoutPacing(leads, samplingFrequency));
  const last = detector.finish();
  const beats = new Int32Array(first.length + last.length);
  beats.set(first);
  beats.set(last, first.length);
  return beats;
}
