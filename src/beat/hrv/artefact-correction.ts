/**
 * Detection and correction of RR intervals that are wrong because of an ectopic beat, a missed beat, an extra detection
 * or a misplaced R peak, after J. A. Lipponen & M. P. Tarvainen, J. Med. Eng. Technol. 43:173–181, 2019. The thresholds
 * are proportional to the quartile deviation of the record's own successive differences, so they adapt to the
 * variability of the record.
 *
 * Deviations from the paper: ectopic beats are searched first, and their two intervals are not tested again; a wrong
 * interval is replaced by linear interpolation between the nearest correct ones, not by a cubic spline; and a threshold
 * is never less than 20 ms, so that rounding to whole samples is not taken for artefacts in a record of nearly equal
 * intervals.
 */
import { InputError } from '../../input-error.ts';
import { median, quantile } from '../../statistics.ts';
import type { SampleSpan } from '../sample-span.ts';
import { beatDurations, isSinus, type RrInterval, reachesInto } from './rr-intervals.ts';

/**
 * The kind of artefact: `ectopic`, an ectopic beat; `missed`, a beat that was not detected; `extra`, a detection
 * without a beat; `long-or-short`, an interval too long or too short for any other reason.
 */
export type ArtefactKind = 'ectopic' | 'missed' | 'extra' | 'long-or-short';

/** A wrong RR interval and the reason. */
export interface Artefact {
  readonly kind: ArtefactKind;
  /**
   * Index of the interval among the uncorrected intervals. For an ectopic beat found without labels, that of the
   * interval after the beat.
   */
  readonly interval: number;
}

/** The result of `correctIntervals`: the corrected intervals, and the artefacts found in the original ones. */
export interface CorrectedIntervals {
  readonly intervals: RrInterval[];
  readonly artefacts: readonly Artefact[];
  /** Fraction (0 to 1) of the returned intervals that were corrected. */
  readonly correctedShare: number;
}

/**
 * α, c₁ and c₂ of the paper; its window lengths in beats; and the distance from the median, in thresholds, above which
 * an interval is wrong.
 */
const alpha = 5.2;
const slope = 0.13;
const margin = 0.17;
const thresholdBeats = 91;
const medianBeats = 11;
const farFromMedian = 3;
/** Smallest threshold, s. */
const leastThreshold = 0.02;

/**
 * Corrects the RR intervals between the beats at `rPeaks` (ascending sample indices; `samplingFrequency` in Hz). The
 * intervals beside an ectopic beat and those that are too long or too short are interpolated; an interval with a missed
 * beat is split into halves; the two intervals beside an extra detection are merged. All returned intervals are normal
 * except those that overlap an `unreadable` span.
 *
 * Labels are not needed. With `symbols`, one per beat, the intervals beside a beat other than N, L or R are
 * interpolated first. Because the thresholds are based on quartiles, records in which a quarter or more of the
 * differences are due to ectopic beats need labels.
 *
 * Throws `RangeError` as `rrIntervals` does.
 *
 * @example
 * const beats = Array.from({ length: 60 }, (_, k) => 360 * k + 9 * (k % 3)).filter((_, k) => k !== 30);
 * correctIntervals(beats, 360).artefacts // => [{ kind: 'missed', interval: 29 }]
 */
export function correctIntervals(
  rPeaks: ArrayLike<number>,
  samplingFrequency: number,
  unreadable: readonly SampleSpan[] = [],
  symbols?: readonly string[],
): CorrectedIntervals {
  const durations = beatDurations(rPeaks, samplingFrequency);
  const isUnreadable = durations.map((_, k) => reachesInto(unreadable, rPeaks[k]!, rPeaks[k + 1]!));
  const labelled = ectopicByLabel(durations.length, symbols);
  // Nothing is interpolated from an unreadable interval, nor compared with it.
  const wrong = labelled.map((kind, k) => (isUnreadable[k] ? 'unreadable' : kind));
  const series = durations.map((duration, k) =>
    wrong[k] === undefined ? duration : interpolated(durations, wrong, k),
  );
  const artefacts = [
    ...labelled.flatMap((kind, interval) =>
      kind === undefined || isUnreadable[interval] ? [] : [{ kind, interval }],
    ),
    ...findArtefacts(series).filter(({ interval }) => wrong[interval] === undefined),
  ].sort((a, b) => a.interval - b.interval);
  const kinds: (ArtefactKind | 'unreadable' | undefined)[] = [...wrong];
  for (const { kind, interval } of artefacts) {
    kinds[interval] = kind;
    if (kind === 'ectopic' && interval > 0 && wrong[interval] === undefined) kinds[interval - 1] ??= kind;
  }
  const intervals: RrInterval[] = [];
  for (let k = 0; k < durations.length; k++) {
    const time = rPeaks[k + 1]! / samplingFrequency;
    const duration = durations[k]!;
    const kind = kinds[k];
    const normal = { isNormal: true, ...(kind && { corrected: true as const }) };
    if (kind === 'unreadable') {
      intervals.push({ time, duration, isNormal: false, excluded: 'unreadable' });
    } else if (kind === 'missed') {
      intervals.push({ ...normal, time: time - duration / 2, duration: duration / 2 });
      intervals.push({ ...normal, time, duration: duration / 2 });
    } else if (kind === 'extra') {
      const joined = duration + durations[k + 1]!;
      intervals.push({ ...normal, time: rPeaks[k + 2]! / samplingFrequency, duration: joined });
      k++;
    } else if (kind === undefined) intervals.push({ ...normal, time, duration });
    else intervals.push({ ...normal, time, duration: interpolated(durations, kinds, k) });
  }
  const corrected = intervals.filter(interval => interval.corrected).length;
  return { intervals, artefacts, correctedShare: intervals.length === 0 ? 0 : corrected / intervals.length };
}

/** Marks as `ectopic` the intervals that begin or end with a beat not of sinus origin. */
function ectopicByLabel(count: number, symbols: readonly string[] | undefined): ('ectopic' | undefined)[] {
  if (symbols !== undefined && symbols.length !== count + 1 && (count > 0 || symbols.length > 1)) {
    throw new InputError(`${symbols.length} symbols for ${count + 1} beats`);
  }
  return Array.from({ length: count }, (_, k) =>
    symbols === undefined || (isSinus(symbols[k]!) && isSinus(symbols[k + 1]!)) ? undefined : 'ectopic',
  );
}

/**
 * Linear interpolation at interval `k` between the nearest intervals without an artefact; at the ends of the series,
 * the value of the nearest one.
 */
function interpolated(
  durations: readonly number[],
  kinds: readonly (ArtefactKind | 'unreadable' | undefined)[],
  k: number,
): number {
  let before = k;
  while (before >= 0 && kinds[before] !== undefined) before--;
  let after = k;
  while (after < kinds.length && kinds[after] !== undefined) after++;
  const [left, right] = [durations[before], durations[after]];
  if (left === undefined || right === undefined) return left ?? right ?? durations[k]!;
  return left + ((right - left) * (k - before)) / (after - before);
}

function findArtefacts(durations: readonly number[]): Artefact[] {
  const changes = durations.map((duration, k) => (k === 0 ? 0 : duration - durations[k - 1]!));
  const usual = durations.map((_, k) => median(around(durations, k, medianBeats)));
  // As in the paper, negative distances are doubled: intervals that are too short are more likely to be artefacts.
  const distances = durations.map((duration, k) => {
    const distance = duration - usual[k]!;
    return distance < 0 ? 2 * distance : distance;
  });
  const changeThresholds = thresholds(changes);
  const distanceThresholds = thresholds(distances);
  const change = (k: number): number => (changes[k] ?? 0) / changeThresholds[k]! || 0;
  const distance = (k: number): number => distances[k]! / distanceThresholds[k]!;

  const artefacts: Artefact[] = [];
  const settled = new Set<number>();
  for (let k = 1; k < durations.length; k++) {
    if (settled.has(k - 1) || !isEctopic(change(k - 1), change(k), change(k + 1))) continue;
    settled.add(k - 1).add(k);
    artefacts.push({ kind: 'ectopic', interval: k });
  }
  for (let k = 0; k < durations.length; k++) {
    if (settled.has(k)) continue;
    const isLong = change(k) > 1 && Math.min(change(k + 1), change(k + 2)) < -1;
    const isShort = change(k) < -1 && Math.max(change(k + 1), change(k + 2)) > 1;
    if (!isLong && !isShort && !(Math.abs(distance(k)) > farFromMedian)) continue;
    const near = (duration: number): boolean => Math.abs(duration - usual[k]!) < distanceThresholds[k]!;
    const next = settled.has(k + 1) ? undefined : durations[k + 1];
    const isExtra = durations[k]! < usual[k]! && next !== undefined && near(durations[k]! + next);
    const isMissed = durations[k]! > usual[k]! && near(durations[k]! / 2);
    artefacts.push({ kind: isExtra ? 'extra' : isMissed ? 'missed' : 'long-or-short', interval: k });
    settled.add(k);
    if (isExtra) settled.add(k + 1);
  }
  return artefacts.sort((a, b) => a.interval - b.interval);
}

/**
 * Whether three successive changes, in units of their thresholds, have the pattern of an ectopic beat: a large change
 * between two of the opposite sign.
 */
function isEctopic(before: number, middle: number, after: number): boolean {
  if (middle > 1) return Math.max(before, after) < -slope * middle - margin;
  if (middle < -1) return Math.min(before, after) > -slope * middle + margin;
  return false;
}

/** For each value, α times the quartile deviation of the absolute values around it, at least `leastThreshold`. */
const thresholds = (values: readonly number[]): number[] => {
  const sizes = values.map(Math.abs);
  return sizes.map((_, k) => {
    const near = around(sizes, k, thresholdBeats);
    return Math.max(leastThreshold, (alpha * (quantile(near, 0.75) - quantile(near, 0.25))) / 2);
  });
};

/** The `count` values centred on index `k`; fewer at the ends. */
const around = (values: readonly number[], k: number, count: number): readonly number[] =>
  values.slice(Math.max(0, k - (count >> 1)), k + (count >> 1) + 1);
