/**
 * Whether the shape of a beat recurs in the neighbouring beats but not in the signal between them. This holds for QRS
 * complexes, however wide they are and however much the signal between them changes. In noise beats are unlike one
 * another, and in mains hum, flutter or fibrillation the signal between beats resembles them.
 */
import type { LeadBins } from './quality-bins.ts';

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
/**
 * Signals whose similarity is larger differ in energy by less than this factor, because 2√r / (1 + r) is the largest
 * similarity of signals whose energies have the ratio r; below it, to allow for rounding.
 */
const leastEnergy = 0.99 * ((1 - Math.sqrt(1 - mostBetween ** 2)) / mostBetween) ** 2;
/** Between means this far from the R peaks on either side, s; there must be at least so much of it. */
const besideSeconds = 0.15;
const leastBetweenSeconds = 0.1;

/** A function that tells whether beat `k` recurs; `rPeaks` are ascending sample indices. */
export function recurrenceOf(bins: LeadBins, rPeaks: ArrayLike<number>): (k: number) => boolean {
  const { perSecond } = bins;
  const count = (seconds: number): number => Math.max(1, Math.round(seconds * perSecond));
  const reach = count(comparedSeconds);
  const shift = count(shiftSeconds);
  const beside = count(besideSeconds);
  const leastBetween = count(leastBetweenSeconds);
  let smooth: Float64Array | undefined;
  const known = new Int8Array(rPeaks.length).fill(-1);
  const centreOf = (k: number): number => bins.binOf(rPeaks[k]!);
  const isLikeNeighbours = (beat: Beat, k: number): boolean => {
    let alike = 0;
    const last = Math.min(rPeaks.length - 1, k + neighbours);
    for (let j = Math.max(0, k - neighbours); j <= last && alike < fewestAlike; j++) {
      if (j !== k && isAlikeNear(beat, centreOf(j), shift)) alike++;
    }
    return alike === fewestAlike;
  };
  /** Whether there is signal between beat `k` and the next one that does not resemble the beat; true at the ends. */
  const isUnlikeBetween = (beat: Beat, k: number): boolean => {
    if (k < 0 || k + 1 >= rPeaks.length) return true;
    const from = centreOf(k) + beside;
    const to = centreOf(k + 1) - beside;
    return to - from >= leastBetween && !resemblesWithin(beat, from, to);
  };
  const find = (k: number): boolean => {
    smooth ??= smoothed(bins.values, count(smoothSeconds));
    const beat = { values: smooth, centre: centreOf(k), reach };
    return isLikeNeighbours(beat, k) && isUnlikeBetween(beat, k - 1) && isUnlikeBetween(beat, k);
  };
  return k => {
    if (known[k] === -1) known[k] = find(k) ? 1 : 0;
    return known[k] === 1;
  };
}

/** The moving mean over `length` values; NaN where one of them is not valid. */
function smoothed(values: Float64Array, length: number): Float64Array {
  const means = new Float64Array(values.length).fill(Number.NaN);
  for (let i = length - 1; i < values.length; i++) {
    let sum = 0;
    for (let k = 0; k < length; k++) sum += values[i - k]!;
    means[i] = sum / length;
  }
  return means;
}

/** A beat: the values within `reach` of its centre. */
interface Beat {
  readonly values: Float64Array;
  readonly centre: number;
  readonly reach: number;
}

/** Whether the values around a place at most `shift` from `centre` are alike those of the beat; the nearest is tried first. */
function isAlikeNear(beat: Beat, centre: number, shift: number): boolean {
  if (similarity(beat, centre) >= leastAlike) return true;
  for (let moved = 1; moved <= shift; moved++) {
    if (similarity(beat, centre - moved) >= leastAlike) return true;
    if (similarity(beat, centre + moved) >= leastAlike) return true;
  }
  return false;
}

/** Whether the values around a place `[from, to]` are similar to those of the beat. */
function resemblesWithin(beat: Beat, from: number, to: number): boolean {
  const { values, centre, reach } = beat;
  const own = energyAt(values, centre, reach);
  const [least, most] = [leastEnergy * own, own / leastEnergy];
  let energy = energyAt(values, from, reach);
  for (let at = from; at <= to; at++) {
    // Where the energy is much smaller or larger, as between most beats, no product need be computed; NaN is neither.
    if (!(energy < least || energy > most) && similarity(beat, at) > mostBetween) return true;
    const [leaving, entering] = [values[at - reach]!, values[at + reach + 1]!];
    energy += entering * entering - leaving * leaving;
  }
  return false;
}

/** Sum of the squared values within `reach` of a place; NaN beyond the ends. */
function energyAt(values: Float64Array, at: number, reach: number): number {
  let energy = 0;
  for (let i = at - reach; i <= at + reach; i++) energy += values[i]! * values[i]!;
  return energy;
}

/** 2⟨a, b⟩ / (|a|² + |b|²) of the values of a beat and those around `at`: 1 for the same shape and size; NaN beyond the ends. */
function similarity({ values, centre, reach }: Beat, at: number): number {
  if (Math.min(centre, at) < reach || Math.max(centre, at) + reach >= values.length) return Number.NaN;
  let [squares, products] = [0, 0];
  for (let i = -reach; i <= reach; i++) {
    const [x, y] = [values[centre + i]!, values[at + i]!];
    squares += x * x + y * y;
    products += x * y;
  }
  return (2 * products) / squares;
}
