/**
 * Delineation errors by the length of the record's intervals: those of the T wave by QT, of the QRS complex by its
 * duration, of P by PR. Accuracy in normal beats need not carry over to long QT, bundle branch block or first-degree
 * block.
 */
import { median } from '../../statistics.ts';
import type { DelineatedBeat } from '../delineate/delineate.ts';
import type { Fiducial } from './compare-delineation.ts';
import type { MarkedWave } from './marked-waves.ts';

export type BandedInterval = 'byQt' | 'byQrs' | 'byPr';

interface Interval {
  /** Upper limits of the bands, ms; the last band has no upper limit. */
  readonly ends: readonly number[];
  readonly kind: MarkedWave['kind'];
  readonly points: readonly (readonly [Fiducial, 'onset' | 'peak' | 'offset'])[];
}

const intervals: Readonly<Record<BandedInterval, Interval>> = {
  byQt: {
    ends: [360, 400, 440, 480],
    kind: 'T',
    points: [
      ['tPeak', 'peak'],
      ['tOffset', 'offset'],
    ],
  },
  byQrs: {
    ends: [90, 110, 130, 150],
    kind: 'QRS',
    points: [
      ['qrsOnset', 'onset'],
      ['qrsOffset', 'offset'],
    ],
  },
  byPr: {
    ends: [140, 180, 220, 260],
    kind: 'P',
    points: [
      ['pOnset', 'onset'],
      ['pPeak', 'peak'],
    ],
  },
};

/** A band: the fiducials of the records whose median interval is in [`fromMs`, `toMs`). */
export interface DelineationBand {
  readonly fromMs: number;
  readonly toMs: number | undefined;
  /** Number of marked waves, and how many of them were detected. */
  marked: number;
  found: number;
  /** Detected minus marked time, ms. */
  readonly errorsMs: Partial<Record<Fiducial, number[]>>;
}

export type DelineationBands = Readonly<Record<BandedInterval, readonly DelineationBand[]>>;

/** A wave counts as detected within this time of its mark, s, as in `tallyDelineation`. */
const matchWindow = 0.15;

/** Bands without any leads. */
export function emptyBands(): DelineationBands {
  const of = ({ ends, points }: Interval): DelineationBand[] =>
    [...ends, undefined].map((toMs, k) => ({
      fromMs: ends[k - 1] ?? 0,
      toMs,
      marked: 0,
      found: 0,
      errorsMs: Object.fromEntries(points.map(([name]) => [name, []])),
    }));
  return { byQt: of(intervals.byQt), byQrs: of(intervals.byQrs), byPr: of(intervals.byPr) };
}

/** The marked waves and the delineation of one lead. */
export interface DelineatedLead {
  readonly marked: readonly MarkedWave[];
  readonly beats: readonly DelineatedBeat[];
}

/**
 * Adds one record. Its band is that of the median interval of all its marks, the best estimate of the true interval: a
 * band of single marks would collect those that happen to be late, and show an error of delineation where there is none.
 * Records without an interval that is marked at both ends belong to no band.
 */
export function tallyBands(
  bands: DelineationBands,
  leads: readonly DelineatedLead[],
  samplingFrequency: number,
): void {
  const ms = (samples: number): number => (samples / samplingFrequency) * 1000;
  for (const name of Object.keys(intervals) as BandedInterval[]) {
    const { kind, points } = intervals[name];
    const usual = median(leads.flatMap(({ marked }) => intervalsOf(name, marked)));
    if (Number.isNaN(usual)) continue;
    const band = bands[name].find(({ toMs }) => toMs === undefined || ms(usual) < toMs)!;
    for (const { marked, beats } of leads) {
      const waves = beats.flatMap(({ rPeak, qrs, p, t }) =>
        kind === 'QRS' ? [{ ...qrs, peak: rPeak }] : ((kind === 'P' ? p : t) ?? []),
      );
      for (const mark of marked) {
        if (mark.kind !== kind) continue;
        band.marked++;
        const apart = (wave: { peak: number }): number => Math.abs(wave.peak - mark.peak);
        const near = waves.filter(wave => apart(wave) <= matchWindow * samplingFrequency);
        if (near.length === 0) continue;
        band.found++;
        const nearest = near.reduce((best, wave) => (apart(wave) < apart(best) ? wave : best));
        for (const [fiducial, point] of points) {
          const [found, at] = [nearest[point], mark[point]];
          if (found !== undefined && at !== undefined) band.errorsMs[fiducial]!.push(ms(found - at));
        }
      }
    }
  }
}

/** The intervals of a lead that are marked at both ends, samples. */
const intervalsOf = (name: BandedInterval, marked: readonly MarkedWave[]): number[] =>
  marked.flatMap((mark, k) =>
    mark.kind === intervals[name].kind ? (intervalOf(name, marked, k) ?? []) : [],
  );

/** QT, QRS or PR of mark `k`, samples; undefined where an end is not marked. */
function intervalOf(name: BandedInterval, marked: readonly MarkedWave[], k: number): number | undefined {
  const mark = marked[k]!;
  if (name === 'byQrs') return difference(mark.onset, mark.offset);
  if (name === 'byQt') {
    const before = marked.slice(0, k).findLast(({ kind }) => kind === 'QRS');
    return difference(before?.onset, mark.offset);
  }
  const after = marked.slice(k + 1).find(({ kind }) => kind === 'QRS');
  return difference(mark.onset, after?.onset);
}

const difference = (from: number | undefined, to: number | undefined): number | undefined =>
  from === undefined || to === undefined ? undefined : to - from;
