/** The slopes of a recording's beats, lead by lead, with how far each beat's signal can be trusted. */
import { type LeadQuality, measureQuality } from '../beat/quality.ts';
import { measureSlopes, type SlopeOptions } from '../beat/slopes/measure-slopes.ts';
import type { LeadSlopes } from '../beat/slopes/slope-table.ts';
import type { Recording, Signal } from '../wfdb/record.ts';
import { millivolts, type RecordingBeats, samplesPerFrame } from './lead-beats.ts';

/** The slopes of one lead with the quality of its beats and of its windows. */
export interface MeasuredLead extends LeadSlopes {
  readonly quality: LeadQuality['beats'];
  readonly windows: LeadQuality['windows'];
}

/**
 * Measures every beat on each of the leads. Throws `InputError` for a lead that is not in volts, and as
 * `measureSlopes` does.
 *
 * @example measureLeads(recording, voltageLeads(recording), await beatsOf(source, recording, leads, 'detector'))
 */
export function measureLeads(
  recording: Recording,
  leads: readonly Signal[],
  beats: RecordingBeats,
  options: SlopeOptions = {},
): MeasuredLead[] {
  return leads.map(signal => {
    const perFrame = samplesPerFrame(recording, signal);
    const rPeaks = Int32Array.from(beats.frames, frame => Math.round(frame * perFrame));
    const voltage = millivolts(signal);
    const { beats: quality, windows } = measureQuality(voltage, signal.samplingFrequency, rPeaks);
    return {
      record: recording.name,
      lead: signal.name,
      symbols: beats.symbols,
      start: recording.start * perFrame,
      measurement: measureSlopes(voltage, signal.samplingFrequency, rPeaks, options),
      quality,
      windows,
    };
  });
}

/** The places of the beats to be summed up: all, or with `goodOnly` those of good signal. */
export function chosenBeats({ measurement, quality }: MeasuredLead, goodOnly: boolean): number[] {
  return [...measurement.beats.keys()].filter(k => !goodOnly || quality[k]!.good);
}
