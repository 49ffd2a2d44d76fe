/**
 * Slopes of one beat over all leads, and of one beat against the rest of its record. Amplitudes and slopes differ from
 * patient to patient and lead to lead far more than from beat to beat; a slope relative to the record's own usual one
 * can be compared between patients.
 */
import { median } from '../../statistics.ts';
import type { BeatSlopes } from './measure-slopes.ts';

/** A slope and the lead it was measured in. */
export interface LeadSlope {
  /** Place of the lead among those given. */
  readonly lead: number;
  /** mV/s, signed. */
  readonly slope: number;
}

/** One beat over all leads; what no lead could measure is undefined. */
export interface MultiLeadBeat {
  /** Leads whose QRS complex was measured. */
  readonly leads: number;
  /**
   * Sample indices: the second earliest onset and second latest offset over the leads (of one or two leads: the
   * outermost). One lead astray does not move them.
   */
  readonly qrsOnset: number | undefined;
  readonly qrsOffset: number | undefined;
  readonly steepestUpstroke: LeadSlope | undefined;
  readonly steepestDownstroke: LeadSlope | undefined;
  /** Mean over leads of the steeper stroke's |slope| per peak-to-peak amplitude, 1/s. */
  readonly meanSlopePerAmplitude: number | undefined;
}

/**
 * Summary of each beat over leads measured with the same R peaks. Throws `RangeError` when leads differ in their number
 * of beats.
 *
 * @example
 * const { beats } = measureSlopes(voltage, samplingFrequency, rPeaks);
 * summarizeLeads([beats, beats])[1].steepestUpstroke // => { lead: 0, slope: 102.8249… }
 */
export function summarizeLeads(leads: readonly (readonly BeatSlopes[])[]): MultiLeadBeat[] {
  const count = leads[0]?.length ?? 0;
  for (const [k, beats] of leads.entries()) {
    if (beats.length !== count)
      throw new RangeError(`lead ${k} has ${beats.length} beats, lead 0 has ${count}`);
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
 * Each value over the median of the values that `isReference` picks (the record's dominant kind of beat; all when left
 * out), so that 1 is usual. Undefined stays undefined, and all are when nothing is picked or the median is 0.
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
