/**
 * Waves that follow each QRS complex at a fixed time, as U waves and remains of T waves do, among deflections that may be
 * blocked P waves. Where P waves conducted with one PR interval precede the beats, a blocked P wave between two of them
 * lies in the middle, or a little earlier (the QRS complex shortens the atrial interval that contains it), and its time
 * after the complex varies with the atrial rate as much as the time to the next P wave. A U wave lies anywhere, and its
 * time after the complex hardly varies. Where the beats have no P waves, one wave at the same time after each complex is
 * bound to it unless it may be conducted to the next one; dissociated P waves are at a different time after each.
 */
import { median } from '../../statistics.ts';
import type { AtrialCandidate } from './atrial-candidates.ts';

/** PR intervals that differ by no more than this are the same, s; they are compared over this many beats on either side. */
const samePrSeconds = 0.04;
const neighbours = 8;
/** Share of the beats around that must have a P wave with the same PR interval. */
const leastSame = 0.6;
/** A blocked P wave divides the atrial interval in two of which the first is at most this part; so is the median of several. */
const latestPart = { one: 0.55, median: 0.525 };
/** On the peak of the T waves, s, blocked P waves are not told from its remains where the median part is less than this. */
const onTSeconds = 0.04;
const earliestPart = 0.48;
/** A wave is bound to the complex before it when its time to the next P wave varies this many times as much. */
const leastVariation = 3;
/** Fewest waves whose variation and whose median part are determined. */
const fewestWaves = { variation: 8, part: 3 };
/** Waves of the train as long after a complex as the bound ones are bound as well, s. */
const sameSeconds = 0.04;
/** Fewest waves that are bound because they are as long after the complex, and their share of those in the beats around. */
const fewestAfterQrs = 5;
const leastAfterQrs = 0.8;
/** A P wave this long before an R peak may be conducted to it, s. */
const longestPrSeconds = 0.48;

/** Places in a beat, sample indices; NaN for a wave that was not found. */
interface BeatPlaces {
  readonly rPeak: number;
  readonly pPeak: number;
  readonly tPeak: number;
}

/** The candidates of a train of atrial activations that are bound to the beat before them. */
export function boundWaves(
  beats: readonly BeatPlaces[],
  train: readonly AtrialCandidate[],
  samplingFrequency: number,
): ReadonlySet<AtrialCandidate> {
  const pr = beats.map(({ rPeak, pPeak }) => (rPeak - pPeak) / samplingFrequency);
  const isSteady = (k: number): boolean => {
    const around = pr.slice(Math.max(0, k - neighbours), k + neighbours + 1);
    const same = around.filter(other => Math.abs(other - pr[k]!) <= samePrSeconds).length;
    return same >= leastSame * around.length;
  };
  const counts = new Map<number, number>();
  for (const { interval } of train) counts.set(interval, (counts.get(interval) ?? 0) + 1);
  const single = train.filter(
    ({ interval }) => interval > 0 && interval < beats.length && counts.get(interval) === 1,
  );
  const alone = single.filter(({ interval }) => isSteady(interval - 1) && isSteady(interval));
  const withoutP = single.filter(({ interval }) => Number.isNaN(pr[interval]!));
  const afterQrs = ({ sample, interval }: AtrialCandidate): number =>
    (sample - beats[interval - 1]!.rPeak) / samplingFrequency;
  const partOf = ({ sample, interval }: AtrialCandidate): number => {
    const [from, to] = [beats[interval - 1]!.pPeak, beats[interval]!.pPeak];
    return (sample - from) / (to - from);
  };
  const isOnT = ({ sample, interval }: AtrialCandidate): boolean =>
    Math.abs(sample - beats[interval - 1]!.tPeak) <= onTSeconds * samplingFrequency;
  const beforeQrs = ({ sample, interval }: AtrialCandidate): number =>
    (beats[interval]!.rPeak - sample) / samplingFrequency;
  const toNextP = alone.map(({ sample, interval }) => (beats[interval]!.pPeak - sample) / samplingFrequency);
  const isFixed =
    alone.length >= fewestWaves.variation &&
    deviation(toNextP) > leastVariation * deviation(alone.map(afterQrs));
  const followsQrs = (candidate: AtrialCandidate): boolean => {
    const near = withoutP.filter(({ interval }) => Math.abs(interval - candidate.interval) <= neighbours);
    const same = near.filter(other => Math.abs(afterQrs(other) - afterQrs(candidate)) <= sameSeconds);
    if (same.length < Math.max(fewestAfterQrs, leastAfterQrs * near.length)) return false;
    const times = near.map(beforeQrs);
    return (
      median(times) > longestPrSeconds || deviation(times) > leastVariation * deviation(near.map(afterQrs))
    );
  };
  const betweenP = alone.filter(candidate => {
    if (isFixed || partOf(candidate) > latestPart.one) return true;
    const near = alone.filter(({ interval }) => Math.abs(interval - candidate.interval) <= neighbours);
    if (near.length < fewestWaves.part) return false;
    const part = median(near.map(partOf));
    return part > latestPart.median || (part < earliestPart && isOnT(candidate));
  });
  const bound = [...betweenP, ...withoutP.filter(followsQrs)];
  if (bound.length < fewestWaves.part) return new Set(bound);
  const usual = median(bound.map(afterQrs));
  const isAsLate = (candidate: AtrialCandidate): boolean =>
    candidate.interval > 0 && Math.abs(afterQrs(candidate) - usual) <= sameSeconds;
  const isBound = new Set(bound);
  return new Set(train.filter(candidate => isBound.has(candidate) || isAsLate(candidate)));
}

/** Median absolute deviation. */
function deviation(values: readonly number[]): number {
  const centre = median(values);
  return median(values.map(value => Math.abs(value - centre)));
}
