/**
 * How far the measurements of each beat can be trusted. A measurement is a function of the voltage, and noise of known
 * covariance Σ goes through its derivative: σ² = gᵀΣg, with g = ∂m/∂V from the derivative core. What is not smooth, and
 * where the noise is too large for a first order, is told by a parametric bootstrap: the record's median beat in many
 * draws of the same noise, measured as a record is.
 */
import { createRandom } from '../../random.ts';
import { mean, median, standardDeviation } from '../../statistics.ts';
import { parseScheme } from '../../diff/scheme.ts';
import { medianReach, rrBefore } from '../intervals/measure-intervals.ts';
import { medianBeat } from '../median-beat.ts';
import { withoutPacing } from '../pacing.ts';
import { lineSlope } from '../slopes/line-slope.ts';
import { type BeatSlopes, measureSlopes, type SlopeMeasurement } from '../slopes/measure-slopes.ts';
import { estimateNoise, type NoiseModel, noiseVariance, sampleNoise } from './noise-model.ts';
import { type StrokeGradients, strokeGradients } from './stroke-gradient.ts';

/** What is measured on a beat, each with its value: slopes in mV/s, times in s, amplitudes in mV. */
export const uncertainQuantities = {
  upstrokeSlope: beat => beat.upstroke?.slope,
  upstrokeLineSlope: beat => beat.upstroke?.lineSlope,
  upstrokeTime: beat => beat.upstroke?.time,
  downstrokeSlope: beat => beat.downstroke?.slope,
  downstrokeLineSlope: beat => beat.downstroke?.lineSlope,
  downstrokeTime: beat => beat.downstroke?.time,
  rAmplitude: beat => beat.rAmplitude,
  peakToPeak: beat => beat.peakToPeak,
  rTime: (beat, rate) => seconds(beat.peakSample, rate),
  qrsOnset: (beat, rate) => seconds(beat.qrsOnset, rate),
  qrsOffset: (beat, rate) => seconds(beat.qrsOffset, rate),
  qrsDuration: beat => beat.qrsDuration,
  rPeakTime: beat => beat.rPeakTime,
} as const satisfies Record<string, (beat: BeatSlopes, samplingFrequency: number) => number | undefined>;

export type UncertainQuantity = keyof typeof uncertainQuantities;

/** In the unit of the quantity. The 95 % interval is value − bias ± 1.96 · se. */
export interface Uncertainty {
  /** Standard error by the noise. */
  readonly se: number;
  /** How much the noise raises the value on average. */
  readonly bias: number;
}

/** Of each quantity that was measured, and of the RR interval before the beat. */
export type BeatUncertainty = { readonly [Q in UncertainQuantity | 'rrBefore']?: Uncertainty };

export interface UncertaintyMeasurement {
  readonly noise: NoiseModel;
  readonly beats: readonly BeatUncertainty[];
}

/** Times are of whole samples: what rounding adds, in samples². */
const roundingVariance = 1 / 12;
const wholeSamples: readonly UncertainQuantity[] = ['rTime', 'qrsOnset', 'qrsOffset'];
const levelMs = 10;
/** Draws of the bootstrap. */
const draws = 300;

/**
 * Uncertainties of the beats that `measureSlopes` found on a lead, mV. Beats for which `isUsual` is false (ectopic ones) do
 * not enter the median beat of the bootstrap. Undefined where the noise cannot be told (`estimateNoise`) or no median beat be
 * made. The same `seed` gives the same result.
 *
 * @example
 * const measurement = measureSlopes(voltage, samplingFrequency, rPeaks);
 * const { beats } = measureUncertainty(voltage, samplingFrequency, measurement);
 * beats[1].upstrokeSlope.se // => 6.4…
 */
export function measureUncertainty(
  lead: Float64Array,
  samplingFrequency: number,
  measurement: SlopeMeasurement,
  options: { readonly isUsual?: (beat: number) => boolean; readonly seed?: number } = {},
): UncertaintyMeasurement | undefined {
  const { isUsual = () => true, seed = 1 } = options;
  const { beats, provenance } = measurement;
  const voltage = withoutPacing(lead, samplingFrequency);
  const rPeaks = beats.map(({ rPeak }) => rPeak);
  const noise = estimateNoise(voltage, samplingFrequency, rPeaks);
  if (noise === undefined) return undefined;
  const drawn = bootstrap(voltage, noise, measurement, isUsual, seed);
  if (drawn === undefined) return undefined;
  const gradients = strokeGradients(parseScheme(provenance.scheme), samplingFrequency);
  const byDerivative = (of: Float64Array, beat: BeatSlopes) =>
    derivativeErrors(of, noise, beat, measurement, gradients);
  const atMedian = byDerivative(drawn.voltage, drawn.beat);
  const found = beats.map((beat): BeatUncertainty => {
    const own = byDerivative(voltage, beat);
    return Object.fromEntries(
      Object.entries(uncertainQuantities).flatMap(([name, of]) => {
        const quantity = name as UncertainQuantity;
        const spread = drawn.spread[quantity];
        if (of(beat, samplingFrequency) === undefined || spread === undefined) return [];
        const [here, there] = [own[quantity], atMedian[quantity]];
        const scale = here !== undefined && there !== undefined && there > 0 ? here / there : 1;
        const rounding = wholeSamples.includes(quantity) ? roundingVariance / samplingFrequency ** 2 : 0;
        return [[quantity, { se: Math.sqrt((scale * spread.se) ** 2 + rounding), bias: spread.bias }]];
      }),
    );
  });
  return {
    noise,
    beats: found.map((beat, k) => {
      const [before, at] = [found[k - 1]?.rTime, beat.rTime];
      return before && at ? { ...beat, rrBefore: { se: Math.hypot(before.se, at.se), bias: 0 } } : beat;
    }),
  };
}

const seconds = (sample: number | undefined, samplingFrequency: number): number | undefined =>
  sample === undefined ? undefined : sample / samplingFrequency;

/** √(gᵀΣg) of what is smooth. */
function derivativeErrors(
  voltage: Float64Array,
  noise: NoiseModel,
  beat: BeatSlopes,
  { provenance }: SlopeMeasurement,
  gradients: StrokeGradients,
): Partial<Record<UncertainQuantity, number>> {
  const { samplingFrequency, windowMs } = provenance;
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
  const { peakSample: peak, qrsOnset: onset } = beat;
  if (peak !== undefined && onset !== undefined) {
    errors.rTime = error(gradients.peakTime(voltage, peak));
    // The peak less the mean before the onset.
    const samples = Math.max(1, Math.round((levelMs * samplingFrequency) / 1000));
    const g = new Float64Array(Math.max(0, peak - onset) + samples);
    for (let i = 0; i < samples; i++) g[i] = -1 / samples;
    g[g.length - 1]! += 1;
    errors.rAmplitude = error(g);
  }
  return Object.fromEntries(Object.entries(errors).filter(([, value]) => value !== undefined));
}

/** The median beat in many draws of the noise. */
function bootstrap(
  voltage: Float64Array,
  noise: NoiseModel,
  { beats, provenance }: SlopeMeasurement,
  isUsual: (beat: number) => boolean,
  seed: number,
) {
  const { samplingFrequency, scheme, windowMs } = provenance;
  const rPeaks = beats.map(({ rPeak }) => rPeak);
  const usual = rPeaks.filter((_, k) => isUsual(k));
  const reach = medianReach(rrBefore(rPeaks, samplingFrequency));
  const template = reach && medianBeat(voltage, samplingFrequency, usual, reach);
  if (template === undefined) return undefined;
  const length = template.voltage.length;
  const count = draws + 2;
  const clean = new Float64Array(count * length);
  for (let k = 0; k < count; k++) clean.set(template.voltage, k * length);
  const random = createRandom(seed);
  const added = sampleNoise(noise, clean.length, random);
  const places = Array.from({ length: count }, (_, k) => k * length + template.rPeak);
  const options = { scheme: parseScheme(scheme), windowMs };
  const truth = measureSlopes(clean.subarray(0, 3 * length), samplingFrequency, places.slice(0, 3), options);
  const noisy = measureSlopes(
    clean.map((v, i) => v + added[i]!),
    samplingFrequency,
    places,
    options,
  );
  const beat = truth.beats[1]!;
  const spread: Partial<Record<UncertainQuantity, Uncertainty>> = {};
  for (const [name, of] of Object.entries(uncertainQuantities)) {
    const exact = of(beat, samplingFrequency);
    if (exact === undefined) continue;
    const isPlace = wholeSamples.includes(name as UncertainQuantity) || name.endsWith('Time');
    const errors = noisy.beats.slice(1, -1).flatMap((drawn, k) => {
      const value = of(drawn, samplingFrequency);
      if (value === undefined) return [];
      const moved = isPlace && name !== 'rPeakTime' ? (k * length) / samplingFrequency : 0;
      return [value - exact - moved];
    });
    const kept = withoutStrays(errors, isPlace || name === 'qrsDuration' ? 3 / samplingFrequency : 0);
    const se = standardDeviation(kept);
    if (se !== undefined) spread[name as UncertainQuantity] = { se, bias: mean(kept) };
  }
  return { voltage: clean, beat, spread };
}

/** Draws in which another deflection was taken for the one meant, as one of equal size may be, tell of no error of it. */
function withoutStrays(errors: readonly number[], least: number): number[] {
  const middle = median(errors);
  const usual = 1.4826 * median(errors.map(error => Math.abs(error - middle)));
  return errors.filter(error => Math.abs(error - middle) <= Math.max(6 * usual, least));
}
