/**
 * Where a QRS complex begins and ends in one lead, by the boundary models fitted to cardiologists' marks: on the 100
 * records of the LUDB that they were not fitted to, −2 ± 9 ms for the onset and −1 ± 11 ms for the offset of each lead
 * by itself, from its marked R peaks (`evaluate delineation`).
 */
import { oddWindowSamples, savitzkyGolay } from '../diff/savitzky-golay.ts';
import { requireSamplingFrequency } from '../diff/stencils.ts';
import { type BoundaryModel, boundaryScores, estimateBoundary } from './boundary-model.ts';
import { qrsOffsetModel, qrsOnsetModel } from './wave-models.ts';

/** Sample indices of the first and last sample of a QRS complex; undefined where no end was found. */
export interface QrsBounds {
  readonly onset: number | undefined;
  readonly offset: number | undefined;
}

/** A boundary less certain than this, ms of standard deviation, is none. */
const mostDeviation = 50;

/**
 * Onset and offset of each beat's QRS complex. `voltage` in mV; `rPeaks` ascending sample indices, within some 12 ms of
 * the peaks. Works on either polarity. No further than halfway to the neighbouring R peaks is looked. A bound is
 * undefined within 0.23 s of the signal's beginning or 0.3 s of its end, near an invalid sample, on a flat line, and
 * where no time stands out. Time is linear in the number of beats.
 *
 * Throws `RangeError` when an R peak lies outside the signal or before the one it follows.
 */
export function qrsBounds(
  voltage: Float64Array,
  samplingFrequency: number,
  rPeaks: ArrayLike<number>,
): QrsBounds[] {
  requireSamplingFrequency(samplingFrequency);
  requireRPeaks(rPeaks, voltage.length);
  const perMs = samplingFrequency / 1000;
  const windowSamples = Math.max(3, oddWindowSamples(qrsOnsetModel.lineMs, samplingFrequency));
  const reachOf = (ms: number): number => Math.ceil(Math.abs(ms) * perMs) + windowSamples;
  const before = reachOf(qrsOnsetModel.first + qrsOnsetModel.edges[0]!);
  const length = before + 1 + reachOf(qrsOffsetModel.last + qrsOffsetModel.edges.at(-1)!);
  const stretch = Math.min(length, voltage.length);
  if (stretch < windowSamples) return Array.from(rPeaks, () => ({ onset: undefined, offset: undefined }));
  const derivative = savitzkyGolay(
    { windowSamples, degree: 1, derivativeOrder: 1 },
    stretch,
    samplingFrequency,
  );
  const slope = new Float64Array(stretch);

  return Array.from(rPeaks, (rPeak, beat) => {
    const start = Math.max(0, Math.min(rPeak - before, voltage.length - stretch));
    derivative.apply(voltage.subarray(start, start + stretch), slope);
    const find = (model: BoundaryModel): number | undefined => {
      const scores = boundaryScores(model, slope, rPeak - start, samplingFrequency);
      if (scores === undefined) return undefined;
      const earliest = (halfway(rPeaks, beat, -1) - rPeak) / perMs;
      const latest = (halfway(rPeaks, beat, 1) - rPeak) / perMs;
      const estimate = estimateBoundary(model, scores, earliest, latest);
      if (estimate === undefined || estimate.deviation > mostDeviation) return undefined;
      return Math.round(rPeak + estimate.time * perMs);
    };
    return { onset: find(qrsOnsetModel), offset: find(qrsOffsetModel) };
  });
}

/** The place halfway from a beat to its neighbour, or infinity on that side when there is none. */
function halfway(rPeaks: ArrayLike<number>, beat: number, step: 1 | -1): number {
  const other = rPeaks[beat + step];
  return other === undefined ? step * Number.POSITIVE_INFINITY : (rPeaks[beat]! + other) / 2;
}

/** Throws `RangeError` unless the R peaks are ascending whole numbers below `length`. */
export function requireRPeaks(rPeaks: ArrayLike<number>, length: number): void {
  let previous = -1;
  for (let k = 0; k < rPeaks.length; k++) {
    const rPeak = rPeaks[k]!;
    if (!Number.isInteger(rPeak) || rPeak < 0 || rPeak >= length) {
      throw new RangeError(`R peak ${k} is at sample ${rPeak} of a signal of ${length} samples`);
    }
    if (rPeak <= previous) {
      throw new RangeError(`R peak ${k} at sample ${rPeak} does not follow R peak ${k - 1} at ${previous}`);
    }
    previous = rPeak;
  }
}
