/**
 * The analysis worker: measures beats, slopes, quality and classes part by part over the record, so that a recording of
 * a day needs no more memory than one of half an hour.
 */

import { type ClassifiedBeats, classifyBeats } from '../../analysis/classify.ts';
import type { LeadBeats } from '../../analysis/lead-beats.ts';
import { isPoor } from '../../analysis/report/quality-spans.ts';
import { type DelineatedBeat, delineate } from '../../beat/delineate/delineate.ts';
import { detectQrs } from '../../beat/detect/detect-qrs.ts';
import { unpacedLead } from '../../beat/pacing/pacing.ts';
import { type LeadQuality, measureQuality, type QualityFlag } from '../../beat/quality/quality.ts';
import { measureSlopes, type SlopeProvenance } from '../../beat/slopes/measure-slopes.ts';
import { estimateNoise, type NoiseModel } from '../../beat/uncertainty/noise-model.ts';
import { parseScheme } from '../../diff/scheme.ts';
import { InputError } from '../../input-error.ts';
import type { Classifier } from '../../learn/model/classifier.ts';
import { parseModel } from '../../learn/model/model-json.ts';
import { lowerBound } from '../../lower-bound.ts';
import type { BeatColumns } from '../beats/beat-columns.ts';
import { type OpenedRecording, openRecordingInput } from '../open/open-recording.ts';
import type { RecordingInput } from '../open/recording-input.ts';
import { type BucketRun, bucketsOf, finestBucket } from '../trace/pyramid.ts';
import { slopeOf } from '../trace/trace-signals.ts';
import { columnsOf } from './piece-columns.ts';

/**
 * Length of a piece and its margin on either side, s. A typical half-hour record is one piece; the pieces of a long
 * record are shorter, to save memory. A beat is compared with the typical beat of its piece.
 */
const pieceSeconds = 1860;
const longPieceSeconds = 600;
const marginSeconds = 12;

/** Longest record whose voltage is kept in memory for queries about beats, s; that of a longer one is read again. */
const mostHeldSeconds = 7200;

export interface AnalysisRequest {
  /** Index of the lead. */
  readonly lead: number;
  /** R peaks as ascending sample indices; detected when absent. */
  readonly rPeaks?: Int32Array;
  readonly scheme?: string;
}

/** A span of poor signal quality, s. */
export interface PoorQualitySpan {
  readonly startSeconds: number;
  readonly endSeconds: number;
  readonly flags: readonly QualityFlag[];
}

/** The result of a piece. */
export interface AnalysedPiece {
  readonly request: number;
  /** R peaks, sample indices in the record. */
  readonly rPeaks: Int32Array;
  readonly beats: BeatColumns;
  readonly poorQuality: readonly PoorQualitySpan[];
  readonly classes: readonly string[];
  /** How the slopes were measured. */
  readonly provenance: Pick<SlopeProvenance, 'scheme' | 'windowMs' | 'samplingFrequency'>;
  /** The noise of the lead; undefined where it cannot be estimated. */
  readonly noise: NoiseModel | undefined;
  /** Positions of pacing spikes, sample indices in the record. */
  readonly spikes: Int32Array;
  /** Extremes of dV/dt over the piece, mV/s. */
  readonly slopeExtremes: BucketRun;
  readonly done: number;
  readonly total: number;
}

/** A piece that is kept to answer queries about its beats. */
export interface HeldPiece {
  readonly beats: LeadBeats;
  /** Index in the record of the first of its own beats, and their position in `beats.rPeaks`. */
  readonly first: number;
  readonly own: readonly [from: number, to: number];
  /** Absent without a model, or when there are too few beats. */
  readonly classified: ClassifiedBeats | undefined;
}

/** The state of the current analysis, for later queries. */
export interface AnalysisState {
  lead: number;
  /** Name of the derivative scheme; undefined for the default one. */
  scheme: string | undefined;
  recording: OpenedRecording | undefined;
  model: Classifier | undefined;
  request: number;
  pieces: HeldPiece[];
}

export function createAnalysisState(): AnalysisState {
  return { lead: 0, scheme: undefined, recording: undefined, model: undefined, request: 0, pieces: [] };
}

export type AnalysisWorker = ReturnType<typeof createAnalysisWorker>;

export interface AnalysisWorkerEvents {
  readonly piece: AnalysedPiece;
}

/** Creates the handlers of the worker; one recording is open at a time. */
export function createAnalysisWorker(
  state: AnalysisState,
  emit: <K extends keyof AnalysisWorkerEvents>(event: K, data: AnalysisWorkerEvents[K]) => void,
  pause: () => Promise<void>,
) {
  return {
    async openForAnalysis(input: RecordingInput): Promise<void> {
      state.request++;
      state.pieces = [];
      state.recording = await openRecordingInput(input);
    },

    /** Loads a model from JSON text; returns its classes. */
    useModel(text: string): readonly string[] {
      state.model = parseModel(text);
      return state.model.classes;
    },

    /**
     * Measures every beat of a lead and sends a `piece` event after each piece. A later request cancels it. Returns the
     * number of the request. Throws `RangeError` when no recording is open.
     */
    async analyse(request: AnalysisRequest): Promise<number> {
      const number = ++state.request;
      const { recording } = state;
      if (recording === undefined) throw new InputError('no recording is open');
      const { length, samplingFrequency } = recording.summary;
      const margin = Math.round(marginSeconds * samplingFrequency);
      state.pieces = [];
      state.lead = request.lead;
      const piece = samplesPerPiece(length, samplingFrequency);
      state.scheme = request.scheme;
      let first = 0;
      for (let start = 0; start < length; start += piece) {
        const end = Math.min(length, start + piece);
        const offset = Math.max(0, start - margin);
        const wide = await recording.read(offset, Math.min(length, end + margin));
        const voltage = wide[request.lead]!;
        if (number !== state.request) return number;
        const { piece: analysed, held } = analysePiece(state, request, {
          voltage,
          offset,
          start,
          end,
          first,
        });
        state.pieces.push(held);
        first += analysed.rPeaks.length;
        emit('piece', { ...analysed, request: number, done: end, total: length });
        await pause();
        if (number !== state.request) return number;
      }
      return number;
    },

    /** Ends the measurement; the beats measured so far stay. */
    stopAnalysis(): void {
      state.request++;
    },

    delineateWindow: (lead: number, rPeaks: Int32Array, from: number, to: number) =>
      delineateWindow(state, lead, rPeaks, [from, to]),
  };
}

/** Number of samples analysed at a time, in whole buckets of the pyramid. */
function samplesPerPiece(length: number, samplingFrequency: number): number {
  const isLong = length > Math.round(mostHeldSeconds * samplingFrequency);
  const samples = Math.round((isLong ? longPieceSeconds : pieceSeconds) * samplingFrequency);
  return finestBucket * Math.ceil(samples / finestBucket);
}

/**
 * P, QRS and T of the given beats within samples `[from, to)`, as sample indices in the record. Throws `RangeError`
 * when no recording is open.
 */
async function delineateWindow(
  state: AnalysisState,
  lead: number,
  rPeaks: Int32Array,
  [from, to]: readonly [number, number],
): Promise<DelineatedBeat[]> {
  const { recording } = state;
  if (recording === undefined) throw new InputError('no recording is open');
  const voltage = (await recording.read(from, to))[lead]!;
  const inside = rPeaks.filter(r => r >= from && r < to).map(r => r - from);
  const { samplingFrequency } = recording.summary;
  const wave = (w: { onset: number; peak: number; offset: number } | undefined) =>
    w && { onset: w.onset + from, peak: w.peak + from, offset: w.offset + from };
  const shifted = (sample: number | undefined): number | undefined =>
    sample === undefined ? undefined : sample + from;
  return delineate(voltage, samplingFrequency, inside).map(beat => ({
    ...beat,
    rPeak: beat.rPeak + from,
    qrs: { ...beat.qrs, onset: shifted(beat.qrs.onset), offset: shifted(beat.qrs.offset) },
    p: wave(beat.p),
    t: wave(beat.t),
  }));
}

interface PieceInput {
  readonly voltage: Float64Array;
  /** Index in the record of the first sample of `voltage`. */
  readonly offset: number;
  /** Range of the piece without its margins, samples. */
  readonly start: number;
  readonly end: number;
  /** Index in the record of the piece's first beat. */
  readonly first: number;
}

function analysePiece(state: AnalysisState, request: AnalysisRequest, input: PieceInput) {
  const { voltage, offset, start, end, first } = input;
  const { summary } = state.recording!;
  const { samplingFrequency } = summary;
  const rPeaks =
    request.rPeaks === undefined
      ? detectQrs(voltage, samplingFrequency)
      : request.rPeaks
          .filter(sample => sample >= offset && sample < offset + voltage.length)
          .map(sample => sample - offset);
  const ownFrom = lowerBound(rPeaks, start - offset);
  const ownTo = lowerBound(rPeaks, end - offset);
  const slopes = measureSlopes(
    voltage,
    samplingFrequency,
    rPeaks,
    request.scheme === undefined ? {} : { scheme: parseScheme(request.scheme) },
  );
  const unpaced = unpacedLead(voltage, samplingFrequency);
  const quality = measureQuality(voltage, samplingFrequency, rPeaks);
  const beats: LeadBeats = {
    record: summary.record,
    lead: summary.leads[request.lead]!.name,
    samplingFrequency,
    start: offset,
    voltage,
    rPeaks,
    symbols: Array.from(rPeaks, () => ''),
    notes: [],
    beatsFrom: request.rPeaks === undefined ? 'detected' : 'annotations',
  };
  const classified = state.model && rPeaks.length >= 2 ? classifyBeats(state.model, beats) : undefined;
  const columns = columnsOf(beats, { slopes, quality, classified, model: state.model }, [ownFrom, ownTo]);
  const isShort = summary.length <= mostHeldSeconds * samplingFrequency;
  const held: HeldPiece = {
    beats: isShort ? beats : { ...beats, voltage: new Float64Array() },
    first,
    own: [ownFrom, ownTo],
    classified,
  };
  const { scheme, windowMs } = slopes.provenance;
  return {
    held,
    piece: {
      rPeaks: rPeaks.slice(ownFrom, ownTo).map(r => r + offset),
      beats: columns,
      poorQuality: poorSpans(quality, input, samplingFrequency),
      classes: state.model?.classes ?? [],
      noise: estimateNoise(unpaced.voltage, samplingFrequency, rPeaks),
      spikes: Int32Array.from(unpaced.spikes, ({ sample }) => sample + offset).filter(
        sample => sample >= start && sample < end,
      ),
      slopeExtremes: bucketsOf(
        slopeOf(voltage, scheme, samplingFrequency).subarray(start - offset, end - offset),
        start,
      ),
      provenance: { scheme, windowMs, samplingFrequency },
    },
  };
}

/** The spans of poor quality in a piece without its margins, s. */
function poorSpans(
  quality: LeadQuality,
  { offset, start, end }: PieceInput,
  samplingFrequency: number,
): PoorQualitySpan[] {
  return quality.windows
    .filter(isPoor)
    .filter(({ start: a, end: b }) => offset + b > start && offset + a < end)
    .map(({ start: a, end: b, flags }) => ({
      startSeconds: Math.max(start, offset + a) / samplingFrequency,
      endSeconds: Math.min(end, offset + b) / samplingFrequency,
      flags,
    }));
}
