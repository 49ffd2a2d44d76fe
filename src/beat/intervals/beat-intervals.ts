/** Intervals between the wave boundaries of one beat, in one lead or over several. */
import { type DelineatedBeat, shortestPrMs } from '../delineate/delineate.ts';
import { type CorrectedQt, correctQt } from './qt-correction.ts';

/** Boundaries and peaks of the waves of a beat, sample indices; undefined for one that was not found. */
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

/** Intervals of a beat, s; undefined when a boundary is missing. */
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
  /** RR interval before the beat, from which QTc is computed. */
  readonly rr: number | undefined;
  readonly qtc: CorrectedQt | undefined;
}

/** Boundaries and peaks of a delineated beat, sample indices. */
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

/** Intervals from boundaries in samples; `samplingFrequency` in Hz, `rr` in s. */
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

/** Longest P wave over the leads, ms; in a longer one the leads marked different waves. */
const longestPMs = 200;

/**
 * A P wave conducted in less than this precedes no QRS complex of this duration, ms: what is marked there is the stimulus
 * or the beginning of a paced or ventricular complex. Pre-excited complexes, whose PR is as short, are narrower.
 */
const shortPrMs = 90;
const ventricularQrsMs = 160;

/** The boundaries without P where its place over the leads is not that of one P wave before the QRS complex. */
export function withPlausibleP(borders: WaveBorders, samplingFrequency: number): WaveBorders {
  const { pOnset, pOffset, qrsOnset, qrsOffset } = borders;
  const ms = (from = Number.NaN, to = Number.NaN): number => ((to - from) * 1000) / samplingFrequency;
  const pr = ms(pOnset, qrsOnset);
  const isVentricular = pr < shortPrMs && ms(qrsOnset, qrsOffset) >= ventricularQrsMs;
  const isImplausible = pr < shortestPrMs || ms(pOnset, pOffset) > longestPMs || isVentricular;
  return isImplausible ? withoutP(borders) : borders;
}

/** The boundaries without those of a P wave. */
export const withoutP = (borders: WaveBorders): WaveBorders => ({
  ...borders,
  pOnset: undefined,
  pPeak: undefined,
  pOffset: undefined,
});

/**
 * Boundaries of one beat over simultaneously recorded leads: the earliest onsets and the latest offsets (Rautaharju,
 * Surawicz & Gettes, J. Am. Coll. Cardiol. 53:982–991, 2009). With three leads or more, the second earliest and the
 * second latest are used, so that a single outlying lead has no influence. Peaks are medians over the leads.
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
