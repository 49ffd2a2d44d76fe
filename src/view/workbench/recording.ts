/** The open recording: its curves, marks and beats, and the two workers behind them. */
import { signalSpans } from '../../analysis/report/signal-spans.ts';
import type { DelineatedBeat } from '../../beat/delineate/delineate.ts';
import { isBeat } from '../../wfdb/annotations/symbols.ts';
import {
  createMarkDocument,
  type Edit,
  type Mark,
  type MarkDocument,
  markAt,
} from '../annotate/mark-document.ts';
import { autosaveKey, keepMarks, keptMarks } from '../annotate/save-marks.ts';
import { type BeatColumns, joinColumns } from '../beats/beat-columns.ts';
import type { RecordingSummary } from '../open/open-recording.ts';
import type { RecordingInput } from '../open/recording-input.ts';
import { labelledSpans } from '../span-strip.ts';
import { createTimeline, type Timeline } from '../timeline.ts';
import { createPyramid, fillPyramid, type Pyramid } from '../trace/pyramid.ts';
import { createSampleBlocks } from '../trace/sample-blocks.ts';
import type { LabelledSpan } from '../trace/span-lanes.ts';
import { createTraceSignals, type TraceSignals } from '../trace/trace-signals.ts';
import { isWord, word } from '../translations.ts';
import type { AnalysedPiece, PoorQualitySpan } from '../worker/analysis-worker.ts';
import type { Predictions } from '../worker/training-task.ts';
import type { Workers } from './workers.ts';

/** The events of a recording. */
export interface RecordingEvents {
  /** Samples or parts of the pyramid have arrived. */
  onSamples(): void;
  /** Beats were measured, marks loaded, or quality determined. */
  onBeats(): void;
  onError(error: Error): void;
  onProgress(task: 'surveying' | 'measuring', share: number): void;
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
  /** The annotator whose marks the document started from; undefined when a detector proposed them. */
  readonly annotator: string | undefined;
  readonly beats: BeatColumns | undefined;
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
  /** Discards the stored edits and returns to the marks of the file, or to the proposals. */
  discardEdits(): void;
  /** Applies the predictions of another model; unconfirmed proposals change with them. */
  reclassify(predictions: Predictions): void;
  /** Starts building the pyramid and measuring. */
  start(lead: number, scheme: string): Promise<void>;
}

/** Duration of the first window, s. */
const firstSeconds = 10;
/** Longest window in which waves are delineated, with this margin; s. */
const longestDelineated = 40;
const delineationMargin = 6;
/** Smallest interval between updates with new beats of a long record, ms. */
const joinEveryMs = 3000;

export async function openOnPage(
  workers: Workers,
  input: RecordingInput,
  firstWidth: number,
  events: RecordingEvents,
): Promise<OpenRecording> {
  const summary = await workers.reader.call.openForReading(input);
  const { samplingFrequency, length, leads } = summary;
  const seconds = length / samplingFrequency;
  // 25 mm/s at 96 px an inch on a narrow screen.
  const timeline = createTimeline(
    { from: 0, to: seconds },
    Math.min(firstSeconds, Math.max(3, firstWidth / 94)),
  );
  const pyramids: Pyramid[] = leads.map(() => createPyramid(length));
  const blocks = createSampleBlocks(
    length,
    leads.length,
    (from, to) => workers.reader.call.read(from, to),
    error => (error ? events.onError(error) : events.onSamples()),
  );
  let slopePyramid: { readonly lead: number; readonly pyramid: Pyramid } | undefined;
  const document = createMarkDocument();
  const others = new Map<string, readonly Mark[]>();
  const key = autosaveKey(summary.record, length);
  let annotator: string | undefined;
  let isRestored = false;
  let original: readonly Mark[] = [];
  let pieces: AnalysedPiece[] = [];
  let beats: BeatColumns | undefined;
  let rPeaks = new Int32Array();
  let modelClasses: readonly string[] = [];
  let poor: readonly PoorQualitySpan[] = [];
  let waves: readonly DelineatedBeat[] = [];
  let wavesOf = '';
  let awaited = 0;
  let spans: { readonly key: string; readonly list: readonly LabelledSpan[] } | undefined;
  let matched: { readonly key: string; readonly list: readonly (Mark | undefined)[] } | undefined;
  let analysed = 0;
  let joinedAt = 0;
  /** Incremented when known beats have moved, not when the analysis finds new ones. */
  let peaksRevision = 0;
  let delineating: ReturnType<typeof setTimeout> | undefined;
  const perFrame = samplingFrequency / summary.frameFrequency;

  const takePiece = (piece: AnalysedPiece): void => {
    if (piece.request !== awaited) {
      awaited = piece.request;
      pieces = [];
      peaksRevision++;
      slopePyramid = { lead: measured[0], pyramid: createPyramid(length) };
    }
    if (slopePyramid) fillPyramid(slopePyramid.pyramid, piece.slopeExtremes);
    pieces.push(piece);
    events.onProgress('measuring', piece.done / piece.total);
    // Concatenating copies every beat so far: for a long record only now and then, and at the end.
    const now = performance.now();
    if (pieces.length > 1 && piece.done < piece.total && now - joinedAt < joinEveryMs) return;
    joinedAt = now;
    analysed++;
    beats = joinColumns(pieces.map(p => p.beats));
    rPeaks = joinedInts(pieces.map(p => p.rPeaks));
    modelClasses = piece.classes;
    poor = pieces.flatMap(p => p.poorQuality);
    if (annotator === undefined) {
      original = proposals(pieces, perFrame);
      if (!isRestored && !document.canUndo && !document.canRedo) document.load(original);
    }
    if (waves.length === 0) wavesOf = '';
    events.onBeats();
  };
  workers.analysis.on('piece', takePiece);
  workers.reader.on('buckets', ({ leads: runs, done, total }) => {
    runs.forEach((run, lead) => {
      fillPyramid(pyramids[lead]!, run);
    });
    events.onProgress('surveying', done / total);
    events.onSamples();
  });

  let keeping: ReturnType<typeof setTimeout> | undefined;
  document.follow(edit => {
    // Only the user's edits are stored; a load comes from storage.
    if (edit === undefined) return;
    clearTimeout(keeping);
    keeping = setTimeout(() => {
      const reason = keepMarks(key, document.marks);
      if (reason !== undefined) events.onError(new Error(reason));
    }, 300);
    if ([...edit.removed, ...edit.added].some(mark => isBeat(mark.symbol)) && movesBeats(edit))
      remeasureSoon();
  });
  let measuring: ReturnType<typeof setTimeout> | undefined;
  let measured: readonly [lead: number, scheme: string] = [0, ''];
  const remeasureSoon = (): void => {
    clearTimeout(measuring);
    measuring = setTimeout(() => recording.measure(...measured).catch(events.onError), 800);
  };

  const recording: OpenRecording = {
    input,
    summary,
    signals: createTraceSignals({ samplingFrequency, length, leads }, blocks, (kind, lead) =>
      kind === 'voltage' ? pyramids[lead] : slopePyramid?.lead === lead ? slopePyramid.pyramid : undefined,
    ),
    timeline,
    document,
    others,
    get annotator() {
      return annotator;
    },
    get beats() {
      return beats;
    },
    get rPeaks() {
      return rPeaks;
    },
    get modelClasses() {
      return modelClasses;
    },
    get provenance() {
      return pieces[0]?.provenance ?? '';
    },
    get waves() {
      return waves;
    },
    spans() {
      const key = `${document.revision} ${analysed} ${word('quality')}`;
      if (spans?.key !== key) {
        const { frameFrequency } = summary;
        spans = {
          key,
          list: [
            ...labelledSpans(signalSpans(document.marks, frameFrequency, seconds)),
            ...unusableSpans(document.marks, frameFrequency),
            ...joinedQuality(poor),
          ],
        };
      }
      return spans.list;
    },
    beatMarks() {
      const key = `${document.revision} ${analysed}`;
      if (matched?.key !== key) matched = { key, list: marksOfBeats(rPeaks, perFrame, document.marks) };
      return matched.list;
    },
    async measure(lead, scheme) {
      measured = [lead, scheme];
      const marked = document.marks.filter(mark => isBeat(mark.symbol));
      const peaks = Int32Array.from(marked, mark => Math.round(mark.sample * perFrame)).filter(
        (sample, k, all) => sample >= 0 && sample < length && (k === 0 || sample > all[k - 1]!),
      );
      await workers.analysis.call.analyse({ lead, scheme, ...(peaks.length > 0 && { rPeaks: peaks }) });
    },
    askForWaves(lead, from, to) {
      if (to - from > longestDelineated || rPeaks.length === 0) {
        waves = [];
        wavesOf = '';
        return;
      }
      const [a, b] = [Math.floor(from / delineationMargin), Math.ceil(to / delineationMargin)];
      const key = `${lead} ${a} ${b} ${peaksRevision}`;
      if (key === wavesOf) return;
      wavesOf = key;
      const first = Math.max(0, Math.round((a - 1) * delineationMargin * samplingFrequency));
      const end = Math.min(length, Math.round((b + 1) * delineationMargin * samplingFrequency));
      clearTimeout(delineating);
      // When the window has stopped moving.
      delineating = setTimeout(() => {
        const near = rPeaks.filter(sample => sample >= first && sample < end);
        workers.analysis.call.delineateWindow(lead, near, first, end).then(found => {
          if (wavesOf !== key) return;
          waves = found;
          events.onSamples();
        }, events.onError);
      }, 150);
    },
    reclassify({ predicted, probability, classes }) {
      if (beats === undefined || predicted.length !== beats.time.length) return;
      beats = { ...beats, predicted, probability };
      modelClasses = classes;
      analysed++;
      const changed = recording.beatMarks().flatMap((mark, beat) => {
        const symbol = classes[predicted[beat]!];
        return mark?.isProposed && symbol !== undefined && symbol !== mark.symbol ? [{ mark, symbol }] : [];
      });
      document.edit({
        removed: changed.map(({ mark }) => mark),
        added: changed.map(({ mark, symbol }) => ({ ...mark, symbol })),
      });
      events.onBeats();
    },
    discardEdits() {
      localStorage.removeItem(key);
      isRestored = false;
      document.load(original);
    },
    async start(lead, scheme) {
      const survey = workers.reader.call.buildPyramid();
      for (const name of summary.annotators) {
        const marks = await workers.reader.call.annotations(name);
        if (annotator === undefined) {
          annotator = name;
          original = marks;
          document.load(marks);
        } else others.set(name, marks);
      }
      const kept = keptMarks(key);
      if (kept !== undefined) {
        isRestored = true;
        document.load(kept);
        events.onRestored(kept.length);
      }
      events.onBeats();
      await workers.analysis.call.openForAnalysis(input);
      await recording.measure(lead, scheme);
      await survey;
    },
  };
  return recording;
}

/** Whether an edit changes the positions of beats, and not only their symbols. */
function movesBeats({ removed, added }: Edit): boolean {
  const places = (marks: readonly Mark[]): string =>
    marks
      .filter(mark => isBeat(mark.symbol))
      .map(mark => mark.sample)
      .sort((a, b) => a - b)
      .join(' ');
  return places(removed) !== places(added);
}

/** A proposed mark for each detected beat: the model's class, or `Q` without one. */
function proposals(pieces: readonly AnalysedPiece[], perFrame: number): Mark[] {
  return pieces.flatMap(({ rPeaks, beats, classes }) =>
    Array.from(rPeaks, (sample, k) =>
      markAt(Math.round(sample / perFrame), classes[beats.predicted[k]!] ?? 'Q', { isProposed: true }),
    ),
  );
}

function marksOfBeats(
  rPeaks: Int32Array,
  perFrame: number,
  marks: readonly Mark[],
): readonly (Mark | undefined)[] {
  const beats = marks.filter(mark => isBeat(mark.symbol));
  let at = 0;
  return Array.from(rPeaks, sample => {
    const frame = Math.round(sample / perFrame);
    while (at < beats.length && beats[at]!.sample < frame) at++;
    return beats[at]?.sample === frame ? beats[at] : undefined;
  });
}

/** The spans between pairs of `unusable …` comments, as the workbench writes them. */
function unusableSpans(marks: readonly Mark[], frameFrequency: number): LabelledSpan[] {
  const found: LabelledSpan[] = [];
  let from: number | undefined;
  for (const { symbol, aux, sample } of marks) {
    if (symbol !== '"') continue;
    if (aux === 'unusable from') from = sample / frameFrequency;
    else if (aux === 'unusable to' && from !== undefined) {
      found.push({
        from,
        to: sample / frameFrequency,
        kind: 'unusable',
        label: '',
        text: word('span_unusable'),
      });
      from = undefined;
    }
  }
  return found;
}

/** Spans of poor quality; adjacent windows with the same faults are merged. */
function joinedQuality(poor: readonly PoorQualitySpan[]): LabelledSpan[] {
  const joined: LabelledSpan[] = [];
  for (const { from, to, flags } of poor) {
    const names = flags.map(flag => {
      const name = `quality_${flag}`;
      return isWord(name) ? word(name) : flag;
    });
    const text = names.length === 0 ? word('quality') : names.join(', ');
    const last = joined.at(-1);
    if (last && last.text === text && Math.abs(last.to - from) < 1e-6)
      joined[joined.length - 1] = { ...last, to };
    else joined.push({ from, to, kind: 'quality', label: '', text });
  }
  return joined;
}

function joinedInts(parts: readonly Int32Array[]): Int32Array<ArrayBuffer> {
  const joined = new Int32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}
