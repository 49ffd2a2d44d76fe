/**
 * Standard error and bias, due to noise, of what `measureIntervals` measures: wave boundaries and intervals, amplitudes,
 * ST segment and axes, of every beat in each lead and over the leads, and of the median beat.
 *
 * The typical beat of each lead is measured with many realisations of its noise (parametric bootstrap), because the
 * boundaries depend on which candidates noise favours; `firstOrder` states √(gᵀΣg) by the derivative beside it, for the
 * typical beat. What rounding to whole samples added to a boundary is known for each beat and part of its bias. The
 * noise of different leads is taken to be independent.
 */

import { type BeatWaves, type NamedLead, rrBefore } from '../intervals/measure-intervals.ts';
import { extendExtents, medianReach, noExtents, reachAround } from '../intervals/median-reach.ts';
import type { MedianBeat } from '../median-beat.ts';
import { leadsWithoutPacing } from '../pacing/pacing.ts';
import { intervalFirstOrder } from './interval-first-order.ts';
import {
  type IntervalQuantity,
  intervalQuantities,
  intervalQuantityNames,
  isPlaceInTime,
  type WavesOfBeat,
} from './interval-quantities.ts';
import { estimateNoise, type NoiseModel } from './noise-model.ts';
import { errorsOf, middleRange, noisyCopies, type Uncertainty } from './noisy-copies.ts';
import { mostPeakDistanceMs, type PreciseWaves, preciseWaves } from './precise-waves.ts';
import { type RPeakMarker, rPeakMarker } from './r-peak-marker.ts';
import { typicalBeat } from './typical-beat.ts';

/** Uncertainty of each measured quantity: times in s, voltages in mV, angles in degrees. */
export type WaveUncertainty = { readonly [Q in IntervalQuantity]?: Uncertainty };

/** Uncertainties of one beat over all leads, and in each. */
export interface BeatWaveUncertainty {
  readonly over: WaveUncertainty;
  /** One per lead, in the order of the leads. */
  readonly leads: readonly WaveUncertainty[];
}

/** Uncertainties of the beats of a recording and of its median beat. */
export interface IntervalUncertainty {
  readonly noise: readonly NoiseModel[];
  readonly beats: readonly BeatWaveUncertainty[];
  /** Those of the median of `medianBeats` beats: the noise of a median of n values is √(π/2n) of one. */
  readonly median: BeatWaveUncertainty;
  /** Per lead, first-order standard errors √(gᵀΣg) of the typical beat. */
  readonly firstOrder: readonly Partial<Record<IntervalQuantity, number>>[];
}

/** Number of bootstrap realisations. */
const draws = 1200;
/** For the median beat, whose noise is small. */
const medianDraws = 400;

/**
 * Uncertainties of the beats that `measureWaves` measured; arguments as for `measureIntervals`, and its `beats`.
 * `medianBeats` is the number of beats of the median beat, by default all usual ones. Undefined when the noise of a lead
 * cannot be estimated (`estimateNoise`) or there is no typical beat. Deterministic for a given `seed`.
 *
 * @example
 * const leads = [{ name: 'MLII', voltage }];
 * const { beats } = measureIntervals(leads, samplingFrequency, rPeaks);
 * measureIntervalUncertainty(leads, samplingFrequency, beats).beats[1].over.qrs.se // => 0.00…
 */
export function measureIntervalUncertainty(
  named: readonly NamedLead[],
  samplingFrequency: number,
  beats: readonly BeatWaves[],
  options: {
    readonly isUsual?: (beat: number) => boolean;
    readonly medianBeats?: number;
    readonly seed?: number;
  } = {},
): IntervalUncertainty | undefined {
  const rPeaks = beats.map(({ rPeak }) => rPeak);
  const { isUsual = () => true, seed = 1, medianBeats } = options;
  const usual = rPeaks.filter((_, k) => isUsual(k));
  const unpaced = leadsWithoutPacing(
    named.map(({ voltage }) => voltage),
    samplingFrequency,
  );
  const leads = named.map(({ name }, k) => ({ name, voltage: unpaced[k]! }));
  const rr = rrBefore(rPeaks, samplingFrequency);
  const extents = noExtents();
  for (const [k, beat] of beats.entries()) {
    if (isUsual(k)) extendExtents(extents, beat, samplingFrequency, rr[k + 1]);
  }
  const whole = medianReach(rr.filter((_, k) => isUsual(k)));
  const reach = whole && reachAround(whole, extents);
  const noise = unpaced.flatMap(voltage => estimateNoise(voltage, samplingFrequency, rPeaks) ?? []);
  if (reach === undefined || noise.length < leads.length) return undefined;
  const templates = unpaced.flatMap(
    (voltage, k) => typicalBeat(voltage, samplingFrequency, usual, reach, noise[k]!) ?? [],
  );
  if (templates.length < leads.length) return undefined;
  const mark = rPeakMarker(unpaced, samplingFrequency, usual);
  const bootstrap = { names: named.map(({ name }) => name), samplingFrequency, templates, mark, seed };
  const ofBeat = bootstrapErrors(bootstrap, noise, draws);
  const share = Math.PI / 2 / Math.max(2, medianBeats ?? usual.length);
  const ofMedian = bootstrapErrors(
    bootstrap,
    noise.map(model => attenuated(model, share)),
    medianDraws,
  );
  const precise = preciseWaves(leads, samplingFrequency, rPeaks, beats);
  return {
    noise,
    beats: precise.map((of, k): BeatWaveUncertainty => {
      const stated = beats[k]!;
      return {
        over: uncertaintyOf(ofBeat.over, stated, of.over, samplingFrequency),
        leads: of.leads.map((lead, j) =>
          uncertaintyOf(ofBeat.leads[j]!, stated.leads[j]!, lead, samplingFrequency),
        ),
      };
    }),
    median: { over: ofMedian.over, leads: ofMedian.leads },
    firstOrder: leads.map((_, lead) =>
      intervalFirstOrder(
        ofBeat.clean.voltages[lead]!,
        samplingFrequency,
        ofBeat.clean.beat.rPeak,
        ofBeat.clean.beat.stated[lead]!,
        noise[lead]!,
      ),
    ),
  };
}

interface BootstrapErrors extends BeatWaveUncertainty {
  /** The first clean copy that has a neighbour on either side. */
  readonly clean: { readonly voltages: readonly Float64Array[]; readonly beat: PreciseWaves };
}

/** What is drawn in noise: the typical beat of each lead, and how the recording's R peaks are marked. */
interface Bootstrap {
  readonly names: readonly string[];
  readonly samplingFrequency: number;
  readonly templates: readonly MedianBeat[];
  readonly mark: RPeakMarker;
  readonly seed: number;
}

/** The errors of the typical beat in `count` realisations of noise, one model for each lead. */
function bootstrapErrors(
  { names, samplingFrequency, templates, mark, seed }: Bootstrap,
  noise: readonly NoiseModel[],
  count: number,
): BootstrapErrors {
  const copies = noisyCopies(templates, noise, count, seed);
  const measured = (voltages: readonly Float64Array[], places: Int32Array): PreciseWaves[] =>
    preciseWaves(
      names.map((name, k) => ({ name, voltage: voltages[k]! })),
      samplingFrequency,
      mark(voltages, places),
    );
  const clean = measured(copies.clean, copies.cleanRPeaks);
  const noisy = measured(copies.noisy, copies.noisyRPeaks);
  const rangesOf = (pick: (beat: PreciseWaves) => WavesOfBeat): WaveUncertainty =>
    Object.fromEntries(
      intervalQuantityNames.flatMap(quantity => {
        const isPlace = isPlaceInTime(quantity);
        const scale = isPlace ? samplingFrequency : 1;
        const values = (all: readonly PreciseWaves[]) =>
          all.map(beat => scaled(intervalQuantities[quantity](pick(beat), samplingFrequency), scale));
        const range = middleRange(errorsOf(copies, values(clean), values(noisy), isPlace));
        return range ? [[quantity, { se: range.se / scale, bias: range.bias / scale }]] : [];
      }),
    );
  return {
    over: rangesOf(({ over }) => over),
    leads: names.map((_, lead) => rangesOf(beat => beat.leads[lead]!)),
    clean: { voltages: copies.clean, beat: clean[1]! },
  };
}

/** Noise of the given share of the power. */
const attenuated = (model: NoiseModel, share: number): NoiseModel => ({
  ...model,
  autocovariance: model.autocovariance.map(c => c * share),
});

const scaled = (value: number | undefined, by: number): number | undefined =>
  value === undefined ? undefined : value * by;

/**
 * Largest difference, in the unit of the quantity, between a stated and a fractional value that is rounding; a larger
 * one is another wave. RR and QTc also contain the distance of the given R peaks from the places where dV/dt is 0.
 */
const mostRounding = (quantity: IntervalQuantity, samplingFrequency: number): number =>
  quantity === 'rr' || quantity.startsWith('qtc') ? (2 * mostPeakDistanceMs) / 1000 : 3 / samplingFrequency;

/** The errors of the quantities that were measured, with what rounding added to each. */
function uncertaintyOf(
  errors: WaveUncertainty,
  stated: WavesOfBeat,
  precise: WavesOfBeat,
  samplingFrequency: number,
): WaveUncertainty {
  return Object.fromEntries(
    intervalQuantityNames.flatMap(quantity => {
      const of = intervalQuantities[quantity];
      const [error, value] = [errors[quantity], of(stated, samplingFrequency)];
      if (error === undefined || value === undefined) return [];
      const difference = value - (of(precise, samplingFrequency) ?? value);
      const rounding = Math.abs(difference) <= mostRounding(quantity, samplingFrequency) ? difference : 0;
      return [[quantity, { se: error.se, bias: error.bias + rounding }]];
    }),
  );
}
