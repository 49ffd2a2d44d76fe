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
  let smooth: Float64Array | undefined;
  const known = new Int8Array(rPeaks.length).fill(-1);
  const find = (k: number): boolean => {
    smooth ??= smoothed(bins.values, count(smoothSeconds));
    const centre = bins.binOf(rPeaks[k]!);
    let alike = 0;
    for (let j = Math.max(0, k - neighbours); j <= Math.min(rPeaks.length - 1, k + neighbours); j++) {
      if (j === k) continue;
      const other = bins.binOf(rPeaks[j]!);
      const most = mostSimilar(smooth, centre, { from: other - shift, to: other + shift, reach });
      if (most >= leastAlike) alike++;
    }
    if (alike < fewestAlike) return false;
    return [k - 1, k].every(before => {
      if (before < 0 || before + 1 >= rPeaks.length) return true;
      const from = bins.binOf(rPeaks[before]!) + beside;
      const to = bins.binOf(rPeaks[before + 1]!) - beside;
      if (to - from < count(leastBetweenSeconds)) return false;
      return !(mostSimilar(smooth!, centre, { from, to, reach }) > mostBetween);
    });
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

/** Largest similarity of the values around `centre` to those around each place `[from, to]`; NaN where none is valid. */
function mostSimilar(
  values: Float64Array,
  centre: number,
  { from, to, reach }: { readonly from: number; readonly to: number; readonly reach: number },
): number {
  let most = Number.NaN;
  for (let at = from; at <= to; at++) {
    const here = similarity(values, centre, at, reach);
    if (!(here <= most) && !Number.isNaN(here)) most = here;
  }
  return most;
}

/** 2⟨a, b⟩ / (|a|² + |b|²) of the values around `a` and `b`: 1 for the same shape and size. */
function similarity(values: Float64Array, a: number, b: number, reach: number): number {
  if (Math.min(a, b) < reach || Math.max(a, b) + reach >= values.length) return Number.NaN;
  let [squares, products] = [0, 0];
  for (let i = -reach; i <= reach; i++) {
    const [x, y] = [values[a + i]!, values[b + i]!];
    squares += x * x + y * y;
    products += x * y;
  }
  return (2 * products) / squares;
}
