/** Opening of recordings for windowed reading: one interface for every container. */
import { calibrationNotes } from '../../analysis/leads.ts';
import { findContainer } from '../../analysis/open-recording.ts';
import { InputError } from '../../input-error.ts';
import { readAnnotationFile } from '../../wfdb/annotations/annotation-file.ts';
import type { Annotation } from '../../wfdb/annotations/mit-format.ts';
import type { AnnotationDefinition } from '../../wfdb/annotations/notes.ts';
import { blobSource } from '../../wfdb/blob.ts';
import { edfToAnnotations, readEdfAnnotations } from '../../wfdb/edf/annotations.ts';
import { readEdf, readEdfHeader } from '../../wfdb/edf/read-edf.ts';
import { WfdbError } from '../../wfdb/errors.ts';
import { httpSource } from '../../wfdb/http.ts';
import { openRecord, type Recording, type Signal } from '../../wfdb/record.ts';
import type { Source } from '../../wfdb/source.ts';
import { annotatorsAmong, type RecordingInput } from './recording-input.ts';

/** The annotations of a file, and the annotation types that it defines in addition to the standard ones. */
export interface MarkFile {
  readonly annotations: readonly Annotation[];
  readonly definitions: readonly AnnotationDefinition[];
}

export interface LeadSummary {
  readonly name: string;
  /** `mV` for every voltage, else as the file says. */
  readonly units: string;
}

/** The metadata of a recording, known before any sample is read. */
export interface RecordingSummary {
  readonly record: string;
  /** Sampling frequency of the samples that `read` returns, Hz: that of the fastest lead. */
  readonly samplingFrequency: number;
  /** Samples per lead. */
  readonly length: number;
  /** Frame frequency, the unit of annotation times, Hz. */
  readonly frameFrequency: number;
  readonly leads: readonly LeadSummary[];
  /** Time of day of the first sample as written, where the file says it. */
  readonly baseTime: string | undefined;
  readonly comments: readonly string[];
  readonly annotators: readonly string[];
  /** Units and gains that the file does not state and that every value in mV rests on, in words. */
  readonly notes: readonly string[];
}

export interface OpenedRecording {
  readonly summary: RecordingSummary;
  /** Reads samples `[from, to)` of every lead at a common rate; voltages in mV, NaN where invalid. */
  read(from: number, to: number): Promise<Float64Array[]>;
  /** Reads the annotations of one annotator; throws `WfdbError` `not-found` when there is no such file. */
  annotations(annotator: string): Promise<MarkFile>;
}

/** Opens a recording. Throws `WfdbError` for missing or malformed files and `InputError` for one without samples. */
export async function openRecordingInput(input: RecordingInput): Promise<OpenedRecording> {
  const source = input.kind === 'files' ? blobSource(input.files) : httpSource(input.base);
  const opened = await openContainer(source, input.record);
  const { summary } = opened;
  if (!(summary.length > 0) || summary.leads.length === 0) {
    throw new InputError(`${input.record} has no samples to show`);
  }
  const annotators =
    input.kind === 'files'
      ? annotatorsAmong(input.files.keys(), input.record)
      : (input.annotators ?? (await reachable(source, input.record)));
  const embedded = summary.annotators;
  return { ...opened, summary: { ...summary, annotators: [...embedded, ...annotators] } };
}

/** A server cannot be asked for its files, so the reference annotator is tried. */
async function reachable(source: Source, record: string): Promise<string[]> {
  try {
    await source.read(`${record}.atr`, 0, 2);
    return ['atr'];
  } catch (error) {
    if (error instanceof WfdbError && error.code === 'not-found') return [];
    throw error;
  }
}

/** Whatever the file is called, its content says how it is read. */
async function openContainer(source: Source, record: string): Promise<OpenedRecording> {
  const { container, name } = await findContainer(source, record);
  if (container === 'WFDB') return openWfdb(source, name);
  if (container.name === 'EDF' || container.name === 'BDF') return openEdf(source, record);
  return whole(source, record, await container.read(source, record, {}));
}

async function openWfdb(source: Source, record: string): Promise<OpenedRecording> {
  const opened = await openRecord(source, record, { rate: 'highest' });
  if (opened.to === undefined) return whole(source, record, await opened.read(0, undefined));
  const { header } = opened;
  // The first frame gives the leads, and the rate at which `highest` returns them.
  const first = await opened.read(0, Math.min(1, opened.to));
  const perFrame = first.samplingFrequency / header.samplingFrequency;
  return {
    summary: {
      ...summaryOf(record, first, opened.to * perFrame),
      frameFrequency: header.samplingFrequency,
      baseTime: header.baseTime,
    },
    async read(from, to) {
      const [firstFrame, endFrame] = [Math.floor(from / perFrame), Math.ceil(to / perFrame)];
      const { signals } = await opened.read(firstFrame, endFrame);
      const skip = from - firstFrame * perFrame;
      return signals.map(signal => inMillivolts(signal).subarray(skip, skip + to - from));
    },
    annotations: annotator => marksOf(source, record, annotator, header.samplingFrequency),
  };
}

async function openEdf(source: Source, record: string): Promise<OpenedRecording> {
  const header = await readEdfHeader(source, record);
  if (header.records === undefined || header.variant === 'EDF+D') {
    return whole(source, record, await readEdf(source, record), 'EDF+');
  }
  const first = await readEdf(source, record, { from: 0, to: 1 });
  const rate = Math.max(...first.signals.map(signal => signal.samplingFrequency));
  const perFrame = rate / first.samplingFrequency;
  const frames = Math.round(header.records * header.recordSeconds * first.samplingFrequency);
  return {
    summary: {
      ...summaryOf(record, first, frames * perFrame),
      samplingFrequency: rate,
      frameFrequency: rate,
      annotators: ['EDF+'],
    },
    async read(from, to) {
      const [firstFrame, endFrame] = [Math.floor(from / perFrame), Math.ceil(to / perFrame)];
      const { signals } = await readEdf(source, record, { from: firstFrame, to: endFrame });
      const skip = from - firstFrame * perFrame;
      return signals.map(signal => atRate(signal, rate).subarray(skip, skip + to - from));
    },
    async annotations() {
      return {
        annotations: edfToAnnotations(await readEdfAnnotations(source, record), rate),
        definitions: [],
      };
    },
  };
}

/** A recording held in memory: a table, or a file that cannot be read in windows. */
function whole(source: Source, record: string, recording: Recording, embedded?: 'EDF+'): OpenedRecording {
  const rate = Math.max(...recording.signals.map(signal => signal.samplingFrequency));
  const leads = recording.signals.map(signal => atRate(signal, rate));
  return {
    summary: {
      ...summaryOf(record, recording, leads[0]?.length ?? 0),
      samplingFrequency: rate,
      frameFrequency: embedded === undefined ? recording.samplingFrequency : rate,
      baseTime: recording.header?.baseTime,
      annotators: embedded === undefined ? [] : [embedded],
    },
    async read(from, to) {
      return leads.map(lead => lead.subarray(from, to));
    },
    async annotations(annotator) {
      return embedded === annotator
        ? { annotations: edfToAnnotations(await readEdfAnnotations(source, record), rate), definitions: [] }
        : marksOf(source, record, annotator, recording.samplingFrequency);
    },
  };
}

function summaryOf(record: string, recording: Recording, length: number): RecordingSummary {
  return {
    record,
    samplingFrequency: recording.samplingFrequency,
    length,
    frameFrequency: recording.samplingFrequency,
    leads: recording.signals.map(({ name, units }, k) => ({
      name: name === '' ? String(k + 1) : name,
      units: millivoltsPer(units) === undefined ? units : 'mV',
    })),
    baseTime: undefined,
    comments: recording.comments,
    annotators: [],
    notes: calibrationNotes(recording.signals),
  };
}

const marksOf = async (
  source: Source,
  record: string,
  annotator: string,
  samplingFrequency: number,
): Promise<MarkFile> => {
  const { annotations, definitions } = await readAnnotationFile(source, record, annotator, {
    samplingFrequency,
  });
  return { annotations, definitions };
};

/** Millivolts per unit; undefined for a unit that is not a voltage. */
const millivoltsPer = (units: string): number | undefined =>
  ({ v: 1000, mv: 1, uv: 1e-3, µv: 1e-3, μv: 1e-3, nv: 1e-6 })[units.toLowerCase()];

function inMillivolts({ units, physical }: Signal): Float64Array {
  const factor = millivoltsPer(units) ?? 1;
  return factor === 1 ? physical : physical.map(value => value * factor);
}

/** A slower lead at the rate of the fastest one: each sample is held until the next. */
function atRate(signal: Signal, rate: number): Float64Array {
  const values = inMillivolts(signal);
  const repeat = rate / signal.samplingFrequency;
  if (repeat === 1) return values;
  return Float64Array.from(
    { length: Math.round(values.length * repeat) },
    (_, k) => values[Math.floor(k / repeat)]!,
  );
}
