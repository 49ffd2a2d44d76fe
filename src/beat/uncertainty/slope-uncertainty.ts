/**
 * Standard error and bias of the measurements of each beat due to noise. A measurement m is a function of the voltage,
 * so noise with covariance Σ propagates to first order as σ² = gᵀΣg, where g = ∂m/∂V is computed by automatic
 * differentiation. This is combined with a parametric bootstrap: the record's median beat is measured with many
 * realisations of the same noise. The bootstrap gives the bias of a maximum in noise, the effect of noise too large for
 * the first-order approximation, and the errors of measurements that are not differentiable, such as the location of a
 * maximum.
 */

import { parseScheme } from '../../diff/scheme.ts';
import { createRandom } from '../../random.ts';
import { quantile } from '../../statistics.ts';
import { unpacedQrsPlaces } from '../delineate/qrs-bounds.ts';
import { medianReach, rrBefore } from '../intervals/measure-intervals.ts';
import { medianBeat } from '../median-beat.ts';
import { withoutPacing } from '../pacing.ts';
import { lineSlope } from '../slopes/line-slope.ts';
import { type BeatSlopes, measureSlopes, type SlopeMeasurement } from '../slopes/measure-slopes.ts';
import { estimateNoise, type NoiseModel, noiseVariance, sampleNoise } from './noise-model.ts';
import { type StrokeGradients, strokeGradients } from './stroke-gradient.ts';

/** A beat with the positions of its peak, QRS onset and QRS offset in fractional samples. */
export interface PreciseBeat {
  readonly beat: BeatSlopes;
  readonly peak: number | undefined;
  readonly onset: number | undefined;
  readonly offset: number | undefined;
}

/**
 * The measurements for which uncertainties are computed, and how each is read from a beat: slopes in mV/s, times in s,
 * amplitudes in mV.
 */
export const uncertainQuantities = {
  upstrokeSlope: ({ beat }) => beat.upstroke?.slope,
  upstrokeLineSlope: ({ beat }) => beat.upstroke?.lineSlope,
  upstrokeTime: ({ beat }) => beat.upstroke?.time,
  downstrokeSlope: ({ beat }) => beat.downstroke?.slope,
  downstrokeLineSlope: ({ beat }) => beat.downstroke?.lineSlope,
  downstrokeTime: ({ beat }) => beat.downstroke?.time,
  rAmplitude: ({ beat }) => beat.rAmplitude,
  peakToPeak: ({ beat }) => beat.peakToPeak,
  rTime: ({ peak }, rate) => seconds(peak, rate),
  qrsOnset: ({ onset }, rate) => seconds(onset, rate),
  qrsOffset: ({ offset }, rate) => seconds(offset, rate),
  qrsDuration: ({ onset, offset }, rate) => seconds(difference(offset, onset), rate),
  rPeakTime: ({ peak, onset }, rate) => seconds(difference(peak, onset), rate),
} as const satisfies Record<string, (beat: PreciseBeat, samplingFrequency: number) => number | undefined>;

/** The name of a quantity for which uncertainties are computed. */
export type UncertainQuantity = keyof typeof uncertainQuantities;

/**
 * Uncertainty in the unit of the measurement. The 95 % interval is value − bias ± 1.96 · se. For errors that are not
 * Gaussian, `se` and `bias` are chosen so that the interval is bounded by the 2.5th and 97.5th percentiles of the
 * error.
 */
export interface Uncertainty {
  /** Standard error due to noise; for a time, also due to rounding to whole samples. */
  readonly se: number;
  /** Amount by which noise increases the value on average. */
  readonly bias: number;
}

/** Uncertainty of each measured quantity, and of the RR interval before the beat. */
export type BeatUncertainty = { readonly [Q in UncertainQuantity | 'rrBefore']?: Uncertainty };

/** Uncertainties of the beats of a lead, and the noise model on which they are based. */
export interface UncertaintyMeasurement {
  readonly noise: NoiseModel;
  readonly beats: readonly BeatUncertainty[];
  /**
   * First-order standard error √(gᵀΣg) of the median beat, in the unit of the quantity. Where the standard error of the
   * bootstrap is similar, the first-order approximation holds at this noise level.
   */
  readonly firstOrder: Partial<Record<UncertainQuantity, number>>;
}

/** Times that are rounded to whole samples, and the number of rounded positions in each. */
const roundedPlaces: Partial<Record<UncertainQuantity, number>> = {
  rTime: 1,
  qrsOnset: 1,
  qrsOffset: 1,
  qrsDuration: 2,
  rPeakTime: 2,
};
const levelMs = 10;
/** Number of bootstrap realisations. */
const draws = 800;

/**
 * Uncertainties of the beats that `measureSlopes` measured in a lead. `lead` is in mV, `samplingFrequency` in Hz. Beats
 * for which `isUsual` is false (ectopic ones) are excluded from the median beat of the bootstrap. Undefined when the
 * noise cannot be estimated (`estimateNoise`) or there is no median beat. The result is deterministic for a given
 * `seed`. Throws `RangeError` for a sampling frequency that is not positive.
 *
 * @example
 * const measurement = measureSlopes(voltage, samplingFrequency, rPeaks);
 * const { beats } = measureUncertainty(voltage, samplingFrequency, measurement);
 * beats[1].upstrokeSlope.se // => 4.96…
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
  /**
   * The beat's first-order error relative to that of the median beat. Times are not scaled: their gradient depends on
   * curvature, which in a single beat is affected by noise itself.
   */
  const scaleOf = (quantity: UncertainQuantity, own: Partial<Record<UncertainQuantity, number>>): number => {
    const [here, there] = [own[quantity], atMedian[quantity]];
    if (here === undefined || there === undefined || !(there > 0) || quantity.endsWith('Time')) return 1;
    return here / there;
  };
  const found = beats.map((beat): BeatUncertainty => {
    const own = byDerivative(voltage, beat);
    return Object.fromEntries(
      (Object.keys(uncertainQuantities) as UncertainQuantity[]).flatMap(quantity => {
        const errors = drawn.errors[quantity];
        if (errors === undefined || !isMeasured(quantity, beat)) return [];
        return [[quantity, { se: scaleOf(quantity, own) * errors.se, bias: errors.bias }]];
      }),
    );
  });
  return {
    noise,
    firstOrder: atMedian,
    beats: found.map((beat, k) =>
      found[k - 1]?.rTime && beat.rTime && drawn.rr ? { ...beat, rrBefore: drawn.rr } : beat,
    ),
  };
}

const isMeasured = (quantity: UncertainQuantity, beat: BeatSlopes): boolean =>
  uncertainQuantities[quantity](
    { beat, peak: beat.peakSample, onset: beat.qrsOnset, offset: beat.qrsOffset },
    1,
  ) !== undefined;

/**
 * Positions of the beats' peaks, onsets and offsets in fractional samples; that of a peak by the parabola through it
 * and its neighbours.
 */
export function preciseBeats(
  voltage: Float64Array,
  samplingFrequency: number,
  beats: readonly BeatSlopes[],
): PreciseBeat[] {
  const places = unpacedQrsPlaces(
    voltage,
    samplingFrequency,
    beats.map(({ rPeak }) => rPeak),
  );
  return beats.map((beat, k) => {
    const peak = beat.peakSample;
    if (peak === undefined) return { beat, peak, ...places[k]! };
    const [before, at, after] = [voltage[peak - 1]!, voltage[peak]!, voltage[peak + 1]!];
    const shift = (before - after) / 2 / (before - 2 * at + after);
    return { beat, peak: peak + (Math.abs(shift) <= 0.5 ? shift : 0), ...places[k]! };
  });
}

const difference = (a: number | undefined, b: number | undefined): number | undefined =>
  a === undefined || b === undefined ? undefined : a - b;

const seconds = (sample: number | undefined, samplingFrequency: number): number | undefined =>
  sample === undefined ? undefined : sample / samplingFrequency;

/** First-order standard errors √(gᵀΣg) of the differentiable quantities of a beat. */
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
    // R amplitude: the peak minus the mean before the onset.
    const samples = Math.max(1, Math.round((levelMs * samplingFrequency) / 1000));
    const g = new Float64Array(Math.max(0, peak - onset) + samples);
    for (let i = 0; i < samples; i++) g[i] = -1 / samples;
    g[g.length - 1]! += 1;
    errors.rAmplitude = error(g);
  }
  return Object.fromEntries(Object.entries(errors).filter(([, value]) => value !== undefined));
}

/** Errors of the median beat measured with many realisations of the noise. */
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
  const noisyVoltage = clean.map((v, i) => v + added[i]!);
  const noisy = { voltage: noisyVoltage, ...measureSlopes(noisyVoltage, samplingFrequency, places, options) };
  const exact = preciseBeats(clean.subarray(0, 3 * length), samplingFrequency, truth.beats)[1]!;
  const found = preciseBeats(noisy.voltage, samplingFrequency, noisy.beats).slice(1, -1);
  const roundingOf = (places: number): number => {
    let sum = 0;
    for (let k = 0; k < places; k++) sum += random.uniform() - 0.5;
    return sum / samplingFrequency;
  };
  const errors: Partial<Record<UncertainQuantity, Uncertainty>> = {};
  const peakErrors: number[] = [];
  for (const [name, of] of Object.entries(uncertainQuantities)) {
    const quantity = name as UncertainQuantity;
    const value = of(exact, samplingFrequency);
    if (value === undefined) continue;
    const isPlace = placesInTime.has(quantity);
    const drawn = found.flatMap((draw, k) => {
      const measured = of(draw, samplingFrequency);
      if (measured === undefined) return [];
      const moved = isPlace ? (k * length) / samplingFrequency : 0;
      return [measured - value - moved + roundingOf(roundedPlaces[quantity] ?? 0)];
    });
    if (quantity === 'rTime') peakErrors.push(...drawn);
    const range = middleRange(drawn);
    if (range !== undefined) errors[quantity] = range;
  }
  const rr = middleRange(peakErrors.slice(1).map((error, k) => error - peakErrors[k]!));
  return { voltage: clean, beat: exact.beat, errors, rr };
}

/** Quantities that are times from the start of the signal. */
const placesInTime: ReadonlySet<UncertainQuantity> = new Set([
  'upstrokeTime',
  'downstrokeTime',
  'rTime',
  'qrsOnset',
  'qrsOffset',
]);

/**
 * Standard error and bias that correspond to the 2.5th and 97.5th percentiles of the errors; undefined for fewer than
 * 20.
 */
function middleRange(errors: readonly number[]): Uncertainty | undefined {
  if (errors.length < 20) return undefined;
  const [low, high] = [quantile(errors, 0.025), quantile(errors, 0.975)];
  return { se: (high - low) / 2 / 1.96, bias: (high + low) / 2 };
}
