/**
 * Whether there is a P wave at all: in atrial fibrillation there is none, but somewhere the voltage always turns. What
 * tells is whether the beats around have the same wave, and how tall it is beside what the voltage does before each QRS
 * complex anyway. Weighed by logistic regression on beats for which cardiologists marked a P wave or none
 * (`scripts/fit-delineation.ts`).
 */
import { median } from '../../statistics.ts';
import type { SearchInterval } from './search-intervals.ts';
import { type ChosenPeak, heightAt } from './wave-peak.ts';

/** For support, height, size, distance and 1. */
export type PresenceWeights = readonly [
  support: number,
  height: number,
  size: number,
  distance: number,
  constant: number,
];

/** Heights for comparison are taken over this long before the QRS onset, at this reach, and no nearer to P, ms. */
const comparedMs = 500;
const reachMs = 60;
/** Where the voltage is flatter than this fraction of the QRS complex's amplitude, it counts as that high. */
const flatFraction = 0.001;
/** Where the QRS complex has no bounds: that of a usual P wave. */
const unknownSize = -2.5;
/** Support where too few beats are around. */
const unknownSupport = 0.5;

/**
 * The numbers that the weights weigh: the support of the beats around; the logarithms of P's height over the median
 * height around, and over the QRS complex's; how far it is from its usual time; 1. `amplitude` is that of the QRS complex, mV, peak to peak.
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
  const around: number[] = [];
  for (let i = begin; i + reach < interval.end; i++) {
    if (Math.abs(i - point.sample) >= reach) around.push(Math.abs(heightAt(voltage, i, reach, interval)));
  }
  const usual = around.length === 0 ? 0 : median(around);
  const height = Math.abs(heightAt(voltage, point.sample, reach, interval));
  // On a flat line both are nothing, and no height stands out.
  const flat = Math.max(flatFraction * amplitude, Number.EPSILON);
  const size = amplitude > 0 ? Math.log((height + flat) / (amplitude + flat)) : unknownSize;
  return [support ?? unknownSupport, Math.log((height + flat) / (usual + flat)), size, distance, 1];
}

/** log(odds) from which a P wave counts as there: one that is invented misleads more than one that is missed. */
const leastOdds = 0.4;

/** Whether it is likely enough that there is one. */
export const isPresent = (weights: PresenceWeights, features: PresenceWeights): boolean =>
  weights.reduce((sum, weight, j) => sum + weight * features[j]!, 0) > leastOdds;
