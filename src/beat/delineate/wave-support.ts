/** The support of a P or T peak by those of neighbouring beats: a wave recurs with the same time and polarity. */

/** A peak: its time, ms from the anchor, and its heights at several reaches, mV. */
interface TimedPeak {
  readonly time: number;
  readonly heights: readonly number[];
}

/** Number of beats on either side that give support, and the fewest in total. */
export const neighbours = 8;
export const fewestNeighbours = 2;
/**
 * A beat with a QRS complex narrower than this, ms, gets no support from those longer by so much, which are ventricular
 * ones without a P wave and with another T wave, unless fewer others remain.
 */
const narrowMs = 120;
const longerMs = 30;
const fewestComparable = 4;
/** Standard deviation, ms, of the time of the same wave in other beats. */
const timeDeviation = 14;
/** Prior probability of a turning point without any support. */
const unsupported = 0.002;

/** The scores of peaks with the support of those of other beats. */
export function withSupport(
  scores: Float64Array,
  points: readonly TimedPeak[],
  others: readonly TimedPeak[],
): Float64Array {
  const supported = new Float64Array(scores.length);
  for (let i = 0; i < scores.length; i++) {
    supported[i] = scores[i]! + Math.log(unsupported + supportOf(points[i]!, others));
  }
  return supported;
}

/** The peaks chosen in the beats around a beat that give it support. */
export function peaksAround<Peak>(
  chosen: readonly (Peak | undefined)[],
  k: number,
  intervals: readonly ({ readonly qrsMs?: number } | undefined)[],
): Peak[] {
  const own = intervals[k]?.qrsMs ?? Number.NaN;
  const mostMs = own < narrowMs ? own + longerMs : Number.POSITIVE_INFINITY;
  const others: Peak[] = [];
  const comparable: Peak[] = [];
  const to = Math.min(chosen.length - 1, k + neighbours);
  for (let j = Math.max(0, k - neighbours); j <= to; j++) {
    const other = chosen[j];
    if (j === k || other === undefined) continue;
    others.push(other);
    if (!(intervals[j]!.qrsMs! > mostMs)) comparable.push(other);
  }
  return comparable.length < fewestComparable ? others : comparable;
}

/** Beyond this many standard deviations the similarity of times is below 10⁻¹⁷, which changes no sum. */
const farthestDeviations = 9;

/** Mean similarity to the waves of other beats, 0 to 1: that of their times, and 0 for the opposite polarity. */
export function supportOf(point: TimedPeak, others: readonly TimedPeak[]): number {
  const own = polarity(point);
  let sum = 0;
  for (let j = 0; j < others.length; j++) {
    const deviations = (others[j]!.time - point.time) / timeDeviation;
    if (Math.abs(deviations) > farthestDeviations || polarity(others[j]!) !== own) continue;
    sum += Math.exp(-(deviations ** 2) / 2);
  }
  return sum / others.length;
}

/** The sign of the height at the middle reach. */
const polarity = ({ heights }: TimedPeak): number => Math.sign(heights[(heights.length - 1) >> 1]!);
