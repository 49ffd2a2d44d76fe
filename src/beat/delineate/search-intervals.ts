/** Where P and T may lie: between the QRS complexes. */

/** From one sample to another, and what times are counted from there. */
export interface Stretch {
  readonly anchor: number;
  readonly from: number;
  readonly to: number;
}

/** P keeps this far from the previous R peak, ms. */
const clearance = 120;
/** T keeps this part of the RR interval from the next R peak, but no more and no less than these, ms: there P lies. */
const clearOfNext = { part: 0.28, most: 240, least: 120 };
/** P peaks this long after the previous T wave, ms: at fast rates the two run into each other, but are not one. */
const afterT = 40;

/**
 * Before each complex, seen from its onset; undefined where there is no onset or no room. `tPeaks` are those of the T
 * waves, sample indices, where there are any.
 */
export function stretchesBefore(
  onsets: readonly (number | undefined)[],
  rPeaks: ArrayLike<number>,
  samplingFrequency: number,
  tPeaks: readonly (number | undefined)[],
): (Stretch | undefined)[] {
  const perMs = samplingFrequency / 1000;
  return onsets.map((onset, k) => {
    const rClear = k === 0 ? 0 : rPeaks[k - 1]! + clearance * perMs;
    const tClear = (tPeaks[k - 1] ?? Number.NEGATIVE_INFINITY) + afterT * perMs;
    const from = Math.ceil(Math.max(rClear, tClear));
    return onset === undefined || onset < from ? undefined : { anchor: onset, from, to: onset };
  });
}

/** After each complex, seen from its R peak; undefined where there is no offset or no room. `length` is the signal's. */
export function stretchesAfter(
  offsets: readonly (number | undefined)[],
  rPeaks: ArrayLike<number>,
  samplingFrequency: number,
  length: number,
): (Stretch | undefined)[] {
  return offsets.map((offset, k) => {
    const last = k === offsets.length - 1;
    const interval = ((rPeaks[k + 1]! - rPeaks[k]!) * 1000) / samplingFrequency;
    const clear = Math.min(clearOfNext.most, Math.max(clearOfNext.least, clearOfNext.part * interval));
    const to = last ? length - 1 : Math.floor(rPeaks[k + 1]! - (clear * samplingFrequency) / 1000);
    return offset === undefined || offset > to ? undefined : { anchor: rPeaks[k]!, from: offset, to };
  });
}
