/** The open recording: its curves, marks and beats, and its two workers. */
import { isBeat } from '../../wfdb/annotations/symbols.ts';
import type { Edit, Mark } from '../annotate/mark-document.ts';
import { dropKept, keepDefinitions, keepMarks } from '../annotate/save-marks.ts';
import { joinColumns } from '../beats/beat-columns.ts';
import type { FileFault } from '../open/file-faults.ts';
import type { RecordingInput } from '../open/recording-input.ts';
import { createTimeline } from '../timeline.ts';
import { createPyramid, fillPyramid, type Pyramid } from '../trace/pyramid.ts';
import { createSampleBlocks } from '../trace/sample-blocks.ts';
import { createTraceSignals, type TraceSignals } from '../trace/trace-signals.ts';
import { word } from '../translations.ts';
import type { AnalysedPiece } from '../worker/analysis-worker.ts';
import type { Predictions } from '../worker/training-task.ts';
import { editAnnotator, loadMarks, otherMarks, takeProposals } from './recording-annotators.ts';
import { areErrorsCancelled, askForErrors, errorsOf, noiseAt, resumeErrors } from './recording-errors.ts';
import type { OpenRecording, RecordingEvents } from './recording-interface.ts';
import { joinedInts, marksOfBeats, movesBeats, spansOf } from './recording-marks.ts';
import { createState, type RecordingState } from './recording-state.ts';
import type { Workers } from './workers.ts';

/** Duration of the first window, s. */
const firstSeconds = 10;
/** Longest window in which waves are delineated, and the step in which it moves; s. */
const longestDelineated = 40;
const delineationStep = 6;
/** Steps of margin on either side: a delineation depends on the beats around, and is then that of the whole record. */
const marginSteps = 2;
/** Shortest time between updates with new beats of a long record, ms. */
const joinEveryMs = 3000;

export async function openOnPage(
  workers: Workers,
  input: RecordingInput,
  firstWidth: number,
  events: RecordingEvents,
): Promise<OpenRecording> {
  let faults: readonly FileFault[] = [];
  // The faults found while the files are being opened arrive before the summary.
  workers.reader.on('faults', found => {
    faults = found;
  });
  const summary = await workers.reader.call.openForReading(input);
  const { samplingFrequency, length, leads } = summary;
  const state = createState(workers, input, summary, events);
  state.faults = faults;
  workers.reader.on('faults', found => {
    state.faults = found;
    events.onFaults();
  });
  const pyramids: Pyramid[] = leads.map(() => createPyramid(length));
  const blocks = createSampleBlocks(
    length,
    leads.length,
    (from, to) => workers.reader.call.read(from, to),
    error => (error ? events.onError(error) : events.onWindow()),
  );
  workers.analysis.on('piece', piece => takePiece(state, piece));
  let isSurveyStopped = false;
  const stopSurvey = (): void => {
    isSurveyStopped = true;
    events.onProgress('surveying', 1);
    workers.reader.call.stopPyramid().catch(events.onError);
  };
  workers.reader.on('buckets', ({ leads: runs, done, total }) => {
    runs.forEach((run, lead) => {
      fillPyramid(pyramids[lead]!, run);
    });
    if (!isSurveyStopped) events.onProgress('surveying', done / total, stopSurvey);
    events.onPyramid();
  });
  state.document.follow(edit => followEdit(state, edit));
  const signals = createTraceSignals({ samplingFrequency, length, leads }, blocks, (kind, lead) => {
    if (kind === 'voltage') return pyramids[lead];
    return state.slopePyramid?.lead === lead ? state.slopePyramid.pyramid : undefined;
  });
  return recordingOf(state, signals, firstWidth);
}

/** The public interface of the state. */
function recordingOf(state: RecordingState, signals: TraceSignals, firstWidth: number): OpenRecording {
  const { input, summary, document, events } = state;
  // On a narrow screen 25 mm/s at 96 px per inch.
  const timeline = createTimeline(
    { startSeconds: 0, endSeconds: summary.length / summary.samplingFrequency },
    Math.min(firstSeconds, Math.max(3, firstWidth / 94)),
  );
  return {
    ...{ input, summary, signals, timeline, document },
    get others() {
      return otherMarks(state);
    },
    get annotator() {
      return state.annotator;
    },
    editAnnotator(name) {
      editAnnotator(state, name);
      measure(state, ...state.measured).catch(events.onError);
    },
    get faults() {
      return state.faults;
    },
    get damagedAnnotators() {
      return new Map([...state.annotators].filter(([, { faults }]) => faults.length > 0));
    },
    get definitions() {
      return state.definitions;
    },
    get beats() {
      return state.beats;
    },
    get errors() {
      return errorsOf(state);
    },
    get rPeaks() {
      return state.rPeaks;
    },
    get modelClasses() {
      return state.modelClasses;
    },
    get provenance() {
      const made = state.pieces[0]?.provenance;
      return made === undefined
        ? ''
        : word('provenance', { scheme: made.scheme, hz: made.samplingFrequency, ms: made.windowMs });
    },
    get waves() {
      return state.waves;
    },
    spans: () => spansOf(state),
    beatMarks: () => beatMarksOf(state),
    measure: (lead, scheme) => measure(state, lead, scheme),
    askForWaves: (lead, from, to) => askForWaves(state, lead, from, to),
    askForErrors: beat => askForErrors(state, beat, () => beatMarksOf(state).map(mark => mark?.symbol)),
    get areErrorsCancelled() {
      return areErrorsCancelled(state);
    },
    resumeErrors: () => void resumeErrors(state),
    noiseAt: time => noiseAt(state, time),
    reclassify: predictions => reclassify(state, predictions),
    define(definitions) {
      state.definitions = definitions;
      const reason = keepDefinitions(state.key, definitions) ?? keepMarks(state.key, state.document.marks);
      if (reason !== undefined) state.events.onNotStored(reason);
      state.events.onBeats();
    },
    discardEdits() {
      dropKept(state.key);
      state.definitions = state.originalDefinitions;
      state.isRestored = false;
      document.load(state.original);
    },
    rest(milliseconds) {
      state.workers.analysis.call.rest(milliseconds).catch(state.events.onError);
    },
    async start(lead, scheme) {
      await Promise.all([state.workers.reader.call.buildPyramid(), start(state, lead, scheme)]);
    },
  };
}

/** Adds a piece of the analysis; the first piece of a request replaces those of the previous one. */
function takePiece(state: RecordingState, piece: AnalysedPiece): void {
  const { events } = state;
  if (piece.request !== state.request) {
    state.request = piece.request;
    state.pieces = [];
    state.peaksRevision++;
    state.slopePyramid = { lead: state.measured[0], pyramid: createPyramid(state.summary.length) };
  }
  if (state.slopePyramid) fillPyramid(state.slopePyramid.pyramid, piece.slopeExtremes);
  const { pieces } = state;
  pieces.push(piece);
  events.onProgress('measuring', piece.done / piece.total, () => stopMeasuring(state));
  // Concatenation copies all beats so far, so for a long record it is done only at intervals and at the end.
  const now = performance.now();
  if (pieces.length > 1 && piece.done < piece.total && now - state.joinedAt < joinEveryMs) return;
  state.joinedAt = now;
  state.beatsRevision++;
  state.beats = joinColumns(pieces.map(p => p.beats));
  state.rPeaks = joinedInts(pieces.map(p => p.rPeaks));
  state.modelClasses = piece.classes;
  state.poor = pieces.flatMap(p => p.poorQuality);
  takeProposals(state);
  if (state.waves.length === 0) state.wavesKey = '';
  events.onBeats();
}

/** Ends the measurement with the beats found so far. */
function stopMeasuring({ workers, events }: RecordingState): void {
  events.onProgress('measuring', 1);
  workers.analysis.call.stopAnalysis().catch(events.onError);
}

/** Stores the user's edits, and measures again when beats have moved. */
function followEdit(state: RecordingState, edit: Edit | undefined): void {
  const { document, events } = state;
  // Only the user's edits are stored; after `load` the marks are those of the file or of the storage.
  if (edit === undefined) return;
  clearTimeout(state.storing);
  state.storing = setTimeout(() => {
    const reason = keepMarks(state.key, document.marks);
    if (reason !== undefined) events.onNotStored(reason);
  }, 300);
  const hasBeats = [...edit.removed, ...edit.added].some(mark => isBeat(mark.symbol));
  if (!hasBeats || !movesBeats(edit)) return;
  clearTimeout(state.measuring);
  state.measuring = setTimeout(() => measure(state, ...state.measured).catch(events.onError), 800);
}

function beatMarksOf(state: RecordingState): readonly (Mark | undefined)[] {
  const { document, rPeaks, perFrame } = state;
  const key = `${document.revision} ${state.beatsRevision}`;
  if (state.beatMarks?.key !== key) {
    state.beatMarks = { key, list: marksOfBeats(rPeaks, perFrame, document.marks) };
  }
  return state.beatMarks.list;
}

async function measure(state: RecordingState, lead: number, scheme: string): Promise<void> {
  const { document, summary, perFrame } = state;
  state.measured = [lead, scheme];
  const marked = document.marks.filter(mark => isBeat(mark.symbol));
  const peaks = Int32Array.from(marked, mark => Math.round(mark.sample * perFrame)).filter(
    (sample, k, all) => sample >= 0 && sample < summary.length && (k === 0 || sample > all[k - 1]!),
  );
  await state.workers.analysis.call.analyse({ lead, scheme, ...(peaks.length > 0 && { rPeaks: peaks }) });
}

function askForWaves(state: RecordingState, lead: number, from: number, to: number): void {
  const { rPeaks, summary, events, workers } = state;
  if (to - from > longestDelineated || rPeaks.length === 0) {
    state.waves = [];
    state.wavesKey = '';
    return;
  }
  const [a, b] = [Math.floor(from / delineationStep), Math.ceil(to / delineationStep)];
  const key = `${lead} ${a} ${b} ${state.peaksRevision}`;
  if (key === state.wavesKey) return;
  state.wavesKey = key;
  const { samplingFrequency, length } = summary;
  const first = Math.max(0, Math.round((a - marginSteps) * delineationStep * samplingFrequency));
  const end = Math.min(length, Math.round((b + marginSteps) * delineationStep * samplingFrequency));
  clearTimeout(state.delineating);
  // Requested once the window has stopped moving.
  state.delineating = setTimeout(() => {
    const near = state.rPeaks.filter(sample => sample >= first && sample < end);
    workers.analysis.call.delineateWindow(lead, near, first, end).then(found => {
      if (state.wavesKey !== key) return;
      state.waves = found;
      events.onWindow();
    }, events.onError);
  }, 150);
}

function reclassify(state: RecordingState, { predicted, probability, classes }: Predictions): void {
  const { beats, document, events } = state;
  if (beats === undefined || predicted.length !== beats.time.length) return;
  state.beats = { ...beats, predicted, probability };
  state.modelClasses = classes;
  state.beatsRevision++;
  const changed = beatMarksOf(state).flatMap((mark, beat) => {
    const symbol = classes[predicted[beat]!];
    return mark?.isProposed && symbol !== undefined && symbol !== mark.symbol ? [{ mark, symbol }] : [];
  });
  document.edit({
    removed: changed.map(({ mark }) => mark),
    added: changed.map(({ mark, symbol }) => ({ ...mark, symbol })),
  });
  events.onBeats();
}

async function start(state: RecordingState, lead: number, scheme: string): Promise<void> {
  await loadMarks(state);
  await state.workers.analysis.call.openForAnalysis(state.input);
  await measure(state, lead, scheme);
}
