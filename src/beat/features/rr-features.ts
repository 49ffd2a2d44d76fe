/**
 * How a beat falls in time: RR intervals against those around it and those of the whole record. They depend on where
 * the beats are, not on the voltage. Which ratios carry over between patients follows de Chazal, O'Dwyer & Reilly
 * 2004 (IEEE Trans Biomed Eng 51:1196) and Llamedo & Martínez 2011 (IEEE Trans Biomed Eng 58:616).
 */
import { InputError } from '../../input-error.ts';
import { mean, median, quantile } from '../../statistics.ts';
import { featureConstants } from './feature-constants.ts';

const { rr: rrConstants, floors } = featureConstants;

/**
 * The interval before each beat, s, within 0.2 to 3 s; the first beat gets that of the second. Throws `RangeError`
 * for fewer than two beats.
 */
export function intervalsBefore(rPeaks: ArrayLike<number>, samplingFrequency: number): Float64Array {
  if (rPeaks.length < 2) throw new InputError(`RR intervals need two beats or more, not ${rPeaks.length}`);
  return Float64Array.from({ length: rPeaks.length }, (_, beat) => {
    const later = Math.max(beat, 1);
    const interval = (rPeaks[later]! - rPeaks[later - 1]!) / samplingFrequency;
    return Math.min(Math.max(interval, rrConstants.shortest), rrConstants.longest);
  });
}

/** Index `i` folded back into 0 … n−1 at the ends, the end itself not repeated. */
function mirror(i: number, n: number): number {
  const period = 2 * n - 2;
  const folded = ((i % period) + period) % period;
  return folded < n ? folded : period - folded;
}

/** `statistic` of the values from `back` before to `ahead` after each place, mirrored at the ends. */
export function around(
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

/** One RR feature: a pure number for each beat, from the intervals before the beats (s). */
export interface RrFeature {
  readonly name: string;
  readonly of: (rr: Float64Array) => Float64Array;
}

const logRatio = (a: Float64Array, b: (beat: number) => number): Float64Array =>
  a.map((value, beat) => Math.log(value / b(beat)));
const next = (rr: Float64Array): Float64Array => rr.map((_, beat) => rr[Math.min(beat + 1, rr.length - 1)]!);

/** The table of RR features; all are logarithms of ratios. */
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
    // The median change from interval to interval nearby: small in a regular rhythm, whatever its ectopic beats;
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

/** Beats that did not come early: those after an interval in the record's longest quarter. The typical beat is theirs. */
export function nonPrematureBeats(rr: Float64Array): Int32Array {
  const long = quantile(rr, rrConstants.typicalQuantile);
  return Int32Array.from(rr.keys()).filter(beat => rr[beat]! >= long);
}
