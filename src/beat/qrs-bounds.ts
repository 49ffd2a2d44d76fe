/**
 * Where a QRS complex begins and ends in one lead, from its slope: outward from the R peak, the first stretch that
 * stays flat. Flat is below a fraction of the complex's own steepest slope, for longer than a peak's flat top lasts.
 * The slope is that of a least-squares line over 20 ms, which mutes mains and muscle noise.
 */
import { oddWindowSamples, savitzkyGolay } from '../diff/savitzky-golay.ts';
import { requireSamplingFrequency } from '../diff/stencils.ts';

/** Sample indices of the first and last sample of a QRS complex; undefined where no end was found. */
export interface QrsBounds {
  readonly onset: number | undefined;
  readonly offset: number | undefined;
}

const windowMs = 20;
/** The steepest slope is looked for this far around the R peak. */
const coreMs = 80;
/** A complex reaches at most this far before and after its R peak. */
const reachBeforeMs = 200;
const reachAfterMs = 250;
/** Flat: below this fraction of the steepest slope, for so long. Where nothing is, the next fraction is tried. */
const flatFractions = [0.1, 0.2, 0.4];
const quietBeforeMs = 16;
const quietAfterMs = 20;

/**
 * Onset and offset of each beat's QRS complex. `voltage` in mV; `rPeaks` ascending sample indices. Works on either
 * polarity. No further than halfway to the neighbouring R peaks is looked. A bound is undefined where the signal
 * ends, is invalid or is nowhere flat before that. Time is linear in the number of beats.
 *
 * Throws `RangeError` when an R peak lies outside the signal or before the one it follows.
 */
export function qrsBounds(
  voltage: Float64Array,
  samplingFrequency: number,
  rPeaks: ArrayLike<number>,
): QrsBounds[] {
  requireSamplingFrequency(samplingFrequency);
  requireRPeaks(rPeaks, voltage.length);
  const samples = (ms: number): number => Math.round((ms * samplingFrequency) / 1000);
  const windowSamples = Math.max(3, oddWindowSamples(windowMs, samplingFrequency));
  const before = samples(reachBeforeMs) + windowSamples;
  const length = Math.min(voltage.length, before + samples(reachAfterMs) + windowSamples + 1);
  if (length < windowSamples) {
    return Array.from({ length: rPeaks.length }, () => ({ onset: undefined, offset: undefined }));
  }
  const derivative = savitzkyGolay(
    { windowSamples, degree: 1, derivativeOrder: 1 },
    length,
    samplingFrequency,
  );
  const slope = new Float64Array(length);
  const core = samples(coreMs);
  const quietBefore = Math.max(1, samples(quietBeforeMs));
  const quietAfter = Math.max(1, samples(quietAfterMs));

  return Array.from({ length: rPeaks.length }, (_, beat) => {
    const rPeak = rPeaks[beat]!;
    const start = Math.min(Math.max(0, rPeak - before), voltage.length - length);
    derivative.apply(voltage.subarray(start, start + length), slope);
    const left = Math.max(0, rPeak - samples(reachBeforeMs), halfway(rPeaks, beat, -1)) - start;
    const right =
      Math.min(voltage.length - 1, rPeak + samples(reachAfterMs), halfway(rPeaks, beat, 1)) - start;
    let steepest = rPeak - start;
    for (let i = Math.max(left, rPeak - core - start); i <= Math.min(right, rPeak + core - start); i++) {
      if (Math.abs(slope[i]!) > Math.abs(slope[steepest]!)) steepest = i;
    }
    const top = Math.abs(slope[steepest]!);
    let onset: number | undefined;
    let offset: number | undefined;
    for (const fraction of flatFractions) {
      onset ??= walk(slope, Math.min(steepest, rPeak - start), left, -1, fraction * top, quietBefore);
      offset ??= walk(slope, Math.max(steepest, rPeak - start), right, 1, fraction * top, quietAfter);
    }
    return {
      onset: onset === undefined ? undefined : onset + start,
      offset: offset === undefined ? undefined : offset + start,
    };
  });
}

/**
 * From `from` towards `limit`, once |slope| has reached `threshold` (so not on the flat top of the R wave itself): the
 * last sample before it stays below for `quiet` samples; undefined when it never does.
 */
function walk(
  slope: Float64Array,
  from: number,
  limit: number,
  step: 1 | -1,
  threshold: number,
  quiet: number,
): number | undefined {
  if (!(threshold > 0)) return undefined;
  let run = Number.NEGATIVE_INFINITY;
  for (let i = from; (limit - i) * step >= 0; i += step) {
    const size = Math.abs(slope[i]!);
    if (Number.isNaN(size)) return undefined;
    run = size < threshold ? run + 1 : 0;
    if (run === quiet) return i - quiet * step;
  }
  return undefined;
}

/** The sample halfway from a beat to its neighbour, or infinity on that side when there is none. */
function halfway(rPeaks: ArrayLike<number>, beat: number, step: 1 | -1): number {
  const other = rPeaks[beat + step];
  return other === undefined ? step * Number.POSITIVE_INFINITY : Math.trunc((rPeaks[beat]! + other) / 2);
}

/** Throws `RangeError` unless the R peaks are ascending whole numbers below `length`. */
export function requireRPeaks(rPeaks: ArrayLike<number>, length: number): void {
  let previous = -1;
  for (let k = 0; k < rPeaks.length; k++) {
    const rPeak = rPeaks[k]!;
    if (!Number.isInteger(rPeak) || rPeak < 0 || rPeak >= length) {
      throw new RangeError(`R peak ${k} is at sample ${rPeak} of a signal of ${length} samples`);
    }
    if (rPeak <= previous) {
      throw new RangeError(`R peak ${k} at sample ${rPeak} does not follow R peak ${k - 1} at ${previous}`);
    }
    previous = rPeak;
  }
}
