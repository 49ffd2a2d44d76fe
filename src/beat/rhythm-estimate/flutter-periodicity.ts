/**
 * Periodicity of the signal between QRS complexes at the rate of flutter waves, some 220 to 350 a minute. It is present
 * even when a fixed block makes the RR intervals regular.
 */
import { featureConstants } from '../features/feature-constants.ts';
import type { PlacedPart } from '../lead-part.ts';

const { rhythm } = featureConstants;

/** Number of samples in a mean: the voltage is averaged over 1/60 s. */
const stepOf = (samplingFrequency: number): number =>
  Math.max(1, Math.round(rhythm.flutterGrain * samplingFrequency));

/** Computes the means of a lead part by part; parts need a margin of 1/60 s. `samplingFrequency` is in Hz. */
export function createLevels(samplingFrequency: number) {
  const step = stepOf(samplingFrequency);
  const levels: number[] = [];
  return {
    levels,
    add({ voltage, offset, end }: PlacedPart): void {
      for (; levels.length * step < offset + end; ) {
        const first = levels.length * step - offset;
        // The remainder at the end of the lead is shorter than a mean.
        if (first + step > voltage.length) return;
        let sum = 0;
        for (let i = first; i < first + step; i++) sum += voltage[i]!;
        levels.push(sum / step);
      }
    },
  };
}

/**
 * For each beat the largest autocorrelation, over lags of 0.17 to 0.27 s, of the changes of the voltage in the 20 s
 * around it, with QRS complexes blanked. `voltage` is in mV, averaged over 1/60 s; segments with invalid samples are
 * blanked too. With `at`, for these samples instead of the beats; 0 where less than `leastShare` of the time is seen.
 */
export function flutterPeriodicity(
  levels: ArrayLike<number>,
  samplingFrequency: number,
  rPeaks: ArrayLike<number>,
  { at = rPeaks, leastShare = 0 }: { readonly at?: ArrayLike<number>; readonly leastShare?: number } = {},
): Float64Array {
  const step = stepOf(samplingFrequency);
  const rate = samplingFrequency / step;
  const change = changesBetweenBeats(levels, samplingFrequency, rPeaks, step);
  const [shortest, longest] = rhythm.flutterPeriods;
  const lags: number[] = [];
  for (let lag = Math.ceil(shortest * rate); lag <= longest * rate; lag++) lags.push(lag);
  const reach = Math.round(rhythm.flutterSeconds * rate);
  return Float64Array.from({ length: at.length }, (_, k) => {
    const from = Math.max(0, Math.min(Math.round(at[k]! / step) - reach, change.length - 2 * reach));
    const end = Math.min(change.length, from + 2 * reach);
    return Math.max(...lags.map(lag => autocorrelation(change, from, end, lag, leastShare)));
  });
}

/** Changes between successive means; NaN around R peaks and at invalid samples. */
function changesBetweenBeats(
  levels: ArrayLike<number>,
  samplingFrequency: number,
  rPeaks: ArrayLike<number>,
  step: number,
): Float64Array {
  const count = levels.length;
  const change = Float64Array.from({ length: count }, (_, k) => (k === 0 ? 0 : levels[k]! - levels[k - 1]!));
  const [before, after] = rhythm.flutterBlanked;
  for (let beat = 0; beat < rPeaks.length; beat++) {
    const from = Math.max(0, Math.floor((rPeaks[beat]! + before * samplingFrequency) / step));
    const to = Math.min(count - 1, Math.ceil((rPeaks[beat]! + after * samplingFrequency) / step));
    for (let k = from; k <= to; k++) change[k] = Number.NaN;
  }
  return change;
}

/** Autocorrelation at a lag over the valid pairs; 0 when these are less than a share of all. */
function autocorrelation(
  x: Float64Array,
  from: number,
  end: number,
  lag: number,
  leastShare: number,
): number {
  let pairs = 0;
  let product = 0;
  let earlier = 0;
  let later = 0;
  for (let k = from; k + lag < end; k++) {
    const a = x[k]!;
    const b = x[k + lag]!;
    if (Number.isNaN(a) || Number.isNaN(b)) continue;
    pairs++;
    product += a * b;
    earlier += a * a;
    later += b * b;
  }
  if (pairs < leastShare * (end - from)) return 0;
  return earlier > 0 && later > 0 ? product / Math.sqrt(earlier * later) : 0;
}
