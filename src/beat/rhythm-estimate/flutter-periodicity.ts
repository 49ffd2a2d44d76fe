/**
 * Whether what lies between the QRS complexes comes back at the period of flutter waves, some 220 to 350 a minute. It is
 * also seen where block is fixed and the RR intervals are regular.
 */
import { featureConstants } from '../features/feature-constants.ts';
import type { PlacedPart } from '../lead-part.ts';

const { rhythm } = featureConstants;

/** Samples of a mean: the voltage is looked at in means over 1/60 s. */
const stepOf = (samplingFrequency: number): number =>
  Math.max(1, Math.round(rhythm.flutterGrain * samplingFrequency));

/** The means of a lead that is given part by part; parts need a margin of 1/60 s. */
export function createLevels(samplingFrequency: number) {
  const step = stepOf(samplingFrequency);
  const levels: number[] = [];
  return {
    levels,
    add({ voltage, start, to }: PlacedPart): void {
      for (; levels.length * step < start + to; ) {
        const first = levels.length * step - start;
        // What is left at the end of the lead is no whole mean.
        if (first + step > voltage.length) return;
        let sum = 0;
        for (let i = first; i < first + step; i++) sum += voltage[i]!;
        levels.push(sum / step);
      }
    },
  };
}

/**
 * For each beat the largest autocorrelation, over periods of 0.17 to 0.27 s, of the voltage's changes in the 20 s around
 * it, QRS complexes blanked. `levels` are the means of the voltage, as `createLevels` makes them; a stretch with invalid
 * samples counts as blanked.
 */
export function flutterPeriodicity(
  levels: ArrayLike<number>,
  samplingFrequency: number,
  rPeaks: ArrayLike<number>,
): Float64Array {
  const step = stepOf(samplingFrequency);
  const rate = samplingFrequency / step;
  const change = changesBetweenBeats(levels, samplingFrequency, rPeaks, step);
  const [shortest, longest] = rhythm.flutterPeriods;
  const lags: number[] = [];
  for (let lag = Math.ceil(shortest * rate); lag <= longest * rate; lag++) lags.push(lag);
  const reach = Math.round(rhythm.flutterSeconds * rate);
  return Float64Array.from({ length: rPeaks.length }, (_, beat) => {
    const from = Math.max(0, Math.min(Math.round(rPeaks[beat]! / step) - reach, change.length - 2 * reach));
    const end = Math.min(change.length, from + 2 * reach);
    return Math.max(...lags.map(lag => autocorrelation(change, from, end, lag)));
  });
}

/** Changes from one mean to the next; NaN around R peaks and where samples are invalid. */
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

/** Autocorrelation at a lag over the pairs that are there; 0 when there are none. */
function autocorrelation(x: Float64Array, from: number, end: number, lag: number): number {
  let product = 0;
  let earlier = 0;
  let later = 0;
  for (let k = from; k + lag < end; k++) {
    const a = x[k]!;
    const b = x[k + lag]!;
    if (Number.isNaN(a) || Number.isNaN(b)) continue;
    product += a * b;
    earlier += a * a;
    later += b * b;
  }
  return earlier > 0 && later > 0 ? product / Math.sqrt(earlier * later) : 0;
}
