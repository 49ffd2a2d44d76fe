/**
 * Summary of a beat's slopes over leads, and relative to the rest of its record. Amplitudes and slopes vary far more
 * between patients and leads than between beats; a slope relative to the record's usual one can be compared between
 * patients.
 */
import { InputError } from '../../input-error.ts';
import { median } from '../../statistics.ts';
import type { BeatSlopes } from './measure-slopes.ts';

/** A slope and the lead it was measured in. */
export interface LeadSlope {
  /** Index of the lead among those given. */
  readonly lead: number;
  /** Slope, mV/s, signed. */
  readonly slope: number;
}

/** A beat over all leads; quantities that no lead could measure are undefined. */
export interface MultiLeadBeat {
  /** Number of leads whose QRS complex was measured. */
  readonly leads: number;
  /**
   * QRS boundaries, sample indices: the second earliest onset and the second latest offset over the leads (for one or
   * two leads the outermost), so that a single outlying lead has no influence.
   */
  readonly qrsOnset: number | undefined;
  readonly qrsOffset: number | undefined;
  readonly steepestUpstroke: LeadSlope | undefined;
  readonly steepestDownstroke: LeadSlope | undefined;
  /** Mean over leads of the steeper stroke's |slope| relative to the peak-to-peak amplitude, 1/s. */
  readonly meanSlopePerAmplitude: number | undefined;
}

/**
 * Summarises each beat over leads that were measured with the same R peaks. Throws `RangeError` when the leads have
 * different numbers of beats.
 *
 * @example
 * const { beats } = measureSlopes(voltage, samplingFrequency, rPeaks);
 * summarizeLeads([beats, beats])[1].steepestUpstroke // => { lead: 0, slope: 102.8249… }
 */
export function summarizeLeads(leads: readonly (readonly BeatSlopes[])[]): MultiLeadBeat[] {
  const count = leads[0]?.length ?? 0;
  for (const [k, beats] of leads.entries()) {
    if (beats.length !== count)
      throw new InputError(`lead ${k} has ${beats.length} beats, lead 0 has ${count}`);
  }
  return Array.from({ length: count }, (_, k) => {
    const beats = leads.map(lead => lead[k]!);
    const measured = beats.filter(beat => beat.peakSample !== undefined);
    const onsets = measured.map(beat => beat.qrsOnset!).sort((a, b) => a - b);
    const offsets = measured.map(beat => beat.qrsOffset!).sort((a, b) => b - a);
    const outer = measured.length > 2 ? 1 : 0;
    const ratios = measured.map(({ upstroke, downstroke }) =>
      Math.max(upstroke?.slopePerAmplitude ?? 0, downstroke?.slopePerAmplitude ?? 0),
    );
    return {
      leads: measured.length,
      qrsOnset: onsets[outer],
      qrsOffset: offsets[outer],
      steepestUpstroke: steepest(beats.map(beat => beat.upstroke?.slope)),
      steepestDownstroke: steepest(beats.map(beat => beat.downstroke?.slope)),
      meanSlopePerAmplitude:
        ratios.length === 0 ? undefined : ratios.reduce((sum, ratio) => sum + ratio, 0) / ratios.length,
    };
  });
}

function steepest(slopes: readonly (number | undefined)[]): LeadSlope | undefined {
  let best: LeadSlope | undefined;
  for (const [lead, slope] of slopes.entries()) {
    if (slope !== undefined && Math.abs(slope) > Math.abs(best?.slope ?? 0)) best = { lead, slope };
  }
  return best;
}

/**
 * Each value divided by the median of the values that `isReference` selects (by default all; usually the record's
 * dominant kind of beat), so that 1 is the usual value. Undefined values remain undefined; all are undefined when none
 * is selected or the median is 0.
 *
 * @example relativeToRecord([90, 30, 110, undefined], k => k !== 1) // => [0.9, 0.3, 1.1, undefined]
 */
export function relativeToRecord(
  values: readonly (number | undefined)[],
  isReference: (index: number) => boolean = () => true,
): (number | undefined)[] {
  const usual = median(values.filter((value, k): value is number => value !== undefined && isReference(k)));
  const known = Math.abs(usual) > 0;
  return values.map(value => (value === undefined || !known ? undefined : value / usual));
}
