/** Opens recordings of any container: describes their signals, and reads the samples in pieces. */
import { InputError } from '../input-error.ts';
import {
  type Container,
  containers,
  detectContainer,
  detectionBytes,
  isUnsupported,
  tableContainer,
  unknownContainer,
} from '../wfdb/containers.ts';
import type { CsvRecording } from '../wfdb/csv/table-recording.ts';
import { WfdbError } from '../wfdb/errors.ts';
import type { Recording } from '../wfdb/record.ts';
import { hasFile, type Source } from '../wfdb/source.ts';
import { unsupportedFormatOf } from '../wfdb/unsupported-formats.ts';
import { openEdf } from './open-edf.ts';
import { openWfdb } from './open-wfdb.ts';
import { descriptionOf, type OpenOptions, type OpenRecording } from './opened-recording.ts';

export type {
  OpenAnnotations,
  OpenOptions,
  OpenRecording,
  SignalDescription,
  TimeWindow,
} from './opened-recording.ts';

/**
 * Opens a recording: a WFDB record by its name or header file, a file in any other format by its file name. The
 * format is identified by content, not by file extension. Throws `InputError` for a window outside the recording, and
 * `WfdbError` for malformed files; for an unsupported format its code is `unsupported`, and the message names a tool
 * that can convert it.
 *
 * @example
 * const recording = await openRecording(source, 'synth/twelve', { endSeconds: 5 });
 * recording.signals.length // => 12
 */
export async function openRecording(
  source: Source,
  name: string,
  options: OpenOptions = {},
): Promise<OpenRecording> {
  const { table = {}, containers: rows = containers, ...reading } = options;
  const { container, name: found } = await findContainer(source, name, rows);
  if (container === 'WFDB') return openWfdb(source, found, reading);
  if (container.name === 'EDF' || container.name === 'BDF') {
    return openEdf(source, name, container.name, reading);
  }
  const { samplingFrequency, units, adcGain } = table;
  const { startSeconds: from, endSeconds: to, lenient } = reading;
  const recording = await container.read(source, name, {
    unit: 'seconds',
    table,
    ...(samplingFrequency !== undefined && { samplingFrequency }),
    ...(units !== undefined && { units }),
    ...(adcGain !== undefined && { adcGain }),
    ...(lenient !== undefined && { lenient }),
    ...(from !== undefined && { from }),
    ...(to !== undefined && { to }),
  });
  return inMemory(name, container.name, recording);
}

/**
 * Container of a recording, and the name under which it is read: `WFDB` with the record name if a header of that name
 * exists, otherwise the format of the file.
 */
export interface FoundContainer {
  readonly container: Container | 'WFDB';
  readonly name: string;
}

/**
 * Identifies the container of a recording by its content. Throws `WfdbError` with code `not-found` if there is no
 * such file, and `unsupported` if its format is not supported.
 */
export async function findContainer(
  source: Source,
  name: string,
  rows: readonly Container[] = containers,
): Promise<FoundContainer> {
  const record = name.replace(/\.hea$/i, '');
  if (await hasFile(source, `${record}.hea`)) return { container: 'WFDB', name: record };
  const bytes = await source.read(name, 0, detectionBytes).catch(error => {
    const isAbsent = error instanceof WfdbError && error.code === 'not-found';
    // A name without extension is a record name, so the missing file is its header.
    if (!isAbsent || name.includes('.')) throw error;
    return source.read(`${name}.hea`, 0, 1);
  });
  const container = detectContainer(bytes, rows);
  if (container !== undefined) return { container, name };
  // Text in no other format is treated as a malformed table, so that reading it reports the position of the error.
  if (isText(bytes)) return { container: tableContainer, name };
  throw (await signalFileError(source, name, bytes)) ?? unknownContainer(name, bytes, rows);
}

/**
 * Whether the bytes are text, in any encoding. In UTF-16 every other byte may be zero; other control bytes do not
 * occur in text. Annotation files have no signature, so text may also resemble one.
 */
function isText(bytes: Uint8Array): boolean {
  const start = bytes.subarray(0, 4096);
  const zeros = start.reduce((count, byte) => count + (byte === 0 ? 1 : 0), 0);
  const isWide = zeros >= 0.4 * start.length && zeros <= 0.6 * start.length;
  const isPlain = start.every(byte => byte >= 32 || (byte >= 9 && byte <= 13) || (byte === 0 && isWide));
  return start.length > 0 && isPlain && !isUnsupported(bytes);
}

/** The error for a signal or annotation file, which is not a recording without its header. */
async function signalFileError(
  source: Source,
  name: string,
  bytes: Uint8Array,
): Promise<WfdbError | undefined> {
  const [, record, ending] = /^(.+)\.([^./]+)$/.exec(name) ?? [];
  if (record === undefined || !(await hasFile(source, `${record}.hea`))) return undefined;
  const isSignal = ending === 'dat';
  const found = isSignal
    ? 'a signal file'
    : (unsupportedFormatOf(bytes)?.name ?? (bytes.length === 0 ? 'an empty file' : 'a file of a record'));
  const hint = isSignal
    ? `the record is ${record}: its header, ${record}.hea, says how the samples are stored`
    : `the record is ${record}; its annotations there: --annotator ${ending}, readAnnotations(source, '${record}', '${ending}')`;
  return new WfdbError({ code: 'unsupported', file: name, expected: 'a recording', found, hint });
}

/** An `OpenRecording` of a recording that has been read completely. */
function inMemory(name: string, container: string, recording: Recording): OpenRecording {
  const { samplingFrequency, start, length, signals, warnings, header } = recording;
  const { annotations = [] } = recording as Partial<CsvRecording>;
  const chosen = (names: readonly string[] | undefined): Recording => ({
    ...recording,
    name,
    ...(names && { signals: signals.filter(signal => names.includes(signal.name)) }),
  });
  const opened: OpenRecording = {
    name,
    container,
    samplingFrequency,
    samplesPerFrame: 1,
    start,
    length,
    signals: signals.map(descriptionOf),
    baseTime: header?.baseTime,
    baseDate: header?.baseDate,
    warnings,
    async *pieces(names) {
      yield chosen(names);
    },
    read: async names => chosen(names),
    annotations: async () =>
      annotations.length === 0 ? undefined : { annotations: [...annotations], definitions: [] },
    withSignals(names) {
      const missing = names.find(wanted => !signals.some(signal => signal.name === wanted));
      if (missing !== undefined) throw new InputError(`${name} has no signal ${missing}`);
      return opened;
    },
  };
  return opened;
}
