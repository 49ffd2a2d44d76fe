/** Opening of recordings for windowed reading: one interface for every container. */
import { findContainer } from '../../analysis/open-recording.ts';
import { InputError } from '../../input-error.ts';
import { readAnnotationFile } from '../../wfdb/annotations/annotation-file.ts';
import type { Annotation } from '../../wfdb/annotations/mit-format.ts';
import type { AnnotationDefinition } from '../../wfdb/annotations/notes.ts';
import { blobSource } from '../../wfdb/blob.ts';
import { type ContainerOptions, tableContainer } from '../../wfdb/containers.ts';
import { edfToAnnotations, readEdfAnnotationFile } from '../../wfdb/edf/annotations.ts';
import { edfBaseTime } from '../../wfdb/edf/header.ts';
import { openEdfSignals, readEdf } from '../../wfdb/edf/read-edf.ts';
import { WfdbError } from '../../wfdb/errors.ts';
import { httpSource } from '../../wfdb/http.ts';
import { openRecord, type Recording, type Signal } from '../../wfdb/record.ts';
import type { Source } from '../../wfdb/source.ts';
import { endsAt, type FileFault, faultsOf, recordFaults } from './file-faults.ts';
import { annotatorsAmong, type RecordingInput, type TableOptions } from './recording-input.ts';

/** The annotations of a file, and the annotation types that it defines in addition to the standard ones. */
export interface MarkFile {
  readonly annotations: readonly Annotation[];
  readonly definitions: readonly AnnotationDefinition[];
  /** What is damaged; the annotations are those that can be read nevertheless. */
  readonly faults: readonly FileFault[];
}

export interface LeadSummary {
  readonly name: string;
  /** `mV` for every voltage, else as the file says. */
  readonly units: string;
  /** Whether the file states the gain. */
  readonly isCalibrated: boolean;
  readonly areUnitsAssumed: boolean;
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
  /** Time of day of the first sample as written, if the file states it. */
  readonly baseTime: string | undefined;
  readonly comments: readonly string[];
  readonly annotators: readonly string[];
  /** Whether it is a text table, which can be read in other ways. */
  readonly isTable: boolean;
}

export interface OpenedRecording {
  readonly summary: RecordingSummary;
  /** Reads samples `[from, to)` of every lead at a common rate; voltages in mV, NaN where invalid or missing. */
  read(from: number, to: number): Promise<Float64Array[]>;
  /** Reads the annotations of one annotator; throws `WfdbError` `not-found` when there is no such file. */
  annotations(annotator: string): Promise<MarkFile>;
  /** The faults of the signal files found so far. */
  faults(): readonly FileFault[];
}

/**
 * Opens a recording, also a damaged one of which a part can be read: `faults` then lists what is wrong. Throws `WfdbError`
 * for missing or malformed files and `InputError` for one without samples.
 */
export async function openRecordingInput(input: RecordingInput): Promise<OpenedRecording> {
  const source = input.kind === 'files' ? blobSource(input.files) : httpSource(input.base);
  const opened = await openContainer(source, input.record, input.table);
  const { summary } = opened;
  if (!(summary.length > 0) || summary.leads.length === 0) {
    throw new InputError(`${input.record} has no samples to show`);
  }
  const annotators =
    input.kind === 'files'
      ? annotatorsAmong(input.files.keys(), input.record)
      : (input.annotators ?? (await reachable(source, input.record)));
  return { ...opened, summary: { ...summary, annotators: [...summary.annotators, ...annotators] } };
}

/** A server does not list its files, so the reference annotator is tried. */
async function reachable(source: Source, record: string): Promise<string[]> {
  try {
    await source.read(`${record}.atr`, 0, 2);
    return ['atr'];
  } catch (error) {
    if (error instanceof WfdbError && error.code === 'not-found') return [];
    throw error;
  }
}

/** The content determines the format, not the file name. */
async function openContainer(
  source: Source,
  record: string,
  table: TableOptions = {},
): Promise<OpenedRecording> {
  const { container, name } = await findContainer(source, record);
  if (container === 'WFDB') return openWfdb(source, name);
  if (container.name === 'EDF' || container.name === 'BDF') return openEdf(source, record);
  const opened = whole(
    source,
    record,
    await container.read(source, record, { lenient: true, ...tableRead(table) }),
  );
  return { ...opened, summary: { ...opened.summary, isTable: container === tableContainer } };
}

/** The options of a table in the form in which containers take them. */
const tableRead = ({ samplingFrequency, units, adcGain, ...table }: TableOptions): ContainerOptions => ({
  table,
  ...(samplingFrequency !== undefined && { samplingFrequency }),
  ...(units !== undefined && { units }),
  ...(adcGain !== undefined && { adcGain }),
});

async function openWfdb(source: Source, record: string): Promise<OpenedRecording> {
  const opened = await openRecord(source, record, { rate: 'highest', lenient: true });
  if (opened.to === undefined) return whole(source, record, await opened.read(0, undefined));
  const { header } = opened;
  // The first frame gives the leads, and the rate at which `highest` returns them.
  const first = await opened.read(0, Math.min(1, opened.to));
  const perFrame = first.samplingFrequency / header.samplingFrequency;
  const faults = recordFaults({ header, signals: first.signals });
  faults.add(first.warnings, Math.min(1, opened.to));
  const frames = shownLength(opened.to, faults.presentFrames, header.samplingFrequency);
  return {
    summary: {
      ...summaryOf(record, first, frames * perFrame),
      frameFrequency: header.samplingFrequency,
      baseTime: header.baseTime,
    },
    async read(from, to) {
      const [firstFrame, endFrame] = [Math.floor(from / perFrame), Math.ceil(to / perFrame)];
      const { signals, warnings } = await opened.read(firstFrame, endFrame);
      faults.add(warnings, endFrame);
      const skip = from - firstFrame * perFrame;
      return signals.map(signal => inMillivolts(signal).subarray(skip, skip + to - from));
    },
    annotations: annotator => marksOf(source, record, annotator, header.samplingFrequency),
    faults: () => faults.all,
  };
}

/** What `readEdf` says of the same data records that opening the file reports as missing. */
const notReadAsTold = 'data records not read';

/** The annotator of the annotations that an EDF+ file contains. */
const embedded = 'EDF+';

async function openEdf(source: Source, record: string): Promise<OpenedRecording> {
  const edf = await openEdfSignals(source, record, { lenient: true });
  const { header, samplingFrequency, signals } = edf;
  const annotators = header.signals.some(({ isAnnotations }) => isAnnotations) ? [embedded] : [];
  if (header.records === undefined || header.variant.endsWith('D') || signals.length === 0) {
    return whole(source, record, await readEdf(source, record, { lenient: true }), { annotators });
  }
  const present = await edf.length();
  const announced = Math.round(header.records * header.recordSeconds * samplingFrequency);
  const frames = shownLength(Math.max(present, announced), present, samplingFrequency);
  const first = await edf.read(0, 1);
  const rate = Math.max(...first.signals.map(signal => signal.samplingFrequency));
  const perFrame = rate / samplingFrequency;
  const faults = faultsOf(first.warnings.filter(({ what }) => what !== notReadAsTold)).map(fault =>
    fault.code === 'truncated' ? endsAt(fault, present, announced, samplingFrequency) : fault,
  );
  return {
    summary: {
      ...summaryOf(record, first, frames * perFrame),
      samplingFrequency: rate,
      frameFrequency: rate,
      baseTime: edfBaseTime(header).baseTime,
      annotators,
    },
    async read(from, to) {
      const [firstFrame, endFrame] = [Math.floor(from / perFrame), Math.ceil(to / perFrame)];
      const there = firstFrame < present ? await edf.read(firstFrame, Math.min(endFrame, present)) : first;
      const skip = from - firstFrame * perFrame;
      return there.signals.map(signal => {
        const samples = firstFrame < present ? atRate(signal, rate).subarray(skip, skip + to - from) : [];
        if (samples.length === to - from) return samples as Float64Array;
        const padded = new Float64Array(to - from).fill(Number.NaN);
        padded.set(samples);
        return padded;
      });
    },
    annotations: () => edfMarks(source, record, rate),
    faults: () => faults,
  };
}

/** Longest gap that is shown for what is missing at the end, s: a damaged header may state any length. */
const mostGapSeconds = 86_400;

/** Number of frames to show of a recording of `announced` frames of which `present` are there. */
const shownLength = (announced: number, present: number, samplingFrequency: number): number =>
  Math.min(announced, present + Math.round(mostGapSeconds * samplingFrequency));

/** A recording held in memory: a table, or a file that cannot be read in windows; `edf` is given for EDF and BDF. */
function whole(
  source: Source,
  record: string,
  recording: Recording,
  edf?: Pick<RecordingSummary, 'annotators'>,
): OpenedRecording {
  const rate = Math.max(...recording.signals.map(signal => signal.samplingFrequency));
  const leads = recording.signals.map(signal => atRate(signal, rate));
  const faults = faultsOf(recording.warnings);
  return {
    summary: {
      ...summaryOf(record, recording, leads[0]?.length ?? 0),
      samplingFrequency: rate,
      frameFrequency: edf === undefined ? recording.samplingFrequency : rate,
      baseTime: recording.header?.baseTime,
      ...edf,
    },
    async read(from, to) {
      return leads.map(lead => lead.subarray(from, to));
    },
    annotations: annotator =>
      edf !== undefined && annotator === embedded
        ? edfMarks(source, record, rate)
        : marksOf(source, record, annotator, recording.samplingFrequency),
    faults: () => faults,
  };
}

function summaryOf(record: string, recording: Recording, length: number): RecordingSummary {
  return {
    record,
    samplingFrequency: recording.samplingFrequency,
    length,
    frameFrequency: recording.samplingFrequency,
    leads: recording.signals.map(({ name, units, calibrated, unitsAssumed }, k) => ({
      name: name === '' ? String(k + 1) : name,
      units: millivoltsPer(units) === undefined ? units : 'mV',
      isCalibrated: calibrated,
      areUnitsAssumed: unitsAssumed ?? false,
    })),
    baseTime: undefined,
    comments: recording.comments,
    annotators: [],
    isTable: false,
  };
}

async function marksOf(
  source: Source,
  record: string,
  annotator: string,
  samplingFrequency: number,
): Promise<MarkFile> {
  const options = { samplingFrequency, lenient: true };
  const { annotations, definitions, warnings } = await readAnnotationFile(source, record, annotator, options);
  return { annotations, definitions, faults: faultsOf(warnings) };
}

async function edfMarks(source: Source, record: string, samplingFrequency: number): Promise<MarkFile> {
  const { annotations, warnings } = await readEdfAnnotationFile(source, record, { lenient: true });
  // What is wrong with the data records is among the faults of the signals.
  const own = warnings.filter(({ what }) => !what.startsWith('data records'));
  return {
    annotations: edfToAnnotations(annotations, samplingFrequency),
    definitions: [],
    faults: faultsOf(own),
  };
}

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
