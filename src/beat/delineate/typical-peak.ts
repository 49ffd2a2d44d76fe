/**
 * The peak of a wave in the median of neighbouring beats: where a wave hardly rises above the noise of one beat, its
 * recurrence at the same time shows it.
 */
import { medianInPlace } from '../../statistics.ts';
import { choiceScores, mostProbable } from './conditional-logit.ts';
import type { SearchInterval } from './search-intervals.ts';
import { type PeakModel, peakFeatures, type TurningPoint, turningPoints } from './wave-peak.ts';

/** The median is of this many beats on either side and the beat itself, and of at least so many. */
const neighbours = 8;
const fewest = 4;
/** It is computed for one of so many beats, because their neighbourhoods overlap. */
const every = 8;
/** The median is computed at samples this far apart, ms. */
const stepMs = 8;

/**
 * For each beat the most probable turning point in the median of its neighbourhood, its time relative to the anchor;
 * undefined where there are too few beats. `voltage` is smoothed, mV.
 */
export function typicalPeaks(
  model: PeakModel,
  voltage: Float64Array,
  samplingFrequency: number,
  intervals: readonly (SearchInterval | undefined)[],
): (TurningPoint | undefined)[] {
  const step = Math.max(1, Math.round((stepMs * samplingFrequency) / 1000));
  const rate = samplingFrequency / step;
  const column = new Float64Array(2 * neighbours + 1);
  const peakAround = (k: number): TurningPoint | undefined => {
    const interval = intervals[k];
    if (interval === undefined) return undefined;
    const others = intervals
      .slice(Math.max(0, k - neighbours), k + neighbours + 1)
      .filter(other => other !== undefined);
    if (others.length < fewest) return undefined;
    const first = Math.ceil(Math.max((model.first / 1000) * rate, (interval.start - interval.anchor) / step));
    const last = Math.floor(
      Math.min((model.last / 1000) * rate, (interval.end - 1 - interval.anchor) / step),
    );
    const typical = new Float64Array(Math.max(0, last + 1 - first));
    for (let i = 0; i < typical.length; i++) {
      let count = 0;
      for (const { anchor } of others) {
        // Each beat is counted from its own first sample, so that the level of the baseline has no influence.
        const value = voltage[anchor + (first + i) * step]! - voltage[anchor + first * step]!;
        if (!Number.isNaN(value)) column[count++] = value;
      }
      typical[i] = medianInPlace(column, count);
    }
    const slope = typical.map((value, i) => (typical[i + 1] ?? value) - (typical[i - 1] ?? value));
    const whole = { anchor: -first, start: 0, end: typical.length };
    const points = turningPoints(model, typical, slope, rate, whole);
    return points[mostProbable(choiceScores(model.weights, peakFeatures(model, points)))];
  };
  let nearest: TurningPoint | undefined;
  return intervals.map((_, k) => {
    if (k % every === 0) nearest = peakAround(Math.min(k + (every >> 1), intervals.length - 1));
    return nearest;
  });
}
