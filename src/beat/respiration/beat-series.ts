/** What breathing modulates in the QRS complex and the rhythm, as one value a beat. */
import { median, quantile } from '../../statistics.ts';
import type { BeatSlopes } from '../slopes/measure-slopes.ts';

/** What a series holds: slopes in mV/s, the R-wave angle in radians, the R amplitude in mV, RR in s. */
export type RespiratoryQuantity = 'upstroke' | 'downstroke' | 'angle' | 'amplitude' | 'rr';

/** A quantity over the beats of one lead; those of RR belong to no lead. */
export interface BeatSeries {
  readonly quantity: RespiratoryQuantity;
  /** Index of the lead among those given; undefined for RR. */
  readonly lead: number | undefined;
  /** Times of the R peaks, s, ascending, and the values. */
  readonly time: Float64Array;
  readonly value: Float64Array;
}

/** Robust standard deviations from the median beyond which a value is an ectopic beat or an artefact. */
const outlierDeviations = 4;
/** Of a normal distribution so large a share is within so many standard deviations; fewer values than the rest are outliers. */
const usualShare = 0.8;
const usualDeviations = 1.2816;

/** The series of every lead, then RR. Beats in which a quantity could not be measured are missing in its series. */
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
 * The angle at the R wave between the least-squares lines of both strokes, rad, on paper of 25 mm/s and 10 mm/mV: there
 * a slope of 1 mV/s is one of 0.4. With I₁ and I₂ in mV/s its tangent is |I₁ − I₂| / (0.4 (6.25 + I₁ I₂)) up to sign, as
 * in Lázaro et al. 2014.
 */
function rWaveAngle({ upstroke, downstroke }: BeatSlopes): number | undefined {
  const [rise, fall] = [upstroke?.lineSlope, downstroke?.lineSlope];
  if (rise === undefined || fall === undefined || !(rise > 0 && fall < 0)) return undefined;
  return Math.atan(1 / (0.4 * rise)) + Math.atan(-1 / (0.4 * fall));
}

/** The part of a series within a window, without values far from its median. */
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
