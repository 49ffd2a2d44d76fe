/** The size of a deflection in voltage: the envelope of a broad one is low. */
import { type SampleRing, validRange } from './sample-ring.ts';

/** It is measured in this distance from the maximum of the envelope, on samples so far apart, s. */
const reachSeconds = 0.08;
const stepSeconds = 0.004;

/** The mean logarithm over the leads of the voltage range around a time, s; −∞ where no lead has any. */
export function voltageSize(rings: readonly SampleRing[], time: number, samplingFrequency: number): number {
  const step = Math.max(1, Math.round(stepSeconds * samplingFrequency));
  let sum = 0;
  let seen = 0;
  for (const ring of rings) {
    const from = Math.max(ring.from, Math.floor((time - reachSeconds) * samplingFrequency));
    const to = Math.min(ring.to, Math.ceil((time + reachSeconds) * samplingFrequency));
    const range = validRange(ring, from, to, step);
    if (!(range > 0)) continue;
    sum += Math.log(range);
    seen++;
  }
  return seen === 0 ? Number.NEGATIVE_INFINITY : sum / seen;
}
