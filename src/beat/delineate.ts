/**
 * P, QRS and T of each beat in one lead: onset, peak and offset, by the models fitted to cardiologists' marks
 * (`scripts/fit-delineation.ts`; `evaluate delineation` holds them against marks). First the QRS borders, seen from the
 * R peak; then the peaks of P, seen from the QRS onset, and of T, seen from the R peak: among the turning points of
 * the voltage the likeliest; then their borders, seen from their peaks. A wave that does not rise out of the signal
 * around it is absent.
 */
import { oddWindowSamples, savitzkyGolay } from '../diff/savitzky-golay.ts';
import { type BoundaryModel, boundaryScores, estimateBoundary } from './boundary-model.ts';
import { type QrsBounds, qrsBounds } from './qrs-bounds.ts';
import {
  pOffsetModel,
  pOnsetModel,
  pPeakModel,
  tOffsetModel,
  tOnsetModel,
  tPeakModel,
} from './wave-models.ts';

/** A P or T wave; sample indices. */
export interface DelineatedWave {
  readonly onset: number;
  readonly peak: number;
  readonly offset: number;
}

export interface DelineatedBeat {
  /** As it was given, sample index. */
  readonly rPeak: number;
  readonly qrs: QrsBounds;
  /** Undefined when absent. */
  readonly p: DelineatedWave | undefined;
  readonly t: DelineatedWave | undefined;
}

/** A P or T wave is at least this fraction of the QRS complex's peak-to-peak amplitude … */
const leastHeight = { p: 0.015, t: 0.02 };
/** A wave lies within this of its usual place in this many beats on either side, when so many have it, ms. */
const wander = 36;
const neighbours = 8;
const fewestNeighbours = 3;
/** P keeps this far from the previous R peak, T from the next, ms. */
const clearance = 120;

/** Where to look for a wave: samples, and what its place is counted from. */
interface Stretch {
  readonly anchor: number;
  readonly from: number;
  readonly to: number;
}

/**
 * Delineates each beat. `voltage` in mV; `rPeaks` ascending sample indices, within some 12 ms of the peaks. Works on
 * either polarity of any wave. Throws `RangeError` as `qrsBounds` does.
 */
export function delineate(
  voltage: Float64Array,
  samplingFrequency: number,
  rPeaks: ArrayLike<number>,
): DelineatedBeat[] {
  const bounds = qrsBounds(voltage, samplingFrequency, rPeaks);
  const windowSamples = Math.max(3, oddWindowSamples(pPeakModel.lineMs, samplingFrequency));
  if (voltage.length < windowSamples) {
    return bounds.map((qrs, k) => ({ rPeak: rPeaks[k]!, qrs, p: undefined, t: undefined }));
  }
  const slope = savitzkyGolay(
    { windowSamples, degree: 1, derivativeOrder: 1 },
    voltage.length,
    samplingFrequency,
  ).apply(voltage);
  const perMs = samplingFrequency / 1000;

  /** The likeliest turning point of the voltage, between two samples of the record. */
  const findPeak = (model: BoundaryModel, { anchor, from, to }: Stretch): number | undefined => {
    const earliest = (from - anchor) / perMs;
    const latest = (to - anchor) / perMs;
    const scores = boundaryScores(model, slope, anchor, samplingFrequency, earliest, latest);
    if (scores === undefined) return undefined;
    let best: number | undefined;
    let highest = Number.NEGATIVE_INFINITY;
    const begin = Math.max(Math.ceil(anchor + model.first * perMs), Math.ceil(from), 1);
    const end = Math.min(Math.floor(anchor + model.last * perMs), Math.floor(to));
    for (let i = begin; i <= end; i++) {
      if (slope[i - 1]! * slope[i]! > 0) continue;
      const score = scores[Math.round(((i - anchor) / perMs - model.first) / model.step)];
      if (score !== undefined && score > highest) {
        highest = score;
        best = Math.abs(slope[i - 1]!) < Math.abs(slope[i]!) ? i - 1 : i;
      }
    }
    return best;
  };

  const findBorder = (model: BoundaryModel, peak: number, from: number, to: number): number | undefined => {
    const earliest = (from - peak) / perMs;
    const latest = (to - peak) / perMs;
    const scores = boundaryScores(model, slope, peak, samplingFrequency, earliest, latest);
    const estimate = scores && estimateBoundary(model, scores, earliest, latest);
    return estimate && Math.round(peak + estimate.time * perMs);
  };

  /** Peaks of one kind of wave, each between two samples and seen from an anchor; `stretches` one a beat. */
  const findPeaks = (model: BoundaryModel, stretches: readonly (Stretch | undefined)[]) => {
    const likeliest = stretches.map(stretch => stretch && findPeak(model, stretch));
    // A second look no further than `wander` from where the wave mostly is in the beats around.
    return stretches.map((stretch, k) => {
      if (stretch === undefined) return undefined;
      const around: number[] = [];
      for (let j = Math.max(0, k - neighbours); j <= Math.min(stretches.length - 1, k + neighbours); j++) {
        const peak = likeliest[j];
        if (peak !== undefined) around.push(peak - stretches[j]!.anchor);
      }
      if (around.length < fewestNeighbours) return likeliest[k];
      around.sort((a, b) => a - b);
      const usual = stretch.anchor + around[around.length >> 1]!;
      const from = Math.max(stretch.from, usual - wander * perMs);
      const to = Math.min(stretch.to, usual + wander * perMs);
      return findPeak(model, { anchor: stretch.anchor, from, to }) ?? likeliest[k];
    });
  };

  const waveAt = (
    peak: number | undefined,
    models: readonly [onset: BoundaryModel, offset: BoundaryModel],
    stretch: Stretch | undefined,
    least: number,
  ): DelineatedWave | undefined => {
    if (peak === undefined || stretch === undefined) return undefined;
    const onset = findBorder(models[0], peak, stretch.from, stretch.to);
    const offset = findBorder(models[1], peak, stretch.from, stretch.to);
    if (onset === undefined || offset === undefined) return undefined;
    const height = voltage[peak]! - (voltage[onset]! + voltage[offset]!) / 2;
    return Math.abs(height) >= least ? { onset, peak, offset } : undefined;
  };

  const beforeQrs = bounds.map(({ onset }, k): Stretch | undefined => {
    const previous = k === 0 ? Number.NEGATIVE_INFINITY : rPeaks[k - 1]! + clearance * perMs;
    return onset === undefined || onset < previous ? undefined : { anchor: onset, from: previous, to: onset };
  });
  const afterQrs = bounds.map(({ offset }, k): Stretch | undefined => {
    const next = k === bounds.length - 1 ? Number.POSITIVE_INFINITY : rPeaks[k + 1]! - clearance * perMs;
    return offset === undefined || offset > next ? undefined : { anchor: rPeaks[k]!, from: offset, to: next };
  });
  const pPeaks = findPeaks(pPeakModel, beforeQrs);
  const tPeaks = findPeaks(tPeakModel, afterQrs);
  return bounds.map((qrs, k) => {
    const { onset, offset } = qrs;
    const size = onset === undefined || offset === undefined ? 0 : peakToPeak(voltage, onset, offset);
    return {
      rPeak: rPeaks[k]!,
      qrs,
      p: waveAt(pPeaks[k], [pOnsetModel, pOffsetModel], beforeQrs[k], leastHeight.p * size),
      t: waveAt(tPeaks[k], [tOnsetModel, tOffsetModel], afterQrs[k], leastHeight.t * size),
    };
  });
}

function peakToPeak(voltage: Float64Array, from: number, to: number): number {
  let lowest = Number.POSITIVE_INFINITY;
  let highest = Number.NEGATIVE_INFINITY;
  for (let i = from; i <= to; i++) {
    lowest = Math.min(lowest, voltage[i]!);
    highest = Math.max(highest, voltage[i]!);
  }
  return highest - lowest;
}
