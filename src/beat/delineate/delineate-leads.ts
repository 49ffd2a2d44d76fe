/**
 * Delineation of leads that were recorded together. Each lead is delineated by itself first; then they vote on where P
 * begins and ends. One heart makes all leads, and P is small and in some of them hardly seen, so each border moves part
 * of the way to the median of the leads': not all of it, for a lead that lies across the atrial activation truly shows
 * less of P, and cardiologists mark it so. QRS and T stay as each lead shows them.
 */

import { median } from '../../statistics.ts';
import { leadsWithoutPacing } from '../pacing.ts';
import { type DelineatedBeat, type DelineatedWave, delineateUnpaced } from './delineate.ts';

/** So many leads make a vote. */
const fewestLeads = 3;
/** The part of the way; chosen on records 1–100 of the LUDB among 0.3, 0.5 and 0.7, by the deviation of both borders. */
const trust = 0.3;

/**
 * Delineates each beat in each lead: one list per lead, in the order of the leads. `leads` in mV, of one sampling
 * frequency and start; `rPeaks` as in `delineate`. Throws `RangeError` as `delineate` does.
 *
 * @example delineateLeads([voltage], samplingFrequency, rPeaks)[0].length // => 501
 */
export function delineateLeads(
  leads: readonly Float64Array[],
  samplingFrequency: number,
  rPeaks: ArrayLike<number>,
): DelineatedBeat[][] {
  const alone = leadsWithoutPacing(leads, samplingFrequency).map(voltage =>
    delineateUnpaced(voltage, samplingFrequency, rPeaks),
  );
  const onsets = votes(alone, rPeaks.length, 'onset');
  const offsets = votes(alone, rPeaks.length, 'offset');
  return alone.map(beats =>
    beats.map((beat, k): DelineatedBeat => {
      if (beat.p === undefined) return beat;
      const { peak } = beat.p;
      // The vote never carries a border over the lead's own peak.
      const onset = Math.min(towards(beat.p.onset, onsets[k]), peak);
      const offset = Math.max(towards(beat.p.offset, offsets[k]), peak);
      return { ...beat, p: { onset, peak, offset } };
    }),
  );
}

/** For each beat the median of a border of P over the leads that have one; undefined where too few do. */
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
  vote === undefined ? own : Math.round(own + trust * (vote - own));
