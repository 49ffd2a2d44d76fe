/**
 * Detection of absent P waves. In atrial fibrillation there are none, but the voltage always has some turning point.
 * The features are whether neighbouring beats have the same wave, and its height relative to the fluctuations before
 * the QRS complex. The weights were fitted by logistic regression on beats for which cardiologists marked a P wave or
 * its absence (`scripts/fit-delineation.ts`).
 */
import { medianInPlace } from '../../statistics.ts';
import type { SearchInterval } from './search-intervals.ts';
import { type ChosenPeak, heightAt } from './wave-peak.ts';

/** Weights of support, height, size, distance, elevation, prominence, and the constant term. */
export type PresenceWeights = readonly [
  support: number,
  height: number,
  size: number,
  distance: number,
  elevation: number,
  prominence: number,
  constant: number,
];

/**
 * Heights for comparison are measured during this time before the QRS onset, with this reach and at least this far from
 * P, ms.
 */
const comparedMs = 500;
const reachMs = 60;
/** Smallest height, as a fraction of the QRS amplitude. */
const flatFraction = 0.005;
/** Logarithm of the size assumed when the QRS complex has no boundaries: that of a typical P wave. */
const unknownSize = -2.5;
/** Support assumed when there are too few neighbouring beats. */
const unknownSupport = 0.5;

/**
 * The features: the support by neighbouring beats; the logarithms of P's height relative to the median height around it
 * and to the QRS amplitude; its distance from the usual time; the logarithms of its elevation and of
 * its prominence relative to the QRS amplitude; and 1. `amplitude` is the peak-to-peak amplitude of the
 * QRS complex, mV.
 */
export function presenceFeatures(
  voltage: Float64Array,
  samplingFrequency: number,
  { point, support, distance }: ChosenPeak,
  interval: SearchInterval,
  amplitude: number,
): PresenceWeights {
  const perMs = samplingFrequency / 1000;
  const reach = Math.round(reachMs * perMs);
  const begin = Math.max(interval.start + reach, Math.round(interval.anchor - comparedMs * perMs));
  const around = new Float64Array(Math.max(0, interval.end - reach - begin));
  let count = 0;
  for (let i = begin; i + reach < interval.end; i++) {
    if (Math.abs(i - point.sample) < reach) continue;
    const height = Math.abs(heightAt(voltage, i, reach, interval));
    if (!Number.isNaN(height)) around[count++] = height;
  }
  const usual = count === 0 ? 0 : medianInPlace(around, count);
  const height = Math.abs(heightAt(voltage, point.sample, reach, interval));
  // On a flat line both heights are 0, and their ratio must be 1.
  const flat = Math.max(flatFraction * amplitude, Number.EPSILON);
  const sizeOf = (of: number): number =>
    amplitude > 0 ? Math.log((Math.abs(of) + flat) / (amplitude + flat)) : unknownSize;
  return [
    support ?? unknownSupport,
    Math.log((height + flat) / (usual + flat)),
    sizeOf(height),
    distance,
    sizeOf(point.elevation),
    sizeOf(point.prominence),
    1,
  ];
}

/** The log-odds of a P wave. */
export const logOdds = (weights: PresenceWeights, features: PresenceWeights): number =>
  weights.reduce((sum, weight, j) => sum + weight * features[j]!, 0);

/** Log-odds above which a P wave is reported: a false P wave is more misleading than a missed one. */
const leastLogOdds = 0.4;

/** Whether the log-odds of a P wave reach the threshold. */
export const isPresent = (pLogOdds: number): boolean => pLogOdds > leastLogOdds;
