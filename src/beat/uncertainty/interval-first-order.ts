/**
 * First-order standard errors √(gᵀΣg) of wave boundaries, intervals, amplitudes and the ST segment of one beat in one
 * lead: g = ∂m/∂V by automatic differentiation, with the peak that a boundary is searched from held fixed.
 */

import { levelMs } from '../delineate/isoelectric-level.ts';
import {
  pOffsetModel,
  pOnsetModel,
  pPeakModel,
  qrsOffsetModel,
  qrsOnsetModel,
  tOffsetModel,
  tOnsetModel,
  tPeakModel,
} from '../delineate/wave-models.ts';
import { slopeMs, stPointMs } from '../intervals/amplitudes.ts';
import type { WaveBorders } from '../intervals/beat-intervals.ts';
import { boundaryGradient, turningPointGradient } from './boundary-gradient.ts';
import type { IntervalQuantity } from './interval-quantities.ts';
import type { NoiseModel } from './noise-model.ts';
import { gradientDifference, meanGradient, standardError, type VoltageGradient } from './voltage-gradient.ts';

/**
 * Errors in the unit of the quantity; a quantity whose gradient is not known is absent. `voltage` is in mV, `borders`
 * are sample indices.
 */
export function intervalFirstOrder(
  voltage: Float64Array,
  samplingFrequency: number,
  rPeak: number,
  borders: WaveBorders,
  noise: NoiseModel,
): Partial<Record<IntervalQuantity, number>> {
  const { pPeak, qrsOnset, qrsOffset, tPeak } = borders;
  const boundary = (
    model: Parameters<typeof boundaryGradient>[0],
    anchor: number | undefined,
  ): VoltageGradient | undefined =>
    anchor === undefined ? undefined : boundaryGradient(model, samplingFrequency)(voltage, anchor);
  const peak = (lineMs: number, at: number | undefined): VoltageGradient | undefined =>
    at === undefined ? undefined : turningPointGradient(voltage, samplingFrequency, lineMs, at);
  const places = {
    pOnset: boundary(pOnsetModel, pPeak),
    pPeak: peak(pPeakModel.lineMs, pPeak),
    pOffset: boundary(pOffsetModel, pPeak),
    qrsOnset: boundary(qrsOnsetModel, rPeak),
    qrsOffset: boundary(qrsOffsetModel, rPeak),
    tOnset: boundary(tOnsetModel, tPeak),
    tPeak: peak(tPeakModel.lineMs, tPeak),
    tOffset: boundary(tOffsetModel, tPeak),
  };
  const times = {
    ...places,
    p: gradientDifference(places.pOffset, places.pOnset),
    pr: gradientDifference(places.qrsOnset, places.pOnset),
    qrs: gradientDifference(places.qrsOffset, places.qrsOnset),
    qt: gradientDifference(places.tOffset, places.qrsOnset),
    jt: gradientDifference(places.tOffset, places.qrsOffset),
    tPeakTEnd: gradientDifference(places.tOffset, places.tPeak),
  };
  const samples = (ms: number): number => Math.round((ms * samplingFrequency) / 1000);
  const level =
    qrsOnset === undefined ? undefined : meanGradient(qrsOnset - Math.max(1, samples(levelMs)) + 1, qrsOnset);
  const stAt = (ms: number): VoltageGradient | undefined => {
    if (qrsOffset === undefined) return undefined;
    const [at, half] = [qrsOffset + samples(ms), samples(stPointMs / 2)];
    return gradientDifference(meanGradient(Math.max(qrsOffset, at - half), at + half), level);
  };
  const voltages = {
    rAmplitude: gradientDifference(meanGradient(rPeak, rPeak), level),
    tAmplitude: tPeak === undefined ? undefined : gradientDifference(meanGradient(tPeak, tPeak), level),
    stJ: stAt(0),
    stJ40: stAt(40),
    stJ60: stAt(60),
    stJ80: stAt(80),
    stSlope: qrsOffset === undefined ? undefined : lineGradient(samples(slopeMs) + 1, samplingFrequency),
  };
  const errors = (of: Readonly<Record<string, VoltageGradient | undefined>>, unit: number) =>
    Object.entries(of).flatMap(([quantity, g]) => {
      const error = standardError(noise, g);
      return error === undefined ? [] : [[quantity, error * unit] as const];
    });
  return Object.fromEntries([...errors(times, 1 / samplingFrequency), ...errors(voltages, 1)]);
}

/** The gradient of the slope of a least-squares line through `count` samples. */
function lineGradient(count: number, samplingFrequency: number): VoltageGradient {
  const middle = (count - 1) / 2;
  const squares = (count * (count * count - 1)) / 12;
  return {
    from: 0,
    weights: Float64Array.from({ length: count }, (_, i) => ((i - middle) / squares) * samplingFrequency),
  };
}
