/** One way into a recording, whatever container it is in: what it holds, and its samples piece by piece. */
import { type AnnotationFile, readAnnotationFile } from '../wfdb/annotations/annotation-file.ts';
import { recordChunks } from '../wfdb/chunks.ts';
import { readCsv } from '../wfdb/csv/read-csv.ts';
import { edfToAnnotations, readEdfAnnotations } from '../wfdb/edf/annotations.ts';
import { readEdf } from '../wfdb/edf/read-edf.ts';
import { openRecord, type Recording, readRecord, type Signal } from '../wfdb/record.ts';
import type { Source } from '../wfdb/source.ts';

/** Which part of a recording, s; all of it where nothing is said. */
export interface TimeWindow {
  readonly from?: number;
  readonly to?: number;
}

/** What is known of a signal without its samples. */
export type SignalDescription = Pick<Signal, 'name' | 'units' | 'calibrated' | 'samplingFrequency'>;

/** A recording opened for reading. */
export interface OpenRecording {
  /** As asked for. */
  readonly name: string;
  readonly container: 'wfdb' | 'edf' | 'csv';
  /** Hz; frames per second. */
  readonly samplingFrequency: number;
  /** Index in the whole recording of the first frame of the window. */
  readonly start: number;
  /** Frames in the window; undefined where only reading to the end would tell. */
  readonly length: number | undefined;
  readonly signals: readonly SignalDescription[];
  /** The window as consecutive pieces of some minutes, of the signals named or all. */
  pieces(signals?: readonly string[]): AsyncIterable<Recording>;
  /** The window in one piece. */
  read(signals?: readonly string[]): Promise<Recording>;
  /**
   * The annotations of the window, counted from the start of the whole recording: of a WFDB record those of the
   * annotator named, of EDF+ its own. Undefined where the container has none of that name.
   */
  annotations(annotator: string): Promise<Pick<AnnotationFile, 'annotations' | 'definitions'> | undefined>;
}

/** Long enough to be read fast, short enough to be forgotten: 3 leads at 500 Hz are 7 MB. */
const pieceSeconds = 600;

/**
 * Opens a recording: a WFDB record by its name, an EDF or CSV file by its file name. Signals of several samples a frame
 * are brought to one. Throws `InputError` for a window outside the recording, `WfdbError` for bad files.
 *
 * @example
 * const recording = await openRecording(source, 'mitdb/100', { from: 0, to: 60 });
 * recording.signals.map(({ name }) => name); // => ['MLII', 'V5']
 */
export async function openRecording(
  source: Source,
  name: string,
  window: TimeWindow = {},
): Promise<OpenRecording> {
  if (/\.edf$/i.test(name)) return openEdf(source, name, window);
  if (/\.csv$/i.test(name)) return openCsv(source, name);
  return openWfdb(source, name, window);
}

async function openWfdb(source: Source, name: string, window: TimeWindow): Promise<OpenRecording> {
  const options = { unit: 'seconds', ...window } as const;
  const record = await openRecord(source, name, options);
  let first: Recording;
  try {
    // One frame tells what the signals are; a record without samples has none to read.
    const isEmpty = record.to !== undefined && record.to <= record.from;
    first = await record.read(record.from, isEmpty ? record.from : record.from + 1);
  } finally {
    record.close();
  }
  return {
    name,
    container: 'wfdb',
    samplingFrequency: first.samplingFrequency,
    start: first.start,
    length: record.to === undefined ? undefined : record.to - record.from,
    signals: first.signals.map(descriptionOf),
    pieces: signals =>
      recordChunks(source, name, { ...options, ...(signals && { signals }), seconds: pieceSeconds }),
    read: signals => readRecord(source, name, { ...options, ...(signals && { signals }) }),
    annotations: annotator => readAnnotationFile(source, name, annotator),
  };
}

async function openEdf(source: Source, name: string, window: TimeWindow): Promise<OpenRecording> {
  const recording = await readEdf(source, name, { unit: 'seconds', ...window });
  return {
    ...inMemory(recording, 'edf'),
    async annotations() {
      const events = edfToAnnotations(await readEdfAnnotations(source, name), recording.samplingFrequency);
      return events.length === 0 ? undefined : { annotations: events, definitions: [] };
    },
  };
}

async function openCsv(source: Source, name: string): Promise<OpenRecording> {
  return { ...inMemory(await readCsv(source, name), 'csv'), annotations: async () => undefined };
}

/** A recording that was read whole. */
function inMemory(
  recording: Recording,
  container: OpenRecording['container'],
): Omit<OpenRecording, 'annotations'> {
  const chosen = (names: readonly string[] | undefined): Recording =>
    names === undefined
      ? recording
      : { ...recording, signals: recording.signals.filter(({ name }) => names.includes(name)) };
  return {
    name: recording.name,
    container,
    samplingFrequency: recording.samplingFrequency,
    start: recording.start,
    length: recording.length,
    signals: recording.signals.map(descriptionOf),
    async *pieces(signals) {
      yield chosen(signals);
    },
    read: async signals => chosen(signals),
  };
}

const descriptionOf = ({ name, units, calibrated, samplingFrequency }: Signal): SignalDescription => ({
  name,
  units,
  calibrated,
  samplingFrequency,
});
