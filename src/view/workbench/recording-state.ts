/** The state of an open recording. */
import type { DelineatedBeat } from '../../beat/delineate/delineate.ts';
import type { AnnotationDefinition } from '../../wfdb/annotations/notes.ts';
import { createMarkDocument, type Mark, type MarkDocument } from '../annotate/mark-document.ts';
import { autosaveKey } from '../annotate/save-marks.ts';
import type { BeatColumns, BeatQuantity } from '../beats/beat-columns.ts';
import type { FileFault } from '../open/file-faults.ts';
import type { RecordingSummary } from '../open/open-recording.ts';
import type { RecordingInput } from '../open/recording-input.ts';
import type { Pyramid } from '../trace/pyramid.ts';
import type { LabelledSpan } from '../trace/span-lanes.ts';
import type { AnalysedPiece, PoorQualitySpan } from '../worker/analysis-worker.ts';
import type { AnnotatorMarks, RecordingEvents } from './recording-interface.ts';
import type { Workers } from './workers.ts';

type Timer = ReturnType<typeof setTimeout>;

/** Standard errors of the beats of one analysis. */
export interface KnownErrors {
  /** Number of the analysis that the beats are of. */
  readonly request: number;
  readonly columns: Partial<Record<BeatQuantity, Float64Array>>;
  /** 1 for every beat whose errors are known or being estimated. */
  readonly asked: Uint8Array;
  /** Ends when every requested piece has been estimated. */
  work: Promise<void>;
  isCancelled: boolean;
}

/** Mutable state of an open recording, and what its functions need. */
export interface RecordingState {
  readonly workers: Workers;
  readonly input: RecordingInput;
  readonly events: RecordingEvents;
  readonly summary: RecordingSummary;
  readonly document: MarkDocument;
  /** The marks of every annotator; those of the edited one as they were when it was loaded. */
  readonly annotators: Map<string, AnnotatorMarks>;
  /** The storage key of the edits. */
  key: string;
  /** Samples per frame. */
  readonly perFrame: number;
  /** The annotator being edited, a key of `annotators` or the detector. */
  annotator: string;
  /** Whether the detected beats are proposed as marks, because the annotator has none of its own. */
  areBeatsProposed: boolean;
  /** Faults of the signal files. */
  faults: readonly FileFault[];
  /** Annotation types in addition to the standard ones. */
  definitions: readonly AnnotationDefinition[];
  /** The annotation types defined in the file. */
  originalDefinitions: readonly AnnotationDefinition[];
  isRestored: boolean;
  /** The marks of the file, or the proposals. */
  original: readonly Mark[];
  pieces: AnalysedPiece[];
  beats: BeatColumns | undefined;
  errors: KnownErrors | undefined;
  rPeaks: Int32Array<ArrayBuffer>;
  modelClasses: readonly string[];
  poor: readonly PoorQualitySpan[];
  waves: readonly DelineatedBeat[];
  /** Identifies the lead and window for which `waves` were requested. */
  wavesKey: string;
  /** Number of the request whose pieces are arriving. */
  request: number;
  spans: { readonly key: string; readonly list: readonly LabelledSpan[] } | undefined;
  beatMarks: { readonly key: string; readonly list: readonly (Mark | undefined)[] } | undefined;
  /** Incremented whenever the beats change. */
  beatsRevision: number;
  /** Incremented when known beats have moved, but not when the analysis finds new ones. */
  peaksRevision: number;
  joinedAt: number;
  slopePyramid: { readonly lead: number; readonly pyramid: Pyramid } | undefined;
  measured: readonly [lead: number, scheme: string];
  storing: Timer | undefined;
  measuring: Timer | undefined;
  delineating: Timer | undefined;
}

/** The state before anything has been read. */
export function createState(
  workers: Workers,
  input: RecordingInput,
  summary: RecordingSummary,
  events: RecordingEvents,
): RecordingState {
  return {
    workers,
    input,
    events,
    summary,
    document: createMarkDocument(),
    annotators: new Map(),
    key: autosaveKey(summary.record, summary.length),
    perFrame: summary.samplingFrequency / summary.frameFrequency,
    annotator: '',
    areBeatsProposed: true,
    faults: [],
    definitions: [],
    originalDefinitions: [],
    isRestored: false,
    original: [],
    pieces: [],
    beats: undefined,
    errors: undefined,
    rPeaks: new Int32Array(),
    modelClasses: [],
    poor: [],
    waves: [],
    wavesKey: '',
    request: 0,
    spans: undefined,
    beatMarks: undefined,
    beatsRevision: 0,
    peaksRevision: 0,
    joinedAt: 0,
    slopePyramid: undefined,
    measured: [0, ''],
    storing: undefined,
    measuring: undefined,
    delineating: undefined,
  };
}
