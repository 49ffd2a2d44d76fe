/** Outcome of processing a record, as stored in the manifest and the table of records. */
import type { MeasuredRecording } from '../../analysis/batch/measure.ts';
import type { InputFile } from './input-files.ts';

/** A record of a batch. */
export interface BatchRecord {
  /** The partition of the result to which the record belongs. */
  readonly database: string;
  /** Its name within the database. */
  readonly record: string;
  /** The folder or URL from which it is read, and its name there. */
  readonly root: string;
  readonly name: string;
}

/** Reason why a record has no rows. */
export interface RecordFailure {
  /** A `WfdbErrorCode`, or `unusable`, `time-limit`, `memory-limit`, `crash`, `defect`. */
  readonly code: string;
  readonly message: string;
  /** True if only different input or settings could change the outcome; later runs do not retry the record. */
  readonly isFinal: boolean;
}

export interface RecordStatus {
  readonly database: string;
  readonly record: string;
  /** Fingerprint of the settings with which it was measured. */
  readonly settings: string;
  readonly inputs: readonly InputFile[];
  readonly rows: number;
  /** Undefined if the record failed. */
  readonly measured?: MeasuredRecording;
  readonly failure?: RecordFailure;
}

/** A key that is unique across databases. */
export const recordKey = ({ database, record }: Pick<BatchRecord, 'database' | 'record'>): string =>
  `${database}\n${record}`;
