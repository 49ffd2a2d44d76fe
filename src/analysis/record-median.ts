/** Collects the median beats of a recording's leads part by part. */
import type { BeatWaves } from '../beat/intervals/measure-intervals.ts';
import {
  extendExtents,
  type MedianReach,
  medianReach,
  noExtents,
  reachAround,
  widestReach,
} from '../beat/intervals/median-reach.ts';
import { complexProminences, hasQrsComplexes } from '../beat/intervals/qrs-prominence.ts';
import { createCuts, cutBeats, type MedianBeat, medianOfCuts } from '../beat/median-beat.ts';
import type { BeatPart } from './beat-parts.ts';

/** Maximum number of beats averaged into the median beat. */
const mostBeats = 500;

export interface RecordMedian {
  /** Number of beats that are averaged at most. */
  readonly chosenBeats: number;
  /** Adds a part: its leads without pacing spikes, and the waves of the beats that are its own, not of its margins. */
  extend(part: BeatPart, unpaced: readonly Float64Array[], beats: readonly BeatWaves[]): void;
  /** Whether QRS complexes stand out in a lead (`hasQrsComplexes`). */
  hasComplexes(): boolean;
  /** The median beat of each lead; undefined when no beat has a known RR interval. */
  beats(): { readonly reach: MedianReach; readonly medians: (MedianBeat | undefined)[] } | undefined;
}

/** `rr` are the intervals before the beats of the recording, s; `usual` the indices of those to be averaged. */
export function createRecordMedian(
  samplingFrequency: number,
  leads: number,
  rr: readonly (number | undefined)[],
  usual: readonly number[],
): RecordMedian {
  const usualReach = medianReach(usual.map(k => rr[k]));
  const widest = usualReach && widestReach(usualReach);
  const extents = noExtents();
  const chosen = new Set(spread(usual, mostBeats));
  const cuts =
    widest && Array.from({ length: leads }, () => createCuts(samplingFrequency, chosen.size, widest));
  const prominences: number[][] = Array.from({ length: leads }, () => []);
  return {
    chosenBeats: chosen.size,
    extend({ first, last, from, inPart }, unpaced, beats) {
      for (const [lead, voltage] of unpaced.entries()) {
        prominences[lead]!.push(...complexProminences(voltage, samplingFrequency, inPart));
      }
      if (cuts === undefined) return;
      const isChosen = (_: unknown, k: number): boolean => chosen.has(first + k);
      const ofMedian = Array.from(inPart.subarray(first - from, last - from)).filter(isChosen);
      for (const [k, beat] of beats.entries()) {
        if (chosen.has(first + k)) extendExtents(extents, beat, samplingFrequency, rr[first + k + 1]);
      }
      for (const [lead, voltage] of unpaced.entries()) {
        cutBeats(cuts[lead]!, voltage, ofMedian);
      }
    },
    hasComplexes: () => hasQrsComplexes(prominences),
    beats() {
      if (usualReach === undefined || cuts === undefined) return undefined;
      const reach = reachAround(usualReach, extents);
      return { reach, medians: cuts.map(of => medianOfCuts(of, reach)) };
    },
  };
}

const spread = (values: readonly number[], most: number): readonly number[] =>
  values.length <= most
    ? values
    : Array.from({ length: most }, (_, k) => values[Math.floor((k * values.length) / most)]!);
