/** Onset and offset of a P or T wave whose peak is known, by the boundary models. */
import type { SampleSpan } from '../sample-span.ts';
import { type BoundaryModel, boundaryFinder, estimateBoundary } from './boundary-model.ts';
import { pOffsetModel, pOnsetModel, tOffsetModel, tOnsetModel } from './wave-models.ts';

/** A P or T wave; sample indices. */
export interface DelineatedWave {
  readonly onset: number;
  readonly peak: number;
  readonly offset: number;
}

/**
 * The wave with its peak at a sample, with its boundaries within a span; undefined when there is no candidate there or
 * the slope is invalid.
 */
export type WaveAt = (peak: number, span: SampleSpan) => DelineatedWave | undefined;

/**
 * Finds the boundaries of P and T waves from `slope`, mV/s, of the least-squares line of the models. `toSample` rounds
 * them: they are estimated in fractional samples.
 */
export function waveBorders(
  slope: Float64Array,
  samplingFrequency: number,
  toSample: (place: number) => number = Math.round,
): { readonly p: WaveAt; readonly t: WaveAt } {
  const perMs = samplingFrequency / 1000;
  const borderOf = (model: BoundaryModel) => {
    const scoresAt = boundaryFinder(model, samplingFrequency);
    return (peak: number, { start, end }: SampleSpan): number | undefined => {
      const earliest = (start - peak) / perMs;
      const latest = (end - 1 - peak) / perMs;
      const scores = scoresAt(slope, peak, earliest, latest);
      const estimate = scores && estimateBoundary(model, scores, earliest, latest);
      return estimate && toSample(peak + estimate.time * perMs);
    };
  };
  const waveOf = (onsetModel: BoundaryModel, offsetModel: BoundaryModel): WaveAt => {
    const [onsetOf, offsetOf] = [borderOf(onsetModel), borderOf(offsetModel)];
    return (peak, span) => {
      const onset = onsetOf(peak, span);
      const offset = offsetOf(peak, span);
      return onset === undefined || offset === undefined ? undefined : { onset, peak, offset };
    };
  };
  return { p: waveOf(pOnsetModel, pOffsetModel), t: waveOf(tOnsetModel, tOffsetModel) };
}
