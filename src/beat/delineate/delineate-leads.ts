/**
 * Delineation of simultaneously recorded leads. Each lead is first delineated separately; then the onset and offset of
 * P are adjusted across the leads. Because P is small and hardly visible in some leads, each of its boundaries is moved
 * by a fraction of its distance from the median over the leads. It is not moved to the median itself, because a lead
 * perpendicular to the atrial activation shows a shorter P wave, and cardiologists mark it accordingly. QRS and T are
 * not adjusted.
 */

import { median } from '../../statistics.ts';
import { leadsWithoutPacing } from '../pacing.ts';
import { type DelineatedBeat, delineateUnpaced } from './delineate.ts';
import type { DelineatedWave } from './wave-borders.ts';

/** The adjustment needs at least this many leads. */
const fewestLeads = 3;
/**
 * Fraction of the distance to the median; chosen among 0.3, 0.5 and 0.7 by the deviation of both boundaries on records
 * 1–100 of the LUDB.
 */
const trust = 0.3;

/**
 * Delineates each beat in each lead: one list per lead, in the order of the leads. `leads` are in mV, with a common
 * sampling frequency and start; `rPeaks` as in `delineate`. `toSample` rounds the boundaries of P and T, which are
 * estimated in fractional samples. Throws `RangeError` as `delineate` does.
 *
 * @example delineateLeads([voltage], samplingFrequency, rPeaks)[0].length // => 501
 */
export function delineateLeads(
  leads: readonly Float64Array[],
  samplingFrequency: number,
  rPeaks: ArrayLike<number>,
  toSample: (place: number) => number = Math.round,
): DelineatedBeat[][] {
  return delineateUnpacedLeads(
    leadsWithoutPacing(leads, samplingFrequency),
    samplingFrequency,
    rPeaks,
    toSample,
  );
}

/** As `delineateLeads`, for leads without pacing spikes. */
export function delineateUnpacedLeads(
  leads: readonly Float64Array[],
  samplingFrequency: number,
  rPeaks: ArrayLike<number>,
  toSample: (place: number) => number = Math.round,
): DelineatedBeat[][] {
  const alone = leads.map(voltage => delineateUnpaced(voltage, samplingFrequency, rPeaks, toSample));
  const onsets = votes(alone, rPeaks.length, 'onset');
  const offsets = votes(alone, rPeaks.length, 'offset');
  return alone.map(beats =>
    beats.map((beat, k): DelineatedBeat => {
      if (beat.p === undefined) return beat;
      const { peak } = beat.p;
      // A boundary is never moved beyond the lead's own peak.
      const onset = Math.min(toSample(towards(beat.p.onset, onsets[k])), peak);
      const offset = Math.max(toSample(towards(beat.p.offset, offsets[k])), peak);
      return { ...beat, p: { onset, peak, offset } };
    }),
  );
}

/** For each beat the median of a P boundary over the leads in which it was found; undefined when there are too few. */
function votes(
  leads: readonly (readonly DelineatedBeat[])[],
  beats: number,
  border: keyof DelineatedWave,
): (number | undefined)[] {
  return Array.from({ length: beats }, (_, k) => {
    const places = leads.flatMap(lead => lead[k]!.p?.[border] ?? []);
    return places.length < fewestLeads ? undefined : median(places);
  });
}

const towards = (own: number, vote: number | undefined): number =>
  vote === undefined ? own : own + trust * (vote - own);
