/** The interface of an open recording, and its events. */
import type { DelineatedBeat } from '../../beat/delineate/delineate.ts';
import type { NoiseModel } from '../../beat/uncertainty/noise-model.ts';
import type { AnnotationDefinition } from '../../wfdb/annotations/notes.ts';
import type { Mark, MarkDocument } from '../annotate/mark-document.ts';
import type { BeatColumns, BeatErrors } from '../beats/beat-columns.ts';
import type { FileFault } from '../open/file-faults.ts';
import type { RecordingSummary } from '../open/open-recording.ts';
import type { RecordingInput } from '../open/recording-input.ts';
import type { Timeline } from '../timeline.ts';
import type { LabelledSpan } from '../trace/span-lanes.ts';
import type { TraceSignals } from '../trace/trace-signals.ts';
import type { Predictions } from '../worker/training-task.ts';
import type { Task } from './status-line.ts';

/** The marks of one annotator, and what is damaged of their file. */
export interface AnnotatorMarks {
  readonly annotations: readonly Mark[];
  readonly definitions: readonly AnnotationDefinition[];
  readonly faults: readonly FileFault[];
}

/** The events of a recording. */
export interface RecordingEvents {
  /** Parts of the pyramid have arrived. */
  onPyramid(): void;
  /** Samples or waves of the window have arrived. */
  onWindow(): void;
  /** Beats were measured, marks loaded, or quality determined. */
  onBeats(): void;
  /** Standard errors of beats have been estimated. */
  onErrors(): void;
  /** Faults of the files have been found. */
  onFaults(): void;
  onError(error: Error): void;
  /** The browser did not store the edits, for a reason in its own words. */
  onNotStored(reason: string): void;
  /** Progress of a task from 0 to 1, NaN while it is unknown; `onCancel` where the task can be cancelled. */
  onProgress(task: Task, share: number, onCancel?: () => void): void;
  /** Edits of an earlier session were restored from the browser. */
  onRestored(count: number): void;
}

export interface OpenRecording {
  readonly input: RecordingInput;
  readonly summary: RecordingSummary;
  readonly signals: TraceSignals;
  readonly timeline: Timeline;
  readonly document: MarkDocument;
  /** Marks of the other annotators, for comparison. */
  readonly others: ReadonlyMap<string, readonly Mark[]>;
  /** The annotator whose marks are edited; empty where there is no file, only the detector's proposals. */
  readonly annotator: string;
  /** Edits the marks of another annotator, and measures its beats. */
  editAnnotator(name: string): void;
  /** Faults of the signal files found so far. */
  readonly faults: readonly FileFault[];
  /** The annotators whose files are damaged. */
  readonly damagedAnnotators: ReadonlyMap<string, AnnotatorMarks>;
  /** Annotation types in addition to the standard ones, from the file or defined here. */
  readonly definitions: readonly AnnotationDefinition[];
  readonly beats: BeatColumns | undefined;
  /** Standard errors of the beats' measurements, as far as they have been requested and estimated. */
  readonly errors: BeatErrors | undefined;
  /** R peaks of the beats, sample indices. */
  readonly rPeaks: Int32Array;
  readonly modelClasses: readonly string[];
  readonly provenance: string;
  readonly waves: readonly DelineatedBeat[];
  /** Spans of rhythm, flutter, noise, comments and quality with their texts, in order. */
  spans(): readonly LabelledSpan[];
  /** The mark of each measured beat; undefined when it has been deleted. */
  beatMarks(): readonly (Mark | undefined)[];
  /** Measures the beats of a lead again, at the current marks. */
  measure(lead: number, scheme: string): Promise<void>;
  /** Requests P, QRS and T of a window (s), unless they are available. */
  askForWaves(lead: number, from: number, to: number): void;
  /** Requests the standard errors of a beat and those around it, unless they are known. */
  askForErrors(beat: number): void;
  /** Whether the estimation of standard errors was cancelled; nothing is estimated until it is resumed. */
  readonly areErrorsCancelled: boolean;
  resumeErrors(): void;
  /** Noise of the measured lead at a time (s); undefined where it is not known. */
  noiseAt(time: number): NoiseModel | undefined;
  /** Adds or renames annotation types; they are stored in the browser with the edits. */
  define(definitions: readonly AnnotationDefinition[]): void;
  /** Discards the stored edits and returns to the marks of the file, or to the proposals. */
  discardEdits(): void;
  /** Applies the predictions of another model; unconfirmed proposals change with them. */
  reclassify(predictions: Predictions): void;
  /** Suspends the analysis for this many milliseconds, for the page's own work. */
  rest(milliseconds: number): void;
  /** Starts building the pyramid and measuring. */
  start(lead: number, scheme: string): Promise<void>;
}
