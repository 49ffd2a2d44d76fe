/** Heart-rate variability of a recording, from its beats to the measures of the whole and of windows. */
import { type CorrectedIntervals, correctIntervals } from '../beat/hrv/artefact-correction.ts';
import {
  type HeartRateVariability,
  heartRateVariability,
  slidingVariability,
  type WindowVariability,
} from '../beat/hrv/heart-rate-variability.ts';
import { type NnLimits, type RrInterval, rrIntervals } from '../beat/hrv/rr-intervals.ts';
import type { SampleSpan } from '../beat/sample-span.ts';
import type { RecordingBeats } from './lead-beats.ts';
import { detectedBeats, type LeadCondition, readLeadCondition } from './lead-condition.ts';
import type { OpenRecording } from './open-recording.ts';

/** How the intervals are chosen. */
export interface RecordVariabilityOptions {
  /** Corrects ectopic beats and artefacts (`correctIntervals`) instead of leaving them out. */
  readonly correct?: boolean;
  /** Limits of a normal interval, as for `rrIntervals`. */
  readonly limits?: NnLimits | undefined;
  /** Also measures in windows of this duration, s; none by default. */
  readonly windowSeconds?: number | undefined;
  /** Time between the starts of successive windows, s; default half a window. */
  readonly stepSeconds?: number | undefined;
}

/** The heart-rate variability of a recording. */
export interface RecordVariability {
  /**
   * Whether QRS complexes stand out from the signal of the lead. Where they do not, as in noise or ventricular
   * fibrillation, detections are not beats, and there are no intervals; those of annotated beats are kept.
   */
  readonly hasQrsComplexes: boolean;
  readonly intervals: readonly RrInterval[];
  readonly variability: HeartRateVariability;
  /** Undefined unless requested. */
  readonly windows: readonly WindowVariability[] | undefined;
  /** The artefacts corrected; undefined unless requested. */
  readonly correction: CorrectedIntervals | undefined;
  readonly condition: LeadCondition;
}

/**
 * Heart-rate variability from the beats of a recording. `lead` is searched for ventricular fibrillation and flutter, lost
 * signal and, for detected beats, noise: the intervals there are no NN intervals, and what was detected in a span
 * without QRS complexes is no beat. Throws `InputError` as `rrIntervals` and `slidingVariability` do.
 *
 * @example
 * const recording = await openRecording(source, 'synth/s01');
 * const beats = await beatsOf(recording, ['MLII'], 'detector');
 * (await measureRecordVariability(recording, 'MLII', beats)).variability.meanHeartRate // => 70.…
 */
export async function measureRecordVariability(
  recording: OpenRecording,
  lead: string,
  { rPeaks, symbols }: RecordingBeats,
  options: RecordVariabilityOptions = {},
): Promise<RecordVariability> {
  const { samplingFrequency } = recording;
  const condition = await readLeadCondition(recording, lead, rPeaks);
  const { hasQrsComplexes, spansWithoutQrs } = condition;
  const labels = symbols.some(symbol => symbol !== '') ? symbols : undefined;
  const isBeat = detectedBeats([condition], rPeaks);
  const beats = labels === undefined ? rPeaks.filter((_, k) => isBeat[k] === 1) : rPeaks;
  const unreadable = [
    ...spansWithoutQrs.filter(({ kind }) => kind !== 'asystole'),
    ...condition.lostSpans,
    ...(labels === undefined ? noisyBeats(condition, rPeaks) : []),
  ];
  const correction = options.correct
    ? correctIntervals(beats, samplingFrequency, unreadable, labels)
    : undefined;
  const intervals =
    correction?.intervals ?? rrIntervals(beats, samplingFrequency, labels, unreadable, options.limits);
  const { windowSeconds, stepSeconds } = options;
  return {
    hasQrsComplexes,
    intervals,
    variability: heartRateVariability(intervals),
    windows:
      windowSeconds === undefined
        ? undefined
        : slidingVariability(intervals, windowSeconds, stepSeconds ?? windowSeconds / 2),
    correction,
    condition,
  };
}

/** Noise from which detected beats may be none, relative to the QRS amplitude: 8 dB by the Noise Stress Test. */
const mostNoise = 0.15;

/** The beats in noise, as spans of one sample. */
const noisyBeats = ({ beats }: LeadCondition, rPeaks: Int32Array): SampleSpan[] =>
  beats.flatMap(({ noiseToQrs = 0 }, k) =>
    noiseToQrs > mostNoise ? [{ start: rPeaks[k]!, end: rPeaks[k]! + 1 }] : [],
  );
