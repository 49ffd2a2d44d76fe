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
  const range = mean.reduce((a, b) => Math.max(a, b)) - mean.reduce((a, b) => Math.min(a, b));
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

/** The mean of the bins of aligned beats, and its standard error. */
function meanOf(
  beats: readonly AlikeBeat[],
  samplingFrequency: number,
): { readonly mean: Float64Array; readonly error: number } {
  const bin = binSecondsAt(samplingFrequency);
  const { length } = beats[0]!.beat.bins;
  const farthest = Math.max(...beats.map(({ alignment }) => Math.abs(alignment.delay)));
  const half = (length >> 1) - Math.ceil(farthest / bin);
  const rows = beats.map(({ beat: { bins }, alignment: { delay } }) => {
    const first = (length >> 1) - half + delay / bin;
    const row = Float64Array.from({ length: 2 * half + 1 }, (_, j) => between(bins, first + j));
    const level = row.reduce((a, b) => a + b) / row.length;
    return row.map(value => value - level);
  });
  const mean = new Float64Array(2 * half + 1);
  for (const row of rows) for (let j = 0; j < mean.length; j++) mean[j]! += row[j]! / rows.length;
  let squares = 0;
  for (const row of rows) for (let j = 0; j < mean.length; j++) squares += (row[j]! - mean[j]!) ** 2;
  return { mean, error: Math.sqrt(squares / (mean.length * rows.length * Math.max(1, rows.length - 1))) };
}

/** The value at a position between two bins. */
function between(bins: BeatBins, position: number): number {
  const whole = Math.floor(position);
  const rest = position - whole;
  return rest === 0 ? bins[whole]! : (1 - rest) * bins[whole]! + rest * bins[whole + 1]!;
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
function prominenceAt(mean: Float64Array, peak: number, reach: number): number {
  const fall = (step: number): number => {
    let lowest = mean[peak]!;
    for (let k = 1; k <= reach; k++) {
      const value = mean[peak + k * step];
      if (value === undefined || value > mean[peak]!) break;
      if (value < lowest) lowest = value;
    }
    return mean[peak]! - lowest;
  };
  return Math.min(fall(-1), fall(1));
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
