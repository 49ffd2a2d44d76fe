/**
 * Beats that are noise or hum as high as the complexes of the lead, as when an electrode comes off: several in a row that
 * neither stand out of the signal around them, nor recur (`recurrence.ts`), nor are like the complexes
 * elsewhere, in signal that is rough.
 */
import { likeness } from './beat-likeness.ts';
import type { LeadBins } from './bins.ts';

/** Fewest such beats in a row. */
const fewestBeats = 4;
/** Extent of a beat on either side of the R peak, s, and its least correlation with the mean complex. */
const comparedSeconds = 0.12;
const leastLikeness = 0.75;
/** The mean complex is that of so many beats, evenly spaced; it is known where those that recur are at least this share. */
const meanBeats = 256;
const leastShare = 0.1;
/**
 * Least mean change from bin to bin relative to the mean size: 1.4 in white noise, 2 in hum, and 0.3 to 0.6 in an ECG
 * and in ventricular tachycardia, however polymorphic.
 */
const leastRoughness = 0.9;

/**
 * For each beat, 1 for noise or hum; `centres` are the bins of the R peaks. `mayBeNoise` is false for beats that stand
 * out, and `recurs` is `recurrenceOf` of the beats.
 */
export function highNoise(
  bins: LeadBins,
  centres: Int32Array,
  {
    mayBeNoise,
    recurs,
  }: { readonly mayBeNoise: (beat: number) => boolean; readonly recurs: (beat: number) => boolean },
): Uint8Array {
  const isNoise = new Uint8Array(centres.length);
  let complex: Float64Array | undefined;
  const isUnlike = (k: number): boolean => {
    complex ??= meanComplex(bins, centres, recurs);
    const reach = (complex.length - 1) / 2;
    return complex.length > 0 && likeness(complex, reach, bins.values, centres[k]!, reach) < leastLikeness;
  };
  /** Calls `see` with each range within `[first, last)` of enough beats in a row of which `is` holds. */
  const inRow = (
    first: number,
    last: number,
    is: (beat: number) => boolean,
    see: (from: number, to: number) => void,
  ): void => {
    for (let from = first; from < last; ) {
      let to = from;
      while (to < last && is(to)) to++;
      if (to - from >= fewestBeats) see(from, to);
      from = Math.max(to, from + 1);
    }
  };
  const note = (from: number, to: number): void => {
    if (isRough(bins.values, centres[from]!, centres[to - 1]!)) isNoise.fill(1, from, to);
  };
  // From the cheapest to the dearest test, each only where the one before leaves enough beats in a row.
  inRow(0, centres.length, mayBeNoise, (from, to) =>
    inRow(
      from,
      to,
      beat => !recurs(beat),
      (first, last) => inRow(first, last, isUnlike, note),
    ),
  );
  return isNoise;
}

/** Mean of the examined beats that recur; empty where they are too small a share. */
function meanComplex(
  { values, perSecond }: LeadBins,
  centres: Int32Array,
  recurs: (beat: number) => boolean,
): Float64Array {
  const reach = Math.round(comparedSeconds * perSecond);
  const mean = new Float64Array(2 * reach + 1);
  const examined = Math.min(meanBeats, centres.length);
  let count = 0;
  for (let j = 0; j < examined; j++) {
    const k = Math.floor((j * centres.length) / examined);
    if (!recurs(k)) continue;
    count++;
    const from = centres[k]! - reach;
    for (let i = 0; i < mean.length; i++) mean[i]! += (values[from + i]! - mean[i]!) / count;
  }
  return count > 0 && count >= leastShare * examined ? mean : mean.subarray(0, 0);
}

/** Whether the signal changes from bin to bin by nearly as much as it is large. */
function isRough(values: Float64Array, from: number, to: number): boolean {
  let changes = 0;
  let sizes = 0;
  for (let i = from + 1; i <= to; i++) {
    const change = Math.abs(values[i]! - values[i - 1]!);
    if (Number.isNaN(change)) continue;
    changes += change;
    sizes += Math.abs(values[i]!);
  }
  return changes > leastRoughness * sizes;
}
