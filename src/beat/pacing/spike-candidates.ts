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
const rounding = 1e-9;
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

/** The lag of the second difference, and distances back from a sample, in samples. */
export interface CurvatureReach {
  readonly lag: number;
  /** A curved sample exceeds the curvatures from `before` to `earlier` samples back by the factor `overBefore`. */
  readonly before: number;
  readonly earlier: number;
}

/** The first curved sample in `[from, to)`; `to` if there is none. `from` is at least `earlier + lag`. */
export function nextCurved(voltage: Float64Array, from: number, to: number, reach: CurvatureReach): number {
  // As long as this, the second block before a sample's own is between `before` and `earlier` samples back.
  const width = Math.floor((reach.earlier + 1) / 3);
  for (let i = from; i < to; ) {
    i = risingBlock(voltage, i, to, width, reach.lag);
    for (const end = Math.min(to, i + width); i < end; i++) if (isCurved(voltage, i, reach)) return i;
  }
  return to;
}

/**
 * The first of the blocks of `width` samples from `from` on of which the largest curvature exceeds that of the second block
 * before it by about `overBefore`, or has an invalid sample; the last, incomplete block if there is none.
 */
function risingBlock(voltage: Float64Array, from: number, to: number, width: number, lag: number): number {
  let earlier = 0;
  let before = 0;
  for (let block = from - 2 * width; block + width <= to; block += width) {
    let most = 0;
    for (let i = block; i < block + width; i++) {
      const curvature = curvatureAt(voltage, i, lag);
      // The larger of the two, without a branch.
      most = 0.5 * (most + curvature + Math.abs(most - curvature));
    }
    if (block >= from && !(most <= (1 - rounding) * overBefore * earlier)) return block;
    earlier = before;
    before = most;
  }
  return to - ((to - from) % width);
}

function isCurved(voltage: Float64Array, i: number, { lag, before, earlier }: CurvatureReach): boolean {
  const most = curvatureAt(voltage, i, lag) / overBefore;
  for (let back = before; back <= earlier; back++) {
    if (!(curvatureAt(voltage, i - back, lag) < most)) return false;
  }
  return true;
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
