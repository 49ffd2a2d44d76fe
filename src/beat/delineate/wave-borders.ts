/** Onset and offset of a P or T wave whose peak is known, by the boundary models. */
import type { SampleSpan } from '../sample-span.ts';
import { estimateBoundary } from './boundary-estimate.ts';
import { type BoundaryFinder, type BoundaryModel, boundaryFinder, neededSamples } from './boundary-model.ts';
import { broadSlope, type FittedLine } from './fitted-line.ts';
import { lobeReach, secondLobes } from './second-lobe.ts';
import { pOffsetModel, pOnsetModel, tOffsetModel, tOnsetModel } from './wave-models.ts';
import { broadenings, templateStretch, waveWidth } from './wave-width.ts';

/** A P or T wave; sample indices. */
export interface DelineatedWave {
  readonly onset: number;
  readonly peak: number;
  readonly offset: number;
}

/**
 * The waves with these peaks, each with its boundaries within its span; undefined where there is no peak, no candidate
 * or the slope is invalid. `levels` are the voltages without the wave, mV; by default that at its other boundary.
 */
export type WavesAt = (
  peaks: readonly (number | undefined)[],
  spans: readonly (SampleSpan | undefined)[],
  levels?: readonly (number | undefined)[],
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
  const wavesOf = (wave: 'p' | 't', onsetModel: BoundaryModel, offsetModel: BoundaryModel): WavesAt => {
    const [onsetOf, offsetOf] = [borderOf(onsetModel), borderOf(offsetModel)];
    const widthOf = (peak: number, span: SampleSpan) =>
      waveWidth(onsetModel.stretch!, { smooth, peak, span }, perMs);
    return (peaks, spans, levels) => {
      const widths = peaks.map((peak, k) => {
        const span = spans[k];
        return peak === undefined || span === undefined ? undefined : widthOf(peak, span);
      });
      const broadening = broadenings(widths);
      const found = widths.map((width, k) => {
        if (width === undefined) return undefined;
        const [peak, span] = [peaks[k]!, spans[k]!];
        const onset = onsetOf(peak, span, width.onset, broadening[k]!);
        const offset = offsetOf(peak, span, width.offset, broadening[k]!);
        return onset === undefined || offset === undefined ? undefined : { onset, peak, offset };
      });
      const lobes = (direction: 1 | -1): (number | undefined)[] => {
        const lobed = found.map((one, k) => {
          const other = one && smooth[Math.round(direction > 0 ? one.onset : one.offset)]!;
          const level = levels === undefined ? other : levels[k];
          return one && level !== undefined ? { peak: one.peak, span: spans[k]!, level } : undefined;
        });
        return secondLobes(smooth, lobed, direction, lobeReach[wave], perMs);
      };
      const [before, after] = [wave === 'p' ? lobes(-1) : [], lobes(1)];
      return found.map((one, k) => {
        if (one === undefined) return undefined;
        const [first, last, span] = [before[k], after[k], spans[k]!];
        const onset = first === undefined ? undefined : onsetOf(first, span, widthOf(first, span).onset, 1);
        const offset = last === undefined ? undefined : offsetOf(last, span, widthOf(last, span).offset, 1);
        return { ...one, onset: onset ?? one.onset, offset: offset ?? one.offset };
      });
    };
  };
  return {
    p: wavesOf('p', pOnsetModel, pOffsetModel),
    t: wavesOf('t', tOnsetModel, tOffsetModel),
  };
}
