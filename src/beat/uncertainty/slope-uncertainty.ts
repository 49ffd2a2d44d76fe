/**
 * Standard error and bias of the measurements of each beat due to noise. A measurement m is a function of the voltage,
 * so noise with covariance Σ propagates to first order as σ² = gᵀΣg, where g = ∂m/∂V is computed by automatic
 * differentiation. This is combined with a parametric bootstrap: the record's median beat is measured with many
 * realisations of the same noise. The bootstrap gives the bias of a maximum in noise, the effect of noise too large for
 * the first-order approximation, and the errors of measurements that are not differentiable, such as the location of a
 * maximum.
 */

import { parseScheme } from '../../diff/scheme.ts';
import { unpacedQrsPlaces } from '../delineate/qrs-bounds.ts';
import { rrBefore } from '../intervals/measure-intervals.ts';
import { medianReach } from '../intervals/median-reach.ts';
import { withoutPacing } from '../pacing/pacing.ts';
import { type BeatSlopes, measureSlopes, type SlopeMeasurement } from '../slopes/measure-slopes.ts';
import { boundaryErrors, firstOrderErrors } from './first-order.ts';
import { estimateNoise, type NoiseModel } from './noise-model.ts';
import { errorsOf, middleRange, noisyCopies, type Uncertainty } from './noisy-copies.ts';
import { strokeGradients } from './stroke-gradient.ts';
import { typicalBeat } from './typical-beat.ts';
import {
  difference,
  type PreciseBeat,
  placesInTime,
  quantityNames,
  statedBeat,
  type UncertainQuantity,
  uncertainQuantities,
} from './uncertain-quantities.ts';

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

/** Number of bootstrap realisations. */
const draws = 2400;

/**
 * Uncertainties of the beats that `measureSlopes` measured in a lead. `lead` is in mV, `samplingFrequency` in Hz. Beats
 * for which `isUsual` is false (ectopic ones) are excluded from the median beat of the bootstrap. Undefined when the
 * noise cannot be estimated (`estimateNoise`) or there is no median beat. The result is deterministic for a given
 * `seed`. Throws `RangeError` for a sampling frequency that is not positive.
 *
 * @example
 * const measurement = measureSlopes(voltage, samplingFrequency, rPeaks);
 * const { beats } = measureUncertainty(voltage, samplingFrequency, measurement);
 * beats[1].upstrokeSlope.se // => 4.8…
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
    firstOrderErrors(of, noise, beat, provenance, gradients);
  const atMedian = {
    ...byDerivative(drawn.voltage, drawn.beat),
    ...boundaryErrors(drawn.voltage, noise, drawn.beat, provenance, gradients),
  };
  /**
   * The beat's first-order error relative to that of the median beat. Times are not scaled: their gradient depends on
   * curvature, which in a single beat is affected by noise itself.
   */
  const scaleOf = (quantity: UncertainQuantity, own: Partial<Record<UncertainQuantity, number>>): number => {
    const [here, there] = [own[quantity], atMedian[quantity]];
    if (here === undefined || there === undefined || !(there > 0) || quantity.endsWith('Time')) return 1;
    return here / there;
  };
  const precise = preciseBeats(voltage, measurement);
  const found = precise.map((of): BeatUncertainty => {
    const own = byDerivative(voltage, of.beat);
    const stated = statedBeat(of.beat);
    return Object.fromEntries(
      quantityNames.flatMap(quantity => {
        const errors = drawn.errors[quantity];
        const value = uncertainQuantities[quantity](stated, samplingFrequency);
        if (errors === undefined || value === undefined) return [];
        // What rounding to whole samples added to this beat's value.
        const rounding = value - (uncertainQuantities[quantity](of, samplingFrequency) ?? value);
        return [[quantity, { se: scaleOf(quantity, own) * errors.se, bias: errors.bias + rounding }]];
      }),
    );
  });
  return {
    noise,
    firstOrder: atMedian,
    beats: found.map((beat, k) => {
      const [before, own] = [precise[k - 1], precise[k]!];
      if (!drawn.rr || before?.peak === undefined || own.peak === undefined) return beat;
      const [rounding, unknown] = rrRounding(before, own);
      const se = Math.hypot(drawn.rr.se, unknown / samplingFrequency);
      return { ...beat, rrBefore: { se, bias: drawn.rr.bias + rounding / samplingFrequency } };
    }),
  };
}

/** Standard deviation of rounding to a whole sample, in samples. */
const roundingError = 1 / Math.sqrt(12);

/**
 * By how much rounding made an RR interval too long, and the standard deviation of what is not known of it, both in
 * samples: where a given R peak is not the largest deflection, its place within a sample is unknown.
 */
function rrRounding(before: PreciseBeat, own: PreciseBeat): readonly [rounding: number, unknown: number] {
  const roundingOf = ({ beat, peak }: PreciseBeat): number | undefined =>
    beat.rPeak === beat.peakSample ? beat.rPeak - peak! : undefined;
  const [first, second] = [roundingOf(before), roundingOf(own)];
  const unknown = [first, second].filter(rounding => rounding === undefined).length;
  return [(second ?? 0) - (first ?? 0), roundingError * Math.sqrt(unknown)];
}

/**
 * Positions of the beats' peaks, onsets and offsets in fractional samples; that of a peak is where dV/dt by the scheme
 * is 0, or its sample where there is no such place nearby.
 */
export function preciseBeats(
  voltage: Float64Array,
  { beats, provenance: { samplingFrequency, scheme } }: SlopeMeasurement,
): PreciseBeat[] {
  const { peakPlace } = strokeGradients(parseScheme(scheme), samplingFrequency);
  const places = unpacedQrsPlaces(
    voltage,
    samplingFrequency,
    beats.map(({ rPeak }) => rPeak),
  );
  return beats.map((beat, k) => {
    const sample = beat.peakSample;
    const peak = sample === undefined ? undefined : (peakPlace(voltage, sample) ?? sample);
    return { beat, peak, ...places[k]! };
  });
}

/** Errors of the median beat measured with many realisations of the noise, and the median beat itself. */
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
  const template = reach && typicalBeat(voltage, samplingFrequency, usual, reach, noise);
  if (template === undefined) return undefined;
  const copies = noisyCopies([template], [noise], draws, seed);
  const options = { scheme: parseScheme(scheme), windowMs };
  const measured = (lead: Float64Array, places: Int32Array): PreciseBeat[] =>
    preciseBeats(lead, measureSlopes(lead, samplingFrequency, places, options));
  const clean = measured(copies.clean[0]!, copies.cleanRPeaks);
  const noisy = measured(copies.noisy[0]!, copies.noisyRPeaks);
  const errors: Partial<Record<UncertainQuantity, Uncertainty>> = {};
  for (const quantity of quantityNames) {
    const of = uncertainQuantities[quantity];
    const isPlace = placesInTime.has(quantity);
    const scale = isPlace ? samplingFrequency : 1;
    const values = (all: readonly PreciseBeat[]) =>
      all.map(beat => scaled(of(beat, samplingFrequency), scale));
    const range = middleRange(errorsOf(copies, values(clean), values(noisy), isPlace));
    if (range !== undefined) errors[quantity] = { se: range.se / scale, bias: range.bias / scale };
  }
  const places = errorsOf(
    copies,
    clean.map(({ peak }) => peak),
    noisy.map(({ peak }) => peak),
    true,
  );
  const rr = middleRange(
    places.slice(1).map((error, k) => scaled(difference(error, places[k]), 1 / samplingFrequency)),
  );
  // The first copy with a neighbour on either side.
  return { voltage: copies.clean[0]!, beat: clean[1]!.beat, errors, rr };
}

const scaled = (value: number | undefined, by: number): number | undefined =>
  value === undefined ? undefined : value * by;
