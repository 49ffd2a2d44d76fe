/** Series of one value per beat that respiration modulates: QRS slopes, R-wave angle, R amplitude and RR interval. */
import { median, quantile } from '../../statistics.ts';
import type { BeatSlopes } from '../slopes/measure-slopes.ts';

/** Quantities of a series: slopes in mV/s, R-wave angle in rad, R amplitude in mV, RR interval in s. */
export type RespiratoryQuantity = 'upstroke' | 'downstroke' | 'angle' | 'amplitude' | 'rr';

/** A quantity over the beats of one lead; the RR series belongs to no lead. */
export interface BeatSeries {
  readonly quantity: RespiratoryQuantity;
  /** Index of the lead among those given; undefined for RR. */
  readonly lead: number | undefined;
  /** Times of the R peaks, s, ascending, and the value at each. */
  readonly time: Float64Array;
  readonly value: Float64Array;
}

/**
 * A value further than this many robust standard deviations from the median is an outlier (ectopic beat or artefact).
 */
const outlierDeviations = 4;
/**
 * The robust standard deviation is this quantile of the absolute deviations over the same quantile of a standard normal
 * distribution; it is valid while fewer than a fifth of the values are outliers.
 */
const usualShare = 0.8;
const usualDeviations = 1.2816;

/**
 * The series of every lead, then the RR series. `samplingFrequency` is in Hz. A beat in which a quantity could not be
 * measured is left out of its series.
 */
export function beatSeries(
  leads: readonly (readonly BeatSlopes[])[],
  samplingFrequency: number,
): readonly BeatSeries[] {
  const series = (
    quantity: RespiratoryQuantity,
    lead: number | undefined,
    beats: readonly BeatSlopes[],
    of: (beat: BeatSlopes) => number | undefined,
  ): BeatSeries => {
    const measured = beats.flatMap(beat => {
      const value = of(beat);
      return value === undefined || !Number.isFinite(value) ? [] : [[beat.rPeak / samplingFrequency, value]];
    });
    const time = Float64Array.from(measured, ([at]) => at!);
    return { quantity, lead, time, value: Float64Array.from(measured, ([, value]) => value!) };
  };
  return [
    ...leads.flatMap((beats, lead) => [
      series('upstroke', lead, beats, ({ upstroke }) => upstroke?.lineSlope),
      series('downstroke', lead, beats, ({ downstroke }) => downstroke?.lineSlope),
      series('angle', lead, beats, rWaveAngle),
      series('amplitude', lead, beats, ({ rAmplitude }) => rAmplitude),
    ]),
    series('rr', undefined, leads[0] ?? [], ({ rrBefore }) => rrBefore),
  ];
}

/**
 * R-wave angle, rad: the angle between the least-squares lines of the upstroke and the downstroke as drawn on ECG paper
 * at 25 mm/s and 10 mm/mV, where 1 mV/s has a slope of 0.4. With slopes I₁ and I₂ in mV/s its tangent is |I₁ − I₂| /
 * (0.4 (6.25 + I₁ I₂)) up to sign, as in Lázaro et al. 2014.
 */
function rWaveAngle({ upstroke, downstroke }: BeatSlopes): number | undefined {
  const [rise, fall] = [upstroke?.lineSlope, downstroke?.lineSlope];
  if (rise === undefined || fall === undefined || !(rise > 0 && fall < 0)) return undefined;
  return Math.atan(1 / (0.4 * rise)) + Math.atan(-1 / (0.4 * fall));
}

/** The part of a series in `[from, to)`, s, without outliers. */
export function within(series: BeatSeries, from: number, to: number): BeatSeries {
  const inside: number[] = [];
  for (const [k, time] of series.time.entries()) if (time >= from && time < to) inside.push(k);
  const values = inside.map(k => series.value[k]!);
  const middle = values.length === 0 ? 0 : median(values);
  const deviation =
    values.length === 0
      ? 0
      : quantile(
          values.map(value => Math.abs(value - middle)),
          usualShare,
        ) / usualDeviations;
  const kept = inside.filter(k => Math.abs(series.value[k]! - middle) <= outlierDeviations * deviation);
  return {
    ...series,
    time: Float64Array.from(kept, k => series.time[k]!),
    value: Float64Array.from(kept, k => series.value[k]!),
  };
}
