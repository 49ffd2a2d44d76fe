/** What became of a record: what the manifest and the table of records say of it. */
import type { MeasuredRecording } from '../../analysis/batch/measure-recording.ts';
import type { InputFile } from './input-files.ts';

/** A record as a batch knows it. */
export interface BatchRecord {
  /** The partition of the result that it belongs to. */
  readonly database: string;
  /** Its name in the database. */
  readonly record: string;
  /** The folder or URL that it is read from, and what it is called there. */
  readonly root: string;
  readonly name: string;
}

/** Why a record has no rows. */
export interface RecordFailure {
  /** A `WfdbErrorCode`, or `unusable`, `time-limit`, `memory-limit`, `crash`, `defect`. */
  readonly code: string;
  readonly message: string;
  /** Nothing but another input or other settings would change it: a later run does not try again. */
  readonly isFinal: boolean;
}

export interface RecordStatus {
  readonly database: string;
  readonly record: string;
  /** The fingerprint of the settings that it was made with. */
  readonly settings: string;
  readonly inputs: readonly InputFile[];
  readonly rows: number;
  /** Undefined of a record that failed. */
  readonly measured?: MeasuredRecording;
  readonly failure?: RecordFailure;
}

/** Tells records of all databases apart. */
export const recordKey = ({ database, record }: Pick<BatchRecord, 'database' | 'record'>): string =>
  `${database}\n${record}`;
