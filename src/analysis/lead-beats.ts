/** One lead of a recording in millivolts, with its beats: the input of every measurement. */
import { createDetector, type Detector, detectInLeads } from '../beat/detect/streaming-detector.ts';
import { InputError } from '../input-error.ts';
import type { Annotation } from '../wfdb/annotations/annotation-file.ts';
import { isBeat } from '../wfdb/annotations/symbols.ts';
import { WfdbError } from '../wfdb/errors.ts';
import type { Source } from '../wfdb/source.ts';
import type { ReadWarning } from '../wfdb/warnings.ts';
import { defaultLead } from './default-lead.ts';
import { filterNotes } from './filter-slope-loss.ts';
import { signalNotesOf } from './lead-condition.ts';
import { leadPieces, readLead } from './leads.ts';
import {
  type OpenAnnotations,
  type OpenOptions,
  type OpenRecording,
  openRecording,
} from './open-recording.ts';
import { spikesOfLead } from './spikes-of-lead.ts';
import { filteredRecording, type VoltageFilter } from './voltage-filter.ts';

/**
 * Source of beats: an annotation file, the detector, or the reference annotations (`atr`)
 * if they mark a beat and otherwise the detector.
 */
export type BeatsFrom = { readonly annotator: string } | 'detector' | 'annotations or detector';

/** The beats of a recording or a window of it. */
export interface RecordingBeats {
  /** Sample indices relative to the start of the window, ascending. */
  readonly rPeaks: Int32Array;
  /**
   * Annotation symbol of each beat; empty for detected beats, and `|` for what was detected where there are no QRS
   * complexes and is no beat (`withArtefacts`).
   */
  readonly symbols: readonly string[];
  /** Description of the source of the beats. */
  readonly beatsFrom: string;
}

/** One lead and its beats. */
export interface LeadBeats extends RecordingBeats {
  readonly record: string;
  readonly lead: string;
  /** Hz */
  readonly samplingFrequency: number;
  /** Samples per frame of the record, whose annotation files count in frames; default 1. */
  readonly samplesPerFrame?: number;
  /** Index of the first sample within the whole record. */
  readonly start: number;
  /** mV, NaN where invalid. */
  readonly voltage: Float64Array;
  /** Notes on the calibration of the voltage if units or gain were assumed; empty if both are stated in the file. */
  readonly notes: readonly string[];
  /** Warnings issued while reading the recording: what was assumed, omitted or filled in. */
  readonly warnings?: readonly ReadWarning[];
}

export interface LeadBeatsOptions extends OpenOptions {
  readonly lead?: string | undefined;
  /** Filter applied to the voltage, also for beat detection; none by default. */
  readonly filter?: VoltageFilter | undefined;
  readonly beats: BeatsFrom;
}

/**
 * Reads one lead, in mV, and the sample indices of its beats. Throws `InputError` if there is no such lead or no
 * beat, and `WfdbError` for malformed files.
 *
 * @example (await readLeadBeats(source, 'synth/s01', { beats: 'detector' })).rPeaks.length // => 215
 */
export async function readLeadBeats(
  source: Source,
  record: string,
  { lead, beats, filter, ...options }: LeadBeatsOptions,
): Promise<LeadBeats> {
  const all = await openRecording(source, record, options);
  const { lead: chosen, notes: ofChoice } = await defaultLead(all, lead);
  const { name } = chosen;
  const recording = filteredRecording(all.withSignals([name]), filter);
  const { voltage, samplingFrequency, notes } = await readLead(recording, name);
  const found = await beatsOf(recording, [name], beats);
  const { start, warnings, samplesPerFrame } = recording;
  return {
    record,
    lead: name,
    samplingFrequency,
    samplesPerFrame,
    start,
    voltage,
    notes: [...ofChoice, ...notes, ...(filter ? await filterNotes(all, [name], found.rPeaks, filter) : [])],
    warnings,
    ...found,
  };
}

/** The beats of a recording; the detector uses `leads` jointly. Throws `InputError` if there are none. */
export async function beatsOf(
  recording: OpenRecording,
  leads: readonly string[],
  from: BeatsFrom,
): Promise<RecordingBeats> {
  const beats = await beatsIfAny(recording, leads, from);
  if (beats.rPeaks.length === 0) {
    const reasons = await signalNotesOf(recording, leads, beats.rPeaks);
    throw new InputError([`${recording.name} has no beats, ${beats.beatsFrom}`, ...reasons].join(': '));
  }
  return beats;
}

/** As `beatsOf`; there may be none. */
export async function beatsIfAny(
  recording: OpenRecording,
  leads: readonly string[],
  from: BeatsFrom,
): Promise<RecordingBeats> {
  if (from === 'detector') return detectBeats(recording, leads);
  const isAsked = from !== 'annotations or detector';
  const annotator = isAsked ? from.annotator : 'atr';
  const file = await annotationsOf(recording, annotator, isAsked);
  // Rhythm changes, sleep stages and comments do not mark beats.
  if (file === undefined || (!isAsked && !file.annotations.some(mark => isBeat(mark.symbol)))) {
    return detectBeats(recording, leads);
  }
  const { name, start, container } = recording;
  const marks = beatMarks(file.annotations, start, start + (recording.length ?? Number.POSITIVE_INFINITY));
  return {
    rPeaks: Int32Array.from(marks, mark => mark.sample - start),
    symbols: marks.map(mark => mark.symbol),
    beatsFrom: container === 'WFDB' ? `annotations ${name}.${annotator}` : `annotations in ${name}`,
  };
}

/**
 * The annotations, or undefined if there are none. Throws `WfdbError` if an explicitly requested annotation file is
 * missing.
 */
async function annotationsOf(
  recording: OpenRecording,
  annotator: string,
  isAsked: boolean,
): Promise<OpenAnnotations | undefined> {
  const { name, container } = recording;
  try {
    const file = await recording.annotations(annotator);
    if (file !== undefined || !isAsked) return file;
  } catch (error) {
    const isAbsent = error instanceof WfdbError && error.code === 'not-found';
    if (isAsked || !isAbsent) throw error;
    return undefined;
  }
  const found = `none in this ${container} file`;
  throw new WfdbError({ code: 'not-found', file: name, expected: 'annotations', found });
}

/** The beat annotations within a range of samples, sorted, at most one per sample. */
const beatMarks = (annotations: readonly Annotation[], from: number, to: number): readonly Annotation[] =>
  annotations
    .filter(mark => isBeat(mark.symbol) && mark.sample >= from && mark.sample < to)
    .sort((a, b) => a.sample - b.sample)
    .filter((mark, k, all) => k === 0 || mark.sample > all[k - 1]!.sample);

/** Detects beats on all leads jointly, piece by piece unless the recording comes as one. */
export async function detectBeats(
  recording: OpenRecording,
  leads: readonly string[],
): Promise<RecordingBeats> {
  const { samplingFrequency, length } = recording;
  let rPeaks: number[] = [];
  let detector: Detector | undefined;
  let samples = 0;
  for await (const voltages of leadPieces(recording, leads)) {
    const count = voltages[0]!.length;
    samples += count;
    if (count > 0 && count === length) {
      const spikes = voltages.map(voltage => spikesOfLead(voltage, samplingFrequency));
      rPeaks = [...detectInLeads(voltages, samplingFrequency, spikes)];
      continue;
    }
    detector ??= createDetector(samplingFrequency, leads.length);
    for (const rPeak of detector.push(...voltages)) rPeaks.push(rPeak);
  }
  if (samples === 0) throw new InputError(`${recording.name} has no samples`);
  for (const rPeak of detector?.finish() ?? []) rPeaks.push(rPeak);
  return {
    rPeaks: Int32Array.from(rPeaks),
    symbols: rPeaks.map(() => ''),
    beatsFrom: `detected on ${leads.join(', ')}`,
  };
}

/** The most frequent symbol of beats, the first of several; empty without beats. */
export function mostFrequent(symbols: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const symbol of symbols) counts.set(symbol, (counts.get(symbol) ?? 0) + 1);
  return [...counts].sort(([, a], [, b]) => b - a)[0]?.[0] ?? '';
}
