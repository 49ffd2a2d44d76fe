/**
 * The transient at the end of a recording: filters that were applied before storage often leave the last tenth of a
 * second rough. A complex so close to the end is incomplete, so it counts as a beat only if what there is of it
 * resembles a beat before it.
 */
import type { SampleRing } from './sample-ring.ts';

/** Time before the end of the recording in which a complex is compared with others, s. */
const nearEndSeconds = 0.1;
/** Part of the complex that is compared, on either side of its largest deflection, s. */
const comparedSeconds = { before: 0.06, after: 0.06 };
/** Smallest correlation with one of the beats before. */
const leastCorrelation = 0.8;
/** With fewer beats before it nothing is decided. */
const fewestBeats = 3;

/**
 * Whether the deflection at `peak`, a sample of `ring`, is close to the end of the signal and like none of `earlier`, the
 * largest deflections of the beats before it.
 */
export function isEndTransient(
  ring: SampleRing,
  peak: number,
  earlier: readonly number[],
  samplingFrequency: number,
): boolean {
  if (peak < ring.to - nearEndSeconds * samplingFrequency || earlier.length < fewestBeats) return false;
  const before = Math.round(comparedSeconds.before * samplingFrequency);
  const after = Math.min(ring.to - peak, Math.round(comparedSeconds.after * samplingFrequency));
  return !earlier.some(
    beat => correlation(ring, peak - before, beat - before, before + after) > leastCorrelation,
  );
}

/** Correlation of `count` samples from `a` and from `b` on; NaN next to invalid or no longer stored samples. */
function correlation({ values, mask, from }: SampleRing, a: number, b: number, count: number): number {
  if (Math.min(a, b) < from) return Number.NaN;
  let [sumA, sumB, aa, bb, ab] = [0, 0, 0, 0, 0];
  for (let i = 0; i < count; i++) {
    const one = values[(a + i) & mask]!;
    const other = values[(b + i) & mask]!;
    sumA += one;
    sumB += other;
    aa += one * one;
    bb += other * other;
    ab += one * other;
  }
  const covariance = ab - (sumA * sumB) / count;
  return covariance / Math.sqrt((aa - sumA ** 2 / count) * (bb - sumB ** 2 / count));
}
