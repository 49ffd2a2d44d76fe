/** Onset and offset of a P or T wave whose peak is known, by the boundary models. */
import type { SampleSpan } from '../sample-span.ts';
import { estimateBoundary } from './boundary-estimate.ts';
import { type BoundaryFinder, type BoundaryModel, boundaryFinder, neededSamples } from './boundary-model.ts';
import { broadSlope, type FittedLine } from './fitted-line.ts';
import { pOffsetModel, pOnsetModel, tOffsetModel, tOnsetModel } from './wave-models.ts';
import { broadenings, type Stretch, templateStretch, waveWidth } from './wave-width.ts';

/** A P or T wave; sample indices. */
export interface DelineatedWave {
  readonly onset: number;
  readonly peak: number;
  readonly offset: number;
}

/**
 * The waves with these peaks, each with its boundaries within its span; undefined where there is no peak, no candidate
 * or the slope is invalid.
 */
export type WavesAt = (
  peaks: readonly (number | undefined)[],
  spans: readonly (SampleSpan | undefined)[],
) => (DelineatedWave | undefined)[];

/**
 * Finds the boundaries of P and T waves from the least-squares line of the models. `toSample` rounds them: they are
 * estimated in fractional samples.
 */
export function waveBorders(
  { smooth, slope }: FittedLine,
  samplingFrequency: number,
  toSample: (place: number) => number = Math.round,
): { readonly p: WavesAt; readonly t: WavesAt } {
  const perMs = samplingFrequency / 1000;
  const borderOf = (model: BoundaryModel) => {
    const finders = new Map<string, BoundaryFinder>();
    return (peak: number, span: SampleSpan, width: number, broadening: number): number | undefined => {
      const stretch = templateStretch(width);
      const key = `${stretch} ${broadening}`;
      const scoresAt = finders.get(key) ?? boundaryFinder(model, samplingFrequency, { stretch, broadening });
      finders.set(key, scoresAt);
      const perUnit = stretch * perMs;
      const earliest = (span.start - peak) / perUnit;
      const latest = (span.end - 1 - peak) / perUnit;
      const { start, end } = neededSamples(model, peak, perUnit);
      const { lineMs } = model;
      const measured =
        broadening === 1
          ? { slope, start: 0 }
          : broadSlope(smooth, { lineMs, samplingFrequency, broadening }, start, end);
      const scores = scoresAt(measured.slope, peak - measured.start, earliest, latest);
      const estimate = scores && estimateBoundary(model, scores, earliest, latest);
      return estimate && toSample(peak + estimate.time * perUnit);
    };
  };
  const wavesOf = (stretch: Stretch, onsetModel: BoundaryModel, offsetModel: BoundaryModel): WavesAt => {
    const [onsetOf, offsetOf] = [borderOf(onsetModel), borderOf(offsetModel)];
    return (peaks, spans) => {
      const widths = peaks.map((peak, k) => {
        const span = spans[k];
        return peak === undefined || span === undefined
          ? undefined
          : waveWidth(stretch, { smooth, peak, span }, perMs);
      });
      const broadening = broadenings(widths);
      return widths.map((width, k) => {
        if (width === undefined) return undefined;
        const [peak, span] = [peaks[k]!, spans[k]!];
        const onset = onsetOf(peak, span, width.onset, broadening[k]!);
        const offset = offsetOf(peak, span, width.offset, broadening[k]!);
        return onset === undefined || offset === undefined ? undefined : { onset, peak, offset };
      });
    };
  };
  return {
    p: wavesOf(pOnsetModel.stretch!, pOnsetModel, pOffsetModel),
    t: wavesOf(tOnsetModel.stretch!, tOnsetModel, tOffsetModel),
  };
}
