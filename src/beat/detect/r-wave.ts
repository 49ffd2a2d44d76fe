/** The R wave of beats of one shape: the most prominent positive peak of their mean. */
import { type Alignment, type BeatBins, binSecondsAt } from './beat-alignment.ts';
import { alignedDeflection, type Fiducial, samePlaceSeconds, type UnlocatedBeat } from './fiducial.ts';

/** A beat of the usual shape. */
export interface AlikeBeat {
  readonly beat: UnlocatedBeat;
  readonly alignment: Alignment;
}

/** Farthest R wave from the maximum of the envelope, s. */
const farthestSeconds = 0.07;
/** The prominence is measured within this time on either side, in which an R wave rises and falls but no P or T wave, s. */
const prominenceSeconds = 0.04;
/** Smallest prominence relative to the range of the mean; chosen on LUDB 1–100 and mitdb. */
const leastShare = 0.1;
/** Smallest prominence in standard errors of the mean. */
const leastErrors = 5;
/** The previous R wave is kept at this fraction of those, unless another one is higher by more than this part of the range. */
const keptShare = 0.67;
const changeShare = 0.2;

/**
 * The R wave of the beats, however small beside S; undefined where the mean shows none clearly. It is higher than all before
 * it or all after it, so that a notch of a QS complex is none. The previous deflection itself is returned if that is the R wave.
 */
export function rWaveOf(
  beats: readonly AlikeBeat[],
  previous: Fiducial | undefined,
  samplingFrequency: number,
): Fiducial | undefined {
  const { mean, error } = meanOf(beats, samplingFrequency);
  const bin = binSecondsAt(samplingFrequency);
  const middle = mean.length >> 1;
  const range = rangeOf(mean);
  const reach = Math.round(prominenceSeconds / bin);
  const farthest = Math.min(middle - 1, Math.round(farthestSeconds / bin));
  let best: Fiducial | undefined;
  let highest = Number.NEGATIVE_INFINITY;
  const least = Math.max(leastShare * range, leastErrors * error);
  for (let j = middle - farthest; j <= middle + farthest; j++) {
    const [before, here, after] = [mean[j - 1]!, mean[j]!, mean[j + 1]!];
    if (!(here > before && here >= after) || !isHighestOnOneSide(mean, j)) continue;
    const place = (j - middle + (before - after) / (2 * (before + after - 2 * here))) * bin;
    const isPrevious =
      previous !== undefined && previous.sign > 0 && Math.abs(previous.place - place) < samePlaceSeconds;
    if (prominenceAt(mean, j, reach) < (isPrevious ? keptShare : 1) * least) continue;
    const height = here + (isPrevious ? changeShare * range : 0);
    if (height <= highest) continue;
    highest = height;
    best = isPrevious ? previous : { sign: 1, place };
  }
  return best === undefined || best === previous ? best : atDeflections(best, beats);
}

/** Working memory of `meanOf`: the bins of each beat, aligned and relative to their own mean. */
let rows = new Float64Array(0);

/** The mean of the bins of aligned beats, and its standard error. */
function meanOf(
  beats: readonly AlikeBeat[],
  samplingFrequency: number,
): { readonly mean: Float64Array; readonly error: number } {
  const bin = binSecondsAt(samplingFrequency);
  const middle = beats[0]!.beat.bins.length >> 1;
  let farthest = 0;
  for (const { alignment } of beats) farthest = Math.max(farthest, Math.abs(alignment.delay));
  const half = middle - Math.ceil(farthest / bin);
  const length = 2 * half + 1;
  const mean = new Float64Array(length);
  const count = beats.length;
  if (rows.length < count * length) rows = new Float64Array(count * length);
  for (let k = 0; k < count; k++) {
    const { beat, alignment } = beats[k]!;
    copyAligned(beat.bins, middle - half + alignment.delay / bin, k * length, length);
    for (let j = 0; j < length; j++) mean[j]! += rows[k * length + j]! / count;
  }
  let squares = 0;
  for (let k = 0; k < count; k++)
    for (let j = 0; j < length; j++) squares += (rows[k * length + j]! - mean[j]!) ** 2;
  return { mean, error: Math.sqrt(squares / (length * count * Math.max(1, count - 1))) };
}

/** Copies `length` bins from the position `first` on, which may lie between two, to `rows` from `to` on; their mean becomes 0. */
function copyAligned(bins: BeatBins, first: number, to: number, length: number): void {
  const whole = Math.floor(first);
  const rest = first - whole;
  let sum = 0;
  for (let j = 0; j < length; j++) {
    const here = bins[whole + j]!;
    const value = rest === 0 ? here : (1 - rest) * here + rest * bins[whole + j + 1]!;
    rows[to + j] = value;
    sum += value;
  }
  for (let j = to; j < to + length; j++) rows[j]! -= sum / length;
}

function rangeOf(values: Float64Array): number {
  let [lowest, highest] = [values[0]!, values[0]!];
  for (let i = 1; i < values.length; i++) {
    lowest = Math.min(lowest, values[i]!);
    highest = Math.max(highest, values[i]!);
  }
  return highest - lowest;
}

function isHighestOnOneSide(mean: Float64Array, peak: number): boolean {
  let [isHighestBefore, isHighestAfter] = [true, true];
  for (let i = 0; i < mean.length; i++) {
    if (!(mean[i]! > mean[peak]!)) continue;
    if (i < peak) isHighestBefore = false;
    else isHighestAfter = false;
  }
  return isHighestBefore || isHighestAfter;
}

/** How far the mean falls on both sides of a peak, before it rises above it. */
const prominenceAt = (mean: Float64Array, peak: number, reach: number): number =>
  Math.min(fallFrom(mean, peak, -reach), fallFrom(mean, peak, reach));

/** How far the mean falls from a peak within `reach` bins, which are before it if negative. */
function fallFrom(mean: Float64Array, peak: number, reach: number): number {
  const step = Math.sign(reach);
  const end = Math.max(-1, Math.min(mean.length, peak + reach + step));
  let lowest = mean[peak]!;
  for (let i = peak + step; i !== end; i += step) {
    if (mean[i]! > mean[peak]!) break;
    if (mean[i]! < lowest) lowest = mean[i]!;
  }
  return mean[peak]! - lowest;
}

/** The R wave at the mean place of the beats' deflections there, if most have one; bins are coarse. */
function atDeflections(wave: Fiducial, beats: readonly AlikeBeat[]): Fiducial {
  const places = beats.flatMap(({ beat, alignment }) => {
    const deflection = alignedDeflection(wave, beat, alignment);
    return deflection === undefined ? [] : [deflection.place - alignment.delay];
  });
  if (2 * places.length <= beats.length) return wave;
  return { sign: wave.sign, place: places.reduce((a, b) => a + b) / places.length };
}
