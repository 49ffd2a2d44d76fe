/** Onset and offset of a P or T wave whose peak is known, by the boundary models. */
import type { SampleSpan } from '../sample-span.ts';
import {
  type BoundaryFinder,
  type BoundaryModel,
  boundaryFinder,
  estimateBoundary,
} from './boundary-model.ts';
import type { FittedLine } from './fitted-line.ts';
import { pOffsetModel, pOnsetModel, tOffsetModel, tOnsetModel } from './wave-models.ts';
import { stretchOf } from './wave-width.ts';

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
 * Finds the boundaries of P and T waves from the least-squares line of the models. `toSample` rounds them: they are
 * estimated in fractional samples.
 */
export function waveBorders(
  { smooth, slope }: FittedLine,
  samplingFrequency: number,
  toSample: (place: number) => number = Math.round,
): { readonly p: WaveAt; readonly t: WaveAt } {
  const borderOf = (model: BoundaryModel, direction: -1 | 1) => {
    const finders = new Map<number, BoundaryFinder>();
    return (peak: number, span: SampleSpan): number | undefined => {
      const { stretch } = model;
      const factor = stretch
        ? stretchOf(stretch, { smooth, peak, span }, direction, samplingFrequency / 1000)
        : 1;
      let scoresAt = finders.get(factor);
      if (scoresAt === undefined) {
        scoresAt = boundaryFinder(model, samplingFrequency, factor);
        finders.set(factor, scoresAt);
      }
      const perUnit = (factor * samplingFrequency) / 1000;
      const earliest = (span.start - peak) / perUnit;
      const latest = (span.end - 1 - peak) / perUnit;
      const scores = scoresAt(slope, peak, earliest, latest);
      const estimate = scores && estimateBoundary(model, scores, earliest, latest);
      return estimate && toSample(peak + estimate.time * perUnit);
    };
  };
  const waveOf = (onsetModel: BoundaryModel, offsetModel: BoundaryModel): WaveAt => {
    const [onsetOf, offsetOf] = [borderOf(onsetModel, -1), borderOf(offsetModel, 1)];
    return (peak, span) => {
      const onset = onsetOf(peak, span);
      const offset = offsetOf(peak, span);
      return onset === undefined || offset === undefined ? undefined : { onset, peak, offset };
    };
  };
  return { p: waveOf(pOnsetModel, pOffsetModel), t: waveOf(tOnsetModel, tOffsetModel) };
}
