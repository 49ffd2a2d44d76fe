/**
 * Candidates for pacing spikes: samples whose curvature (second difference) is much larger than around them and
 * accounts for most of the excursion.
 */

/** Lag of the second difference that measures curvature, ms. */
export const lagMs = 3;
/**
 * Smallest curvature as a fraction of the excursion over the last 12 ms. A pulse that has ended within the lag has a
 * curvature equal to its height or larger.
 */
export const leastCurvature = { candidate: 0.5, narrow: 0.75, oscillation: 1.2 };
export const excursionMs = 12;
/** Smallest ratio to the mean curvature around the sample, and to the largest curvature shortly before it. */
const overMean = 14;
const overBefore = 6;
const aroundMs = 100;
export const shortlyMs = 20;
/** Curvature of other spikes nearby is limited to this fraction of the candidate's own. */
const mostOther = 1 / 2;
/** Samples within these distances belong to the spike itself, ms. */
export const ownMs = { before: 6, after: 10 };

/** Ratio of curvatures from which the greater one counts as greater. */
const clearlyMore = 1.1;

export const curvatureAt = (voltage: Float64Array, i: number, lag: number): number =>
  Math.abs(voltage[i - lag]! - 2 * voltage[i]! + voltage[i + lag]!);

/** Curvatures are computed in blocks of this many samples. */
const chunkSamples = 2048;

/** The state of a search for curved samples, which goes forward through the signal. */
export interface CurvatureSearch {
  readonly voltage: Float64Array;
  readonly lag: number;
  /** A curved sample exceeds the curvatures from `before` to `earlier` samples back by the factor `overBefore`. */
  readonly before: number;
  readonly earlier: number;
  readonly curvatures: Float64Array;
  /** The curved samples of the current block, their number, and which is next. */
  readonly found: Int32Array;
  count: number;
  next: number;
  /** The sample after the last one examined. */
  known: number;
}

/** Working memory of the search in progress. */
let curvatures = new Float64Array(0);
const found = new Int32Array(chunkSamples);

/** Starts a search, which ends the one before; see `CurvatureSearch`. A detector starts one for every lead and second. */
export function createCurvatureSearch(
  voltage: Float64Array,
  lag: number,
  before: number,
  earlier: number,
): CurvatureSearch {
  const length = earlier + chunkSamples;
  if (curvatures.length < length) curvatures = new Float64Array(length);
  return { voltage, lag, before, earlier, curvatures, found, count: 0, next: 0, known: 0 };
}

/** The first curved sample in `[from, to)`; `to` if there is none. Successive calls must not go back. */
export function nextCurved(search: CurvatureSearch, from: number, to: number): number {
  for (;;) {
    while (search.next < search.count) {
      const sample = search.found[search.next++]!;
      if (sample >= from) return sample;
    }
    if (search.known >= to) return to;
    findCurved(search, Math.max(from, search.known), to);
  }
}

/** Finds the curved samples of the block that begins at `sample`. */
function findCurved(search: CurvatureSearch, sample: number, to: number): void {
  const { voltage, lag, before, earlier, curvatures, found } = search;
  const known = Math.min(to, sample + chunkSamples);
  const first = sample - earlier;
  const middle = (before + earlier) >> 1;
  for (let k = 0; k < earlier; k++) curvatures[k] = curvatureAt(voltage, first + k, lag);
  let possible = 0;
  for (let k = earlier; k < known - first; k++) {
    const curvature = curvatureAt(voltage, first + k, lag);
    curvatures[k] = curvature;
    // Cheap to test, and false almost everywhere: a value that exceeds two others exceeds their mean.
    const sum = curvatures[k - before]! + curvatures[k - middle]!;
    if (curvature > (overBefore / 2) * sum) found[possible++] = k;
  }
  let count = 0;
  for (let at = 0; at < possible; at++) {
    const k = found[at]!;
    let back = before;
    while (back <= earlier && curvatures[k - back]! * overBefore <= curvatures[k]!) back++;
    if (back > earlier) found[count++] = first + k;
  }
  search.known = known;
  search.count = count;
  search.next = 0;
}

/** Whether curvature accounts for most of the excursion up to this sample. False near invalid samples. */
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

/**
 * Index of the greatest curvature within twice the lag after `i`; an edge alone already has curvature. Of the two edges
 * of a pulse of a few samples, whose curvatures differ only by where it is sampled, the first.
 */
export function mostCurved(voltage: Float64Array, i: number, lag: number): number {
  let best = i;
  let most = curvatureAt(voltage, i, lag);
  // From each larger value the search continues.
  for (let j = i + 1; j <= best + 2 * lag && j < voltage.length - lag; j++) {
    const curvature = curvatureAt(voltage, j, lag);
    if (curvature > clearlyMore * most) {
      best = j;
      most = curvature;
    }
  }
  return best;
}

/** Whether the curvature at `centre` is exceptional compared with the samples around it, in particular those before. */
export function standsOut(voltage: Float64Array, centre: number, lag: number, perMs: number): boolean {
  const curvature = curvatureAt(voltage, centre, lag);
  const before = centre - Math.round(ownMs.before * perMs) - lag;
  const earliest = Math.max(lag, before - Math.round(shortlyMs * perMs));
  for (let j = before; j >= earliest; j--) {
    if (curvatureAt(voltage, j, lag) * overBefore > curvature) return false;
  }
  const after = centre + Math.round(ownMs.after * perMs);
  const around = Math.round(aroundMs * perMs);
  const to = Math.min(voltage.length - lag, centre + around);
  let sum = 0;
  let count = 0;
  for (let j = Math.max(lag, centre - around); j < to; j++) {
    if (j >= before && j <= after) continue;
    // An invalid sample makes the sum invalid.
    const other = curvatureAt(voltage, j, lag);
    sum += other < mostOther * curvature ? other : mostOther * curvature + (other - other);
    count++;
  }
  return count > around && curvature * count > overMean * sum;
}
