/** The detector held against a database's reference annotations. */

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
import { readAnnotations } from '../wfdb/annotations/annotation-file.ts';
import { readRecord } from '../wfdb/record.ts';
import type { Source } from '../wfdb/source.ts';

export interface DetectionSetting {
  readonly database: string;
  /** How many of a record's first leads the detector gets. */
  readonly leadCount: number;
  readonly annotator: string;
  /** s */
  readonly startSeconds: number;
  readonly windowSeconds: number;
  readonly noise?: { readonly record: string; readonly snrDb: number };
}

/** Absolute values, ms. */
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
  /** Of all records' beats together. */
  readonly gross: DetectionStatistics;
  /** Means over records. */
  readonly average: Pick<DetectionStatistics, 'sensitivity' | 'positivePredictivity'>;
  /** How far detected beats lie from the reference's. */
  readonly timeErrorMs: Errors;
  /** How far intervals between them differ from the reference's. */
  readonly intervalErrorMs: Errors;
  readonly records: readonly RecordDetection[];
}

/** Detects and compares record by record of a database; `onRecord` is told after each. Throws `InputError` and `WfdbError`. */
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
  const signals = recording.signals.slice(0, setting.leadCount);
  if (signals.length < setting.leadCount) {
    throw new InputError(`${record} has ${signals.length} leads, not ${setting.leadCount}`);
  }
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

/** Each lead with the noise record's signal of the same place, starting over with the first. */
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
  const sizes = Float64Array.from(pieces.flatMap(piece => Array.from(piece, Math.abs))).sort();
  const quantile = (share: number): number | undefined => sizes[Math.ceil(share * sizes.length) - 1];
  return { median: quantile(0.5), p95: quantile(0.95) };
}
