/** What a measure of a batch is: the columns that it adds to the result, and how they are measured. */
import type { Scheme } from '../../diff/scheme.ts';
import type { Classifier } from '../../learn/model/classifier.ts';
import type { RecordingBeats } from '../lead-beats.ts';
import type { OpenRecording } from '../open-recording.ts';
import type { Cell, Column, ColumnValues } from './columns.ts';

/** How to measure. */
export interface MeasureSettings {
  readonly scheme?: Scheme;
  readonly windowMs?: number;
  readonly model?: Classifier;
}

/** A recording and its beats, as a measure gets them. */
export interface RecordingToMeasure {
  readonly recording: OpenRecording;
  readonly beats: RecordingBeats;
  /** In volts, all that are measured. */
  readonly leads: readonly string[];
  readonly settings: MeasureSettings;
  /** Says of the record what makes its values doubtful. */
  note(text: string): void;
}

/** The same, and which lead of it. */
export interface LeadToMeasure extends RecordingToMeasure {
  readonly lead: string;
  /** The whole lead in mV, read once. */
  voltage(): Promise<Float64Array>;
}

/** What a measure of the whole record gives. */
export interface RecordValues {
  /** Of its record columns. */
  readonly record: readonly Cell[];
  /** Of its beat columns, the same on each lead; of a measure without `measureLead`. */
  readonly beats?: readonly ColumnValues[];
}

/** A row of the table. Where it can't measure it throws `InputError`, and the record fails. */
export interface Measure {
  readonly name: string;
  /** What the settings need for it, if anything: throws `InputError` where they lack it. */
  readonly check?: (settings: MeasureSettings) => void;
  /** One value a beat and lead. */
  readonly beatColumns: readonly Column[];
  readonly measureLead?: (lead: LeadToMeasure) => Promise<readonly ColumnValues[]>;
  /** One value a record. */
  readonly recordColumns: readonly Column[];
  readonly measureRecord?: (recording: RecordingToMeasure) => Promise<RecordValues>;
}
