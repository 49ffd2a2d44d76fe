/**
 * Beats with their wave boundaries in fractional samples: what noise does to a boundary is not hidden by rounding.
 */
import { median } from '../../statistics.ts';
import type { DelineatedBeat } from '../delineate/delineate.ts';
import { delineateLeads } from '../delineate/delineate-leads.ts';
import { fittedLine } from '../delineate/fitted-line.ts';
import { pPeakModel } from '../delineate/wave-models.ts';
import { bordersOf, bordersOverLeads, type WaveBorders } from '../intervals/beat-intervals.ts';
import {
  type BeatWaves,
  measureAtBorders,
  type NamedLead,
  rrBefore,
} from '../intervals/measure-intervals.ts';
import { placesOf } from '../intervals/wave-places.ts';
import { defaultScheme } from '../slopes/measure-slopes.ts';
import type { WavesOfBeat } from './interval-quantities.ts';
import { strokeGradients } from './stroke-gradient.ts';

/** Measurements of a beat whose boundaries are in fractional samples. */
export interface PreciseWaves {
  readonly rPeak: number;
  readonly over: WavesOfBeat;
  readonly leads: readonly WavesOfBeat[];
  /** Boundaries in whole samples, per lead. */
  readonly stated: readonly WaveBorders[];
}

/**
 * The beats with their boundaries in fractional samples. `measured` are the same beats in whole samples, if they are
 * known; amplitudes, ST segment and axes are theirs. By default they are measured at the rounded boundaries.
 */
export function preciseWaves(
  leads: readonly NamedLead[],
  samplingFrequency: number,
  rPeaks: ArrayLike<number>,
  measured?: readonly BeatWaves[],
): PreciseWaves[] {
  const voltages = leads.map(({ voltage }) => voltage);
  const fractional = delineateLeads(voltages, samplingFrequency, rPeaks, place => place);
  const beats = measured ?? measuredAt(leads, samplingFrequency, rPeaks, fractional);
  const slopes = voltages.map(voltage => fittedLine(voltage, samplingFrequency, pPeakModel.lineMs).slope);
  const peaks = voltages.map(voltage => rPeakPlaces(voltage, samplingFrequency, rPeaks));
  const rPlaces = beats.map((_, k) => {
    const own = peaks.flatMap(of => of[k] ?? []);
    return own.length === 0 ? undefined : median(own);
  });
  return beats.map((beat, k) => {
    const [before, own] = [rPlaces[k - 1], rPlaces[k]];
    const rr = before === undefined || own === undefined ? undefined : (own - before) / samplingFrequency;
    const borders = leads.map((_, lead): WaveBorders => {
      const own = bordersOf(fractional[lead]![k]!);
      const level = (peak: number | undefined): number | undefined => peak && levelPlace(slopes[lead]!, peak);
      return { ...own, pPeak: level(own.pPeak), tPeak: level(own.tPeak) };
    });
    return {
      rPeak: beat.rPeak,
      over: { ...beat, borders: bordersOverLeads(borders), intervals: { rr } },
      leads: beat.leads.map((lead, j) => ({ ...lead, borders: borders[j]!, intervals: { rr } })),
      stated: beat.leads.map(lead => lead.borders),
    };
  });
}

/** The beats at their boundaries rounded to whole samples. */
function measuredAt(
  leads: readonly NamedLead[],
  samplingFrequency: number,
  rPeaks: ArrayLike<number>,
  delineated: readonly (readonly DelineatedBeat[])[],
): BeatWaves[] {
  const rr = rrBefore(rPeaks, samplingFrequency);
  // Noise of the limb leads is drawn independently, so that the drawn leads do not obey Einthoven's law.
  const measured = measureAtBorders(leads, samplingFrequency, true);
  return Array.from(rPeaks, (rPeak, k) => ({
    rPeak,
    ...measured(
      delineated.map(beats => {
        const { borders, qrsWaves } = placesOf(beats[k]!);
        return { borders: roundedBorders(borders), qrsWaves };
      }),
      rr[k],
    ),
  }));
}

const roundedBorders = (borders: WaveBorders): WaveBorders =>
  Object.fromEntries(
    Object.entries(borders).map(([name, place]) => [
      name,
      place === undefined ? undefined : Math.round(place),
    ]),
  ) as unknown as WaveBorders;

/** Largest distance of a given R peak from the place where dV/dt is 0, ms, as `measureIntervals` allows. */
export const mostPeakDistanceMs = 12;

/** The places of the R peaks, where dV/dt is 0, in fractional samples; undefined where a given mark is not at one. */
function rPeakPlaces(
  voltage: Float64Array,
  samplingFrequency: number,
  rPeaks: ArrayLike<number>,
): (number | undefined)[] {
  const { peakPlace } = strokeGradients(defaultScheme(samplingFrequency), samplingFrequency);
  return Array.from(rPeaks, rPeak => {
    const place = peakPlace(voltage, rPeak);
    return place !== undefined && Math.abs(place - rPeak) <= (mostPeakDistanceMs * samplingFrequency) / 1000
      ? place
      : undefined;
  });
}

/** The place beside a peak at which the slope is 0, in fractional samples; the peak itself where there is none. */
function levelPlace(slope: Float64Array, peak: number): number {
  const here = slope[peak]!;
  for (const next of [1, -1]) {
    const other = slope[peak + next]!;
    if (here * other <= 0 && here !== other) return peak + (next * here) / (here - other);
  }
  return peak;
}
