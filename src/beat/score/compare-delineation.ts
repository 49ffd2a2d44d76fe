/**
 * Comparison of delineation with marks in one lead: each marked P, QRS and T is paired with the nearest detected one of
 * its kind whose peak (for QRS: R peak) lies within 150 ms, each at most once. Then the sensitivity of a fiducial is
 * the fraction of its marks that were found, its positive predictivity the fraction of detections that are marked, and
 * its error the detected minus the marked time. Only detections between the first and last mark of the lead count,
 * because marks seldom cover the ends.
 */
import { mean, standardDeviation } from '../../statistics.ts';
import type { DelineatedBeat } from '../delineate/delineate.ts';
import type { MarkedWave } from './marked-waves.ts';
import { positivePredictivity, sensitivity } from './sensitivity.ts';

/** The fiducial points of P, QRS and T that are compared. */
export const fiducials = [
  'pOnset',
  'pPeak',
  'pOffset',
  'qrsOnset',
  'qrsOffset',
  'tOnset',
  'tPeak',
  'tOffset',
] as const;
export type Fiducial = (typeof fiducials)[number];

/** Counts and errors of one fiducial, over any number of leads and records. */
export interface FiducialTally {
  found: number;
  missed: number;
  extra: number;
  /** Detected minus marked time, ms. */
  readonly errorsMs: number[];
}

export type DelineationTally = Readonly<Record<Fiducial, FiducialTally>>;

/** Match window, s. */
const matchWindow = 0.15;

/** A tally without any leads. */
export const emptyTally = (): DelineationTally =>
  Object.fromEntries(
    fiducials.map(name => [name, { found: 0, missed: 0, extra: 0, errorsMs: [] }]),
  ) as unknown as DelineationTally;

const names = {
  P: { onset: 'pOnset', peak: 'pPeak', offset: 'pOffset' },
  QRS: { onset: 'qrsOnset', peak: undefined, offset: 'qrsOffset' },
  T: { onset: 'tOnset', peak: 'tPeak', offset: 'tOffset' },
} as const;

/** Adds one lead to the counts. */
export function tallyDelineation(
  tally: DelineationTally,
  marked: readonly MarkedWave[],
  beats: readonly DelineatedBeat[],
  samplingFrequency: number,
): void {
  if (marked.length === 0) return;
  const first = Math.min(...marked.map(({ onset, peak }) => onset ?? peak));
  const last = Math.max(...marked.map(({ peak, offset }) => offset ?? peak));
  for (const kind of ['P', 'QRS', 'T'] as const) {
    const marks = marked.filter(wave => wave.kind === kind);
    const waves = beats
      .flatMap(
        ({
          rPeak,
          qrs,
          p,
          t,
        }): { onset?: number | undefined; peak: number; offset?: number | undefined }[] =>
          kind === 'QRS' ? [{ ...qrs, peak: rPeak }] : kind === 'P' ? (p ? [p] : []) : t ? [t] : [],
      )
      .filter(({ peak }) => peak >= first && peak <= last);
    const free = new Set(waves);
    for (const mark of marks) {
      let nearest: (typeof waves)[number] | undefined;
      for (const wave of free) {
        const distance = Math.abs(wave.peak - mark.peak);
        if (distance > matchWindow * samplingFrequency) continue;
        if (nearest === undefined || distance < Math.abs(nearest.peak - mark.peak)) nearest = wave;
      }
      if (nearest !== undefined) free.delete(nearest);
      for (const point of ['onset', 'peak', 'offset'] as const) {
        const name = names[kind][point];
        const at = mark[point];
        if (name === undefined || at === undefined) continue;
        const found = nearest?.[point];
        if (found === undefined) tally[name].missed++;
        else {
          tally[name].found++;
          tally[name].errorsMs.push(((found - at) / samplingFrequency) * 1000);
        }
      }
    }
    for (const wave of free) {
      for (const point of ['onset', 'peak', 'offset'] as const) {
        const name = names[kind][point];
        if (name !== undefined && wave[point] !== undefined) tally[name].extra++;
      }
    }
  }
}

/** Sensitivity, positive predictivity and errors of one fiducial. */
export interface FiducialScore {
  /**
   * Fraction from 0 to 1; undefined when nothing was marked (sensitivity) or nothing detected (positive predictivity).
   */
  readonly sensitivity: number | undefined;
  readonly positivePredictivity: number | undefined;
  /** Mean and sample standard deviation of the errors, ms. */
  readonly meanMs: number | undefined;
  readonly sdMs: number | undefined;
  readonly n: number;
}

/** Computes the statistics of one fiducial from its counts and errors. */
export function scoreFiducial({ found, missed, extra, errorsMs }: FiducialTally): FiducialScore {
  return {
    sensitivity: sensitivity(found, missed),
    positivePredictivity: positivePredictivity(found, extra),
    meanMs: errorsMs.length === 0 ? undefined : mean(errorsMs),
    sdMs: standardDeviation(errorsMs),
    n: errorsMs.length,
  };
}
