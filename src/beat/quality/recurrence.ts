/**
 * Whether the shape of a beat recurs in the neighbouring beats but not in the signal between them. This holds for QRS
 * complexes, however wide they are and however much the signal between them changes. In noise beats are unlike one
 * another, and in mains hum, flutter or fibrillation the signal between beats resembles them.
 */
import type { LeadBins } from './bins.ts';

/** Moving mean that suppresses hum of 50 and 60 Hz before beats are compared, s. */
const smoothSeconds = 0.02;
/** Extent on either side of the R peak that is compared, and largest shift, s. */
const comparedSeconds = 0.15;
const shiftSeconds = 0.02;
/** Number of beats on either side with which a beat is compared, and fewest that must be alike. */
const neighbours = 4;
const fewestAlike = 3;
/** Least similarity to beats that are alike, and largest similarity to the signal between. */
const leastAlike = 0.9;
const mostBetween = 0.7;
/** Between means this far from the R peaks on either side, s, but at most this part of the RR interval. */
const besideSeconds = 0.15;
const mostBeside = 0.4;
/** Shortest interval from one beat to the next, s: regular waves that follow faster may be flutter (`fibrillation.ts`). */
const shortestSeconds = 0.24;
/**
 * Beats that follow each other faster than this, s, must be more alike, because waves of fibrillation of 3 Hz are as
 * similar to the next ones as complexes may be, and also unlike the signal between.
 */
const fastSeconds = 0.35;
const leastAlikeFast = 0.97;

/** A function that tells whether beat `k` recurs; `rPeaks` are ascending sample indices. */
export function recurrenceOf(bins: LeadBins, rPeaks: ArrayLike<number>): (k: number) => boolean {
  const { perSecond } = bins;
  const count = (seconds: number): number => Math.max(1, Math.round(seconds * perSecond));
  const reach = count(comparedSeconds);
  const shift = count(shiftSeconds);
  const beside = count(besideSeconds);
  const fast = count(fastSeconds);
  const shortest = count(shortestSeconds);
  let smooth: Float64Array | undefined;
  const known = new Int8Array(rPeaks.length).fill(-1);
  const centreOf = (k: number): number => bins.binOf(rPeaks[k]!);
  const intervalBefore = (k: number): number =>
    k > 0 && k < rPeaks.length ? centreOf(k) - centreOf(k - 1) : Number.POSITIVE_INFINITY;
  const isLikeNeighbours = (beat: Beat, k: number): boolean => {
    let alike = 0;
    const isFast = Math.min(intervalBefore(k), intervalBefore(k + 1)) < fast;
    const least = isFast ? leastAlikeFast : leastAlike;
    const last = Math.min(rPeaks.length - 1, k + neighbours);
    for (let j = Math.max(0, k - neighbours); j <= last && alike < fewestAlike; j++) {
      if (j === k) continue;
      const other = centreOf(j);
      if (isSimilarWithin(beat, other - shift, other + shift, least)) alike++;
    }
    return alike === fewestAlike;
  };
  /** Whether there is signal between beat `k` and the next one that does not resemble the beat; true at the ends. */
  const isUnlikeBetween = (beat: Beat, k: number): boolean => {
    if (k < 0 || k + 1 >= rPeaks.length) return true;
    const [centre, next] = [centreOf(k), centreOf(k + 1)];
    const away = Math.min(beside, Math.round(mostBeside * (next - centre)));
    return next - centre >= shortest && !isSimilarWithin(beat, centre + away, next - away, mostBetween);
  };
  const find = (k: number): boolean => {
    smooth ??= smoothed(bins.values, count(smoothSeconds));
    const centre = centreOf(k);
    if (centre < reach || centre + reach >= smooth.length) return false;
    const beat = beatAt(smooth, centre, reach);
    return isLikeNeighbours(beat, k) && isUnlikeBetween(beat, k - 1) && isUnlikeBetween(beat, k);
  };
  return k => {
    if (known[k] === -1) known[k] = find(k) ? 1 : 0;
    return known[k] === 1;
  };
}

/** The moving mean over `length` values; NaN where one of them is not valid. */
function smoothed(values: Float64Array, length: number): Float64Array {
  const means = new Float64Array(values.length);
  means.fill(Number.NaN, 0, length - 1);
  for (let i = length - 1; i < values.length; i++) {
    let sum = values[i]!;
    for (let k = 1; k < length; k++) sum += values[i - k]!;
    means[i] = sum / length;
  }
  return means;
}

/** A beat: the values within `reach` of its centre, with the sum of their squares. */
interface Beat {
  readonly values: Float64Array;
  readonly centre: number;
  readonly reach: number;
  readonly energy: number;
  /** The values within this of the centre, where those of a complex are large, and the root of the sum of squares of the others. */
  readonly core: number;
  readonly besideCore: number;
}

function beatAt(values: Float64Array, centre: number, reach: number): Beat {
  const core = Math.ceil(reach / 3);
  const energy = product(values, centre, centre, reach);
  const besideCore = Math.sqrt(Math.max(0, energy - product(values, centre, centre, core)));
  return { values, centre, reach, energy, core, besideCore };
}

/** ⟨a, b⟩ over the values within `reach` of two places. */
function product(values: Float64Array, a: number, b: number, reach: number): number {
  let sum = 0;
  for (let i = -reach; i <= reach; i++) sum += values[a + i]! * values[b + i]!;
  return sum;
}

/** Bounds below this part of what is needed exclude a place in spite of rounding. */
const surely = 0.99;

/**
 * Whether 2⟨a, b⟩ / (|a|² + |b|²), which is 1 for the same shape and size, exceeds `least` for the values a of a beat and
 * b around a place `[from, to]`. By the inequality of Cauchy and Schwarz ⟨a, b⟩ is at most |a|·|b|, and at most its part
 * in the core plus |a|·|b| outside of it; nearly all places are excluded by these bounds. Where values are not valid or
 * beyond the ends nothing is similar.
 */
function isSimilarWithin(beat: Beat, from: number, to: number, least: number): boolean {
  const { values, centre, reach, core, besideCore } = beat;
  const first = Math.max(reach, from);
  const last = Math.min(values.length - 1 - reach, to);
  if (first > last) return false;
  const size = Math.sqrt(beat.energy);
  const part = (surely * least) / 2;
  let energy = product(values, first, first, reach);
  for (let at = first; ; ) {
    const needed = part * (beat.energy + energy);
    const otherSize = Math.sqrt(energy);
    // Comparisons with NaN are false, so that values that are not valid exclude nothing here.
    const isExcluded =
      size * otherSize < needed || product(values, centre, at, core) + besideCore * otherSize < needed;
    if (!isExcluded && similarity(beat, at) > least) return true;
    if (at === last) return false;
    at++;
    const leaving = values[at - reach - 1]!;
    const entering = values[at + reach]!;
    energy += entering * entering - leaving * leaving;
  }
}

function similarity({ values, centre, reach }: Beat, at: number): number {
  let squares = 0;
  let products = 0;
  for (let i = -reach; i <= reach; i++) {
    const x = values[centre + i]!;
    const y = values[at + i]!;
    squares += x * x + y * y;
    products += x * y;
  }
  return (2 * products) / squares;
}
