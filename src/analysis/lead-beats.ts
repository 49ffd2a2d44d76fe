/** One lead of a recording in millivolts, and where its beats are: what every measurement starts from. */
import { createDetector } from '../beat/detect/streaming-detector.ts';
import { InputError } from '../input-error.ts';
import type { Annotation } from '../wfdb/annotations/annotation-file.ts';
import { isBeat } from '../wfdb/annotations/symbols.ts';
import { WfdbError } from '../wfdb/errors.ts';
import type { Source } from '../wfdb/source.ts';
import { chooseLead, leadPieces, readLead } from './leads.ts';
import { type OpenRecording, openRecording, type TimeWindow } from './open-recording.ts';

/**
 * Where beats come from: an annotator's file beside the record, our detector, or the reference annotations (`atr`)
 * where there are some and else our detector.
 */
export type BeatsFrom = { readonly annotator: string } | 'detector' | 'annotations or detector';

/** The beats of a recording. */
export interface RecordingBeats {
  /** Sample indices from the first sample of the window, ascending. */
  readonly rPeaks: Int32Array;
  /** The annotator's symbol of each beat; empty texts from the detector. */
  readonly symbols: readonly string[];
  /** In words. */
  readonly beatsFrom: string;
}

/** One lead and its beats. */
export interface LeadBeats extends RecordingBeats {
  readonly record: string;
  readonly lead: string;
  /** Hz */
  readonly samplingFrequency: number;
  /** Index in the whole record of the first sample held. */
  readonly start: number;
  /** mV, NaN where invalid. */
  readonly voltage: Float64Array;
  /** Units and gain in the file were assumed, not stated: what that means for the voltage, in words; empty if not. */
  readonly notes: readonly string[];
}

export interface LeadBeatsOptions extends TimeWindow {
  readonly lead?: string | undefined;
  readonly beats: BeatsFrom;
}

/**
 * Reads one lead and its beats. Throws `InputError` when there is no such lead or no beat, `WfdbError` for bad files.
 *
 * @example (await readLeadBeats(source, 'synth/s01', { beats: 'detector' })).rPeaks.length // => 215
 */
export async function readLeadBeats(
  source: Source,
  record: string,
  { lead, beats, ...window }: LeadBeatsOptions,
): Promise<LeadBeats> {
  const recording = await openRecording(source, record, window);
  const { name } = chooseLead(recording, lead);
  const { voltage, samplingFrequency, notes } = await readLead(recording, name);
  const found = await beatsOf(recording, [name], beats);
  return { record, lead: name, samplingFrequency, start: recording.start, voltage, notes, ...found };
}

/** The beats of a recording; a detector looks at `leads` together. Throws `InputError` when there is none. */
export async function beatsOf(
  recording: OpenRecording,
  leads: readonly string[],
  from: BeatsFrom,
): Promise<RecordingBeats> {
  const beats = await lookFor(recording, leads, from);
  if (beats.rPeaks.length === 0)
    throw new InputError(`${recording.name} has no beats there, ${beats.beatsFrom}`);
  return beats;
}

async function lookFor(
  recording: OpenRecording,
  leads: readonly string[],
  from: BeatsFrom,
): Promise<RecordingBeats> {
  if (from === 'detector') return detectBeats(recording, leads);
  if (from !== 'annotations or detector') return annotated(recording, from.annotator);
  try {
    return await annotated(recording, 'atr');
  } catch (error) {
    if (!(error instanceof WfdbError && error.code === 'not-found')) throw error;
    return detectBeats(recording, leads);
  }
}

async function annotated(recording: OpenRecording, annotator: string): Promise<RecordingBeats> {
  const { name, start } = recording;
  const file = await recording.annotations(annotator);
  if (file === undefined) {
    const expected = 'annotations';
    throw new WfdbError({
      code: 'not-found',
      file: name,
      expected,
      found: `none in this ${recording.container} file`,
    });
  }
  const end = start + (recording.length ?? Number.POSITIVE_INFINITY);
  const marks = beatMarks(file.annotations, start, end);
  return {
    rPeaks: Int32Array.from(marks, mark => mark.sample - start),
    symbols: marks.map(mark => mark.symbol),
    beatsFrom: `annotations ${name}.${annotator}`,
  };
}

/** The marks of beats from one sample to before another, in order, one at a time. */
const beatMarks = (annotations: readonly Annotation[], from: number, to: number): readonly Annotation[] =>
  annotations
    .filter(mark => isBeat(mark.symbol) && mark.sample >= from && mark.sample < to)
    .sort((a, b) => a.sample - b.sample)
    .filter((mark, k, all) => k === 0 || mark.sample > all[k - 1]!.sample);

/** Found on all the leads together, piece by piece. */
export async function detectBeats(
  recording: OpenRecording,
  leads: readonly string[],
): Promise<RecordingBeats> {
  const detector = createDetector(recording.samplingFrequency, leads.length);
  const rPeaks: number[] = [];
  let samples = 0;
  for await (const voltages of leadPieces(recording, leads)) {
    samples += voltages[0]!.length;
    for (const rPeak of detector.push(...voltages)) rPeaks.push(rPeak);
  }
  if (samples === 0) throw new InputError(`${recording.name} has no samples`);
  for (const rPeak of detector.finish()) rPeaks.push(rPeak);
  return {
    rPeaks: Int32Array.from(rPeaks),
    symbols: rPeaks.map(() => ''),
    beatsFrom: `detected on ${leads.join(', ')}`,
  };
}
