/** One way into a recording, whatever container it is in: what it holds, and its samples piece by piece. */
import { InputError } from '../input-error.ts';
import { type AnnotationFile, readAnnotationFile } from '../wfdb/annotations/annotation-file.ts';
import { recordChunks } from '../wfdb/chunks.ts';
import {
  type Container,
  containers,
  detectContainer,
  detectionBytes,
  unknownContainer,
} from '../wfdb/containers.ts';
import { type CsvOptions, readCsv } from '../wfdb/csv/read-csv.ts';
import { edfToAnnotations, readEdfAnnotations } from '../wfdb/edf/annotations.ts';
import { WfdbError } from '../wfdb/errors.ts';
import { openRecord, type Recording, readRecord, type Signal } from '../wfdb/record.ts';
import type { Source } from '../wfdb/source.ts';
import { unsupportedFormatOf } from '../wfdb/unsupported-formats.ts';
import type { ReadWarning } from '../wfdb/warnings.ts';

/** Which part of a recording, s; all of it where nothing is said. */
export interface TimeWindow {
  readonly from?: number;
  readonly to?: number;
}

/** How to open a recording, beside the window. */
export interface OpenOptions extends TimeWindow {
  /** What a table does not say of itself. */
  readonly table?: CsvOptions;
  /** Containers known, in the order in which they are asked; default those read here. Tables come last. */
  readonly containers?: readonly Container[];
}

/** What is known of a signal without its samples. */
export type SignalDescription = Pick<
  Signal,
  'name' | 'units' | 'calibrated' | 'samplingFrequency' | 'unitsAssumed'
>;

/** A recording opened for reading. */
export interface OpenRecording {
  /** As asked for. */
  readonly name: string;
  /** `WFDB`, `EDF`, `BDF`, `MATLAB v4`, `table`, or the name of a row of one's own. */
  readonly container: string;
  /** Hz; frames per second. */
  readonly samplingFrequency: number;
  /** Index in the whole recording of the first frame of the window. */
  readonly start: number;
  /** Frames in the window; undefined where only reading to the end would tell. */
  readonly length: number | undefined;
  readonly signals: readonly SignalDescription[];
  /** What was assumed, left out or filled in. */
  readonly warnings: readonly ReadWarning[];
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
 * Opens a recording: a WFDB record by its name or header, a file of any other container by its file name. What a file
 * is, its first bytes tell, whatever its ending. Signals of several samples a frame are brought to one. Throws
 * `InputError` for a window outside the recording, `WfdbError` for bad files, with code `unsupported` and what can
 * convert it for a file of a kind that is not read.
 *
 * @example
 * const recording = await openRecording(source, 'synth/twelve', { from: 0, to: 5 });
 * recording.signals.length // => 12
 */
export async function openRecording(
  source: Source,
  name: string,
  { table = {}, containers: rows = containers, ...window }: OpenOptions = {},
): Promise<OpenRecording> {
  const record = name.replace(/\.hea$/i, '');
  if (await isThere(source, `${record}.hea`)) return openWfdb(source, record, window);
  const bytes = await source.read(name, 0, detectionBytes).catch(error => {
    const isAbsent = error instanceof WfdbError && error.code === 'not-found';
    // A name without an ending is a record's: what is missing is its header.
    if (!isAbsent || name.includes('.')) throw error;
    return source.read(`${name}.hea`, 0, 0);
  });
  const row = detectContainer(bytes, rows);
  if (row === undefined) {
    if (!isText(bytes)) throw unknownContainer(name, bytes, rows);
    return openTable(source, name, table, window);
  }
  const recording = await row.read(source, name, { unit: 'seconds', ...window });
  return {
    ...inMemory({ ...recording, name }, row.name),
    async annotations() {
      if (row.name !== 'EDF' && row.name !== 'BDF') return undefined;
      const events = edfToAnnotations(await readEdfAnnotations(source, name), recording.samplingFrequency);
      return events.length === 0 ? undefined : { annotations: events, definitions: [] };
    },
  };
}

async function isThere(source: Source, name: string): Promise<boolean> {
  try {
    await source.read(name, 0, 1);
    return true;
  } catch (error) {
    if (error instanceof WfdbError && error.code === 'not-found') return false;
    throw error;
  }
}

/**
 * Text of some encoding that is no format of its own. Only UTF-16 has zero bytes, every other one; other control bytes
 * no text has. The words of a text may look like an annotation file, which has no mark of its own.
 */
function isText(bytes: Uint8Array): boolean {
  const start = bytes.subarray(0, 4096);
  const zeros = start.reduce((count, byte) => count + (byte === 0 ? 1 : 0), 0);
  const isWide = zeros >= 0.4 * start.length && zeros <= 0.6 * start.length;
  const isPlain = start.every(byte => byte >= 32 || (byte >= 9 && byte <= 13) || (byte === 0 && isWide));
  const foreign = unsupportedFormatOf(bytes)?.name;
  return start.length > 0 && isPlain && (foreign === undefined || foreign.startsWith('WFDB annotations'));
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
    container: 'WFDB',
    samplingFrequency: first.samplingFrequency,
    start: first.start,
    length: record.to === undefined ? undefined : record.to - record.from,
    signals: first.signals.map(descriptionOf),
    warnings: first.warnings,
    pieces: signals =>
      recordChunks(source, name, { ...options, ...(signals && { signals }), seconds: pieceSeconds }),
    read: signals => readRecord(source, name, { ...options, ...(signals && { signals }) }),
    annotations: annotator => readAnnotationFile(source, name, annotator),
  };
}

async function openTable(
  source: Source,
  name: string,
  options: CsvOptions,
  { from = 0, to = Number.POSITIVE_INFINITY }: TimeWindow,
): Promise<OpenRecording> {
  const recording = await readCsv(source, name, options);
  const { samplingFrequency, length, start, signals, annotations } = recording;
  const [first, end] = [from, Math.min(to, length / samplingFrequency)].map(time =>
    Math.round(time * samplingFrequency),
  ) as [number, number];
  if (first >= end) {
    throw new InputError(`${name} holds ${length / samplingFrequency} s: there is nothing from ${from} s on`);
  }
  const part = signals.map(signal => ({
    ...signal,
    physical: signal.physical.subarray(first, end),
    adc: signal.adc.subarray(first, end),
  }));
  return {
    ...inMemory({ ...recording, name, start: start + first, length: end - first, signals: part }, 'table'),
    annotations: async () =>
      annotations.length === 0 ? undefined : { annotations: [...annotations], definitions: [] },
  };
}

/** A recording that was read whole. */
function inMemory(recording: Recording, container: string): Omit<OpenRecording, 'annotations'> {
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
    warnings: recording.warnings,
    async *pieces(signals) {
      yield chosen(signals);
    },
    read: async signals => chosen(signals),
  };
}

const descriptionOf = ({
  name,
  units,
  calibrated,
  samplingFrequency,
  unitsAssumed,
}: Signal): SignalDescription => ({
  name,
  units,
  calibrated,
  samplingFrequency,
  ...(unitsAssumed && { unitsAssumed }),
});
