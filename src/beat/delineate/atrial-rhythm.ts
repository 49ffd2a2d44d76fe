/**
 * The rhythm of the atria: which deflections recur with the atrial interval, and which of them are conducted to the
 * ventricles.
 */

import { lowerBound } from '../../lower-bound.ts';
import { median } from '../../statistics.ts';

/** The atrial interval is the median of those within this time on either side, and at least this long, s. */
const aroundSeconds = 10;
const leastInterval = 0.27;
/** A P wave recurs this close to its expected time, as a fraction of the atrial interval. */
const tolerance = 0.1;
/** Multiples of the atrial interval at which it should recur; the fewest recurrences, and their share of those visible. */
const multiples = [-2, -1, 1, 2];
const fewestRecurrences = 2;
const leastShare = 0.65;
const leastCoverage = 0.4;
/** Nothing else of the train is nearer than this fraction of the atrial interval. */
const leastApart = 0.6;
/** Deflections without recurrences are left out before the intervals are determined again. */
const rounds = 2;

/**
 * For each of the ascending sample indices whether it belongs to a train of atrial activations: activations one and two
 * atrial intervals before and after it, except where `isVisible` says that none could be seen.
 */
export function recurringActivations(
  samples: readonly number[],
  samplingFrequency: number,
  { length, isVisible }: { readonly length: number; isVisible(sample: number): boolean },
): boolean[] {
  let recurring = samples.map(() => true);
  for (let round = 0; round < rounds; round++) {
    const train = samples.filter((_, k) => recurring[k]);
    const intervals = train.slice(1).map((sample, k) => sample - train[k]!);
    recurring = samples.map(sample => {
      const reach = aroundSeconds * samplingFrequency;
      const from = lowerBound(train, sample - reach);
      const to = lowerBound(train, sample + reach);
      const interval = median(intervals.slice(from, Math.max(from, to - 1)));
      if (!(interval >= leastInterval * samplingFrequency)) return false;
      const others = train.slice(from, to).filter(other => other !== sample);
      const isAlone =
        round < rounds - 1 || others.every(other => Math.abs(other - sample) >= leastApart * interval);
      return isAlone && recurs(sample, interval, train, isVisible);
    });
  }
  const train = samples.filter((_, k) => recurring[k]);
  return recurring.map(
    (isRecurring, k) =>
      isRecurring && coverage(samples[k]!, train, aroundSeconds * samplingFrequency, length) >= leastCoverage,
  );
}

/** The part of the time around a sample in which each activation of the train follows the one before it directly. */
function coverage(sample: number, train: readonly number[], reach: number, length: number): number {
  const from = lowerBound(train, sample - reach);
  const to = lowerBound(train, sample + reach);
  const intervals = train.slice(from + 1, to).map((next, k) => next - train[from + k]!);
  const interval = median(intervals);
  return (interval * intervals.length) / (Math.min(length, sample + reach) - Math.max(0, sample - reach));
}

function recurs(
  sample: number,
  interval: number,
  train: readonly number[],
  isVisible: (sample: number) => boolean,
): boolean {
  let found = 0;
  let visible = 0;
  for (const multiple of multiples) {
    const expected = sample + multiple * interval;
    const within = tolerance * interval * Math.sqrt(Math.abs(multiple));
    const isFound =
      (train[lowerBound(train, expected - within)] ?? Number.POSITIVE_INFINITY) <= expected + within;
    if (isFound) found++;
    if (isFound || isVisible(expected)) visible++;
  }
  return found >= fewestRecurrences && found >= leastShare * visible;
}

/** The PR intervals of this many beats on either side are compared. */
const neighbours = 8;
/** PR intervals that differ by no more than this are the same, ms. */
const samePrMs = 40;
/** Conduction is assumed when at least this fraction of the neighbouring P waves have the same PR interval … */
const sameShare = 0.6;
/** … or this fraction of the neighbouring beats have a P wave in the range of PR intervals (Wenckebach period). */
const precededShare = 0.8;
/** … while there are at most so many blocked P waves for each of these beats. */
const mostBlocked = 0.75;

/**
 * For each beat whether the P wave before it is conducted. `pr` are the times from P to QRS, ms; undefined for a beat
 * without a P wave in the range of PR intervals. `blocked` are the numbers of blocked P waves between each beat and the
 * one before it.
 */
export function isConducted(pr: readonly (number | undefined)[], blocked: readonly number[]): boolean[] {
  return pr.map((own, k) => {
    if (own === undefined) return false;
    const near = blocked.slice(Math.max(0, k - neighbours), k + neighbours + 1);
    const isBlockRare = near.reduce((sum, count) => sum + count, 0) <= mostBlocked * near.length;
    const others = [...pr.slice(Math.max(0, k - neighbours), k), ...pr.slice(k + 1, k + 1 + neighbours)];
    const preceded = others.filter(other => other !== undefined);
    const same = preceded.filter(other => Math.abs(other - own) <= samePrMs).length;
    const isPeriodic = isBlockRare && preceded.length >= precededShare * others.length;
    return same >= sameShare * preceded.length || isPeriodic;
  });
}
