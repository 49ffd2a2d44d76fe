/**
 * Candidates for pacing spikes, by curvature: the second difference over a lag stands out from the samples around it and
 * makes up most of the excursion.
 */

/** The curvature of a sample is the second difference over this time, ms. */
export const lagMs = 3;
/**
 * Smallest curvature as a fraction of the excursion over the last 12 ms; a pulse that is over at once has as much
 * curvature as height.
 */
export const leastCurvature = { candidate: 0.5, narrow: 0.75, oscillation: 1.2 };
export const excursionMs = 12;
/** Smallest ratio to the mean curvature around it, and to the largest shortly before it. */
const overMean = 14;
const overBefore = 6;
const aroundMs = 100;
export const shortlyMs = 20;
/** The curvature of another spike nearby counts as at most this fraction of the candidate's own. */
const mostOther = 1 / 2;
/** Samples nearer than this belong to the spike itself, ms. */
export const ownMs = { before: 6, after: 10 };

export const curvatureAt = (voltage: Float64Array, i: number, lag: number): number =>
  Math.abs(voltage[i - lag]! - 2 * voltage[i]! + voltage[i + lag]!);

/** Curvatures are computed in blocks of this many samples. */
const chunkSamples = 2048;

/**
 * Finds the first sample in [start, end) whose curvature exceeds those `before` and `earlier` samples back by the
 * factor `overBefore`: two comparisons that reject almost every sample. To be called with ascending samples.
 */
export function curvedSamples(
  voltage: Float64Array,
  lag: number,
  before: number,
  earlier: number,
): (from: number, to: number) => number {
  const curvatures = new Float64Array(earlier + chunkSamples);
  const found = new Int32Array(chunkSamples);
  let count = 0;
  let next = 0;
  /** The sample after the last one examined. */
  let known = 0;
  const lookFrom = (sample: number, to: number): void => {
    known = Math.min(to, sample + chunkSamples);
    const first = sample - earlier;
    for (let k = 0; k < earlier; k++) curvatures[k] = curvatureAt(voltage, first + k, lag);
    count = 0;
    next = 0;
    for (let k = earlier; k < known - first; k++) {
      const curvature = curvatureAt(voltage, first + k, lag);
      curvatures[k] = curvature;
      const one = curvatures[k - before]!;
      const other = curvatures[k - earlier]!;
      // A sample that exceeds both exceeds their mean; one comparison rejects almost all.
      if (!(curvature > (overBefore / 2) * (one + other))) continue;
      if (curvature > overBefore * one && curvature > overBefore * other) found[count++] = first + k;
    }
  };
  return (from, to) => {
    for (;;) {
      while (next < count) {
        const sample = found[next++]!;
        if (sample >= from) return sample;
      }
      if (known >= to) return to;
      lookFrom(Math.max(from, known), to);
    }
  };
}

/** Whether the excursion up to this sample consists mostly of curvature. False for invalid samples. */
export function isMostCurvature(
  voltage: Float64Array,
  i: number,
  curvature: number,
  lag: number,
  reach: number,
): boolean {
  let lowest = voltage[i]!;
  let highest = lowest;
  for (let j = i - reach; j <= i + 2 * lag; j++) {
    const value = voltage[j]!;
    if (value < lowest) lowest = value;
    else if (value > highest) highest = value;
    else if (Number.isNaN(value)) return false;
  }
  return curvature >= leastCurvature.candidate * (highest - lowest) && highest > lowest;
}

/** The sample of the greatest curvature within twice the lag from `i` on: an edge alone is curved already. */
export function mostCurved(voltage: Float64Array, i: number, lag: number): number {
  let best = i;
  let most = curvatureAt(voltage, i, lag);
  // From a better sample the search continues.
  for (let j = i + 1; j <= best + 2 * lag && j < voltage.length - lag; j++) {
    const curvature = curvatureAt(voltage, j, lag);
    if (curvature > most) {
      best = j;
      most = curvature;
    }
  }
  return best;
}

/** Whether its curvature is exceptional, in particular compared with the samples before. */
export function standsOut(voltage: Float64Array, centre: number, lag: number, perMs: number): boolean {
  const samples = (ms: number): number => Math.round(ms * perMs);
  const curvature = curvatureAt(voltage, centre, lag);
  const before = centre - samples(ownMs.before) - lag;
  const earliest = Math.max(lag, before - samples(shortlyMs));
  for (let j = before; j >= earliest; j--) {
    if (curvatureAt(voltage, j, lag) * overBefore > curvature) return false;
  }
  const to = Math.min(voltage.length - lag, centre + samples(aroundMs));
  let sum = 0;
  let count = 0;
  for (let j = Math.max(lag, centre - samples(aroundMs)); j < to; j++) {
    if (j >= before && j <= centre + samples(ownMs.after)) continue;
    // An invalid sample makes the sum invalid.
    const other = curvatureAt(voltage, j, lag);
    sum += other < mostOther * curvature ? other : mostOther * curvature + (other - other);
    count++;
  }
  return count > samples(aroundMs) && curvature * count > overMean * sum;
}
