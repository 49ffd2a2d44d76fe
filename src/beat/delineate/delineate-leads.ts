/**
 * Delineation of simultaneously recorded leads. Each lead is first delineated separately, and P waves are reported that
 * the leads together show; then each boundary is moved by
 * a fraction of its distance from the median over the leads. It is not moved to the median itself, because a lead
 * perpendicular to the activation shows a shorter wave, and cardiologists mark it accordingly.
 */

import { median } from '../../statistics.ts';
import { leadsWithoutPacing } from '../pacing/pacing.ts';
import {
  type BoundedBeat,
  type DelineatedBeat,
  type PossibleBeat,
  possibleBeats,
  withQrsWaves,
} from './delineate.ts';
import { inFlutter } from './flutter-waves.ts';
import { isPresent } from './p-presence.ts';
import type { DelineatedWave } from './wave-borders.ts';

/** The adjustment needs at least this many leads. */
const fewestLeads = 3;
/**
 * Fraction of the distance to the median; chosen among 0.2 to 0.8 by the deviations on records 1–100 of the LUDB.
 */
const trust = 0.3;

/**
 * Delineates each beat in each lead: one list per lead, in the order of the leads. `leads` are in mV, with a common
 * sampling frequency and start; `rPeaks` as in `delineate`. `toSample` rounds the boundaries, which are estimated in
 * fractional samples. Throws `RangeError` as `delineate` does.
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
  const alone = withCommonP(
    leads.map(voltage => possibleBeats(voltage, samplingFrequency, rPeaks, toSample)),
    samplingFrequency,
    inFlutter(leads, samplingFrequency, rPeaks),
  );
  const voted = Object.fromEntries(boundaries.map(({ name, of }) => [name, votes(alone, rPeaks.length, of)]));
  const moved = alone.map(beats =>
    beats.map((beat, k): BoundedBeat => {
      const towards = (name: BoundaryName, own: number): number => {
        const vote = voted[name]![k];
        return vote === undefined ? own : toSample(own + trust * (vote - own));
      };
      const movedWave = (wave: DelineatedWave | undefined, onset: BoundaryName, offset: BoundaryName) =>
        wave && {
          // A boundary is never moved beyond the lead's own peak.
          onset: Math.min(towards(onset, wave.onset), wave.peak),
          peak: wave.peak,
          offset: Math.max(towards(offset, wave.offset), wave.peak),
        };
      const { onset, offset } = beat.qrs;
      return {
        ...beat,
        qrs: {
          onset: onset && Math.min(towards('qrsOnset', onset), beat.rPeak),
          offset: offset && Math.max(towards('qrsOffset', offset), beat.rPeak),
        },
        p: movedWave(beat.p, 'pOnset', 'pOffset'),
        t: movedWave(beat.t, 'tOnset', 'tOffset'),
      };
    }),
  );
  return moved.map((beats, lead) => withQrsWaves(leads[lead]!, samplingFrequency, beats));
}

/**
 * A P wave is reported where its log-odds and `weight` times the mean of those of the other leads, limited to `most`
 * each, exceed `least`; of the other leads those count that have it within `sameMs`. The values were chosen on records
 * 1–100 of the LUDB.
 */
const common = { weight: 3, most: 2, least: 3.75, sameMs: 60 };

/** The beats of each lead, with the P waves that the leads together show; with few leads, that each shows alone; none in `flutter`. */
function withCommonP(
  leads: readonly (readonly PossibleBeat[])[],
  samplingFrequency: number,
  flutter: readonly boolean[],
): BoundedBeat[][] {
  const same = (common.sameMs * samplingFrequency) / 1000;
  const isShown = (own: PossibleBeat, lead: number, k: number): boolean => {
    if (leads.length < fewestLeads) return isPresent(own.pLogOdds);
    let sum = 0;
    for (const [j, beats] of leads.entries()) {
      const other = beats[k]!;
      if (j === lead || other.p === undefined || Math.abs(other.p.peak - own.p!.peak) > same) continue;
      sum += Math.min(common.most, Math.max(-common.most, other.pLogOdds));
    }
    return own.pLogOdds + (common.weight * sum) / (leads.length - 1) > common.least;
  };
  return leads.map((beats, lead) =>
    beats.map(({ pLogOdds, ...beat }, k): BoundedBeat => {
      const isPossible = beat.p !== undefined && !flutter[k] && isShown(beats[k]!, lead, k);
      return isPossible ? beat : { ...beat, p: undefined };
    }),
  );
}

type BoundaryName = 'pOnset' | 'pOffset' | 'qrsOnset' | 'qrsOffset' | 'tOnset' | 'tOffset';

const boundaries: readonly {
  readonly name: BoundaryName;
  of(beat: BoundedBeat): number | undefined;
}[] = [
  { name: 'pOnset', of: ({ p }) => p?.onset },
  { name: 'pOffset', of: ({ p }) => p?.offset },
  { name: 'qrsOnset', of: ({ qrs }) => qrs.onset },
  { name: 'qrsOffset', of: ({ qrs }) => qrs.offset },
  { name: 'tOnset', of: ({ t }) => t?.onset },
  { name: 'tOffset', of: ({ t }) => t?.offset },
];

/** For each beat the median of a boundary over the leads in which it was found; undefined when there are too few. */
function votes(
  leads: readonly (readonly BoundedBeat[])[],
  beats: number,
  of: (beat: BoundedBeat) => number | undefined,
): (number | undefined)[] {
  return Array.from({ length: beats }, (_, k) => {
    const places = leads.flatMap(lead => of(lead[k]!) ?? []);
    return places.length < fewestLeads ? undefined : median(places);
  });
}
