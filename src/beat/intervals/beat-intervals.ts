/** The intervals between the borders of one beat's waves, in one lead or over several. */
import type { DelineatedBeat } from '../delineate/delineate.ts';
import { type CorrectedQt, correctQt } from './qt-correction.ts';

/** Borders and peaks of a beat's waves, sample indices; undefined where there is none. */
export interface WaveBorders {
  readonly pOnset: number | undefined;
  readonly pPeak: number | undefined;
  readonly pOffset: number | undefined;
  readonly qrsOnset: number | undefined;
  readonly qrsOffset: number | undefined;
  readonly tOnset: number | undefined;
  readonly tPeak: number | undefined;
  readonly tOffset: number | undefined;
}

/** Intervals of a beat, s; undefined where a border is missing. */
export interface BeatIntervals {
  /** Duration of the P wave. */
  readonly p: number | undefined;
  /** P onset to QRS onset. */
  readonly pr: number | undefined;
  readonly qrs: number | undefined;
  /** QRS onset to T offset. */
  readonly qt: number | undefined;
  /** QRS offset to T offset. */
  readonly jt: number | undefined;
  /** T peak to T offset. */
  readonly tPeakTEnd: number | undefined;
  /** From the R peak before: what QTc is corrected by. */
  readonly rr: number | undefined;
  readonly qtc: CorrectedQt | undefined;
}

export const bordersOf = ({ p, qrs, t }: DelineatedBeat): WaveBorders => ({
  pOnset: p?.onset,
  pPeak: p?.peak,
  pOffset: p?.offset,
  qrsOnset: qrs.onset,
  qrsOffset: qrs.offset,
  tOnset: t?.onset,
  tPeak: t?.peak,
  tOffset: t?.offset,
});

/** Of the borders in samples; `rr` in s. */
export function beatIntervals(
  borders: WaveBorders,
  rr: number | undefined,
  samplingFrequency: number,
): BeatIntervals {
  const between = (from: number | undefined, to: number | undefined): number | undefined =>
    from === undefined || to === undefined ? undefined : (to - from) / samplingFrequency;
  const { pOnset, pOffset, qrsOnset, qrsOffset, tPeak, tOffset } = borders;
  const qt = between(qrsOnset, tOffset);
  return {
    p: between(pOnset, pOffset),
    pr: between(pOnset, qrsOnset),
    qrs: between(qrsOnset, qrsOffset),
    qt,
    jt: between(qrsOffset, tOffset),
    tPeakTEnd: between(tPeak, tOffset),
    rr,
    qtc: qt === undefined || rr === undefined ? undefined : correctQt(qt, rr),
  };
}

/**
 * The borders of one beat over all its leads: the earliest onsets and the latest offsets, as an interval is read off
 * leads that were recorded together (Rautaharju, Surawicz & Gettes, J. Am. Coll. Cardiol. 53:982–991, 2009); of three
 * leads or more the second earliest and the second latest, so that one lead astray does not move them. Peaks are medians.
 */
export function bordersOverLeads(leads: readonly WaveBorders[]): WaveBorders {
  const sorted = (border: keyof WaveBorders): number[] =>
    leads.flatMap(lead => lead[border] ?? []).sort((a, b) => a - b);
  const earliest = (border: keyof WaveBorders): number | undefined => {
    const places = sorted(border);
    return places[places.length > 2 ? 1 : 0];
  };
  const latest = (border: keyof WaveBorders): number | undefined => {
    const places = sorted(border);
    return places.at(places.length > 2 ? -2 : -1);
  };
  const middle = (border: keyof WaveBorders): number | undefined => {
    const places = sorted(border);
    return places[places.length >> 1];
  };
  return {
    pOnset: earliest('pOnset'),
    pPeak: middle('pPeak'),
    pOffset: latest('pOffset'),
    qrsOnset: earliest('qrsOnset'),
    qrsOffset: latest('qrsOffset'),
    tOnset: earliest('tOnset'),
    tPeak: middle('tPeak'),
    tOffset: latest('tOffset'),
  };
}
