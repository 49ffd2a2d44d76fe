/** Evaluation of the QRS detector against the reference annotations of a database. */

import { detectQrsMultiLead } from '../beat/detect/detect-qrs.ts';
import {
  averageOf,
  type DetectionStatistics,
  detectionStatistics,
  intervalErrorsMs,
  sumCounts,
  timeErrorsMs,
} from '../beat/score/beat-statistics.ts';
import { compareBeats, type LabelledSample } from '../beat/score/compare-beats.ts';
import { withStressNoise } from '../beat/score/noise-stress.ts';
import { InputError } from '../input-error.ts';
import { median, quantile } from '../statistics.ts';
import { readAnnotations } from '../wfdb/annotations/annotation-file.ts';
import { type Recording, readRecord, type Signal } from '../wfdb/record.ts';
import type { Source } from '../wfdb/source.ts';
import { chooseLead } from './leads.ts';

export interface DetectionSetting {
  readonly database: string;
  /**
   * Number of the record's first leads that the detector uses jointly; if absent, one lead is used, chosen as by
   * `detect`.
   */
  readonly leadCount?: number;
  /** Name of the single lead. */
  readonly lead?: string;
  /** Number of the single lead in each record, from 1; leads at the same position may have different names. */
  readonly leadNumber?: number;
  readonly annotator: string;
  /**
   * Start of the evaluation, and match window: maximum distance between a detected beat and the reference beat paired
   * with it, s.
   */
  readonly startSeconds: number;
  readonly windowSeconds: number;
  readonly noise?: { readonly record: string; readonly snrDb: number };
}

/** Statistics of absolute errors, ms. */
export interface Errors {
  readonly median: number | undefined;
  readonly p95: number | undefined;
}

export interface RecordDetection extends DetectionStatistics {
  readonly record: string;
  readonly leads: readonly string[];
  readonly timeErrorMs: Errors;
}

export interface DetectionEvaluation {
  /** Gross statistics over the beats of all records. */
  readonly gross: DetectionStatistics;
  /** Average over records. */
  readonly average: Pick<DetectionStatistics, 'sensitivity' | 'positivePredictivity'>;
  /** Distance of detected beats from reference beats. */
  readonly timeErrorMs: Errors;
  /** Difference of RR intervals from those of the reference. */
  readonly intervalErrorMs: Errors;
  readonly records: readonly RecordDetection[];
}

/**
 * Detects the beats of each record and compares them with the reference beats (ANSI/AAMI EC57); calls `onRecord`
 * after each record. Throws `InputError` if a record lacks the leads, or if their sampling frequency differs from
 * that of the record or the noise, and `WfdbError` for missing or malformed files.
 */
export async function evaluateDetection(
  source: Source,
  records: readonly string[],
  setting: DetectionSetting,
  onRecord: (done: number, record: string) => void = () => {},
): Promise<DetectionEvaluation> {
  const counts: (readonly (readonly number[])[])[] = [];
  const timeErrors: Float64Array[] = [];
  const intervalErrors: Float64Array[] = [];
  const results: RecordDetection[] = [];
  for (const record of records) {
    const { leads, names, samplingFrequency, reference } = await readLeads(
      source,
      `${setting.database}/${record}`,
      setting,
    );
    const beats = Array.from(
      detectQrsMultiLead(leads, samplingFrequency),
      (sample): LabelledSample => ({ sample, symbol: 'N' }),
    );
    const comparison = compareBeats(reference, beats, samplingFrequency, setting);
    const errors = timeErrorsMs(comparison, samplingFrequency);
    counts.push(comparison.counts);
    timeErrors.push(errors);
    intervalErrors.push(intervalErrorsMs(comparison, samplingFrequency));
    const statistics = detectionStatistics(comparison.counts);
    results.push({ record, leads: names, ...statistics, timeErrorMs: summarize([errors]) });
    onRecord(results.length, record);
  }
  return {
    gross: detectionStatistics(sumCounts(counts)),
    average: {
      sensitivity: averageOf(results.map(result => result.sensitivity)),
      positivePredictivity: averageOf(results.map(result => result.positivePredictivity)),
    },
    timeErrorMs: summarize(timeErrors),
    intervalErrorMs: summarize(intervalErrors),
    records: results,
  };
}

async function readLeads(source: Source, record: string, setting: DetectionSetting) {
  const recording = await readRecord(source, record);
  const signals = chosenSignals(record, recording, setting);
  const other = signals.find(signal => signal.samplingFrequency !== recording.samplingFrequency);
  if (other !== undefined)
    throw new InputError(`${record}: lead ${other.name} has a sampling frequency of its own`);
  const reference = await readAnnotations(source, record, setting.annotator);
  const { samplingFrequency } = recording;
  return {
    names: signals.map(signal => signal.name),
    samplingFrequency,
    reference,
    leads: await withNoise(
      source,
      signals.map(signal => signal.physical),
      reference,
      samplingFrequency,
      setting,
    ),
  };
}

/** The signals that the detector gets. Throws `InputError` if the record does not have them. */
function chosenSignals(
  record: string,
  recording: Recording,
  { lead, leadNumber, leadCount }: DetectionSetting,
): readonly Signal[] {
  const { signals } = recording;
  const needed = leadNumber ?? leadCount ?? 0;
  if (signals.length < needed) throw new InputError(`${record} has ${signals.length} leads, not ${needed}`);
  if (leadNumber !== undefined) return [signals[leadNumber - 1]!];
  if (leadCount !== undefined) return signals.slice(0, leadCount);
  const { name } = chooseLead({ ...recording, name: record }, lead);
  return [signals.find(signal => signal.name === name)!];
}

/** Adds noise to each lead: lead k gets signal k of the noise record, modulo the number of its signals. */
async function withNoise(
  source: Source,
  leads: readonly Float64Array[],
  reference: readonly LabelledSample[],
  samplingFrequency: number,
  { noise }: DetectionSetting,
): Promise<readonly Float64Array[]> {
  if (noise === undefined) return leads;
  const recording = await readRecord(source, noise.record);
  if (recording.samplingFrequency !== samplingFrequency) {
    throw new InputError(
      `${noise.record} has ${recording.samplingFrequency} Hz, the records it is to be added to have ${samplingFrequency}`,
    );
  }
  return leads.map((lead, i) =>
    withStressNoise(
      lead,
      recording.signals[i % recording.signals.length]!.physical,
      reference,
      samplingFrequency,
      noise.snrDb,
    ),
  );
}

function summarize(pieces: readonly Float64Array[]): Errors {
  const sizes = pieces.flatMap(piece => Array.from(piece, Math.abs));
  return sizes.length === 0
    ? { median: undefined, p95: undefined }
    : { median: median(sizes), p95: quantile(sizes, 0.95) };
}
