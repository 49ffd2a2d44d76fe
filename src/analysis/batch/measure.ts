/** Interface of the measures of a batch: the columns that a measure adds to the result, and how it computes them. */
import type { Scheme } from '../../diff/scheme.ts';
import type { Classifier } from '../../learn/model/classifier.ts';
import type { RecordingBeats } from '../lead-beats.ts';
import type { OpenRecording } from '../open-recording.ts';
import type { Cell, Column, ColumnValues } from './columns.ts';

/** Settings of the measures. */
export interface MeasureSettings {
  readonly scheme?: Scheme;
  readonly windowMs?: number;
  readonly model?: Classifier;
}

/** A recording with its beats, as passed to a measure. */
export interface RecordingToMeasure {
  readonly recording: OpenRecording;
  readonly beats: RecordingBeats;
  /** Names of the leads to measure, all of them voltages. */
  readonly leads: readonly string[];
  readonly settings: MeasureSettings;
  /** Adds a warning about the record's values. */
  note(text: string): void;
}

/** One lead of a recording, as passed to a measure. */
export interface LeadToMeasure extends RecordingToMeasure {
  readonly lead: string;
  /** The whole lead in mV; read on the first call. */
  voltage(): Promise<Float64Array>;
}

/** Values of a measure over a whole record. */
export interface RecordValues {
  /** Values of its record columns. */
  readonly record: readonly Cell[];
  /** Values of its beat columns, identical for all leads; for measures without `measureLead`. */
  readonly beats?: readonly ColumnValues[];
}

/** A measure. If a value cannot be measured at all it throws `InputError`, and the record fails. */
export interface Measure {
  readonly name: string;
  /** The settings that its values depend on, beside those of the beats, the filter and the reading. */
  readonly dependsOn?: readonly (keyof MeasureSettings)[];
  /** Throws `InputError` if the settings lack something the measure requires. */
  readonly check?: (settings: MeasureSettings) => void;
  /** Columns with one value per beat and lead. */
  readonly beatColumns: readonly Column[];
  readonly measureLead?: (lead: LeadToMeasure) => Promise<readonly ColumnValues[]>;
  /** Columns with one value per record. */
  readonly recordColumns: readonly Column[];
  readonly measureRecord?: (recording: RecordingToMeasure) => Promise<RecordValues>;
}

/** Summary of a recording after all its leads are measured. */
export interface MeasuredRecording {
  readonly container: string;
  /** Hz */
  readonly samplingFrequency: number;
  /** Duration, s; undefined if it can only be determined by reading to the end. */
  readonly duration: number | undefined;
  readonly leads: readonly string[];
  readonly beats: number;
  readonly beatsFrom: string;
  /** Number of beats of good signal quality, summed over the leads; undefined if quality was not measured. */
  readonly good: number | undefined;
  readonly warnings: readonly string[];
  /** The warnings by the measure that gave them; those of the recording itself under the empty name. */
  readonly notes: Readonly<Record<string, readonly string[]>>;
  /** The values of `recordColumns`. */
  readonly values: readonly Cell[];
}
