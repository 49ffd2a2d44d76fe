/**
 * Features of the RR intervals: relative to neighbouring intervals and to those of the whole record. They depend on the
 * times of the beats, not on the voltage. The ratios that generalise between patients follow de Chazal, O'Dwyer &
 * Reilly 2004 (IEEE Trans Biomed Eng 51:1196) and Llamedo & Martínez 2011 (IEEE Trans Biomed Eng 58:616).
 */
import { InputError } from '../../input-error.ts';
import { mean, median, quantile } from '../../statistics.ts';
import { featureConstants } from './feature-constants.ts';

const { rr: rrConstants, floors } = featureConstants;

/**
 * The RR interval before each beat, s, limited to 0.2 to 3 s; the first beat is assigned that of the second. `rPeaks`
 * are ascending sample indices, `samplingFrequency` is in Hz. Throws `RangeError` for fewer than two beats.
 */
export function intervalsBefore(rPeaks: ArrayLike<number>, samplingFrequency: number): Float64Array {
  if (rPeaks.length < 2) throw new InputError(`RR intervals need two beats or more, not ${rPeaks.length}`);
  return Float64Array.from({ length: rPeaks.length }, (_, beat) => {
    const later = Math.max(beat, 1);
    const interval = (rPeaks[later]! - rPeaks[later - 1]!) / samplingFrequency;
    return Math.min(Math.max(interval, rrConstants.shortest), rrConstants.longest);
  });
}

/** Index `i` reflected into 0 … n−1 at the ends, without repeating the end. */
function mirror(i: number, n: number): number {
  const period = 2 * n - 2;
  const folded = ((i % period) + period) % period;
  return folded < n ? folded : period - folded;
}

/**
 * Applies a statistic to the values from `back` indices before to `ahead` after each index; the series is reflected at
 * its ends.
 */
function around(
  values: Float64Array,
  back: number,
  ahead: number,
  statistic: (part: Float64Array) => number,
): Float64Array {
  const part = new Float64Array(back + ahead + 1);
  return values.map((_, place) => {
    for (let k = 0; k < part.length; k++) part[k] = values[mirror(place - back + k, values.length)]!;
    return statistic(part);
  });
}

/** An RR feature: a dimensionless number for each beat, from the intervals before the beats (s). */
export interface RrFeature {
  readonly name: string;
  readonly of: (rr: Float64Array) => Float64Array;
}

const logRatio = (a: Float64Array, b: (beat: number) => number): Float64Array =>
  a.map((value, beat) => Math.log(value / b(beat)));
const next = (rr: Float64Array): Float64Array => rr.map((_, beat) => rr[Math.min(beat + 1, rr.length - 1)]!);

/** All RR features; each is the logarithm of a ratio. */
export const rrFeatures: readonly RrFeature[] = [
  {
    name: 'rrBeforeToRecordMean',
    of: rr => {
      const whole = mean(rr);
      return logRatio(rr, () => whole);
    },
  },
  {
    name: 'rrBeforeToRecordLong',
    of: rr => {
      const long = quantile(rr, rrConstants.longQuantile);
      return logRatio(rr, () => long);
    },
  },
  {
    name: 'rrBeforeToLocalMean',
    of: rr => {
      const local = around(rr, rrConstants.localBeats, rrConstants.localBeats, mean);
      return logRatio(rr, beat => local[beat]!);
    },
  },
  { name: 'rrAfterToBefore', of: rr => logRatio(next(rr), beat => rr[beat]!) },
  {
    // The median change between neighbouring intervals nearby: small in a regular rhythm, even with ectopic beats;
    // large in atrial fibrillation.
    name: 'rrIrregularity',
    of: rr => {
      const { irregularityBeats } = rrConstants;
      const change = rr.map((value, beat) => (beat === 0 ? 0 : Math.abs(Math.log(value / rr[beat - 1]!))));
      return around(change, irregularityBeats, irregularityBeats, median).map(value =>
        Math.log(value + floors.rrChange),
      );
    },
  },
];

/**
 * The beats that are not premature: those whose preceding interval is in the longest quarter of the record. The typical
 * beat is their median.
 */
export function nonPrematureBeats(rr: Float64Array): Int32Array {
  const long = quantile(rr, rrConstants.typicalQuantile);
  return Int32Array.from(rr.keys()).filter(beat => rr[beat]! >= long);
}
