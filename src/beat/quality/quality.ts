/**
 * Signal quality of a lead, for each beat and in windows of ten seconds: invalid, flat, clipped or noisy signal, and
 * the correlation of beats with the median beat. The measures do not depend on gain, offset or polarity: values are
 * compared with each other and with the amplitude of the QRS complexes.
 */
import { lowerBound } from '../../lower-bound.ts';
import { requireSamplingFrequency } from '../../sampling-frequency.ts';
import { median } from '../../statistics.ts';
import { type BeatMatcher, createBeatMatcher, matchBeat } from '../beat-match.ts';
import { requireRPeaks } from '../delineate/qrs-bounds.ts';
import type { MedianBeat } from '../median-beat.ts';
import { type PacingSpike, type UnpacedLead, unpacedLead } from '../pacing/pacing.ts';
import type { SampleSpan } from '../sample-span.ts';
import { createNoiseEstimator, type NoiseEstimator, noiseDeviation, prepareNoise } from './noise-residual.ts';
import { peakToPeak, type QualityReference, qrsSeconds, qualityReference } from './reference.ts';
import { type FaultShares, type FaultWords, faultShares, faultWords, sampleFaults } from './sample-faults.ts';
import { kindsWithin, type SpanWithoutQrs, spansWithoutQrs } from './without-qrs.ts';

/**
 * Reasons for poor quality, and `dissimilar` and `paced`, which do not prevent measurement. `asystole`, `fibrillation`
 * and `noise` mark a signal without QRS complexes (`findSpansWithoutQrs`): what was detected there is no beat.
 */
export type QualityFlag =
  | 'invalid'
  | 'flat'
  | 'clipped'
  | 'noisy'
  | SpanWithoutQrs['kind']
  | 'dissimilar'
  | 'paced';

/** Quality of a segment of one lead. */
export interface SignalQuality {
  /** Fractions (0 to 1) of its samples that are invalid, on a flat line, and at a limit of the converter's range. */
  readonly invalidShare: number;
  readonly flatShare: number;
  readonly clippedShare: number;
  /**
   * Standard deviation of the noise above some 13 Hz outside the QRS complexes, relative to their peak-to-peak
   * amplitude. By the definition of the Noise Stress Test, 0.05 corresponds to 17 dB. Undefined when either cannot be
   * measured.
   */
  readonly noiseToQrs: number | undefined;
  /** Correlation with the record's median beat, −1 to 1; undefined without a complete beat. */
  readonly correlation: number | undefined;
  readonly flags: readonly QualityFlag[];
  readonly good: boolean;
}

/**
 * Quality of a beat: of its QRS complex, from 80 ms before to 120 ms after the R peak, and of the noise from 250 ms before
 * to 350 ms after it, at most halfway to the neighbouring beats. A good beat has no flags other than `dissimilar` (an
 * ectopic beat has another shape and can still be measured) and `paced`.
 */
export type BeatQuality = SignalQuality;

/**
 * Quality of the samples `[start, end)`, which contain `beats` R peaks. A good window has no flag other than `paced`.
 */
export interface WindowQuality extends SignalQuality, SampleSpan {
  readonly beats: number;
}

/** Quality of one lead. */
export interface LeadQuality {
  /** One for each R peak. */
  readonly beats: readonly BeatQuality[];
  /** Consecutive windows; the last may be shorter. */
  readonly windows: readonly WindowQuality[];
  /**
   * Pacing spikes in order of time; they are removed before anything else is measured. Beats and windows that contain
   * one are flagged `paced`.
   */
  readonly pacingSpikes: readonly PacingSpike[];
  /** Asystole, ventricular fibrillation or flutter, and noise, in order of time; see `findSpansWithoutQrs`. */
  readonly spansWithoutQrs: readonly SpanWithoutQrs[];
}

/** Window length of Orphanidou et al., IEEE J. Biomed. Health Inform. 19:832–838, 2015. */
const windowSeconds = 10;

/** Number of samples in a quality window; `samplingFrequency` is in Hz. */
export const qualityWindowSamples = (samplingFrequency: number): number =>
  Math.max(1, Math.round(windowSeconds * samplingFrequency));

/**
 * Smallest correlation of a beat that is not flagged `dissimilar`. For a window the median over its beats is used
 * (Orphanidou et al. use the mean).
 */
const leastCorrelation = 0.66;
/** Largest fraction of flat samples that is not flagged: half of a QRS complex, none of a window. */
const mostFlat = { beat: 0.5, window: 0 };
/**
 * Largest noise, relative to the QRS amplitude, that is not flagged. White noise of this level changes the steepest
 * slope of a normal complex (76/s of its amplitude) by 12 % at 360 Hz with the default scheme. With recorded muscle
 * noise the median error of the steeper stroke is 5 to 10 % just below this level and 8 to 14 % above.
 */
const mostNoise = 0.05;

const noiseSeconds = { before: 0.25, after: 0.35 };
/** Largest shift of a beat in the comparison with the median beat, s. */
const shiftSeconds = 0.02;
/**
 * Measures the quality of one lead, for each R peak and in consecutive windows of ten seconds. `lead` is in mV or any
 * other unit, with NaN or infinite values where invalid; `samplingFrequency` is in Hz; `rPeaks` are ascending sample
 * indices.
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
): LeadQuality {
  requireSamplingFrequency(samplingFrequency);
  requireRPeaks(rPeaks, lead.length);
  const unpaced = unpacedLead(lead, samplingFrequency);
  const reference = qualityReference(unpaced, samplingFrequency, rPeaks);
  return qualityAgainst(reference, unpaced, samplingFrequency, rPeaks);
}

/**
 * As `measureQuality`, for a lead or a part of one whose pacing spikes and reference values are known. Without
 * `hasWindows` there are no windows, which takes less time.
 */
export function qualityAgainst(
  reference: QualityReference,
  unpaced: UnpacedLead,
  samplingFrequency: number,
  rPeaks: ArrayLike<number>,
  hasWindows = true,
): LeadQuality {
  const judged = judgedLead(reference, unpaced, samplingFrequency, rPeaks);
  const { noise, reach, withoutQrs } = judged;
  const { length } = unpaced.voltage;
  // Window by window, each with its beats, so that the memory of the noise does not grow with the length of the lead.
  const beats: BeatQuality[] = [];
  const windows: WindowQuality[] = [];
  for (let from = 0; from < length; ) {
    const to = Math.min(length, from + qualityWindowSamples(samplingFrequency));
    prepareNoise(noise, Math.max(0, from - reach.noiseBefore), Math.min(length, to + reach.noiseAfter));
    const first = beats.length;
    while (beats.length < rPeaks.length && rPeaks[beats.length]! < to) {
      beats.push(beatQuality(judged, beats.length));
    }
    if (hasWindows) windows.push(windowQuality(judged, reference, { from, to, first }, beats.slice(first)));
    from = to;
  }
  return { beats, windows, pacingSpikes: unpaced.spikes, spansWithoutQrs: withoutQrs };
}

/** A lead with everything that the quality of a beat or window is judged by. */
interface JudgedLead {
  readonly voltage: Float64Array;
  readonly rPeaks: ArrayLike<number>;
  /** Samples on either side of an R peak: its QRS complex, the noise around it, and the largest shift. */
  readonly reach: {
    readonly before: number;
    readonly after: number;
    readonly noiseBefore: number;
    readonly noiseAfter: number;
    readonly shift: number;
  };
  readonly spikeSamples: Int32Array;
  readonly faults: FaultWords;
  readonly withoutQrs: readonly SpanWithoutQrs[];
  readonly noise: NoiseEstimator;
  readonly template: MedianBeat | undefined;
  readonly matcher: BeatMatcher | undefined;
  /** Peak-to-peak amplitude of each QRS complex. */
  readonly heights: Float64Array;
}

function judgedLead(
  { rails, template }: QualityReference,
  { lead, voltage, spikes }: UnpacedLead,
  samplingFrequency: number,
  rPeaks: ArrayLike<number>,
): JudgedLead {
  const samples = (seconds: number): number => Math.round(seconds * samplingFrequency);
  const [before, after] = [samples(qrsSeconds.before), samples(qrsSeconds.after)];
  const faults = sampleFaults(lead, samplingFrequency, rails);
  const heights = new Float64Array(rPeaks.length);
  for (let k = 0; k < heights.length; k++) {
    heights[k] = peakToPeak(
      voltage,
      Math.max(0, rPeaks[k]! - before),
      Math.min(voltage.length, rPeaks[k]! + after + 1),
    );
  }
  return {
    voltage,
    rPeaks,
    reach: {
      before,
      after,
      noiseBefore: samples(noiseSeconds.before),
      noiseAfter: samples(noiseSeconds.after) + 1,
      shift: samples(shiftSeconds),
    },
    spikeSamples: Int32Array.from(spikes, ({ sample }) => sample),
    faults: faultWords(faults),
    withoutQrs: spansWithoutQrs(voltage, samplingFrequency, rPeaks, faults),
    noise: createNoiseEstimator(voltage, samplingFrequency, { rPeaks, before, after }),
    template,
    matcher: template && createBeatMatcher(template.voltage),
    heights,
  };
}

/** The quality of samples `[from, to)`, which contain the beats from `first` on whose qualities are `beats`. */
function windowQuality(
  judged: JudgedLead,
  { usualHeight }: QualityReference,
  { from, to, first }: { readonly from: number; readonly to: number; readonly first: number },
  beats: readonly BeatQuality[],
): WindowQuality {
  const heights = judged.heights.subarray(first, first + beats.length);
  const height = beats.length > 0 ? median(heights) : usualHeight();
  const correlations = Float64Array.from(beats, of => of.correlation ?? Number.NaN);
  const correlation = median(correlations);
  const noiseToQrs = ratio(noiseDeviation(judged.noise, from, to), height);
  const quality = withFlags(
    faultShares(judged.faults, from, to),
    noiseToQrs,
    Number.isNaN(correlation) ? undefined : correlation,
    'window',
    { withoutQrs: kindsWithin(judged.withoutQrs, from, to), isPaced: isPaced(judged, from, to) },
  );
  return { start: from, end: to, beats: beats.length, ...quality };
}

function beatQuality(judged: JudgedLead, k: number): BeatQuality {
  const { voltage, rPeaks, reach, template, matcher } = judged;
  const rPeak = rPeaks[k]!;
  const from = Math.max(0, rPeak - reach.noiseBefore, halfway(rPeaks, k - 1, k));
  const to = Math.min(voltage.length, rPeak + reach.noiseAfter, halfway(rPeaks, k, k + 1));
  const correlation =
    matcher && matchBeat(matcher, voltage, rPeak - template!.rPeak, reach.shift)?.correlation;
  const noiseToQrs = ratio(noiseDeviation(judged.noise, from, to), judged.heights[k]!);
  const begin = Math.max(0, rPeak - reach.before);
  const shares = faultShares(judged.faults, begin, Math.min(voltage.length, rPeak + reach.after + 1));
  const withoutQrs = kindsWithin(judged.withoutQrs, rPeak, rPeak + 1);
  return withFlags(shares, noiseToQrs, correlation, 'beat', {
    withoutQrs,
    isPaced: isPaced(judged, from, to),
  });
}

/** Whether a pacing spike lies in `[from, to)`. */
const isPaced = ({ spikeSamples }: JudgedLead, from: number, to: number): boolean =>
  spikeSamples.length > 0 && (spikeSamples[lowerBound(spikeSamples, from)] ?? to) < to;

/** Shared by all beats without flags, to save memory. */
const noFlags: readonly QualityFlag[] = [];

function withFlags(
  shares: FaultShares,
  noiseToQrs: number | undefined,
  correlation: number | undefined,
  of: 'beat' | 'window',
  { withoutQrs, isPaced }: { withoutQrs: readonly SpanWithoutQrs['kind'][]; isPaced: boolean },
): SignalQuality {
  const flags: QualityFlag[] = [];
  if (shares.invalidShare > 0) flags.push('invalid');
  if (shares.flatShare > mostFlat[of]) flags.push('flat');
  if (shares.clippedShare > 0) flags.push('clipped');
  if (noiseToQrs !== undefined && noiseToQrs > mostNoise) flags.push('noisy');
  for (const kind of withoutQrs) flags.push(kind);
  if (correlation !== undefined && correlation < leastCorrelation) flags.push('dissimilar');
  // When the noise cannot be measured the quality is unknown, so it is not reported as good.
  const good = noiseToQrs !== undefined && flags.every(flag => of === 'beat' && flag === 'dissimilar');
  // Pacing spikes are removed before anything is measured.
  if (isPaced) flags.push('paced');
  const { invalidShare, flatShare, clippedShare } = shares;
  const found = flags.length === 0 ? noFlags : flags;
  return { invalidShare, flatShare, clippedShare, noiseToQrs, correlation, good, flags: found };
}

/** Noise divided by amplitude; undefined when either is unknown. */
function ratio(noise: number, height: number): number | undefined {
  const value = noise / height;
  return Number.isFinite(value) ? value : undefined;
}

/** The sample midway between two beats; −∞ or +∞ without a beat before or after. */
function halfway(peaks: ArrayLike<number>, before: number, after: number): number {
  if (before < 0) return Number.NEGATIVE_INFINITY;
  return after >= peaks.length ? Number.POSITIVE_INFINITY : Math.ceil((peaks[before]! + peaks[after]!) / 2);
}
