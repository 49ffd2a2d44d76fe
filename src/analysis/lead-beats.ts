/** One lead of a record in millivolts, and where its beats are: what every measurement starts from. */
import { detectQrsMultiLead } from '../beat/detect/detect-qrs.ts';
import { InputError } from '../input-error.ts';
import { readAnnotations } from '../wfdb/annotations/annotation-file.ts';
import { isBeat } from '../wfdb/annotations/symbols.ts';
import { WfdbError } from '../wfdb/errors.ts';
import { type Recording, readRecord, type Signal } from '../wfdb/record.ts';
import type { Source } from '../wfdb/source.ts';

/**
 * Where beats come from: an annotator's file beside the record, our detector, or the reference annotations (`atr`)
 * where there are some and else our detector.
 */
export type BeatsFrom = { readonly annotator: string } | 'detector' | 'annotations or detector';

/** The beats of a recording. */
export interface RecordingBeats {
  /** Positions in frames from the first frame held, ascending; between frames where a lead has more samples. */
  readonly frames: Float64Array;
  /** The annotator's symbol of each beat; empty texts from the detector. */
  readonly symbols: readonly string[];
  /** In words. */
  readonly beatsFrom: string;
}

/** One lead and its beats. */
export interface LeadBeats {
  readonly record: string;
  readonly lead: string;
  /** Hz */
  readonly samplingFrequency: number;
  /** Index in the whole record of the first sample held. */
  readonly start: number;
  /** mV, NaN where invalid. */
  readonly voltage: Float64Array;
  /** Sample indices into `voltage`, ascending. */
  readonly rPeaks: Int32Array;
  /** As in `RecordingBeats`. */
  readonly symbols: readonly string[];
  readonly beatsFrom: string;
}

/** Millivolts in one unit, by its name in lower case; both signs for micro. */
const millivoltsIn: ReadonlyMap<string, number> = new Map([
  ['v', 1000],
  ['mv', 1],
  ['uv', 1e-3],
  ['\u00b5v', 1e-3],
  ['\u03bcv', 1e-3],
  ['nv', 1e-6],
]);

/** Millivolts in one unit, or undefined when the unit is no voltage. */
const millivoltsPer = (units: string): number | undefined => millivoltsIn.get(units.toLowerCase());

/** A signal's samples in mV. Throws `InputError` when its units are no voltage. */
export function millivolts(signal: Signal): Float64Array {
  const factor = millivoltsPer(signal.units);
  if (factor === undefined) throw new InputError(`signal ${signal.name} is in ${signal.units}, not in volts`);
  return factor === 1 ? signal.physical : signal.physical.map(value => value * factor);
}

/** The signals of a record that are voltages. Throws `InputError` when there are none. */
export function voltageLeads(recording: Recording): Signal[] {
  const leads = recording.signals.filter(signal => millivoltsPer(signal.units) !== undefined);
  if (leads.length === 0) {
    const found = recording.signals.map(signal => `${signal.name} in ${signal.units}`).join(', ');
    throw new InputError(`${recording.name} has no lead in volts: ${found || 'no signals'}`);
  }
  return leads;
}

/** The lead asked for by name, in any case; without a name MLII or II where there is one, else the first. */
export function chooseLead(recording: Recording, name: string | undefined): Signal {
  const leads = voltageLeads(recording);
  const named = (wanted: string): Signal | undefined =>
    leads.find(lead => lead.name === wanted) ??
    leads.find(lead => lead.name.toUpperCase() === wanted.toUpperCase());
  if (name === undefined) {
    return named('MLII') ?? named('II') ?? leads[0]!;
  }
  const lead = named(name);
  if (lead === undefined) {
    throw new InputError(
      `${recording.name} has no lead ${name}: it has ${leads.map(l => l.name).join(', ')}`,
    );
  }
  return lead;
}

export interface LeadBeatsOptions {
  readonly lead?: string | undefined;
  readonly beats: BeatsFrom;
  /** Part of the record, s. */
  readonly from?: number;
  readonly to?: number;
}

/** Reads one lead and its beats. Throws `InputError` when there is no such lead or no beat, `WfdbError` for bad files. */
export async function readLeadBeats(
  source: Source,
  record: string,
  options: LeadBeatsOptions,
): Promise<LeadBeats> {
  const { from, to } = options;
  const recording = await readRecord(source, record, {
    unit: 'seconds',
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
  });
  const signal = chooseLead(recording, options.lead);
  const { frames, symbols, beatsFrom } = await beatsOf(source, recording, [signal], options.beats);
  const perFrame = samplesPerFrame(recording, signal);
  return {
    record,
    lead: signal.name,
    samplingFrequency: signal.samplingFrequency,
    start: recording.start * perFrame,
    voltage: millivolts(signal),
    rPeaks: Int32Array.from(frames, frame => Math.round(frame * perFrame)),
    symbols,
    beatsFrom,
  };
}

/** A signal of several samples a frame has its own sample indices. */
export function samplesPerFrame(recording: Recording, signal: Signal): number {
  return signal.samplingFrequency / recording.samplingFrequency;
}

/** The beats of a recording; a detector looks at `leads` together. Throws `InputError` when there is none. */
export async function beatsOf(
  source: Source,
  recording: Recording,
  leads: readonly Signal[],
  from: BeatsFrom,
): Promise<RecordingBeats> {
  const beats = await lookFor(source, recording, leads, from);
  if (beats.frames.length === 0)
    throw new InputError(`${recording.name} has no beats there, ${beats.beatsFrom}`);
  return beats;
}

async function lookFor(
  source: Source,
  recording: Recording,
  leads: readonly Signal[],
  from: BeatsFrom,
): Promise<RecordingBeats> {
  if (from === 'detector') return detected(recording, leads);
  if (from !== 'annotations or detector') return annotated(source, recording, from.annotator);
  try {
    return await annotated(source, recording, 'atr');
  } catch (error) {
    if (!(error instanceof WfdbError && error.code === 'not-found')) throw error;
    return detected(recording, leads);
  }
}

async function annotated(source: Source, recording: Recording, annotator: string): Promise<RecordingBeats> {
  const { name, start, length } = recording;
  const marks = (await readAnnotations(source, name, annotator))
    .filter(mark => isBeat(mark.symbol) && mark.sample >= start && mark.sample < start + length)
    .sort((a, b) => a.sample - b.sample)
    .filter((mark, k, all) => k === 0 || mark.sample > all[k - 1]!.sample);
  return {
    frames: Float64Array.from(marks, mark => mark.sample - start),
    symbols: marks.map(mark => mark.symbol),
    beatsFrom: `annotations ${name}.${annotator}`,
  };
}

/** Found on all leads that share the first one's rate. */
function detected(recording: Recording, leads: readonly Signal[]): RecordingBeats {
  const rate = leads[0]!.samplingFrequency;
  const together = leads.filter(signal => signal.samplingFrequency === rate);
  const samples = detectQrsMultiLead(together.map(millivolts), rate);
  return {
    frames: Float64Array.from(samples, sample => (sample * recording.samplingFrequency) / rate),
    symbols: Array.from(samples, () => ''),
    beatsFrom: `detected on ${together.map(signal => signal.name).join(', ')}`,
  };
}
