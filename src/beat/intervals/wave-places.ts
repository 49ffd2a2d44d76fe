/** Where the waves of a beat are in one lead. */
import type { DelineatedBeat } from '../delineate/delineate.ts';
import { movedQrsWaves, type QrsWaves } from '../delineate/qrs-waves.ts';
import { bordersOf, type WaveBorders } from './beat-intervals.ts';

/** Boundaries and peaks of the waves of a beat in one lead, sample indices. */
export interface WavePlaces {
  readonly borders: WaveBorders;
  readonly qrsWaves: QrsWaves | undefined;
}

/** The places of the waves of a delineated beat. */
export const placesOf = (beat: DelineatedBeat): WavePlaces => ({
  borders: bordersOf(beat),
  qrsWaves: beat.qrsWaves,
});

/** What is known of a beat in one lead, with its places moved by a number of samples. */
export const movedLead = <T extends WavePlaces>(lead: T, samples: number): T => ({
  ...lead,
  borders: movedBorders(lead.borders, samples),
  qrsWaves: lead.qrsWaves && movedQrsWaves(lead.qrsWaves, samples),
});

/** The boundaries shifted by a number of samples. */
export function movedBorders(borders: WaveBorders, samples: number): WaveBorders {
  return Object.fromEntries(
    Object.entries(borders).map(([name, place]) => [name, place === undefined ? undefined : place + samples]),
  ) as unknown as WaveBorders;
}
