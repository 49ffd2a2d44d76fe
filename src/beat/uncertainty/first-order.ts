/**
 * First-order standard errors √(gᵀΣg) of the measurements of a beat: g = ∂m/∂V by automatic differentiation, Σ the
 * covariance of the noise.
 */
import { qrsOffsetModel, qrsOnsetModel } from '../delineate/wave-models.ts';
import { lineSlope } from '../slopes/line-slope.ts';
import type { BeatSlopes, SlopeProvenance } from '../slopes/measure-slopes.ts';
import { boundaryGradient } from './boundary-gradient.ts';
import type { NoiseModel } from './noise-model.ts';
import { noiseVariance } from './noise-model.ts';
import type { StrokeGradients } from './stroke-gradient.ts';
import type { UncertainQuantity } from './uncertain-quantities.ts';
import { gradientDifference, meanGradient, standardError, type VoltageGradient } from './voltage-gradient.ts';

/** Standard errors in the unit of the quantity; a quantity whose gradient is not known is absent. */
export type FirstOrderErrors = Partial<Record<UncertainQuantity, number>>;

/** The R amplitude is relative to the mean over this time up to the onset, ms, as in `measureSlopes`. */
const levelMs = 10;

/** Errors of slopes, their times, the time of the peak and the amplitudes. */
export function firstOrderErrors(
  voltage: Float64Array,
  noise: NoiseModel,
  beat: BeatSlopes,
  { samplingFrequency, windowMs }: SlopeProvenance,
  gradients: StrokeGradients,
): FirstOrderErrors {
  const error = (g: ArrayLike<number> | undefined): number | undefined =>
    g === undefined ? undefined : Math.sqrt(noiseVariance(noise, g));
  const line = lineSlope(windowMs, samplingFrequency);
  const errors: Partial<Record<UncertainQuantity, number | undefined>> = {};
  for (const side of ['upstroke', 'downstroke'] as const) {
    const stroke = beat[side];
    if (stroke === undefined) continue;
    const position = stroke.time * samplingFrequency;
    const g = gradients.steepest(voltage, position);
    errors[`${side}Slope`] = error(g?.slope);
    errors[`${side}Time`] = error(g?.time);
    const place = Math.round(position * line.upsampling);
    const { weights } = line.stencils[place - Math.floor(place / line.upsampling) * line.upsampling]!;
    errors[`${side}LineSlope`] = error(weights);
  }
  const { peakSample: peak, qrsOnset: onset, qrsOffset: offset } = beat;
  if (peak !== undefined && onset !== undefined && offset !== undefined) {
    errors.rTime = error(gradients.peakTime(voltage, peak));
    const samples = Math.max(1, Math.round((levelMs * samplingFrequency) / 1000));
    const level = meanGradient(onset - samples + 1, onset);
    errors.rAmplitude = standardError(noise, gradientDifference(meanGradient(peak, peak), level));
    const [lowest, highest] = extremes(voltage, onset, offset);
    errors.peakToPeak = standardError(
      noise,
      gradientDifference(meanGradient(highest, highest), meanGradient(lowest, lowest)),
    );
  }
  return withoutUndefined(errors);
}

/** Errors of the QRS onset, offset and duration and of the R-wave peak time. */
export function boundaryErrors(
  voltage: Float64Array,
  noise: NoiseModel,
  beat: BeatSlopes,
  { samplingFrequency }: SlopeProvenance,
  gradients: StrokeGradients,
): FirstOrderErrors {
  const onset = boundaryGradient(qrsOnsetModel, samplingFrequency)(voltage, beat.rPeak);
  const offset = boundaryGradient(qrsOffsetModel, samplingFrequency)(voltage, beat.rPeak);
  const peakTime = beat.peakSample === undefined ? undefined : gradients.peakTime(voltage, beat.peakSample);
  const peak: VoltageGradient | undefined = peakTime && {
    from: beat.peakSample! - (peakTime.length >> 1),
    weights: peakTime.map(g => g * samplingFrequency),
  };
  const seconds = (g: VoltageGradient | undefined): number | undefined => {
    const error = standardError(noise, g);
    return error === undefined ? undefined : error / samplingFrequency;
  };
  return withoutUndefined({
    qrsOnset: seconds(onset),
    qrsOffset: seconds(offset),
    qrsDuration: seconds(gradientDifference(offset, onset)),
    rPeakTime: seconds(gradientDifference(peak, onset)),
  });
}

const withoutUndefined = (errors: Partial<Record<UncertainQuantity, number | undefined>>): FirstOrderErrors =>
  Object.fromEntries(Object.entries(errors).filter(([, value]) => value !== undefined));

function extremes(
  voltage: Float64Array,
  from: number,
  to: number,
): readonly [lowest: number, highest: number] {
  let [lowest, highest] = [from, from];
  for (let i = from; i <= to; i++) {
    if (voltage[i]! < voltage[lowest]!) lowest = i;
    if (voltage[i]! > voltage[highest]!) highest = i;
  }
  return [lowest, highest];
}
