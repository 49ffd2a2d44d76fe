/**
 * How far a lead can be trusted, beat by beat and in windows of ten seconds: invalid, flat, clipped or noisy signal, and
 * how much a beat looks like the others. Nothing here depends on gain, offset or polarity: values are compared with
 * each other and with the height of the QRS complexes.
 */
import { oddWindowSamples, savitzkyGolay } from '../diff/savitzky-golay.ts';
import { requireSamplingFrequency } from '../diff/stencils.ts';
import { median } from '../statistics.ts';
import { requireRPeaks } from './delineate/qrs-bounds.ts';
import type { LeadPart } from './lead-part.ts';
import { bestMatch, cutBeats, type MedianBeat, medianBeatPlaces, medianOfCuts } from './median-beat.ts';
import { findPacingSpikes, type PacingSpike, removePacingSpikes } from './pacing.ts';
import { createRails, type Rails, sampleFault, sampleFaults } from './sample-faults.ts';

export type QualityFlag = 'invalid' | 'flat' | 'clipped' | 'noisy' | 'dissimilar' | 'paced';

/** Quality of a stretch of one lead. */
export interface SignalQuality {
  /** Shares of its samples: not a number; on a flat line; at a rail. */
  readonly invalidShare: number;
  readonly flatShare: number;
  readonly clippedShare: number;
  /**
   * Standard deviation of the noise above some 13 Hz, outside the QRS complexes, over their height from peak to peak.
   * As the Noise Stress Test counts, 0.05 are 17 dB. Undefined where either cannot be measured.
   */
  readonly noiseToQrs: number | undefined;
  /** Correlation with the record's median beat; undefined where no whole beat is. */
  readonly correlation: number | undefined;
  readonly flags: readonly QualityFlag[];
  readonly good: boolean;
}

/**
 * Of a beat: the QRS complex, from 80 ms before to 120 ms after the R peak, and the noise up to 250 ms before and
 * 350 ms after it, no further than halfway to its neighbours. A good beat has no flag but `dissimilar` or `paced`: an ectopic beat
 * looks different, and is measured as well.
 */
export type BeatQuality = SignalQuality;

/** Of the samples from index `from` to before `to`. A good window has no flag but `paced`. */
export interface WindowQuality extends SignalQuality {
  readonly from: number;
  readonly to: number;
  readonly beats: number;
}

export interface LeadQuality {
  /** One a beat. */
  readonly beats: readonly BeatQuality[];
  /** One after the other; the last may be shorter. */
  readonly windows: readonly WindowQuality[];
  /** In order. All else is measured without them; beats and windows that hold one are flagged `paced`. */
  readonly pacingSpikes: readonly PacingSpike[];
}

/** As in Orphanidou et al., IEEE J. Biomed. Health Inform. 19:832–838, 2015. */
const windowSeconds = 10;

/** Samples in a window of quality. */
export const qualityWindowSamples = (samplingFrequency: number): number =>
  Math.max(1, Math.round(windowSeconds * samplingFrequency));

/** Below this a beat is dissimilar, and a window whose beats' median is (Orphanidou's limit is for their mean). */
const leastCorrelation = 0.66;
/** A beat is flat for the better half of its complex; a window wherever it holds a flat line. */
const mostFlat = { beat: 0.5, window: 0 };
/**
 * White noise of this share moves the steepest slope of a normal complex (76/s of its height) by 12 % at 360 Hz, in the
 * default scheme. With recorded muscle noise the steeper stroke of clean records is off by a median of 5 to 10 % just
 * below it and by 8 to 14 % above.
 */
const mostNoise = 0.05;

const qrsSeconds = { before: 0.08, after: 0.12 };
const noiseSeconds = { before: 0.25, after: 0.35 };
/** Noise is what a sliding parabola of this length leaves: P and T waves are mostly gone. */
const parabolaMs = 80;
/** Fewer samples than this tell no noise. */
const fewestNoiseSamples = 8;
/** A beat is laid over the median beat with up to this shift. */
const shiftSeconds = 0.02;
/** The median absolute deviation of a normal distribution is its standard deviation over this. */
const normalDeviation = 1.4826;

/** What the beats and windows of a lead are held against: how its voltage usually is, over the whole record. */
export interface QualityReference {
  readonly rails: Rails;
  readonly template: MedianBeat | undefined;
  /** Median height of the QRS complexes, in the unit of the lead. */
  readonly usualHeight: number;
}

/** The reference of a whole lead. Throws as `measureQuality` does. */
export function qualityReference(
  voltage: Float64Array,
  samplingFrequency: number,
  rPeaks: ArrayLike<number>,
): QualityReference {
  requireSamplingFrequency(samplingFrequency);
  requireRPeaks(rPeaks, voltage.length);
  const parts = createQualityReference(samplingFrequency, rPeaks.length);
  const whole = { voltage, from: 0, to: voltage.length };
  parts.extend(whole, Array.from(rPeaks));
  parts.count(whole);
  return parts.result();
}

/**
 * Finds the reference of a lead that is given twice, part by part: to `extend`, with the R peaks in the part as indices
 * into its voltage, and then to `count`. `beats` is how many there are in all.
 */
export function createQualityReference(samplingFrequency: number, beats: number) {
  const rails = createRails();
  const chosen = new Set(medianBeatPlaces(beats));
  const cuts: Float64Array[] = [];
  const heights: number[] = [];
  return {
    extend({ voltage, from, to }: LeadPart, rPeaks: readonly number[]): void {
      rails.extend(voltage.subarray(from, to));
      const wanted = rPeaks.filter((_, k) => chosen.has(heights.length + k));
      for (const cut of cutBeats(voltage, samplingFrequency, wanted, qrsSeconds)) cuts.push(cut);
      for (const rPeak of rPeaks) {
        heights.push(heightOf(voltage, ...qrsAround(rPeak, samplingFrequency, voltage.length)));
      }
    },
    count({ voltage, from, to }: LeadPart): void {
      rails.count(voltage.subarray(from, to));
    },
    result: (): QualityReference => ({
      rails: rails.result(),
      template: medianOfCuts(cuts, samplingFrequency, qrsSeconds),
      usualHeight: heights.length === 0 ? Number.NaN : median(heights),
    }),
  };
}

/** The samples of the QRS complex, as far as the signal has them. */
function qrsAround(rPeak: number, samplingFrequency: number, length: number): [from: number, to: number] {
  return [
    Math.max(0, rPeak - Math.round(qrsSeconds.before * samplingFrequency)),
    Math.min(length, rPeak + Math.round(qrsSeconds.after * samplingFrequency) + 1),
  ];
}

/**
 * Quality of one lead, in any unit, invalid samples NaN or infinite; `rPeaks` ascending sample indices;
 * `reference` of the whole lead where this is a part of it.
 *
 * Throws `RangeError` for R peaks outside the signal or out of order, or a sampling frequency that is not positive.
 *
 * @example
 * measureQuality(voltage, samplingFrequency, rPeaks).beats.filter(({ good }) => good).length // => 499
 */
export function measureQuality(
  lead: Float64Array,
  samplingFrequency: number,
  rPeaks: ArrayLike<number>,
  reference: QualityReference = qualityReference(lead, samplingFrequency, rPeaks),
): LeadQuality {
  requireSamplingFrequency(samplingFrequency);
  requireRPeaks(rPeaks, lead.length);
  const pacingSpikes = findPacingSpikes(lead, samplingFrequency);
  const voltage = removePacingSpikes(lead, pacingSpikes);
  const spikeSamples = Int32Array.from(pacingSpikes, ({ sample }) => sample);
  const isPaced = (from: number, to: number): boolean =>
    (spikeSamples[firstFrom(spikeSamples, from)] ?? to) < to;
  const samples = (seconds: number): number => Math.round(seconds * samplingFrequency);
  const faults = sampleFaults(lead, samplingFrequency, reference.rails);
  const noiseBetween = noiseOf(voltage, samplingFrequency);
  const peaks = Array.from(rPeaks);
  const qrsAt = (rPeak: number) => qrsAround(rPeak, samplingFrequency, voltage.length);
  /** The noise of a part of the lead; within a QRS complex what the parabola leaves is no noise. */
  const outsideQrs = (from: number, to: number): Float64Array => {
    const residual = noiseBetween(from, to);
    for (let k = firstAtOrAfter(peaks, from - samples(qrsSeconds.after)); k < peaks.length; k++) {
      const [begin, end] = qrsAt(peaks[k]!);
      if (begin >= to) break;
      residual.fill(Number.NaN, Math.max(0, begin - from), Math.max(0, end - from));
    }
    return residual;
  };
  const heights = peaks.map(rPeak => heightOf(voltage, ...qrsAt(rPeak)));
  const { template, usualHeight } = reference;

  const beatQuality = (k: number): BeatQuality => {
    const rPeak = peaks[k]!;
    const from = Math.max(0, rPeak - samples(noiseSeconds.before), halfway(peaks, k - 1, k));
    const to = Math.min(voltage.length, rPeak + samples(noiseSeconds.after) + 1, halfway(peaks, k, k + 1));
    const match = template && bestMatch(voltage, rPeak, template, samples(shiftSeconds));
    const noiseToQrs = ratio(deviationOf(outsideQrs(from, to)), heights[k]!);
    const quality = judged(sharesOf(faults, ...qrsAt(rPeak)), noiseToQrs, match?.correlation, 'beat');
    return isPaced(from, to) ? withFlag(quality, 'paced') : quality;
  };

  // Window by window, the beats of each first: so the noise is taken once.
  const beats: BeatQuality[] = [];
  const windows: WindowQuality[] = [];
  for (let from = 0; from < voltage.length; ) {
    const to = Math.min(voltage.length, from + qualityWindowSamples(samplingFrequency));
    const first = beats.length;
    while (beats.length < peaks.length && peaks[beats.length]! < to) beats.push(beatQuality(beats.length));
    const end = beats.length;
    const height = end > first ? median(heights.slice(first, end)) : usualHeight;
    const correlations = beats.slice(first, end).flatMap(({ correlation }) => correlation ?? []);
    const correlation = correlations.length === 0 ? undefined : median(correlations);
    const noiseToQrs = ratio(deviationOf(outsideQrs(from, to)), height);
    const quality = judged(sharesOf(faults, from, to), noiseToQrs, correlation, 'window');
    windows.push({
      from,
      to,
      beats: end - first,
      ...(isPaced(from, to) ? withFlag(quality, 'paced') : quality),
    });
    from = to;
  }
  return { beats, windows, pacingSpikes };
}

/** The index of the first of ascending samples that is `from` or later. */
function firstFrom(samples: Int32Array, from: number): number {
  let [low, high] = [0, samples.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (samples[middle]! < from) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** A flag that leaves a good signal good: spikes are taken out before anything is measured. */
const withFlag = (quality: SignalQuality, flag: QualityFlag): SignalQuality => ({
  ...quality,
  flags: [...quality.flags, flag],
});

type Shares = Pick<SignalQuality, 'invalidShare' | 'flatShare' | 'clippedShare'>;

/** Most beats have none: one array serves them all. */
const noFlags: readonly QualityFlag[] = [];

function judged(
  shares: Shares,
  noiseToQrs: number | undefined,
  correlation: number | undefined,
  of: 'beat' | 'window',
): SignalQuality {
  const flags: QualityFlag[] = [];
  if (shares.invalidShare > 0) flags.push('invalid');
  if (shares.flatShare > mostFlat[of]) flags.push('flat');
  if (shares.clippedShare > 0) flags.push('clipped');
  if (noiseToQrs !== undefined && noiseToQrs > mostNoise) flags.push('noisy');
  if (correlation !== undefined && correlation < leastCorrelation) flags.push('dissimilar');
  // A signal whose noise is unknown is vouched for by nobody.
  const good = noiseToQrs !== undefined && flags.every(flag => of === 'beat' && flag === 'dissimilar');
  return { ...shares, noiseToQrs, correlation, flags: flags.length === 0 ? noFlags : flags, good };
}

function sharesOf(faults: Uint8Array, from: number, to: number): Shares {
  let invalid = 0;
  let flat = 0;
  let clipped = 0;
  for (let i = from; i < to; i++) {
    const fault = faults[i]!;
    if (fault & sampleFault.invalid) invalid++;
    if (fault & sampleFault.flat) flat++;
    if (fault & sampleFault.clipped) clipped++;
  }
  const count = to - from;
  return { invalidShare: invalid / count, flatShare: flat / count, clippedShare: clipped / count };
}

/** The residual is taken for so many seconds at once, of which so many lie before the part asked for. */
const blockSeconds = 60;
const behindSeconds = windowSeconds + 1;

/**
 * What a sliding parabola leaves of a part of the signal; NaN where it reaches an invalid sample. Taken block by block,
 * so that parts asked for more or less in order cost little memory. What is given is a copy.
 */
function noiseOf(
  voltage: Float64Array,
  samplingFrequency: number,
): (from: number, to: number) => Float64Array {
  const windowSamples = Math.max(5, oddWindowSamples(parabolaMs, samplingFrequency));
  if (voltage.length < windowSamples) return (from, to) => new Float64Array(to - from).fill(Number.NaN);
  const length = Math.min(voltage.length, Math.ceil(blockSeconds * samplingFrequency) + 2 * windowSamples);
  const behind = Math.ceil(behindSeconds * samplingFrequency);
  const options = { windowSamples, degree: 2, derivativeOrder: 0 };
  const smooth = savitzkyGolay(options, length, samplingFrequency);
  const block = new Float64Array(length);
  let start = Number.NaN;
  /** Makes the block hold the samples from `first` on; within half a window of its ends it counts only at the signal's. */
  const takeFrom = (first: number): void => {
    start = Math.max(0, Math.min(first - windowSamples - behind, voltage.length - length));
    const part = voltage.subarray(start, start + length);
    smooth.apply(part, block);
    for (let i = 0; i < length; i++) block[i] = part[i]! - block[i]!;
  };
  const usableTo = (): number =>
    start + length === voltage.length ? voltage.length : start + length - windowSamples;
  return (from, to) => {
    const out = new Float64Array(to - from);
    for (let at = from; at < to; ) {
      const isHeld = at >= (start === 0 ? 0 : start + windowSamples) && at < usableTo();
      if (!isHeld) takeFrom(at);
      const end = Math.min(to, usableTo());
      out.set(block.subarray(at - start, end - start), at - from);
      at = end;
    }
    return out;
  };
}

/** The place of the first beat at or after a sample; as many as there are when there is none. */
function firstAtOrAfter(peaks: readonly number[], sample: number): number {
  let low = 0;
  let high = peaks.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (peaks[middle]! < sample) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Standard deviation about zero, from the median absolute value: a stray wave does not count. NaN of too few. */
function deviationOf(residual: Float64Array): number {
  const sizes = new Float64Array(residual.length);
  let count = 0;
  for (let i = 0; i < residual.length; i++) {
    if (Number.isFinite(residual[i]!)) sizes[count++] = Math.abs(residual[i]!);
  }
  return count < fewestNoiseSamples ? Number.NaN : normalDeviation * median(sizes.subarray(0, count));
}

/** Highest minus lowest value; NaN over an invalid sample. */
function heightOf(voltage: Float64Array, from: number, to: number): number {
  let lowest = Number.POSITIVE_INFINITY;
  let highest = Number.NEGATIVE_INFINITY;
  for (let i = from; i < to; i++) {
    const v = voltage[i]!;
    if (!Number.isFinite(v)) return Number.NaN;
    lowest = Math.min(lowest, v);
    highest = Math.max(highest, v);
  }
  return highest - lowest;
}

function ratio(noise: number, height: number): number | undefined {
  const value = noise / height;
  return Number.isFinite(value) ? value : undefined;
}

/** The sample halfway between two beats; NaN-free: the bound falls away where there is no such beat. */
function halfway(peaks: readonly number[], before: number, after: number): number {
  const [a, b] = [peaks[before], peaks[after]];
  if (a === undefined) return Number.NEGATIVE_INFINITY;
  return b === undefined ? Number.POSITIVE_INFINITY : Math.ceil((a + b) / 2);
}
