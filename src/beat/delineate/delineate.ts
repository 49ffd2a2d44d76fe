/**
 * Delineation of one lead: onset, peak and offset of P, QRS and T of each beat, by models fitted to cardiologists'
 * marks (`scripts/fit-delineation.ts`; `evaluate delineation` compares them with marks). First the QRS boundaries,
 * relative to the R peak; then the peaks of T, relative to the R peak, and of P, relative to the QRS onset, each the
 * most probable turning point of the voltage; then the boundaries of both, relative to their peaks. A P wave that is
 * probably absent is omitted, and so is a wave that hardly rises above the signal around it.
 */
import { withoutPacing } from '../pacing.ts';
import { type BoundaryModel, boundaryFinder, estimateBoundary } from './boundary-model.ts';
import { fittedLine, lineSamples } from './fitted-line.ts';
import { isPresent, presenceFeatures } from './p-presence.ts';
import { type QrsBounds, qrsAmplitude, unpacedQrsBounds } from './qrs-bounds.ts';
import { intervalsAfterQrs, intervalsBeforeQrs, type SearchInterval } from './search-intervals.ts';
import {
  pOffsetModel,
  pOnsetModel,
  pPeakModel,
  pPresenceWeights,
  tOffsetModel,
  tOnsetModel,
  tPeakModel,
} from './wave-models.ts';
import { findPeaks } from './wave-peak.ts';

/** A P or T wave; sample indices. */
export interface DelineatedWave {
  readonly onset: number;
  readonly peak: number;
  readonly offset: number;
}

/** The delineation of one beat; sample indices. */
export interface DelineatedBeat {
  /** The given R peak, sample index. */
  readonly rPeak: number;
  readonly qrs: QrsBounds;
  /** The P wave; undefined when absent. */
  readonly p: DelineatedWave | undefined;
  readonly t: DelineatedWave | undefined;
}

/** Smallest height of a P or T wave, as a fraction of the peak-to-peak amplitude of the QRS complex. */
const leastHeight = { p: 0.015, t: 0.02 };

/**
 * Delineates each beat. `lead` is in mV; pacing spikes are removed first. `rPeaks` are ascending sample indices within
 * some 12 ms of the peaks. Waves of either polarity are found. Throws `RangeError` as `qrsBounds` does.
 *
 * @example delineate(voltage, samplingFrequency, rPeaks)[1].qrs // => { onset: 327, offset: 353 }
 */
export function delineate(
  lead: Float64Array,
  samplingFrequency: number,
  rPeaks: ArrayLike<number>,
): DelineatedBeat[] {
  return delineateUnpaced(withoutPacing(lead, samplingFrequency), samplingFrequency, rPeaks);
}

/**
 * As `delineate`, for a lead without pacing spikes. `toSample` rounds the boundaries of P and T, which are estimated in
 * fractional samples. Throws `RangeError` as `qrsBounds` does.
 */
export function delineateUnpaced(
  voltage: Float64Array,
  samplingFrequency: number,
  rPeaks: ArrayLike<number>,
  toSample: (place: number) => number = Math.round,
): DelineatedBeat[] {
  const bounds = unpacedQrsBounds(voltage, samplingFrequency, rPeaks);
  if (voltage.length < lineSamples(pPeakModel.lineMs, samplingFrequency)) {
    return bounds.map((qrs, k) => ({ rPeak: rPeaks[k]!, qrs, p: undefined, t: undefined }));
  }
  // P and T are found with the same least-squares line.
  const { smooth, slope } = fittedLine(voltage, samplingFrequency, pPeakModel.lineMs);
  const perMs = samplingFrequency / 1000;

  type Border = (peak: number, interval: SearchInterval) => number | undefined;
  const borderOf = (model: BoundaryModel): Border => {
    const scoresAt = boundaryFinder(model, samplingFrequency);
    return (peak, { start, end }) => {
      const earliest = (start - peak) / perMs;
      const latest = (end - 1 - peak) / perMs;
      const scores = scoresAt(slope, peak, earliest, latest);
      const estimate = scores && estimateBoundary(model, scores, earliest, latest);
      return estimate && toSample(peak + estimate.time * perMs);
    };
  };
  const borders = {
    p: { onset: borderOf(pOnsetModel), offset: borderOf(pOffsetModel) },
    t: { onset: borderOf(tOnsetModel), offset: borderOf(tOffsetModel) },
  };

  const waveAt = (
    wave: 'p' | 't',
    peak: number,
    interval: SearchInterval,
    amplitude: number,
  ): DelineatedWave | undefined => {
    const onset = borders[wave].onset(peak, interval);
    const offset = borders[wave].offset(peak, interval);
    if (onset === undefined || offset === undefined) return undefined;
    const height = voltage[peak]! - (voltage[Math.round(onset)]! + voltage[Math.round(offset)]!) / 2;
    return Math.abs(height) >= leastHeight[wave] * amplitude ? { onset, peak, offset } : undefined;
  };

  const onsets = bounds.map(({ onset }) => onset);
  const offsets = bounds.map(({ offset }) => offset);
  const afterQrs = intervalsAfterQrs(offsets, rPeaks, samplingFrequency, voltage.length);
  const tPeaks = findPeaks(tPeakModel, smooth, slope, samplingFrequency, afterQrs);
  const tSamples = tPeaks.map(peak => peak?.point.sample);
  const beforeQrs = intervalsBeforeQrs(onsets, rPeaks, samplingFrequency, tSamples);
  const pPeaks = findPeaks(pPeakModel, smooth, slope, samplingFrequency, beforeQrs);

  const pOf = (k: number, amplitude: number): DelineatedWave | undefined => {
    const [peak, interval] = [pPeaks[k], beforeQrs[k]];
    if (peak === undefined || interval === undefined) return undefined;
    const features = presenceFeatures(smooth, samplingFrequency, peak, interval, amplitude);
    if (!isPresent(pPresenceWeights, features)) return undefined;
    return waveAt('p', peak.point.sample, interval, amplitude);
  };
  const tOf = (k: number, amplitude: number): DelineatedWave | undefined => {
    const [peak, interval] = [tPeaks[k], afterQrs[k]];
    if (peak === undefined || interval === undefined) return undefined;
    return waveAt('t', peak.point.sample, interval, amplitude);
  };
  return bounds.map((qrs, k) => {
    const amplitude = qrsAmplitude(voltage, qrs);
    return { rPeak: rPeaks[k]!, qrs, p: pOf(k, amplitude), t: tOf(k, amplitude) };
  });
}
